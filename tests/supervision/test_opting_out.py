"""Opting out of clinical supervision: by oneself, until a day; nothing is due meanwhile, and no word is written."""

import datetime as dt

import pytest
from django.db import models
from django.urls import reverse

from isva.access.acting import act
from isva.access.system import SystemUser, act_as_system
from isva.clock.moment import at, today
from isva.clock.rules import Scope, ask, rule_named
from supervision import opting_out
from supervision.models import OptOut
from tests.supervision.conftest import BEGAN, day, member_of

pytestmark = pytest.mark.django_db
RULES = ("clinical_supervision", "clinical_supervision_breach")


def days_due(rowan) -> list:
    with act_as_system(SystemUser.CLOCK, rowan):
        rules = [rule_named(name) for name in RULES]
        return [one.due_on for one in ask(rules, Scope(rowan, BEGAN + dt.timedelta(days=3650)))]


def opt_out(people, rowan, *, until: dt.date, key="isva", by=None):
    with act(people[by or key], rowan) as person:
        return opting_out.opt_out(person, member_of(people[key], rowan), why="elsewhere", until=until)


def test_nothing_is_due_while_it_holds_and_the_days_count_from_its_end(arranged, people, rowan):
    arranged("isva")
    assert days_due(rowan) == [dt.date(2027, 2, 15), dt.date(2027, 4, 5)]
    with at(BEGAN + dt.timedelta(days=30)):
        opt_out(people, rowan, until=dt.date(2027, 6, 1))
    for instant, found in (
        (dt.datetime(2027, 6, 1, 22, 59, 59, tzinfo=dt.UTC), []),  # 23:59:59 in London
        (dt.datetime(2027, 6, 1, 23, 0, 0, tzinfo=dt.UTC), [dt.date(2027, 7, 13), dt.date(2027, 8, 31)]),
    ):
        with at(instant):
            assert days_due(rowan) == found


def test_whoever_comes_back_earlier_is_waited_for_from_then_on(arranged, people, rowan):
    arranged("isva")
    with at(BEGAN + dt.timedelta(days=30)):
        opt_out(people, rowan, until=dt.date(2027, 6, 1))
    with at(dt.datetime(2027, 3, 1, 12, tzinfo=dt.UTC)), act(people["isva"], rowan) as person:
        opting_out.opt_in(person, member_of(people["isva"], rowan))
        with pytest.raises(opting_out.CannotOptOut):
            opting_out.opt_in(person, member_of(people["isva"], rowan))
        assert days_due(rowan) == [dt.date(2027, 4, 12), dt.date(2027, 5, 31)]


def test_only_the_person_themselves_opts_out_and_for_a_year_at_most(people, rowan):
    with pytest.raises(opting_out.CannotOptOut, match="themselves"):
        opt_out(people, rowan, until=today() + dt.timedelta(days=5), by="manager")
    for until in (today(), today() + dt.timedelta(days=367)):
        with pytest.raises(opting_out.CannotOptOut, match="12 months"):
            opt_out(people, rowan, until=until)


def test_a_second_one_takes_the_place_of_the_first(people, rowan):
    opt_out(people, rowan, until=today() + dt.timedelta(days=5))
    opt_out(people, rowan, until=today() + dt.timedelta(days=50))
    assert [one.until for one in OptOut.objects.in_force()] == [today() + dt.timedelta(days=50)]


def test_what_one_person_says_changes_nothing_for_a_colleague(people, rowan):
    until = today() + dt.timedelta(days=50)
    theirs, own = opt_out(people, rowan, until=until, key="second_isva"), opt_out(people, rowan, until=until)
    assert set(OptOut.objects.in_force()) == {theirs, own}
    with act(people["isva"], rowan) as person:
        opting_out.opt_in(person, member_of(people["isva"], rowan))
        assert list(OptOut.objects.in_force()) == [theirs]
        with pytest.raises(opting_out.CannotOptOut, match="already"):
            opting_out.opt_in(person, member_of(people["isva"], rowan))
    assert list(OptOut.objects.in_force()) == [theirs]


def test_managers_see_those_of_their_own_service(people, services):
    until = today() + dt.timedelta(days=50)
    own = opt_out(people, services["rowan"], until=until)
    with act(people["harbour_isva"], services["harbour"]) as person:
        member = member_of(people["harbour_isva"], services["harbour"])
        opting_out.opt_out(person, member, why="elsewhere", until=until)
    with act(people["manager"], services["rowan"]):
        assert list(OptOut.objects.visible_to(people["manager"])) == [own]


def test_the_person_says_it_on_their_page_and_the_manager_reads_reason_and_day(
    arranged, people, rowan, signed_in
):
    arranged("isva")
    isva, until = signed_in("isva"), today() + dt.timedelta(days=40)
    assert reverse("opt_out") in isva.get(reverse("my_supervision")).content.decode()
    assert isva.post(reverse("opt_out"), {"why": "elsewhere"} | day("until", until)).status_code == 302
    page = signed_in("manager").get(reverse("list_supervision")).content.decode()
    assert "Opted out" in page
    assert "I have supervision elsewhere" in page
    assert "A quarter without" not in page
    page = isva.get(reverse("my_supervision")).content.decode()
    assert "Come back to clinical supervision" in page
    isva.post(reverse("opt_in"))
    assert not OptOut.objects.in_force().exists()
    with act(people["second_isva"], rowan):
        assert not OptOut.objects.visible_to(people["second_isva"]).exists()


def test_no_field_of_an_opt_out_takes_a_word():
    words = [
        one
        for one in OptOut._meta.local_fields
        if isinstance(one, (models.CharField, models.TextField)) and not one.choices
    ]
    assert words == []

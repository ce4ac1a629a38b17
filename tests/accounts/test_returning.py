"""Coming back after sickness: the talk is asked for, recorded by a manager, and read by nobody but them and the person."""

import datetime as dt

import pytest
from django.urls import reverse

from isva.access.acting import act
from isva.access.system import SystemUser, act_as_system
from isva.accounts import returning, staffing
from isva.accounts.membership import CannotGo
from isva.accounts.models import Leave, Membership, ReturnTalk
from isva.clock.moment import at, today
from isva.clock.rules import Scope, ask, rule_named
from isva.clock.working_days import end_of_day

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)


@pytest.fixture
def away(people, rowan):
    """``away("isva")`` – an absence of somebody that ended on Friday 5 March 2027."""

    def make(key: str, kind: str = "sick") -> Leave:
        member = Membership.objects.get(user=people[key], service=rowan)
        with act(people["manager"], rowan):
            return staffing.add_leave(
                member, kind=kind, first_day=dt.date(2027, 3, 1), last_day=dt.date(2027, 3, 5), by=people["manager"]
            )  # fmt: skip

    return make


@pytest.fixture(autouse=True)
def the_monday_after(time_machine):
    time_machine.move_to(dt.datetime(2027, 3, 8, 12, tzinfo=dt.UTC))


def due(rowan):
    with act_as_system(SystemUser.CLOCK, rowan):
        return ask([rule_named("return_to_work")], Scope(rowan, end_of_day(dt.date(2030, 1, 1))))


def test_a_talk_is_due_five_working_days_after_sickness_and_after_nothing_else(away, rowan, people):
    leave = away("isva")
    away("second_isva", kind="annual")
    last = end_of_day(dt.date(2027, 3, 12))
    for instant, late in ((last, False), (last + dt.timedelta(seconds=1), True)):
        with at(instant):
            assert [(one.record, one.due_at, one.is_overdue) for one in due(rowan)] == [
                (leave.pk, last, late)
            ]
    with act(people["manager"], rowan):
        returning.note_return(leave, held_on=today(), agreed="Mornings only.", by=people["manager"])
    assert due(rowan) == []


def test_whoever_is_still_away_is_not_asked_for(away, rowan):
    away("isva")
    with at(dt.datetime(2027, 3, 5, 12, tzinfo=dt.UTC)):
        assert due(rowan) == []


def test_a_manager_records_it_and_the_person_and_managers_alone_read_it(away, people, rowan, signed_in):
    leave = away("isva")
    page, manager = reverse("note_return", args=[leave.pk]), signed_in("manager")
    assert page in manager.get(reverse("list_workforce")).content.decode()
    for key in ("isva", "second_isva", "coordinator"):
        assert signed_in(key).get(page).status_code == 404
    now = today()
    told = {
        "agreed": "Mornings only.",
        "held_on_day": now.day,
        "held_on_month": now.month,
        "held_on_year": now.year,
    }
    assert manager.post(page, told).status_code == 302
    for key in ("manager", "second_manager", "isva"):
        assert "Mornings only." in signed_in(key).get(page).content.decode()
    for key in ("second_isva", "coordinator"):
        assert signed_in(key).get(page).status_code == 404
    assert signed_in("records_lead", rowan).get(page).status_code == 404
    assert page in signed_in("isva").get(reverse("my_account")).content.decode()
    assert page not in manager.get(reverse("list_workforce")).content.decode()
    with act(people["records_lead"], rowan):
        assert not ReturnTalk.objects.visible_to(people["records_lead"]).exists()


def test_nobody_records_their_own_and_none_is_recorded_twice_or_ahead(away, people, rowan):
    leave, by = away("manager"), people["second_manager"]
    with act(by, rowan):
        with pytest.raises(CannotGo, match="Another manager"):
            returning.note_return(leave, held_on=today(), agreed="x", by=people["manager"])
        with pytest.raises(CannotGo, match="not ahead"):
            returning.note_return(leave, held_on=today() + DAY, agreed="x", by=by)
        returning.note_return(leave, held_on=today(), agreed="x", by=by)
        with pytest.raises(CannotGo, match="recorded already"):
            returning.note_return(leave, held_on=today(), agreed="x", by=by)


def test_an_absence_that_was_talked_about_is_not_taken_back(away, people, rowan, signed_in):
    leave = away("isva")
    with act(people["manager"], rowan):
        returning.note_return(leave, held_on=today(), agreed="x", by=people["manager"])
    answer = signed_in("manager").post(reverse("cancel_leave"), {"leave": leave.pk}, follow=True)
    assert "it stays" in answer.content.decode()
    assert Leave.objects.filter(pk=leave.pk).exists()


def test_the_page_of_ones_own_talk_is_not_there_until_somebody_else_recorded_it(
    away, people, rowan, signed_in
):
    leave = away("manager")
    page = reverse("note_return", args=[leave.pk])
    assert signed_in("manager").get(page).status_code == 404
    assert signed_in("second_manager").get(page).status_code == 200
    with act(people["second_manager"], rowan):
        returning.note_return(leave, held_on=today(), agreed="x", by=people["second_manager"])
    assert signed_in("manager").get(page).status_code == 200

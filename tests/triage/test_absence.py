# ruff: noqa: F811 (the open wall is a fixture here too)
"""An ISVA is away: their caseload is one row for the manager, and is covered on one page."""

import datetime as dt
import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from casework.access import declare_conflict
from casework.models import Case, Grant
from isva.access.acting import act
from isva.accounts.models import Leave, Membership
from isva.clock.moment import at, now, today
from isva.codes import Risk
from isva.pathway import Stage
from tests.access.test_each_wall_alone import no_second_wall  # noqa: F401 (a fixture)
from tests.factories import make_case
from tests.sent import as_sent
from triage import cover
from triage.refusals import Refused

pytestmark = pytest.mark.django_db


@pytest.fixture
def member(people, rowan):
    return Membership.objects.get(user=people["isva"], service=rowan)


@pytest.fixture
def carried(people, rowan):
    """Four cases of Iris's, one of them at high risk."""
    cases = [
        make_case(
            rowan, by=people["manager"], stage=Stage.ACTIVE, isva=people["isva"], name=f"{name} Testperson"
        )
        for name in ("Ada", "Bea", "Cyd", "Dot")
    ]
    with act(people["manager"], rowan):
        Case.objects.filter(pk=cases[2].pk).update(risk=Risk.HIGH)
    return cases


@pytest.fixture
def away(people, rowan, member, carried):
    """Iris is away for ten days, since four."""
    leave = Leave(
        service=rowan, membership=member, kind="sick", first_day=today() - dt.timedelta(days=4),
        last_day=today() + dt.timedelta(days=6),
    )  # fmt: skip
    with act(people["manager"], rowan):
        leave.save()
    return leave


@pytest.fixture
def manager(signed_in):
    return signed_in("manager")


def page(member):
    return reverse("cover_caseload", args=[member.pk])


def words(response):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode()))


def wall_off(case, person, *, by):
    with act(by, case.service):
        declare_conflict(case.client, user=person, reason="x", by=by)


@pytest.mark.parametrize("address", ["service_today", "list_left_behind"])
def test_cases_of_somebody_away_are_one_row_that_leads_to_their_cover(manager, member, away, address):
    html = manager.get(reverse(address)).content.decode()
    assert html.count("Their ISVA is away, and nobody covers") == 1
    assert "Its ISVA is away, and nobody covers" not in html
    assert re.search(r">4 cases<", html)
    assert page(member) in html


def test_a_few_cases_stand_one_by_one(manager, people, rowan, carried, away):
    with act(people["manager"], rowan):
        for case in carried[:2]:
            cover_for(people, [case], key="second_isva")
    html = manager.get(reverse("service_today")).content.decode()
    assert html.count("Its ISVA is away, and nobody covers") == 2
    assert "Their ISVA is away" not in html


def cover_for(people, cases, *, key, **changed):
    told = {"reason": "Iris is away.", "first_day": today(), "last_day": today() + dt.timedelta(days=6)}
    return cover.cover_cases(cases, to=people[key], by=people["manager"], **told | changed)


def test_the_page_offers_the_cases_by_risk_with_the_days_of_the_absence(manager, member, carried, away):
    answer = manager.get(page(member))
    form = answer.context["form"]
    assert [label.split(" ")[0] for _key, label in form.fields["cases"].choices] == [
        "Cyd",
        "Ada",
        "Bea",
        "Dot",
    ]
    assert form["last_day"].value() == away.last_day
    assert sorted(form["cases"].value()) == sorted(str(case.pk) for case in carried)
    assert "High risk, Active support" in words(answer)
    assert "Away until" in words(answer)


def test_all_of_them_are_covered_at_once_and_the_row_is_gone(manager, people, member, carried, away):
    sent = as_sent(manager.get(page(member)))
    sent |= {"covered_by": str(people["second_isva"].pk), "reason": "Iris is away."}
    answer = manager.post(page(member), sent, follow=True)
    assert "Imran Ilex covers 4 cases." in words(answer)
    assert answer.redirect_chain[-1][0] == reverse("show_caseload", args=[member.pk])
    grants = Grant.objects.filter(why=Grant.Why.COVER, user=people["second_isva"])
    assert {one.case_id for one in grants} == {case.pk for case in carried}
    assert {cover.last_day_of(one) for one in grants} == {away.last_day}
    assert not any(one.read_only for one in grants)
    assert "nobody covers" not in manager.get(reverse("service_today")).content.decode()
    again = manager.post(page(member), sent)
    assert (again.status_code, grants.count()) == (302, 4), "pressed twice, it counts once"


def test_who_shares_them_out_comes_back_to_those_that_are_left(manager, people, member, carried, away):
    sent = as_sent(manager.get(page(member))) | {"covered_by": str(people["second_isva"].pk), "reason": "x"}
    answer = manager.post(page(member), sent | {"cases": [str(carried[0].pk)]}, follow=True)
    assert answer.redirect_chain[-1][0] == page(member)
    form = answer.context["form"]
    assert str(carried[0].pk) not in form["cases"].value()
    assert len(form["cases"].value()) == 3
    assert "Imran Ilex covers," in words(answer)


def test_somebody_whom_a_wall_keeps_from_one_of_them_covers_none_and_it_is_said_which(
    manager, people, rowan, member, carried, away
):
    wall_off(carried[1], people["second_isva"], by=people["manager"])
    sent = as_sent(manager.get(page(member))) | {
        "covered_by": str(people["second_isva"].pk),
        "reason": "Away.",
    }
    answer = manager.post(page(member), sent)
    assert f"Imran Ilex cannot cover {carried[1].reference}." in words(answer)
    assert "Away." in answer.content.decode()
    assert not Grant.objects.filter(why=Grant.Why.COVER).exists()


@pytest.mark.parametrize(
    ("left_out", "said"),
    [
        ("covered_by", "who covers"),
        ("reason", "why"),
        ("cases", "Tick at least one case"),
        ("may", "what they may do"),
    ],
)
def test_what_is_missing_is_said_at_its_question(manager, people, member, carried, away, left_out, said):
    sent = as_sent(manager.get(page(member))) | {"covered_by": str(people["second_isva"].pk), "reason": "x"}
    answer = manager.post(page(member), {name: value for name, value in sent.items() if name != left_out})
    assert answer.status_code == 200
    assert said in words(answer)
    assert not Grant.objects.filter(why=Grant.Why.COVER).exists()


def test_only_what_the_manager_sees_is_offered_and_taken(manager, people, rowan, member, carried, away):
    sent = as_sent(manager.get(page(member))) | {"covered_by": str(people["second_isva"].pk), "reason": "x"}
    wall_off(carried[0], people["manager"], by=people["second_manager"])
    answer = manager.get(page(member))
    assert "Ada Testperson" not in words(answer)
    assert len(answer.context["form"].fields["cases"].choices) == 3
    manager.post(page(member), sent)
    assert not Grant.objects.filter(case=carried[0], why=Grant.Why.COVER).exists()


def test_the_filter_alone_keeps_what_is_out_of_sight_off_the_page(
    manager, people, rowan, member, carried, away, no_second_wall
):
    """With the database's wall open."""
    wall_off(carried[0], people["manager"], by=people["second_manager"])
    answer = manager.get(page(member))
    assert "Ada Testperson" not in words(answer)
    assert "Bea Testperson" in words(answer)


def test_a_case_that_was_given_away_meanwhile_is_told_and_nothing_typed_is_lost(
    manager, people, rowan, member, carried, away
):
    sent = as_sent(manager.get(page(member))) | {
        "covered_by": str(people["second_isva"].pk),
        "reason": "Away.",
    }
    with act(people["manager"], rowan):
        Case.objects.filter(pk=carried[0].pk).update(lead_isva=people["chisva"])
    answer = manager.post(page(member), sent)
    assert "given to somebody else" in words(answer)
    assert "Away." in answer.content.decode()
    assert len(answer.context["form"].fields["cases"].choices) == 3
    assert not Grant.objects.filter(why=Grant.Why.COVER).exists()


def test_the_row_leads_to_the_page_of_this_service_where_somebody_works_in_two(
    manager, people, rowan, services, member, away
):
    Membership(
        service=services["harbour"], user=people["isva"], roles=["isva"], starts_on=today()
    ).save(force_insert=True)  # fmt: skip
    assert page(member) in manager.get(reverse("service_today")).content.decode()


def test_who_is_of_another_service_or_away_themselves_is_not_offered(manager, people, member, carried, away):
    offered = {key for key, _name in manager.get(page(member)).context["form"].fields["covered_by"].choices}
    assert str(people["second_isva"].pk) in offered
    assert not offered & {str(people[key].pk) for key in ("isva", "harbour_isva", "records_lead")}


def test_what_is_not_carried_any_more_or_was_covered_until_yesterday_is_told_as_it_is(
    manager, people, rowan, member, carried, away
):
    closed = make_case(
        rowan, by=people["manager"], stage=Stage.ACTIVE, isva=people["isva"], name="Eve Testperson"
    )
    with act(people["manager"], rowan):
        Case.objects.filter(pk=closed.pk).update(stage=Stage.CLOSED)
        cover_for(people, carried[:1], key="second_isva", last_day=today())
    with at(now() + dt.timedelta(days=1)):
        answer = manager.get(page(member))
    assert "Eve Testperson" not in words(answer)
    assert str(carried[0].pk) in answer.context["form"]["cases"].value()
    assert "Imran Ilex covers" not in words(answer)


def test_nobody_covers_in_the_past_or_beyond_a_year(people, rowan, carried):
    with act(people["manager"], rowan):
        for changed in (
            {"first_day": today() - dt.timedelta(days=1)},
            {"last_day": today() - dt.timedelta(days=1)},
            {"last_day": today() + dt.timedelta(days=400)},
        ):
            with pytest.raises(Refused):
                cover_for(people, carried, key="second_isva", **changed)
        assert not Grant.objects.filter(why=Grant.Why.COVER).exists()
        assert cover_for(people, carried, key="second_isva") == 4


def test_somebody_who_carries_nothing_has_nothing_to_cover(manager, people, rowan):
    trainee = Membership.objects.get(user=people["trainee"], service=rowan)
    assert "They carry no case that you may see." in words(manager.get(page(trainee)))


def test_the_page_asks_as_many_questions_for_many_cases_as_for_few(
    manager, people, rowan, member, carried, away
):
    with CaptureQueriesContext(connection) as few:
        manager.get(page(member))
    for number in range(6):
        make_case(
            rowan, by=people["manager"], stage=Stage.ACTIVE, isva=people["isva"], name=f"N{number} Testperson"
        )
    with CaptureQueriesContext(connection) as many:
        assert "N5 Testperson" in words(manager.get(page(member)))
    assert len(many) == len(few)


def test_the_cover_ends_with_its_last_day(manager, people, rowan, signed_in, member, carried, away):
    with act(people["manager"], rowan):
        cover_for(people, carried, key="second_isva")
    imran = signed_in("second_isva")
    case = reverse("show_case", args=[carried[0].pk])
    assert imran.get(case).status_code == 200
    with at(dt.datetime.combine(away.last_day + dt.timedelta(days=1), dt.time(0, 1), tzinfo=dt.UTC)):
        assert signed_in("second_isva").get(case).status_code == 404

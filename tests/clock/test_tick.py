"""The tick: reminders follow the records, whenever and however often it comes."""

import datetime as dt
from dataclasses import replace

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from casework.contacts import answer_contact
from casework.models import Case, ReviewPoint
from casework.moving import move
from isva.access.system import SystemUser, act_as_system
from isva.accounts.models import Service
from isva.clock import rules, tasks
from isva.clock.models import CaseReminder, Snooze, Tick
from isva.clock.moment import at
from isva.clock.settings import change_numbers
from isva.clock.tick import tick
from isva.pathway import Stage
from tests.clock.making import CASES, ONE, WEDNESDAY, Making, moment
from tests.factories import seeing_all

pytestmark = pytest.mark.django_db


@pytest.fixture
def make(people, rowan):
    with at(WEDNESDAY), act_as_system(SystemUser.CLOCK, rowan):
        yield Making(people, rowan)


def round_at(instant, service) -> None:
    """One round of the clock at a moment, for a service as it is read from the database."""
    with at(instant):
        assert tick(Service.objects.get(pk=service.pk))


def reminders(service, **only):
    with seeing_all(service):
        rows = CaseReminder.objects.filter(service=service, **only).order_by("rule", "due_at")
        return list(
            rows.values("rule", "record", "due_at", "state", "red_at", "satisfied_why", "taken", "holder")
        )


def states(service, rule) -> list[tuple]:
    return [(row["state"], row["red_at"], row["satisfied_why"]) for row in reminders(service, rule=rule)]


@pytest.mark.parametrize(
    "name", sorted(set(CASES) - {"rule_broken", "attempt_against_rule", "check_in_against_rule"})
)
def test_what_is_due_has_one_reminder_which_turns_red_when_its_time_is_past(name, make, rowan):
    CASES[name][0](make)
    due_at = moment(CASES[name][1])
    for instant in (due_at - ONE, due_at - ONE):
        round_at(instant, rowan)
        assert states(rowan, name) == [("open", None, "")]
    round_at(due_at + ONE, rowan)
    turns_red = [state for state in states(rowan, name) if state[1]]
    assert turns_red in ([("open", due_at, "")], [])


def test_what_was_done_is_satisfied_and_a_breach_stays(make, rowan):
    contact = make.contact(make.supported(), risk_answer="")
    round_at(moment("2027-03-05") + ONE, rowan)
    answer_contact(contact, by=make.isva, plan_answer="unchanged", risk_answer="unchanged")
    round_at(moment("2027-03-08 09:00"), rowan)
    assert states(rowan, "contact_open") == [("satisfied", moment("2027-03-05"), "done")]


def test_a_closed_case_ends_its_reminders_and_a_reopened_one_begins_anew(make, rowan):
    case = make.case()
    round_at(moment("2027-03-08 09:00"), rowan)
    with at(moment("2027-03-08 10:00")):
        move(Case.objects.get(pk=case.pk), to=Stage.CLOSED, by=make.by, reason="moved away")
    round_at(moment("2027-03-08 11:00"), rowan)
    assert states(rowan, "first_session") == [("satisfied", None, "closed")]
    with at(moment("2027-03-09 10:00")):
        move(Case.objects.get(pk=case.pk), to=Stage.TRIAGE, by=make.by, reason="came back")
    round_at(moment("2027-03-09 11:00"), rowan)
    open_ones = {row["rule"] for row in reminders(rowan, state="open")}
    assert open_ones == {"first_contact", "first_contact_target"}


def test_what_becomes_due_again_on_the_same_day_opens_the_same_reminder(make, rowan):
    case = make.case()
    point = ReviewPoint.objects.create(
        case=case, kind="step_down", due_on=dt.date(2027, 3, 9), recorded_by=make.by
    )
    round_at(WEDNESDAY, rowan)
    point.done_on = dt.date(2027, 3, 3)
    point.save()
    round_at(WEDNESDAY + ONE, rowan)
    assert states(rowan, "review_step_down") == [("satisfied", None, "done")]
    point.done_on = None
    point.save()
    round_at(WEDNESDAY + 2 * ONE, rowan)
    assert states(rowan, "review_step_down") == [("open", None, "")]


def test_a_week_of_standstill_is_caught_up_in_one_round(make, rowan):
    make.case(Stage.REFERRAL)
    make.case()
    for day in range(3, 18):
        round_at(dt.datetime(2027, 3, day, 12, 30, tzinfo=WEDNESDAY.tzinfo), rowan)
    steady = reminders(rowan)
    with seeing_all(rowan):
        CaseReminder.objects.all().delete()
    round_at(dt.datetime(2027, 3, 17, 12, 30, tzinfo=WEDNESDAY.tzinfo), rowan)
    assert reminders(rowan) == steady
    assert len(steady) >= 3


def test_a_change_of_the_numbers_leaves_what_runs_and_what_was_breached(make, rowan, people):
    make.case(Stage.REFERRAL)
    round_at(moment("2027-03-10") + ONE, rowan)
    with at(moment("2027-03-11 10:00")):
        change_numbers(
            rowan,
            numbers={"first_contact_standard_days": 10},
            from_day=dt.date(2027, 3, 11),
            by=people["manager"],
        )
    round_at(moment("2027-03-11 11:00"), rowan)
    assert states(rowan, "first_contact") == [("open", moment("2027-03-10"), "")]
    with at(moment("2027-03-12 10:00")):
        make.case(Stage.REFERRAL)
    round_at(moment("2027-03-24 10:00"), rowan)
    assert [row["due_at"] for row in reminders(rowan, rule="first_contact")] == [
        moment("2027-03-10"), moment("2027-03-30"),
    ]  # fmt: skip


def test_what_was_put_off_is_open_again_on_its_day_and_safety_is_never_put_off(make, rowan):
    case = make.case()
    make.saved(
        Snooze(case=case, rule="first_session", record=case.pk, due_at=moment("2027-03-10"), reason="She is abroad.",
               until=dt.date(2027, 3, 12))
    )  # fmt: skip
    for instant, state in (("2027-03-11 09:00", "snoozed"), ("2027-03-12 09:00", "open")):
        round_at(moment(instant), rowan)
        assert [row[0] for row in states(rowan, "first_session")] == [state]
    concern = CASES["safeguarding_refer"][0](make).safeguardingconcern_set.get()
    make.saved(
        Snooze(case=concern.case, rule="safeguarding_refer", record=concern.pk, due_at=moment("2027-03-03"),
               reason="x", until=dt.date(2027, 3, 30))
    )  # fmt: skip
    round_at(moment("2027-03-12 10:00"), rowan)
    assert [row[0] for row in states(rowan, "safeguarding_refer")] == ["open"]


def test_a_reminder_says_whose_it_is_and_follows_a_change_of_worker(make, rowan, people):
    case = make.case()
    round_at(WEDNESDAY, rowan)
    assert [row["holder"] for row in reminders(rowan, rule="first_session")] == [people["isva"].pk]
    case.lead_isva = people["second_isva"]
    case.save()
    round_at(WEDNESDAY + ONE, rowan)
    assert [row["holder"] for row in reminders(rowan, rule="first_session")] == [people["second_isva"].pk]


def test_a_rule_that_fails_leaves_its_reminders_alone_and_stops_no_other(make, rowan, monkeypatch):
    make.case()
    round_at(WEDNESDAY, rowan)

    def broken(scope):
        raise ValueError("broken")

    real = rules.rule_named("first_session")
    monkeypatch.setitem(rules._rules, "first_session", replace(real, rows=broken))
    make.case(Stage.REFERRAL)
    round_at(WEDNESDAY + ONE, rowan)
    assert states(rowan, "first_session") == [("open", None, "")]
    assert len(states(rowan, "first_contact")) == 1
    assert Tick.objects.get(service=rowan).failed_rules == 1


def test_the_number_of_queries_does_not_grow_with_the_cases(make, rowan):
    def cost(instant) -> int:
        with CaptureQueriesContext(connection) as captured:
            round_at(instant, rowan)
        return len(captured)

    for name in ("first_session", "review_interim", "action", "contact_open"):
        CASES[name][0](make)
    round_at(WEDNESDAY, rowan)
    make.case()
    first = cost(WEDNESDAY + ONE)
    steady = cost(WEDNESDAY + ONE)
    for _times in range(5):
        for name in ("first_session", "review_interim", "action", "contact_open"):
            CASES[name][0](make)
    assert cost(WEDNESDAY + 2 * ONE) == first
    assert cost(WEDNESDAY + 3 * ONE) == steady


def test_the_courier_goes_round_every_service_and_one_failure_stops_none(services, monkeypatch):
    seen = []

    def sometimes(service):
        seen.append(service.slug)
        if service.slug == "rowan":
            raise ValueError("broken")

    monkeypatch.setattr(tasks.rounds, "tick", sometimes)
    with pytest.raises(RuntimeError):
        tasks.tick()
    assert sorted(seen) == ["harbour", "rowan"]

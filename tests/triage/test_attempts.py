"""First contact: an attempt never satisfies it, the client's rule is kept, and enough has to be tried."""

import datetime as dt

import pytest

from isva.clock.moment import LONDON, at
from isva.pathway import Stage, WrongStage
from tests.factories import seeing_all
from tests.triage.making import WEDNESDAY, phone_of, tried_enough
from triage.refusals import Refused
from triage.stages.attempts import (
    broken_rule,
    may_be_unable_to_contact,
    missing_before_unable,
    record_attempt,
)
from triage.standing import recompute

pytestmark = pytest.mark.usefixtures("wednesday")


@pytest.fixture
def case(case_at, coordinator):
    return case_at(Stage.TRIAGE)


def attempt(case, by, *, when=WEDNESDAY, method="phone", outcome="no_answer", **more):
    more.setdefault("against_rule", "They asked for it on the phone.")
    with at(max(when, WEDNESDAY)):
        return record_attempt(
            case, at=when, method=method, outcome=outcome, contact=phone_of(case), by=by, **more
        )


@pytest.mark.parametrize("outcome", ["spoke", "message", "no_answer", "somebody_else", "not_working"])
def test_an_attempt_never_is_first_contact(case, coordinator, outcome):
    attempt(case, coordinator, outcome=outcome)
    case.refresh_from_db()
    assert case.first_contact_at is None
    assert case.last_contact_at is None


def test_being_told_that_support_will_be_provided_is_first_contact(case, coordinator):
    attempt(case, coordinator, outcome="told")
    later = attempt(case, coordinator, outcome="told", when=WEDNESDAY + dt.timedelta(days=1))
    case.refresh_from_db()
    assert case.first_contact_at == WEDNESDAY
    assert case.last_contact_at == later.at
    found = recompute(case)
    assert (found["first_contact_at"], found["last_contact_at"]) == (WEDNESDAY, later.at)


def test_a_letter_that_was_sent_is_not_first_contact(case, coordinator):
    with pytest.raises(Refused, match="A letter is an attempt"):
        attempt(case, coordinator, method="letter", outcome="told")


def test_first_contact_through_the_referrer_says_how_we_know(case, coordinator):
    with pytest.raises(Refused, match="who told the person"):
        attempt(case, coordinator, method="referrer", outcome="told")
    attempt(
        case,
        coordinator,
        method="referrer",
        outcome="told",
        note="Their social worker, with them in the room.",
    )
    assert case.first_contact_at == WEDNESDAY


def test_a_call_that_breaks_the_clients_rule_needs_a_reason(case, coordinator):
    with pytest.raises(Refused, match="not safe to text"):
        attempt(case, coordinator, method="text", outcome="message", against_rule=" ")
    kept = attempt(
        case, coordinator, method="text", outcome="message", against_rule="They texted us and asked."
    )
    assert kept.against_rule == "They texted us and asked."


def test_a_message_is_left_only_where_that_is_safe(case):
    phone = phone_of(case)
    assert broken_rule(method="phone", contact=phone) == ""
    assert "leave a message" in broken_rule(method="phone", contact=phone, left_message=True)
    assert "not one of the client’s safe contacts" in broken_rule(method="phone", contact=None)
    assert "of this kind" in broken_rule(method="email", contact=phone)
    phone.standing = phone.Standing.PROPOSED
    assert "not in use" in broken_rule(method="phone", contact=phone)
    assert broken_rule(method="referrer", contact=None) == broken_rule(method="in_person", contact=None) == ""


def test_a_reason_that_was_not_needed_is_not_kept(case, coordinator):
    assert attempt(case, coordinator, against_rule="No need for this.").against_rule == ""


def test_nobody_is_tried_before_the_referral_was_received(case, coordinator):
    with pytest.raises(Refused, match="received after that"):
        attempt(case, coordinator, when=case.opened_at - dt.timedelta(minutes=2))


def test_an_attempt_in_the_minute_of_receipt_counts_from_receipt(case, coordinator):
    minute = case.opened_at.replace(second=0, microsecond=0)
    assert attempt(case, coordinator, when=minute).at == case.opened_at


def test_attempts_end_when_an_isva_carries_the_case(case_at, coordinator):
    case = case_at(Stage.ACTIVE)
    with seeing_all(case.service), pytest.raises(WrongStage):
        attempt(case, coordinator)


def test_unable_to_contact_needs_three_attempts_by_two_methods_at_different_times(case, coordinator):
    assert not may_be_unable_to_contact(case)
    tried_enough(case, by=coordinator)
    assert missing_before_unable(case) == []


def test_attempts_in_one_part_of_one_day_are_one_time(case, coordinator):
    for minute, method in ((0, "phone"), (10, "text"), (20, "phone"), (30, "text")):
        attempt(case, coordinator, method=method, when=WEDNESDAY + dt.timedelta(minutes=minute))
    assert [words.split(" attempts")[0] for words in missing_before_unable(case)] == ["1 of 3"]


def test_morning_afternoon_and_evening_are_different_times(case, coordinator):
    for hour, method in ((9, "phone"), (13, "text"), (18, "phone")):
        attempt(case, coordinator, method=method, when=dt.datetime(2027, 3, 4, hour, tzinfo=LONDON))
    assert may_be_unable_to_contact(case)


def test_one_method_is_not_enough(case, coordinator):
    for day in range(4):
        attempt(case, coordinator, when=WEDNESDAY + dt.timedelta(days=day))
    assert missing_before_unable(case) == [
        "Attempts by at least two methods are needed: a call and a text, for example."
    ]


def test_the_service_says_how_many_attempts(case, coordinator):
    tried_enough(case, by=coordinator)
    case.service.attempts_before_unable_to_contact = 4
    assert not may_be_unable_to_contact(case)


def test_somebody_who_was_reached_is_tried_anew(case, coordinator):
    tried_enough(case, by=coordinator)
    attempt(case, coordinator, outcome="told", when=WEDNESDAY + dt.timedelta(hours=4))
    assert not may_be_unable_to_contact(case)

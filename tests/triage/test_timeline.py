"""What triage and waiting put on the timeline: in words, with who and when."""

import datetime as dt

import pytest

from casework import timeline
from isva.clock.moment import at
from isva.pathway import Stage
from tests.triage.making import WEDNESDAY, concern, phone_of, reached, screening, tried_enough
from triage.stages import interim, urgent
from triage.stages.attempts import record_attempt
from triage.stages.triage import close_waiting, complete_triage, note_referrer_told

pytestmark = pytest.mark.usefixtures("wednesday")


def told(case) -> list[str]:
    return [entry["headline"] for entry in timeline.entries(case)]


def test_the_way_from_triage_to_an_urgent_allocation_is_told(case_at, coordinator, people):
    case = case_at(Stage.TRIAGE)
    record_attempt(case, at=WEDNESDAY, method="phone", outcome="told", contact=phone_of(case), by=coordinator)
    complete_triage(
        case,
        outcome="interim",
        reason="Nobody is free.",
        screening=screening(),
        interim_worker=coordinator,
        by=coordinator,
    )
    with at(WEDNESDAY + dt.timedelta(days=7)):
        reached(
            case, by=coordinator, risk="high", concern=concern(), signposted_to="A helpline", note="Threats."
        )
        urgent.acknowledge_urgent(urgent.open_urgent_allocation(case), by=people["manager"])
    found = told(case)
    for headline in (
        "First contact (phone call): told that support will be provided", "Triage: interim support while waiting",
        "Check-in (phone call)", "Urgent allocation: seen by a manager",
    ):  # fmt: skip
        assert headline in found
    asked = next(entry for entry in timeline.entries(case) if "was asked" in entry["headline"])
    assert asked["body"].startswith("Risk rose from standard to high")
    checked = next(entry for entry in timeline.entries(case) if entry["headline"].startswith("Check-in"))
    assert "Risk changed: Standard to High." in checked["body"]
    assert "Next review: 17 March 2027." in checked["body"]
    assert "High risk" in checked["mark"]


def test_attempts_in_vain_and_that_the_referrer_was_told_are_told(case_at, coordinator):
    case = case_at(Stage.INTERIM)
    tried_enough(case, by=coordinator)
    interim.check_in(case, at=WEDNESDAY, method="phone", reached=False, by=coordinator)
    note_referrer_told(close_waiting(case, outcome="unable", reason="Tried.", by=coordinator), by=coordinator)
    found = told(case)
    assert "Attempt to reach them (text message): no answer" in found
    assert "Tried to check in (phone call), not reached" in found
    assert "The referrer was told that the person could not be reached" in found
    text = next(entry for entry in timeline.entries(case) if "text message" in entry["headline"])
    assert text["body"] == "Against the client’s own rule: Asked for by the client on the phone."

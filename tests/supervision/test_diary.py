"""Supervision and training in a person's calendar: their own dates, and those of whom they supervise."""

import datetime as dt

import pytest

from isva.access.acting import act
from isva.clock import diary
from isva.clock.moment import at
from supervision import management, training
from supervision.arranging import arrange
from supervision.models import Arrangement
from tests.supervision.conftest import BEGAN, member_of

pytestmark = pytest.mark.django_db
FIRST, LAST = dt.date(2027, 1, 1), dt.date(2027, 3, 31)


def told(people, rowan, key) -> set:
    with at(BEGAN + dt.timedelta(days=2)), act(people[key], rowan):
        found = diary.entries(people[key], rowan, first=FIRST, last=LAST)
        return {(entry.day.isoformat(), str(entry.kind), entry.title) for entry in found}


@pytest.fixture
def arranged_all(arranged, people, rowan):
    """Both kinds of supervision of Iris Ivy, an action of hers, and training planned and running out."""
    arranged("isva")
    member, manager = member_of(people["isva"], rowan), people["manager"]
    with at(BEGAN), act(manager, rowan) as person:
        arrange(member, "management", supervisor=manager, every_days=None, by=manager)
        decided = [management.Decision("Ask the court", people["isva"], dt.date(2027, 1, 20))]
        management.hold_supervision(person, member, held_on=BEGAN.date(), decisions=decided)
        training.record_training(
            person,
            member,
            kind="vetting",
            status="held",
            taken_on=dt.date(2026, 1, 4),
            expires_on=dt.date(2027, 2, 1),
        )
        training.record_training(
            person, member, kind="trauma", status="planned", taken_on=dt.date(2027, 2, 3)
        )


def test_a_person_sees_their_own_dates_with_the_other_ones_name(arranged_all, people, rowan):
    assert told(people, rowan, "isva") == {
        ("2027-02-15", "Clinical supervision due", "Sunita Sorrel"),
        ("2027-02-01", "Management supervision due", "Meera Maple"),
        ("2027-01-20", "Action from supervision due", "Your action"),
        ("2027-02-01", "Training or check runs out", "Your training"),
        ("2027-02-03", "Training", "Trauma (CPD)"),
    }


def test_whoever_supervises_sees_whom_and_nobody_else_sees_any(arranged_all, people, rowan):
    assert told(people, rowan, "manager") == {("2027-02-01", "Management supervision due", "Iris Ivy")}
    assert told(people, rowan, "supervisor") == {("2027-02-15", "Clinical supervision due", "Iris Ivy")}
    for key in ("second_manager", "second_isva", "coordinator"):
        assert told(people, rowan, key) == set()


def test_whoever_supervised_before_sees_no_dates_any_more(arranged_all, arranged, people, rowan):
    before = Arrangement.objects.get(kind=Arrangement.Kind.CLINICAL)
    arranged("isva", supervisor=people["second_manager"], seen=str(before.pk))
    assert told(people, rowan, "supervisor") == set()
    assert {title for _day, kind, title in told(people, rowan, "isva") if kind.startswith("Clinical")} == {
        "Morgan Mallow"
    }

"""Two people whose clinical supervision is arranged, and a day on which it begins."""

import datetime as dt

import pytest

from isva.access.acting import act
from isva.accounts.models import Membership
from isva.clock.moment import at
from supervision.arranging import arrange
from supervision.clinical import record_clinical_session

BEGAN = dt.datetime(2027, 1, 4, 12, tzinfo=dt.UTC)


def day(name: str, when: dt.date) -> dict:
    """A day as a form sends it."""
    return {f"{name}_day": when.day, f"{name}_month": when.month, f"{name}_year": when.year}


def member_of(user, service) -> Membership:
    return Membership.objects.get(user=user, service=service)


@pytest.fixture
def arranged(people, rowan):
    """``arranged("isva")`` – their clinical supervision by Sunita Sorrel, arranged on 4 January 2027."""

    def make(key: str, **told):
        with at(BEGAN), act(people["manager"], rowan):
            return arrange(member_of(people[key], rowan), "clinical", by=people["manager"],
                **{"supervisor": people["supervisor"], "provider": "Thistle", "every_days": None} | told,
            )  # fmt: skip

    return make


@pytest.fixture
def held(people, rowan):
    """``held(arrangement, "2027-02-01")`` – a session that the supervisor records on its day."""

    def record(arrangement, day: str, **told):
        held_on = dt.date.fromisoformat(day)
        with (
            at(dt.datetime.combine(held_on, dt.time(15), tzinfo=dt.UTC)),
            act(arrangement.supervisor, rowan),
        ):
            return record_clinical_session(
                arrangement, held_on=held_on, by=arrangement.supervisor,
                **{"format": "individual", "outcome": "attended"} | told,
            )  # fmt: skip

    return record

"""On a Wednesday morning, with somebody of the rowan service at work."""

import datetime as dt

import pytest

from isva.clock.moment import at
from tests.factories import make_case
from tests.triage.making import WEDNESDAY


@pytest.fixture
def wednesday():
    """It is Wednesday, 3 March 2027, 10:00."""
    with at(WEDNESDAY):
        yield WEDNESDAY


@pytest.fixture
def case_at(people, rowan):
    """``case_at(Stage.TRIAGE)`` – a case that came in five days before that Wednesday and stands at a stage."""

    def make(stage, **fields):
        with at(WEDNESDAY - dt.timedelta(days=5)):
            return make_case(rowan, by=people["coordinator"], stage=stage, isva=people["isva"], **fields)

    return make


@pytest.fixture
def coordinator(people, acting):
    """Cora Clover, at work."""
    with acting("coordinator"):
        yield people["coordinator"]

"""A clock that tests of the limits move on."""

import datetime as dt

import pytest


@pytest.fixture
def clock(time_machine):
    """The time as it is; ``clock.shift(60)`` makes it a minute later."""
    time_machine.move_to(dt.datetime.now(dt.UTC))
    return time_machine

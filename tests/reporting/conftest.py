"""What the tests of the numbers share."""

import pytest

from isva.clock.moment import at
from tests.reporting.random_service import PRESENT


@pytest.fixture
def present():
    """It is the present of the made-up services."""
    with at(PRESENT):
        yield PRESENT

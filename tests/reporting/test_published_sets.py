"""What a service really publishes, attacked: the reports of a year, with every table, as frozen, and all of them together.

``test_suppression.py`` does the same to made-up tables, many more of them; here the tables are the product's own, counted
from the records of a service drawn at random, published one after the other and read as they were signed.
"""

import datetime as dt

import pytest

from isva.access.acting import act
from isva.clock.moment import at
from reporting.contracts import scope_of
from reporting.models import PublishedReport
from reporting.models.contract import usual_planned
from reporting.periods import Quarter
from reporting.reports import publishing
from tests.factories import seeing_all
from tests.reporting.random_service import PRESENT, RandomService
from tests.reporting.reader import Reader
from tests.reporting.reports import a_contract, published

pytestmark = pytest.mark.django_db

AREA = "Eastmere"
YEAR = [Quarter(2025, 3), Quarter(2025, 4), Quarter(2026, 1), Quarter(2026, 2)]
#: Services and cases in each: in the suite, and in full.
SHORT, IN_FULL = [(101, 50)], [(seed, (60, 150, 400)[seed % 3]) for seed in range(101, 113)]


def pytest_generate_tests(metafunc):
    """One small service in the suite, a dozen of several sizes in full."""
    if "cases" in metafunc.fixturenames:
        in_full = metafunc.config.getoption("--full-attack")
        metafunc.parametrize(("seed", "cases"), IN_FULL if in_full else SHORT)


@pytest.fixture
def year(seed, cases, rowan, people, in_full):
    """The reports of a year as signed: of contracts that overlap, each quarter.

    For everybody, for one area, with another closure that counts as planned, and from a week after a quarter began.
    """
    with at(PRESENT):
        RandomService(rowan, seed).write(cases)
    kept = [
        a_contract(rowan, people["manager"], name=name, **terms)
        for name, terms in (
            ("All", {}),
            ("Area", {"area": AREA}),
            ("Moved", {"planned_reasons": [*usual_planned(), "moved"]}),
            ("Late", {"starts_on": YEAR[-1].period.first_day + dt.timedelta(days=7)}),
        )
    ]
    for quarter in YEAR if in_full else YEAR[-1:]:
        with at(_soon_after(quarter)):
            for contract in (one for one in kept if scope_of(one, quarter.period)):
                published(contract, quarter, people["manager"])
    with act(people["manager"], rowan), seeing_all(rowan):
        return [publishing.content_as_signed(one) for one in PublishedReport.objects.order_by("at", "pk")]


def _soon_after(quarter: Quarter) -> dt.datetime:
    return min(PRESENT, quarter.period.ends + dt.timedelta(days=12, hours=9))


def test_nobody_is_found_in_what_a_service_publishes_by_whoever_has_all_of_it(year):
    reader = Reader([content.shown for content in year])
    assert reader.hidden, "there is something to find"
    assert reader.recovered() == []

"""Every measure is what a second computation in plain Python makes of the same events: for services drawn at random."""

import random
from itertools import product

import pytest

from isva.access.acting import act
from isva.clock.moment import at
from reporting import figures
from reporting.measures import MEASURES
from reporting.periods import Quarter
from reporting.scope import Scope
from reporting.sight import WHOLE_SERVICE
from reporting.tables import ALL, Figure
from tests.factories import seeing_all
from tests.reporting.random_service import PRESENT, RandomService
from tests.reporting.second_count import SecondCount

RECORDED = [measure for measure in MEASURES.values() if measure.is_recorded]
PERIODS = [Quarter(2026, 2).period, Quarter(2026, 3).period, Quarter(2025, 4).period, Quarter(2025, 3).period]
SERVICES, IN_FULL = 2, 20


@pytest.fixture
def made_up(rowan, people):
    """``made_up(seed)`` – the service of the cast, filled at random, and its second count."""

    def fill(seed: int, cases: int = 90):
        with at(PRESENT):
            RandomService(rowan, seed).write(cases)
            with act(people["manager"], rowan), seeing_all(rowan):
                return SecondCount(rowan, PRESENT)

    return fill


def told(table) -> dict:
    """The figures of a table as plain tuples, rounded, by cell."""
    return {cell: plain(table.kind, figure) for cell, figure in table.cells.items()}


def plain(kind, figure: Figure) -> tuple:
    columns = {
        "count": ("numerator",), "share": ("numerator", "denominator"), "spread": ("denominator", "median", "ninetieth"),
        "amount": ("denominator", "amount"),
    }[kind]  # fmt: skip
    values = [getattr(figure, name) for name in columns]
    return tuple(round(value, 6) if isinstance(value, float) else value for value in values)


def counted_again(second, measure, table, rows) -> dict:
    """The cells of a table, counted a second time from the counted rows."""
    by = (table.rows_by, table.columns_by)
    under: dict = {}
    for row in rows:
        lines = [_line(second, row, one) if one else ALL for one in by]
        for cell in product(*({line, ALL} for line in lines)):
            under.setdefault(cell, []).append(row)
    return {cell: second.figure(measure.kind.value, under.get(cell, [])) for cell in table.cells}


def _line(second, row, dimension: str) -> str:
    value = row.own[dimension] if dimension in row.own else second.line(dimension, row.case)
    return value or figures.NOT_RECORDED


def breakdowns(measure) -> list[tuple[str, str]]:
    """Nothing, each breakdown by itself, and two at once."""
    own = [one.key for one in measure.own]
    single = [*own, *measure.by]
    pairs = [(by, one) for one in own for by in measure.by[:2]]
    if measure.always_split:
        return [("", ""), *((by, "") for by in measure.by), *pairs[:1]]
    return [
        ("", ""),
        *((by, "") for by in single),
        *pairs[:2],
        *zip(measure.by[1:2], measure.by[2:3], strict=False),
    ]


def differences(second, service, periods, *, sight=WHOLE_SERVICE, areas=(None,), planned=()) -> list[str]:
    """Every cell in which the two counts differ, in words."""
    wrong = []
    for measure, period, area in product(RECORDED, periods, areas):
        scope = Scope(service=service, period=period, area=area, planned=planned)
        second.over(period, area=area, planned=set(planned))
        rows_again = getattr(second, measure.key)()
        for rows, columns in breakdowns(measure):
            table = figures.count(measure, scope, sight=sight, rows=rows, columns=columns)
            again, once = counted_again(second, measure, table, rows_again), told(table)
            wrong += [
                f"{measure.key} by {rows or 'nothing'} and {columns or 'nothing'} at {cell} in {period.words}: {once[cell]}, again {again[cell]}"
                for cell in once if once[cell] != pytest.approx(again[cell], abs=2e-6)
            ]  # fmt: skip
    return wrong


def seeds(in_full) -> range:
    return range(1, (IN_FULL if in_full else SERVICES) + 1)


def test_every_measure_is_counted_twice_by_name():
    assert [measure.key for measure in RECORDED if not hasattr(SecondCount, measure.key)] == []


def pytest_generate_tests(metafunc):
    """A service for each test: some in the suite, twenty in full."""
    if "seed" in metafunc.fixturenames:
        metafunc.parametrize("seed", seeds(metafunc.config.getoption("--full-attack")))


def test_every_measure_agrees_with_a_second_count_over_the_raw_events(
    seed, made_up, rowan, people, present, in_full
):
    second = made_up(seed)
    with act(people["manager"], rowan):
        wrong = differences(
            second,
            rowan,
            PERIODS if in_full else random.Random(seed).sample(PERIODS, 1),
            areas=(None, "Eastmere") if in_full else ((None, "Eastmere", "")[seed % 3],),
            planned=("disengaged", "work_done") if seed % 2 else (),
        )
    assert wrong == []

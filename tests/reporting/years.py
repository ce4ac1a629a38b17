"""Made-up years of a service as reports count them: people with a few traits, counted into the tables of its reports."""

import random
from collections import Counter
from dataclasses import dataclass

from reporting.tables import ALL, Figure, Kind, Line, Sum, Table

AREAS = ("north", "south", "coast")
SOURCES = ("police", "self", "sarc", "health", "education")
AGES = ("under_18", "18_to_24", "25_to_49", "50_and_over")
OUTCOMES = ("allocate", "interim", "advice", "unable")


@dataclass(frozen=True)
class Person:
    """Somebody who was referred in a quarter, as far as a report tells of them."""

    quarter: int
    area: str
    source: str
    age: str
    outcome: str
    in_time: bool
    contacts: int


def year_of(seed: int) -> list[Person]:
    """A year of some 40 to 600 people; few come from some places, so that there are small counts in every table."""
    chance = random.Random(seed)
    return [
        Person(
            quarter=chance.randrange(4), area=chance.choices(AREAS, (8, 3, chance.choice((0.3, 1))))[0],
            source=chance.choices(SOURCES, (6, 5, 2, 1, 0.3))[0], age=chance.choices(AGES, (1, 3, 5, 0.7))[0],
            outcome=chance.choices(OUTCOMES, (4, 5, 2, 0.5))[0], in_time=chance.random() < 0.94,
            contacts=1 + int(chance.expovariate(0.2)),
        )
        for _ in range(chance.randrange(40, 600))
    ]  # fmt: skip


def report_of(people: list[Person], quarter: int, *, area: str = "") -> list[Table]:
    """The tables of one quarter for one contract: of the whole service, or of one area of it."""
    whole, scope = [one for one in people if not area or one.area == area], _scope(quarter, area)
    these = [one for one in whole if one.quarter == quarter]
    tables = [
        _by(these, scope, "source", SOURCES),
        _by(these, scope, "age", AGES),
        _crossed(these, scope, "source", SOURCES, "outcome", OUTCOMES),
        _in_time(these, scope, "source", SOURCES),
        _contacts(these, scope, "age", AGES),
        _trend(whole, area, "age", AGES, quarter),
    ]
    if not area:
        tables += [
            _by(these, scope, "area", AREAS),
            _crossed(these, scope, "area", AREAS, "outcome", OUTCOMES),
        ]
    return tables


def _scope(quarter: int, area: str) -> str:
    return f"service|{area}|quarter {quarter}|"


def _lines(keys) -> tuple[Line, ...]:
    return tuple(Line(key, key.replace("_", " ")) for key in (*keys, ALL))


ONE = (Line(ALL, "Number"),)


def _count(people, trait, key) -> list[Person]:
    return people if key == ALL else [one for one in people if getattr(one, trait) == key]


def _rows_add_up(keys) -> tuple[Sum, ...]:
    return (Sum((ALL, ALL), tuple((key, ALL) for key in keys)),)


def _by(people, scope, trait, keys) -> Table:
    cells = {(key, ALL): Figure(len(_count(people, trait, key))) for key in (*keys, ALL)}
    return Table(
        measure="referrals", kind=Kind.COUNT, unit="people", scope=scope, rows=_lines(keys), columns=ONE, cells=cells,
        sums=_rows_add_up(keys), rows_by=trait, counted="referrals",
    )  # fmt: skip


def _crossed(people, scope, trait, keys, other, others) -> Table:
    counted = Counter((getattr(one, trait), getattr(one, other)) for one in people)
    cells = {}
    for row in (*keys, ALL):
        for column in (*others, ALL):
            cells[row, column] = Figure(
                sum(many for (r, c), many in counted.items() if row in (r, ALL) and column in (c, ALL))
            )
    sums = [Sum((row, ALL), tuple((row, column) for column in others)) for row in (*keys, ALL)]
    sums += [Sum((ALL, column), tuple((row, column) for row in keys)) for column in (*others, ALL)]
    return Table(
        measure="outcomes", kind=Kind.COUNT, unit="people", scope=scope, rows=_lines(keys), columns=_lines(others),
        cells=cells, sums=tuple(sums), rows_by=trait, columns_by=other, counted="referrals",
    )  # fmt: skip


def _in_time(people, scope, trait, keys) -> Table:
    cells = {}
    for key in (*keys, ALL):
        group = _count(people, trait, key)
        cells[key, ALL] = Figure(sum(one.in_time for one in group), len(group))
    return Table(
        measure="in_time", kind=Kind.SHARE, unit="people", scope=scope, rows=_lines(keys), columns=ONE, cells=cells,
        sums=_rows_add_up(keys), rows_by=trait, counted="in_time", out_of="referrals",
    )  # fmt: skip


def _contacts(people, scope, trait, keys) -> Table:
    cells = {}
    for key in (*keys, ALL):
        group = _count(people, trait, key)
        cells[key, ALL] = Figure(denominator=len(group), amount=sum(one.contacts for one in group))
    return Table(
        measure="contacts", kind=Kind.AMOUNT, unit="contacts", scope=scope, rows=_lines(keys), columns=ONE, cells=cells,
        sums=_rows_add_up(keys), rows_by=trait, out_of="referrals",
    )  # fmt: skip


def _trend(people, area, trait, keys, until) -> Table:
    quarters = range(until + 1)
    columns = tuple(Line(f"q{one}", f"Quarter {one}", scope=_scope(one, area)) for one in quarters)
    cells = {
        (key, f"q{quarter}"): Figure(
            len(_count([one for one in people if one.quarter == quarter], trait, key))
        )
        for key in (*keys, ALL)
        for quarter in quarters
    }
    sums = tuple(Sum((ALL, f"q{one}"), tuple((key, f"q{one}") for key in keys)) for one in quarters)
    return Table(
        measure="trend", kind=Kind.COUNT, unit="people", scope=f"service|{area}|trend|", rows=_lines(keys), columns=columns,
        cells=cells, sums=sums, rows_by=trait, columns_by="quarter", counted="referrals",
    )  # fmt: skip

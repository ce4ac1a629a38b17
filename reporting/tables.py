"""What a counted table is: its lines, its figures, and what adds up to what. Plain data: asks nothing, shows nothing.

A table says of itself all that one needs to know to publish it without showing anybody: which of its numbers count
people, which of them add up to which, and which stand in other tables too. For that every count has a *name*
(``Table.name``): two counts of one name are one number, wherever they stand – in another table of the report, in an
earlier report, in the report of another contract.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

#: The key of the line that all others add up to.
ALL = "all"
#: (key of the row, key of the column)
Cell = tuple[str, str]


class Kind(StrEnum):
    """What the figures of a table are. In each, ``numerator`` and ``denominator`` are counts of people and nothing else."""

    COUNT = "count"  # numerator: how many people
    SHARE = "share"  # numerator of denominator, both people; shown as a percentage
    SPREAD = "spread"  # median and 90th percentile of days; denominator: of how many people
    AMOUNT = "amount"  # contacts, hours, days at court; denominator: of how many people


class Part(StrEnum):
    """Which of the two counts of a figure is meant."""

    NUMERATOR = "numerator"
    DENOMINATOR = "denominator"


@dataclass(frozen=True)
class Figure:
    """One figure. What is not counted by its kind is None; 0 is a count like any other.

    ``numerator`` and ``denominator`` are always counts of people (a person's case; somebody referred twice counts
    twice); ``amount`` is what was added up; ``median`` and ``ninetieth`` are in the table's unit.
    """

    numerator: int | None = None
    denominator: int | None = None
    amount: float | None = None
    median: float | None = None
    ninetieth: float | None = None

    @property
    def share(self) -> float | None:
        """The numerator as a part of the denominator, 0 to 1; None where there is nobody to share among."""
        if self.numerator is None or not self.denominator:
            return None
        return self.numerator / self.denominator


@dataclass(frozen=True)
class Line:
    """A row or a column: its key, and what a person reads. ``scope`` is that of the column where columns are periods."""

    key: str
    words: str
    scope: str = ""


@dataclass(frozen=True)
class Sum:
    """Counts that add up: those of ``parts`` to that of ``total``. None of the parts counts a person twice."""

    total: Cell
    parts: tuple[Cell, ...]


@dataclass(frozen=True)
class Name:
    """What a count counts: the records of a scope (its key), the population, and by which lines it is narrowed down."""

    scope: str
    population: str
    lines: frozenset[tuple[str, str]] = frozenset()


@dataclass(frozen=True)
class Relation:
    """Counts of several tables that add up: those named ``parts`` to that named ``total``, shown or not."""

    total: Name
    parts: tuple[Name, ...]


@dataclass(frozen=True)
class Table:
    """The figures of one measure, by rows and columns, and how they hang together.

    ``rows_by`` and ``columns_by`` name what the lines break down by (``""`` where there is one line: ``all``);
    ``counted`` and ``out_of`` name the populations of numerators and denominators. ``narrowed`` are lines by which the
    numerators are narrowed down besides those of their cell; ``also`` (a dimension → population and dimension) says that
    a line counts what another population counts under the same line; with ``one_denominator`` every row has the
    denominator of the whole. ``relations`` add counts of other tables up to counts of this one. ``not_recorded`` says
    why there is nothing to count: then there are no figures, and no zeros.
    """

    measure: str
    kind: Kind
    unit: str
    scope: str
    rows: tuple[Line, ...] = ()
    columns: tuple[Line, ...] = ()
    cells: Mapping[Cell, Figure] = field(default_factory=dict)
    sums: tuple[Sum, ...] = ()
    rows_by: str = ""
    columns_by: str = ""
    counted: str = ""
    out_of: str = ""
    narrowed: frozenset[tuple[str, str]] = frozenset()
    also: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    one_denominator: bool = False
    relations: tuple[Relation, ...] = ()
    not_recorded: str = ""

    def figure(self, row: str = ALL, column: str = ALL) -> Figure:
        """The figure of a cell; an empty one where nothing is recorded."""
        return self.cells.get((row, column), Figure())

    @property
    def parts(self) -> tuple[Part, ...]:
        """Which counts of people its figures carry."""
        return {
            Kind.COUNT: (Part.NUMERATOR,),
            Kind.SHARE: (Part.NUMERATOR, Part.DENOMINATOR),
            Kind.SPREAD: (Part.DENOMINATOR,),
            Kind.AMOUNT: (Part.DENOMINATOR,),
        }[self.kind]

    def counts(self) -> Iterator[tuple[Cell, Part, int]]:
        """Every count of people in it: where it stands, which it is, and how many."""
        for cell, figure in self.cells.items():
            for part in self.parts:
                count = getattr(figure, part)
                if count is not None:
                    yield cell, part, count

    @property
    def sums_of_amounts(self) -> tuple[Sum, ...]:
        """What adds up of amounts: along every breakdown, for a contact stands in one line though its person stands in several."""
        if self.kind is not Kind.AMOUNT:
            return ()
        rows, columns = [one.key for one in self.rows], [one.key for one in self.columns if not one.scope]
        found = [
            Sum((ALL, one.key), tuple((row, one.key) for row in rows if row != ALL)) for one in self.columns
        ]
        found += [Sum((row, ALL), tuple((row, one) for one in columns if one != ALL)) for row in rows]
        return tuple(one for one in found if one.parts and {one.total, *one.parts} <= set(self.cells))

    def name(self, cell: Cell, part: Part) -> Name:
        """What a count counts. Two counts of one name are one number, in whatever table, report or contract."""
        row, column = cell
        line = next(one for one in self.columns if one.key == column)
        by = {self.rows_by: row, self.columns_by: column}
        if line.scope:
            by.pop(self.columns_by)
        if part is Part.DENOMINATOR and self.one_denominator:
            by.pop(self.rows_by, None)
        lines = {(dimension, key) for dimension, key in by.items() if dimension and key != ALL}
        population = self.counted if part is Part.NUMERATOR else self.out_of
        if part is Part.NUMERATOR:
            lines |= self.narrowed
            for dimension, key in sorted(lines):
                if dimension in self.also:
                    population, renamed = self.also[dimension]
                    lines = (lines - {(dimension, key)}) | {(renamed, key)}
        return Name(line.scope or self.scope, population, frozenset(lines))

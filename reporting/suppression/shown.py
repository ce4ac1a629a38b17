"""A report as its readers see it: its tables, and which of their numbers are not shown."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from reporting.suppression.rules import band
from reporting.suppression.system import Known, amount_of, known_as
from reporting.tables import Cell, Figure, Kind, Part, Table


@dataclass(frozen=True)
class ShownFigure:
    """A figure as it is shown: what is hidden is None in it. ``at_most`` and ``at_least`` are whole percentages."""

    figure: Figure
    hidden: bool = False
    at_most: int | None = None
    at_least: int | None = None

    @property
    def percent(self) -> int | None:
        """The share in whole percent; None where it is not shown."""
        return None if self.figure.share is None else round(self.figure.share * 100)


@dataclass(frozen=True)
class Shown:
    """The tables of a report, and what of them is hidden: everywhere the same, whatever form it is given out in."""

    tables: tuple[Table, ...]
    hidden: frozenset[Known]

    def figure(self, table: Table, cell: Cell) -> ShownFigure:
        """A figure of one of its tables as it is shown."""
        figure = table.cells[cell]
        out = {part for part in table.parts if self._hides(table, cell, part)}
        if (
            table.kind is Kind.AMOUNT
            and amount_of(known_as(table, cell, Part.DENOMINATOR), table) in self.hidden
        ):
            return ShownFigure(
                replace(figure, amount=None, denominator=None if out else figure.denominator), True
            )
        if not out:
            return ShownFigure(figure)
        if table.kind is Kind.SHARE:
            return _share(figure, out)
        return ShownFigure(Figure(), hidden=True)

    def _hides(self, table: Table, cell: Cell, part: Part) -> bool:
        return known_as(table, cell, part) in self.hidden

    def cells(self) -> Iterable[tuple[Table, Cell, ShownFigure]]:
        """Every figure of every table as it is shown."""
        for table in self.tables:
            for cell in table.cells:
                yield table, cell, self.figure(table, cell)


def _share(figure: Figure, out: set[Part]) -> ShownFigure:
    """A share without its numerator, as a band where it is small or nearly all; without its denominator, nothing."""
    if Part.DENOMINATOR in out:
        kept = None if Part.NUMERATOR in out else figure.numerator
        return ShownFigure(Figure(numerator=kept), hidden=True)
    people, up_to = figure.denominator or 0, band(figure.denominator or 0)
    few, rest = figure.numerator or 0, people - (figure.numerator or 0)
    left = Figure(denominator=people)
    if up_to is None or min(few, rest) > 4:
        return ShownFigure(left, hidden=True)
    if few <= rest:
        return ShownFigure(left, hidden=True, at_most=up_to)
    return ShownFigure(left, hidden=True, at_least=100 - up_to)

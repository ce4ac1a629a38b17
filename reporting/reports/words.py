"""The figures of a report as people read them: columns and cells in words, what is hidden told as such."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from reporting.reports.content import Entry
from reporting.suppression import Shown, ShownFigure
from reporting.tables import ALL, Cell, Kind, Table


def not_shown() -> str:
    """What stands where a number is hidden."""
    return _("not shown")


@dataclass(frozen=True)
class Row:
    """A row of a table in words, and the shown figure that it is made from."""

    label: str
    cells: tuple[str, ...]
    figure: ShownFigure
    is_total: bool = False


def units_of(table: Table) -> tuple[str, str]:
    """What is counted, and whom it belongs to: (of the figure, of the people)."""
    people = _("ISVAs") if table.unit == "workers" else _("People")
    return {
        Kind.COUNT: (people, people),
        Kind.SHARE: (people, people),
        Kind.SPREAD: (_("Days") if table.unit == "days" else _("Weeks") if table.unit == "weeks" else table.unit, people),
        Kind.AMOUNT: (table.unit[:1].upper() + table.unit[1:], people),
    }[table.kind]  # fmt: skip


def head_of(table: Table) -> tuple[str, ...]:
    """The headings of the columns of a table, without the first."""
    unit, people = units_of(table)
    return {
        Kind.COUNT: (people,),
        Kind.SHARE: (_("Share"), people, _("Out of")),
        Kind.SPREAD: (_("Median (%s)") % unit.lower(), _("9 of 10 within (%s)") % unit.lower(), people),
        Kind.AMOUNT: (unit, people),
    }[table.kind]


def rows_of(entry: Entry, shown: Shown) -> list[Row]:
    """The rows of a table: its lines, or the quarters of a trend."""
    table = entry.table
    if not table.rows:
        return []
    lines: list[tuple[str, Cell]]
    if entry.is_trend:
        lines = [(one.words, (table.rows[0].key, one.key)) for one in table.columns]
    else:
        lines = [(one.words, (one.key, table.columns[0].key)) for one in table.rows]
    rows = []
    for label, cell in lines:
        figure = shown.figure(table, cell)
        rows.append(
            Row(
                label,
                cells_of(table, cell, figure),
                figure,
                is_total=not entry.is_trend and cell[0] == ALL and len(lines) > 1,
            )
        )
    return rows


def cells_of(table: Table, cell: Cell, shown: ShownFigure) -> tuple[str, ...]:
    """The cells of a figure, in the order of the headings."""
    figure, hidden = shown.figure, not_shown()
    people = _count(figure.denominator, hidden)
    if table.kind is Kind.COUNT:
        return (_count(figure.numerator, hidden),)
    if table.kind is Kind.SHARE:
        return (share_words(table, cell, shown), _count(figure.numerator, hidden), people)
    if table.kind is Kind.SPREAD:
        if shown.hidden:
            return (hidden, hidden, hidden)
        if not figure.denominator:
            return ("–", "–", "0")
        return (_number(figure.median), _number(figure.ninetieth), people)
    return (hidden if figure.amount is None else _number(figure.amount), people)


def share_words(table: Table, cell: Cell, shown: ShownFigure) -> str:
    """A share in whole percent, or the band it lies in; a dash where there is nobody to share among."""
    if shown.at_most is not None:
        return _("%d%% or less") % shown.at_most
    if shown.at_least is not None:
        return _("%d%% or more") % shown.at_least
    if shown.hidden:
        return not_shown()
    return "–" if shown.percent is None else f"{shown.percent}%"


def value_of(table: Table, shown: ShownFigure) -> float | None:
    """The one number that a chart draws of a figure: of a band its bound. None where it is hidden or there is none."""
    figure = shown.figure
    if table.kind is Kind.SHARE and shown.hidden:
        return shown.at_most if shown.at_most is not None else shown.at_least
    if shown.hidden:
        return None
    if table.kind is Kind.SHARE:
        return shown.percent
    return {Kind.COUNT: figure.numerator, Kind.SPREAD: figure.median, Kind.AMOUNT: figure.amount}[table.kind]


def value_words(table: Table, shown: ShownFigure) -> str:
    """The same number in words, for the end of a bar."""
    if table.kind is Kind.SHARE:
        return share_words(table, (ALL, ALL), shown)
    if shown.hidden:
        return not_shown()
    value = value_of(table, shown)
    return "–" if value is None else _number(value)


def _count(count: int | None, hidden: str) -> str:
    return hidden if count is None else f"{count:,}"


def _number(value: float | None) -> str:
    if value is None:
        return "–"
    return f"{value:,.0f}" if abs(value - round(value)) < 0.05 else f"{value:,.1f}"

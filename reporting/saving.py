"""Figures as files: CSV and spreadsheet, each figure a row; what could run as a formula is kept from it."""

import tablib
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from reporting.measures import Measure, dimension_of
from reporting.tables import Kind, Table

#: What a spreadsheet would take for the beginning of a formula.
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
TYPES = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


def dataset(table: Table, measure: Measure, *, over: str) -> tablib.Dataset:
    """A table as rows: where each figure stands, its counts, and its value. ``over`` is the period in words."""
    by = [one for one in (table.rows_by, table.columns_by) if one]
    names = [str(found.name) if (found := dimension_of(measure, one)) else capfirst(one) for one in by]
    told = tablib.Dataset(headers=[_("Measure"), _("Period"), *names, *_columns(table.kind, measure)])
    for row in table.rows:
        for column in table.columns:
            figure = table.figure(row.key, column.key)
            lines = [
                line.words
                for line, dimension in ((row, table.rows_by), (column, table.columns_by))
                if dimension
            ]
            told.append(
                [safe(one) for one in (str(measure.name), over, *lines)] + _values(table.kind, figure)
            )
    return told


def _columns(kind: Kind, measure: Measure) -> list[str]:
    people = _("ISVAs") if measure.unit == "workers" else _("People")
    unit = capfirst(measure.unit)
    return {
        Kind.COUNT: [people],
        Kind.SHARE: [people, _("Of"), _("Percent")],
        Kind.SPREAD: [
            people,
            _("%(unit)s: median") % {"unit": unit},
            _("%(unit)s: 9 of 10 within") % {"unit": unit},
        ],
        Kind.AMOUNT: [people, unit],
    }[kind]


def _values(kind: Kind, figure) -> list:
    def rounded(value):
        return None if value is None else round(value, 1)

    share = None if figure.share is None else 100 * figure.share
    return {
        Kind.COUNT: [figure.numerator],
        Kind.SHARE: [figure.numerator, figure.denominator, rounded(share)],
        Kind.SPREAD: [figure.denominator, rounded(figure.median), rounded(figure.ninetieth)],
        Kind.AMOUNT: [figure.denominator, rounded(figure.amount)],
    }[kind]


def safe(text: str) -> str:
    """A text that no spreadsheet takes for a formula."""
    return f"'{text}" if text.startswith(_FORMULA) else text


def as_file(told: tablib.Dataset, form: str) -> bytes:
    """The bytes of a CSV (for spreadsheets in any language: with a mark of its encoding) or of a spreadsheet."""
    if form == "xlsx":
        return told.export("xlsx", escape=True)
    return told.export("csv").encode("utf-8-sig")

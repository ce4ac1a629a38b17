"""A published report as data files: CSV, spreadsheet and JSON, each with the numbers of the PDF and nothing more."""

import json

import tablib
from django.utils.translation import gettext as _

from reporting.reports.content import Content, Entry
from reporting.reports.paper import Standing, facts_of, title_of
from reporting.suppression import ShownFigure
from reporting.tables import ALL

KINDS = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "json": "application/json",
}
#: The version of the files' columns and keys: raised when one of them changes.
FORMAT = 2
HEAD = (
    "section", "measure", "name", "by", "line", "line_name", "quarter", "kind", "unit", "standing", "number", "out_of",
    "percent", "percent_at_most", "percent_at_least", "amount", "median", "ninetieth", "people", "population_percent",
)  # fmt: skip
#: A cell that begins with one of these would be a formula in a spreadsheet.
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def as_file(content: Content, standing: Standing, kind: str) -> tuple[bytes, str]:
    """The file of a kind of ``KINDS``, and its media type."""
    if kind == "json":
        return _as_json(content, standing).encode(), KINDS[kind]
    data = tablib.Dataset(headers=HEAD, title=_("Figures"))
    for row in rows_of(content):
        data.append([_safe(row[name]) for name in HEAD])
    if kind == "csv":
        return ("\ufeff" + data.export("csv")).encode(), KINDS[kind]
    about = tablib.Dataset(headers=(_("About this report"), ""), title=_("About"))
    for fact in [
        (_("Title"), title_of(content)),
        *facts_of(content, standing),
        (_("Checksum"), standing.checksum),
    ]:
        about.append([_safe(one) for one in fact])
    return tablib.Databook([about, data]).export("xlsx", escape=True), KINDS[kind]


def rows_of(content: Content):
    """Every figure of a report as a flat row, as it is shown: what is hidden says so, and has no number."""
    for chapter in content.chapters:
        for entry in chapter.entries:
            yield from _of_entry(content, chapter.key, entry)


def _of_entry(content: Content, section: str, entry: Entry):
    table, population = entry.table, dict(entry.population)
    base = dict.fromkeys(HEAD, None) | {
        "section": section, "measure": table.measure, "name": entry.title, "by": table.rows_by or ALL, "kind": table.kind.value,
        "unit": table.unit,
    }  # fmt: skip
    if table.not_recorded:
        yield base | {
            "line": ALL,
            "line_name": "",
            "quarter": content.quarter.key,
            "standing": "not recorded",
        }
        return
    for row in table.rows:
        for column in table.columns:
            shown = content.shown.figure(table, (row.key, column.key))
            yield base | {
                "line": row.key, "line_name": row.words, "quarter": column.key if entry.is_trend else content.quarter.key,
                "population_percent": population.get(row.key),
            } | _figure(shown, table)  # fmt: skip


def _figure(shown: ShownFigure, table) -> dict:
    figure = shown.figure
    share = table.kind.value == "share"
    return {
        "standing": "not shown" if shown.hidden else "shown",
        "number": figure.numerator, "out_of": figure.denominator if share else None,
        "percent": shown.percent if share and not shown.hidden else None, "percent_at_most": shown.at_most,
        "percent_at_least": shown.at_least, "amount": _rounded(figure.amount), "median": _rounded(figure.median),
        "ninetieth": _rounded(figure.ninetieth), "people": None if share else figure.denominator,
    }  # fmt: skip


def _rounded(value: float | None) -> float | None:
    if value is None:
        return None
    shorter = round(float(value), 1)
    return int(shorter) if shorter.is_integer() else shorter


def _as_json(content: Content, standing: Standing) -> str:
    told = {
        "format": FORMAT, "title": title_of(content), "service": content.service, "contract": content.contract,
        "commissioner": content.commissioner, "area": content.area or None, "quarter": content.quarter.key,
        "first_day": content.period.first_day.isoformat(), "last_day": content.period.last_day.isoformat(),
        "version": standing.version, "what_changed": standing.what_changed or None,
        "published_at": standing.signed_at.isoformat() if standing.signed_at else None, "signed_by": standing.signed_by or None,
        "checksum": standing.checksum or None, "summary": list(content.summary), "commentary": content.passage,
        "sections": [{"key": one.key, "title": one.title, "commentary": one.passage} for one in content.chapters],
        "changes": [{"what": one.what, "by_when": one.by_when.isoformat()} for one in content.promises],
        "answers": [{"question": one.question, "answer": one.text} for chapter in content.chapters for one in chapter.answers],
        "closures_counted_as_planned": list(content.planned), "figures": list(rows_of(content)),
    }  # fmt: skip
    return json.dumps(told, ensure_ascii=False, indent=1)


def _safe(value):
    """A cell that no spreadsheet takes for a formula."""
    return f"'{value}" if isinstance(value, str) and value.startswith(_FORMULA) else value

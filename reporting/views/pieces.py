"""Figures as pages show them: a chart with its table, and a table whose numbers lead to their records."""

from dataclasses import replace
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from isva.interface import charts
from isva.interface.tables import Column, link, table
from reporting.asked import NARROWED_BY, Asked, quarters_offered
from reporting.measures import DIMENSIONS, Keyed, Measure, dimension_of
from reporting.models import AreaPopulation
from reporting.population import reached_words, share_words
from reporting.tables import ALL, Kind, Table
from reporting.words import NONE, drawn, figure_words, unit_words

MOST_LINES = charts.MOST_SERIES


def trend_chart(measure: Measure, counted: Table, *, lines: tuple[str, ...] = ()):
    """A measure over the quarters, a line for each of ``lines`` (the whole, unless some are named), with its table."""
    wanted = [one for one in counted.rows if one.key in (lines or (ALL,))][:MOST_LINES]
    title = _("%(name)s, by quarter") % {"name": measure.name}
    chart = charts.line_chart(
        title=title,
        labels=[one.words for one in counted.columns],
        series=[
            (one.words if lines else str(measure.name), [drawn(counted.kind, counted.figure(one.key, column.key)) for column in counted.columns])
            for one in wanted
        ],
    )  # fmt: skip
    beneath = table(
        caption=title, hide_caption=True,
        columns=[Column(_("Quarter")), *(Column(one.words if lines else str(measure.name), numeric=True) for one in wanted)],
        rows=[
            [column.words, *(figure_words(counted.kind, counted.figure(one.key, column.key)) for one in wanted)]
            for column in counted.columns
        ],
    )  # fmt: skip
    return replace(chart, table=beneath)


def lines_chart(measure: Measure, counted: Table, *, population: AreaPopulation | None = None):
    """A measure of one quarter by a breakdown, a bar for each line with somebody in it, with its table.

    With the area's ``population`` by the same breakdown, the table has both shares, and its lines with nobody in them.
    """
    title = _("%(name)s, by %(by)s") % {
        "name": measure.name,
        "by": _in_a_sentence(by_words(measure, counted.rows_by)),
    }
    shares = population.shares if population else {}
    there = [
        one
        for one in counted.rows
        if one.key != ALL and (one.key in shares or not is_nothing(counted, one.key))
    ]
    bars = [
        (one.words, drawn(counted.kind, counted.figure(one.key)) or 0)
        for one in there
        if not is_nothing(counted, one.key)
    ]
    chart = charts.bar_chart(title=title, bars=bars, unit=unit_words(measure))
    total = [one for one in counted.rows if one.key == ALL]
    columns = [
        Column(by_words(measure, counted.rows_by)),
        Column(capfirst(unit_words(measure)), numeric=True),
    ]
    rows = [[one.words, figure_words(counted.kind, counted.figure(one.key))] for one in (*there, *total)]
    if population:
        columns += [Column(_("Share"), numeric=True), Column(_("Of the population"), numeric=True)]
        everybody = counted.figure().numerator
        for line, row in zip((*there, *total), rows, strict=True):
            reached = reached_words(counted.figure(line.key).numerator, everybody, unknown=NONE)
            row += [reached, share_words(shares, line.key)]
    beneath = table(caption=title, hide_caption=True, columns=columns, rows=rows)
    return replace(chart, table=beneath)


def _in_a_sentence(words: str) -> str:
    """Words that begin with a capital, as they stand within a sentence; names keep theirs."""
    return words if words[1:2].isupper() else words[:1].lower() + words[1:]


def is_nothing(counted: Table, row: str) -> bool:
    """Whether nobody at all is in a line."""
    figure = counted.figure(row)
    return not (figure.numerator or figure.denominator)


def full_table(measure: Measure, counted: Table, asked: Asked):
    """Every line of a breakdown; the numbers of people lead to their records."""
    columns = [Column(by_words(measure, counted.rows_by) if counted.rows_by else _("Who"))]
    columns += [Column(one.words, numeric=True) for one in counted.columns] if counted.columns_by else [
        Column(capfirst(unit_words(measure)), numeric=True)
    ]  # fmt: skip
    rows = [
        [line.words, *(_cell(measure, counted, line, column, asked) for column in counted.columns)]
        for line in counted.rows
    ]
    return table(
        caption=_("Figures"), hide_caption=True, columns=columns, rows=rows, scrolls=len(columns) > 5
    )


def _cell(measure: Measure, counted: Table, row, column, asked: Asked):
    figure = counted.figure(row.key, column.key)
    words = figure_words(counted.kind, figure)
    people = figure.numerator if counted.kind in (Kind.COUNT, Kind.SHARE) else figure.denominator
    if not people or words == NONE or measure.keyed is Keyed.WORKER:
        return words
    told = {"quarter": asked.quarter.key, "area": asked.area, **asked.only}
    for place, by, line in (("row", counted.rows_by, row.key), ("column", counted.columns_by, column.key)):
        if by and line != ALL:
            told |= {f"{place}_by": by, f"{place}_line": line}
    to = f"{reverse('list_records', args=[measure.key])}?{urlencode({key: value for key, value in told.items() if value})}"
    return link(words, to, hidden=_("%(line)s: whose records") % {"line": row.words})


def by_words(measure: Measure, key: str) -> str:
    """A breakdown of a measure in words."""
    found = dimension_of(measure, key)
    return str(found.name) if found else ""


def filters(asked: Asked, service, *, measure: Measure | None = None) -> list[dict]:
    """What a page of figures can be asked for: the quarter, what to break down by, the area, and which people."""
    found: list[dict] = [
        {"name": "quarter", "label": _("Quarter"), "value": asked.quarter.key,
         "options": [(one.key, one.words) for one in quarters_offered()]},
    ]  # fmt: skip
    if measure is not None:
        own = [(one.key, one.name) for one in measure.own]
        shared = [(key, DIMENSIONS[key].name) for key in measure.by]
        found.append(
            {
                "name": "by",
                "label": _("By"),
                "value": asked.by,
                "options": [("", _("Nothing")), *own, *shared],
            }
        )
        if measure.keyed is Keyed.WORKER:
            return found
    if len(service.areas) > 1:
        found.append(
            {
                "name": "area",
                "label": _("Area"),
                "value": asked.area,
                "options": [("", _("All")), *((one, one) for one in service.areas)],
            }
        )
    for key in NARROWED_BY:
        found.append(
            {
                "name": key,
                "label": DIMENSIONS[key].name,
                "value": asked.only.get(key, ""),
                "options": [("", _("All")), *DIMENSIONS[key].lines],
            }
        )
    return found

"""A report as data that stays the same: to JSON and back, and the checksum that proves it."""

import datetime as dt
import hashlib
import json
from dataclasses import asdict
from typing import Any

from reporting.periods import Period, Quarter
from reporting.reports.content import Answer, Chapter, Content, Entry, Promise
from reporting.reports.revising import RevisedTable
from reporting.suppression import Shown
from reporting.suppression.system import as_named_now
from reporting.tables import Figure, Kind, Line, Name, Relation, Sum, Table

FORMAT = 1
_FIGURES = ("numerator", "denominator", "amount", "median", "ninetieth")


def checksum_of(data: Any) -> str:
    """SHA-256 of the data in one fixed way of writing it down."""
    written = json.dumps(data, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(written.encode()).hexdigest()


def as_data(content: Content) -> dict:
    """A report as data for a JSON column: every number, the hidden ones too."""
    return {
        "format": FORMAT, "service": content.service, "contract": content.contract, "commissioner": content.commissioner,
        "area": content.area, "quarter": content.quarter.key, "first_day": content.period.first_day.isoformat(),
        "last_day": content.period.last_day.isoformat(), "counted_at": content.counted_at.isoformat(),
        "summary": list(content.summary), "planned": list(content.planned), "passage": content.passage,
        "promises": [{"what": one.what, "by_when": one.by_when.isoformat()} for one in content.promises],
        "chapters": [_of_chapter(one) for one in content.chapters],
        "hidden": sorted(([what, _of_name(name), more] for what, name, more in content.shown.hidden), key=repr),
    }  # fmt: skip


def content_of(data: dict) -> Content:
    """The report that the data were made from. Raises ValueError for data of another format."""
    if data.get("format") != FORMAT:
        raise ValueError("The report is in a format of another version.")
    quarter = Quarter.named(data["quarter"])
    if quarter is None:
        raise ValueError("The report names no quarter.")
    chapters = tuple(_chapter(one) for one in data["chapters"])
    hidden = frozenset(as_named_now((what, _name(name), more)) for what, name, more in data["hidden"])
    return Content(
        service=data["service"], contract=data["contract"], commissioner=data["commissioner"], area=data["area"],
        quarter=quarter, counted_at=dt.datetime.fromisoformat(data["counted_at"]),
        period=Period(dt.date.fromisoformat(data["first_day"]), dt.date.fromisoformat(data["last_day"])),
        chapters=chapters, shown=Shown(tuple(e.table for c in chapters for e in c.entries), hidden),
        summary=tuple(data["summary"]), planned=tuple(data["planned"]), passage=data["passage"],
        promises=tuple(Promise(one["what"], dt.date.fromisoformat(one["by_when"])) for one in data["promises"]),
    )  # fmt: skip


def _of_chapter(chapter: Chapter) -> dict:
    return {
        "key": chapter.key, "title": chapter.title, "passage": chapter.passage,
        "entries": [
            {
                "title": one.title, "by": one.by, "definition": one.definition, "numerator": one.numerator,
                "denominator": one.denominator, "source": one.source, "more_is": one.more_is, "is_trend": one.is_trend,
                "table": of_table(one.table),
            } | _beside(one)
            for one in chapter.entries
        ],
    } | ({"answers": [asdict(one) for one in chapter.answers]} if chapter.answers else {})  # fmt: skip


def _beside(entry: Entry) -> dict:
    """What only some tables have beside them."""
    found: dict = {"target": entry.target} if entry.target else {}
    if entry.population:
        found |= {
            "population": [list(one) for one in entry.population],
            "population_source": entry.population_source,
        }
    return found


def _entry(data: dict) -> Entry:
    population = tuple((line, share) for line, share in data.get("population", ()))
    return Entry(**{**data, "table": table_of(data["table"]), "population": population})


def _chapter(data: dict) -> Chapter:
    entries = tuple(_entry(one) for one in data["entries"])
    answers = tuple(Answer(**one) for one in data.get("answers", ()))
    return Chapter(data["key"], data["title"], entries, data["passage"], answers)


def of_table(table: Table) -> dict:
    """A table as data; nothing of it is lost."""
    return {
        "measure": table.measure, "kind": table.kind.value, "unit": table.unit, "scope": table.scope,
        "rows": [_of_line(one) for one in table.rows], "columns": [_of_line(one) for one in table.columns],
        "cells": [
            [row, column, *(getattr(figure, name) for name in _FIGURES)] for (row, column), figure in table.cells.items()
        ],
        "sums": [[list(one.total), [list(part) for part in one.parts]] for one in table.sums],
        "rows_by": table.rows_by, "columns_by": table.columns_by, "counted": table.counted, "out_of": table.out_of,
        "narrowed": sorted(list(one) for one in table.narrowed),
        "also": {key: list(value) for key, value in table.also.items()}, "one_denominator": table.one_denominator,
        "relations": [[_of_name(one.total), [_of_name(part) for part in one.parts]] for one in table.relations],
        "not_recorded": table.not_recorded,
        "revised": sorted(([_of_name(a), _of_name(b)] for a, b in getattr(table, "revised", {}).items()), key=repr),
    }  # fmt: skip


def table_of(data: dict) -> RevisedTable:
    """The table that the data were made from."""
    return RevisedTable(
        measure=data["measure"], kind=Kind(data["kind"]), unit=data["unit"], scope=data["scope"],
        rows=tuple(Line(*one) for one in data["rows"]), columns=tuple(Line(*one) for one in data["columns"]),
        cells={
            (row, column): Figure(**dict(zip(_FIGURES, figures, strict=True)))
            for row, column, *figures in data["cells"]
        },
        sums=tuple(Sum(_cell(total), tuple(_cell(part) for part in parts)) for total, parts in data["sums"]),
        rows_by=data["rows_by"], columns_by=data["columns_by"], counted=data["counted"], out_of=data["out_of"],
        narrowed=frozenset(tuple(one) for one in data["narrowed"]),
        also={key: (value[0], value[1]) for key, value in data["also"].items()},
        one_denominator=data["one_denominator"],
        relations=tuple(Relation(_name(total), tuple(map(_name, parts))) for total, parts in data["relations"]),
        not_recorded=data["not_recorded"], revised={_name(a): _name(b) for a, b in data["revised"]},
    )  # fmt: skip


def _of_line(line: Line) -> list:
    return [line.key, line.words, line.scope]


def _cell(data: list) -> tuple[str, str]:
    return (data[0], data[1])


def _of_name(name: Name) -> list:
    return [name.scope, name.population, sorted(list(one) for one in name.lines)]


def _name(data: list) -> Name:
    return Name(data[0], data[1], frozenset((key, line) for key, line in data[2]))

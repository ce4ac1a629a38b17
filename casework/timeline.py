"""One timeline of everything about a case, read in one query.

Each part of the service says here what it puts on the timeline; the rows of all tables are united in the
database, and put into words in Python.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache

from django.db.models import (
    CharField,
    DateField,
    DateTimeField,
    ExpressionWrapper,
    F,
    Func,
    Model,
    Q,
    TextField,
    Value,
)
from django.db.models.functions import Cast, JSONObject

from isva.db.fixed_queries import FixedQuery, Place, fixed
from isva.interface.paging import FORWARD, read_cursor, write_cursor

_COLUMNS = ("told_source", "told_at", "told_made", "told_by", "told_row", "told_facts")
_ORDER = ("-told_at", "-told_made", "-told_row", "-told_source")

#: Where the values of one case and of one cursor go (in the order of the cursor).
_CASE, _CLIENT = Place.key(), Place.key()
_BEYOND = (Place.moment(1), Place.moment(2), Place.text(), Place.text())
_AT, _MADE, _ROW, _SOURCE = _BEYOND
_OLDER = (
    Q(told_at__lt=_AT)
    | Q(told_at=_AT, told_made__lt=_MADE)
    | Q(told_at=_AT, told_made=_MADE, told_row__lt=_ROW)
    | Q(told_at=_AT, told_made=_MADE, told_row=_ROW, told_source__lt=_SOURCE)
)


@dataclass(frozen=True)
class Source:
    """How the rows of one model appear on the timeline.

    ``at`` is the field that says when (a date without a time counts as the end of its day, and is shown as a
    day); ``columns`` are read into a dict (name → lookup) from which ``headline``, ``body`` and ``mark`` make
    words and ready marks. ``by_lookup`` says whose act it was (empty: it is not said). Two events of one row
    (proposed and decided) are two sources with an ``at`` each. ``where`` and ``only`` choose the rows, the same ones whenever they are asked (the query is written once).
    ``url_name`` names the page of a row; it takes ``case_id`` and, under the name in ``url_key``, the row's key.
    """

    model: type[Model]
    kind: str  # stage contact risk plan safeguarding note decision
    kind_word: str
    at: str
    columns: dict[str, str]
    headline: Callable[[dict], str]
    body: Callable[[dict], str] | None = None
    mark: Callable[[dict], str] | None = None
    where: dict = field(default_factory=dict)
    only: Q | None = None
    by_lookup: str = "recorded_by__name"
    of: str = "case"  # or "client": rows that belong to the person, shown on each of their cases
    url_name: str = ""
    url_key: str = ""

    @property
    def is_dated(self) -> bool:
        """Whether only the day is known."""
        kind = self.model._meta.get_field(self.at)
        return isinstance(kind, DateField) and not isinstance(kind, DateTimeField)


_sources: dict[str, Source] = {}


def tell(model, **parts) -> None:
    """Put the rows of a model on the timeline (called once, when its app is ready). See ``Source``."""
    source = Source(model=model, **parts)
    _sources[f"{model._meta.label_lower}:{source.at}"] = source
    _query.cache_clear()


def kinds() -> dict[str, str]:
    """The kinds of entries that any part of the service tells, each with its word, in the order first told."""
    return {source.kind: source.kind_word for source in _sources.values()}


def entries(case, *, kinds=(), limit: int = 50, before=None) -> list[dict]:
    """The latest entries of a case, newest first: ``kind``, ``kind_word``, ``at``, ``by``, ``headline``, ``body``.

    ``kinds`` filters; ``before`` is what ``cursor_after`` made of the last entry already shown (one that cannot
    be read gives the first page). One query.
    """
    beyond = _read_cursor(case, before)
    query = _query(frozenset(kinds), limit, beyond is not None)
    if query is None:
        return []
    values: dict = {_CASE: case.pk, _CLIENT: case.client_id}
    if beyond is not None:
        values.update(zip(_BEYOND, beyond, strict=True))
    return [_entry(dict(zip(_COLUMNS, row, strict=True))) for row in query.rows(values)]


@cache
def _query(kinds: frozenset, limit: int, goes_on: bool) -> FixedQuery | None:
    """The united query of all sources (of these kinds): its shape depends on nothing else."""
    parts = [
        _rows(key, source, goes_on) for key, source in _sources.items() if not kinds or source.kind in kinds
    ]
    if not parts:
        return None
    united = parts[0].union(*parts[1:], all=True) if len(parts) > 1 else parts[0]
    return fixed(united.order_by(*_ORDER)[:limit])


def _rows(key, source, goes_on):
    columns = {name: F(lookup) for name, lookup in source.columns.items()}
    owner = {"client": _CLIENT} if source.of == "client" else {"case": _CASE}
    rows = source.model.objects.filter(**owner, **source.where).order_by()
    if source.only is not None:
        rows = rows.filter(source.only)
    by = F(source.by_lookup) if source.by_lookup else Value("")
    rows = rows.filter(**{f"{source.at}__isnull": False}).annotate(
        told_source=Value(key, output_field=CharField()),
        told_at=_end_of(source.at) if source.is_dated else F(source.at),
        told_made=F("recorded_at"),
        told_by=ExpressionWrapper(by, output_field=CharField()),
        told_row=Cast("pk", TextField()),
        told_facts=JSONObject(**columns) if columns else JSONObject(id=F("pk")),
    )
    if goes_on:
        rows = rows.filter(_OLDER)
    return rows.values(*_COLUMNS)


class _end_of(Func):  # noqa: N801  (reads as an expression)
    """The last moment of a day in London: what happened on it at an hour stands before it."""

    template = "((%(expressions)s + 1)::timestamp AT TIME ZONE 'Europe/London' - interval '1 microsecond')"
    output_field = DateTimeField()


def cursor_after(case, entry: dict) -> str:
    """An opaque text for an address: the timeline goes on after this entry."""
    return write_cursor(FORWARD, entry["place"], _ORDER, _cursor_context(case))


def _cursor_context(case) -> str:
    return f"timeline:{case.pk}"


def _read_cursor(case, text):
    _direction, values = read_cursor(text, _cursor_context(case))
    return values


def _entry(row: dict) -> dict:
    source = _sources[row["told_source"]]
    facts = json.loads(row["told_facts"])
    return {
        "kind": source.kind,
        "kind_word": source.kind_word,
        "at": row["told_at"],
        "day_only": source.is_dated,
        "by": row["told_by"],
        "pk": row["told_row"],
        "url_name": source.url_name,
        "url_key": source.url_key,
        "headline": source.headline(facts),
        "body": source.body(facts) if source.body else "",
        "mark": source.mark(facts) if source.mark else "",
        "place": {name.lstrip("-"): row[name.lstrip("-")] for name in _ORDER},
    }

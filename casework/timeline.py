"""One timeline of everything about a case, read in one query.

Each part of the service says here what it puts on the timeline; the rows of all tables are united in the
database, and put into words in Python.
"""

from collections.abc import Callable
from dataclasses import dataclass, field

from django.db.models import CharField, F, TextField, Value
from django.db.models.functions import Cast, JSONObject


@dataclass(frozen=True)
class Source:
    """How the rows of one model appear on the timeline.

    ``at`` is the field that says when; ``columns`` are read into a dict (name → lookup) from which
    ``headline`` and ``body`` make words; ``url_name`` takes ``case_id`` and ``pk`` where the row has a page.
    """

    model: type
    kind: str  # stage contact risk plan safeguarding note decision
    kind_word: str
    at: str
    columns: dict[str, str]
    headline: Callable[[dict], str]
    body: Callable[[dict], str] | None = None
    where: dict = field(default_factory=dict)


_sources: dict[str, Source] = {}


def tell(model, **parts) -> None:
    """Put the rows of a model on the timeline (called once, when its app is ready). See ``Source``."""
    source = Source(model=model, **parts)
    _sources[f"{model._meta.label_lower}:{source.at}"] = source


def entries(case, *, kinds=(), limit: int = 50, before=None) -> list[dict]:
    """The latest entries of a case, newest first: ``kind``, ``kind_word``, ``at``, ``by``, ``headline``, ``body``.

    ``kinds`` filters, ``before`` is the moment of the last entry already shown. One query.
    """
    parts = [
        _rows(key, source, case, before)
        for key, source in _sources.items()
        if not kinds or source.kind in kinds
    ]
    if not parts:
        return []
    united = parts[0].union(*parts[1:], all=True) if len(parts) > 1 else parts[0]
    return [_entry(row) for row in united.order_by("-shown_at", "-made_at")[:limit]]


def _rows(key, source, case, before):
    rows = source.model.objects.filter(case=case, **source.where).order_by()
    if before is not None:
        rows = rows.filter(**{f"{source.at}__lt": before})
    columns = {name: F(lookup) for name, lookup in source.columns.items()}
    return rows.annotate(
        source=Value(key, output_field=CharField()),
        shown_at=F(source.at),
        made_at=F("recorded_at"),
        by_name=F("recorded_by__name"),
        row=Cast("pk", TextField()),
        facts=JSONObject(**columns) if columns else JSONObject(id=F("pk")),
    ).values("source", "shown_at", "made_at", "by_name", "row", "facts")


def _entry(row: dict) -> dict:
    source = _sources[row["source"]]
    return {
        "kind": source.kind,
        "kind_word": source.kind_word,
        "at": row["shown_at"],
        "by": row["by_name"],
        "pk": row["row"],
        "headline": source.headline(row["facts"]),
        "body": source.body(row["facts"]) if source.body else "",
    }

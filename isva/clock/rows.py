"""The columns that every rule's query has, so that the database can unite the rules of a list in one question."""

from django.db import models
from django.db.models import F, Value
from django.db.models.functions import Cast, Coalesce

COLUMNS = (
    "clock_rule", "clock_case", "clock_record", "clock_since", "clock_holder", "clock_variant", "clock_detail",
    "clock_place",
)  # fmt: skip


def text(words: str) -> Cast:
    """A constant text."""
    return Cast(Value(words), models.TextField())


def counted(
    rows: models.QuerySet, *, since, holder=None, case="case_id", record="pk", variant="", detail=""
) -> models.QuerySet:
    """A rule's rows: what each counts from (``since``, a moment or a day), whose it is, and which case and record it is about.

    All are names of fields (or expressions); ``holder`` is the key of a user, ``case`` empty for rows beside cases,
    ``variant`` a word that the reckoning needs, ``detail`` a word for the list.
    """
    return rows.order_by().annotate(
        clock_case=_key(case or None),
        clock_record=_key(record),
        # A day becomes the midnight of UTC, which is the same day in London, summer and winter.
        clock_since=Cast(_named(since), models.DateTimeField()),
        clock_holder=_key(holder),
        clock_variant=_text(variant),
        clock_detail=_text(detail),
    )


def _named(what):
    return F(what) if isinstance(what, str) else what


def _key(what) -> Cast:
    return Cast(Value(None) if what is None else _named(what), models.UUIDField())


def _text(what) -> Cast | Coalesce:
    if what == "":
        return text("")
    return Coalesce(Cast(_named(what), models.TextField()), text(""))

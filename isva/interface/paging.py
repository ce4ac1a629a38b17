"""Pages of long lists that cost the same on page 200 as on page 1, and counts that stop counting."""

import base64
import hashlib
import json
import uuid
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache

from cryptography.fernet import Fernet, InvalidToken
from django.conf import settings
from django.db.models import BooleanField, Expression, F, Q, Value

LONGEST_CURSOR = 2000
FORWARD, BACK = "f", "b"


@dataclass(frozen=True)
class Page:
    """One page of a list: its rows, and the cursors of its neighbours (None where there are none)."""

    rows: list
    next: str | None
    previous: str | None

    def __iter__(self):
        return iter(self.rows)

    def __len__(self):
        return len(self.rows)


@dataclass(frozen=True)
class Count:
    """A count that stops at a cap; as text `412` or `1,000+`."""

    number: int
    capped: bool

    def __str__(self):
        return f"{self.number:,}{'+' if self.capped else ''}"


def capped_count(queryset, cap=1000, *, page=None):
    """How many rows there are, counting no further than `cap` (measured: 0.8 of the page, a full count 2.5).

    Nothing is counted where `page` is all there is.
    """
    if page is not None and page.next is None and page.previous is None:
        return Count(len(page), capped=False)
    found = queryset.order_by().values("pk")[: cap + 1].count()
    return Count(min(found, cap), found > cap)


class RowComparison(Expression):
    """PostgreSQL's `(a, b) < (x, y)`: one index range, where the same written with OR reads from the start."""

    conditional = True

    def __init__(self, names, values, operator):
        super().__init__(output_field=BooleanField())
        self.operator = operator
        self.columns = [F(name) for name in names]
        self.values = [Value(value) for value in values]

    def get_source_expressions(self):
        """The columns, then the values."""
        return [*self.columns, *self.values]

    def set_source_expressions(self, expressions):
        """Take the resolved columns and values back."""
        half = len(expressions) // 2
        self.columns, self.values = expressions[:half], expressions[half:]

    def resolve_expression(self, query=None, allow_joins=True, reuse=None, summarize=False, for_save=False):
        """Resolve the columns, and give each value the type of its column."""
        resolved = super().resolve_expression(query, allow_joins, reuse, summarize, for_save)
        resolved.values = [
            Value(value.value, output_field=column.output_field)
            for column, value in zip(resolved.columns, resolved.values, strict=True)
        ]
        return resolved

    def as_sql(self, compiler, connection):
        """`(col, col) < (%s, %s)`."""
        parts, params = [], []
        for group in (self.columns, self.values):
            sqls = []
            for expression in group:
                sql, own = compiler.compile(expression)
                sqls.append(sql)
                params += own
            parts.append(f"({', '.join(sqls)})")
        return f"{parts[0]} {self.operator} {parts[1]}", params


def keyset_page(queryset, *, order=("-opened_at", "-id"), after=None, size=50):
    """The page of a queryset that follows (or, for a page's `previous`, leads up to) a cursor.

    `order` names columns without nulls, the last one unique. A cursor that is missing, damaged or of another list gives
    the first page: an address that was kept too long is no error. Cursors are encrypted, because they hold values of the
    order's columns, and an address may never hold personal data.
    """
    order = tuple(order)
    context = f"{queryset.model._meta.label}:{','.join(order)}"
    direction, values = read_cursor(after, context)
    travelled = tuple(turned(name) for name in order) if direction == BACK else order
    following = queryset if values is None else queryset.filter(beyond(travelled, values))
    found = list(following.order_by(*travelled)[: size + 1])
    more, rows = len(found) > size, found[:size]
    if values is not None and not (rows if direction == FORWARD else more):
        # Nothing follows any more, or less than a page leads up to it: the first page, whole.
        return keyset_page(queryset, order=order, size=size)
    if direction == BACK:
        rows.reverse()
    has_next, has_previous = (more, values is not None) if direction == FORWARD else (True, more)
    return Page(
        rows=rows,
        next=write_cursor(FORWARD, rows[-1], order, context) if has_next else None,
        previous=write_cursor(BACK, rows[0], order, context) if has_previous else None,
    )


def turned(name):
    """The same column in the other direction."""
    return name[1:] if name.startswith("-") else f"-{name}"


def beyond(order, values):
    """The condition for rows that come after these values in this order."""
    names = [name.lstrip("-") for name in order]
    falling = [name.startswith("-") for name in order]
    if len(set(falling)) == 1:
        return RowComparison(names, values, "<" if falling[0] else ">")
    # Mixed directions have no row comparison. The bound on the first column lets the index end the search
    # (measured: 3.9 without it, 1.14 with it).
    first = "lte" if falling[0] else "gte"
    condition, equal = Q(), Q()
    for name, falls, value in zip(names, falling, values, strict=True):
        condition |= equal & Q(**{f"{name}__{'lt' if falls else 'gt'}": value})
        equal &= Q(**{name: value})
    return Q(**{f"{names[0]}__{first}": values[0]}) & condition


def value_of(row, name):
    """The value of an ordering column on a row, a model or a dictionary; `case__opened_at` follows the relation."""
    if isinstance(row, dict):
        return row[name]
    for step in name.split("__"):
        row = getattr(row, step)
    return row


@lru_cache(maxsize=4)
def cipher(secret):
    """The key of cursors, derived from the service's secret."""
    digest = hashlib.blake2b(
        b"isva.interface.paging", key=hashlib.sha256(secret.encode()).digest(), digest_size=32
    )
    return Fernet(base64.urlsafe_b64encode(digest.digest()))


TYPES = {
    "moment": (datetime, datetime.isoformat, datetime.fromisoformat),
    "date": (date, date.isoformat, date.fromisoformat),
    "uuid": (uuid.UUID, str, uuid.UUID),
    "decimal": (Decimal, str, Decimal),
    "plain": ((str, int, float), lambda value: value, lambda value: value),
}


def write_cursor(direction, row, order, context):
    """An opaque text for an address: where a page ended. Raises TypeError for a null or an unknown kind of value."""
    values = []
    for name in order:
        value = value_of(row, name.lstrip("-"))
        kind = next((kind for kind, (types, *_) in TYPES.items() if isinstance(value, types)), None)
        if kind is None:
            raise TypeError(
                f"A list cannot be paged by {name}: {type(value).__name__} has no place in an order."
            )
        values.append([kind, TYPES[kind][1](value)])
    return (
        cipher(settings.SECRET_KEY)
        .encrypt(json.dumps([context, direction, values]).encode())
        .decode()
        .rstrip("=")
    )


def read_cursor(text, context):
    """The direction and values of a cursor; forward and None where there is none that belongs to this list."""
    if not text or len(text) > LONGEST_CURSOR:
        return FORWARD, None
    try:
        opened = cipher(settings.SECRET_KEY).decrypt((text + "=" * (-len(text) % 4)).encode())
    except (InvalidToken, UnicodeEncodeError):
        return FORWARD, None
    written_for, direction, values = json.loads(opened)
    if written_for != context:
        return FORWARD, None
    return direction, [TYPES[kind][2](value) for kind, value in values]

"""Queries of one unchanging shape: Django writes their SQL once, and each later use only sends new values.

For large queries that stand on every case page, writing the SQL costs several times what the database needs to
answer it. Nothing is quoted by hand: the SQL is Django's own, its values go to the driver as parameters.
"""

import datetime as dt
import uuid
from dataclasses import dataclass

from django.db import connection


class Place:
    """Stand-ins for values that are known only when a query is asked; each is told from every other value."""

    @staticmethod
    def key() -> uuid.UUID:
        """The place of a key."""
        return uuid.uuid4()

    @staticmethod
    def text() -> str:
        """The place of a text."""
        return f"place {uuid.uuid4()}"

    @staticmethod
    def moment(number: int) -> dt.datetime:
        """The place of a moment, one for each ``number`` (moments long before any record)."""
        return dt.datetime(1000, 1, 1, tzinfo=dt.UTC) + dt.timedelta(days=number)


@dataclass(frozen=True)
class FixedQuery:
    """SQL with its parameters, some of which are places."""

    sql: str
    params: tuple

    def rows(self, values: dict) -> list[tuple]:
        """Ask the query with ``values`` (place → value). Every place in it needs one. One query."""
        with connection.cursor() as cursor:
            cursor.execute(self.sql, [_filled(param, values) for param in self.params])
            return cursor.fetchall()


def fixed(queryset) -> FixedQuery:
    """The query that a queryset asks, to be asked again with other values in its places.

    The rows come as the driver gives them: columns in the order of the queryset's ``values``, JSON as text.
    """
    sql, params = queryset.query.sql_with_params()
    return FixedQuery(sql=sql, params=tuple(params))


def _filled(param, values: dict):
    if isinstance(param, (uuid.UUID, str, dt.datetime)):
        return values.get(param, param)
    return param

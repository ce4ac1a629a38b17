"""Conditions of a query that ask the wall itself."""

from django.db.models import BooleanField
from django.db.models.expressions import RawSQL

from isva.db.wall.policies import array


def not_denied(column: str) -> RawSQL:
    """Rows whose client (named by ``column``) the acting person is not kept from, by what the database was told.

    For rows of one case that speak of another client. ``column`` is written by us, never by a visitor.
    """
    return RawSQL(  # noqa: S611 - no value in it comes from outside
        f"{column} <> ALL {array('denied_clients')}",
        [],
        output_field=BooleanField(),
    )

"""What a test committed is taken away by the owner: of the tables that were filled, and of those alone.

Django's own way empties every table and then does over what follows a migration: walls, privileges, kinds of records and
permissions. None of that is a test's doing, so it stays, and so do the rows that say it.
"""

from django.db import connections
from django.test import TransactionTestCase

OWNER = "owner"
#: What migrations write and no test does.
_STAYS = ("django_migrations", "django_content_type", "auth_permission")


def empty_what_was_filled(_test=None) -> None:
    """Empty each table that has been written to since it was last empty."""
    owner = connections[OWNER]
    ours = set(owner.introspection.django_table_names(include_views=False)) - set(_STAYS)
    with owner.cursor() as cursor:
        cursor.execute(
            "SELECT string_agg(format('%%I', relname), ', ') FROM pg_class "
            "WHERE relnamespace = current_schema()::regnamespace AND relkind = 'r' "
            "AND relname = ANY (%s) AND pg_relation_size(oid) > 0",
            [sorted(ours)],
        )
        (filled,) = cursor.fetchone()
        if filled:
            cursor.execute(f"TRUNCATE {filled} RESTART IDENTITY CASCADE")


def take_over() -> None:
    """Let tests that commit be cleaned up so."""
    TransactionTestCase._fixture_teardown = empty_what_was_filled  # type: ignore[method-assign]

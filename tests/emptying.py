"""What a test committed is taken away by the owner: of the tables that were filled, and of those alone.

Django's own way empties every table and then does over what follows a migration: walls, privileges, kinds of records and
permissions. None of that is a test's doing, so it stays, and so do the rows that say it.
"""

from django.db import connections, transaction
from django.test import TransactionTestCase

OWNER = "owner"
#: What migrations write and no test does.
_STAYS = ("django_migrations", "django_content_type", "auth_permission")


def empty_what_was_filled(_test=None) -> None:
    """Empty each table that has been written to since it was last empty.

    Rows are deleted, a few in each table: to truncate a table would make its file and those of its indexes anew, and
    those of every table that refers to it. Constraints are looked at once all of it is gone.
    """
    owner = connections[OWNER]
    ours = set(owner.introspection.django_table_names(include_views=False)) - set(_STAYS)
    with transaction.atomic(using=OWNER), owner.cursor() as cursor:
        cursor.execute(
            "SELECT relname FROM pg_class WHERE relnamespace = current_schema()::regnamespace AND relkind = 'r' "
            "AND relname = ANY (%s) AND pg_relation_size(oid) > 0 ORDER BY relname",
            [sorted(ours)],
        )
        filled = [owner.ops.quote_name(name) for (name,) in cursor.fetchall()]
        cursor.execute(
            "; ".join(["SET CONSTRAINTS ALL DEFERRED", *(f"DELETE FROM {name}" for name in filled)])
        )


def take_over() -> None:
    """Let tests that commit be cleaned up so."""
    TransactionTestCase._fixture_teardown = empty_what_was_filled  # type: ignore[method-assign]

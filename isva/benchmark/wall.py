"""Takes the wall in the database down, for a measure on made-up services, and puts it up again."""

from collections.abc import Iterator
from contextlib import contextmanager
from unittest import mock

from django.db import connections, transaction

from casework.models import Case
from isva.db.wall import policies
from isva.db.wall.tables import walled_tables
from isva.synthesis import databases


class NotAsTold(Exception):
    """The wall is not as the measure believes it to be: no figure is worth anything. Its text says how."""


@contextmanager
def up() -> Iterator[None]:
    """The wall as it always stands."""
    _set(enabled=True)
    if _seen_by_nobody():
        raise NotAsTold("The wall is up, and somebody who does not act sees a case.")
    yield


@contextmanager
def down() -> Iterator[None]:
    """No wall in the database, and nobody tells it who acts. The plain role and the application's own filters stay."""
    _set(enabled=False)
    try:
        with mock.patch("isva.db.wall.context.acting", side_effect=_only_a_transaction):
            if not _seen_by_nobody():
                raise NotAsTold("The wall is down, and yet hides every case.")
            yield
    finally:
        _set(enabled=True)


def _only_a_transaction(**_who):
    return transaction.atomic()


def _set(*, enabled: bool) -> None:
    """Only ever in a database of made-up services."""
    owner = connections[databases.OWNER]
    databases.refuse_others(owner.settings_dict["NAME"])
    word = "ENABLE" if enabled else "DISABLE"
    with owner.cursor() as cursor:
        for table in sorted({row.table for row in walled_tables()} | {policies.PERMISSIONS}):
            cursor.execute(f'ALTER TABLE "{table}" {word} ROW LEVEL SECURITY')


def _seen_by_nobody() -> bool:
    with transaction.atomic():
        return Case._base_manager.exists()

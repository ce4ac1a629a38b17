"""Who acts, told to the database: signed, for one transaction, and put back as it was when an act ends."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection, transaction
from psycopg.pq import TransactionStatus

from isva.clock.moment import now
from isva.db.wall.signing import expiry, sign


@contextmanager
def acting(*, user_id, service_id, whole: bool = False) -> Iterator[None]:
    """Until the block ends, the database shows and takes what this person may see and change in this service.

    Opens a transaction where there is none: what is told holds for one transaction. Who is not a member sees nothing.
    A ``whole`` act can be undone by itself: inside a transaction it begins a savepoint.
    """
    with (
        _in_transaction(whole=whole) as goes_on,
        _put_back(tell(user_id=user_id, service_id=service_id), goes_on),
    ):
        yield


def tell(*, user_id, service_id) -> list[str]:
    """Tell the database who acts until the transaction ends; returns what was in force before."""
    told = [str(user_id), str(service_id), now().isoformat(), expiry()]
    connection.ensure_connection()
    signature = sign("act", str(connection.connection.info.backend_pid), *told)
    return _ask("SELECT wall.act(%s, %s, %s, %s, %s)", *told, signature)


@contextmanager
def acting_by_link(kind: str, token_hash: str) -> Iterator[str | None]:
    """Until the block ends, the database shows the one case behind a secret link; yields the key of its service, or None.

    ``kind`` is *status* (reads) or *answer* (also writes the answer).
    """
    with _in_transaction() as goes_on:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT service, before FROM wall.act_by_link(%s, %s, %s)", [kind, token_hash, now()]
            )
            service, before = cursor.fetchone()
        with _put_back(before, goes_on):
            yield service


@contextmanager
def nobody_acting() -> Iterator[None]:
    """Until the block ends, the database shows no record to anybody. Outside a transaction that is so already."""
    if not connection.in_atomic_block:
        yield
        return
    with _put_back(_ask("SELECT wall.nobody()"), goes_on=True):
        yield


def opening(*, case_id=None, client_id=None) -> None:
    """Let the acting person add a case and a client that do not exist yet, and read them back in this transaction."""
    _ask("SELECT wall.opening(%s, %s)", case_id, client_id)


@contextmanager
def _in_transaction(*, whole: bool = False) -> Iterator[bool]:
    """A transaction; yields whether it goes on after the block."""
    goes_on = connection.in_atomic_block
    if goes_on and not whole:
        yield True
        return
    with transaction.atomic():
        yield goes_on


@contextmanager
def _put_back(before: list[str], goes_on: bool) -> Iterator[None]:
    """Put back what was in force before, where the transaction goes on: for whoever acted in it before."""
    try:
        yield
    finally:
        # A failed transaction (or savepoint) takes what was told in it along when it is undone.
        if goes_on and _answers():
            # By the driver itself: this is no question about a record, and a page that counts its own has none to count.
            connection.connection.execute("SELECT wall.restore(%s)", [before])


def _answers() -> bool:
    raw = connection.connection
    return raw is not None and not raw.closed and raw.info.transaction_status == TransactionStatus.INTRANS


def _ask(sql: str, *values):
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return cursor.fetchone()[0]

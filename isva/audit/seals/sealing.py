"""Seals what was written since the last seal: every minute by the clock, and on demand.

Transactions commit out of order, so a seal lists the very rows it covers. Each seal looks back an hour over what the
seals before it covered: a row that was committed late is covered by the next one. Once a night everything is looked at.
"""

import datetime as dt

from django.db import connections, transaction

from isva.audit.models import Seal, SealedRows
from isva.audit.seals.marks import digest_of_batch, hash_of_seal, key_in_use
from isva.audit.seals.tables import SealedTable, digest_of, in_sight_of, is_scope, scopes, sealed_tables
from isva.clock.moment import now

#: No transaction lasts so long: what was written earlier is committed, or will never be.
SLACK = dt.timedelta(hours=1)
#: Rows of one batch at most, so that a first seal over years stays within memory.
BATCH = 20_000


def seal_all(*, everything: bool = False) -> list[Seal]:
    """Seal every scope, each in a transaction of its own; returns the new seals.

    ``everything`` looks at all rows instead of the last hour's (a first seal does so by itself).
    """
    known = [scope for scope in scopes() if is_scope(scope)]
    return [made for scope in known if (made := seal(scope, everything=everything))]


def seal(scope: str, *, everything: bool = False) -> Seal | None:
    """Seal the rows of a scope that no seal covers yet. None where there are none. Two at once wait for each other."""
    with transaction.atomic(), in_sight_of(scope, using="default"):
        _one_at_a_time(scope)
        last = Seal.objects.filter(scope=scope).order_by("-number").first()
        new = Seal(
            scope=scope,
            number=last.number + 1 if last else 1,
            at=now(),
            rows=0,
            previous=last.hash if last else "",
            key_name=key_in_use(),
        )
        since = None if everything or last is None else last.at - SLACK
        batches = [
            batch
            for table in sealed_tables()
            if table.is_in(scope)
            for batch in _batches(new, table, _unsealed(table, scope, since))
        ]
        if not batches:
            return None
        new.rows = sum(len(batch.keys) for batch in batches)
        new.hash = hash_of_seal(new, [[batch.table, batch.part, batch.digest] for batch in batches])
        new.save(force_insert=True)
        for batch in batches:
            batch.save(force_insert=True)
        return new


def _one_at_a_time(scope: str) -> None:
    with connections["default"].cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext(%s))", [f"isva.audit.seals {scope}"])


def _unsealed(table: SealedTable, scope: str, since: dt.datetime | None) -> list[tuple[str, bytes]]:
    """The rows that no seal covers: (key, digest), by key; of those written ``since``, or of all."""
    window_of_rows = f'AND t."{table.moment}" >= %(since)s' if since else ""
    window_of_seals = "AND s.at >= %(since)s" if since else ""
    # The names are those of our own models; every value is a parameter.
    sql = (
        "WITH sealed AS (SELECT unnest(b.keys) AS key FROM audit_sealedrows b JOIN audit_seal s ON s.id = b.seal_id "  # noqa: S608
        f'WHERE s.scope = %(scope)s AND b."table" = %(table)s {window_of_seals}) '
        f'SELECT t."{table.key}"::text, {digest_of(table.columns)} FROM {table.rows(scope)} t '
        f'WHERE NOT EXISTS (SELECT FROM sealed WHERE sealed.key = t."{table.key}"::text) {window_of_rows} ORDER BY 1'
    )
    with connections["default"].cursor() as cursor:
        cursor.execute(sql, {"scope": scope, "table": table.name, "since": since})
        return [(key, bytes(digest)) for key, digest in cursor.fetchall()]


def _batches(new: Seal, table: SealedTable, rows: list) -> list[SealedRows]:
    made = []
    for part, start in enumerate(range(0, len(rows), BATCH)):
        chunk = rows[start : start + BATCH]
        batch = SealedRows(
            seal=new,
            table=table.name,
            part=part,
            columns=list(table.columns),
            keys=[key for key, _digest in chunk],
            digests=[digest for _key, digest in chunk],
        )
        batch.digest = digest_of_batch(batch)
        made.append(batch)
    return made

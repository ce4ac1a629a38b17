"""Recomputes the whole chain and says in words what is wrong: nothing of a record is quoted, rows are named by key."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import groupby

from django.db import connections, transaction

from isva.audit.models import NO_SERVICE, Seal, SealedRows
from isva.audit.seals import anchor
from isva.audit.seals.marks import KeyGone, digest_of_batch, hash_of_seal
from isva.audit.seals.sealing import SLACK
from isva.audit.seals.tables import SealedTable, digest_of, in_sight_of, is_scope, scopes, sealed_tables
from isva.clock.moment import now

#: So many rows of one table are named; beyond it the rest is counted.
NAMED = 20
#: A clock that runs ahead is no forgery.
AHEAD = dt.timedelta(minutes=5)


@dataclass
class Report:
    """What a verification found in one scope: how much was checked, and every fault in a sentence."""

    scope: str
    seals: int = 0
    rows: int = 0
    wrong: list[str] = field(default_factory=list)

    def say(self, sentence: str) -> None:
        """Add a fault."""
        self.wrong.append(sentence)


def verify_all(*, using: str = "default", anchor_path: str | None = None, heads=()) -> list[Report]:
    """Verify every scope that has rows, seals or an anchor. ``heads`` are further anchors (from mails, say)."""
    anchored = anchor.read(anchor_path)
    for head in heads:
        anchored.heads.append(head)
    known = scopes()
    unknown = sorted({head.scope for head in anchored.heads} - set(known))
    reports = [verify(scope, using=using, heads=anchored.heads) for scope in (*known, *unknown)]
    reports[0].wrong += anchored.wrong
    return reports


def verify(scope: str, *, using: str = "default", heads=()) -> Report:
    """Recompute the chain of a scope, every row that it covers, and compare it with the heads noted outside."""
    report = Report(scope)
    with transaction.atomic(using=using), in_sight_of(scope, using=using):
        _chain(report, using, heads)
        if not is_scope(scope):
            report.say("No chain can have this name: a seal or the anchor was changed.")
            return report
        sealed = _shapes(scope, using)
        for table in sealed_tables():
            if table.is_in(scope):
                _rows(report, table, sealed.pop(table.name, []), using)
        for name in sealed:
            report.say(f"The table {name} was sealed and is gone.")
    return report


def _chain(report: Report, using: str, heads) -> None:
    """Numbers without a gap, each seal on the one before, each hash as computed, each batch as it was."""
    hashes, before, expected = {}, "", 1
    for seal, batches in _links(report.scope, using):
        report.seals += 1
        report.rows += seal.rows
        for batch in batches:
            if len(batch.keys) != len(batch.digests) or digest_of_batch(batch) != batch.digest:
                report.say(
                    f"Seal {seal.number}: its list of rows of {batch.table} was changed after it was made."
                )
        if seal.number != expected:
            report.say(f"Seals {expected} to {seal.number - 1} are gone.")
        if seal.previous != before:
            report.say(f"Seal {seal.number} does not follow the seal before it.")
        if sum(len(batch.keys) for batch in batches) != seal.rows:
            report.say(f"Seal {seal.number} covers another number of rows than it says.")
        try:
            if hash_of_seal(seal, [[one.table, one.part, one.digest] for one in batches]) != seal.hash:
                report.say(
                    f"Seal {seal.number} was changed after it was made, or was not made by the product."
                )
        except KeyGone:
            report.say(
                f"Seal {seal.number} was made with a key that is not among FIELD_KEYS: put the key back."
            )
        hashes[seal.number] = before = seal.hash
        expected = seal.number + 1
    for head in heads:
        if head.scope == report.scope and hashes.get(head.number) != head.hash:
            what = "has another hash" if head.number in hashes else "is gone, and whatever it covered"
            report.say(f"Seal {head.number}, noted outside {head.when}, {what}.")


def _links(scope: str, using: str) -> Iterator[tuple[Seal, list[SealedRows]]]:
    """Each seal of a scope with its batches, by number; never more than a few in memory."""
    ordered = SealedRows.objects.using(using).filter(seal__scope=scope).order_by("seal__number")
    of_seals = groupby(ordered.iterator(50), key=lambda batch: batch.seal_id)
    following = next(of_seals, None)
    for seal in Seal.objects.using(using).filter(scope=scope).order_by("number").iterator(500):
        batches: list[SealedRows] = []
        if following and following[0] == seal.pk:
            batches = sorted(following[1], key=lambda batch: (batch.table, batch.part))
            following = next(of_seals, None)
        yield seal, batches


def _shapes(scope: str, using: str) -> dict[str, list[list[str]]]:
    """For each sealed table the lists of columns that its rows were sealed with (they change with migrations)."""
    found: dict[str, list[list[str]]] = {}
    shapes = SealedRows.objects.using(using).filter(seal__scope=scope).values_list("table", "columns")
    for name, columns in shapes.order_by().distinct():
        found.setdefault(name, []).append(columns)
    return found


def _rows(report: Report, table: SealedTable, shapes: list[list[str]], using: str) -> None:
    for columns in shapes:
        if gone := sorted(set(columns) - set(table.columns)):
            report.say(
                f"{table.name}: sealed columns are gone ({', '.join(gone)}): their rows cannot be checked."
            )
            continue
        changed = _ask(report, table, using, _CHANGED, columns=columns)
        _name(report, table, [key for key, is_gone in changed if is_gone], "is gone")
        _name(
            report, table, [key for key, is_gone in changed if not is_gone], "was changed after it was sealed"
        )
    covered = _ask(report, table, using, _UNCOVERED, columns=[])
    _name(
        report, table, [key for (key,) in covered], "is covered by no seal: it was put in beside the product"
    )
    late = _ask(report, table, using, _LATE, columns=[]) if shapes else []
    _name(
        report,
        table,
        [key for (key,) in late],
        "says that it is older than the seal before the one it is under",
    )


# The names in these are those of our own models; every value is a parameter.
_SEALED = (
    "FROM audit_sealedrows b JOIN audit_seal s ON s.id = b.seal_id "
    'WHERE s.scope = %(scope)s AND b."table" = %(table)s'
)
_CHANGED = (
    "SELECT u.key, t.{key} IS NULL FROM (SELECT unnest(b.keys) AS key, unnest(b.digests) AS digest "  # noqa: S608
    + _SEALED
    + " AND b.columns = %(columns)s) u LEFT JOIN {rows} t ON t.{key}::text = u.key "
    "WHERE t.{key} IS NULL OR {digest} IS DISTINCT FROM u.digest ORDER BY 1"
)
_UNCOVERED = (
    "SELECT t.{key}::text FROM {rows} t LEFT JOIN (SELECT unnest(b.keys) AS key " + _SEALED + ") u "  # noqa: S608
    "ON u.key = t.{key}::text WHERE u.key IS NULL AND (t.{moment} < %(pending_since)s OR t.{moment} > %(ahead)s) "
    "ORDER BY 1"
)
_LATE = (
    "SELECT u.key FROM (SELECT unnest(b.keys) AS key, before FROM (SELECT id, lag(at) OVER (ORDER BY number) AS before "
    "FROM audit_seal WHERE scope = %(scope)s) s JOIN audit_sealedrows b ON b.seal_id = s.id "
    'WHERE b."table" = %(table)s AND before IS NOT NULL) u JOIN {rows} t ON t.{key}::text = u.key '
    "WHERE t.{moment} < u.before - %(slack)s::interval ORDER BY 1"
)


def _ask(report: Report, table: SealedTable, using: str, sql: str, *, columns) -> list[tuple]:
    moment = now()
    with connections[using].cursor() as cursor:
        cursor.execute(
            sql.format(
                rows=table.rows(report.scope), key=f'"{table.key}"', moment=f'"{table.moment}"',
                digest=digest_of(columns),
            ),
            {
                "scope": report.scope, "table": table.name, "columns": columns, "slack": f"{SLACK.total_seconds():.0f} seconds",
                "pending_since": moment - SLACK, "ahead": moment + AHEAD,
            },
        )  # fmt: skip
        return cursor.fetchall()


def _name(report: Report, table: SealedTable, keys: list[str], what: str) -> None:
    for key in keys[:NAMED]:
        report.say(f"{table.name}: row {key} {what}.")
    if len(keys) > NAMED:
        report.say(f"{table.name}: {len(keys) - NAMED} more rows like that.")


def words_of(scope: str) -> str:
    """A scope in words: the name of the service, or that the rows belong to none."""
    from isva.accounts.models import Service

    if scope == NO_SERVICE:
        return "people and services"
    service = Service.objects.filter(pk=scope).first() if is_scope(scope) else None
    return service.name if service else f"service {scope} (not there any more)"

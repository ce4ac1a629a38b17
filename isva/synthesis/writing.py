"""Writes made-up rows by the hundred thousand: one statement a table, drawn from a seed inside the database.

What is drawn for row *n* depends on the seed, on *n* and on what it is drawn for, and on nothing else: twice the same
seed is twice the same service, in whatever order the tables are filled.
"""

import zlib
from itertools import accumulate
from typing import Any

from django.db import models

_LARGEST = 2**63 - 1


class Pen:
    """Writes through one cursor of the owner, with one seed; ``written`` are the tables that it has written to."""

    def __init__(self, cursor, seed: int) -> None:
        self.cursor = cursor
        self.seed = seed
        self.written: set[str] = set()

    def chance(self, what: str, number: str = "life.n") -> str:
        """SQL for a number from 0 to 1 (1 left out), drawn for ``what`` of row ``number``."""
        salt = zlib.crc32(f"{self.seed}:{what}".encode())
        return f"((hashint8extended({number}, {salt}) & {_LARGEST})::float8 / {float(2**63)})"

    def key(self, what: str, number: str = "life.n") -> str:
        """SQL for the key of a row."""
        return f"md5('{self.seed}:{what}:' || {number})::uuid"

    def pick(self, what: str, choices, number: str = "life.n", *, even: bool = True) -> str:
        """SQL for one of ``choices``; with ``even=False`` the first ones come more often."""
        drawn = self.chance(what, number)
        power = "1" if even else "2"
        return f"({texts(choices)})[1 + floor(power({drawn}, {power}) * {len(choices)})::int]"

    def weighted(self, what: str, choices, number: str = "life.n") -> str:
        """SQL for one of ``choices``, pairs of a text and a weight: each as often as its part of all weights."""
        words, weights = zip(*choices, strict=True)
        whole = sum(weights)
        ends = ", ".join(f"{one / whole:.6f}" for one in accumulate(weights[:-1]))
        return f"({texts(words)})[1 + width_bucket({self.chance(what, number)}, ARRAY[{ends}]::float8[])]"

    def insert(self, model: Any, source: str, /, **values: str) -> int:
        """Insert into the table of a model what ``values`` (column → SQL) say of every row of ``source``.

        A column that is not named gets the model's own default. Returns how many rows there are.
        """
        self.written.add(model._meta.db_table)
        columns, chosen, params = [], [], []
        for field in model._meta.concrete_fields:
            if field.column in values:
                columns.append(f'"{field.column}"')
                chosen.append(_plain(values.pop(field.column)))
            elif not isinstance(field, models.AutoField):
                columns.append(f'"{field.column}"')
                chosen.append(f"%s::{field.db_type(self.cursor.db)}")
                params.append(field.get_db_prep_save(_default(field), self.cursor.db))
        if values:
            raise ValueError(f"{model._meta.label} has no {sorted(values)}")
        self.cursor.execute(
            f'INSERT INTO "{model._meta.db_table}" ({", ".join(columns)}) '
            f"SELECT {', '.join(chosen)} FROM {_plain(source)}",
            params,
        )
        return self.cursor.rowcount

    def remember(self, model: Any, *, at: str, by: str, source: str = "", share: float = 1.0) -> int:
        """Give a share of a model's rows the history of rows that were made and never changed."""
        kept = model.history.model
        names = [f'"{one.column}"' for one in kept.tracked_fields]
        own = {
            "history_date": at,
            "history_user_id": by,
            "history_type": "'+'",
            "history_change_reason": "''",
        }
        key = kept._meta.pk
        if isinstance(key, models.UUIDField):
            own[str(key.column)] = "gen_random_uuid()"
        condition = f"(hashtext(made.id::text) & 1023) < {round(share * 1024)}"
        self.cursor.execute(
            f'INSERT INTO "{kept._meta.db_table}" ({", ".join([*names, *own])}) '
            f"SELECT {', '.join([*(f'made.{name}' for name in names), *own.values()])} "
            f'FROM "{model._meta.db_table}" made {source} WHERE {condition}'
        )
        return self.cursor.rowcount


def record(by: str, at: str) -> dict[str, str]:
    """The columns that every case record has, of a row about ``life``: recorded by whom, and when."""
    return {
        "case_id": "life.case_id",
        "service_id": "life.service_id",
        "recorded_by_id": by,
        "recorded_at": at,
    }


def texts(choices) -> str:
    """An SQL array of texts."""
    return "ARRAY[" + ", ".join("'" + str(one).replace("'", "''") + "'" for one in choices) + "]"


def _plain(sql: str) -> str:
    return sql.replace("%", "%%")


def _default(field):
    if field.has_default():
        return field.get_default()
    if isinstance(field, (models.CharField, models.TextField)) and not field.null:
        return ""
    return None


class Lifted:
    """The foreign keys, exclusion constraints and further indexes of some tables, taken off and put back.

    Put back they are checked as a whole, much faster than row by row; what would break one stops the load.
    """

    def __init__(self, cursor, tables: list[str]) -> None:
        self.cursor = cursor
        cursor.execute(
            "SELECT conrelid::regclass::text, quote_ident(conname), pg_get_constraintdef(oid) FROM pg_constraint "
            "WHERE conrelid = ANY (%s::regclass[]) AND contype IN ('f', 'x') ORDER BY contype, conname",
            [tables],
        )
        self.constraints = cursor.fetchall()
        cursor.execute(
            "SELECT i.indexrelid::regclass::text, pg_get_indexdef(i.indexrelid) FROM pg_index i "
            "WHERE i.indrelid = ANY (%s::regclass[]) AND NOT i.indisunique "
            "AND NOT EXISTS (SELECT FROM pg_constraint c WHERE c.conindid = i.indexrelid) ORDER BY 1",
            [tables],
        )
        self.indexes = cursor.fetchall()

    def take_off(self) -> None:
        """Take them off."""
        for table, name, _definition in self.constraints:
            self.cursor.execute(f"ALTER TABLE {table} DROP CONSTRAINT {name}")
        for name, _definition in self.indexes:
            self.cursor.execute(f"DROP INDEX {name}")

    def put_back(self) -> None:
        """Put them back; the database checks every row."""
        for _name, definition in self.indexes:
            self.cursor.execute(definition)
        for table, name, definition in self.constraints:
            self.cursor.execute(f"ALTER TABLE {table} ADD CONSTRAINT {name} {definition}")

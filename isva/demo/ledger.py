"""Writes the fictional service in bulk, with the history that its records would have had.

Nothing else in the product writes audited records in bulk. Here it is allowed because three years are made in
seconds: each row is kept with every state it went through, who made the change and when, and rows and history
go to the database together.
"""

import datetime as dt
import random
import uuid
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from django.db import connection

BATCH = 1000


@cache
def _tracked(model: Any) -> tuple[str, ...]:
    """The columns that the history of a model keeps."""
    return tuple(one.attname for one in model.history.model.tracked_fields)


@dataclass
class Ledger:
    """Rows to be written, and the states they went through. ``rng`` makes the keys, so that a seed makes one service."""

    rng: random.Random
    rows: dict[Any, list] = field(default_factory=dict)
    states: dict[Any, list] = field(default_factory=dict)

    def add(self, row: Any, *, at: dt.datetime, by):
        """Take up a new row as it stands, recorded at a moment by a person. Returns it, with its key."""
        row.pk = uuid.UUID(int=self.rng.getrandbits(128), version=4)
        if hasattr(row, "recorded_by_id"):
            row.recorded_by, row.recorded_at = by, at
        if hasattr(row, "service_id") and row.service_id is None:
            parent = row.case if hasattr(row, "case_id") else row.client
            row.service_id = parent.service_id
        self.rows.setdefault(type(row), []).append(row)
        self._keep_state(row, "+", at, by)
        return row

    def change(self, row: Any, *, at: dt.datetime, by, **values) -> None:
        """Change a row that was taken up before; the state it had stays in its history."""
        for name, value in values.items():
            setattr(row, name, value)
        self._keep_state(row, "~", at, by)

    def write(self) -> int:
        """Write everything; returns how many rows, history not counted."""
        for model, rows in self.rows.items():
            model._base_manager.bulk_create(rows, batch_size=BATCH)
        for model, states in self.states.items():
            kept = model.history.model
            if hasattr(model, "recorded_at") and all(state["history_type"] == "+" for state in states):
                _write_first_states(model, kept)
            else:
                kept._base_manager.bulk_create([kept(**state) for state in states], batch_size=BATCH)
        return sum(len(rows) for rows in self.rows.values())

    def _keep_state(self, row, kind: str, at: dt.datetime, by) -> None:
        model: Any = type(row)
        state = {name: getattr(row, name) for name in _tracked(model)}
        state |= {
            "history_date": at,
            "history_type": kind,
            "history_user_id": by.pk,
            "history_change_reason": "",
        }
        self.states.setdefault(type(row), []).append(state)


def _write_first_states(model: Any, kept: Any) -> None:
    """Write the history of rows that were made and never changed: their one state is the row itself."""
    quote = connection.ops.quote_name
    columns = ", ".join(quote(one.column) for one in kept.tracked_fields)
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {quote(kept._meta.db_table)} ({columns}, history_date, history_type, history_user_id, "  # noqa: S608
            f"history_change_reason) SELECT {columns}, recorded_at, '+', recorded_by_id, '' "
            f"FROM {quote(model._meta.db_table)} WHERE id NOT IN (SELECT id FROM {quote(kept._meta.db_table)})"
        )

"""A case like one that was made before: the same rows, with keys, a reference, a name and moments of its own.

Most tests begin with a case somewhere on the pathway, and to walk it there takes as long as all else that they do. The
first of a kind is made as the service makes it (``factories.py``); what was written then is kept in this process, and
written again for the next. Where checks are taken away one by one, nothing is copied (``ALWAYS_ANEW``).
"""

import datetime as dt
import re
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from django.db import connection, models

from casework.models import Case, CaseUserObjectPermission
from casework.references import new_reference
from casework.search_tokens import keep_tokens
from isva.clock.moment import now, today
from isva.db.wall.policies import PERMISSIONS
from isva.db.wall.tables import CASE, walled_tables

#: Set by whoever needs every case to go through the product's own functions.
ALWAYS_ANEW = False
#: What took forty thousandths of a second to make comes in the same order and is past when the copy is there.
_QUICKER = 20
_INSERTED = re.compile(r'INSERT INTO "?(\w+)')
_DERIVED = "casework_searchtoken"  # made from the name, which is another one


@dataclass
class Written:
    """What the making of a case wrote: rows by table, as they stood at its end."""

    began: dt.datetime
    name: str
    reference: str = ""
    case_id: uuid.UUID | None = None
    tables: list[tuple[str, str, list[tuple]]] = field(default_factory=list)
    keys: set[uuid.UUID] = field(default_factory=set)


_kept: dict[tuple, Written] = {}


def copied(kind: tuple, *, name: str, make: Callable[[], Case]) -> Case:
    """A case of a kind: made by ``make`` the first time, and from then on by its rows. Both are seen by who calls.

    ``kind`` says all that the case depends on but its name, the day, and whether the clock stands still.
    """
    if ALWAYS_ANEW:
        return make()
    began = now()
    kind = (*kind, today(), began == now())
    if kind in _kept:
        return _write_again(_kept[kind], name=name, began=began)
    with _tables_written() as names:
        case = make()
    _kept[kind] = _read(case, names, name=name, began=began)
    return case


@contextmanager
def _tables_written() -> Iterator[list[str]]:
    """Yields the names of the tables that are written to, in the order of their first rows."""
    names: list[str] = []

    def listen(execute, sql, params, many, context):
        if (found := _INSERTED.match(sql)) and found[1] not in names:
            names.append(found[1])
        return execute(sql, params, many, context)

    with connection.execute_wrapper(listen):
        yield names


def _read(case: Case, names: list[str], *, name: str, began: dt.datetime) -> Written:
    written = Written(began=began, name=name, reference=case.reference, case_id=case.pk)
    walled = {row.table: row for row in walled_tables()}
    for table in names:
        if table == _DERIVED or (table not in walled and table != PERMISSIONS):
            continue
        model: type[models.Model] = CaseUserObjectPermission
        if table == PERMISSIONS:
            column, of_case = "content_object_id", True
        else:
            model, column, of_case = walled[table].model, walled[table].column, walled[table].of == CASE
        fields = [one for one in model._meta.concrete_fields if not isinstance(one, models.AutoField)]
        columns = ", ".join(f'"{one.column}"' for one in fields)
        with connection.cursor() as cursor:
            cursor.execute(
                f'SELECT {columns} FROM "{table}" WHERE "{column}" = %s',
                [case.pk if of_case else case.client_id],
            )
            rows = cursor.fetchall()
        for place, one in enumerate(fields):
            if one.primary_key:
                written.keys.update(row[place] for row in rows)
        written.tables.append((table, columns, rows))
    return written


def _write_again(written: Written, *, name: str, began: dt.datetime) -> Case:
    keys = {key: uuid.uuid4() for key in written.keys}
    words = {written.name: name, written.reference: new_reference()}

    def anew(value):
        if isinstance(value, uuid.UUID):
            return keys.get(value, value)
        if isinstance(value, str):
            return words.get(value, value)
        if isinstance(value, dt.datetime):
            return began + (value - written.began) / _QUICKER
        return value

    statements, values = [], []
    for table, columns, rows in written.tables:
        row = f"({', '.join(['%s'] * len(rows[0]))})"
        statements.append(f'INSERT INTO "{table}" ({columns}) VALUES {", ".join([row] * len(rows))}')
        values += [anew(value) for one in rows for value in one]
    with connection.cursor() as cursor:
        cursor.execute("; ".join(statements), values)
    case = Case._base_manager.select_related("client", "service", "lead_isva").get(pk=keys[written.case_id])
    keep_tokens(case.client)
    return case

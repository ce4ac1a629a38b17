"""What is sealed: every history table and every other table that is written once, and how a row becomes a digest."""

import uuid
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from functools import cache

from django.apps import apps
from django.db import connections

from isva.access.system import SystemUser, act_as_system
from isva.audit.models import NO_SERVICE, Seal, SealedRows


@dataclass(frozen=True)
class SealedTable:
    """A table whose rows are sealed: its key, the column of the moment a row was written, and all its columns."""

    name: str
    words: str
    key: str
    moment: str
    columns: tuple[str, ...]

    def rows(self, scope: str) -> str:
        """The rows of a scope, as SQL to select from; takes one parameter where ``has_service``."""
        if not self.has_service:
            return f'(SELECT * FROM "{self.name}")'  # noqa: S608 - names of our own models
        of_scope = "service_id IS NULL" if scope == NO_SERVICE else "service_id = %(scope)s::uuid"
        return f'(SELECT * FROM "{self.name}" WHERE {of_scope})'  # noqa: S608 - names of our own models

    @property
    def has_service(self) -> bool:
        """Whether the rows say which service they belong to."""
        return "service_id" in self.columns

    def is_in(self, scope: str) -> bool:
        """Whether rows of a scope can be in this table."""
        return self.has_service or scope == NO_SERVICE


def digest_of(columns) -> str:
    """SQL for the digest of a row ``t``: SHA-256 over the text of all its columns as one record.

    PostgreSQL quotes the parts of a record, so that no two rows have the same text, NULL and empty apart.
    """
    parts = ", ".join(f't."{column}"' for column in columns)
    return f"pg_catalog.sha256(pg_catalog.convert_to(ROW({parts})::text, 'UTF8'))"


@cache
def sealed_tables() -> tuple[SealedTable, ...]:
    """Every table that is sealed, in the order of their names. Seals seal each other."""
    found = []
    for model in apps.get_models():
        is_history = model.__name__.startswith("Historical")
        if not (is_history or getattr(model, "written_once", False)) or model in (Seal, SealedRows):
            continue
        of = model.instance_type if is_history else model  # type: ignore[attr-defined]
        words = str(of._meta.verbose_name)
        found.append(
            SealedTable(
                name=model._meta.db_table,
                words=f"history of {words}" if is_history else words,
                key=str(model._meta.pk.column),
                moment="history_date" if is_history else getattr(model, "written_at", "at"),
                columns=tuple(sorted(str(field.column) for field in model._meta.concrete_fields)),
            )
        )
    return tuple(sorted(found, key=lambda table: table.name))


def is_scope(text: str) -> bool:
    """Whether a text can be a scope at all; a changed seal or anchor may name anything."""
    if text == NO_SERVICE:
        return True
    try:
        return str(uuid.UUID(text)) == text
    except ValueError:
        return False


def scopes() -> list[str]:
    """Every scope that has a chain: the services, what belongs to none, and whatever was sealed before."""
    from isva.accounts.models import Service

    known = {str(key) for key in Service.objects.values_list("pk", flat=True)}
    return [NO_SERVICE, *sorted(known | set(Seal.objects.values_list("scope", flat=True)) - {NO_SERVICE})]


@contextmanager
def in_sight_of(scope: str, *, using: str) -> Iterator[None]:
    """Act so that every row of a scope is in sight, and read every value as the same text whatever the session."""
    from isva.accounts.models import Service

    is_key = scope != NO_SERVICE and is_scope(scope)
    service = Service.objects.filter(pk=scope).first() if is_key else None
    with act_as_system(SystemUser.CLOCK, service) if service else nullcontext():
        with connections[using].cursor() as cursor:
            cursor.execute(
                "SELECT set_config('TimeZone', 'UTC', true), set_config('DateStyle', 'ISO, YMD', true), "
                "set_config('IntervalStyle', 'postgres', true), set_config('bytea_output', 'hex', true), "
                "set_config('extra_float_digits', '1', true)"
            )
        yield

"""Which tables stand behind the wall: every record of a case or a client, its history, and what is derived from them."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.apps import apps

#: The column that says whose row it is, by what the row belongs to.
CASE, CLIENT = "case", "client"


@dataclass(frozen=True)
class Walled:
    """A table behind the wall: what its rows belong to, and the column that names it."""

    table: str
    of: str
    column: str
    model: type


def walled_tables() -> Iterator[Walled]:
    """Every table that holds rows of cases or clients, read from the models as they stand."""
    for model in apps.get_models(include_auto_created=True):
        if not model._meta.managed or model._meta.proxy:
            continue
        tracked = getattr(model, "instance_type", None) or model
        if found := _belongs_to(tracked):
            yield Walled(model._meta.db_table, *found, model=model)


def _belongs_to(model) -> tuple[str, str] | None:
    """What the rows of a model belong to, and the column that says so; None for a table outside the wall."""
    from isva.db.records import CaseRecord, ClientRecord

    if model._meta.label == "casework.Case":
        return CASE, "id"
    if model._meta.label == "casework.Client":
        return CLIENT, "id"
    if issubclass(model, CaseRecord):
        return CASE, "case_id"
    if issubclass(model, ClientRecord):
        return CLIENT, "client_id"
    # A row that is derived from a record (a search token, say) says by itself whose it is.
    if column := getattr(model, "walled_by", None):
        return (CASE if column == "case_id" else CLIENT), column
    return None

"""What the plain role may do: the web, the worker, the commands and the tests sign in as one that owns nothing.

Run by the owner after every migration, from the models as they stand, so that a new table is never forgotten.
History, access entries and seals are written once: the plain role can read them and add to them, never change or
remove one. A model says so of itself by ``written_once``.
"""

from django.apps import apps
from django.db import connections

OWNER = "owner"


def _tables():
    """Yields (table, privileges) for every table that the plain role works with.

    No record of a case or a client is ever removed: it is ended, replaced or withdrawn, and stays on the record.
    """
    from isva.db.records import CaseRecord, ClientRecord

    never_removed = (
        CaseRecord,
        ClientRecord,
        apps.get_model("casework.Case"),
        apps.get_model("casework.Client"),
    )
    for model in apps.get_models(include_auto_created=True):
        if not model._meta.managed:
            continue
        written_once = (
            hasattr(model, "tracked_model")
            or model.__name__.startswith("Historical")
            or getattr(model, "written_once", False)
        )
        if written_once:
            yield model._meta.db_table, "SELECT, INSERT"
        elif issubclass(model, never_removed):
            yield model._meta.db_table, "SELECT, INSERT, UPDATE"
        else:
            yield model._meta.db_table, "SELECT, INSERT, UPDATE, DELETE"
    yield "django_migrations", "SELECT"


def grant_privileges(*, using: str = OWNER) -> None:
    """Give the plain role exactly what it needs on every table and sequence; ``using`` is the owner's alias."""
    role = connections["default"].settings_dict["USER"]
    owner = connections[using]
    if role == owner.settings_dict["USER"]:
        return
    quote = owner.ops.quote_name
    with owner.cursor() as cursor:
        existing = set(owner.introspection.table_names(cursor))
        cursor.execute(f"GRANT USAGE ON SCHEMA public TO {quote(role)}")
        for table, privileges in _tables():
            if table in existing:
                cursor.execute(f"REVOKE ALL ON {quote(table)} FROM {quote(role)}")
                cursor.execute(f"GRANT {privileges} ON {quote(table)} TO {quote(role)}")
        cursor.execute(f"GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {quote(role)}")

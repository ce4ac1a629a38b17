"""A database of their own for made-up services, beside the real one and never in it."""

from django.contrib.contenttypes.models import ContentType
from django.core.management import call_command
from django.db import connections

OWNER = "owner"
#: Only a database whose name begins so is ever dropped or filled.
BEGINS = "isva_bench"


class NotOurs(Exception):
    """A database that is not one for made-up services was about to be filled. Its text says which."""


def says_of_itself(name: str) -> str | None:
    """What a database says of what is in it; None where there is none of that name."""
    with connections[OWNER].cursor() as cursor:
        cursor.execute("SELECT oid FROM pg_database WHERE datname = %s", [name])
        if cursor.fetchone() is None:
            return None
        cursor.execute(
            "SELECT shobj_description(oid, 'pg_database') FROM pg_database WHERE datname = %s", [name]
        )
        return cursor.fetchone()[0] or ""


def make_empty(name: str) -> None:
    """Make a database anew, with every table and nothing in it, and turn both connections to it."""
    refuse_others(name)
    owner = connections[OWNER]
    quoted = owner.ops.quote_name(name)
    with owner.cursor() as cursor:
        cursor.execute(f"DROP DATABASE IF EXISTS {quoted}")
        cursor.execute(f"CREATE DATABASE {quoted}")
    turn_to(name)
    bring_up_to_date()


def bring_up_to_date() -> None:
    """Migrate the database that the connections are turned to, as the owner."""
    call_command("migrate", database=OWNER, interactive=False, verbosity=0)
    ContentType.objects.clear_cache()


def mark(name: str, words: str) -> None:
    """Let a database say what is in it, once it is whole."""
    refuse_others(name)
    owner = connections[OWNER]
    with owner.cursor() as cursor:
        cursor.execute(f"COMMENT ON DATABASE {owner.ops.quote_name(name)} IS %s", [words])


def turn_to(name: str) -> None:
    """Turn both connections of this process, those of its later threads too, to another database."""
    refuse_others(name)
    for alias in ("default", OWNER):
        connections[alias].close()
        connections.settings[alias]["NAME"] = connections[alias].settings_dict["NAME"] = name
    ContentType.objects.clear_cache()


def refuse_others(name: str) -> None:
    """Raise NotOurs for any database that is not one for made-up services."""
    if not name.startswith(BEGINS):
        raise NotOurs(
            f"{name} does not begin with {BEGINS}: made-up services go into a database of their own."
        )

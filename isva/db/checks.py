"""Start-up refuses what would take a wall down: a process with more rights than it needs, a table without its policies."""

from django.core.checks import Error, Tags, register
from django.core.exceptions import ImproperlyConfigured
from django.db import connections

from isva.db.wall.policies import PERMISSIONS
from isva.db.wall.tables import walled_tables

#: A table with one of these columns holds rows of somebody, whether a model of ours says so or not.
_TELLING_COLUMNS = ("case_id", "client_id")
#: Tables that name a case by a plain key for another reason, and hold nothing of it.
NOT_OF_THE_KIND: dict[str, str] = {}


@register(Tags.database)
def plain_role_is_plain(app_configs, databases, **kwargs):
    """The ``default`` connection may not be a superuser, bypass row security, own a table, or become the definer."""
    if "default" not in (databases or []):
        return []
    reason = why_privileged()
    return [Error(reason, id="isva.E001")] if reason else []


@register(Tags.database)
def every_table_is_behind_the_wall(app_configs, databases, **kwargs):
    """Every table of case or client records, history and derived rows included, has forced policies for each command."""
    if "default" not in (databases or []):
        return []
    return [
        Error(
            f"The table {table} holds rows of cases or clients and stands outside the wall.",
            hint="Migrate as the owner: the policies are written after every migration (isva/db/wall/raising.py).",
            id="isva.E002",
        )
        for table in tables_outside_the_wall()
    ]


def tables_outside_the_wall() -> list[str]:
    """Tables that ought to be behind the wall and are not: by the models, and by the columns that a table has."""
    with connections["default"].cursor() as cursor:
        cursor.execute(
            """
            SELECT c.relname,
                   c.relrowsecurity AND c.relforcerowsecurity AND (
                     SELECT count(DISTINCT p.polcmd) FROM pg_policy p
                     WHERE p.polrelid = c.oid AND p.polname LIKE 'wall@_%%' ESCAPE '@' AND p.polcmd IN ('r', 'a', 'w', 'd')
                       AND (SELECT oid FROM pg_roles WHERE rolname = current_user) = ANY (p.polroles)) = 4,
                   EXISTS (SELECT FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attname = ANY (%s)
                           AND NOT a.attisdropped)
            FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
            WHERE n.nspname = 'public' AND c.relkind IN ('r', 'p', 'm')
            """,
            [list(_TELLING_COLUMNS)],
        )
        found = {table: (walled, telling) for table, walled, telling in cursor.fetchall()}
    wanted = {row.table for row in walled_tables()} | {PERMISSIONS}
    wanted |= {table for table, (_walled, telling) in found.items() if telling} - set(NOT_OF_THE_KIND)
    return sorted(table for table in wanted if not found.get(table, (False, False))[0])


def why_privileged() -> str:
    """Why the ``default`` role is too powerful, in words; empty when it is not.

    What it could become by membership in another role counts as its own.
    """
    with connections["default"].cursor() as cursor:
        cursor.execute(
            "SELECT EXISTS (SELECT FROM pg_roles WHERE (rolsuper OR rolbypassrls) AND pg_has_role(oid, 'MEMBER')), "
            "EXISTS (SELECT FROM pg_class WHERE relkind IN ('r', 'p') AND pg_has_role(relowner, 'MEMBER')), "
            "EXISTS (SELECT FROM pg_proc WHERE prosecdef AND pg_has_role(proowner, 'MEMBER'))"
        )
        powerful, owns, defines = cursor.fetchone()
    if powerful:
        return (
            "The application's database role is a superuser or bypasses row security. Give it a plain role."
        )
    if owns:
        return "The application's database role owns tables. Migrate as the owner and run as a plain role."
    if defines:
        return "The application's database role can become the one that reads past the wall. Take that membership away."
    return ""


def refuse_privileges() -> None:
    """Raise ImproperlyConfigured, in words, where the role is too powerful to serve, or a table is outside the wall.

    Asked once by every process that serves, before it serves anything; the connection is not kept for those that
    are forked from it. The owner's own commands are not asked.
    """
    try:
        reason = why_privileged()
        if not reason and (outside := tables_outside_the_wall()):
            reason = f"Outside the wall: {', '.join(outside)}. Run the migrations."
    finally:
        connections["default"].close()
    if reason:
        raise ImproperlyConfigured(
            f"Not started. {reason} (DATABASE_URL; docker/roles.sql makes both roles.)"
        )

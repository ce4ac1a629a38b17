"""Start-up refuses what would take a wall down: a process that signs in with more rights than it needs."""

from django.core.checks import Error, Tags, register
from django.core.exceptions import ImproperlyConfigured
from django.db import connections


@register(Tags.database)
def plain_role_is_plain(app_configs, databases, **kwargs):
    """The ``default`` connection may not be a superuser, bypass row security, or own a table."""
    if "default" not in (databases or []):
        return []
    reason = why_privileged()
    return [Error(reason, id="isva.E001")] if reason else []


def why_privileged() -> str:
    """Why the ``default`` role is too powerful, in words; empty when it is not.

    What it could become by membership in another role counts as its own.
    """
    with connections["default"].cursor() as cursor:
        cursor.execute(
            "SELECT EXISTS (SELECT FROM pg_roles WHERE (rolsuper OR rolbypassrls) AND pg_has_role(oid, 'MEMBER')), "
            "EXISTS (SELECT FROM pg_class WHERE relkind IN ('r', 'p') AND pg_has_role(relowner, 'MEMBER'))"
        )
        powerful, owns = cursor.fetchone()
    if powerful:
        return (
            "The application's database role is a superuser or bypasses row security. Give it a plain role."
        )
    if owns:
        return "The application's database role owns tables. Migrate as the owner and run as a plain role."
    return ""


def refuse_privileges() -> None:
    """Raise ImproperlyConfigured, in words, where the ``default`` role is too powerful to serve pages or work tasks.

    Asked once by every process that serves, before it serves anything; the connection is not kept for those that
    are forked from it. The owner's own commands are not asked.
    """
    try:
        reason = why_privileged()
    finally:
        connections["default"].close()
    if reason:
        raise ImproperlyConfigured(
            f"Not started. {reason} (DATABASE_URL; docker/roles.sql makes both roles.)"
        )

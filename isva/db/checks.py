"""Start-up refuses what would take a wall down: a process that signs in with more rights than it needs."""

from django.core.checks import Error, Tags, register
from django.db import connections


@register(Tags.database)
def plain_role_is_plain(app_configs, databases, **kwargs):
    """The ``default`` connection may not be a superuser, bypass row security, or own a table."""
    if "default" not in (databases or []):
        return []
    reason = why_privileged()
    return [Error(reason, id="isva.E001")] if reason else []


def why_privileged() -> str:
    """Why the ``default`` role is too powerful, in words; empty when it is not."""
    with connections["default"].cursor() as cursor:
        cursor.execute(
            "SELECT rolsuper OR rolbypassrls, EXISTS (SELECT FROM pg_class WHERE relowner = r.oid AND relkind = 'r') "
            "FROM pg_roles r WHERE rolname = current_user"
        )
        powerful, owns = cursor.fetchone()
    if powerful:
        return (
            "The application's database role is a superuser or bypasses row security. Give it a plain role."
        )
    if owns:
        return "The application's database role owns tables. Migrate as the owner and run as a plain role."
    return ""

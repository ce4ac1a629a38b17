"""Doors of pages that are not about one case. Every route carries a door mark; a test refuses one without.

The doors of case pages stand in ``casework/doors.py``.
"""

from dataclasses import dataclass
from functools import wraps

from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404
from django.utils.text import get_text_list
from django.utils.translation import gettext as _

from isva.access.roles import SERVICE_PERMISSIONS, Permission


@dataclass(frozen=True)
class Door:
    """What a route asks of its visitor: ``public``, ``signed_in``, ``staff`` or ``case``."""

    kind: str
    permissions: tuple[Permission, ...] = ()


def public_page(view):
    """A page for people who are nobody here: the public forms, secret links, sign-in."""
    marked = login_not_required(view)
    marked.door = Door("public")
    return marked


def signed_in_page(view):
    """A page for anyone signed in, before a service is chosen."""

    @wraps(view)
    def door(request, *args, **kwargs):
        return view(request, *args, **kwargs)

    door.door = Door("signed_in")
    return door


def staff_page(*permissions: Permission):
    """A page for members of the active service who hold at least one of ``permissions`` (none: any member)."""

    def decorator(view):
        @wraps(view)
        def door(request, *args, **kwargs):
            require_any(request.acting, permissions)
            return view(request, *args, **kwargs)

        door.door = Door("staff", permissions)
        return door

    return decorator


def require_any(person, permissions) -> None:
    """Raise PermissionDenied, in words, unless ``person`` holds one of ``permissions``."""
    if permissions and not any(person.can(permission) for permission in permissions):
        needed = get_text_list([str(SERVICE_PERMISSIONS[p]) for p in permissions], _("or"))
        raise PermissionDenied(_("This page is for people who %(needed)s.") % {"needed": needed})


def find(rows, key):
    """The row with this key among ``rows`` (already scoped to what may be seen). Raises Http404."""
    try:
        row = rows.filter(pk=key).first()
    except (ValueError, ValidationError):
        row = None
    if row is None:
        raise Http404
    return row

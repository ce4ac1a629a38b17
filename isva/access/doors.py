"""Doors of pages that are not about one case. Every route carries a door mark; a test refuses one without.

The doors of case pages stand in ``casework/doors.py``.
"""

from dataclasses import dataclass
from functools import wraps
from urllib.parse import urlencode, urlsplit

from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.text import get_text_list
from django.utils.translation import gettext as _

from isva.access import entry
from isva.access.roles import SERVICE_PERMISSIONS, Permission
from isva.drafts import typed


@dataclass(frozen=True)
class Door:
    """What a route asks of its visitor: ``public``, ``signed_in``, ``staff`` or ``case``."""

    kind: str
    permissions: tuple[Permission, ...] = ()
    takes_out: bool = False  # what leaves the screen: print, export, download


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


def before_second_factor(view):
    """Mark a page that opens to somebody signed in by password alone: it sets up the second factor, or signs out."""
    view.before_second_factor = True
    return view


def in_background(view):
    """Mark a page that scripts ask by themselves: such a request is no sign that somebody is at work."""
    view.in_background = True
    return asked_by_script(view)


def asked_by_script(view):
    """Mark a page that a script asks: after the end of a session it is told so (401), and the session stays as it was.

    So that what somebody then sends of the page they are on is still known to be theirs, and kept.
    """
    view.asked_by_script = True
    return view


def recently_confirmed(view=None, *, only_to_send: bool = False, unless_first: bool = False):
    """A page for people who have confirmed within the last minutes that it is them; others are asked to first.

    For exports, walls, roles, and whatever else reaches far. Nothing typed is lost: what was sent is offered again
    after confirming. With ``only_to_send`` the page may be looked at without; with ``unless_first`` whoever sets up
    their first second factor, right after the password, is not asked. Stands beneath the page's door.
    """

    def decorator(view):
        @wraps(view)
        def door(request, *args, **kwargs):
            sends = request.method not in ("GET", "HEAD")
            asks = (sends or not only_to_send) and not (unless_first and not entry.is_proven(request.session))
            if asks and not entry.confirmed_lately(request.session):
                if sends:
                    typed.keep(request, user=request.user)
                return redirect(f"{reverse('confirm_it_is_me')}?{urlencode({'next': came_from(request)})}")
            return view(request, *args, **kwargs)

        door.asks_again = True
        return door

    return decorator(view) if view is not None else decorator


def came_from(request) -> str:
    """The page somebody is on: the one asked for, or, where something was sent, the page that it was sent from."""
    if request.method in ("GET", "HEAD"):
        return request.get_full_path()
    told = urlsplit(request.headers.get("Referer", ""))
    return told.path if told.netloc == request.get_host() and told.path else request.path


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

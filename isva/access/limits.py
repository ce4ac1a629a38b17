"""Around every request of somebody signed in: an ended session lets nobody in, and nobody works on a password alone."""

from django.contrib.auth import logout
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import Resolver404, resolve, reverse
from django.utils.http import urlencode

from isva.access import entry
from isva.access.doors import came_from
from isva.accounts import visits
from isva.accounts.noting import note
from isva.drafts import typed
from isva.headers import CLEAR_PAGES


class SessionLimitsMiddleware:
    """Ends sessions that were idle or lasted too long, and sends who has no second factor to set one up.

    Asks the session alone, so it costs no query. What a form sent after the end is kept, encrypted, and offered
    again after signing in.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        answer = self._stop(request) if request.user.is_authenticated else None
        return answer or self.get_response(request)

    def _stop(self, request) -> HttpResponse | None:
        view = _view(request.path_info)
        why = entry.why_over(request.session)
        if why is not None:
            return HttpResponse(status=401) if getattr(view, "asked_by_script", False) else _end(request, why)
        if not getattr(view, "in_background", False):
            entry.was_seen(request.session)
        if entry.is_proven(request.session) or _needs_no_second_factor(view):
            return None
        return redirect("set_up_app")


def _needs_no_second_factor(view) -> bool:
    door = getattr(view, "door", None)
    return door is not None and (door.kind == "public" or getattr(view, "before_second_factor", False))


def _end(request, why: entry.Over) -> HttpResponse:
    """End the session, keep what was sent, and ask to sign in again for the page that the person was on."""
    back = came_from(request)
    if request.method == "POST":
        typed.keep(request, user=request.user)
    note(f"session over ({why.value})", request.user)
    visits.forget(request.session.session_key)
    logout(request)
    request.session["ended"] = why.value
    away = redirect(f"{reverse('sign_in')}?{urlencode({'next': back})}")
    away["Clear-Site-Data"] = CLEAR_PAGES
    return away


def _view(path: str):
    try:
        return resolve(path).func
    except Resolver404:
        return None

"""Around every request: one transaction, one acting person, and headers that keep nothing behind."""

from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import Resolver404, resolve

from isva.access.acting import act, nobody
from isva.accounts.membership import active_membership
from isva.drafts import typed

#: Doors that open before a service is chosen: they ask for nothing of a service.
_BEFORE_A_SERVICE = ("public", "signed_in")


class ActingPersonMiddleware:
    """Opens the transaction, acts for the whole request (rendering included), and undoes a failed one.

    A person who belongs to several services chooses one; a person who belongs to none is told so.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        request.acting = None
        if not request.user.is_authenticated:
            return self._for_nobody(request)
        membership, several = active_membership(request.user, request.session.get("service"))
        if membership is not None:
            return self._for_member(request, membership)
        if _opens_before_a_service(request.path_info):
            return self._for_nobody(request)
        if several:
            return redirect("choose_service")
        return TemplateResponse(request, "accounts/no_service.html", status=403).render()

    def _for_member(self, request, membership) -> HttpResponse:
        held = frozenset(membership.held)  # read with the membership
        # The act opens the transaction: so it ends with it, and nothing need be put back.
        with act(request.user, membership.service, permissions=held, whole=True) as person:
            request.acting = person
            request.membership = membership
            response = _undone_if_failed(self.get_response(request))
            if request.method == "POST" and 300 <= response.status_code < 400:
                typed.forget(request)  # a form that leads on is saved
            return response

    def _for_nobody(self, request) -> HttpResponse:
        with transaction.atomic(), nobody():
            return _undone_if_failed(self.get_response(request))


def _undone_if_failed(response: HttpResponse) -> HttpResponse:
    if response.status_code >= 500:
        transaction.set_rollback(True)
    return response


def _opens_before_a_service(path: str) -> bool:
    try:
        door = getattr(resolve(path).func, "door", None)
    except Resolver404:
        return False
    return door is not None and door.kind in _BEFORE_A_SERVICE


class NothingStaysBehindMiddleware:
    """Marks every page as never to be stored: behind sign-in, and on the public forms."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        response = self.get_response(request)
        response.headers.setdefault("Cache-Control", "no-store")
        return response

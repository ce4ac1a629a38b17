"""Pages for what went wrong: in words, with a way on, and nothing of what was asked for.

On the addresses of people who are nobody here they can be left at once, and show no way to the staff's door.
"""

from django.http import HttpResponseServerError
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import Resolver404, resolve, reverse
from django.utils.translation import gettext as _

from isva.headers import is_public

#: The pages of the public forms, each with what its form is called in an address; "" where the address says it itself.
_PAGES_OF_FORMS = {
    "refer_professional": "professional", "refer_self": "self", "referral_sent": "", "leave_form": "",
}  # fmt: skip


def bad_request(request, exception=None):
    """400: the request could not be read."""
    return render(request, "errors/400.html", _frame(request), status=400)


def refused(request, exception=None):
    """403: in sight, but not for this role; the door's own words say why."""
    why = str(exception) if exception and str(exception) else _("This page is not for your role.")
    return render(request, "errors/403.html", _frame(request) | {"why": why}, status=403)


def not_found(request, exception=None):
    """404: missing and out of sight are the same page."""
    return render(request, "errors/404.html", _frame(request), status=404)


def sent_wrongly(request, allowed="POST"):
    """405: the address takes only what a page sends, and was opened; or the other way round. Nothing was done."""
    answer = render(request, "errors/405.html", _frame(request), status=405)
    answer.headers["Allow"] = allowed
    return answer


def failed(request):
    """500: something failed on our side; the page asks nothing of the request that failed but its address."""
    return HttpResponseServerError(render_to_string("errors/500.html", _public(request.path_info)))


def form_expired(request, reason=""):
    """403: the form stood open too long, or cookies are refused. A public form is opened again at its address."""
    return render(request, "errors/expired.html", _frame(request) | {"again": request.path}, status=403)


def _frame(request) -> dict:
    """What the page shows around its words: nothing more for staff, also where they typed an address wrongly."""
    user = getattr(request, "user", None)
    return {} if user is not None and user.is_authenticated else _public(request.path_info)


def _public(path: str) -> dict:
    """Whether one can leave at once; from the pages of a form by where its draft is removed. Asks no database."""
    return {"public": True, "exit_url": _leaves_by(path)} if is_public(path) else {}


def _leaves_by(path: str) -> str:
    try:
        there = resolve(path)
    except Resolver404:
        return ""
    if there.url_name not in _PAGES_OF_FORMS:
        return ""
    form = _PAGES_OF_FORMS[there.url_name] or there.kwargs["form"]
    return reverse("leave_form", args=[there.kwargs["service"], form])


class SentWronglyMiddleware:
    """Innermost, where pages are made: gives words to a 405, which the framework leaves empty."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        answer = self.get_response(request)
        if answer.status_code == 405 and not answer.content:
            return sent_wrongly(request, answer.headers["Allow"])
        return answer

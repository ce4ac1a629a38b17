"""Pages for what went wrong: in words, with a way on, and nothing of what was asked for."""

from django.http import HttpResponseServerError
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.translation import gettext as _


def bad_request(request, exception=None):
    """400: the request could not be read."""
    return render(request, "errors/400.html", status=400)


def refused(request, exception=None):
    """403: in sight, but not for this role; the door's own words say why."""
    why = str(exception) if exception and str(exception) else _("This page is not for your role.")
    return render(request, "errors/403.html", {"why": why}, status=403)


def not_found(request, exception=None):
    """404: missing and out of sight are the same page."""
    return render(request, "errors/404.html", status=404)


def sent_wrongly(request, allowed="POST"):
    """405: the address takes only what a page sends, and was opened; or the other way round. Nothing was done."""
    answer = render(request, "errors/405.html", status=405)
    answer.headers["Allow"] = allowed
    return answer


def failed(request):
    """500: something failed on our side; the page asks nothing of the request that failed."""
    return HttpResponseServerError(render_to_string("errors/500.html"))


def form_expired(request, reason=""):
    """403: the form stood open too long, or cookies are refused."""
    return render(request, "errors/expired.html", status=403)


class SentWronglyMiddleware:
    """Innermost, where pages are made: gives words to a 405, which the framework leaves empty."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        answer = self.get_response(request)
        if answer.status_code == 405 and not answer.content:
            return sent_wrongly(request, answer.headers["Allow"])
        return answer

"""Where *Exit this page* leads: a page that anybody might be looking at, on another host, with nothing left behind."""

from django.http import HttpResponseRedirect
from django.urls import NoReverseMatch, reverse

from isva.headers import CLEAR_ALL

WAY_OUT = "https://www.bbc.co.uk/weather"


def way_out() -> str:
    """The address for the link on pages that keep no draft. Forms go through one of their own, which removes it."""
    try:
        return reverse("leave")
    except NoReverseMatch:
        return WAY_OUT


def lead_out() -> HttpResponseRedirect:
    """The answer to whoever leaves: away at once, and the browser lets go of what this site left in it.

    Cookies, kept files, and the pages it holds to go back to. It does so over https, and on this machine's own
    address; elsewhere the pages are marked as never to be stored, and the draft's cookie ends by itself.
    """
    away = HttpResponseRedirect(WAY_OUT)
    away["Clear-Site-Data"] = CLEAR_ALL
    return away

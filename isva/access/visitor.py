"""Where a visitor comes from: the one place that says so, for throttling and for the record of who looked."""

import ipaddress

from django.conf import settings


def address_of(request) -> str:
    """The visitor's address: behind our own proxy, what that proxy added last. Empty where it is not known."""
    if getattr(settings, "SECURE_PROXY_SSL_HEADER", None):
        told = request.META.get("HTTP_X_FORWARDED_FOR", "").split(",")[-1].strip()
        if told:
            return told
    return request.META.get("REMOTE_ADDR", "")


def ip_address_of(request) -> str | None:
    """The visitor's address where it is one, without its zone; None for anything else (a socket, rubbish)."""
    try:
        return str(ipaddress.ip_address(address_of(request).partition("%")[0]))
    except ValueError:
        return None

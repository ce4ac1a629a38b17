"""What every answer tells the browser, pages, errors and files alike: keep nothing, tell nobody, load nothing of others.

Public pages send no referrer at all, so that the address of a secret link never travels. Browsers then send the
forms on them with ``Origin: null``; such a form is taken for one of ours where the browser says so itself.
"""

from django.urls import Resolver404, resolve

#: The same on every answer. Those that the framework sets by itself stand in the settings.
ALWAYS = {
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cross-Origin-Embedder-Policy": "require-corp",
    "X-Permitted-Cross-Domain-Policies": "none",
    "X-DNS-Prefetch-Control": "off",  # the way out is a link to another host: not even its name is looked up
}
#: Sent by whoever leaves: what this site left in the browser goes, cookies and kept files.
CLEAR_ALL = '"cache", "cookies", "storage"'
#: Sent when a session ends: the pages it showed go, those included that a browser keeps to go back to.
CLEAR_PAGES = '"cache", "storage"'


def is_public(path: str) -> bool:
    """Whether this address is a page for people who are nobody here; also where it leads nowhere."""
    try:
        door = getattr(resolve(path).func, "door", None)
    except Resolver404:
        return True
    return door is None or door.kind == "public"


class HeadersMiddleware:
    """Around everything else, so that no answer goes out without them."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        if not request.META.get("CONTENT_LENGTH", "0").isdecimal():
            request.META["CONTENT_LENGTH"] = "0"  # a length that is no number: the framework would fail on it
        response = self.get_response(request)
        for name, value in ALWAYS.items():
            response.headers.setdefault(name, value)
        if is_public(request.path_info):
            response.headers["Referrer-Policy"] = "no-referrer"
        return response


class OwnFormsMiddleware:
    """Before the check of forms: names our own origin where a page without referrer made the browser hide it.

    ``Sec-Fetch-Site`` cannot be set by a page, so ``same-origin`` in it is the browser's own word. Browsers from
    before it (until 2023) are believed on public pages only: there the token in a cookie that no other
    site's form can send along (``SameSite=Lax``) is the check that remains.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        if request.method == "POST" and request.META.get("HTTP_ORIGIN", "null") == "null":
            told = request.META.get("HTTP_SEC_FETCH_SITE", "")
            referred = "HTTP_REFERER" in request.META
            if told == "same-origin" or (not told and not referred and is_public(request.path_info)):
                request.META["HTTP_ORIGIN"] = f"{request.scheme}://{request.get_host()}"
        return self.get_response(request)

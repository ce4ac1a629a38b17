"""Makes a PDF of a page of ours: tagged, so that it can be listened to, and with nothing fetched from anywhere.

The one place that knows WeasyPrint. It needs Pango and a font: without a font Pango does not complain, it takes the
process down, so both are asked for before it is loaded, and only the worker prints.
"""

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from typing import Any

from django.contrib.staticfiles import finders
from django.contrib.staticfiles.storage import staticfiles_storage
from django.core.files.storage import Storage

from isva.bootstrap import pango

#: What our own pages name their files by, in what is printed.
STATIC = "https://static.invalid/"
_TYPES = {".woff2": "font/woff2", ".svg": "image/svg+xml", ".png": "image/png", ".css": "text/css"}


class CannotPrint(Exception):
    """There is no Pango, or no font, on this machine: the page for the screen serves instead."""


class NotOurs(ValueError):
    """Something was to be loaded that is not ours: another host, a file of the machine."""


@cache
def is_available() -> bool:
    """Whether this machine can print: it has Pango, and a font to set type with."""
    return pango.load() and pango.has_font()


def get_ready() -> bool:
    """Load what prints, where this machine can print: a worker does so as it starts, so that no report waits for it."""
    if not is_available():
        return False
    import weasyprint  # noqa: F401

    return True


def make_pdf(html: str) -> bytes:
    """The page as PDF/UA-1: tagged, with its title, language and outline. Raises CannotPrint.

    What is not ours is not loaded (``fetcher``); it is left out, and nothing is asked of anybody.
    """
    if not get_ready():
        raise CannotPrint(pango.install_line())
    import weasyprint

    document = weasyprint.HTML(string=html, base_url=STATIC, url_fetcher=fetcher())
    with _nothing_collected():
        return document.write_pdf(pdf_variant="pdf/ua-1")


@contextmanager
def _nothing_collected() -> Iterator[None]:
    """Until the block ends, no cycles are looked for: a print makes a million objects and lets none of them go before it ends."""
    collects = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if collects:
            gc.enable()


def fetcher() -> Any:
    """What loads for a page: what it carries in itself, and our own static files. For all else it raises NotOurs."""
    from weasyprint.urls import URLFetcher, URLFetcherResponse

    class OnlyOurs(URLFetcher):
        def fetch(self, url, headers=None):
            if url.startswith("data:"):
                return super().fetch(url, headers)
            name = url.removeprefix(STATIC).lstrip("/")
            kind = next((kind for ending, kind in _TYPES.items() if name.endswith(ending)), None)
            if not url.startswith(STATIC) or kind is None or ".." in name.split("/"):
                raise NotOurs("Only what belongs to the page is loaded.")
            return URLFetcherResponse(url, _read(name), {"Content-Type": kind})

    return OnlyOurs(allowed_protocols=["data"], allow_redirects=False)


def _read(name: str) -> bytes:
    """One of our static files, as collected or as it lies in the folders. Raises NotOurs where there is none."""
    storage: Storage = staticfiles_storage
    if storage.exists(name):
        with storage.open(name) as file:
            return file.read()
    path = finders.find(name)
    if not isinstance(path, str):
        raise NotOurs("Only what belongs to the page is loaded.")
    with open(path, "rb") as file:
        return file.read()

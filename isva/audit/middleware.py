"""Where a look could not be noted, a calm page goes out instead of the record."""

import logging

from django.http import HttpResponse
from django.template.loader import render_to_string

from isva.audit.reading import NotNoted

log = logging.getLogger(__name__)


class NoPageWithoutEntryMiddleware:
    """Answers 503 where a page may not leave because its entry could not be written. It asks nothing of the record."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)

    def process_exception(self, request, exception):
        """The page for a look that could not be noted; every other failure goes its own way."""
        if not isinstance(exception, NotNoted):
            return None
        log.error("An access entry could not be written: %s", type(exception.__cause__).__name__)
        return HttpResponse(render_to_string("errors/503.html"), status=503)

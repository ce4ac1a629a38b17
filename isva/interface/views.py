"""What is shown when a page cannot be: wrong address, no permission, an expired form, a fault of ours."""

from django.http import HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string

from isva.access.doors import public_page


@public_page
def bad_request(request, exception=None):
    """400: the request could not be understood. What was sent is never quoted."""
    return render(request, "errors/400.html", status=400)


@public_page
def refused(request, exception=None):
    """403: in sight, but not for this person's role; the refusal's own words say why."""
    return render(request, "errors/403.html", {"reason": str(exception or "")}, status=403)


@public_page
def not_found(request, exception=None):
    """404: not there, or not for this person to know of. The two read alike."""
    return render(request, "errors/404.html", status=404)


@public_page
def failed(request):
    """500: our fault. Rendered without request or database, since either may be what failed."""
    return HttpResponse(render_to_string("errors/500.html"), status=500)


@public_page
def form_expired(request, reason=""):
    """403 of a form whose safety token is gone: signed out meanwhile, or cookies are off."""
    return render(request, "errors/form_expired.html", status=403)

"""Every address of the product. Each route carries a door; a test refuses one without."""

from django.urls import include, path

from isva import home
from isva.demo import pages

urlpatterns = [
    path("", home.home, name="home"),
    path("sign-in/demo/", pages.demo_sign_in, name="demo_sign_in"),
    path("", include("isva.accounts.urls")),
    path("", include("isva.audit.urls")),
    path("", include("isva.clock.urls")),
    path("", include("referrals.urls")),
    path("", include("triage.urls")),
    path("", include("supervision.urls")),
    path("", include("reporting.urls")),
    path("", include("casework.urls")),
]
handler400 = "isva.errors.bad_request"
handler403 = "isva.errors.refused"
handler404 = "isva.errors.not_found"
handler500 = "isva.errors.failed"

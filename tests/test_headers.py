"""Every answer of the product carries the whole set of headers: pages, errors, redirects, files."""

import json
import os
import subprocess
import sys

import pytest
from django.test import Client as Browser
from django.urls import reverse

from isva.headers import CLEAR_ALL
from isva.interface.way_out import WAY_OUT
from isva.pathway import Stage
from tests.access.records import records_of, records_on
from tests.access.table import TABLE, OnCase, Public
from tests.access.test_every_url import parameters_of
from tests.database import address_of
from tests.factories import make_case

CSP = {
    "default-src": "'none'", "script-src": "'self'", "style-src": "'self'", "img-src": "'self'", "font-src": "'self'",
    "connect-src": "'self'", "form-action": "'self'", "base-uri": "'none'", "frame-ancestors": "'none'",
    "frame-src": "'none'", "manifest-src": "'none'", "media-src": "'none'", "object-src": "'none'",
    "worker-src": "'none'", "require-trusted-types-for": "'script'", "trusted-types": "'none'",
}  # fmt: skip
ALWAYS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cross-Origin-Embedder-Policy": "require-corp",
    "X-Permitted-Cross-Domain-Policies": "none",
    "X-DNS-Prefetch-Control": "off",
}
OURS = ("Server", "X-Powered-By", "Access-Control-Allow-Origin")


def directives(response) -> dict:
    """The policy of an answer; a download's own, which allows still less, counts as well."""
    parts = [part.strip().partition(" ") for part in response["Content-Security-Policy"].split(";")]
    return {name: value for name, _space, value in parts if name}


def wrong_with(response, *, public: bool, page: bool = True) -> list[str]:
    found = [f"{name}: {response.get(name)}" for name, value in ALWAYS.items() if response.get(name) != value]
    policy = directives(response)
    if policy != CSP and set(policy) != {"default-src", "frame-ancestors", "sandbox"}:
        found.append(f"policy {policy}")
    if "unsafe" in response["Content-Security-Policy"] or "*" in response["Content-Security-Policy"]:
        found.append("a policy with holes")
    referrer = "no-referrer" if public else "same-origin"
    if response.get("Referrer-Policy") != referrer:
        found.append(f"referrer {response.get('Referrer-Policy')}")
    if "camera=()" not in response.get("Permissions-Policy", ""):
        found.append("no permissions policy")
    if page and response.get("Cache-Control") != "no-store":
        found.append(f"cache {response.get('Cache-Control')}")
    return found + [f"{name} is told" for name in OURS if name in response]


@pytest.mark.django_db
@pytest.mark.parametrize("visitor", ["manager", "anonymous"])
def test_every_route_answers_with_every_header(people, services, signed_in, visitor):
    rowan = services["rowan"]
    case = make_case(rowan, by=people["manager"], stage=Stage.ACTIVE, isva=people["isva"])
    browser = signed_in(visitor, rowan) if visitor != "anonymous" else Browser()
    wrong = []
    for name, rule in TABLE.items():
        if isinstance(rule, OnCase):
            keys = {"case_id": case.pk} | records_on(
                case, parameters_of(name) - {"case_id"}, by=people["manager"]
            )
        else:
            keys = records_of(rowan, parameters_of(name), route=name, by=people["manager"])
        for method in ("GET", "POST"):
            if (name, method) == ("sign_out", "POST"):
                continue
            response = browser.generic(method, reverse(name, kwargs=keys))
            trouble = wrong_with(response, public=isinstance(rule, Public))
            wrong += [f"{name}, {method}, {response.status_code}: {one}" for one in trouble]
    assert wrong == []


@pytest.mark.django_db
def test_errors_and_files_carry_them_too(client, monkeypatch, settings):
    def fail(*_args, **_kwargs):
        raise RuntimeError("on purpose")

    client.raise_request_exception = False
    answers = {
        404: client.get("/nothing/here/"),
        403: Browser(enforce_csrf_checks=True).post("/refer/rowan/self/"),
        400: client.get("/sign-in/", HTTP_HOST="somebody.else.example"),
        405: client.get("/sign-in/demo/"),
    }
    monkeypatch.setattr("referrals.doorstep.find_service", fail)
    answers[500] = client.get("/refer/rowan/")
    wrong = [f"{code}: {one}" for code, answer in answers.items() for one in wrong_with(answer, public=True)]
    for address in ("/static/js/isva.js", "/static/images/favicon.svg", "/static/css/theme.css"):
        answer = client.get(address)
        assert answer.status_code == 200
        wrong += [f"{address}: {one}" for one in wrong_with(answer, public=True, page=False)]
    assert {code: answer.status_code for code, answer in answers.items()} == {code: code for code in answers}
    assert wrong == []


@pytest.mark.django_db
@pytest.mark.parametrize(
    "address", ["/leave/", "/refer/rowan/self/leave/", "/refer/rowan/professional/leave/"]
)
def test_leaving_clears_what_this_site_left_in_the_browser(client, services, address):
    answer = client.get(address)
    assert answer.url == WAY_OUT
    assert answer["Clear-Site-Data"] == CLEAR_ALL
    assert answer["Referrer-Policy"] == "no-referrer"
    assert answer["Cache-Control"] == "no-store"


def form_token(browser, address, **how) -> str:
    page = browser.get(address, secure=True, **how).content.decode()
    return page.split('name="csrfmiddlewaretoken" value="')[1].split('"')[0]


#: What browsers tell when a form is sent, and whether it is then taken for one of ours.
TOLD = [
    ("/refer/rowan/self/", {"HTTP_ORIGIN": "null", "HTTP_SEC_FETCH_SITE": "same-origin"}, True),
    ("/refer/rowan/self/", {"HTTP_ORIGIN": "https://testserver"}, True),
    ("/refer/rowan/self/", {}, True),  # a browser from before both: the token stands
    ("/refer/rowan/self/", {"HTTP_ORIGIN": "null"}, True),
    ("/refer/rowan/self/", {"HTTP_ORIGIN": "null", "HTTP_SEC_FETCH_SITE": "cross-site"}, False),
    ("/refer/rowan/self/", {"HTTP_ORIGIN": "null", "HTTP_SEC_FETCH_SITE": "same-site"}, False),
    ("/refer/rowan/self/", {"HTTP_ORIGIN": "null", "HTTP_SEC_FETCH_SITE": "none"}, False),
    ("/refer/rowan/self/", {"HTTP_ORIGIN": "https://evil.example"}, False),
    ("/refer/rowan/self/", {"HTTP_REFERER": "https://evil.example/"}, False),
    ("/my-account/", {"HTTP_ORIGIN": "null"}, False),
    ("/my-account/", {}, False),
]


@pytest.mark.django_db
@pytest.mark.parametrize(("address", "told", "taken"), TOLD)
def test_a_form_is_taken_for_ours_where_the_browser_says_so(
    services, signed_in, people, address, told, taken
):
    browser = Browser() if address.startswith("/refer") else signed_in("isva", services["rowan"])
    browser.handler.enforce_csrf_checks = True
    token = form_token(browser, "/refer/rowan/self/")
    answer = browser.post(
        address, {"csrfmiddlewaretoken": token, "step": "who", "who": "me"}, secure=True, **told
    )
    assert (answer.status_code != 403) is taken


@pytest.mark.django_db
def test_no_form_is_taken_without_its_token(services):
    browser = Browser(enforce_csrf_checks=True)
    form_token(browser, "/refer/rowan/self/")
    told = {"HTTP_ORIGIN": "null", "HTTP_SEC_FETCH_SITE": "same-origin"}
    assert browser.post("/refer/rowan/self/", {"step": "who"}, secure=True, **told).status_code == 403


_LOOK = """
import json, django
from django.conf import settings
django.setup()
from django.test import Client
from referrals.views.public import COOKIE
page = Client().get("/nothing/here/", secure=True, HTTP_HOST="isva.example")
plain = Client().get("/nothing/here/", HTTP_HOST="isva.example")
print(json.dumps({
    "cookies": [settings.SESSION_COOKIE_NAME, settings.CSRF_COOKIE_NAME, COOKIE],
    "flags": [getattr(settings, f"{kind}_COOKIE_{flag}") for kind in ("SESSION", "CSRF")
              for flag in ("SECURE", "HTTPONLY", "SAMESITE", "PATH", "DOMAIN")],
    "hsts": page.headers.get("Strict-Transport-Security"),
    "policy": page.headers["Content-Security-Policy"],
    "plain": [plain.status_code, plain.headers.get("Location")],
}))
"""


@pytest.mark.django_db
def test_in_production_cookies_are_bound_to_this_host_and_plain_http_is_led_away():
    told = subprocess.run(
        [sys.executable, "-c", _LOOK],
        env=os.environ
        | {
            "INSECURE_COOKIES": "0", "SITE_URL": "https://isva.example", "ALLOWED_HOSTS": "isva.example",
            "DJANGO_SETTINGS_MODULE": "isva.settings", "ISVA_DEMO": "0", "DATABASE_URL": address_of("default"),
        },
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    found = json.loads(told.stdout.splitlines()[-1])
    assert found["cookies"] == ["__Host-session", "__Host-csrf", "__Secure-form"]
    assert found["flags"] == [True, True, "Lax", "/", None] * 2
    assert found["hsts"] == "max-age=31536000; includeSubDomains; preload"
    assert "upgrade-insecure-requests" in found["policy"]
    assert found["plain"] == [301, "https://isva.example/nothing/here/"]

"""In a browser: no page breaks its own policy, none asks another host, and no secret link travels."""

import pytest
from django.core.signals import request_started
from django.urls import reverse

from isva.pathway import Stage
from tests.access.records import records_of, records_on
from tests.access.table import TABLE, OnCase
from tests.access.test_every_url import parameters_of
from tests.factories import make_case
from tests.journeys.acting_out import fill_in, press
from tests.journeys.test_every_page_is_accessible import NOT_PAGES

pytestmark = pytest.mark.journey

_LISTEN = """document.addEventListener('securitypolicyviolation', (event) => {
  console.error(`policy broken: ${event.effectiveDirective} by ${event.blockedURI} ${event.sourceFile}`);
});"""


def test_no_page_breaks_the_policy_or_asks_another_host(enter, people, services):
    rowan, manager = services["rowan"], people["manager"]
    case = make_case(rowan, by=manager, stage=Stage.ACTIVE, isva=people["isva"])
    strangers, staff = enter(), enter("manager", service=rowan)
    for page in (strangers, staff):
        page.add_init_script(_LISTEN)
    for name, rule in TABLE.items():
        if name in NOT_PAGES:
            continue
        if isinstance(rule, OnCase):
            keys = {"case_id": case.pk} | records_on(case, parameters_of(name) - {"case_id"}, by=manager)
        else:
            keys = records_of(rowan, parameters_of(name), route=name, by=manager)
        page = strangers if "Public" in type(rule).__name__ else staff
        page.goto(reverse(name, kwargs=keys))
        page.wait_for_load_state("load")
    # what went wrong on any of them fails the test as ``enter`` ends


@pytest.fixture
def elsewhere(monkeypatch, live_server):
    """This machine under its other name, which stands for the harmless page on another host."""
    address = f"http://127.0.0.1:{live_server.url.rpartition(':')[2]}/refer/harbour/"
    monkeypatch.setattr("isva.interface.way_out.WAY_OUT", address)
    return address


@pytest.fixture
def asked():
    """Every request as it reached the server: its address, and the page that it says it comes from."""
    seen = []

    def note(environ, **_signal):
        seen.append((environ["PATH_INFO"], environ.get("HTTP_REFERER", "")))

    request_started.connect(note)
    yield seen
    request_started.disconnect(note)


@pytest.mark.parametrize("scripts", [True, False])
def test_the_address_of_a_secret_link_never_travels(new_page, services, people, scripts, elsewhere, asked):
    rowan = services["rowan"]
    for name in ("referral_status", "answer_request", "accept_invitation"):
        page = new_page(scripts=scripts)
        asked.clear()
        keys = records_of(rowan, {"token"}, route=name, by=people["manager"])
        page.goto(reverse(name, kwargs=keys))
        way = page.get_by_role("button", name="Exit this page")
        if way.count():
            with page.expect_navigation(url=elsewhere):
                way.click()
        assert len(asked) > 3
        assert [(address, came_from) for address, came_from in asked if came_from] == []


def test_a_form_on_a_page_without_referrer_is_taken(enter, people):
    page = enter()
    sent = []
    page.on("request", lambda request: sent.append(request) if request.method == "POST" else None)
    page.goto("/refer/rowan/self/")
    fill_in(page, {"Who is this form for?": "For me"})
    press(page, "Continue")
    assert page.get_by_role("heading", level=1).inner_text() == "Your name"
    assert [one.headers.get("origin") for one in sent] == ["null"]


def test_nothing_is_kept_in_the_browser_but_a_cookie_that_ends_with_it(
    new_page, people, elsewhere, live_server
):
    page = new_page()
    page.goto("/refer/rowan/self/")
    fill_in(page, {"Who is this form for?": "For me"})
    press(page, "Continue")
    kept = page.evaluate("""async () => [localStorage.length, sessionStorage.length,
        (await indexedDB.databases()).length, (await caches.keys()).length,
        (await navigator.serviceWorker.getRegistrations()).length]""")
    assert kept == [0, 0, 0, 0, 0]
    cookies = {cookie["name"]: cookie for cookie in page.context.cookies()}
    assert set(cookies) == {"form", "csrftoken"}
    assert [cookie["expires"] for cookie in cookies.values()] == [-1, -1]
    assert [cookie["httpOnly"] for cookie in cookies.values()] == [True, True]
    with page.expect_navigation(url=elsewhere):
        page.get_by_role("button", name="Exit this page").click()
    assert page.context.cookies(live_server.url) == []

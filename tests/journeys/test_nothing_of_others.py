"""In a browser: whatever breaks the policy or asks another host is noticed on any page, and no secret link travels."""

import pytest
from django.core.signals import request_started
from django.urls import reverse

from tests.access.records import records_of
from tests.journeys.acting_out import Troubles, fill_in, press

pytestmark = pytest.mark.journey


def test_a_page_that_breaks_the_policy_or_asks_another_host_is_noticed(new_page, services, live_server):
    """What every page of every journey, and of the look at all of them, is watched by is awake."""
    page, troubles = new_page(), Troubles()
    troubles.watch(page, live_server.url)
    page.goto("/refer/rowan/")
    assert troubles.found == []
    page.evaluate("""() => {
        document.querySelector('main').style.cssText = '';
        document.querySelector('main').setAttribute('style', 'color: red');
        const picture = document.createElement('img');
        picture.src = 'https://elsewhere.example/one.png';
        document.querySelector('main').append(picture);
    }""")
    page.wait_for_timeout(300)
    assert any("policy broken: style-src-attr" in one for one in troubles.found)
    assert any("policy broken: img-src" in one for one in troubles.found)


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

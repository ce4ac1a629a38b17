"""A real browser (the system's Chromium) for the journeys, signed in as one of the cast."""

import os
import shutil

import pytest
from django.conf import settings
from django.contrib.sessions.backends.cached_db import SessionStore

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")  # the browser's driver keeps an event loop in this thread

_AXE = "async () => (await axe.run(document, {runOnly: ['wcag2a','wcag2aa','wcag21a','wcag21aa','wcag22aa','best-practice']})).violations"


@pytest.fixture(scope="session")
def chromium():
    """The browser; where none is installed, the test is skipped (or fails, where one is required)."""
    if CHROMIUM is None:
        if os.environ.get("ISVA_REQUIRE_BROWSER"):
            pytest.fail("No Chromium is installed, and the browser tests are required here.")
        pytest.skip("No Chromium is installed on this machine.")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as driver:
        browser = driver.chromium.launch(
            executable_path=CHROMIUM,
            args=["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
                  "--disable-background-networking", "--disable-component-update", "--disable-sync"],
        )  # fmt: skip
        yield browser
        browser.close()


@pytest.fixture
def new_page(chromium, live_server):
    """``new_page(width=320, scripts=False, dark=True)`` – a page of a new visitor who is nobody here."""
    contexts = []

    def open_page(*, width=1280, height=900, scripts=True, dark=False):
        context = chromium.new_context(
            base_url=live_server.url, viewport={"width": width, "height": height}, java_script_enabled=scripts,
            color_scheme="dark" if dark else "light", locale="en-GB", timezone_id="Europe/London",
        )  # fmt: skip
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(8_000)
        return page

    yield open_page
    for context in contexts:
        context.close()


@pytest.fixture
def page_as(new_page, people, live_server):
    """``page_as("manager")`` – a page of somebody signed in; takes what ``new_page`` takes."""

    def open_page(key: str, *, service=None, **how):
        page = new_page(**how)
        session = SessionStore()
        user = people[key]
        session["_auth_user_id"] = str(user.pk)
        session["_auth_user_backend"] = "django.contrib.auth.backends.ModelBackend"
        session["_auth_user_hash"] = user.get_session_auth_hash()
        if service is not None:
            session["service"] = str(service.pk)
        session.save()
        page.context.add_cookies(
            [{"name": settings.SESSION_COOKIE_NAME, "value": session.session_key, "url": live_server.url}]
        )
        return page

    return open_page


@pytest.fixture
def violations():
    """``violations(page)`` – what axe-core finds on the page as it stands: a list of sentences, empty when clean."""
    source = (settings.ASSETS / "axe-core" / "axe.min.js").read_text(encoding="utf-8")

    def look(page) -> list[str]:
        page.evaluate(source)
        return [
            f"{found['id']}: {found['help']} ({', '.join(str(node['target']) for node in found['nodes'][:3])})"
            for found in page.evaluate(_AXE)
        ]

    return look

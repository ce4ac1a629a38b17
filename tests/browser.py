"""A real browser (the system's Chromium) for whatever is tested in one, signed in as one of the cast; started once a run."""

import contextlib
import os
import shutil

import pytest
from django.conf import settings
from django.core.cache import cache

from isva.sessions import SessionStore
from tests.entering import let_into
from tests.journeys.acting_out import Troubles

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
os.environ.setdefault(
    "DJANGO_ALLOW_ASYNC_UNSAFE", "true"
)  # the browser's driver keeps an event loop in this thread

#: From the top of the page: a link half under a panel that stays there would count as too small.
_AXE = """async (rules) => {
  window.scrollTo(0, 0);
  const asked = rules || ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];
  const how = {runOnly: {type: rules ? 'rule' : 'tag', values: asked}, resultTypes: ['violations'], preload: false};
  return (await axe.run(document, how)).violations;
}"""
_LISTEN = """document.addEventListener('securitypolicyviolation', (event) => {
  console.error(`policy broken: ${event.effectiveDirective} by ${event.blockedURI} ${event.sourceFile}`);
});"""
_HOW_IT_RUNS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
]  # fmt: skip


@pytest.fixture(scope="session")
def chromium():
    """The browser; where none is installed or it cannot run, the test is skipped (or fails, where one is required)."""
    if CHROMIUM is None:
        _do_without("No Chromium is installed on this machine.")
    from playwright.sync_api import sync_playwright

    with contextlib.ExitStack() as running:
        try:
            driver = running.enter_context(sync_playwright())
            browser = driver.chromium.launch(executable_path=CHROMIUM, args=_HOW_IT_RUNS)
        except Exception as trouble:  # the driver tells a library that is missing in no other way
            _do_without(
                f"The browser cannot run here, perhaps for want of libatomic1 ({_in_a_line(trouble)})."
            )
        running.callback(browser.close)
        yield browser


def _do_without(why: str) -> None:
    """Skip for this reason; where browser tests are required, fail for it."""
    if os.environ.get("ISVA_REQUIRE_BROWSER"):
        pytest.fail(f"{why} The browser tests are required here.", pytrace=False)
    pytest.skip(why)


def _in_a_line(trouble: Exception) -> str:
    """What went wrong, without the pages of log that come with it."""
    return next((line for line in str(trouble).splitlines() if line.strip()), type(trouble).__name__)


@pytest.fixture
def new_page(chromium, live_server):
    """``new_page(width=320, scripts=False, dark=True)`` – a page of a new visitor who is nobody here."""
    contexts = []

    def open_page(*, width=1280, height=900, scripts=True, dark=False):
        context = chromium.new_context(
            base_url=live_server.url, viewport={"width": width, "height": height}, java_script_enabled=scripts,
            color_scheme="dark" if dark else "light", locale="en-GB", timezone_id="Europe/London",
        )  # fmt: skip
        context.add_init_script(_LISTEN)
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
        let_in(page, people[key], live_server.url, service=service)
        return page

    return open_page


def let_in(page, user, address: str, *, service=None) -> None:
    """Sign a page's visitor in, as if through the front door."""
    session = SessionStore()
    let_into(session, user, service=service)
    page.context.add_cookies(
        [{"name": settings.SESSION_COOKIE_NAME, "value": session.session_key, "url": address}]
    )


@pytest.fixture
def violations():
    """``violations(page)`` – what axe-core finds on the page as it stands: a list of sentences, empty when clean.

    With names of rules, only those are asked.
    """
    source = (settings.ASSETS / "axe-core" / "axe.min.js").read_text(encoding="utf-8")
    has_axe = set()

    def look(page, *rules: str) -> list[str]:
        if page.context not in has_axe:  # from now on every page of this visitor brings it along
            page.context.add_init_script(source)
            page.evaluate(source)
            has_axe.add(page.context)
        return [
            f"{found['id']}: {found['help']} ({', '.join(str(node['target']) for node in found['nodes'][:3])})"
            for found in page.evaluate(_AXE, list(rules) or None)
        ]

    return look


@pytest.fixture
def enter(new_page, page_as, live_server):
    """``enter("coordinator")`` – somebody signed in comes with a browser of their own; ``enter()`` – a stranger.

    Takes what ``new_page`` takes. A failure of the server, an error in a page or a request to another host, on
    any of their pages, fails the test at its end.
    """
    cache.clear()  # nobody has been counted at the public door before
    troubles = Troubles()

    def come_in(key: str | None = None, **how):
        page = page_as(key, **how) if key else new_page(**how)
        return troubles.watch(page, live_server.url)

    yield come_in
    assert troubles.found == []

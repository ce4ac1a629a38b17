"""What people do on the pages of the service, in the service's words: answer questions, press buttons, read what is told."""

import datetime as dt
import re
from dataclasses import dataclass, field

from playwright.sync_api import Locator, Page, expect

PATIENCE_MS = 30_000


@dataclass
class Troubles:
    """What went wrong on any page of a journey, though nobody may have seen it; empty when all is well."""

    found: list[str] = field(default_factory=list)

    def watch(self, page: Page, home: str) -> Page:
        """Note failures of the server, errors in the page, and every request that leaves the house."""
        page.set_default_timeout(PATIENCE_MS)
        page.on("response", self._answered)
        page.on("pageerror", lambda error: self.found.append(f"{page.url}: {error}"))
        page.on("console", lambda said: self._said(page, said))
        page.on("request", lambda request: self._left(page, request, home))
        return page

    def _answered(self, response):
        piece = (
            response.request.resource_type != "document"
        )  # a page may be refused; what belongs to a page may not
        if response.status >= (400 if piece else 500):
            self.found.append(f"{response.status} at {response.url}")

    def _said(self, page, said):
        if said.type == "error" and not said.text.startswith("Failed to load resource"):  # told by its answer
            self.found.append(f"{page.url}: {said.text}")

    def _left(self, page, request, home):
        if not request.url.startswith((home, "data:", "about:", "blob:")):
            self.found.append(f"{page.url} asked another host: {request.url}")


def fill_in(where: Page | Locator, answers: dict) -> None:
    """Answer questions by the words they are asked in: text, an option, several options, a date, or True for a tick."""
    for question, said in answers.items():
        _answer(where, question, said)


def _answer(where, question: str, said) -> None:
    asked = re.compile(rf"^{re.escape(question)}( \(optional\))?$")
    group = where.get_by_role("group", name=asked)
    if group.count():
        return _answer_group(group.first, said)
    box = where.get_by_label(asked).first
    kind = box.evaluate("box => box.tagName == 'SELECT' ? 'select' : box.type")
    if kind == "select":
        box.select_option(label=said)
    elif kind == "checkbox":
        box.set_checked(said)
    else:
        box.fill(str(said))
    return None


def _answer_group(group: Locator, said) -> None:
    if isinstance(said, dt.date):
        for part, value in (("Day", said.day), ("Month", said.month), ("Year", said.year)):
            group.get_by_label(part, exact=True).fill(str(value))
        return
    own = group.locator("input").first.get_attribute(
        "name"
    )  # questions under an option stand in the same group
    options = group.locator(f"input[name='{own}']")
    for option in said if isinstance(said, list) else [said]:
        group.get_by_label(option, exact=isinstance(option, str)).and_(options).check()


def press(where: Page | Locator, button: str) -> None:
    """Press a button, or a link that looks like one, and wait for the page it leads to."""
    page = where if isinstance(where, Page) else where.page
    with page.expect_navigation():
        where.get_by_role("button", name=button, exact=True).first.click()


def follow(where: Page | Locator, link: str | re.Pattern) -> None:
    """Follow a link by its words."""
    page = where if isinstance(where, Page) else where.page
    with page.expect_navigation():
        where.get_by_role("link", name=link, exact=isinstance(link, str)).first.click()


def send(page: Page, button: str, answers: dict) -> None:
    """Answer and press."""
    fill_in(page, answers)
    press(page, button)


def is_told(where: Page | Locator, words: str | re.Pattern) -> None:
    """The page says these words, where somebody sees them."""
    body = where.locator("body") if isinstance(where, Page) else where
    expect(body).to_contain_text(words, timeout=PATIENCE_MS, use_inner_text=True)


def is_headed(page: Page, words: str | re.Pattern) -> None:
    """The page is the one with this heading."""
    expect(page.get_by_role("heading", level=1)).to_have_text(words, timeout=PATIENCE_MS)


def go_through(page: Page, answers: dict) -> None:
    """Walk a public form from its page to the check of the answers; ``answers`` by the heading of each page.

    A page without answers here is continued from: nothing on it has to be answered.
    """
    pages, asked = dict(answers), []
    for _page in range(40):
        heading = page.get_by_role("heading", level=1).inner_text()
        if heading == "Check your answers":
            assert not pages, f"never asked: {list(pages)}, only {asked}"
            return
        asked.append(heading)
        send(page, "Continue", pages.pop(heading, {}))
    raise AssertionError(f"The form does not end: {asked}")


def score(page: Page, domains: dict, *, as_last_time: bool = False, **overall) -> None:
    """Fill in a Safety and Support review: ``{"Safety": ("Severe", "Significant", "Some")}`` (risk, unmet need, protective).

    ``as_last_time`` ticks the domains that are not named. ``overall`` are ``risk``, ``view`` and ``judgement``.
    """
    for domain, (risk, need, protective) in domains.items():
        asked = page.get_by_role("group", name=domain, exact=True)
        fill_in(asked, {"Risk": risk, "Unmet need": need, "Protective factors": protective})
    if as_last_time:
        for row in page.locator("fieldset.sas-domain").all():
            if row.locator("legend").first.inner_text() not in domains:
                row.get_by_label("As last time").check()
    words = {"risk": "Overall risk", "view": "The client’s own view", "judgement": "Your judgement"}
    fill_in(
        page.get_by_role("group", name="Overall", exact=True),
        {words[name]: said for name, said in overall.items()},
    )


def timeline(page: Page) -> list[str]:
    """The entries of the timeline, the newest first: headline, when and by whom, in one line each."""
    return [" ".join(entry.split()) for entry in page.locator(".isva-timeline > li").all_inner_texts()]

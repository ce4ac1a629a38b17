"""Every piece, in a real browser: nothing for axe to find, nothing off the edge, light enough for a slow phone."""

import gzip
import re

import pytest
from playwright.sync_api import expect

ADDRESSES = [
    "/sink/",
    "/sink/form/",
    "/sink/public/",
    "/sink/public-end/",
    "/sink/errors/refused/",
    "/sink/errors/failed/",
]
HEAVIEST = 150_000
pytestmark = pytest.mark.usefixtures("kitchen_sink")


@pytest.mark.parametrize(
    ("width", "dark"), [(1280, False), (320, True)], ids=["wide and light", "narrow and dark"]
)
def test_axe_finds_nothing_and_no_page_is_wider_than_its_screen(new_page, violations, width, dark):
    page = new_page(width=width, dark=dark)
    for address in ADDRESSES:
        page.goto(address)
        assert violations(page) == [], address
        assert page.evaluate("document.documentElement.scrollWidth") <= width, address


def test_axe_finds_nothing_on_a_form_that_came_back_with_errors(new_page, violations):
    page = new_page(width=320)
    page.goto("/sink/form/")
    page.check("#id_consent_1")
    page.click("text=Record contact >> nth=-1")
    assert page.title().startswith("Error: ")
    assert page.evaluate("document.activeElement.className") == "govuk-error-summary"
    assert violations(page) == []


def test_a_question_under_an_option_opens_with_it_and_is_there_without_scripts(new_page):
    page = new_page()
    page.goto("/sink/form/")
    assert not page.is_visible("#id_why")
    page.check("#id_consent_1")
    assert page.is_visible("#id_why")
    page.check("#id_consent_0")
    assert not page.is_visible("#id_why")
    plain = new_page(scripts=False)
    plain.goto("/sink/form/")
    assert plain.is_visible("#id_why")


def test_shift_three_times_leaves_and_back_does_not_return(new_page):
    page = new_page()
    page.route("**/www.bbc.co.uk/**", lambda route: route.fulfill(body="weather"))
    page.goto("/sink/public-end/")
    page.goto("/sink/public/")
    for _press in range(3):
        page.keyboard.press("Shift")
    page.wait_for_url("**/weather")
    page.go_back()
    assert page.url.endswith("/sink/public-end/")


def test_typing_capitals_does_not_leave(new_page):
    page = new_page()
    page.goto("/sink/public/")
    for letter in "ABCD":
        page.keyboard.press(f"Shift+{letter}")
    page.wait_for_timeout(200)
    assert page.url.endswith("/sink/public/")


def test_the_way_out_is_a_link_without_scripts(new_page):
    page = new_page(scripts=False)
    page.goto("/sink/public/")
    assert page.get_attribute(".govuk-exit-this-page a", "href").startswith("https://")
    assert page.is_visible(".govuk-exit-this-page a")


@pytest.mark.parametrize(("width", "height"), [(1280, 900), (320, 640)])
def test_the_safe_contact_panel_never_covers_what_has_the_focus(new_page, width, height):
    page = new_page(width=width, height=height)
    page.goto("/sink/form/")
    page.evaluate("document.querySelector('main form a.govuk-link').focus()")
    for _press in range(30):
        page.keyboard.press("Shift+Tab")
        covered = page.evaluate(
            """() => {
              const panel = document.querySelector('.isva-safe'), here = document.activeElement;
              if (!here.closest('main')) return false;
              return here.getBoundingClientRect().top < panel.getBoundingClientRect().bottom - 1;
            }"""
        )
        assert not covered, page.evaluate("document.activeElement.id")


def test_a_draft_saves_itself_while_it_is_written_and_says_so(new_page):
    page = new_page()
    page.clock.install()
    page.goto("/sink/form/")
    page.fill("#id_name", "Zenobia Fictional")
    with page.expect_request("**/sink/draft/") as sent:
        page.clock.run_for(16_000)
    assert "csrfmiddlewaretoken" not in sent.value.post_data
    assert sent.value.headers["x-csrftoken"]
    expect(page.locator("[data-autosave-status]")).to_contain_text("Draft saved at ")
    assert page.evaluate("localStorage.length + sessionStorage.length") == 0


def test_a_first_visit_weighs_less_than_150_kilobytes_and_asks_no_other_host(new_page, live_server):
    page = new_page()
    weights, hosts = {}, set()

    def weigh(response):
        body = response.body()
        hosts.add(re.match(r"https?://[^/]+", response.url)[0])
        weights[response.url] = len(body if response.url.endswith(".woff2") else gzip.compress(body))

    page.on("response", weigh)
    page.goto("/sink/")
    page.wait_for_load_state("networkidle")
    assert hosts == {live_server.url}
    assert sum(weights.values()) < HEAVIEST, weights


@pytest.mark.django_db
@pytest.mark.parametrize("address", ADDRESSES)
def test_pages_carry_no_inline_style_or_script_and_one_heading(client, address):
    html = client.get(address, raise_request_exception=False).content.decode()
    assert " style=" not in html
    assert not re.search(r"<script(?![^>]*\bsrc=)", html)
    assert not re.search(r"\son\w+=", html)
    assert html.count("<h1") == 1

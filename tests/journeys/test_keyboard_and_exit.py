"""Leaving at once leaves nothing behind, and everything can be done with the keys alone."""

import pytest
from playwright.sync_api import expect

from isva.drafts.models import Draft
from isva.interface.way_out import WAY_OUT
from tests.journeys.acting_out import fill_in, is_told, press

pytestmark = pytest.mark.journey


@pytest.fixture
def elsewhere(monkeypatch, live_server):
    """A page that stands for the one on another host, which tests do not ask."""
    address = f"{live_server.url}/refer/harbour/"
    monkeypatch.setattr("isva.interface.way_out.WAY_OUT", address)
    return address


@pytest.fixture
def writing(new_page, people, elsewhere):
    """Somebody on the third page of the form for themselves, with their name written on the one before."""

    def begin(**how):
        page = new_page(**how)
        page.goto("/refer/rowan/")
        press(page, "Ask for support")
        fill_in(page, {"Who is this form for?": "For me"})
        press(page, "Continue")
        fill_in(page, {"What shall we call you?": "Beatrix"})
        press(page, "Continue")
        fill_in(page, {"How old are you?": "31"})
        return page

    return begin


@pytest.mark.django_db
@pytest.mark.parametrize("form", ["professional", "self"])
def test_the_way_out_of_a_form_leads_to_a_harmless_page(client, form):
    assert client.get(f"/refer/rowan/{form}/leave/").url == WAY_OUT


def leave_by_the_button(page):
    with page.expect_navigation(url="**/refer/harbour/"):
        page.get_by_role("button", name="Exit this page").click()


def leave_by_three_shifts(page):
    with page.expect_navigation(url="**/refer/harbour/"):
        for _press in range(3):
            page.keyboard.press("Shift")


@pytest.mark.parametrize("leave", [leave_by_the_button, leave_by_three_shifts])
def test_whoever_leaves_cannot_be_followed_with_the_back_button(writing, leave):
    page = writing()
    leave(page)
    nothing_is_left(page)


def test_the_same_holds_without_javascript(writing):
    page = writing(scripts=False)
    page.get_by_role("button", name="Exit this page").click()
    page.wait_for_url("**/refer/harbour/")
    nothing_is_left(page)


def nothing_is_left(page):
    """No draft on our side, no cookie on theirs, and no page behind this one that shows what was written."""
    assert not Draft.objects.exists()
    assert not [cookie for cookie in page.context.cookies() if cookie["name"] == "form"]
    for _step in range(4):
        if page.go_back() is None:
            break
        assert "Beatrix" not in page.content()
        assert "31" not in [box.input_value() for box in page.locator("input[type=text]").all()]


def test_what_was_sent_is_left_behind_as_well(writing):
    page = writing()
    press(page, "Continue")
    fill_in(page, {"How can we get in touch safely?": ["I do not have a safe way"]})
    press(page, "Continue")
    press(page, "Continue")
    fill_in(page, {"Are you, or is anybody else, in danger now?": "No"})
    press(page, "Continue")
    press(page, "Continue")
    fill_in(page, {"Do you want to tell us more now?": "No, send it now"})
    press(page, "Continue")
    fill_in(page, {"Do you want a private link, to see how far we are?": "Yes"})
    press(page, "Continue")
    press(page, "Send")
    is_told(page, "We have your form")
    reference = page.locator(".isva-reference").inner_text()
    leave_by_the_button(page)
    assert not Draft.objects.exists()
    page.goto("/refer/rowan/self/sent/")
    assert reference not in page.content()


def test_a_page_of_the_form_can_be_filled_in_with_the_keys_alone(new_page, people):
    page = new_page()
    page.goto("/refer/rowan/self/")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to main content")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_be_focused()
    page.keyboard.press("Tab")
    expect(page.get_by_label("For me")).to_be_focused()
    page.keyboard.press("ArrowDown")
    expect(page.get_by_label("For my child, or a child I care for")).to_be_checked()
    page.keyboard.press("ArrowUp")
    page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="Continue")).to_be_focused()
    with page.expect_navigation():
        page.keyboard.press("Enter")
    page.get_by_label("What shall we call you?").focus()
    page.keyboard.type("Beatrix")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Your age and area")


def test_mistakes_take_the_focus_and_lead_to_their_question(new_page, people):
    page = new_page()
    page.goto("/refer/rowan/self/")
    press(page, "Continue")
    expect(page.locator(".govuk-error-summary")).to_be_focused()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_label("For me")).to_be_focused()


def test_a_member_of_staff_skips_the_menu(enter):
    page = enter("coordinator")
    page.goto("/inbox/")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to main content")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_be_focused()

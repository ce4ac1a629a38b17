"""Somebody asks for support on a small phone without JavaScript, and triage ends in advice."""

import re

import pytest

from casework.models import Case
from tests.journeys.acting_out import fill_in, follow, go_through, is_headed, is_told, press, score, send
from triage.models import TriageAssessment

pytestmark = pytest.mark.journey

THE_FORM = {
    "Who is this form for?": {"Who is this form for?": "For me"},
    "Your name": {"What shall we call you?": "Bea Birch"},
    "Your age and area": {"How old are you?": "30", "Where do you live?": "Northfold"},
    "How to reach you": {"How can we get in touch safely?": ["Phone"]},
    "Your phone": {"Your phone number": "07700 900222", "What is safe?": ["Call me"]},
    "Are you safe?": {"Are you, or is anybody else, in danger now?": "No"},
    "The police": {"Did you tell the police?": "I am thinking about it"},
    "Send now, or tell us more": {"Do you want to tell us more now?": "No, send it now"},
    "Do you want a private link, to see how far we are?": {
        "Do you want a private link, to see how far we are?": "Yes"
    },
}


def test_a_self_referral_without_javascript_on_a_small_phone_ends_in_advice(enter):
    survivor = enter(width=320, height=640, scripts=False)
    reference, link = given_somebody_asks_for_support(survivor)
    coordinator = enter("coordinator")
    when_the_coordinator_reaches_them_and_gives_advice(coordinator, reference)
    then_the_record_is_closed_and_counts_as_work_done(enter("manager"), coordinator, reference)
    then_the_private_link_says_so(survivor, link, reference)


def given_somebody_asks_for_support(page):
    page.goto("/refer/rowan/")
    is_told(page, "We are independent of the police.")
    press(page, "Ask for support")
    is_told(page, "Step 1 of")
    _fits(page)
    press(page, "Continue")
    is_told(page, "Select who this form is for")
    go_through(page, THE_FORM)
    _fits(page)
    is_told(page, "Bea Birch")
    press(page, "Send")
    is_told(page, "We have your form")
    _fits(page)
    return page.locator(".isva-reference").inner_text(), page.locator(".referral-link a").get_attribute(
        "href"
    )


def _fits(page):
    """Nothing is cut off on a screen 320 pixels wide: the browser itself measures, the page runs no script."""
    width = page.locator("html").bounding_box()["width"]
    widest = max(box["width"] for box in map(_box, page.locator("main, header, footer, form").all()) if box)
    assert widest <= width <= 320


def _box(part):
    return part.bounding_box()


def when_the_coordinator_reaches_them_and_gives_advice(page, reference):
    page.goto("/inbox/")
    row = page.get_by_role("row", name=reference)
    follow(row, re.compile("Bea"))
    press(page, "Take into triage")
    page.get_by_text("Record an attempt", exact=True).click()
    send(page, "Record attempt", {
        "How": "Phone call", "Number or address used": re.compile("07700 900222"),
        "What happened": "Reached, and told that the referral is accepted and support will be provided",
    })  # fmt: skip
    fill_in(page, {"Is there a safeguarding concern?": "No"})
    score(page, {"Emotional wellbeing": ("Some", "Some", "Good")}, risk="Standard")
    send(page, "Complete triage", {
        "What happens next?": "Advice and signposting", "Why": "She wanted to know how reporting works, no more.",
        "Where the client was pointed to": "The helpline for survivors",
    })  # fmt: skip
    is_headed(page, "Inbox")
    is_told(page, "The record is closed, and counts as work done.")


def then_the_record_is_closed_and_counts_as_work_done(manager, coordinator, reference):
    case = Case.objects.get(reference=reference)
    assert case.stage == "closed"
    done = case.triageassessment_set.get()
    assert done.outcome in TriageAssessment.CLOSING
    assert done.completed_at
    manager.goto(f"/cases/{case.pk}/triage/")
    is_told(manager, "Advice and signposting")
    is_told(manager, "The helpline for survivors")
    assert coordinator.goto(f"/cases/{case.pk}/").status == 404


def then_the_private_link_says_so(page, link, reference):
    page.goto(link)
    is_headed(page, "Our work on this has ended")
    for private in ("Bea", "Birch", reference, "07700"):
        assert private not in page.content()

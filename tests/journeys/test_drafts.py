"""A draft is kept while it is written, told on the page, and offered back, in a real browser."""

import pytest
from django.db import transaction
from django.urls import reverse

from casework.models import Contact
from isva.access.acting import act
from tests.casework.cases import active_case

pytestmark = pytest.mark.journey

LEAVE = """() => {
  Object.defineProperty(document, "hidden", {configurable: true, get: () => true});
  document.dispatchEvent(new Event("visibilitychange"));
}"""


def test_what_was_written_is_there_again_and_gone_once_it_is_saved(page_as, people, rowan):
    with act(people["manager"], rowan), transaction.atomic():
        case = active_case(rowan, people)
    address = reverse("record_contact", kwargs={"case_id": case.pk})
    page = page_as("isva")
    page.goto(address)
    page.fill("[name=note]", "She slept better.")
    page.check("[name=purpose][value=support]")
    page.evaluate(LEAVE)  # the telephone rings, another window comes to the front
    page.wait_for_selector("text=Draft saved at")

    page.goto(address)
    assert page.input_value("[name=note]") == "She slept better."
    assert page.is_checked("[name=purpose][value=support]")
    assert "This is what you wrote and did not save" in page.inner_text("main")

    page.select_option("[name=mode]", "in_person")
    page.fill("[name=minutes]", "45")
    page.click("text=Record contact >> visible=true >> nth=-1")
    page.wait_for_selector("text=Contact recorded.")
    assert Contact.objects.get().minutes == 45
    page.goto(address)
    assert page.input_value("[name=note]") == ""


def test_a_contact_is_recorded_without_scripts_too(page_as, people, rowan):
    with act(people["manager"], rowan), transaction.atomic():
        case = active_case(rowan, people)
    page = page_as("isva", scripts=False, width=320)
    page.goto(reverse("record_contact", kwargs={"case_id": case.pk}))
    page.select_option("[name=mode]", "text")
    page.fill("[name=minutes]", "5")
    page.check("[name=purpose][value=check_in]")
    page.click("main form button[type=submit]")
    assert "Say why it was done all the same." in page.inner_text("main")
    page.fill("[name=against_rule]", "She texted us first.")
    page.click("main form button[type=submit]")
    assert "Contact recorded." in page.inner_text("main")
    assert Contact.objects.get().against_rule == "She texted us first."

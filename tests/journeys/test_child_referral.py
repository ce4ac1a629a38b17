"""A school refers a child of 14 with a safe parent; the children's ISVA takes the case."""

import re

import pytest

from casework.models import Case
from tests.journeys.acting_out import (
    fill_in,
    follow,
    go_through,
    is_headed,
    is_told,
    press,
    score,
    send,
    timeline,
)

pytestmark = pytest.mark.journey

THE_FORM = {
    "About you": {
        "Your name": "Tessa Teasel", "Your agency": "Eastmere Academy",
        "What kind of agency is it?": "School, college or university", "Your role": "Safeguarding lead",
        "Your work phone number": "01632 960555",
    },
    "Who needs support": {"Their name": "Nell Nettlefold", "Or their age": "14", "Where they live": "Eastmere"},
    "Agreement of the child and of a parent": {
        "Does the child know that you are making this referral?": "Yes",
        "Does the child agree to it?": "Yes",
        "Does a safe parent or carer agree to it?": "Yes",
        "Has the child, or the safe parent, seen or been told what you are sending?": "Yes",
    },
    "What you may be told": {
        "Do they agree that you are told how the referral goes on?": "Yes",
        "Do they agree that you are told the name of their ISVA?": "No",
    },
    "Safe contact": {
        "How can we reach them safely?": ["Through a safe parent, carer or another safe person"],
    },
    "A safe person": {
        "Who is it?": "A safe parent or carer", "Their name": "Nora Nettlefold", "How they know the person": "mother",
        "Their phone number": "07700 900444", "What is safe on this number?": ["Call", "Leave a voice message"],
    },
    "Immediate safety": {"Is anyone in danger now?": "No"},
    "What kind of violence": {
        "What kind of sexual violence was it?": "Sexual assault", "When did it happen?": "In the last 12 months",
        "Who did it?": "Fellow pupil or student",
    },
    "Police and justice": {"Was it reported to the police?": "No"},
}  # fmt: skip


def test_a_child_with_a_safe_parent_is_supported_by_the_childrens_isva(enter):
    reference = given_a_school_refers_a_child(enter())
    case = Case.objects.select_related("referral").get(reference=reference)
    then_the_two_consents_are_two_facts(case)
    when_triage_sends_the_case_to_allocation(enter("coordinator"), case)
    when_the_manager_follows_the_advice(enter("manager"), case)
    then_the_chisva_records_a_contact_with_the_safe_parent(enter("chisva"), case)


def given_a_school_refers_a_child(page):
    page.goto("/refer/rowan/")
    press(page, "Refer somebody")
    go_through(page, THE_FORM)
    is_told(page, "Nora Nettlefold")
    press(page, "Send")
    is_told(page, "Referral received")
    return page.locator(".isva-reference").inner_text()


def then_the_two_consents_are_two_facts(case):
    assert (case.referral.child_consents, case.referral.parent_consents) == ("yes", "yes")


def when_triage_sends_the_case_to_allocation(page, case):
    page.goto(f"/cases/{case.pk}/referral/")
    is_told(page, "a child")
    press(page, "Take into triage")
    page.get_by_text("Record an attempt", exact=True).click()
    send(page, "Record attempt", {
        "How": "Phone call", "Number or address used": re.compile("07700 900444"),
        "What happened": "Reached, and told that the referral is accepted and support will be provided",
    })  # fmt: skip
    fill_in(
        page,
        {
            "Is there a safeguarding concern?": "No",
            "Specialism needed": ["Children and young people (CHISVA)"],
        },
    )
    score(page, {"Emotional wellbeing": ("Some", "Significant", "Good")}, risk="Medium")
    send(
        page, "Complete triage", {"What happens next?": "Allocate", "Why": "She and her mother want an ISVA."}
    )
    is_headed(page, "Waiting list")


def when_the_manager_follows_the_advice(page, case):
    page.goto("/allocation/")
    follow(page, re.compile("Nell Nettlefold"))
    first = page.get_by_role("group", name="Who takes this case?").locator(".govuk-radios__item").first
    is_told(first, "Isla Indigo")
    is_told(first, re.compile("children", re.IGNORECASE))
    send(page, "Allocate the case", {
        "Who takes this case?": "Isla Indigo", "Why this ISVA": "She supports children, and works in Eastmere.",
    })  # fmt: skip
    is_told(page, f"{case.reference} is allocated to Isla Indigo.")


def then_the_chisva_records_a_contact_with_the_safe_parent(page, case):
    page.goto("/my-day/")
    follow(page, re.compile("Nell Nettlefold"))
    is_told(page, "14 years old, a child")
    is_told(page, "07700 900444 (Nora Nettlefold, mother): call or leave a message")
    follow(page, "Record contact")
    send(page, "Record contact", {
        "How": "Phone call", "With whom": "Safe parent or carer", "Did it take place?": "Took place",
        "How long, in minutes": "25", "What for": "Practical help", "Note": "Nell's mother has told the school.",
        "The plan": "Unchanged", "The risk": "Unchanged",
    })  # fmt: skip
    (entry,) = [one for one in timeline(page) if one.startswith("Practical help")]
    assert "safe parent" in entry.lower()
    assert "Isla Indigo" in entry

"""Two people do the same thing at once: one of them does it, the other is told, and nothing typed is lost."""

import pytest
from playwright.sync_api import expect

from casework.models import Contact
from isva.pathway import Stage
from tests.factories import make_case
from tests.journeys.acting_out import fill_in, is_headed, is_told, press

pytestmark = pytest.mark.journey


def test_of_two_managers_who_allocate_the_same_case_one_is_told_and_loses_nothing(enter, people, rowan):
    case = make_case(rowan, by=people["manager"], stage=Stage.ALLOCATION, name="Ada Allgood", area="Eastmere")
    meera, morgan = enter("manager"), enter("second_manager")
    for page in (meera, morgan):
        page.goto(f"/cases/{case.pk}/allocate/")
        is_headed(page, "Allocate this case")
    fill_in(meera, {"Who takes this case?": "Iris Ivy", "Why this ISVA": "She has room."})
    fill_in(morgan, {"Who takes this case?": "Isaac Iceplant", "Why this ISVA": "Isaac knows the town."})
    for question in morgan.locator("textarea:visible").all():
        if not question.input_value():
            question.fill("He asked for it.")

    press(meera, "Allocate the case")
    is_told(meera, f"{case.reference} is allocated to Iris Ivy.")
    press(morgan, "Allocate the case")

    is_headed(morgan, "Allocate this case")
    is_told(morgan.get_by_role("alert"), "Iris Ivy")
    expect(morgan.get_by_label("Why this ISVA")).to_have_value("Isaac knows the town.")
    expect(morgan.get_by_role("radio", name="Isaac Iceplant")).to_be_checked()
    case.refresh_from_db()
    assert case.lead_isva == people["isva"]
    assert case.allocation_set.count() == 1


def test_a_contact_that_is_sent_twice_is_recorded_once(enter, people, rowan):
    case = make_case(rowan, by=people["manager"], stage=Stage.ACTIVE, isva=people["isva"])
    page = enter("isva")
    page.goto(f"/cases/{case.pk}/contacts/new/")
    fill_in(
        page,
        {"How": "In person", "How long, in minutes": "50", "What for": "First session", "Note": "We met."},
    )
    body = page.evaluate(
        "new URLSearchParams(new FormData(document.querySelector('form.isva-contact'))).toString()"
    )
    press(page, "Record contact")
    is_told(page, "We met.")

    again = page.evaluate(
        """async ([address, body]) => {
            const answer = await fetch(address, {method: "POST", body: new URLSearchParams(body)});
            return [answer.status, await answer.text()];
        }""",
        [f"/cases/{case.pk}/contacts/new/", body],
    )
    assert again[0] == 200
    assert "That was saved already" in again[1]
    assert Contact.objects.filter(case=case).count() == 1

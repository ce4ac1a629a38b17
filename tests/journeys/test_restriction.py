"""A manager restricts a client to named people: a colleague loses sight at once, whoever is named keeps it."""

import pytest
from django.db import transaction
from django.urls import reverse

from isva.access.acting import act
from tests.casework.cases import active_case
from tests.journeys.acting_out import follow, is_headed, is_told, press, send
from tests.personas import PASSWORD

pytestmark = pytest.mark.journey

REASON = "She is the sister of a colleague."


def test_a_restricted_client_is_seen_by_the_people_named_and_by_nobody_else_at_once(
    enter, people, rowan, violations, must_confirm
):
    with act(people["manager"], rowan), transaction.atomic():
        case = active_case(rowan, people)
    manager, colleague, iris = enter("manager"), enter("second_manager"), enter("isva")
    must_confirm(manager)
    given_everybody_has_the_case_open(case, manager, colleague, iris)
    when_the_manager_restricts_the_client_and_confirms_that_it_is_them(manager, violations)
    then_it_says_by_whom_the_client_is_seen(manager, violations)
    and_the_colleague_has_lost_sight_at_once(colleague, case, violations)
    and_the_isva_who_is_named_works_on(iris, case)


def given_everybody_has_the_case_open(case, *pages):
    for page in pages:
        page.goto(reverse("show_people", args=[case.pk]))
        is_told(page, "Ada Testperson")


def when_the_manager_restricts_the_client_and_confirms_that_it_is_them(page, violations):
    follow(page, "Restrict to named people")
    assert violations(page) == []
    send(
        page,
        "Restrict this client",
        {"Why this client is restricted": REASON, "Who may see this client": ["Iris Ivy"]},
    )
    is_headed(page, "Confirm that it is you")
    send(page, "Confirm", {"Password": PASSWORD})
    is_headed(page, "Restrict this client to named people")
    assert page.get_by_label("Why this client is restricted").input_value() == REASON
    press(page, "Restrict this client")


def then_it_says_by_whom_the_client_is_seen(page, violations):
    is_told(page, "The client is restricted: only the people named see them from now on.")
    is_told(page.locator(".isva-sight"), "Restricted: seen by Iris Ivy and Meera Maple.")
    assert violations(page) == []


def and_the_colleague_has_lost_sight_at_once(page, case, violations):
    assert page.reload().status == 404
    assert "Ada Testperson" not in page.inner_text("body")
    assert violations(page) == []
    page.goto(reverse("list_cases"))
    assert case.reference not in page.inner_text("main")


def and_the_isva_who_is_named_works_on(page, case):
    assert page.reload().status == 200
    page.goto(reverse("write_note", args=[case.pk]))
    page.locator("main textarea").fill("Told her who sees her record.")
    press(page.locator("main"), "Save note")
    is_told(page, "Told her who sees her record.")

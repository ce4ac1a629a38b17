"""A look that was out of the ordinary comes to the manager, who asks and writes down what they found."""

import datetime as dt
import re

import pytest
from django.db import transaction
from django.urls import reverse

from casework.alerts import raise_alerts
from isva.access.acting import act
from isva.clock.moment import now
from tests.factories import make_case
from tests.journeys.acting_out import follow, is_headed, is_told, press, send

pytestmark = pytest.mark.journey


def test_an_opening_out_of_the_ordinary_comes_to_the_manager_who_answers_it(enter, people, rowan, violations):
    with act(people["manager"], rowan), transaction.atomic():
        case = make_case(rowan, by=people["manager"], name="Ivan Ivy", isva=people["isva"], stage="active")
    given_the_isva_opens_a_case_of_their_own_family_name(enter("isva"), case)
    when_the_clock_looks_through_what_was_opened(rowan)
    manager = enter("manager")
    then_the_manager_finds_the_alert(manager, violations)
    and_writes_down_what_they_found(manager, violations)


def given_the_isva_opens_a_case_of_their_own_family_name(page, case):
    page.goto(reverse("show_case", args=[case.pk]))
    is_told(page, "Ivan Ivy")


def when_the_clock_looks_through_what_was_opened(service):
    raise_alerts(service, since=now() - dt.timedelta(minutes=10))


def then_the_manager_finds_the_alert(page, violations):
    page.goto(reverse("service_today"))
    follow(page, re.compile("to look into"))
    is_headed(page, "Alerts")
    row = page.get_by_role("row", name=re.compile("family name"))
    is_told(row, "Iris Ivy")
    assert violations(page) == []
    follow(row, re.compile("Iris Ivy"))


def and_writes_down_what_they_found(page, violations):
    is_told(page, "Ivan Ivy")
    press(page.locator("main"), "Mark as looked into")
    is_told(page, "Enter what you found")
    assert violations(page) == []
    send(page, "Mark as looked into", {"What you found": "No relation: the name is common here."})
    is_told(page, "Saved. The alert is looked into.")
    page.get_by_label("Show").select_option(label="Looked into")
    with page.expect_navigation():
        page.get_by_role("button", name=re.compile("Show|Filter|Apply")).first.click()
    is_told(page, "Meera Maple")
    assert violations(page) == []

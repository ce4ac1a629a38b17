"""An ISVA opens a colleague's case in an emergency, reads it, takes nothing away; a manager reviews it; the hour ends."""

import re

import pytest
from django.db import transaction
from django.urls import reverse
from playwright.sync_api import expect

from casework import documents, sharing
from isva.access.acting import act
from isva.clock.moment import today
from tests.casework.cases import active_case
from tests.journeys.acting_out import fill_in, follow, is_headed, is_told, press, send

pytestmark = pytest.mark.journey

#: What a page would offer to somebody who may change the record or take it away.
WAYS_TO_DO_MORE = re.compile(
    r"\b(add|change|record|write|withdraw|plan an|print|download|export)\b", re.IGNORECASE
)
TABS = ("show_case", "show_plan", "show_sharing", "list_documents")


@pytest.fixture
def case(people, rowan):
    """A case of Iris, with an agreement that could be printed and a document that could be downloaded."""
    iris = people["isva"]
    with act(people["manager"], rowan), transaction.atomic():
        case = active_case(rowan, people)
        sharing.agree_with_client(
            case,
            by=iris,
            agreed_on=today(),
            how="verbal",
            role_explained=True,
            confidentiality_explained=True,
        )
        documents.add_document(
            case, kind="letter", title="Letter from the court", content=b"Dear Ada", by=iris
        )
    return case


def test_a_case_is_opened_in_an_emergency_read_reviewed_and_gone_after_the_hour(
    enter, case, violations, time_passes
):
    imran, manager = enter("second_isva"), enter("manager")
    given_the_case_is_out_of_sight(imran, case)
    when_it_is_opened_with_a_category_and_a_reason(imran, case, violations)
    then_it_is_told_how_it_is_seen_and_for_how_long(imran, violations)
    and_every_tab_is_read_and_none_offers_more(imran, case)
    and_an_address_typed_by_hand_takes_nothing_away(imran, case, violations)
    when_the_manager_finds_it_and_reviews_it(manager, violations)
    then_the_isva_of_the_case_reads_of_it(enter("isva"), case)
    time_passes(minutes=60)
    then_it_is_gone(imran, case)


def given_the_case_is_out_of_sight(page, case):
    page.goto(reverse("search"))
    main = page.locator("main")
    main.get_by_label("Name or reference").fill(case.reference)
    press(main, "Search")
    expect(main).not_to_contain_text(case.client.name)
    assert page.goto(reverse("show_case", args=[case.pk])).status == 404
    page.goto(reverse("search"))
    follow(page, "Open a case in an emergency")


def when_it_is_opened_with_a_category_and_a_reason(page, case, violations):
    press(page, "Open the case")
    is_told(page, "There is a problem")
    assert violations(page) == []
    fill_in(page, {
        "Reference of the case": case.reference.lower(), "Why it cannot wait": re.compile("cannot be reached"),
        "What happened, and what you need to know": "Ada rang in distress, and Iris is in court.",
    })  # fmt: skip
    press(page, "Open the case")


def then_it_is_told_how_it_is_seen_and_for_how_long(page, violations):
    is_told(page.locator(".isva-case__name"), "Ada Testperson")
    is_told(
        page.locator(".isva-sight"),
        re.compile(r"in an emergency: to read, until .+ \((59|60) minutes left\)"),
    )
    assert violations(page) == []


def and_every_tab_is_read_and_none_offers_more(page, case):
    for tab in TABS:
        page.goto(reverse(tab, args=[case.pk]))
        is_told(page.locator(".isva-sight"), "minutes left")
        main = page.locator("main")
        offers = [*main.get_by_role("link").all_inner_texts(), *main.get_by_role("button").all_inner_texts()]
        assert not [one for one in offers if WAYS_TO_DO_MORE.search(one)], tab
    is_told(page, "Letter from the court")


def and_an_address_typed_by_hand_takes_nothing_away(page, case, violations):
    assert page.goto(reverse("print_agreement", args=[case.pk])).status == 403
    is_told(page, "It cannot be printed, exported or downloaded.")
    assert violations(page) == []
    assert page.goto(reverse("write_note", args=[case.pk])).status == 403


def when_the_manager_finds_it_and_reviews_it(page, violations):
    page.goto(reverse("service_today"))
    follow(page, re.compile("emergency opening to review"))
    assert violations(page) == []
    follow(page, re.compile("Ada Testperson"))
    is_told(page, "Iris is in court")
    assert violations(page) == []
    send(page, "Record the review", {
        "What you found": "It was needed", "What you looked at, and what follows": "Iris confirmed the hearing.",
    })  # fmt: skip
    is_headed(page, "Emergency openings")
    is_told(page, "It was needed")


def then_the_isva_of_the_case_reads_of_it(page, case):
    page.goto(reverse("show_case", args=[case.pk]))
    is_told(page, "Opened in an emergency")
    page.goto(reverse("who_looked", args=[case.pk]))
    is_told(page, "Imran Ilex")
    is_told(page, "Emergency access")


def then_it_is_gone(page, case):
    assert page.goto(reverse("show_case", args=[case.pk])).status == 404
    expect(page.locator("body")).not_to_contain_text("Ada Testperson")

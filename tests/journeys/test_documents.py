"""A document: what is not taken is told at the field, what is taken is handed out as a download, and who took it shows."""

import re

import pytest
from django.db import transaction
from django.urls import reverse
from playwright.sync_api import expect

from isva.access.acting import act
from isva.drafts.keeping import keep_public_draft, new_key
from referrals.views.public import COOKIE
from tests.casework.cases import active_case
from tests.files import making
from tests.journeys.acting_out import fill_in, follow, is_headed, is_told, press
from tests.referrals.conftest import PROFESSIONAL

pytestmark = pytest.mark.journey

PAGE = {
    "name": "letter.pdf",
    "mimeType": "application/pdf",
    "buffer": b"<!doctype html><script>alert(7)</script>",
}
LETTER = {"name": "Ada Testperson GP.pdf", "mimeType": "application/pdf", "buffer": making.pdf()}


def test_a_document_is_refused_in_words_added_downloaded_and_seen_to_have_been(
    enter, people, rowan, violations
):
    with act(people["manager"], rowan), transaction.atomic():
        case = active_case(rowan, people)
    iris = enter("isva", width=320, height=640)
    given_a_file_that_is_not_what_its_name_says_is_refused(iris, case, violations)
    when_the_letter_itself_is_added(iris, violations)
    then_it_is_handed_out_as_a_download_under_a_name_that_says_nothing(iris, case)
    and_the_manager_sees_who_took_it(enter("manager"), case)


def given_a_file_that_is_not_what_its_name_says_is_refused(page, case, violations):
    page.goto(reverse("list_documents", args=[case.pk]))
    follow(page, "Add a document")
    assert violations(page) == []
    fill_in(page, {"What is it?": "Letter", "Title": "Letter from the GP"})
    page.set_input_files("[name=file]", PAGE)
    press(page.locator("main"), "Add document")
    field = page.locator(".govuk-form-group--error")
    is_told(field, "The file must be a PDF, a picture (JPEG or PNG), plain text")
    assert page.locator("[name=title]").input_value() == "Letter from the GP"
    assert violations(page) == []


def when_the_letter_itself_is_added(page, violations):
    page.set_input_files("[name=file]", LETTER)
    press(page.locator("main"), "Add document")
    is_told(page, "Document added.")
    is_headed(page, "Documents")
    assert violations(page) == []


def then_it_is_handed_out_as_a_download_under_a_name_that_says_nothing(page, case):
    with page.expect_download() as taken:
        page.get_by_role("link", name=re.compile(r"Letter from the GP.*download")).click()
    assert taken.value.suggested_filename == f"document-{case.reference}-1.pdf"
    assert taken.value.path().read_bytes() == LETTER["buffer"]


def and_the_manager_sees_who_took_it(page, case):
    page.goto(reverse("who_looked", args=[case.pk]))
    row = page.get_by_role("row", name=re.compile("Iris Ivy")).filter(has_text="a document").first
    is_told(row, "Downloaded")


def test_a_professional_attaches_replaces_and_removes_the_assessment(enter, rowan, live_server, violations):
    page, key = enter(width=320, height=640), new_key()
    typed = {step: {name: said if isinstance(said, list) else [said] for name, said in answers.items()}
             for step, answers in PROFESSIONAL.items()}  # fmt: skip
    keep_public_draft(
        service=rowan, form="refer_professional", key=key, data={"typed": typed, "at": "assessment"}
    )
    address = reverse("refer_professional", args=["rowan"])
    page.context.add_cookies([{"name": COOKIE, "value": key, "domain": "localhost", "path": address}])
    page.goto(address)
    page.set_input_files("[name=file]", PAGE)
    press(page, "Continue")
    is_told(page.locator(".govuk-form-group--error"), "The file must be a PDF, a picture")
    assert violations(page) == []
    page.set_input_files("[name=file]", LETTER)
    press(page, "Continue")
    press(page, "Back")
    is_told(page, "Attached: PDF, 1 kB")
    assert violations(page) == []
    page.get_by_role("button", name=re.compile("^Remove")).click()
    expect(page.locator("main")).not_to_contain_text("Attached:")

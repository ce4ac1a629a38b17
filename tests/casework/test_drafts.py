"""Drafts of the forms about a case: kept on the server, offered back, forgotten once saved."""

import uuid

import pytest
from django.urls import reverse

from casework.models import Contact, Note
from isva.drafts.models import Draft
from tests.casework.test_contacts import typed

pytestmark = pytest.mark.django_db


@pytest.fixture
def iris(signed_in):
    return signed_in("isva")


def url(name, case, **keys):
    return reverse(name, kwargs={"case_id": case.pk, **keys})


def keep(browser, case, form="record_contact", **answers):
    return browser.post(url("keep_draft", case, form=form), answers)


def test_a_draft_is_kept_and_offered_back_as_it_was_typed(iris, iris_case):
    answers = typed(
        note="Half a sente", minutes="abc", at_day="3", at_month="Mar", at_year="", purpose="crisis"
    )
    assert keep(iris, iris_case, **answers).status_code == 204
    shown = iris.get(url("record_contact", iris_case)).content.decode()
    for words in (
        "Half a sente",
        'value="abc"',
        'value="Mar"',
        "This is what you wrote and did not save",
        "Draft saved at",
    ):
        assert words in shown, words
    assert "There is a problem" not in shown


def test_a_draft_is_its_writer_s_own(iris, iris_case, signed_in):
    keep(iris, iris_case, note="Only mine")
    assert "Only mine" not in signed_in("manager").get(url("record_contact", iris_case)).content.decode()


def test_a_draft_is_encrypted_and_lapses(iris, iris_case):
    keep(iris, iris_case, note="Very private words")
    draft = Draft.objects.get()
    assert b"private" not in bytes(draft.sealed)
    assert (draft.expires_at - draft.kept_at).days == 3


def test_saving_forgets_the_draft_and_a_late_one_is_not_kept(iris, iris_case):
    answers = typed()
    keep(iris, iris_case, **answers)
    iris.post(url("record_contact", iris_case), answers)
    assert not Draft.objects.exists()
    assert (
        keep(iris, iris_case, **answers).status_code == 204
    )  # sent as the page was left, arrives after the form
    assert not Draft.objects.exists()
    assert Contact.objects.count() == 1


def test_a_draft_survives_a_form_that_came_back_with_mistakes(iris, iris_case):
    keep(iris, iris_case, note="Keep me")
    assert iris.post(url("record_contact", iris_case), typed(purpose="")).status_code == 200
    assert Draft.objects.exists()


def test_a_draft_can_be_thrown_away(iris, iris_case):
    keep(iris, iris_case, form="write_note", text="Not this")
    response = iris.post(
        url("throw_draft_away", iris_case, form="write_note"), {"back": url("write_note", iris_case)}
    )
    assert response.url == url("write_note", iris_case)
    assert "Not this" not in iris.get(response.url).content.decode()


@pytest.mark.parametrize(
    "back", ["https://example.org/", "//example.org", "/cases/", "\x00", "javascript:alert(1)"]
)
def test_throwing_a_draft_away_leads_nowhere_else(iris, iris_case, back):
    response = iris.post(url("throw_draft_away", iris_case, form="write_note"), {"back": back})
    assert response.url == url("show_case", iris_case)


def test_only_known_forms_keep_drafts_and_not_endlessly(iris, iris_case):
    assert keep(iris, iris_case, form="anything").status_code == 404
    assert iris.post(url("throw_draft_away", iris_case, form="anything")).status_code == 404
    assert keep(iris, iris_case, note="x" * 200_000).status_code == 413
    assert iris.get(url("keep_draft", iris_case, form="write_note")).status_code == 405
    assert not Draft.objects.exists()


def test_rubbish_in_a_draft_is_no_defect(iris, iris_case):
    assert keep(iris, iris_case, note="a\x00b", once="rubbish", at_day="\x00").status_code == 204
    assert iris.get(url("record_contact", iris_case)).status_code == 200


def test_a_draft_is_kept_only_by_who_may_write(iris_case, people, acting, signed_in):
    from casework.access import grant

    assert keep(signed_in("second_isva"), iris_case).status_code == 404
    with acting("manager"):
        grant(iris_case, to=people["second_isva"], why="cover", by=people["manager"], read_only=True)
    assert keep(signed_in("second_isva"), iris_case).status_code == 403


@pytest.mark.parametrize("form", ["write_note", "raise_safeguarding", "agree_with_client"])
def test_each_long_form_offers_its_draft(iris, iris_case, form):
    answers = {"text": "My draft", "what": "My draft", "contact_preferences": "My draft"}
    keep(iris, iris_case, form=form, **answers)
    assert "My draft" in iris.get(url(form, iris_case)).content.decode()


def test_a_note_is_saved_once_however_often_the_button_is_pressed(iris, iris_case):
    answers = {"text": "Once only", "once": str(uuid.uuid4())}
    for _press in range(3):
        iris.post(url("write_note", iris_case), answers)
    assert Note.objects.count() == 1

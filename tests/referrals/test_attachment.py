"""The file that comes with a professional's referral: taken or refused in words, kept with the draft, and found by intake."""

import datetime as dt
import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from casework import emergency
from casework.documents import withdraw_document
from casework.models import Case, Document
from isva.access.acting import act, acting_person
from isva.audit.models import AccessEntry
from isva.clock.moment import at, now
from isva.drafts.keeping import forget_lapsed_drafts
from isva.drafts.models import Draft
from isva.files.receiving import LARGEST
from tests.files import making
from tests.files.test_scanning import Scanner
from tests.referrals.conftest import PROFESSIONAL

pytestmark = pytest.mark.django_db


@pytest.fixture
def petra(visitor):
    """A referrer who said that an assessment was done, at the page that takes it."""
    return visitor("professional").go_through(PROFESSIONAL, until="assessment")


def file(content, name="Ada Aspen DASH.pdf"):
    return SimpleUploadedFile(name, content)


def attach(person, content=None, **data):
    return person.answer("assessment", file=file(making.pdf() if content is None else content), **data)


def sent(person):
    reply = person.go_through(PROFESSIONAL).send()
    reference = person.browser.get(reply.url).context["sent"]["reference"]
    return Case.objects.get(reference=reference)


def drafts():
    return [bytes(one.sealed) for one in Draft.objects.all()]


def test_a_file_goes_with_the_referral_and_its_name_is_kept_nowhere(petra, signed_in, settings):
    assert attach(petra).status_code == 302
    check = petra.go_through(PROFESSIONAL).look().content.decode()
    assert re.search(r"The assessment, as a file.*?PDF, 1 kB", check, re.DOTALL)
    assert "DASH.pdf" not in check
    case = sent(petra)
    document = Document.objects.get()
    assert (document.case, document.kind, document.scan) == (case, "risk_assessment", "not_scanned")
    assert not [field for field in Document._meta.fields if "Aspen" in str(getattr(document, field.name))]
    assert len(drafts()) == 1  # what is left says where it was sent, and holds no file
    cora = signed_in("coordinator")
    shown = cora.get(reverse("show_referral", args=[case.pk])).content.decode()
    address = reverse("download_document", args=[case.pk, document.pk])
    assert f'href="{address}"' in shown
    assert "PDF, 1 kB, not scanned for viruses" in shown
    answer = cora.get(address)
    assert answer.content == making.pdf()
    assert answer["Content-Disposition"].startswith("attachment;")
    assert AccessEntry.objects.filter(what="downloaded", case=case.pk, record=document.pk).exists()
    assert signed_in("isva").get(address).status_code == 404


def test_a_file_that_was_withdrawn_is_offered_no_more_beside_the_referral(petra, signed_in, people):
    attach(petra)
    case = sent(petra)
    address = reverse("download_document", args=[case.pk, Document.objects.get().pk])
    page = reverse("show_referral", args=[case.pk])
    cora = signed_in("coordinator")
    assert address in cora.get(page).content.decode()
    with act(people["manager"], case.service):
        withdraw_document(Document.objects.get(), why="It is about somebody else", by=people["manager"])
    assert address not in cora.get(page).content.decode()


def test_an_emergency_opening_is_told_of_a_file_and_not_led_to_it(petra, signed_in, people, rowan):
    attach(petra)
    case = sent(petra)
    with act(people["second_isva"], rowan):
        emergency.open_in_emergency(
            acting_person(), reference=case.reference, category="court", reason="The court rang and asks today."
        )  # fmt: skip
    page = signed_in("second_isva").get(reverse("show_referral", args=[case.pk])).content.decode()
    assert "PDF, 1 kB" in page
    assert reverse("download_document", args=[case.pk, Document.objects.get().pk]) not in page


def test_it_lies_encrypted_with_the_draft_and_a_draft_that_lapses_takes_it_along(petra):
    attach(petra, b"CANARY in the assessment")
    assert len(drafts()) == 2
    assert not [one for one in drafts() if b"CANARY" in one]
    with at(now() + dt.timedelta(minutes=50)):
        petra.answer("suspect")  # the next step keeps both for another hour
    with at(now() + dt.timedelta(minutes=70)):
        assert forget_lapsed_drafts() == 0
    with at(now() + dt.timedelta(minutes=111)):
        assert forget_lapsed_drafts() == 2


@pytest.mark.parametrize("way", [{"go": "leave"}, {"go": "start"}, None])
def test_whoever_leaves_or_begins_afresh_takes_it_along(petra, way):
    attach(petra)
    if way:
        petra.post(**way)
    else:
        petra.browser.get(reverse("leave_form", args=["rowan", "professional"]))
    assert drafts() == []


def test_it_is_replaced_and_removed_without_a_script(petra):
    attach(petra, b"The first one")
    petra.post(step="check", change="assessment")
    assert "Text, 1 kB" in petra.look().content.decode()
    attach(petra)
    petra.post(step="check", change="assessment")
    page = petra.look().content.decode()
    assert "PDF, 1 kB" in page
    assert 'enctype="multipart/form-data"' in page
    petra.answer("assessment")  # going on without another file keeps the one that is there
    petra.post(step="check", change="assessment")
    assert petra.answer("assessment", go="remove").status_code == 302
    assert petra.at == "assessment"
    assert "PDF, 1 kB" not in petra.look().content.decode()
    assert len(drafts()) == 1
    sent(petra)
    assert not Document.objects.exists()


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"<!doctype html><script>alert(1)</script>", "The file must be a PDF, a picture"),
        (b"a" * (LARGEST + 1), "smaller than 10 MB"),
        (making.pdf(b"<< /Encrypt 9 0 R >>"), "locked with a password"),
        (making.pdf(b"<< /S /JavaScript >>"), "holds a programme"),
        (b"", "The file is empty"),
    ],
)
def test_what_is_not_taken_is_told_at_the_field_and_what_was_there_stays(petra, content, words):
    attach(petra)
    petra.post(step="check", change="assessment")
    reply = attach(petra, content)
    assert reply.status_code == 200
    assert words in " ".join(reply.context["form"].errors["file"])
    assert "PDF, 1 kB" in reply.content.decode()
    assert "Ada Aspen DASH" not in reply.content.decode()


def test_an_answer_that_changes_takes_the_page_and_the_file_away(petra):
    attach(petra)
    petra.post(step="check", change="others")
    petra.answer("others", **PROFESSIONAL["others"] | {"risk_assessment": "no"})
    assert "PDF, 1 kB" not in petra.go_through(PROFESSIONAL).look().content.decode()
    petra.send()
    assert Case.objects.exists()
    assert not Document.objects.exists()


def test_what_the_virus_scanner_finds_is_refused_and_noted_for_the_records_lead(
    petra, settings, signed_in, rowan
):
    settings.CLAMD_ADDRESS = Scanner(b"stream: Eicar-Signature FOUND\0").address
    reply = attach(petra)
    assert "The virus scanner found something in this file. It was not kept." in " ".join(
        reply.context["form"].errors["file"]
    )
    assert len(drafts()) == 1
    entry = AccessEntry.objects.get(what="infected")
    assert (entry.service, entry.case, entry.user.name) == (rowan, None, "Public form")
    shown = signed_in("records_lead", rowan).get(reverse("access_log")).content.decode()
    assert "Sent a file in which the virus scanner found something" in shown


def test_the_self_referral_takes_no_file(visitor):
    person = visitor("self")
    person.answer("who", who="me", file=file(making.pdf()))
    assert len(drafts()) == 1
    assert "file" not in person.look().content.decode().split("<main")[1].lower()


def test_one_address_that_sends_files_without_end_is_slowed_down(petra, settings):
    settings.PUBLIC_FORMS_AN_HOUR = settings.PUBLIC_FORMS_AN_HOUR | {"file": 2}
    assert [attach(petra, b"text").status_code for _ in range(3)] == [302, 302, 429]

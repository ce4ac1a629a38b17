"""Documents of a case: what is kept and how, who gets them, and that none is ever shown in the browser."""

import re
import uuid

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from casework import documents
from casework.models import Document
from isva.access.acting import act
from isva.files.receiving import LARGEST, MOST_SENT
from isva.pathway import Stage
from tests.factories import make_case
from tests.files import making
from tests.files.test_scanning import Scanner

pytestmark = pytest.mark.django_db


@pytest.fixture
def case(people, rowan):
    return make_case(rowan, by=people["manager"], stage=Stage.ACTIVE, isva=people["isva"])


@pytest.fixture
def iris(signed_in, rowan):
    return signed_in("isva", rowan)


def page(name, case, **keys):
    return reverse(name, kwargs={"case_id": case.pk, **keys})


def send(browser, case, content=b"Dear Ada", name="Ada Aspen DASH.pdf", **answers):
    data = {"kind": "letter", "title": "A letter from Ada’s GP", "once": str(uuid.uuid4())} | answers
    return browser.post(page("add_document", case), data | {"file": SimpleUploadedFile(name, content)})


def test_a_document_is_added_listed_and_handed_out_as_a_download(iris, case):
    assert send(iris, case, making.pdf()).status_code == 302
    document = Document.objects.get()
    listed = iris.get(page("list_documents", case)).content.decode()
    assert "A letter from Ada’s GP" in listed
    assert "Not scanned for viruses" in listed
    answer = iris.get(page("download_document", case, document_id=document.pk))
    assert answer.content == making.pdf()
    assert answer["Content-Type"] == "application/pdf"
    assert answer["Content-Disposition"] == f'attachment; filename="document-{case.reference}-1.pdf"'
    assert answer["Content-Security-Policy"] == "default-src 'none'; frame-ancestors 'none'; sandbox"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Cache-Control"] == "no-store"


def test_what_lies_on_disk_is_encrypted_and_its_name_says_nothing(iris, case, settings):
    send(iris, case, b"CANARY in the letter", name="CANARY.txt", title="CANARY")
    files = [path for path in settings.DOCUMENTS_ROOT.rglob("*") if path.is_file()]
    assert len(files) == 1
    assert re.fullmatch(r"[0-9a-f]{32}\.sealed", files[0].name)
    assert b"CANARY" not in files[0].read_bytes()
    assert files[0].stat().st_mode & 0o077 == 0
    assert not files[0].is_relative_to(settings.STATIC_ROOT)


def test_the_name_on_the_sender_s_device_is_kept_nowhere(iris, case):
    send(iris, case, name="CANARY.txt")
    document = Document.objects.get()
    assert not [field for field in Document._meta.fields if "CANARY" in str(getattr(document, field.name))]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"<!doctype html><script>alert(1)</script>", "The file must be a PDF"),
        (b"", "The file for the document is empty"),
        (b"a" * (LARGEST + 1), "smaller than 10 MB"),
        (making.pdf(b"<< /S /JavaScript >>"), "holds a programme"),
    ],
)
def test_what_is_not_taken_is_told_beside_it_and_nothing_is_kept(iris, case, settings, content, words):
    answer = send(iris, case, content)
    assert answer.status_code == 200
    assert words in answer.content.decode()
    assert not Document.objects.exists()
    assert not [path for path in settings.DOCUMENTS_ROOT.rglob("*") if path.is_file()]


def test_a_large_file_never_touches_the_disk_on_its_way_in(iris, case, tmp_path, monkeypatch):
    import tempfile

    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "nowhere"))
    assert send(iris, case, b"a" * (LARGEST - 1)).status_code == 302


def test_a_request_larger_than_any_file_is_refused_before_it_is_read(iris, case):
    answer = iris.post(
        page("add_document", case), b"--x", content_type="multipart/form-data; boundary=x",
        CONTENT_LENGTH=str(MOST_SENT + 1),
    )  # fmt: skip
    assert answer.status_code == 400
    assert not Document.objects.exists()


def test_text_is_handed_out_with_its_letters(iris, case):
    send(iris, case, "grüße".encode())
    answer = iris.get(page("download_document", case, document_id=Document.objects.get().pk))
    assert answer["Content-Type"] == "text/plain; charset=utf-8"
    assert answer.content.decode() == "grüße"


def test_one_press_keeps_one_document(iris, case):
    once = str(uuid.uuid4())
    for _ in range(2):
        assert send(iris, case, once=once).status_code == 302
    assert Document.objects.count() == 1


def test_documents_of_a_case_are_numbered_each_for_itself(people, rowan, case):
    other = make_case(rowan, by=people["manager"])
    with act(people["manager"], rowan):
        for one in (case, case, other):
            documents.add_document(one, kind="letter", title="x", content=b"x", by=people["manager"])
    assert sorted(Document.objects.filter(case=case).values_list("number", flat=True)) == [1, 2]
    assert Document.objects.get(case=other).number == 1


def test_a_withdrawn_document_stays_on_record_and_is_not_handed_out(iris, case):
    send(iris, case)
    document = Document.objects.get()
    why = {"why": "It belongs to another case", "once": str(uuid.uuid4())}
    assert iris.post(page("withdraw_document", case, document_id=document.pk), why).status_code == 302
    answer = iris.get(page("download_document", case, document_id=document.pk))
    assert answer.status_code == 403
    assert "belongs to another case" in answer.content.decode()
    assert "Withdrawn documents" in iris.get(page("list_documents", case)).content.decode()
    document.refresh_from_db()
    assert document.withdrawn_by.email.startswith("iris")
    assert document.history.count() == 2
    again = iris.post(
        page("withdraw_document", case, document_id=document.pk), why | {"once": str(uuid.uuid4())}
    )
    assert "withdrawn already" in again.content.decode()


@pytest.mark.parametrize("harm", ["removed", "changed", "swapped"])
def test_a_file_that_was_touched_past_the_product_is_not_handed_out(iris, case, settings, harm):
    send(iris, case, b"first")
    send(iris, case, b"second")
    first = Document.objects.get(number=1)
    paths = {path.stem: path for path in settings.DOCUMENTS_ROOT.rglob("*.sealed")}
    own = paths[first.stored_as.hex]
    other = next(path for stem, path in paths.items() if stem != first.stored_as.hex)
    if harm == "removed":
        own.unlink()
    else:
        own.write_bytes(other.read_bytes() if harm == "swapped" else own.read_bytes()[:-4] + b"AAAA")
    answer = iris.get(page("download_document", case, document_id=first.pk))
    assert answer.status_code == 410
    assert "cannot be opened" in answer.content.decode()


def test_who_may_only_read_gets_documents_and_adds_none(people, rowan, case, iris, signed_in):
    from casework.access import grant
    from casework.models import Grant

    send(iris, case)
    with act(people["manager"], rowan):
        grant(case, to=people["second_isva"], why=Grant.Why.COVER, by=people["manager"], read_only=True)
    imran = signed_in("second_isva", rowan)
    assert "Add a document" not in imran.get(page("list_documents", case)).content.decode()
    document = Document.objects.get()
    assert imran.get(page("download_document", case, document_id=document.pk)).status_code == 200
    assert send(imran, case).status_code == 403
    assert imran.post(page("withdraw_document", case, document_id=document.pk)).status_code == 403


def test_a_file_in_which_the_scanner_finds_something_is_noted_for_who_works_on_the_case(
    iris, case, settings, signed_in
):
    settings.CLAMD_ADDRESS = Scanner(b"stream: Eicar-Signature FOUND\0").address
    assert "The virus scanner found something" in send(iris, case).content.decode()
    assert not Document.objects.exists()
    shown = signed_in("manager").get(page("who_looked", case)).content.decode()
    assert "Sent a file in which the virus scanner found something" in shown


def test_a_file_is_not_taken_where_the_scanner_is_silent(iris, case, settings):
    settings.CLAMD_ADDRESS = "127.0.0.1:1"
    assert "does not answer" in send(iris, case).content.decode()
    assert not Document.objects.exists()

"""Documents of a case: taken in, handed out, withdrawn."""

import hashlib

from django.utils.translation import gettext as _

from casework.models import Case, Document
from isva.clock.moment import now
from isva.files import store
from isva.files.checking import ENDINGS, Checked, check_file
from isva.files.scanning import scan
from isva.refusal import Refusal


def add_document(case: Case, *, kind: str, title: str, content: bytes, by) -> Document:
    """Take a file in. Raises isva.files.checking.NotTaken or another Refusal, in words, where it is not taken.

    The virus scanner sees the file as it came, the reader of its kind only what the scanner let through.
    """
    scanned = scan(content)
    return keep_document(case, kind=kind, title=title, checked=check_file(content), scanned=scanned, by=by)


def keep_document(case: Case, *, kind: str, title: str, checked: Checked, scanned, by) -> Document:
    """Keep a file that was scanned and checked before. The caller holds the transaction."""
    Case.objects.select_for_update().values_list("pk").get(pk=case.pk)  # the next number is this one's
    content = checked.content
    document = Document(
        case=case, number=_next_number(case), kind=kind, title=title, media_type=checked.media_type, size=len(content),
        sha256=hashlib.sha256(content).hexdigest(), stored_as=store.keep(content), scan=scanned.value, recorded_by=by,
    )  # fmt: skip
    try:
        document.save(force_insert=True)
    except BaseException:
        store.forget(document.stored_as)
        raise
    return document


def _next_number(case: Case) -> int:
    newest = Document.objects.filter(case=case).order_by("-number").values_list("number", flat=True).first()
    return (newest or 0) + 1


def documents_of(case: Case) -> list[Document]:
    """The documents of a case, the newest first; withdrawn ones too."""
    return list(case.document_set.select_related("recorded_by", "withdrawn_by").order_by("-number"))


def sent_with_referral(case: Case) -> list[Document]:
    """What came in with the public form, and was not withdrawn."""
    return list(
        case.document_set.filter(recorded_by__is_system=True, withdrawn_at__isnull=True).order_by("number")
    )


def content_of(document: Document) -> bytes:
    """The file. Raises isva.files.store.Lost where it is missing or not what was kept, Refusal where it was withdrawn."""
    if document.withdrawn_at:
        raise Refusal(_("This document was withdrawn: %(why)s") % {"why": document.withdrawn_why})
    content = store.read(document.stored_as)
    if hashlib.sha256(content).hexdigest() != document.sha256:
        raise store.Lost(str(document.stored_as))
    return content


def file_name(document: Document, case: Case) -> str:
    """How a download is called: reference and number, nothing about anybody."""
    return f"document-{case.reference}-{document.number}.{ENDINGS[document.media_type]}"


def withdraw_document(document: Document, *, why: str, by) -> Document:
    """Take a document out of use; it stays on record, with who did so and why. Raises Refusal where it was before."""
    document = Document.objects.select_for_update(of=("self",)).get(pk=document.pk)
    if document.withdrawn_at:
        raise Refusal(_("This document was withdrawn already."))
    document.withdrawn_at, document.withdrawn_by, document.withdrawn_why = now(), by, why
    document.save(update_fields=["withdrawn_at", "withdrawn_by", "withdrawn_why"])
    return document

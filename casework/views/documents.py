"""The tab of documents: what lies with the case, handed out as a download and never shown in the browser."""

import logging

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from casework import documents
from casework.doors import case_page, find
from casework.forms.documents import DocumentForm, WithdrawDocumentForm
from casework.models import Document
from casework.views.frame import case_frame
from isva.access.roles import Permission
from isva.audit.reading import What, note_infected
from isva.clock.moment import now
from isva.drafts.saving import saved
from isva.files.checking import TEXT, kind_and_size
from isva.files.scanning import Infected
from isva.files.store import Lost
from isva.interface.tables import lines, link, table
from isva.interface.words import short_when
from isva.refusal import Refusal

#: A file that is opened in the browser all the same can do nothing: no script, no form, no load, no frame.
ALONE = "default-src 'none'; frame-ancestors 'none'; sandbox"
logger = logging.getLogger(__name__)


@case_page(Permission.VIEW_CASE)
def list_documents(request, case):
    """The documents of a case, and those that were withdrawn."""
    context = case_frame(request, case, "list_documents")
    writes = context["frame"]["may_change"]
    found = documents.documents_of(case)
    context |= {
        "documents": _documents_table(
            case,
            [one for one in found if not one.withdrawn_at],
            writes,
            takes_out=context["frame"]["may_take_out"],
        ),
        "withdrawn": _withdrawn_table([one for one in found if one.withdrawn_at]),
        "add_url": reverse("add_document", kwargs={"case_id": case.pk}) if writes else "",
    }
    return render(request, "casework/list_documents.html", context)


@case_page(Permission.CHANGE_CASE)
def add_document(request, case):
    """Add a file to the case. What is not taken is told beside it."""
    form = DocumentForm(*(request.POST, request.FILES) if request.method == "POST" else ())

    infected = []

    def add():
        given = form.cleaned_data
        try:
            documents.add_document(
                case, kind=given["kind"], title=given["title"], content=given["file"], by=request.user
            )
        except Infected as found:
            infected.append(found)
            raise

    if request.method == "POST" and saved(request, form, add, at="file"):
        messages.success(request, _("Document added."))
        return redirect("list_documents", case_id=case.pk)
    if infected:  # noted once what was refused is undone
        note_infected(request, user=request.user, service=case.service, case=case)
    context = case_frame(request, case, "", next_step=False)
    context |= {
        "form": form,
        "submit": _("Add document"),
        "cancel_url": reverse("list_documents", kwargs={"case_id": case.pk}),
    }
    return render(request, "casework/add_document.html", context)


@case_page(Permission.VIEW_CASE, what=What.DOWNLOADED)
def download_document(request, case, document_id):
    """Hand the file out: as a download, under a name that says nothing, and only to who may see the case."""
    document = find(case.document_set.all(), document_id)
    try:
        content = documents.content_of(document)
    except Refusal as refusal:
        raise PermissionDenied(str(refusal)) from None
    except Lost:
        logger.error("A document's file is missing or was changed.")
        return render(request, "casework/document_lost.html", case_frame(request, case, ""), status=410)
    letters = "; charset=utf-8" if document.media_type == TEXT else ""
    response = HttpResponse(content, content_type=document.media_type + letters)
    name = documents.file_name(document, case)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["Content-Security-Policy"] = ALONE
    return response


@case_page(Permission.CHANGE_CASE)
def withdraw_document(request, case, document_id):
    """Take a document out of use, with a reason."""
    document = find(case.document_set.all(), document_id)
    form = WithdrawDocumentForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and saved(
        request,
        form,
        lambda: documents.withdraw_document(document, why=form.cleaned_data["why"], by=request.user),
    ):
        messages.success(request, _("Document withdrawn."))
        return redirect("list_documents", case_id=case.pk)
    context = case_frame(request, case, "", next_step=False)
    context |= {
        "document": document,
        "form": form,
        "submit": _("Withdraw document"),
        "cancel_url": reverse("list_documents", kwargs={"case_id": case.pk}),
    }
    return render(request, "casework/withdraw_document.html", context)


def _documents_table(case, found, writes: bool, *, takes_out: bool):
    rows = [
        [
            lines(_download(case, one) if takes_out else one.title, one.get_kind_display()),
            lines(kind_and_size(one.media_type, one.size), one.get_scan_display()),
            lines(short_when(one.recorded_at, now=now()), one.recorded_by.name),
            *([_withdraw(case, one)] if writes else []),
        ]
        for one in found
    ]
    columns = [_("Document"), _("File"), _("Added"), *([_("What you can do")] if writes else [])]
    empty = {
        "title": _("No documents yet"),
        "text": _("Letters, assessments and signed agreements can be kept here, with the case."),
    }
    return table(caption=_("Documents"), hide_caption=True, columns=columns, rows=rows, empty=empty)


def _withdrawn_table(found):
    rows = [
        [
            lines(one.title, one.get_kind_display()),
            one.withdrawn_why,
            lines(short_when(one.withdrawn_at, now=now()), one.withdrawn_by.name),
        ]
        for one in found
    ]
    return table(caption=_("Withdrawn"), columns=[_("Document"), _("Why"), _("Withdrawn")], rows=rows)


def _download(case, document: Document):
    key = {"case_id": case.pk, "document_id": document.pk}
    return link(document.title, reverse("download_document", kwargs=key), hidden=_("(download)"))


def _withdraw(case, document: Document):
    key = {"case_id": case.pk, "document_id": document.pk}
    return link(_("Withdraw"), reverse("withdraw_document", kwargs=key), hidden=document.title)

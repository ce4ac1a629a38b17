"""Reports that are out: the list, a report to read, its files, and its correction."""

import logging

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _

from isva.access.doors import find, recently_confirmed, staff_page
from isva.access.roles import Permission
from isva.accounts.views.pieces import row_button
from isva.audit.reading import What, note_reading
from isva.clock.moment import day_of
from isva.drafts.saving import posted, saved
from isva.interface.marks import clock_mark, tag
from isva.interface.paging import keyset_page
from isva.interface.tables import lines, link, table
from isva.interface.words import long_date
from reporting import pdf
from reporting.forms.reports import CorrectForm
from reporting.periods import Quarter
from reporting.reports import asked_for, drafting, handing_out, publishing
from reporting.reports.paper import context_of
from reporting.views.report_pieces import file_name, handed_out

_READS = (Permission.PUBLISH_REPORT, Permission.READ_REPORTS)
log = logging.getLogger(__name__)


@staff_page(*_READS)
def list_reports(request):
    """The published reports that somebody may read; for a manager those that are asked for first."""
    writes = request.acting.can(Permission.PUBLISH_REPORT)
    page = keyset_page(
        publishing.reports_seen_by(request.acting), order=("-quarter", "-at", "-id"), after=request.GET.get("after"), size=20
    )  # fmt: skip
    context = {
        "writes": writes, "page": page, "asked": _asked_table(request) if writes else None,
        "published": table(
            caption=_("Published"), columns=[_("Report"), _("Contract"), _("Published"), _("Download")],
            rows=[_published_row(one) for one in page.rows],
            empty={"title": _("No report is published yet"), "text": _("Reports stand here as soon as the service publishes them.")},
        ),
    }  # fmt: skip
    return render(request, "reporting/list_reports.html", context)


def _asked_table(request):
    rows = []
    for one in asked_for.not_published(request.acting):
        if one.draft is not None:
            act = link(
                _("Go on writing"),
                reverse("show_draft", kwargs={"draft_id": one.draft.pk}),
                hidden=one.contract.name,
            )
        else:
            act = row_button(
                "report", f"{one.contract.pk} {one.quarter.key}", _("Begin"), hidden=one.contract.name
            )
        rows.append(
            [
                lines(one.quarter.words, one.quarter.short),
                lines(one.contract.name, one.contract.commissioner),
                clock_mark(one.due_on),
                act,
            ]
        )
    corrections = [
        [lines(one.of_quarter.words, _("Correction")), lines(one.contract.name, one.contract.commissioner), "–",
         link(_("Go on writing"), reverse("show_draft", kwargs={"draft_id": one.pk}), hidden=one.contract.name)]
        for one in drafting.drafts_of(request.acting) if one.what_changed
    ]  # fmt: skip
    return table(
        caption=_("To be written"), columns=[_("Report"), _("Contract"), _("Due"), _("What you can do")],
        rows=rows + corrections,
        empty={"title": _("Nothing is waiting"), "text": _("Reports are asked for when a quarter is over.")},
    )  # fmt: skip


def _published_row(report) -> list:
    quarter = Quarter.named(report.quarter)
    address = reverse("show_report", kwargs={"report_id": report.pk})
    words = quarter.words if quarter else report.quarter
    version = _("Version %d") % report.version if report.version > 1 or report.replaced else ""
    standing = tag(_("Replaced"), "grey") if report.replaced else ""
    return [
        lines(link(words, address), *(one for one in (version, standing) if one)),
        lines(report.contract.name, report.contract.commissioner),
        lines(long_date(day_of(report.at)), report.signed_by.name), _downloads(report),
    ]  # fmt: skip


def _downloads(report):
    parts = [
        link(kind.upper(), reverse("download_report", kwargs={"report_id": report.pk, "kind": kind}), hidden=_("of this report"))
        for kind in ("pdf", *handing_out.KINDS)
    ]  # fmt: skip
    return format_html("{} {} {} {}", *parts) if len(parts) == 4 else format_html("{} " * len(parts), *parts)


def _report(request, report_id):
    return find(publishing.reports_seen_by(request.acting).defer(None), report_id)


@staff_page(*_READS)
def show_report(request, report_id):
    """A published report, to read and to print."""
    report = _report(request, report_id)
    content = _as_signed(report)
    note_reading(request, what=What.OPENED, kind="reporting.publishedreport", record=report.pk)
    later = (
        publishing.reports_seen_by(request.acting)
        .filter(contract=report.contract, quarter=report.quarter, version__gt=report.version)
        .first()
    )
    context = {
        "report": report, "has_pdf": publishing.has_pdf(report), "can_print": pdf.is_available(), "later": later,
        "kinds": [(kind.upper(), reverse("download_report", kwargs={"report_id": report.pk, "kind": kind})) for kind in handing_out.KINDS],
        "may_correct": request.acting.can(Permission.PUBLISH_REPORT) and later is None,
    }  # fmt: skip
    return render(
        request, "reporting/show_report.html",
        context | context_of(content, publishing.standing_of(report, replaced=later is not None)),
    )  # fmt: skip


def _as_signed(report):
    try:
        return publishing.content_as_signed(report)
    except publishing.NotAsSigned:
        log.error("A published report is not what was signed.")
        raise


@staff_page(*_READS)
def download_report(request, report_id, kind):
    """A published report as a file: the same numbers in each kind. The download is noted before the file leaves."""
    report = _report(request, report_id)
    if kind not in ("pdf", *handing_out.KINDS):
        raise Http404
    if kind == "pdf":
        printed = publishing.pdf_of(report)
        if printed is None:
            messages.error(request, _("The PDF is not there yet. This page can be printed."))
            return redirect("show_report", report_id=report.pk)
        data, media = printed, "application/pdf"
    else:
        data, media = handing_out.as_file(_as_signed(report), publishing.standing_of(report), kind)
    note_reading(request, what=What.DOWNLOADED, kind="reporting.publishedreport", record=report.pk)
    return handed_out(data, media, file_name(report.quarter, report.version, kind))


@staff_page(Permission.PUBLISH_REPORT)
@recently_confirmed
def correct_report(request, report_id):
    """Begin a new version of a published report: say what changes, then build and publish it."""
    report = _report(request, report_id)
    form, kept = CorrectForm(posted(request)), []

    def act():
        kept.append(
            drafting.correct_report(report, what_changed=form.cleaned_data["what_changed"], by=request.user)
        )

    if request.method == "POST" and saved(request, form, act, at="what_changed"):
        return redirect("show_draft", draft_id=kept[0].pk) if kept else redirect("list_reports")
    return render(
        request,
        "reporting/correct_report.html",
        {"report": report, "form": form, "quarter": report.of_quarter},
    )

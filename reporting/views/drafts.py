"""The manager's pages of a report on its way: what is asked for, its sections, its building, its preview, publishing it."""

from django.contrib import messages
from django.http import Http404, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from isva.access.doors import find, in_background, recently_confirmed, staff_page
from isva.access.roles import Permission
from isva.audit.reading import What, note_reading
from isva.clock.moment import now
from isva.drafts.saving import posted, saved
from isva.interface.tables import link, table
from isva.interface.words import long_date, short_when
from isva.refusal import Refusal
from reporting.contracts import contracts_seen_by
from reporting.forms.reports import ChangesForm, PassageForm, PublishForm
from reporting.models import ReportBuild
from reporting.periods import Quarter
from reporting.reports import building, drafting, publishing
from reporting.reports.blocks import part_of
from reporting.reports.content import Promise
from reporting.reports.layout import sections_of
from reporting.reports.paper import Standing, context_of
from reporting.views.report_pieces import build_words, file_name, handed_out

State = ReportBuild.State


@staff_page(Permission.PUBLISH_REPORT)
@require_POST
def begin_report(request):
    """Begin the report of a contract and quarter, or go on with it."""
    key, _space, quarter_key = request.POST.get("report", "").partition(" ")
    contract, quarter = find(contracts_seen_by(request.acting), key), Quarter.named(quarter_key)
    if quarter is None:
        raise Http404
    try:
        draft = drafting.begin_report(contract, quarter, by=request.user)
    except Refusal as refusal:
        messages.error(request, str(refusal))
        return redirect("list_reports")
    return redirect("show_draft", draft_id=draft.pk)


def _draft(request, draft_id):
    return find(drafting.drafts_of(request.acting), draft_id)


@staff_page(Permission.PUBLISH_REPORT)
def show_draft(request, draft_id):
    """A report on its way: how far its numbers are, what is said to each section, and what is next."""
    draft = _draft(request, draft_id)
    build, done = building.last_build(draft), building.last_done(draft)
    said = drafting.passages_of(draft)
    context = {
        "draft": draft, "quarter": draft.of_quarter, "build": build_words(build, done), "has_numbers": done is not None,
        "has_pdf": done is not None and done.pdf is not None, "version": building.next_version(draft),
        "sections": _sections_table(draft, said),
        "promises": [{"key": long_date(one.by_when), "value": one.what} for one in drafting.promises_of(draft)],
    }  # fmt: skip
    return render(request, "reporting/show_draft.html", context)


def _sections_table(draft, said: dict[str, str]):
    def row(key: str, words: str) -> list:
        address = reverse("write_passage", kwargs={"draft_id": draft.pk, "section": key})
        text = said.get(key, "")
        return [link(words, address), _("Written") if text else _("Nothing yet")]

    rows = [
        row(drafting.WHOLE, _("Summary")),
        *(row(key, words) for key, words in sections_of(draft.contract)),
        *(row(key, words) for key, words in drafting.questions_of(draft).items()),
    ]
    return table(caption=_("Commentary by section"), columns=[_("Section"), _("Commentary")], rows=rows)


@staff_page(Permission.PUBLISH_REPORT)
def write_passage(request, draft_id, section):
    """Say something to a section, with its numbers beneath."""
    draft = _draft(request, draft_id)
    if not drafting.may_be_written(draft, section):
        raise Http404
    known = {"text": drafting.passages_of(draft).get(section, "")}
    form = PassageForm(posted(request), initial=known | {"seen": drafting.passage_mark(draft, section)})

    def write():
        given = form.cleaned_data
        drafting.write_passage(
            draft, section, text=given["text"], by=request.user, seen=given["seen"] or None
        )

    if request.method == "POST" and saved(request, form, write):
        messages.success(request, _("Saved."))
        return redirect("show_draft", draft_id=draft.pk)
    done = building.last_done(draft)
    part = None
    sentences: tuple[str, ...] = ()
    if done is not None:
        content = building.content_built(done)
        sentences = content.summary if section == drafting.WHOLE else ()
        part = next((part_of(content, one) for one in content.chapters if one.key == section), None)
    words = (dict(sections_of(draft.contract)) | drafting.questions_of(draft)).get(section, _("Summary"))
    context = {
        "draft": draft,
        "form": form,
        "words": words,
        "part": part,
        "sentences": sentences,
        "quarter": draft.of_quarter,
    }
    return render(request, "reporting/write_passage.html", context)


@staff_page(Permission.PUBLISH_REPORT)
def say_changes(request, draft_id):
    """The review of a report: what the service will change, and by when."""
    draft = _draft(request, draft_id)
    form = ChangesForm(
        posted(request),
        promises=drafting.promises_of(draft),
        initial={"seen": drafting.changes_mark(draft)},
    )

    def say():
        seen = form.cleaned_data["seen"] or None
        drafting.set_changes(draft, [Promise(*one) for one in form.told()], by=request.user, seen=seen)

    if request.method == "POST" and saved(request, form, say):
        messages.success(request, _("Saved."))
        return redirect("show_draft", draft_id=draft.pk)
    return render(
        request, "reporting/say_changes.html", {"draft": draft, "form": form, "quarter": draft.of_quarter}
    )


@staff_page(Permission.PUBLISH_REPORT)
@require_POST
def build_report(request, draft_id):
    """Have the numbers of a report counted by the worker."""
    draft = _draft(request, draft_id)
    try:
        building.ask_for_build(draft, by=request.user)
    except Refusal as refusal:
        messages.error(request, str(refusal))
    return redirect("show_draft", draft_id=draft.pk)


@staff_page(Permission.PUBLISH_REPORT)
@require_POST
def cancel_build(request, draft_id):
    """Cancel the building; what was built before stays."""
    draft = _draft(request, draft_id)
    if building.cancel_build(draft, by=request.user):
        messages.success(request, _("Cancelled. Nothing of it was kept."))
    return redirect("show_draft", draft_id=draft.pk)


@in_background
@staff_page(Permission.PUBLISH_REPORT)
def build_progress(request, draft_id):
    """How far the building is, in words, for the page that looks again by itself."""
    draft = _draft(request, draft_id)
    build = build_words(building.last_build(draft), building.last_done(draft))
    told = {
        "live": build["is_live"],
        "words": build["says"],
        "step": build.get("step", 0),
        "of": build.get("of", 1),
    }
    return JsonResponse(told)


@staff_page(Permission.PUBLISH_REPORT)
def preview_draft(request, draft_id):
    """The report as its readers will see it."""
    draft = _draft(request, draft_id)
    done = building.last_done(draft)
    if done is None:
        messages.error(request, _("Build the report first."))
        return redirect("show_draft", draft_id=draft.pk)
    content = building.with_words(building.content_built(done), draft)
    standing = Standing(is_draft=True, version=building.next_version(draft), what_changed=draft.what_changed)
    return render(request, "reporting/preview_draft.html", {"draft": draft} | context_of(content, standing))


@staff_page(Permission.PUBLISH_REPORT)
def preview_draft_pdf(request, draft_id):
    """The draft as a PDF, as it was when it was built."""
    draft = _draft(request, draft_id)
    done = building.last_done(draft)
    if done is None or done.pdf is None:
        messages.error(request, _("There is no PDF of this draft. The preview can be printed."))
        return redirect("show_draft", draft_id=draft.pk)
    note_reading(request, what=What.DOWNLOADED, kind="reporting.reportdraft", record=draft.pk)
    return handed_out(
        bytes(done.pdf),
        "application/pdf",
        file_name(draft.quarter, building.next_version(draft), "pdf", draft=True),
    )


@staff_page(Permission.PUBLISH_REPORT)
@recently_confirmed
def publish_report(request, draft_id):
    """Publish a report: what will happen, the manager's word, and out it goes."""
    draft = _draft(request, draft_id)
    form, done, kept = PublishForm(posted(request)), building.last_done(draft), []

    def act():
        kept.append(publishing.publish_report(draft, by=request.user))

    if request.method == "POST" and saved(request, form, act):
        messages.success(request, _("Published. Its readers find it on their page of reports."))
        return redirect("show_report", report_id=kept[0].pk) if kept else redirect("list_reports")
    context = {
        "draft": draft, "form": form, "quarter": draft.of_quarter, "version": building.next_version(draft),
        "built": short_when(done.ended_at, now=now()) if done else "",
        "consequences": [
            _("Its numbers and words are frozen, with a checksum and your name."),
            _("The commissioners of the contract can read and download it from then on."),
            _("Nothing of it can be changed. A mistake is corrected by a new version that says what changed; this one stays readable."),
        ],
    }  # fmt: skip
    return render(request, "reporting/publish_report.html", context)

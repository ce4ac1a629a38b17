"""The referral of a case: what was said, what is missing, who it may already be, and what to do with it."""

from django.contrib import messages
from django.db import transaction
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from casework import documents
from casework.doors import case_page
from casework.views.frame import case_frame
from isva.access.roles import Permission
from isva.drafts.saving import posted, saved
from isva.files.checking import kind_and_size
from isva.interface.marks import in_sentence, reference_mark
from isva.interface.words import long_date
from isva.pathway import Stage, WrongStage
from referrals import duplicates, summary
from referrals.completeness import completeness, names
from referrals.conflicts import advises_restriction
from referrals.forms.answers import AskForm, OnceForm
from referrals.secrets import token_of
from referrals.stages import referral as stage

_INTAKE = (Permission.HANDLE_INTAKE, Permission.SEE_ALL_CASES)


@case_page(Permission.VIEW_CASE)
def show_referral(request, case):
    """What the referral says, its gaps and likely duplicates, and what is done next."""
    context = case_frame(request, case, "show_referral", next_step=False)
    referral = stage.referral_of(case)
    works = any(map(request.acting.can, _INTAKE))
    elsewhere = stage.known_elsewhere(case, user=request.user, handles_intake=works)
    suggestions = elsewhere.suggestions
    acts = _acts(request, case, elsewhere.open_case, writes=context["frame"]["may_change"])
    linked = next((one for one in suggestions if one.standing == one.Standing.LINKED), None)
    told = linked.own if linked else case.client
    if referral:
        whole = completeness(case, context["frame"]["contacts"])
        context |= {
            "referral": referral,
            "cards": summary.cards(case, referral, told),
            "score": whole.score,
            "essential_gaps": names(whole.essential),
            "other_gaps": names(whole.others),
            "safety": referral.needs_safety_now,
            "files": _files(case, referral, context["frame"]),
        }
    context |= {
        "acts": acts,
        "restrict": _restriction(request, case, acts),
        "suggestions": [_suggestion(case, one, acts) for one in suggestions],
        "linked": linked,
        "requests": [_request(request, one, acts) for one in stage.requests_of(case)],
        "later": [_later(one) for one in elsewhere.later],
    }
    return render(request, "referrals/show_referral.html", context)


def _later(referral) -> dict:
    """A referral that came in later, and was closed because this case was open."""
    return {
        "key": referral.pk, "day": long_date(referral.received_at), "reference": referral.case.reference,
        "safety": referral.needs_safety_now, "file": referral.brought_a_file, "cards": summary.cards_of_later(referral),
    }  # fmt: skip


def _files(case, referral, frame) -> list[dict]:
    sent = documents.sent_with_referral(case) if referral.brought_a_file else []
    return [_file(case, one, frame) for one in sent]


def _file(case, document, frame) -> dict:
    """A file that came with the referral; its link where it may leave the screen."""
    address = reverse("download_document", kwargs={"case_id": case.pk, "document_id": document.pk})
    return {
        "title": document.title, "url": address if frame["may_take_out"] else "",
        "words": kind_and_size(document.media_type, document.size), "scan": document.get_scan_display(),
    }  # fmt: skip


def _acts(request, case, open_one, *, writes: bool) -> dict:
    """What this person may do with the referral now."""
    works = writes and any(map(request.acting.can, _INTAKE))
    before = case.stage in (Stage.REFERRAL.value, Stage.TRIAGE.value)
    return {
        "decide": works and case.is_open,
        "triage": works and case.stage == Stage.REFERRAL.value,
        "ask": works and before,
        "already_open": works and before and open_one is not None,
    }


def _restriction(request, case, acts) -> dict | None:
    """The advice to restrict a client who seems to be a colleague, or close to one; a manager is led to the page."""
    if not (acts["triage"] or acts["ask"]) or case.is_restricted or not advises_restriction(case):
        return None
    manages = request.acting.can(Permission.ALLOCATE)
    return {
        "text": _("This person may be a colleague, or close to one. Let only named people see them.")
        if manages
        else _(
            "This person may be a colleague, or close to one. Tell a manager, who can restrict who sees them."
        ),
        "action": {
            "url": reverse("restrict_client", kwargs={"case_id": case.pk}),
            "text": _("Restrict this client"),
        }
        if manages
        else "",
    }


def _suggestion(case, one, acts) -> dict:
    address = {"case_id": case.pk, "duplicate_id": one.pk}
    return {
        "name": one.other.name if one.in_sight else "",
        "ask": "" if one.in_sight else one.ask or _("a manager"),
        "reference": one.other_reference or "",
        "score": one.score,
        "reasons": duplicates.reasons_in_words(one),
        "waiting": one.standing == one.Standing.SUGGESTED,
        "words": one.get_standing_display(),
        "decided_by": one.decided_by.name if one.decided_by else "",
        "decide_url": reverse("decide_duplicate", kwargs=address) if acts["decide"] else "",
        "undo_url": reverse("undo_duplicate", kwargs=address) if acts["decide"] else "",
    }


def _request(request, one, acts) -> dict:
    link = reverse("answer_request", args=[token_of(one)])
    return {
        "gaps": names(one.gaps), "question": one.question, "asked_at": one.recorded_at, "asked_by": one.recorded_by.name,
        "due_at": one.due_at, "answer": one.answer, "answered_at": one.answered_at,
        "link": request.build_absolute_uri(link) if acts["ask"] and one.answered_at is None else "",
    }  # fmt: skip


@case_page(*_INTAKE)
def ask_referrer(request, case):
    """Return the referral for what is missing: choose the gaps, ask, and pass the secret link on."""
    context = case_frame(request, case, "show_referral", next_step=False)
    referral = stage.referral_of(case)
    missing = completeness(case, context["frame"]["contacts"]).essential if referral else ()
    form = AskForm(posted(request), initial={"gaps": list(missing)})

    def ask():
        told = form.cleaned_data
        stage.ask_referrer(case, gaps=told["gaps"], question=told["question"], by=request.user)

    if request.method == "POST" and saved(request, form, ask):
        messages.success(request, _("Asked. Pass the private link on to the referrer by your usual way."))
        return redirect("show_referral", case_id=case.pk)
    return render(request, "referrals/ask_referrer.html", context | {"form": form})


@case_page(*_INTAKE)
@require_POST
def take_into_triage(request, case):
    """Take the referral into triage."""
    try:
        with transaction.atomic():
            stage.take_into_triage(case, by=request.user)
    except WrongStage as refusal:
        messages.error(request, str(refusal))
        return redirect("show_referral", case_id=case.pk)
    messages.success(request, _("Taken into triage."))
    return redirect("triage_case", case_id=case.pk)


@case_page(*_INTAKE)
def close_as_already_open(request, case):
    """Close the referral of somebody whose case is open; it stays linked to that case."""
    form = OnceForm(posted(request))
    if request.method == "POST" and saved(
        request, form, lambda: stage.close_as_already_open(case, by=request.user)
    ):
        messages.success(request, _("Closed, and linked to the open case."))
        return redirect("inbox")
    other = stage.other_open_case(case, user=request.user)
    context = case_frame(request, case, "show_referral", next_step=False)
    context |= {"form": form, "other": other}
    if other:
        context["consequences"] = [
            _("This referral is closed. It counts as received, and stays on the record."),
            in_sentence(
                _("The open case %(reference)s is told in a note that a new referral came in."),
                reference=reference_mark(other.reference),
            ),
            _("The referrer’s private link says only that we have it."),
        ]
    return render(request, "referrals/close_as_already_open.html", context)


@case_page(*_INTAKE)
@require_POST
def decide_duplicate(request, case, duplicate_id):
    """Say that it is the same person, or somebody else."""
    suggestion = _suggestion_of(case, request.user, duplicate_id)
    answer = request.POST.get("answer")
    if answer not in ("same", "other"):
        messages.error(request, _("Choose whether it is the same person or somebody else."))
        return redirect("show_referral", case_id=case.pk)
    try:
        with transaction.atomic():
            duplicates.decide_duplicate(suggestion, same=answer == "same", by=request.user)
    except WrongStage as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(
            request,
            _("Linked. New numbers and addresses are proposed there: confirm them before use.")
            if answer == "same"
            else _("Noted as somebody else."),
        )
    return redirect("show_referral", case_id=case.pk)


def _suggestion_of(case, user, key):
    suggestion = duplicates.visible_duplicate(case, user, key)
    if suggestion is None:
        raise Http404
    return suggestion


@case_page(*_INTAKE)
@require_POST
def undo_duplicate(request, case, duplicate_id):
    """Take the decision back."""
    suggestion = _suggestion_of(case, request.user, duplicate_id)
    try:
        with transaction.atomic():
            duplicates.undo_duplicate(suggestion, by=request.user)
    except WrongStage as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("Undone."))
    return redirect("show_referral", case_id=case.pk)

"""The triage page: what came in, who was tried and when, and the assessment with its outcome."""

from types import SimpleNamespace

from django.contrib import messages
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from casework.doors import case_page, find
from casework.forms.sas import SasForm
from casework.models import SasReview
from casework.sas.instruments import instrument_in_use
from casework.views import drafts
from casework.views.frame import case_frame
from isva.access.roles import Permission
from isva.clock.due import first_contact_standard_due, first_contact_target_due
from isva.clock.moment import now
from isva.clock.terms import terms_of
from isva.drafts import typed
from isva.drafts.saving import posted, saved
from isva.interface.words import long_date, short_when
from isva.pathway import INTAKE_STAGES, Stage
from referrals import summary
from referrals.clocks import standard_mark, target_mark
from referrals.stages.referral import referral_of
from triage import queries
from triage.forms.assessment import TriageForm
from triage.forms.attempt import AttemptForm
from triage.models import ContactAttempt, TriageAssessment
from triage.people import who_may_keep_in_touch
from triage.stages import attempts, triage
from triage.stages.screening import Screening

Outcome = TriageAssessment.Outcome


@case_page(Permission.HANDLE_INTAKE, Permission.SEE_ALL_CASES)
def triage_case(request, case):
    """One page for the whole of triage: referral, first contact, assessment, outcome."""
    if not queries.is_in_triage(case):
        return _page(request, case)
    made_with = {"instrument": instrument_in_use(), "kind": SasReview.Kind.SCREENING, "prefix": "sas"}
    questions = both_forms(TriageForm, SasForm(**made_with))
    draft = drafts.offered(request, case, "triage_case", questions)
    initial = {"interim_worker": str(request.user.pk)} | draft.pop("initial")
    sent = posted(request, asks=questions.base_fields)
    assessment = TriageForm(sent, case=case, workers=list(who_may_keep_in_touch(case)), initial=initial)
    screening = SasForm(sent, initial=without_prefix(initial, "sas"), **made_with)
    if request.method == "POST" and _complete(request, case, assessment, screening):
        drafts.forget(request, case, "triage_case")
        return _after_triage(request, case, assessment.cleaned_data["outcome"])
    return _page(request, case, assessment=assessment, screening=screening, **draft)


def both_forms(form_class, screening: SasForm) -> SimpleNamespace:
    """The questions of a form and of the screening beside it, as a draft keeps them: by the names that are posted."""
    asked = {screening.add_prefix(name): field for name, field in screening.fields.items()}
    return SimpleNamespace(base_fields={**form_class.base_fields, **asked})


def without_prefix(answers: dict, prefix: str) -> dict:
    """The answers that belong to a form with a prefix, by the form's own names for them."""
    start = f"{prefix}-"
    return {name.removeprefix(start): value for name, value in answers.items() if name.startswith(start)}


def _complete(request, case, assessment, screening) -> bool:
    """Whether the triage is complete. A refused outcome stands on the form with why, and nothing typed is lost."""
    answered = assessment.is_valid()
    outcome = assessment.cleaned_data.get("outcome", "")
    asked = outcome not in triage.WITHOUT_SCREENING or screening.has_changed()
    if asked and screening.is_valid() and not screening.scores():
        screening.add_error(None, _("Score at least one domain: the outcome rests on the screening."))
    scored = not asked or not screening.errors
    if scored and asked and outcome == Outcome.INTERIM and answered:
        assessment.check_ceiling(case.service, screening.cleaned_data["risk"])
        answered = not assessment.errors
    if not (answered and scored):
        return False
    cleaned = assessment.cleaned_data

    def complete():
        triage.complete_triage(
            case, outcome=outcome, reason=cleaned["reason"], by=request.user,
            screening=screening_of(screening) if asked else None, concern=assessment.the_concern(),
            findings=assessment.findings(), where_to=assessment.pointed_to(), referrer_told=cleaned["referrer_told"],
            interim_worker=assessment.worker(), next_review_on=cleaned["next_review_on"],
        )  # fmt: skip

    return saved(request, assessment, complete)


def screening_of(form: SasForm) -> Screening:
    """What a valid screening form says, as the stages take it."""
    cleaned = form.cleaned_data
    return Screening(
        risk=cleaned["risk"],
        scores=form.scores(),
        client_view=cleaned["client_view"],
        judgement=cleaned["judgement"],
    )


def _after_triage(request, case, outcome):
    """Where the coordinator's work goes on; a closed record is out of their sight from now on."""
    messages.success(
        request,
        {
            Outcome.ALLOCATE_NOW: _(
                "Triage is complete. A manager has been asked to allocate this case urgently."
            ),
            Outcome.ALLOCATE: _("Triage is complete. The case waits for allocation."),
            Outcome.INTERIM: _(
                "Triage is complete. The person is on the waiting list, and somebody keeps in touch."
            ),
        }.get(outcome, _("Triage is complete. The record is closed, and counts as work done.")),
    )
    return redirect("inbox" if outcome in TriageAssessment.CLOSING else "waiting_list")


@case_page(Permission.CHANGE_CASE)
def record_attempt(request, case):
    """Record an attempt to reach the person, from the quick form of the triage page."""
    form = _attempt_form(case, case.client.safecontact_set.all(), posted(request))

    def record():
        cleaned = form.cleaned_data
        attempts.record_attempt(
            case, at=cleaned["at"], method=cleaned["method"], outcome=cleaned["outcome"], contact=cleaned["contact"],
            message_was_safe=cleaned["message_was_safe"], note=cleaned["note"], against_rule=cleaned["against_rule"],
            by=request.user,
        )  # fmt: skip

    if request.method == "POST" and saved(request, form, record):
        told = form.cleaned_data["outcome"] == ContactAttempt.Outcome.TOLD
        messages.success(request, _("First contact is recorded.") if told else _("The attempt is recorded."))
        return redirect(_next_page(request), case_id=case.pk)
    return _page(request, case, attempt=form)


def _attempt_form(case, contacts, sent) -> AttemptForm:
    return AttemptForm(sent, case=case, contacts=contacts, prefix="attempt", initial={"at": now()})


def _attempt_typed_before(request, case):
    """What was typed into the quick form and not saved: it is sent to an address of its own, and kept under that."""
    if request.method == "POST":
        return None
    return typed.offered(request, at=reverse("record_attempt", kwargs={"case_id": case.pk}))


def _next_page(request) -> str:
    sees_triage = request.acting.can(Permission.HANDLE_INTAKE) or request.acting.can(Permission.SEE_ALL_CASES)
    return "triage_case" if sees_triage else "check_in"


@case_page(Permission.HANDLE_INTAKE, Permission.SEE_ALL_CASES)
def note_referrer_told(request, case, assessment_id):
    """The referrer was told that the person could not be reached. Only POST changes anything."""
    assessment = find(case.triageassessment_set.all(), assessment_id)
    if request.method == "POST":
        triage.note_referrer_told(assessment, by=request.user)
        messages.success(request, _("It is noted that the referrer was told."))
    return redirect("triage_case", case_id=case.pk)


def _page(request, case, *, assessment=None, screening=None, attempt=None, **draft):
    context = case_frame(request, case, "", next_step=False)
    contacts = context["frame"]["contacts"]
    tried, referral = queries.attempts_of(case), referral_of(case)
    may_try = case.stage in attempts.ATTEMPT_STAGES and context["frame"]["may_change"]
    if attempt is None and may_try:
        attempt = _attempt_form(case, contacts, _attempt_typed_before(request, case))
    bound = next((form for form in (assessment, attempt) if form is not None and form.is_bound), None)
    context |= draft | {
        "form": bound,
        "formset": screening,
        "assessment": assessment,
        "screening": screening,
        "attempt": attempt,
        "attempt_is_open": attempt is not None and attempt.is_bound,
        "clocks": clocks(case),
        "tried": [attempt_entry(one) for one in tried],
        "tried_empty": {
            "title": _("Nobody has tried yet"),
            "text": _("Each attempt is recorded, also those in vain."),
        },
        "missing": attempts.missing_before_unable(case, events=queries.events_of(tried))
        if assessment is not None
        else [],
        "done": [] if assessment is not None else [_done(case, one) for one in queries.assessments_of(case)],
        "referral": summary.cards(case, referral, case.client) if referral else [],
        "in_triage": queries.is_in_triage(case),
        "is_referral": case.stage == Stage.REFERRAL.value,
        "moves": waiting_moves(case) if queries.is_waiting(case) else [],
        "may_write": case.stage in INTAKE_STAGES and context["frame"]["may_change"],
    }
    return render(request, "triage/triage_case.html", context)


def clocks(case) -> list[dict]:
    """First contact against the service's own target and against the standard, as rows of a summary."""
    received, terms, made = case.opened_at, terms_of(case.service), case.first_contact_at
    reckoning = terms.at(received)
    rows = [{"key": _("Referral received"), "value": short_when(received, now=now())}]
    if made:
        rows.append({"key": _("First contact"), "value": short_when(made, now=now())})
    for key, due, mark in (
        (_("Our own target"), first_contact_target_due(received, reckoning), target_mark),
        (_("The standard"), first_contact_standard_due(received, reckoning), standard_mark),
    ):
        when = {"when": short_when(due, now=now())}
        if made is None:
            rows.append({"key": key, "lines": [mark(received, terms), _("by %(when)s") % when]})
        else:
            rows.append(
                {"key": key, "value": _("Kept") if made <= due else _("Missed: it was due %(when)s") % when}
            )
    return rows


def attempt_entry(attempt: ContactAttempt) -> dict:
    """One attempt as an entry of the timeline piece."""
    told = attempt.outcome == ContactAttempt.Outcome.TOLD
    against = (
        _("Against the client’s own rule: %(why)s") % {"why": attempt.against_rule}
        if attempt.against_rule
        else ""
    )
    safe = _("It was safe to leave or send a message.") if attempt.message_was_safe else ""
    return {
        "kind": "contact",
        "kind_word": attempt.get_method_display(),
        "headline": _("First contact: told that support will be provided")
        if told
        else attempt.get_outcome_display(),
        "when": short_when(attempt.at, now=now()),
        "by": attempt.recorded_by.name,
        "body": "\n\n".join(filter(None, (attempt.note, safe, against))),
    }


def _done(case, assessment: TriageAssessment) -> dict:
    """A triage that was completed, as a summary card."""
    rows = [
        (_("Outcome"), assessment.get_outcome_display()),
        (_("Why"), assessment.outcome_reason),
        (_("Pointed to"), assessment.where_to),
        (_("Risk at screening"), assessment.screening.get_risk_display() if assessment.screening else ""),
        (_("Safeguarding"), assessment.get_safeguarding_display()),
        (_("Needs beyond this service"), assessment.needs_beyond),
        (_("The client’s choice"), assessment.client_choice),
        (_("How support would come"), assessment.get_readiness_display()),
        (_("Urgency"), assessment.get_urgency_display()),
        (_("By"), assessment.recorded_by.name),
    ]
    unable = assessment.outcome == Outcome.UNABLE
    if unable:
        told = assessment.referrer_told_at
        rows.append((_("Referrer"), short_when(told, now=now()) if told else _("Not told yet")))
    return {
        "title": _("Triage of %(day)s") % {"day": long_date(assessment.completed_at)},
        "rows": [{"key": key, "value": value} for key, value in rows if value],
        "tell_url": reverse("note_referrer_told", kwargs={"case_id": case.pk, "assessment_id": assessment.pk})
        if unable and not assessment.referrer_told_at
        else "",
    }


def waiting_moves(case) -> list[dict]:
    """What can be done with somebody who waits, beside the check-in."""
    interim = case.stage == Stage.INTERIM.value
    names = [
        ("check_in", _("Record a check-in"), True),
        ("escalate_case", _("Make this urgent"), not case.urgent),
        ("send_to_allocation", _("Send to allocation"), interim),
        ("return_to_interim", _("Return to interim support"), not interim),
        ("name_interim_worker", _("Change who keeps in touch"), True),
        ("close_waiting", _("No longer waiting"), True),
    ]
    return [
        {"text": text, "url": reverse(name, kwargs={"case_id": case.pk})}
        for name, text, shown in names
        if shown
    ]

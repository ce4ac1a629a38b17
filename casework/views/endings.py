"""Pages of step-down, closure and reopening: proposed by one person, decided by another."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from casework.doors import case_page
from casework.forms.endings import DecideForm, ProposeClosureForm, ProposeStepDownForm, ReopenForm, StepUpForm
from casework.models import Closure, StepDown
from casework.models.endings import Decision
from casework.sas.trends import outcome_table, paragraphs
from casework.sharing import consents_of, in_force
from casework.stages import closure as closing
from casework.stages import step_down as pausing
from casework.stages.proposals import NotReady, last_proposal, open_proposal
from casework.views import drafts
from casework.views.frame import case_frame
from casework.views.sas import sas_url
from isva.access.roles import Permission
from isva.clock.moment import now
from isva.drafts.saving import posted, renew, saved
from isva.interface.marks import risk_mark
from isva.interface.words import long_date, short_when
from isva.pathway import Stage


@case_page(Permission.CHANGE_CASE)
def propose_step_down(request, case):
    """Propose that support pauses; says first what must come before."""
    not_ready = _reasons_against(pausing.ready_to_step_down, case)
    offer = drafts.offered(request, case, "propose_step_down", ProposeStepDownForm)
    form = ProposeStepDownForm(
        posted(request), latest_day=pausing.latest_review_day(case), initial=offer.pop("initial")
    )
    if request.method == "POST" and saved(
        request, form, lambda: pausing.propose_step_down(case, by=request.user, **_answers(form))
    ):
        drafts.forget(request, case, "propose_step_down")
        messages.success(request, _("Step-down is proposed. A manager decides on it."))
        return redirect("show_case", case_id=case.pk)
    context = case_frame(request, case, "", next_step=False) | offer
    context |= {
        "form": form,
        "not_ready": not_ready if request.method != "POST" else [],
        "sas_url": sas_url(case, purpose="step_down") if case.stage == Stage.ACTIVE else "",
        "sent_back": _sent_back(last_proposal(StepDown, case)),
    }
    return render(request, "casework/propose_step_down.html", context)


@case_page(Permission.APPROVE_CLOSURE)
def decide_step_down(request, case):
    """Approve a proposed step-down, or send it back with a reason."""
    proposal = open_proposal(StepDown, case)
    form = _decide_form(request, proposal, _("Approve: support pauses"))
    if request.method == "POST" and _decided(
        request,
        form,
        proposal,
        lambda: pausing.decide_step_down(proposal, by=request.user, **form.answers()),
    ):
        return redirect("show_case", case_id=case.pk)
    context = _decision_context(request, case, form, proposal)
    if proposal:
        context["rows"] = [
            {"key": _("Why support can pause"), "lines": paragraphs(proposal.reason)},
            {
                "key": _("Check-ins"),
                "value": _("At least every %(days)d days") % {"days": proposal.contact_every_days},
            },
            {"key": _("Review on"), "value": long_date(proposal.review_on)},
            {"key": _("Milestones to watch"), "value": proposal.milestones or _("None named")},
            *_review_rows(proposal),
        ]
    return render(request, "casework/decide_step_down.html", context)


@case_page(Permission.CHANGE_CASE)
def step_up(request, case):
    """Make support active again: one press, a reason if there is one to give."""
    form = StepUpForm(posted(request))
    if request.method == "POST" and saved(
        request, form, lambda: pausing.step_up(case, reason=form.cleaned_data["reason"], by=request.user)
    ):
        messages.success(
            request, _("Support is active again. A Safety and Support review is due within 2 working days.")
        )
        return redirect("show_case", case_id=case.pk)
    context = case_frame(request, case, "", next_step=False) | {
        "form": form,
        "paused": pausing.step_down_in_force(case),
        "is_stepped_down": case.stage == Stage.STEPPED_DOWN,
    }
    return render(request, "casework/step_up.html", context)


@case_page(Permission.CHANGE_CASE)
def propose_closure(request, case):
    """Propose that support ends; says first what must come before, and what is still open."""
    not_ready = _reasons_against(closing.ready_to_close, case)
    in_the_way = closing.obstacles(case)
    offer = drafts.offered(request, case, "propose_closure", ProposeClosureForm)
    form = ProposeClosureForm(posted(request), obstacles=in_the_way, initial=offer.pop("initial"))
    if request.method == "POST" and saved(
        request, form, lambda: closing.propose_closure(case, form.ending(), by=request.user)
    ):
        drafts.forget(request, case, "propose_closure")
        messages.success(request, _("Closure is proposed. A manager signs it off or sends it back."))
        return redirect("show_case", case_id=case.pk)
    context = case_frame(request, case, "", next_step=False) | {
        "form": form,
        "not_ready": not_ready if request.method != "POST" else [],
        "in_the_way": in_the_way,
        "sas_url": sas_url(case, purpose="closure") if case.stage != Stage.CLOSED else "",
        "sent_back": _sent_back(last_proposal(Closure, case)),
        "outcome": outcome_table(case),
        "to_tell": [
            consent.agency.name
            for consent in in_force(consents_of(case))
            if consent.answer == consent.Answer.GIVEN
        ],
    }
    return render(request, "casework/propose_closure.html", context)


@case_page(Permission.APPROVE_CLOSURE)
def decide_closure(request, case):
    """Sign a proposed closure off, or send it back with a reason."""
    proposal = open_proposal(Closure, case)
    form = _decide_form(request, proposal, _("Sign off: the case is closed"))
    if request.method == "POST" and _decided(
        request, form, proposal, lambda: closing.decide_closure(proposal, by=request.user, **form.answers())
    ):
        return redirect("show_case", case_id=case.pk)
    context = _decision_context(request, case, form, proposal)
    if proposal:
        context |= {
            "rows": _closure_rows(proposal),
            "in_the_way": closing.obstacles(case),
            "override_reason": proposal.override_reason,
            "outcome": outcome_table(case),
            "consequences": _consequences(case),
        }
    return render(request, "casework/decide_closure.html", context)


@case_page(Permission.APPROVE_CLOSURE)
def reopen_case(request, case):
    """Reopen a closed case into triage, within the service's window."""
    form = ReopenForm(posted(request))
    if request.method == "POST" and saved(
        request, form, lambda: closing.reopen_case(case, reason=form.cleaned_data["reason"], by=request.user)
    ):
        messages.success(request, _("The case is open again, and in triage."))
        return redirect("show_case", case_id=case.pk)
    not_ready = _reasons_against(closing.ready_to_reopen, case) if request.method != "POST" else []
    earlier = last_proposal(Closure, case)
    context = case_frame(request, case, "", next_step=False) | {
        "form": form,
        "not_ready": not_ready,
        "until": long_date(closing.reopening_ends_on(case)) if case.stage == Stage.CLOSED else "",
        "rows": _closure_rows(earlier) if earlier and earlier.decision == Decision.APPROVED else [],
    }
    return render(request, "casework/reopen_case.html", context)


def _answers(form) -> dict:
    return {name: value for name, value in form.cleaned_data.items() if name != "once"}


def _reasons_against(ready, case) -> list[str]:
    try:
        ready(case)
    except NotReady as refusal:
        return refusal.reasons
    return []


def _decide_form(request, proposal, approve_words) -> DecideForm:
    about = str(proposal.pk) if proposal else ""
    return DecideForm(posted(request), approve_words=approve_words, initial={"about": about})


def _decided(request, form, proposal, act) -> bool:
    """Whether the decision is saved, or was taken already and nothing waits any more."""
    if proposal is None:
        messages.info(request, _("This was decided already."))
        return True
    if not _same(form, proposal) or not saved(request, form, act):
        return False
    messages.success(request, _("Your decision is saved."))
    return True


def _same(form, proposal) -> bool:
    """Whether the decision is about the proposal that stands now, not one that was on the page before."""
    if form.is_valid() and form.cleaned_data["about"] != str(proposal.pk):
        form.add_error(
            None, _("The proposal has changed since you opened this page. Read it again, then decide.")
        )
        renew(form, about=str(proposal.pk))
        return False
    return True


def _decision_context(request, case, form, proposal) -> dict:
    own = proposal is not None and proposal.recorded_by_id == request.user.pk
    return case_frame(request, case, "", next_step=False) | {
        "form": form if proposal and not own else None,
        "proposal": proposal,
        "own": own,
        "proposed": _("Proposed by %(who)s, %(when)s.")
        % {"who": proposal.recorded_by.name, "when": short_when(proposal.recorded_at, now=now())}
        if proposal
        else "",
    }


def _review_rows(proposal) -> list[dict]:
    review = proposal.sas_review
    return [
        {
            "key": _("Safety and Support review"),
            "lines": [
                risk_mark(review.risk),
                _("%(kind)s, %(day)s")
                % {"kind": review.get_kind_display(), "day": long_date(review.reviewed_at)},
            ],
        },
        {"key": _("The client’s own view"), "lines": paragraphs(review.client_view)},
        {"key": _("The worker’s judgement"), "lines": paragraphs(review.judgement)},
    ]


def _closure_rows(closure: Closure) -> list[dict]:
    yes, no = _("Yes"), _("No")
    rows: list[dict] = [
        {
            "key": _("Reason"),
            "lines": [
                closure.get_reason_display(),
                _("A planned ending") if closure.is_planned else _("An unplanned ending"),
            ],
        },
        {"key": _("What changed"), "lines": paragraphs(closure.what_changed)},
        {"key": _("Support in place from now on"), "lines": paragraphs(closure.onward_support)},
        {"key": _("Told how to come back"), "value": yes if closure.return_explained else no},
        {"key": _("Feedback invited"), "value": yes if closure.feedback_invited else no},
        {"key": _("Agencies told"), "value": closure.agencies_told or _("None")},
    ]
    if closure.other_service_tried:
        rows.append({"key": _("Another service’s help"), "value": closure.other_service_tried})
    if closure.welfare_decision:
        rows.append({"key": _("Welfare decision"), "value": closure.welfare_decision})
    return rows + _review_rows(closure)


def _consequences(case) -> list[str]:
    kept = closing.retain_until(case, closed_on=now().date())
    return [
        _("Everybody’s access to this case ends, except that of managers."),
        _("Appointments and reviews that lie ahead fall away."),
        _("The record is kept until %(day)s.") % {"day": long_date(kept)},
        _("It can be reopened for %(days)d days.") % {"days": case.service.reopening_days},
    ]


def _sent_back(proposal) -> dict | None:
    """Why the last proposal was sent back, for whoever proposes again."""
    if proposal is None or proposal.decision != Decision.SENT_BACK:
        return None
    return {
        "title": _("Sent back by %(who)s, %(when)s")
        % {"who": proposal.decided_by.name, "when": short_when(proposal.decided_at, now=now())},
        "text": proposal.decision_reason,
    }

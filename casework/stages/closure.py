"""Closure: the end of support, proposed after a final review and signed off by another person (report, Annex A 7).

Refused while something unsafe is open, unless overridden with a reason. Support does not go on for ever, and it
does not end by falling silent (quality standard: exit strategy; statutory guidance 26).
"""

import datetime as dt
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from casework.access import end_grants_of_closed
from casework.models import (
    Appointment,
    Case,
    Closure,
    Contact,
    OnwardReferral,
    ReviewPoint,
    SafeguardingConcern,
    SasReview,
    StageEntry,
    StepDown,
)  # fmt: skip
from casework.models.endings import Decision
from casework.moving import lock_case, move
from casework.sas.history import latest_review
from casework.stages.proposals import NotReady, decide, open_proposal
from casework.stages.step_down import SAS_REVIEW_DAYS
from casework.standing import finish_review
from isva.clock.moment import LONDON, now, today
from isva.codes import ContactMode
from isva.interface.words import long_date
from isva.pathway import CARRIED_STAGES, Stage

#: *Lost contact* needs attempts by at least this many different means, over at least this many days.
LOST_CONTACT_MODES = 2
LOST_CONTACT_DAYS = 7
#: The record of a child is kept at least until this birthday.
CHILD_RECORD_BIRTHDAY = 25
#: Reasons for which the client could not be told how to come back.
CANNOT_BE_TOLD = (Closure.Reason.LOST_CONTACT, Closure.Reason.DISENGAGED)


@dataclass(frozen=True)
class Ending:
    """What a closure says: as the form collects it and the manager reads it."""

    reason: str
    what_changed: str
    onward_support: str = ""
    return_explained: bool = False
    feedback_invited: bool = False
    agencies_told: str = ""
    other_service_tried: str = ""
    welfare_decision: str = ""
    override_reason: str = ""


def propose_closure(case: Case, ending: Ending, *, by) -> Closure:
    """Propose that support ends. Raises NotReady, naming each thing that must come first."""
    lock_case(case)
    review = ready_to_close(case)
    reasons = missing_from(case, ending)
    if not ending.override_reason.strip():
        reasons += obstacles(case)
    if reasons:
        raise NotReady(*reasons)
    closure = Closure(case=case, sas_review=review, recorded_by=by, **vars(ending))
    closure.save(force_insert=True)
    return closure


def ready_to_close(case: Case) -> SasReview:
    """The final review on which a closure of this case would rest. Raises NotReady, in words, where there is none."""
    if not _is_carried(case):
        raise NotReady(_("Only a case in active support, or stepped down, is closed this way."))
    if open_proposal(Closure, case):
        raise NotReady(_("Closure is proposed already. A manager decides on it."))
    if open_proposal(StepDown, case):
        raise NotReady(_("Step-down is proposed. A manager decides on that first."))
    review = latest_review(case)
    if (
        review is None
        or review.kind != SasReview.Kind.FINAL
        or review.reviewed_at < now() - dt.timedelta(days=SAS_REVIEW_DAYS)
    ):
        raise NotReady(
            _(
                "Make the final Safety and Support review first: closure rests on one of the last %(days)d days."
            )
            % {"days": SAS_REVIEW_DAYS}
        )
    return review


def obstacles(case: Case) -> list[str]:
    """Everything on a case that makes it unsafe to close, each named in words. An override needs a reason."""
    found = []
    concerns = SafeguardingConcern.objects.filter(case=case, closed_on__isnull=True).count()
    if concerns:
        found.append(
            ngettext(
                "A safeguarding concern is open.", "%(count)d safeguarding concerns are open.", concerns
            ) % {"count": concerns}
        )  # fmt: skip
    if case.urgentallocation_set.filter(done_at__isnull=True).exists():
        found.append(_("An urgent allocation is not done."))
    if day := _court_ahead(case):
        found.append(_("A court date is ahead: %(day)s.") % {"day": long_date(day)})
    unheld = OnwardReferral.objects.filter(case=case, unheld_risk=True, held_since__isnull=True).count()
    if unheld:
        found.append(
            ngettext(
                "A risk outside our scope is held by nobody.", "%(count)d risks outside our scope are held by nobody.",
                unheld,
            ) % {"count": unheld}
        )  # fmt: skip
    return found


def missing_from(case: Case, ending: Ending) -> list[str]:
    """What an ending of this kind still lacks, in words; nothing of it can be overridden."""
    found = []
    if not ending.return_explained and ending.reason not in CANNOT_BE_TOLD:
        found.append(_("Tell the client how they can come back, and say so here."))
    if ending.reason == Closure.Reason.LOST_CONTACT:
        found += lost_contact_gaps(case)
        if not ending.other_service_tried.strip():
            found.append(_("Lost contact: say which other service’s help was tried."))
        if not ending.welfare_decision.strip():
            found.append(_("Lost contact: say what was decided about a welfare check."))
    return found


def lost_contact_gaps(case: Case) -> list[str]:
    """What is missing before contact counts as lost: varied attempts over time since the client was last reached."""
    since_last = Contact.objects.filter(case=case).exclude(attendance=Contact.Attendance.ATTENDED)
    if case.last_contact_at:
        since_last = since_last.filter(at__gt=case.last_contact_at)
    tried = list(
        since_last.filter(attendance=Contact.Attendance.DID_NOT_ATTEND)
        .order_by("at")
        .values_list("at", "mode")
    )
    needed = case.service.attempts_before_unable_to_contact
    found = []
    if len(tried) < needed:
        found.append(
            _(
                "Lost contact: at least %(needed)d attempts since the client was last reached (there are %(count)d)."
            )
            % {"needed": needed, "count": len(tried)}
        )
    if len({mode for _at, mode in tried}) < LOST_CONTACT_MODES:
        found.append(_("Lost contact: attempts in at least two different ways."))
    if not tried or tried[-1][0] - tried[0][0] < dt.timedelta(days=LOST_CONTACT_DAYS):
        found.append(_("Lost contact: attempts spread over at least a week."))
    return found


def decide_closure(closure: Closure, *, approve: bool, reason: str = "", by) -> Closure:
    """Sign a closure off, which closes the case, or send it back with a reason (report, Annex A 7).

    On sign-off a retention date is set, everybody's grants end, reviews and appointments that lay ahead fall away.
    Raises NotReady where the proposer decides, or where something unsafe has come up since it was proposed.
    """
    case = closure.case
    lock_case(case)
    if approve and not _is_carried(case):
        raise NotReady(_("The case has moved on since this was proposed. Send it back."))
    if approve and not closure.override_reason and (in_the_way := obstacles(case)):
        raise NotReady(_("Something has come up since this was proposed. Send it back."), *in_the_way)
    decide(closure, decision=Decision.APPROVED if approve else Decision.SENT_BACK, reason=reason, by=by)
    if approve:
        _end_support(case, by=by)
    return closure


def reopen_case(case: Case, *, reason: str, by) -> StageEntry:
    """Reopen a closed case into triage, within the service's window; its earlier closure is kept.

    Raises NotReady where it is not closed, or where the window is over: then a new referral begins a new case of
    the same client.
    """
    lock_case(case)
    ready_to_reopen(case)
    for closure in Closure.objects.filter(case=case, decision=Decision.APPROVED, reopened_at__isnull=True):
        closure.reopened_at, closure.reopened_why = now(), reason
        closure.save(update_fields=["reopened_at", "reopened_why"])
    return move(
        case,
        to=Stage.TRIAGE,
        by=by,
        reason=_("Reopened"),
        retain_until=None,
        lead_isva=None,
        interim_worker=None,
    )


def ready_to_reopen(case: Case) -> None:
    """Raises NotReady, in words, where a case is not closed or its window for reopening is over."""
    if case.stage != Stage.CLOSED.value:
        raise NotReady(_("This case is not closed."))
    if today() > reopening_ends_on(case):
        raise NotReady(
            _(
                "This case could be reopened until %(day)s. Ask for a new referral: it becomes a new case of the same client."
            )
            % {"day": long_date(reopening_ends_on(case))}
        )


def reopening_ends_on(case: Case) -> dt.date:
    """The last day on which a closed case may be reopened."""
    return case.stage_since.astimezone(LONDON).date() + dt.timedelta(days=case.service.reopening_days)


def retain_until(case: Case, *, closed_on: dt.date) -> dt.date:
    """How long the record of a case closed on a day is kept: the service's years; a child's until 25 if later.

    Where only a child's age was given, the latest birthday it allows counts.
    """
    kept = _years_after(closed_on, case.service.retention_years)
    client = case.client
    if not client.is_child_on(closed_on):
        return kept
    if client.date_of_birth:
        return max(kept, _years_after(client.date_of_birth, CHILD_RECORD_BIRTHDAY))
    if client.age_given_on and client.age_given is not None:
        return max(kept, _years_after(client.age_given_on, CHILD_RECORD_BIRTHDAY - client.age_given))
    return kept


def _end_support(case: Case, *, by) -> None:
    move(
        case,
        to=Stage.CLOSED,
        by=by,
        reason=_("Closure signed off"),
        retain_until=retain_until(case, closed_on=today()),
    )
    end_grants_of_closed(case, by=by)
    for allocation in case.allocation_set.filter(ended_at__isnull=True):
        allocation.ended_at, allocation.end_reason = now(), _("the case was closed")
        allocation.save(update_fields=["ended_at", "end_reason"])
    for kind in ReviewPoint.Kind:
        finish_review(case, kind=kind, by=by)
    for appointment in Appointment.objects.filter(case=case, cancelled_at__isnull=True, at__gt=now()):
        appointment.cancelled_at, appointment.cancelled_why = now(), _("the case was closed")
        appointment.save(update_fields=["cancelled_at", "cancelled_why"])
    for paused in StepDown.objects.filter(case=case, decision=Decision.APPROVED, ended_at__isnull=True):
        paused.ended_at = now()
        paused.save(update_fields=["ended_at"])


def _is_carried(case: Case) -> bool:
    return case.stage in {stage.value for stage in CARRIED_STAGES}


def _court_ahead(case: Case) -> dt.date | None:
    if case.trial_on and case.trial_on >= today():
        return case.trial_on
    moment = (
        Appointment.objects.filter(case=case, mode=ContactMode.COURT, cancelled_at__isnull=True, at__gt=now())
        .order_by("at")
        .values_list("at", flat=True)
        .first()
    )
    return moment.astimezone(LONDON).date() if moment else None


def _years_after(day: dt.date, years: int) -> dt.date:
    """The same day so many years later; 29 February becomes 1 March, never earlier."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return dt.date(day.year + years, 3, 1)

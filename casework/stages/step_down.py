"""Step-down: support pauses within an open case, with an open door and a review point (report, Annex A 6).

Proposed after a Safety and Support review, approved by a manager; one click leads back to active support.
"""

import datetime as dt

from django.utils.translation import gettext as _

from casework.models import Case, Closure, ReviewPoint, SasReview, StageEntry, StepDown
from casework.models.endings import Decision
from casework.moving import lock_case, move
from casework.sas.history import latest_review
from casework.sas.recording import day_after_a_change, review_days
from casework.stages.proposals import NotReady, decide, open_proposal, withdraw
from casework.standing import finish_review, set_review_point
from isva.clock.moment import LONDON, now, today
from isva.clock.terms import number_now
from isva.interface.words import long_date
from isva.pathway import Stage

#: Days within which the review that an ending rests on was made.
SAS_REVIEW_DAYS = 14


def propose_step_down(
    case: Case, *, reason: str, contact_every_days: int, review_on: dt.date, milestones: str = "", by
) -> StepDown:
    """Propose that support pauses: why, how often to check in, when to review, what to watch.

    Raises NotReady, naming what must come first.
    """
    lock_case(case)
    review = ready_to_step_down(case)
    latest_day = latest_review_day(case)
    if not today() < review_on <= latest_day:
        raise NotReady(_("The review must be after today and by %(day)s.") % {"day": long_date(latest_day)})
    longest = number_now(case.service, "step_down_days")
    if not 1 <= contact_every_days <= longest:
        raise NotReady(_("Check in at least every %(days)d days.") % {"days": longest})
    proposal = StepDown(
        case=case, sas_review=review, reason=reason, contact_every_days=contact_every_days, review_on=review_on,
        milestones=milestones, recorded_by=by,
    )  # fmt: skip
    proposal.save(force_insert=True)
    return proposal


def ready_to_step_down(case: Case) -> SasReview:
    """The review on which a step-down of this case would rest. Raises NotReady, in words, where there is none."""
    if case.stage != Stage.ACTIVE.value:
        raise NotReady(_("Only a case in active support can be stepped down."))
    if open_proposal(StepDown, case):
        raise NotReady(_("Step-down is proposed already. A manager decides on it."))
    if open_proposal(Closure, case):
        raise NotReady(_("Closure is proposed. A manager decides on that first."))
    review = latest_review(case, SasReview.Kind.FULL, SasReview.Kind.REVIEW, SasReview.Kind.FINAL)
    if review is None or review.reviewed_at < now() - dt.timedelta(days=SAS_REVIEW_DAYS):
        raise NotReady(
            _("Make a Safety and Support review first: step-down rests on one of the last %(days)d days.")
            % {"days": SAS_REVIEW_DAYS}
        )
    if called_for := _review_called_for(case, review):
        raise NotReady(
            _("Make a Safety and Support review first: one was called for since the last (%(why)s).")
            % {"why": called_for.why}
        )
    return review


def latest_review_day(case: Case) -> dt.date:
    """The latest day on which a case stepped down today may be reviewed."""
    return today() + dt.timedelta(days=number_now(case.service, "step_down_days"))


def decide_step_down(proposal: StepDown, *, approve: bool, reason: str = "", by) -> StepDown:
    """Approve a step-down, which moves the case, or send it back with a reason.

    Raises NotReady where the proposer decides, or where it cannot be approved any more; WrongStage where the case
    has moved on.
    """
    case = proposal.case
    lock_case(case)
    if approve and case.stage != Stage.ACTIVE.value:
        raise NotReady(_("The case has moved on since this was proposed. Send it back."))
    if approve and proposal.review_on <= today():
        raise NotReady(_("The proposed review date has passed. Send it back for another one."))
    decide(proposal, decision=Decision.APPROVED if approve else Decision.SENT_BACK, reason=reason, by=by)
    if approve:
        set_review_point(
            case,
            kind=ReviewPoint.Kind.STEP_DOWN,
            due_on=proposal.review_on,
            why=_("agreed at step-down"),
            by=by,
        )
        finish_review(case, kind=ReviewPoint.Kind.SAS, by=by)
        move(case, to=Stage.STEPPED_DOWN, by=by, reason=_("Step-down approved"))
    return proposal


def step_up(case: Case, *, by, reason: str = "") -> StageEntry:
    """Make support active again, with the ISVA who carried the case. A review falls due within 2 working days.

    A closure proposed meanwhile is withdrawn. Raises WrongStage where the case is not stepped down.
    """
    lock_case(case)
    if case.stage != Stage.STEPPED_DOWN.value:
        raise NotReady(_("Only a case that is stepped down can be made active again."))
    if proposal := open_proposal(Closure, case):
        withdraw(proposal, why=_("Support became active again."), by=by)
    entry = move(case, to=Stage.ACTIVE, by=by, reason=_("Active support resumed"))
    for paused in StepDown.objects.filter(case=case, decision=Decision.APPROVED, ended_at__isnull=True):
        paused.ended_at, paused.ended_why = now(), reason
        paused.save(update_fields=["ended_at", "ended_why"])
    set_review_point(
        case, kind=ReviewPoint.Kind.SAS, due_on=day_after_a_change(case.service),
        why=_("active support resumed"), by=by,
    )  # fmt: skip
    finish_review(case, kind=ReviewPoint.Kind.STEP_DOWN, by=by)
    return entry


def step_down_in_force(case: Case) -> StepDown | None:
    """The approved step-down under which a case is paused now, or None."""
    return (
        StepDown.objects.filter(case=case, decision=Decision.APPROVED, ended_at__isnull=True)
        .select_related("recorded_by", "decided_by")
        .first()
    )


def _review_called_for(case: Case, review: SasReview) -> ReviewPoint | None:
    """A review that something called for since the last one: it falls due sooner than the risk alone asks."""
    by_risk = review.reviewed_at.astimezone(LONDON).date() + dt.timedelta(
        days=review_days(case.service, review.risk)
    )
    return ReviewPoint.objects.filter(
        case=case,
        kind=ReviewPoint.Kind.SAS,
        done_on__isnull=True,
        due_on__lt=by_risk,
        recorded_at__gte=review.recorded_at,
    ).first()

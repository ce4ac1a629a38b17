"""Triage: the assessment after a referral, and what becomes of it (report, Triage as a specialist function; Annex A 2).

Every outcome leads somewhere: to the manager, to interim support, or to a closed record that counts as work done.
"""

import datetime as dt
from dataclasses import dataclass, field

from django.db import transaction
from django.utils.translation import gettext as _

from casework import access
from casework.justice import update_justice
from casework.models import Case, ReviewPoint
from casework.moving import move
from casework.stages.closure import retain_until
from casework.standing import finish_review
from isva.clock.moment import now, today
from isva.pathway import WAITING_STAGES, Stage
from triage.models import TriageAssessment
from triage.refusals import Refused
from triage.stages import attempts, interim, urgent
from triage.stages.screening import Concern, Screening, record_concern, record_screening
from triage.stages.taking import take_in_hand

Outcome = TriageAssessment.Outcome

#: Outcomes that may be chosen without a screening: there was nobody to ask.
WITHOUT_SCREENING = frozenset({Outcome.DECLINED, Outcome.UNABLE})


@dataclass(frozen=True)
class Findings:
    """What the assessment found, apart from scores and concerns (fields of ``TriageAssessment`` by the same names)."""

    needs_beyond: str = ""
    justice_stage: str = ""
    client_choice: str = ""
    readiness: str = ""
    urgency: str = ""
    specialisms: list[str] = field(default_factory=list)


@transaction.atomic
def complete_triage(
    case: Case, *, outcome: str, reason: str, by, screening: Screening | None = None, concern: Concern | None = None,
    findings: Findings | None = None, where_to: str = "", referrer_told: bool = False, interim_worker=None,
    next_review_on: dt.date | None = None,
) -> TriageAssessment:  # fmt: skip
    """Record the assessment and take the case where its outcome leads.

    ``interim_worker`` (a user) and ``next_review_on`` belong to *interim*, ``where_to`` to *advice* and *not this
    service*, ``referrer_told`` to the outcomes that close. Raises WrongStage where the case is not in triage, Refused,
    in words, where the outcome cannot be chosen; nothing is saved then.
    """
    outcome = Outcome(outcome)
    take_in_hand(case, {Stage.TRIAGE})
    if reason_against := why_not(case, outcome, screening=screening, where_to=where_to):
        raise Refused(reason_against)
    findings = findings or Findings()
    recorded = record_screening(case, screening, by=by) if screening else None
    assessment = _record(
        case, outcome=outcome, reason=reason, by=by, screening=recorded, findings=findings, where_to=where_to,
        safeguarding=_who_is_at_risk(concern), safeguarding_note=concern.what if concern else "",
        referrer_told=referrer_told,
    )  # fmt: skip
    if findings.justice_stage and findings.justice_stage != case.justice_stage:
        update_justice(
            case,
            stage=findings.justice_stage,
            since=today(),
            trial_on=case.trial_on,
            note=_("Found at triage"),
            by=by,
        )
    with_it = {"specialisms_needed": findings.specialisms}
    manager = None
    if outcome == Outcome.ALLOCATE_NOW:
        manager = urgent.raise_urgent_allocation(case, reason=reason, by=by).manager
    if concern is not None:
        record_concern(case, concern, by=by, manager=manager)
    if outcome in TriageAssessment.CLOSING:
        close(case, assessment, by=by, **with_it)
    elif outcome == Outcome.INTERIM:
        interim.place_in_interim(
            case, worker=interim_worker, reason=reason, by=by, next_review_on=next_review_on, **with_it
        )
    else:
        interim.set_next_review(case, by=by)
        move(case, to=Stage.ALLOCATION, by=by, reason=reason, urgent=manager is not None, **with_it)
    return assessment


@transaction.atomic
def close_waiting(
    case: Case, *, outcome: str, reason: str, by, where_to: str = "", referrer_told: bool = False
) -> TriageAssessment:
    """Somebody who waits leaves the list without an ISVA: advice was enough, they declined, cannot be reached, or
    belong elsewhere. It counts as work done, like the same outcome at triage.

    Raises WrongStage where nobody waits, Refused where the outcome cannot be chosen.
    """
    outcome = Outcome(outcome)
    take_in_hand(case, WAITING_STAGES)
    if outcome not in TriageAssessment.CLOSING:
        raise Refused(_("Choose why this person no longer waits."))
    if reason_against := why_not(case, outcome, screening=None, where_to=where_to, screened_before=True):
        raise Refused(reason_against)
    assessment = _record(
        case, outcome=outcome, reason=reason, by=by, where_to=where_to, referrer_told=referrer_told
    )
    close(case, assessment, by=by)
    return assessment


def why_not(
    case: Case, outcome: str, *, screening: Screening | None, where_to: str, screened_before: bool = False
) -> str:
    """Why an outcome cannot be chosen as things stand, in words; empty where it can."""
    if outcome == Outcome.UNABLE and (missing := attempts.missing_before_unable(case)):
        return _("“Unable to contact” cannot be chosen yet. %(missing)s") % {"missing": " ".join(missing)}
    if outcome not in WITHOUT_SCREENING and screening is None and not screened_before:
        return _("Screen by domain first: this outcome rests on it.")
    if outcome == Outcome.NOT_THIS_SERVICE and not where_to.strip():
        return _("Say where the client was pointed to: nobody is turned away without a way on.")
    return ""


def close(case: Case, assessment: TriageAssessment, *, by, **with_it) -> None:
    """Close a record that ends before support, with a retention date; nobody keeps sight of it by having waited with
    it, and nothing is left due."""
    reason = f"{Outcome(assessment.outcome).label}: {assessment.outcome_reason}"
    access.end_grants_of_closed(case, by=by)
    move(
        case, to=Stage.CLOSED, by=by, reason=reason, retain_until=retain_until(case, closed_on=today()), urgent=False,
        interim_worker=None, **with_it,
    )  # fmt: skip
    finish_review(case, kind=ReviewPoint.Kind.INTERIM, by=by)
    urgent.finish_urgent(case, by=by)


def note_referrer_told(assessment: TriageAssessment, *, by) -> TriageAssessment:
    """The referrer was told that the person could not be reached (report, Triage). The first to say so stands."""
    if assessment.referrer_told_at is None:
        assessment.referrer_told_at = now()
        assessment.save(update_fields=["referrer_told_at"])
    return assessment


def _record(case, *, outcome, reason, by, findings=None, referrer_told=False, **fields) -> TriageAssessment:
    assessment = TriageAssessment(
        case=case, outcome=outcome, outcome_reason=reason, completed_at=now(), recorded_by=by,
        referrer_told_at=now() if referrer_told else None, **vars(findings or Findings()), **fields,
    )  # fmt: skip
    assessment.save(force_insert=True)
    return assessment


def _who_is_at_risk(concern: Concern | None) -> str:
    kinds = {who.rsplit("_", 1)[-1] for who in concern.who} if concern else set()
    return (
        TriageAssessment.Safeguarding.BOTH
        if len(kinds) == 2
        else next(iter(kinds), TriageAssessment.Safeguarding.NONE)
    )

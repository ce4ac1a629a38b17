"""Interim support: a person waits, and somebody keeps in touch, re-screens and speaks up (report, Interim support;
Annex A 3)."""

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext as _

from casework import access
from casework.models import Case, Contact, Grant, ReviewPoint, SafeguardingConcern
from casework.moving import move
from casework.safe_contacts import broken_rule, contacts_of
from casework.standing import note_contact, set_review_point
from isva.clock.moment import now, today
from isva.clock.terms import number_now
from isva.codes import Risk
from isva.pathway import WAITING_STAGES, Stage
from isva.stale import refuse_stale
from triage.models import InterimReview, UrgentAllocation
from triage.people import needs_a_grant, who_may_keep_in_touch
from triage.refusals import Refused
from triage.stages import urgent
from triage.stages.screening import Concern, Screening, record_concern, record_screening
from triage.stages.taking import take_in_hand


def interim_days(service, risk: str) -> int:
    """Days after which a person who waits is looked at again, by risk (service settings; 7, 14 and 28 by default)."""
    return number_now(service, f"interim_days_{Risk(risk).value}")


def latest_review_day(service, risk: str) -> dt.date:
    """The last day to which the next review of somebody who waits may be put, counted from today."""
    return today() + dt.timedelta(days=interim_days(service, risk))


@transaction.atomic
def place_in_interim(
    case: Case, *, worker, reason: str, by, next_review_on: dt.date | None = None, **with_it
) -> None:
    """Put a case on the managed waiting list: a review point by its risk, and a named person who keeps in touch.

    ``worker`` is the user who keeps in touch, ``with_it`` other fields of the case that change in the same breath.
    Raises WrongStage where the case cannot wait from where it is, Refused for a review day that is too late or a
    worker who cannot be named.
    """
    set_next_review(case, on=next_review_on, by=by)
    move(case, to=Stage.INTERIM, by=by, reason=reason, **with_it)
    name_interim_worker(case, worker=worker, by=by)


def set_next_review(case: Case, *, by, on: dt.date | None = None) -> dt.date:
    """Set the day by which somebody looks at this person again: by risk, or earlier where ``on`` says so.

    Raises Refused for a day that is past or later than the risk allows: no one waits longer unseen.
    """
    ceiling = latest_review_day(case.service, case.risk)
    day = on or ceiling
    if day < today():
        raise Refused(_("The next review must be today or later."))
    if day > ceiling:
        raise Refused(too_late(case.service, case.risk))
    why = _("%(risk)s risk") % {"risk": Risk(case.risk).label}
    set_review_point(case, kind=ReviewPoint.Kind.INTERIM, due_on=day, why=why, by=by)
    return day


def too_late(service, risk: str) -> str:
    """Why a review day is refused, in words."""
    return _("At %(risk)s risk the next review is within %(days)d days.") % {
        "risk": str(Risk(risk).label).lower(),
        "days": interim_days(service, risk),
    }


@transaction.atomic
def name_interim_worker(case: Case, *, worker, by, seen: str | None = None) -> None:
    """Name who keeps in touch with a person who waits; whoever did so before loses the sight it gave them.

    Somebody who sees the waiting list anyway gets no grant of their own. ``seen`` is the mark of who did so on the page.
    Raises WrongStage where nobody waits, ChangedMeanwhile where somebody else was named since, Refused for somebody
    who is away, walled off or not of the service.
    """
    take_in_hand(case, WAITING_STAGES)
    refuse_stale(case, ("interim_worker_id",), seen=seen)
    membership = who_may_keep_in_touch(case).filter(user=worker).first()
    if membership is None:
        raise Refused(_("This person cannot keep in touch: they are away, or they must not see this record."))
    before = case.interim_worker
    if before is not None and before != membership.user:
        access.end_grants(
            case, user=before, why=Grant.Why.INTERIM, by=by, reason=_("another interim worker was named")
        )
    if needs_a_grant(membership):
        access.grant(case, to=membership.user, why=Grant.Why.INTERIM, by=by, reason=_("named interim worker"))
    if before != membership.user:
        case.interim_worker = membership.user
        case.save(update_fields=["interim_worker"])


@transaction.atomic
def check_in(
    case: Case, *, at: dt.datetime, method: str, reached: bool, by, screening: Screening | None = None,
    concern: Concern | None = None, information_pack_sent: bool = False, signposted_to: str = "", note: str = "",
    against_rule: str = "", next_review_on: dt.date | None = None,
) -> InterimReview:  # fmt: skip
    """Record a check-in with a person who waits, and set the next one (recommendation 2.4; Annex A 3).

    Somebody who was reached is screened again. A risk that rose, or a new safeguarding concern, escalates to
    urgent allocation by itself, here as on every other page (``casework/waiting.py``). Raises WrongStage where nobody waits, Refused where a screening or the reason
    for breaking the client's own rule is missing, or the next review is too late.
    """
    take_in_hand(case, WAITING_STAGES)
    if reached and screening is None:
        raise Refused(_("Screen again: the person was reached."))
    rule = broken_rule(mode=method, with_whom=Contact.With.CLIENT, contacts=contacts_of(case.client))
    if rule and not against_rule.strip():
        raise Refused(rule)
    before = case.risk
    recorded = record_screening(case, screening, by=by, at=at) if screening else None
    next_day = set_next_review(case, on=next_review_on, by=by)
    review = InterimReview(
        case=case, at=at, method=method, reached=reached, screening=recorded, risk_before=before, risk=case.risk,
        new_safeguarding=concern is not None, information_pack_sent=information_pack_sent,
        signposted_to=signposted_to, note=note, next_review_on=next_day, against_rule=against_rule if rule else "",
        recorded_by=by,
    )  # fmt: skip
    review.save(force_insert=True)
    if reached:
        note_contact(case, at=at)
    if concern is not None:
        _tell_manager(case, record_concern(case, concern, by=by))
    return review


def _tell_manager(case: Case, concerns: list[SafeguardingConcern]) -> None:
    """The concern made the case urgent: the manager who was asked to allocate it has been told of the concern."""
    task = urgent.open_urgent_allocation(case)
    if task is None:
        return
    for concern in concerns:
        concern.manager_told, concern.manager_told_at = task.manager, now()
        concern.save(update_fields=["manager_told", "manager_told_at"])


@transaction.atomic
def escalate_case(case: Case, *, reason: str, by) -> UrgentAllocation:
    """Make a person who waits an urgent allocation: to the top of the list, with one task for a named manager.

    Raises WrongStage where nobody waits, Refused where no manager can be named.
    """
    take_in_hand(case, WAITING_STAGES)
    task = urgent.raise_urgent_allocation(case, reason=reason, by=by)
    if case.stage == Stage.INTERIM.value:
        move(case, to=Stage.ALLOCATION, by=by, reason=reason, urgent=True)
    elif not case.urgent:
        case.urgent = True
        case.save(update_fields=["urgent"])
    return task


@transaction.atomic
def send_to_allocation(case: Case, *, reason: str, by) -> None:
    """A place may be free: the manager decides next. The person keeps their review point and who keeps in touch.

    Raises WrongStage for a case that is not in interim support.
    """
    take_in_hand(case, {Stage.INTERIM})
    move(case, to=Stage.ALLOCATION, by=by, reason=reason)


@transaction.atomic
def return_to_interim(
    case: Case, *, reason: str, by, may_allocate: bool, next_review_on: dt.date | None = None
) -> None:
    """Nobody can take the case yet: it waits on, with a review point of its own.

    ``may_allocate`` says whether ``by`` allocates cases: an urgent one is put back by a manager only, and their
    word ends the task. Raises WrongStage, or Refused.
    """
    take_in_hand(case, {Stage.ALLOCATION})
    if urgent.open_urgent_allocation(case) and not may_allocate:
        raise Refused(_("This is an urgent allocation. Only a manager can put it back to interim support."))
    set_next_review(case, on=next_review_on, by=by)
    move(case, to=Stage.INTERIM, by=by, reason=reason, urgent=False)
    urgent.finish_urgent(case, by=by)

"""Onward referrals, needs that no service meets, risks that nobody holds, and the list of agencies.

Sources: statutory guidance 22, 25 and 81; quality standard: onward referral. A need without a service is counted
for commissioners; a risk outside the ISVA's scope that no agency holds stays on the manager's list.
"""

import datetime as dt

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from casework.models import Agency, Case, OnwardReferral
from casework.sas.complexity import reckon_complexity
from casework.sas.recording import review_after_change
from isva.clock.moment import today
from isva.pathway import WrongStage
from isva.stale import refuse_stale


class NameTaken(Exception):
    """The service has an agency of this name already."""


def refer_onward(
    case: Case, *, by, need: str, domain: str = "", agency: Agency | None = None, consented: bool = False,
    sent_on: dt.date | None = None, unheld_risk: bool = False,
) -> OnwardReferral:  # fmt: skip
    """Ask an agency to meet a need; without an agency it is an unmet need.

    A risk that nobody holds goes to the manager, and brings the next SaS review forward. Raises WrongStage on a closed
    case, ValueError where it would be sent without the client's consent.
    """
    if not case.is_open:
        raise WrongStage(_("This case is closed. A referral belongs to an open case."))
    if sent_on and not consented:
        raise ValueError("A referral is sent with the client's consent.")
    referral = OnwardReferral(
        case=case, need=need, domain=domain, agency=agency, consented=consented, unheld_risk=unheld_risk,
        sent_on=sent_on if agency else None,
        answer=OnwardReferral.Answer.WAITING if agency else OnwardReferral.Answer.NO_SERVICE, recorded_by=by,
    )  # fmt: skip
    referral.save(force_insert=True)
    reckon_complexity(case, by=by)
    if unheld_risk:
        review_after_change(case, why=_("a risk that nobody holds"), by=by)
    return referral


#: What a later step may change.
STEPS = ("consented", "sent_on", "answer", "answered_on", "outcome", "unheld_risk", "held_since")


def answer_onward_referral(
    referral: OnwardReferral, *, by, seen: str | None = None, **values
) -> OnwardReferral:
    """Write down how a referral went on: sent, accepted or declined and when, its outcome, who holds a risk now.

    ``values`` are fields of the referral, ``seen`` the mark of what its steps said on the page. A risk that nobody
    holds from now on brings the next SaS review forward. Raises ChangedMeanwhile where the steps say something else by
    now, ValueError where it would be sent without consent.
    """
    locked = (
        OnwardReferral.objects.select_for_update(of=("self",))
        .select_related("case__service")
        .get(pk=referral.pk)
    )
    refuse_stale(locked, STEPS, seen=seen)
    was_unheld = _is_unheld(locked)
    for name, value in values.items():
        setattr(locked, name, value)
    if locked.sent_on and not locked.consented:
        raise ValueError("A referral is sent with the client's consent.")
    locked.save(update_fields=list(values))
    if locked.case.is_open:
        reckon_complexity(locked.case, by=by)
    if _is_unheld(locked) and not was_unheld:
        review_after_change(locked.case, why=_("a risk that nobody holds"), by=by)
    return locked


def _is_unheld(referral: OnwardReferral) -> bool:
    return referral.unheld_risk and referral.held_since is None


def referrals_of(case: Case) -> list[OnwardReferral]:
    """The onward referrals and unmet needs of a case, the latest first. One query."""
    rows = OnwardReferral.objects.filter(case=case).select_related("agency", "recorded_by")
    return list(rows.order_by("-recorded_at"))


def days_waited(referral: OnwardReferral) -> int | None:
    """Whole days from sending to the answer, or until today; None where it was not sent."""
    if referral.sent_on is None:
        return None
    return ((referral.answered_on or today()) - referral.sent_on).days


def agencies_of(user):
    """The agencies of the service in which ``user`` acts, in use or not."""
    return Agency.objects.visible_to(user)


def agencies_in_use(user):
    """The agencies that can be chosen, by name."""
    return agencies_of(user).filter(in_use=True).order_by("name")


def add_agency(service, *, by, **values) -> Agency:
    """Put an agency on the service's list. Raises NameTaken where one of this name is on it."""
    agency = Agency(service=service, **values)
    return _save(agency, force_insert=True)


def change_agency(agency: Agency, *, by, seen: str | None = None, **values) -> Agency:
    """Change what the list says of an agency, or take it out of use. Raises NameTaken as above.

    ``seen`` is the mark of what the page said; raises ChangedMeanwhile where it says something else by now.
    """
    locked = Agency.objects.select_for_update(of=("self",)).get(pk=agency.pk)
    refuse_stale(locked, values, seen=seen)
    for name, value in values.items():
        setattr(locked, name, value)
    return _save(locked, update_fields=list(values))


def _save(agency: Agency, **how) -> Agency:
    namesakes = Agency.objects.filter(service=agency.service_id, name__iexact=agency.name).exclude(
        pk=agency.pk
    )
    if namesakes.exists():
        raise NameTaken(_("An agency of this name is on the list already."))
    try:
        with transaction.atomic():
            agency.save(**how)
    except IntegrityError:
        raise NameTaken(_("An agency of this name is on the list already.")) from None
    return agency

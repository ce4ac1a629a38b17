"""Safeguarding concerns: raised, referred the same day, told to a manager, and chased until the outcome is known.

Sources: quality standard: safeguarding; statutory guidance 24, 25, 74 and 80.
"""

import datetime as dt

from django.utils.translation import gettext as _

from casework.models import Case, SafeguardingConcern
from casework.sas.complexity import reckon_complexity
from casework.sas.recording import review_after_change
from casework.waiting import it_got_worse
from isva.access.roles import Role
from isva.accounts.models import Membership, User
from isva.clock.moment import LONDON, now, today
from isva.pathway import WrongStage
from isva.stale import refuse_stale


def managers_of(service):
    """The managers of a service who belong to it today: whom a concern is told."""
    managers = Membership.objects.filter(service=service, roles__contains=[Role.MANAGER]).live()
    return User.objects.filter(pk__in=managers.values("user")).order_by("name")


def raise_safeguarding(
    case: Case, *, by, who, what: str, raised_at: dt.datetime, referred_to: str = "",
    referred_at: dt.datetime | None = None, not_referred_why: str = "", manager_told=None,
    manager_told_at: dt.datetime | None = None, client_informed: bool = False, not_informed_why: str = "",
) -> SafeguardingConcern:  # fmt: skip
    """Write down a concern for a child or an adult at risk. The risk of the case is reviewed after it.

    Raises WrongStage on a closed case (reopen it: somebody is at risk), ValueError where it was not referred, or
    not on the day it was raised, and nobody says why.
    """
    if not case.is_open:
        raise WrongStage(_("This case is closed. Reopen it to record a safeguarding concern."))
    if was_late(raised_at, referred_at) and not not_referred_why:
        raise ValueError("A concern is referred the same day, or it says why not.")
    concern = SafeguardingConcern(
        case=case, who=who, what=what, raised_at=raised_at, referred_to=referred_to, referred_at=referred_at,
        not_referred_why=not_referred_why, manager_told=manager_told, manager_told_at=manager_told_at,
        client_informed=client_informed, not_informed_why=not_informed_why, recorded_by=by,
    )  # fmt: skip
    concern.save(force_insert=True)
    reckon_complexity(case, by=by)
    review_after_change(case, why=_("a safeguarding concern was raised"), by=by)
    it_got_worse(case, reason=_("A new safeguarding concern was raised."), by=by)
    return concern


def was_late(raised_at: dt.datetime, referred_at: dt.datetime | None) -> bool:
    """Whether a concern was not referred, or not on the day on which it was raised."""
    if referred_at is None:
        return True
    return referred_at.astimezone(LONDON).date() > raised_at.astimezone(LONDON).date()


#: What a later step may change.
STEPS = (
    "referred_to", "referred_at", "not_referred_why", "manager_told_id", "manager_told_at", "client_informed",
    "not_informed_why", "outcome",
)  # fmt: skip


def update_safeguarding(
    concern: SafeguardingConcern, *, by, close: bool = False, seen: str | None = None, **values
) -> SafeguardingConcern:
    """Write down what has happened since: referral, manager told, client informed, outcome; ``close`` ends it.

    ``values`` are fields of the concern, ``seen`` the mark of what its steps said on the page. Raises WrongStage
    where it is closed already, ChangedMeanwhile where they say something else by now, ValueError where it would be
    closed without an outcome.
    """
    locked = (
        SafeguardingConcern.objects.select_for_update(of=("self",))
        .select_related("case__service")
        .get(pk=concern.pk)
    )
    if locked.closed_on:
        raise WrongStage(_("This concern is closed already."))
    refuse_stale(locked, STEPS, seen=seen)
    for name, value in values.items():
        setattr(locked, name, value)
    if close:
        if not locked.outcome:
            raise ValueError("A concern is closed with its outcome.")
        locked.closed_on = today()
    locked.save(update_fields=[*values, "closed_on"])
    if close:
        reckon_complexity(locked.case, by=by)
    return locked


def take_safeguarding(concern: SafeguardingConcern, *, by) -> SafeguardingConcern:
    """A manager takes a concern in hand: they see to it that it is referred. The first to say so stands.

    From then on nobody is told of it again and again; that it falls due the same day does not change.
    """
    locked = SafeguardingConcern.objects.select_for_update(of=("self",)).get(pk=concern.pk)
    if locked.closed_on:
        raise WrongStage(_("This concern is closed already."))
    if locked.taken_at is None:
        locked.taken_by, locked.taken_at = by, now()
        locked.save(update_fields=["taken_by", "taken_at"])
    return locked


def concerns_of(case: Case) -> list[SafeguardingConcern]:
    """The concerns of a case, open ones first, then the latest. One query."""
    rows = SafeguardingConcern.objects.filter(case=case).select_related("manager_told", "recorded_by")
    return sorted(rows.order_by("-raised_at"), key=lambda concern: concern.closed_on is not None)

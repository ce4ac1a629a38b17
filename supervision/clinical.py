"""Clinical supervision: that it took place, recorded by the supervisor; and the dates that a manager is told.

Guidance: every 6 weeks, by somebody external at best; more than a quarter without is a breach. What is said in it stays
between the two, so that nothing here takes or gives a word of it.
"""

import datetime as dt
from collections import Counter
from dataclasses import dataclass, field

from django.db import IntegrityError, transaction
from django.db.models import OuterRef, Subquery
from django.utils.translation import gettext as _

from isva.access.acting import ActingPerson
from isva.accounts.models import Membership, User
from isva.clock.moment import now, today
from isva.clock.rules import Due, Scope, ask, rule_named
from isva.refusal import Refusal
from supervision import arranging, opting_out
from supervision.models import Arrangement, ClinicalSession, OptOut

#: Days back for which a manager is told how much protected time was lost.
LOOKED_BACK = 182
#: A session is recorded at most so many days after it.
RECORDED_WITHIN = 366
RULE, BREACH = "clinical_supervision", "clinical_supervision_breach"
#: When due dates are told they are told however far ahead.
_FAR = dt.timedelta(days=732)


class CannotRecord(Refusal):
    """A session cannot be recorded like this. Its text says why."""


@dataclass(frozen=True)
class Supervised:
    """Clinical supervision of one person in dates: who gives it, when last held, when due, and the time lost to what."""

    membership: Membership
    arrangement: Arrangement | None
    last_held: dt.date | None = None
    due_on: dt.date | None = None
    is_breach: bool = False
    lost: Counter = field(default_factory=Counter)
    opted_out: OptOut | None = None

    @property
    def is_overdue(self) -> bool:
        """Whether the day on which it is due has gone by."""
        return self.due_on is not None and self.due_on < today()


def last_held(outer: str):
    """The day of the last session that was attended, of the membership named by ``outer``, as a part of a query."""
    held = ClinicalSession.objects.filter(
        arrangement__membership=OuterRef(outer), outcome=ClinicalSession.Outcome.ATTENDED
    )
    return Subquery(held.order_by("-held_on").values("held_on")[:1])


def dates_of_everybody(person: ActingPerson) -> list[Supervised]:
    """The dates of everybody who carries cases, by name: all that a manager reads. Six queries, however many people."""
    members = list(arranging.carrying(person).annotate(last_held=last_held("pk")))
    return _dates(person, members)


def dates_of(person: ActingPerson) -> Supervised | None:
    """The dates of the person themselves; None for somebody who carries no cases."""
    mine = list(arranging.carrying(person).filter(user=person.user).annotate(last_held=last_held("pk")))
    return next(iter(_dates(person, mine)), None)


def dates_of_supervised(person: ActingPerson) -> list[Supervised]:
    """The dates of the people whom ``person`` supervises now, by name."""
    theirs = Arrangement.objects.visible_to(person.user).live().filter(
        kind=Arrangement.Kind.CLINICAL, supervisor=person.user
    )  # fmt: skip
    members = Membership.objects.filter(pk__in=theirs.values("membership"), service=person.service)
    return _dates(
        person, list(members.select_related("user").annotate(last_held=last_held("pk")).order_by("user__name", "pk"))
    )  # fmt: skip


def _dates(person: ActingPerson, members: list) -> list[Supervised]:
    keys = [member.pk for member in members]
    arranged = {
        one.membership_id: one
        for one in Arrangement.objects.filter(
            service=person.service, membership__in=keys, kind=Arrangement.Kind.CLINICAL, ended_on__isnull=True
        ).select_related("supervisor")
    }
    due = _due(person.service)
    lost = _lost(keys)
    out = opting_out.in_force(keys)
    return [
        Supervised(
            membership=member, arrangement=arranged.get(member.pk), last_held=member.last_held,
            due_on=due[RULE, member.pk].due_on if (RULE, member.pk) in due else None,
            is_breach=(BREACH, member.pk) in due and due[BREACH, member.pk].is_overdue, lost=lost.get(member.pk, Counter()),
            opted_out=out.get(member.pk),
        )
        for member in members
    ]  # fmt: skip


def _due(service) -> dict[tuple, Due]:
    rules = [rule for name in (RULE, BREACH) if (rule := rule_named(name))]
    return {(due.kind, due.record): due for due in ask(rules, Scope(service, now() + _FAR))}


def _lost(keys: list) -> dict[object, Counter]:
    """For each person, how often protected time was cancelled in the last half year, by the reason from the list."""
    rows = ClinicalSession.objects.filter(
        arrangement__membership__in=keys, outcome=ClinicalSession.Outcome.CANCELLED,
        held_on__gte=today() - dt.timedelta(days=LOOKED_BACK),
    ).values_list("arrangement__membership", "cancelled_why")  # fmt: skip
    found: dict[object, Counter] = {}
    for membership, why in rows:
        found.setdefault(membership, Counter())[why] += 1
    return found


def supervised_by(person: ActingPerson):
    """The people whom ``person`` supervises now, as arrangements, by name."""
    rows = Arrangement.objects.visible_to(person.user).live()
    return (
        rows.filter(kind=Arrangement.Kind.CLINICAL, supervisor=person.user)
        .select_related("membership__user")
        .order_by("membership__user__name", "pk")
    )


def sessions_of(person: ActingPerson):
    """The sessions that ``person`` had, or gave; the latest first."""
    rows = ClinicalSession.objects.visible_to(person.user)
    return rows.select_related("arrangement__membership__user", "arrangement__supervisor").order_by(
        "-held_on", "arrangement__membership__user__name", "pk"
    )


@transaction.atomic
def record_clinical_session(
    arrangement: Arrangement,
    *,
    held_on: dt.date,
    format: str,
    outcome: str,
    cancelled_why: str = "",
    by: User,
) -> ClinicalSession:
    """Record that clinical supervision of one person took place on a day, or did not, and why it was cancelled.

    Raises CannotRecord for anybody but the supervisor, and for a second session of the same form on a day.
    """
    if arrangement.supervisor_id != by.pk:
        raise CannotRecord(_("Only the supervisor records that a session took place."))
    if held_on > today() or held_on < today() - dt.timedelta(days=RECORDED_WITHIN):
        raise CannotRecord(_("The day of a session lies in the last 12 months."))
    session = ClinicalSession(
        service_id=arrangement.service_id, arrangement=arrangement, held_on=held_on, format=format, outcome=outcome,
        cancelled_why=cancelled_why if outcome == ClinicalSession.Outcome.CANCELLED else "",
        recorded_by=by, recorded_at=now(),
    )  # fmt: skip
    try:
        with transaction.atomic():
            session.save(force_insert=True)
    except IntegrityError:
        raise CannotRecord(
            _("A session of %(name)s is recorded on this day already. Remove it first if it was wrong.")
            % {"name": arrangement.membership.user.name}
        ) from None
    return session


def remove_clinical_session(session: ClinicalSession, *, by: User) -> None:
    """Take back a session that was recorded by mistake; its history is kept. Raises CannotRecord for anybody else's."""
    if session.recorded_by_id != by.pk:
        raise CannotRecord(_("Only whoever recorded a session removes it."))
    session.delete()

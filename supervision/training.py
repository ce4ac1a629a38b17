"""Training, qualifications and checks: what everybody needs, what runs out, and time for it that was lost.

Domain: training and CPD with expiry, the accredited qualification, what was cancelled and why (court is the usual
reason); triage and management need their own training before the role can be given.
"""

import datetime as dt
from dataclasses import dataclass, field
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _

from isva.access.acting import ActingPerson
from isva.access.roles import Permission, Role
from isva.accounts import directory
from isva.accounts.models import Membership, Service, User
from isva.clock.moment import now, today
from isva.refusal import Refusal
from isva.stale import as_seen, refuse_stale
from supervision.models import Training

RULE = "training_expiry"
#: Days before something runs out from which it is told (design: 60 days' notice).
NOTICE = 60
#: Days back for which lost hours are added up.
LOOKED_BACK = 365
Kind = Training.Kind
#: What each role asks of whoever holds it.
NEEDED: dict[str, tuple[str, ...]] = {
    Role.ISVA: (Kind.QUALIFICATION, Kind.SAFEGUARDING, Kind.VETTING, Kind.DATA_PROTECTION),
    Role.TRAINEE: (Kind.SAFEGUARDING, Kind.VETTING, Kind.DATA_PROTECTION),
    Role.COORDINATOR: (Kind.TRIAGE, Kind.SAFEGUARDING, Kind.VETTING, Kind.DATA_PROTECTION),
    Role.MANAGER: (Kind.MANAGEMENT, Kind.SAFEGUARDING, Kind.VETTING, Kind.DATA_PROTECTION),
    Role.RECORDS_LEAD: (Kind.VETTING, Kind.DATA_PROTECTION),
}
#: The training without which a role is given only with a reason.
BEFORE_THE_ROLE: dict[str, str] = {Role.COORDINATOR: Kind.TRIAGE, Role.MANAGER: Kind.MANAGEMENT}
#: What a record of training says, as its form takes it.
FIELDS = ("kind", "title", "provider", "status", "taken_on", "expires_on", "hours", "cancelled_why")
EVIDENCE = ("evidence", "seen_on")


class CannotKeep(Refusal):
    """A record of training cannot be kept like this. Its text says why."""


@dataclass
class Standing:
    """Where one person stands: what is in force by kind, what they lack, and hours of CPD held and lost in a year."""

    membership: Membership
    in_force: list[Training] = field(default_factory=list)
    planned: list[Training] = field(default_factory=list)
    held_hours: Decimal = Decimal(0)
    lost_hours: dict[str, Decimal] = field(default_factory=dict)

    @property
    def lacking(self) -> list[str]:
        """The kinds that a role of theirs asks for and nothing in force answers, in the order of the list."""
        needed = {kind for role in self.membership.roles for kind in NEEDED.get(role, ())}
        there = {one.kind for one in self.in_force if one.expires_on is None or one.expires_on >= today()}
        return [kind for kind in Kind.values if kind in needed - there]

    @property
    def expired(self) -> list[Training]:
        """What has run out, the longest ago first."""
        return [one for until, one in self._dated if until < today()]

    @property
    def ending(self) -> list[Training]:
        """What runs out within the notice, the soonest first."""
        last = today() + dt.timedelta(days=NOTICE)
        return [one for until, one in self._dated if today() <= until <= last]

    @property
    def _dated(self) -> list[tuple[dt.date, Training]]:
        dated = [(one.expires_on, one) for one in self.in_force if one.expires_on is not None]
        return sorted(dated, key=lambda pair: pair[0])


def people(person: ActingPerson):
    """Whose training ``person`` may see: everybody who works here for a manager, else only their own."""
    found = directory.workforce(person)
    return found if person.can(Permission.SUPERVISE) else found.filter(user=person.user)


def standings(person: ActingPerson) -> list[Standing]:
    """Where everybody stands whom ``person`` may see: who lacks or lost something first. Four queries, however many."""
    found = [Standing(member) for member in people(person)]
    _fill(found)
    return sorted(
        found, key=lambda one: (not one.expired, not one.lacking, not one.ending, one.membership.user.name)
    )


def standing_of(membership: Membership) -> Standing:
    """Where one person stands. Two queries."""
    found = Standing(membership)
    _fill([found])
    return found


def _fill(found: list[Standing]) -> None:
    by_key = {one.membership.pk: one for one in found}
    for row in Training.objects.filter(membership__in=by_key).in_force().order_by("kind", "taken_on", "pk"):
        by_key[row.membership_id].in_force.append(row)
    others = Training.objects.filter(membership__in=by_key).order_by("taken_on", "pk")
    since = today() - dt.timedelta(days=LOOKED_BACK)
    for row in others:
        one, hours = by_key[row.membership_id], row.hours or Decimal(0)
        if row.status == Training.Status.PLANNED:
            one.planned.append(row)
        elif row.taken_on >= since and row.status == Training.Status.HELD:
            one.held_hours += hours
        elif row.taken_on >= since:
            one.lost_hours[row.cancelled_why] = one.lost_hours.get(row.cancelled_why, Decimal(0)) + hours


def trainings_of(person: ActingPerson, membership: Membership | None = None):
    """The records of training that ``person`` may see (of one member), the latest first."""
    rows = Training.objects.visible_to(person.user)
    if membership is not None:
        rows = rows.filter(membership=membership)
    return rows.select_related("membership__user", "seen_by", "recorded_by").order_by(
        "-taken_on", "kind", "pk"
    )


def may_see_evidence(person: ActingPerson, membership: Membership) -> bool:
    """Whether ``person`` records that they saw the evidence: a manager, and never of their own."""
    return person.can(Permission.SUPERVISE) and membership.user_id != person.user.pk


@transaction.atomic
def record_training(person: ActingPerson, membership: Membership, **told) -> Training:
    """Record a training, qualification or check of a member; by themselves, or by a manager. Raises CannotKeep."""
    training = Training(
        service=person.service, membership=membership, recorded_by=person.user, recorded_at=now()
    )
    return _keep(person, training, told, force_insert=True)


@transaction.atomic
def change_training(person: ActingPerson, training: Training, *, seen: str | None = None, **told) -> Training:
    """Change a record: it was held, cancelled, moved, or its evidence was seen.

    ``seen`` is the mark of what the page said. Raises CannotKeep, and ChangedMeanwhile where it says something else.
    """
    locked = Training.objects.select_for_update(of=("self",)).select_related("membership").get(pk=training.pk)
    refuse_stale(locked, (*FIELDS, *EVIDENCE), seen=seen)
    if not may_change(person, locked):
        raise CannotKeep(_("A manager has seen the evidence of this: ask a manager to change it."))
    return _keep(person, locked, told)


def may_change(person: ActingPerson, training: Training) -> bool:
    """Whether ``person`` changes a record: a manager of somebody else's; one's own until its evidence was seen."""
    if person.can(Permission.SUPERVISE) and training.membership.user_id != person.user.pk:
        return True
    return training.seen_by_id is None


def mark_of(training: Training) -> str:
    """The mark of what a record says now."""
    return as_seen(training, (*FIELDS, *EVIDENCE))


def _keep(person: ActingPerson, training: Training, told: dict, *, force_insert: bool = False) -> Training:
    for name in FIELDS:
        if name in told:
            setattr(training, name, told[name])
    held = training.status == Training.Status.HELD
    if held and training.taken_on > today():
        raise CannotKeep(_("What was held lies on a day that has been: choose “Planned” for a day to come."))
    if not held:
        training.expires_on = None
    if training.status != Training.Status.CANCELLED:
        training.cancelled_why = ""
    if may_see_evidence(person, training.membership):
        saw = bool(told.get("evidence")) and held
        training.evidence = told["evidence"] if saw else ""
        training.seen_on = (told.get("seen_on") or today()) if saw else None
        training.seen_by = person.user if saw else None
    training.save(force_insert=force_insert)
    return training


def missing_before(service: Service, user: User | None, roles) -> dict[str, str]:
    """For each of ``roles`` that needs its own training first and of which none in force is recorded: that it lacks, in words."""
    there = set()
    if user is not None:
        rows = Training.objects.filter(service=service, membership__user=user).in_force()
        there = {
            kind
            for kind, until in rows.values_list("kind", "expires_on")
            if until is None or until >= today()
        }
    words = {
        Role.COORDINATOR: _("No training in triage is recorded for them"),
        Role.MANAGER: _("No training in management and supervision is recorded for them"),
    }
    return {
        role: words[Role(role)]
        for role, kind in BEFORE_THE_ROLE.items()
        if role in roles and kind not in there
    }

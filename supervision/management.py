"""Management supervision: holding it, and the actions that come out of it. Default rhythm: every 4 weeks."""

import datetime as dt
from dataclasses import dataclass

from django.db import IntegrityError, transaction
from django.db.models import OuterRef, Subquery
from django.utils.translation import gettext as _

from isva.access.acting import ActingPerson
from isva.accounts.models import Membership, User
from isva.clock.moment import now, today
from isva.clock.rules import Scope, ask, rule_named
from isva.refusal import Refusal
from supervision import agenda, arranging
from supervision.models import Arrangement, ManagementSession, SupervisionAction

RULE, ACTION = "management_supervision", "supervision_action"
_FAR = dt.timedelta(days=732)


class CannotHold(Refusal):
    """A session cannot be recorded like this. Its text says why."""


@dataclass(frozen=True)
class Decision:
    """What was decided: what is to be done, by whom, by when."""

    what: str
    owner: User
    due_on: dt.date


@dataclass(frozen=True)
class Managed:
    """Management supervision of one person in dates, and their last session."""

    membership: Membership
    arrangement: Arrangement | None
    last_held: dt.date | None
    last_session: object | None
    due_on: dt.date | None


def last_session(outer: str, column: str):
    """A column of the last session of the membership named by ``outer``, as a part of a query."""
    held = ManagementSession.objects.filter(arrangement__membership=OuterRef(outer))
    return Subquery(held.order_by("-held_on").values(column)[:1])


def dates_of_everybody(person: ActingPerson) -> list[Managed]:
    """The dates of everybody who carries cases, whoever is due first. Three queries, however many people."""
    return _dates(person, arranging.carrying(person))


def dates_of(person: ActingPerson) -> Managed | None:
    """The dates of the person themselves; None for somebody who carries no cases."""
    return next(iter(_dates(person, arranging.carrying(person).filter(user=person.user))), None)


def _dates(person: ActingPerson, members) -> list[Managed]:
    found = list(members.annotate(last_held=last_session("pk", "held_on"), last_key=last_session("pk", "pk")))
    arranged = {
        one.membership_id: one
        for one in Arrangement.objects.filter(
            service=person.service,
            membership__in=[one.pk for one in found],
            kind=Arrangement.Kind.MANAGEMENT,
            ended_on__isnull=True,
        ).select_related("supervisor")
    }
    rule = rule_named(RULE)
    due = {one.record: one.due_on for one in ask([rule] if rule else [], Scope(person.service, now() + _FAR))}
    rows = [Managed(one, arranged.get(one.pk), one.last_held, one.last_key, due.get(one.pk)) for one in found]
    return sorted(rows, key=lambda row: (row.due_on is not None, row.due_on or dt.date.min))


def sessions_of(person: ActingPerson):
    """The sessions that ``person`` may read: their own; those of everybody for a manager. The latest first."""
    rows = ManagementSession.objects.visible_to(person.user)
    return rows.select_related("arrangement__membership__user", "recorded_by").order_by("-held_on", "pk")


def actions_of(person: ActingPerson):
    """The open actions that ``person`` may see, the earliest first."""
    rows = SupervisionAction.objects.visible_to(person.user).filter(done_on__isnull=True)
    return rows.select_related("owner", "session__arrangement__membership__user").order_by("due_on", "pk")


@transaction.atomic
def hold_supervision(
    person: ActingPerson, membership: Membership, *, held_on: dt.date, decisions: list[Decision]
) -> ManagementSession:
    """Record that management supervision was held: its agenda is frozen as it stands now, its decisions become actions.

    Raises CannotHold where nobody was named as supervisor, for oneself, and for a second session of a day.
    """
    arrangement = arranging.arrangement_of(membership, Arrangement.Kind.MANAGEMENT)
    if arrangement is None:
        raise CannotHold(_("Say first who supervises them."))
    if membership.user_id == person.user.pk:
        raise CannotHold(_("Nobody gives supervision to themselves."))
    if held_on > today() or held_on < today() - dt.timedelta(days=31):
        raise CannotHold(_("The day of a session lies in the last month: its agenda is that of today."))
    prepared = agenda.prepare(person, membership.user)
    session = ManagementSession(
        service=person.service, arrangement=arrangement, held_on=held_on, figures=prepared.figures,
        recorded_by=person.user, recorded_at=now(),
    )  # fmt: skip
    try:
        with transaction.atomic():
            session.save(force_insert=True)
    except IntegrityError:
        raise CannotHold(_("A session of this day is recorded already.")) from None
    agenda.freeze(session, prepared, by=person.user)
    for one in decisions:
        SupervisionAction(
            service=person.service, session=session, what=one.what, owner=one.owner, due_on=one.due_on
        ).save(force_insert=True)
    return session


def close_action(action: SupervisionAction, *, by: User) -> SupervisionAction:
    """Note that an action is done."""
    action.done_on = today()
    action.save(update_fields=["done_on"])
    return action

"""Strategic and scrutiny groups: when they meet, who went for the service, what was concluded and taken on.

Source: police and CPS framework, components 2 (strategic group, at least twice a year) and 3 (scrutiny group, quarterly).
"""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from django.db import IntegrityError, transaction
from django.db.models import Max, OuterRef, Subquery
from django.utils.translation import gettext as _

from isva.access.acting import ActingPerson
from isva.access.roles import Permission
from isva.accounts.models import User
from isva.clock.moment import now, today
from isva.clock.rules import Scope, ask, rule_named
from isva.refusal import Refusal
from isva.stale import refuse_stale
from supervision.management import Decision
from supervision.models import GroupAction, GroupAgency, GroupAttendance, GroupMeeting, PartnerGroup

STRATEGIC, SCRUTINY, ACTION = "strategic_group", "scrutiny_group", "group_action"
#: Who keeps the groups, and closes the actions of others.
KEEPS = Permission.SEE_ALL_CASES
_FAR = dt.timedelta(days=732)


class CannotMeet(Refusal):
    """A group or a meeting cannot be written down like this. Its text says why."""


@dataclass(frozen=True)
class Meets:
    """A group, its last meeting, and the day by which the next is due; None where no rule asks for one."""

    group: PartnerGroup
    last_held: dt.date | None
    due_on: dt.date | None


def last_meeting():
    """The day of a group's last meeting, as a part of a query over groups."""
    held = GroupMeeting.objects.filter(group=OuterRef("pk")).order_by("-held_on")
    return Subquery(held.values("held_on")[:1])


def groups_of(user: User):
    """The groups in which the service of ``user`` sits, those that meet first."""
    rows = PartnerGroup.objects.visible_to(user).annotate(last_held=Max("meetings__held_on"))
    return rows.prefetch_related("parties__agency").order_by("-ended_on", "name", "pk")


def when_they_meet(person: ActingPerson) -> list[Meets]:
    """Every group with its last meeting and the day by which the next is due. Four queries, however many groups."""
    rules = [rule for name in (STRATEGIC, SCRUTINY) if (rule := rule_named(name))]
    due = {one.record: one.due_on for one in ask(rules, Scope(person.service, now() + _FAR))}
    return [Meets(one, one.last_held, due.get(one.pk)) for one in groups_of(person.user)]


def groups_that_meet(user: User):
    """The groups that can be chosen, by name."""
    return PartnerGroup.objects.visible_to(user).filter(ended_on__isnull=True).order_by("name", "pk")


def groups_with(agency):
    """The groups that meet and in which an agency sits."""
    return PartnerGroup.objects.filter(parties__agency=agency, ended_on__isnull=True).order_by("name", "pk")


def meetings_of(group: PartnerGroup):
    """The meetings of a group, the latest first, with who was there and what was taken on."""
    rows = GroupMeeting.objects.filter(group=group).select_related("recorded_by")
    return rows.prefetch_related("attended__user", "actions__owner").order_by("-held_on", "pk")


def open_actions(user: User):
    """What the service has taken on in meetings and not done yet, the earliest first."""
    rows = GroupAction.objects.visible_to(user).filter(done_on__isnull=True)
    return rows.select_related("owner", "meeting__group").order_by("due_on", "pk")


@transaction.atomic
def add_group(
    person: ActingPerson, *, by: User, agencies: Iterable, name: str, kind: str, next_on=None
) -> PartnerGroup:
    """Write down a group in which the service sits; from today its first meeting is waited for. Raises CannotMeet."""
    group = PartnerGroup(service=person.service, name=name, kind=kind, next_on=next_on, counts_from=today())
    try:
        with transaction.atomic():
            group.save(force_insert=True)
    except IntegrityError:
        raise CannotMeet(_("A group of this name stands here already.")) from None
    _seat(group, agencies)
    return group


@transaction.atomic
def change_group(
    group: PartnerGroup, *, by: User, agencies: Iterable, seen: str | None = None, **values
) -> PartnerGroup:
    """Change a group, the day of its next meeting, or say that it has ended. Raises CannotMeet and ChangedMeanwhile."""
    locked = PartnerGroup.objects.select_for_update(of=("self",)).get(pk=group.pk)
    refuse_stale(locked, values, seen=seen)
    for field, value in values.items():
        setattr(locked, field, value)
    try:
        with transaction.atomic():
            locked.save(update_fields=list(values))
    except IntegrityError:
        raise CannotMeet(_("A group of this name stands here already.")) from None
    _seat(locked, agencies)
    return locked


@transaction.atomic
def record_meeting(
    group: PartnerGroup, *, by: User, held_on: dt.date, attended: Iterable[User], concluded: str,
    decisions: Iterable[Decision] = (), next_on: dt.date | None = None,
) -> GroupMeeting:  # fmt: skip
    """Record that a group met: who went for the service, what was concluded; what it takes on becomes actions.

    Raises CannotMeet, in words.
    """
    locked = PartnerGroup.objects.select_for_update(of=("self",)).get(pk=group.pk)
    if locked.ended_on is not None:
        raise CannotMeet(_("This group has ended."))
    if held_on > today():
        raise CannotMeet(_("A meeting is recorded once it was held."))
    if next_on is not None and next_on <= held_on:
        raise CannotMeet(_("The next meeting comes after this one."))
    meeting = GroupMeeting(
        service_id=locked.service_id, group=locked, planned_on=locked.next_on, held_on=held_on, concluded=concluded,
        recorded_by=by, recorded_at=now(),
    )  # fmt: skip
    try:
        with transaction.atomic():
            meeting.save(force_insert=True)
    except IntegrityError:
        raise CannotMeet(_("A meeting of this day is recorded already.")) from None
    for user in attended:
        GroupAttendance(service_id=locked.service_id, meeting=meeting, user=user).save(force_insert=True)
    for one in decisions:
        GroupAction(
            service_id=locked.service_id, meeting=meeting, what=one.what, owner=one.owner, due_on=one.due_on
        ).save(force_insert=True)
    locked.next_on = next_on
    locked.save(update_fields=["next_on"])
    return meeting


def close_group_action(action: GroupAction, *, by: User) -> GroupAction:
    """Note that an action from a meeting is done."""
    action.done_on = today()
    action.save(update_fields=["done_on"])
    return action


def _seat(group: PartnerGroup, agencies: Iterable) -> None:
    wanted = {one.pk: one for one in agencies}
    for party in GroupAgency.objects.filter(group=group):
        if wanted.pop(party.agency_id, None) is None:
            party.delete()
    for agency in wanted.values():
        GroupAgency(service_id=group.service_id, group=group, agency=agency).save(force_insert=True)

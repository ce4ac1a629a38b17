"""What is left behind: the nightly sweep for open things of people who have left or are away, and giving them on.

What hangs on a case is told by the rules of casework, straight from the cases (left_behind, left_waiting, left_appointment,
uncovered): its sight is theirs. Beside cases the sweep notes what it finds, once, and changes nothing but its own notes.
"""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.db import connection, transaction
from django.db.models import Exists, F, OuterRef
from django.utils.translation import gettext as _

from casework.reminders_of_leaving import ALL
from casework.reminders_of_safety import UNCOVERED_DAYS
from isva.access.acting import ActingPerson
from isva.access.system import SystemUser, act_as_system
from isva.accounts.models import Leave, Membership, User
from isva.clock.moment import today
from isva.clock.rules import rule_named
from isva.refusal import Refusal
from supervision.colleagues import colleagues
from supervision.models import Arrangement, GroupAction, LeftItem, SupervisionAction

RULE = "left_item"
Kind, Why, How = LeftItem.Kind, LeftItem.Why, LeftItem.How
_ACTIONS: dict[str, Any] = {Kind.SUPERVISION: SupervisionAction, Kind.GROUP: GroupAction}


class CannotGive(Refusal):
    """Something cannot be given to somebody. Its text says why."""


@dataclass(frozen=True)
class Left:
    """Something left behind, with the record that it is about."""

    item: LeftItem
    record: Any


def rules_of_cases():
    """The rules by which something on a case is left behind."""
    return [rule for name in ALL if (rule := rule_named(name))]


# The sweep


def sweep(service) -> tuple[int, int]:
    """Note what is left behind in a service and was not noted yet, and settle what is not any more; how many of each.

    Run twice, it changes nothing the second time; two at once wait for each other.
    """
    with act_as_system(SystemUser.CLOCK, service), transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(hashtext('sweep'), hashtext(%s))", [str(service.pk)])
        found = {(kind, record, owner): why for kind, record, owner, why in _left_behind(service)}
        settled = 0
        for item in LeftItem.objects.filter(service=service, settled_on__isnull=True):
            if found.pop((item.kind, item.record, item.owner_id), None) is None:
                _settle(item, How.BACK if _is_theirs_still(item) else How.ENDED)
                settled += 1
        for (kind, record, owner), why in found.items():
            LeftItem(
                service=service, kind=kind, record=record, owner_id=owner, why=why, found_on=today()
            ).save(force_insert=True)
    return len(found), settled


def _left_behind(service) -> Iterator[tuple]:
    """Everything open beside cases whose owner has left, or is away until after it is due: kind, record, owner, why."""
    day = today()
    for kind, model in _ACTIONS.items():
        rows = model.objects.filter(service=service, done_on__isnull=True)
        gone = rows.filter(~Exists(_members(service, "owner")))
        away = Leave.objects.filter(
            service=service, membership__user=OuterRef("owner"), first_day__lte=day, last_day__gte=day
        ).filter(last_day__gte=F("first_day") + UNCOVERED_DAYS, last_day__gt=OuterRef("due_on"))
        yield from ((kind, *row, Why.GONE) for row in gone.values_list("pk", "owner"))
        away_rows = rows.filter(Exists(_members(service, "owner")), Exists(away))
        yield from ((kind, *row, Why.AWAY) for row in away_rows.values_list("pk", "owner"))
    arranged = (
        Arrangement.objects.waited_for()
        .filter(service=service)
        .filter(~Exists(_members(service, "supervisor")))
    )
    yield from ((Kind.SUPERVISOR, *row, Why.GONE) for row in arranged.values_list("pk", "supervisor"))


def _members(service, person: str):
    return Membership.objects.filter(service=service, user=OuterRef(person)).live()


def _is_theirs_still(item: LeftItem) -> bool:
    """Whether the record is open and its owner the same: then it is they who came back."""
    if item.kind == Kind.SUPERVISOR:
        return Arrangement.objects.waited_for().filter(pk=item.record, supervisor=item.owner_id).exists()
    return (
        _ACTIONS[item.kind].objects.filter(pk=item.record, owner=item.owner_id, done_on__isnull=True).exists()
    )


def _settle(item: LeftItem, how: str, **given) -> None:
    item.settled_on, item.settled_how = today(), how
    for name, value in given.items():
        setattr(item, name, value)
    item.save(update_fields=["settled_on", "settled_how", *given])


# For the manager


def items_of(person: ActingPerson):
    """What is left behind beside cases and was not settled, the longest first."""
    rows = LeftItem.objects.visible_to(person.user).filter(settled_on__isnull=True)
    return rows.select_related("owner").order_by("found_on", "pk")


def left(person: ActingPerson) -> list[Left]:
    """What is left behind beside cases, each with its record; what has ended since the night is left out. Four queries."""
    items, records = list(items_of(person)), {}
    for model, kinds, path in (
        (SupervisionAction, [Kind.SUPERVISION], "session__arrangement__membership__user"),
        (GroupAction, [Kind.GROUP], "meeting__group"),
        (Arrangement, [Kind.SUPERVISOR], "membership__user"),
    ):
        keys = [one.record for one in items if one.kind in kinds]
        if keys:
            rows: Any = model.objects.visible_to(person.user).filter(pk__in=keys)
            records |= {one.pk: one for one in rows.select_related(path)}
    return [Left(one, records[one.record]) for one in items if _stands(one, records.get(one.record))]


def _stands(item: LeftItem, record) -> bool:
    if record is None:
        return False
    if item.kind == Kind.SUPERVISOR:
        return record.ended_on is None and record.supervisor_id == item.owner_id
    return record.done_on is None and record.owner_id == item.owner_id


def settled_lately(person: ActingPerson, *, days: int = 30):
    """What was given to somebody in the last days, the latest first."""
    rows = LeftItem.objects.visible_to(person.user).filter(settled_how=How.GIVEN)
    rows = rows.filter(settled_on__gte=today() - dt.timedelta(days=days))
    return rows.select_related("owner", "given_to", "given_by").order_by("-settled_on", "pk")


def at_work(person: ActingPerson) -> dict[str, User]:
    """The colleagues something can be given to, by key: who is away today is not among them. One query."""
    day = today()
    away = Leave.objects.filter(service=person.service, first_day__lte=day, last_day__gte=day)
    here = colleagues(person).exclude(pk__in=away.values("membership"))
    return {str(one.user_id): one.user for one in here}


@transaction.atomic
def give_left_item(item: LeftItem, *, to: User, by: User) -> LeftItem:
    """Give an action that was left behind to somebody: it is theirs from now on, with its day. Raises CannotGive."""
    locked = LeftItem.objects.select_for_update(of=("self",)).get(pk=item.pk)
    model = _ACTIONS.get(locked.kind)
    if model is None:
        raise CannotGive(_("Say who gives this supervision on its own page."))
    action = model.objects.select_for_update(of=("self",)).get(pk=locked.record)
    if locked.settled_on is not None or not _stands(locked, action):
        raise CannotGive(_("Somebody has it by now, or it was done."))
    action.owner = to
    action.save(update_fields=["owner"])
    _settle(locked, How.GIVEN, given_to=to, given_by=by)
    return locked

"""Brings the table of reminders to match what is due: the one place that writes them, many at a time.

Reminders are derived from records that keep their own history, so they keep none (docs/decisions/010).
"""

import datetime as dt
from dataclasses import dataclass

from django.apps import apps
from django.db.models import BigIntegerField, BooleanField, ExpressionWrapper, Func, Q

from isva.clock.models import CaseReminder, Letter, Reminder, ServiceReminder
from isva.clock.moment import now
from isva.clock.rules import TAKEN, Due, rule_named
from isva.clock.terms import Reckoning, terms_of

_OPEN, _SNOOZED = Reminder.State.OPEN.value, Reminder.State.SNOOZED.value
_EPOCH, _MICROSECOND = dt.datetime(1970, 1, 1, tzinfo=dt.UTC), dt.timedelta(microseconds=1)


class Microseconds(Func):
    """A moment as whole microseconds since 1970."""

    template = "(extract(epoch FROM %(expressions)s) * 1000000)::bigint"
    output_field = BigIntegerField()


@dataclass(frozen=True)
class Kept:
    """What one bringing to match did: reminders that are new or changed, and those that ended."""

    written: int = 0
    ended: int = 0


def bring_to_match(
    model: type[CaseReminder] | type[ServiceReminder],
    service,
    due: list[Due],
    *,
    snoozed: set[tuple],
    left_alone: set[str],
) -> Kept:
    """Make the open reminders of a service those that are due, and end the others, with the reason.

    ``snoozed`` holds (rule, record, due date) of what was put off; reminders of the rules ``left_alone`` (which could
    not be asked) stay as they are. At most four queries, however much is due; two where nothing changed.
    """
    standing, moment, reckoning = _standing(model, service), now(), terms_of(service).now()
    wanted = {}
    changed = []
    for one in due:
        key = (one.kind, one.record, _exactly(one.due_at))
        wanted[key] = values = _as_it_is(one, snoozed, moment)
        before = standing.get(key)
        if before is None or before[1:] != values:
            changed.append(_reminder(model, service, one, values, reckoning))
    gone = [row for key, row in standing.items() if key not in wanted and key[0] not in left_alone]
    _write(model, changed)
    _end(model, gone)
    return Kept(written=len(changed), ended=len(gone))


def _standing(model, service) -> dict[tuple, tuple]:
    """The reminders that are not satisfied: (key, then what may change), by rule, record and due date.

    Due dates come as microseconds: to read 10,000 moments as such takes longer than all the rest.
    """
    rows = model.objects.filter(service=service).exclude(state=Reminder.State.SATISFIED).order_by()
    columns = rows.annotate(
        exact=Microseconds("due_at"), is_red=ExpressionWrapper(Q(red_at__isnull=False), BooleanField())
    ).values_list("rule", "record", "exact", "pk", "holder_id", "taken", "state", "is_red")
    return {row[:3]: row[3:] for row in columns}


def _exactly(moment: dt.datetime) -> int:
    return (moment - _EPOCH) // _MICROSECOND


def _as_it_is(due: Due, snoozed: set[tuple], moment: dt.datetime) -> tuple:
    """What may change about a reminder, as it is now: whose, taken, its state, whether it is red."""
    rule = due.rule
    put_off = bool(snoozed) and not rule.safety and (due.kind, due.record, due.due_at) in snoozed
    return (
        due.holder,
        due.variant == TAKEN,
        _SNOOZED if put_off else _OPEN,
        rule.turns_red and due.due_at < moment,
    )


def _reminder(model, service, due: Due, values: tuple, reckoning: Reckoning) -> Reminder:
    holder, taken, state, is_red = values
    of = {"case_id": due.case_id} if model is CaseReminder else {}
    return model(
        service_id=service.pk, rule=due.kind, record=due.record, due_at=due.due_at, holder_id=holder, taken=taken,
        state=state, amber_at=due.amber_at(reckoning), red_at=due.due_at if is_red else None,
        satisfied_at=None, satisfied_why="", **of,
    )  # fmt: skip


def _write(model, reminders: list[Reminder]) -> None:
    """Add and change reminders, in one statement: one that was satisfied and is due again is opened again."""
    if reminders:
        model.objects.bulk_create(
            reminders, update_conflicts=True, unique_fields=["service", "rule", "record", "due_at"],
            update_fields=["holder", "taken", "state", "amber_at", "red_at", "satisfied_at", "satisfied_why"],
        )  # fmt: skip


def _end(model, gone: list[tuple]) -> None:
    """End reminders whose row is not due any more: it was done, or the case was closed, or there is no such rule."""
    if not gone:
        return
    rows = model.objects.filter(pk__in=[row[0] for row in gone])
    closed = Q(pk__in=[])
    if model is CaseReminder:
        shut = apps.get_model("casework.Case").objects.filter(stage="closed", pk__in=rows.values("case"))
        closed = Q(case__in=list(shut.values_list("pk", flat=True)))
    ended = {"state": Reminder.State.SATISFIED, "satisfied_at": now()}
    known = [name for name in rows.order_by().values_list("rule", flat=True).distinct() if rule_named(name)]
    rows.exclude(rule__in=known).update(satisfied_why=Reminder.Why.NO_RULE, **ended)
    rows.filter(closed, rule__in=known).update(satisfied_why=Reminder.Why.CLOSED, **ended)
    rows.filter(rule__in=known).exclude(closed).update(satisfied_why=Reminder.Why.DONE, **ended)


def keep_letters(letters: list[Letter]) -> None:
    """Keep letters that are to be; those that are kept already stay as they are. One statement."""
    if letters:
        Letter.objects.bulk_create(letters, ignore_conflicts=True)

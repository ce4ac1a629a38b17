"""Putting off something that is due: to a day, for a reason. Its due date stays, and what is late stays late."""

import datetime as dt
import uuid

from django.utils.translation import gettext as _

from casework.models import Case
from isva.clock.models import Snooze
from isva.clock.moment import today
from isva.clock.rules import About, Due, Scope, all_rules, ask, rule_named
from isva.clock.working_days import end_of_day
from isva.interface.words import long_date
from isva.refusal import Refusal

#: The most days for which something can be put off at a time.
LONGEST = 28
#: Days ahead for which the page of a case tells what will be due.
LOOK_AHEAD = 60
#: More than so many things are not told on the page of one case.
MOST_ROWS = 200


class CannotPutOff(Refusal):
    """This is not put off."""


def due_on_case(case: Case) -> list[Due]:
    """Everything that is due on one case or will be within weeks, whoever it belongs to; the soonest first.

    One query, and one for the numbers of the service.
    """
    rules = [rule for rule in all_rules(about=About.CASE) if rule.asks]
    until = end_of_day(today() + dt.timedelta(days=LOOK_AHEAD))
    return ask(rules, Scope(case.service, until, cases=[case.pk]), most=MOST_ROWS)


def find_due(case: Case, *, rule: str, record: uuid.UUID) -> Due | None:
    """One thing that is due on a case, by its rule and record; None where it is not due any more. One query."""
    found = rule_named(rule)
    if found is None or found.about is not About.CASE or not found.asks:
        return None
    until = end_of_day(today() + dt.timedelta(days=LOOK_AHEAD))
    due = ask([found], Scope(case.service, until, cases=[case.pk]))
    return next((one for one in due if one.record == record), None)


def put_off(case: Case, due: Due, *, until: dt.date, reason: str, by) -> Snooze:
    """Put off something due until a day, on which it comes back. Raises CannotPutOff, in words."""
    refuse_safety(due)
    if until <= today():
        raise CannotPutOff(_("Choose a day after today: on it, this comes back."))
    if (until - today()).days > LONGEST:
        last = today() + dt.timedelta(days=LONGEST)
        raise CannotPutOff(_("It can be put off until %(day)s at most.") % {"day": long_date(last)})
    snooze = Snooze(
        case=case,
        rule=due.kind,
        record=due.record,
        due_at=due.due_at,
        until=until,
        reason=reason,
        recorded_by=by,
    )
    snooze.save(force_insert=True)
    return snooze


def refuse_safety(due: Due) -> None:
    """Raise CannotPutOff where something concerns safety: it is done, or somebody takes it in hand."""
    if due.rule.safety:
        raise CannotPutOff(
            _(
                "This concerns somebody’s safety. It is not put off: do it, or ask a manager to take it in hand."
            )
        )


def put_off_on(cases) -> dict[tuple, Snooze]:
    """What is put off at present on these cases, by (rule, record, due date); the latest word counts. One query."""
    rows = Snooze.objects.filter(case__in=cases, until__gt=today()).select_related("recorded_by")
    return {(one.rule, one.record, one.due_at): one for one in rows.order_by("recorded_at")}


def key_of(due: Due) -> tuple:
    """By what something due and its postponement are known to be the same."""
    return (due.kind, due.record, due.due_at)

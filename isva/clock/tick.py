"""One round of the clock: what is due is derived from the records as they stand, and the reminders brought to match.

Nothing is remembered between rounds. A round that was lost, came twice or came a week late changes nothing about
where the next one ends: it looks at what is there.
"""

import datetime as dt
import logging
import time
from collections.abc import Callable

from django.db import DatabaseError, connection, transaction

from isva.access.system import SystemUser, act_as_system
from isva.clock import keeping, letters
from isva.clock.models import CaseReminder, ServiceReminder, Snooze, Tick
from isva.clock.moment import now, today
from isva.clock.rules import About, Due, Rule, Scope, all_rules, named, reckon, row_of
from isva.clock.terms import Terms, terms_of
from isva.clock.working_days import end_of_day

log = logging.getLogger("isva.clock")

_before_asking: list[Callable] = []


def before_asking(act: Callable) -> None:
    """Have ``act(service)`` done in each round before the rules are asked (said once, at the start).

    For figures of a day that rules look at; it looks by itself whether anything is to be done, in one query.
    """
    if act not in _before_asking:
        _before_asking.append(act)


_TABLES: dict[About, type[CaseReminder] | type[ServiceReminder]] = {
    About.CASE: CaseReminder,
    About.SERVICE: ServiceReminder,
}


def tick(service) -> bool:
    """Go round once for a service; False where another round is under way and this one is not needed.

    One query for each rule, and a few for the table, however many cases there are.
    """
    began, at_first = now(), time.monotonic()
    with act_as_system(SystemUser.CLOCK, service):
        if not _alone(service):
            return False
        failed = _prepared(service) | _bring_to_match(service)
        waiting = letters.plan(service)
        transaction.on_commit(lambda: _queue(waiting), robust=True)
        Tick.objects.update_or_create(
            service=service,
            defaults={
                "began_at": began,
                "ended_at": now(),
                "took_ms": round((time.monotonic() - at_first) * 1000),
                "failed_rules": len(failed),
            },
        )
    return True


def _prepared(service) -> set[str]:
    """What is kept before the rules are asked; one that fails stops no rule. Gives the names of those that failed."""
    failed = set()
    for act in _before_asking:
        try:
            with transaction.atomic():
                act(service)
        except (DatabaseError, ValueError, LookupError, TypeError) as why:
            failed.add(act.__name__)
            log.error("%s could not be done: %s", act.__name__, type(why).__name__)
    return failed


def _bring_to_match(service) -> set[str]:
    terms, snoozed, failed = terms_of(service), _snoozed(service), set()
    for about, table in _TABLES.items():
        due: list[Due] = []
        for rule in all_rules(about=about):
            if not rule.asks:
                continue
            try:
                with transaction.atomic():
                    due += _asked(rule, service, terms)
            except (DatabaseError, ValueError, LookupError, TypeError) as why:
                failed.add(rule.name)
                log.error("The rule %s could not be asked: %s", rule.name, type(why).__name__)
        keeping.bring_to_match(table, service, due, snoozed=snoozed, left_alone=failed)
    return failed


def _asked(rule: Rule, service, terms: Terms) -> list[Due]:
    """What is due by one rule in the whole service, from the day on which it comes onto a list. One query."""
    scope = Scope(service, end_of_day(today() + dt.timedelta(days=rule.shown_from)))
    rows = (row_of(values) for values in named(rule.rows(scope), rule))
    return [due for due in reckon(rows, terms) if due.due_at <= scope.until]


def _snoozed(service) -> set[tuple]:
    """What was put off to a day that is not reached yet: (rule, record, due date)."""
    rows = Snooze.objects.filter(service=service, until__gt=today())
    return set(rows.values_list("rule", "record", "due_at"))


def _queue(waiting: list) -> None:
    """Hand letters to the couriers, once what they rest on is kept. A queue that is down costs a minute: the next round asks again."""
    from isva.clock.tasks import send_letter

    for key in waiting:
        send_letter.apply_async((str(key),), retry=False)


def _alone(service) -> bool:
    """Whether no other round for this service is under way; if so, none begins until this transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(hashtext('clock'), hashtext(%s))", [str(service.pk)])
        return cursor.fetchone()[0]

"""Who is told of something due: whose it is, who covers for them, and whom it has come up to.

The ground floor knows no case: casework says who covers one, and whom its walls keep away (``told_of_cases``).
"""

import datetime as dt
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from isva.access.roles import Role
from isva.accounts.models import Leave, Membership
from isva.clock.moment import LONDON, now
from isva.clock.rules import Rule, Who, rule_named
from isva.clock.terms import Reckoning, terms_of

_ROLES = {
    Who.ISVA: {Role.ISVA, Role.TRAINEE},
    Who.COORDINATOR: {Role.COORDINATOR},
    Who.MANAGER: {Role.MANAGER},
    Who.RECORDS_LEAD: {Role.RECORDS_LEAD},
}

#: (service, case keys) → who covers each case now
_covers: Callable[..., dict] = lambda service, cases: {}  # noqa: E731
#: (service, case keys) → for each case the people whom a wall keeps away, asked with the keys of all staff
_kept_away: Callable[..., set[tuple]] = lambda service, cases, people: set()  # noqa: E731


def told_of_cases(*, covers: Callable[..., dict], kept_away: Callable[..., set[tuple]]) -> None:
    """Say who covers cases and who is kept away from them (said once, by casework, at the start).

    ``covers(service, cases)`` gives the keys of people by case; ``kept_away(service, cases, people)`` the pairs (case,
    person) that a wall stands between.
    """
    global _covers, _kept_away
    _covers, _kept_away = covers, kept_away


@dataclass(frozen=True)
class Colleague:
    """A member of the service today: their roles, whether they are at work, and when their day begins."""

    user_id: object
    roles: frozenset[str]
    is_here: bool
    begins: dt.time


@dataclass(frozen=True)
class Told:
    """One reminder as far as telling is concerned."""

    pk: object
    rule: Rule
    case_id: object
    holder: object
    is_red: bool
    due_at: dt.datetime
    taken: bool


class Rota:
    """Who is at work in a service today, and who is told of what. Two queries, and three for a list of cases."""

    def __init__(self, service):
        self.service = service
        self.reckoning: Reckoning = terms_of(service).now()
        local = now().astimezone(LONDON)
        self.day, self.time = local.date(), local.time()
        self.is_working_day = self.reckoning.is_working_day(self.day)
        self.people = {one.user_id: one for one in self._members()}

    def _members(self) -> list[Colleague]:
        members = Membership.objects.filter(service=self.service).live(self.day)
        away = set(
            Leave.objects.filter(
                service=self.service, first_day__lte=self.day, last_day__gte=self.day
            ).values_list("membership", flat=True)
        )
        usual = dt.time(self.reckoning["day_begins"])
        rows = members.order_by("pk").values_list(
            "pk", "user", "roles", "profile__works_on", "profile__begins_at"
        )
        return [
            Colleague(
                user_id=user, roles=frozenset(roles), begins=begins or usual,
                is_here=pk not in away and (works_on is None or self.day.weekday() in works_on),
            )
            for pk, user, roles, works_on, begins in rows
        ]  # fmt: skip

    @property
    def in_working_hours(self) -> bool:
        """Whether it is a working day, and within the hours of the service."""
        return self.is_working_day and dt.time(self.reckoning["day_begins"]) <= self.time < dt.time(
            self.reckoning["day_ends"]
        )

    def begun(self) -> list[Colleague]:
        """Those at work whose working hours have begun today; nobody on a day that is no working day."""
        if not self.is_working_day:
            return []
        return [one for one in self.people.values() if one.is_here and one.begins <= self.time]

    def of(self, who: Who) -> set:
        """The people of a role who are at work; managers where none is; every manager where none of them is either."""
        roles = _ROLES.get(who, set())
        here = {key for key, one in self.people.items() if one.is_here and one.roles & roles}
        if here:
            return here
        if who is not Who.MANAGER:
            return self.of(Who.MANAGER)
        return self._everybody(Role.MANAGER)

    def told(self, reminders: Iterable[Told]) -> dict[object, set]:
        """Who is told of each reminder: person → keys of reminders. A wall between a person and a case is kept."""
        reminders = list(reminders)
        cases = {one.case_id for one in reminders if one.case_id}
        covers = _covers(self.service, cases) if cases else {}
        kept_away = _kept_away(self.service, cases, list(self.people)) if cases else set()
        away_from: dict[object, set] = {}
        for case, person in kept_away:
            away_from.setdefault(case, set()).add(person)
        found: dict[object, set] = {}
        for one in reminders:
            for person in self._told_of(one, covers, away_from.get(one.case_id, set())):
                found.setdefault(person, set()).add(one.pk)
        return found

    def _told_of(self, one: Told, covers: dict, kept_away: set) -> set:
        people = self._first(one, covers, kept_away)
        if one.rule.then and (one.rule.at_once or one.rule.together or self._has_come_up(one)):
            people = people | self.of(one.rule.then)
        return people - kept_away

    def _first(self, one: Told, covers: dict, kept_away: set) -> set:
        """Whose it is; where they are away, or a wall keeps them from the case, whoever covers it, or the managers.

        What is an ISVA's to do and is nobody's yet (the case waits for one) belongs to the coordinators.
        """
        if one.holder is None:
            who = one.rule.belongs_to
            whose = self.of(Who.COORDINATOR if who is Who.ISVA else who)
        else:
            whose = {one.holder} if self._is_here(one.holder) else set()
        if told := whose - kept_away:
            return told
        covering = {key for key in covers.get(one.case_id, ()) if self._is_here(key)} - kept_away
        return covering or self.of(Who.MANAGER) - kept_away or self._everybody(Role.MANAGER)

    def _is_here(self, key) -> bool:
        return key in self.people and self.people[key].is_here

    def _everybody(self, role: Role) -> set:
        return {key for key, one in self.people.items() if role in one.roles}

    def _has_come_up(self, one: Told) -> bool:
        if not one.is_red:
            return False
        due_on = one.due_at.astimezone(LONDON).date()
        return not one.rule.then_after or self.reckoning.working_day(due_on, one.rule.then_after) < self.day


def told_by(row: tuple, *, of_case: bool) -> Told | None:
    """A reminder's columns (pk, rule, holder, red_at, due_at, taken, and the case) as far as telling goes."""
    pk, name, holder, red_at, due_at, taken = row[:6]
    rule = rule_named(name)
    if rule is None:
        return None
    return Told(pk, rule, row[6] if of_case else None, holder, red_at is not None, due_at, taken)

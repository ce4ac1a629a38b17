"""The numbers of a service in force at a moment, and the reckoning of days by them.

A version of the numbers holds for what *begins* while it is in force: what counts from a day before a change keeps the
numbers of that day. So a change never moves a due date that somebody was given, and never rewrites a breach.
"""

import datetime as dt
from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass, field

from django.db.models import DateTimeField, F, JSONField
from django.db.models.functions import Cast, JSONObject

from isva.clock.models import ClockSettings, OneOffDay
from isva.clock.moment import day_of, now
from isva.clock.numbers import all_numbers
from isva.clock.working_days import (
    add_months,
    add_working_days,
    add_working_hours,
    end_of_day,
    is_working_day,
)


class Reckoning:
    """The numbers in force at one moment, with the calendar: what a rule reckons by."""

    def __init__(self, numbers: Mapping[str, int], one_off: dict, known: dict):
        self._numbers, self.one_off, self._known = numbers, one_off, known

    def __getitem__(self, key: str) -> int:
        return self._numbers[key]

    def working_day(self, day: dt.date, count: int) -> dt.date:
        """The ``count``-th working day after ``day``; reckoned once for each day and count."""
        found = self._known.get((day, count))
        if found is None:
            found = self._known[day, count] = add_working_days(day, count, one_off=self.one_off)
        return found

    def is_working_day(self, day: dt.date) -> bool:
        """Whether ``day`` is a working day."""
        return is_working_day(day, one_off=self.one_off)

    def working_hours(self, start: dt.datetime, hours: int) -> dt.datetime:
        """``start`` plus hours of working days."""
        return add_working_hours(start, hours, one_off=self.one_off)


@dataclass(frozen=True)
class Terms:
    """Every version of a service's numbers, and the calendar."""

    versions: tuple[tuple[dt.datetime, Mapping[str, int]], ...]
    one_off: dict
    _known: dict = field(default_factory=dict)
    _reckonings: dict = field(default_factory=dict)

    def at(self, moment: dt.datetime) -> Reckoning:
        """The numbers that hold for what begins at ``moment``; the defaults before the first version."""
        place = bisect_right(self.versions, moment, key=lambda version: version[0])
        found = self._reckonings.get(place)
        if found is None:
            own = self.versions[place - 1][1] if place else {}
            numbers = {key: own.get(key, number.default) for key, number in all_numbers().items()}
            found = self._reckonings[place] = Reckoning(numbers, self.one_off, self._known)
        return found

    def now(self) -> Reckoning:
        """The numbers that hold for what begins now."""
        return self.at(now())


def terms_of(service) -> Terms:
    """The versions of a service's numbers and the calendar, remembered on the service as it was read. One query."""
    known = service.__dict__.get("_clock_terms")
    if known is None:
        known = service.__dict__["_clock_terms"] = _read(service)
    return known


def _read(service) -> Terms:
    """Versions and one-off days, united in one question: every page with a due date asks it."""
    versions = ClockSettings.objects.filter(service=service).order_by()
    days = (
        OneOffDay.objects.filter(service=service)
        .order_by()
        .annotate(
            at=Cast("day", DateTimeField()), said=Cast(JSONObject(one_off=F("is_holiday")), JSONField())
        )
    )
    columns = versions.values_list("applies_from", "recorded_at", "numbers")
    rows = sorted(columns.union(days.values_list("at", "at", "said"), all=True), key=lambda row: row[:2])
    return Terms(
        tuple((moment, said) for moment, _recorded, said in rows if "one_off" not in said),
        {moment.date(): said["one_off"] for moment, _recorded, said in rows if "one_off" in said},
    )


def forget(service) -> None:
    """The numbers of this service were changed: ask again."""
    service.__dict__.pop("_clock_terms", None)


def number_now(service, key: str) -> int:
    """One number of a service, as it holds for what begins now."""
    return terms_of(service).now()[key]


# How rules reckon: each gives a function of a row and the reckoning in force for it


def working_days_after(key: str):
    """Due at the end of the n-th working day after the day it counts from; n is a number of the service."""
    return lambda row, reckoning: end_of_day(reckoning.working_day(day_of(row.since), reckoning[key]))


def days_after(key: str):
    """Due at the end of the n-th day after; n is a number of the service."""
    return lambda row, reckoning: end_of_day(day_of(row.since) + dt.timedelta(days=reckoning[key]))


def months_after(key: str):
    """Due at the end of the same date n months later; n is a number of the service."""
    return lambda row, reckoning: end_of_day(add_months(day_of(row.since), reckoning[key]))


def own_day(row, reckoning) -> dt.datetime:
    """Due at the end of the day that the row carries."""
    return end_of_day(day_of(row.since))


def own_moment(row, reckoning) -> dt.datetime:
    """Due at the moment that the row carries."""
    return row.since

"""Working days: Monday to Friday less the bank holidays of England and Wales, in Europe/London.

The bank holidays come from the maintained ``holidays`` library, with one-off days of our own on top.
"""

import calendar
import datetime as dt
from functools import lru_cache

import holidays

from isva.clock.moment import LONDON

#: The last day for which bank holidays have been announced; beyond it, they are the rule and not the list.
KNOWN_UNTIL = dt.date(2027, 12, 31)

_END_OF_DAY = dt.time(23, 59, 59, 999999)


@lru_cache(maxsize=64)
def bank_holidays(year: int) -> dict[dt.date, str]:
    """The bank holidays of England and Wales in a year, by day, with their names."""
    return dict(holidays.country_holidays("GB", subdiv="ENG", years=year))


def is_working_day(day: dt.date, *, one_off: dict[dt.date, bool] | None = None) -> bool:
    """Whether ``day`` is a working day. ``one_off`` maps a day to *is a holiday*, against the list."""
    if day.weekday() >= 5:
        return False
    if one_off and day in one_off:
        return not one_off[day]
    return day not in bank_holidays(day.year)


def add_working_days(day: dt.date, count: int, *, one_off: dict[dt.date, bool] | None = None) -> dt.date:
    """The ``count``-th working day after ``day`` (day 0, working day or not). ``count`` is at least 0."""
    if count < 0:
        raise ValueError("Working days are counted forwards.")
    while count:
        day += dt.timedelta(days=1)
        if is_working_day(day, one_off=one_off):
            count -= 1
    return day


def end_of_day(day: dt.date) -> dt.datetime:
    """The last moment of ``day`` in Europe/London, aware."""
    return dt.datetime.combine(day, _END_OF_DAY, tzinfo=LONDON)


def add_working_hours(
    start: dt.datetime, hours: int, *, one_off: dict[dt.date, bool] | None = None
) -> dt.datetime:
    """``start`` plus ``hours`` of the clock, counting only the 24 hours of working days.

    Received on Friday at 16:00, 48 hours end on Tuesday at 16:00. A start on a day that is not a working day
    counts from the first moment of the next one. Wall-clock hours in Europe/London: a night on which the
    clocks change moves nothing.
    """
    local = start.astimezone(LONDON).replace(tzinfo=None)
    if not is_working_day(local.date(), one_off=one_off):
        local = dt.datetime.combine(add_working_days(local.date(), 1, one_off=one_off), dt.time.min)
    left = dt.timedelta(hours=hours)
    while True:
        midnight = dt.datetime.combine(local.date() + dt.timedelta(days=1), dt.time.min)
        if left < midnight - local:
            return (local + left).replace(tzinfo=LONDON)
        left -= midnight - local
        local = dt.datetime.combine(add_working_days(local.date(), 1, one_off=one_off), dt.time.min)


def add_months(day: dt.date, count: int) -> dt.date:
    """The same date ``count`` calendar months later (or earlier), or the last day of that month where it has no such date."""
    months = day.year * 12 + day.month - 1 + count
    year, month = divmod(months, 12)
    return dt.date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def one_calendar_month_after(day: dt.date, *, one_off: dict[dt.date, bool] | None = None) -> dt.date:
    """When something asked for on ``day`` is due within one calendar month (subject access).

    The same date next month, or its last day; where that is not a working day, the next one.
    """
    due = add_months(day, 1)
    return due if is_working_day(due, one_off=one_off) else add_working_days(due, 1, one_off=one_off)


def is_past_what_is_known(day: dt.date) -> bool:
    """Whether bank holidays on ``day`` are not announced yet, so that a due date there may still move."""
    return day > KNOWN_UNTIL

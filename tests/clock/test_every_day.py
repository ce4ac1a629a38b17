"""Every day of six years, against a second and plain reckoning: working days, hours, months, both nights of the clocks."""

import calendar
import datetime as dt
import functools

import holidays
import pytest
from hypothesis import given
from hypothesis import strategies as st

from isva.clock.moment import LONDON
from isva.clock.working_days import (
    add_months,
    add_working_days,
    add_working_hours,
    is_working_day,
    one_calendar_month_after,
)  # fmt: skip

FIRST = dt.date(2025, 1, 1)
DAYS = [FIRST + dt.timedelta(days=number) for number in range(2190)]
BANK = set(holidays.country_holidays("GB", subdiv="ENG", years=range(2024, 2034)))
#: The Sundays on which the clocks change, each with the days around it.
CLOCKS_CHANGE = [
    day
    for year in range(2025, 2031)
    for month in (3, 10)
    for last in [max(w[6] for w in calendar.monthcalendar(year, month))]
    for day in [dt.date(year, month, last) + dt.timedelta(days=n) for n in range(-3, 3)]
]


def plain_works(day: dt.date) -> bool:
    return day.strftime("%a") not in ("Sat", "Sun") and day not in BANK


@functools.cache
def plain_days_ahead(day: dt.date) -> list[dt.date]:
    """The next 25 working days, one after the other."""
    found, one = [], day
    while len(found) < 25:
        one = dt.date.fromordinal(one.toordinal() + 1)
        if plain_works(one):
            found.append(one)
    return found


def plain_month(day: dt.date, months: int) -> dt.date:
    """Counts on day by day until the month is reached; the same number there, or the nearest before it."""
    year, month = day.year, day.month
    for _step in range(abs(months)):
        month += 1 if months > 0 else -1
        if month == 13:
            year, month = year + 1, 1
        if month == 0:
            year, month = year - 1, 12
    for number in range(day.day, 27, -1):
        try:
            return dt.date(year, month, number)
        except ValueError:
            continue
    return dt.date(year, month, day.day)


def plain_hours(start: dt.datetime, hours: int) -> dt.datetime:
    """Minute hand by minute hand: every quarter of an hour of the wall clock that lies on a working day counts."""
    local = start.astimezone(LONDON).replace(tzinfo=None)
    if not plain_works(local.date()):
        while not plain_works(local.date()):
            local = dt.datetime.combine(local.date() + dt.timedelta(days=1), dt.time.min)
    quarters = hours * 4
    while quarters:
        local += dt.timedelta(minutes=15)
        if local.time() == dt.time.min and not plain_works(local.date()):
            while not plain_works(local.date()):
                local += dt.timedelta(days=1)
        quarters -= 1
    return local.replace(tzinfo=LONDON)


def test_each_of_2190_days_and_each_count_agrees_with_the_plain_reckoning():
    wrong = []
    for day in DAYS:
        ahead = plain_days_ahead(day)
        wrong += [
            day for count in (1, 2, 3, 5, 10, 15, 20) if add_working_days(day, count) != ahead[count - 1]
        ]
        wrong += [day] if is_working_day(day) != plain_works(day) else []
    assert wrong == []


def test_months_agree_on_each_of_2190_days():
    wrong = [
        day for day in DAYS for months in (-210, -1, 1, 2, 6, 12, 210) if add_months(day, months) != plain_month(day, months)
    ]  # fmt: skip
    assert wrong == []


def test_one_calendar_month_agrees_on_each_of_2190_days():
    for day in DAYS:
        plain = plain_month(day, 1)
        while not plain_works(plain):
            plain += dt.timedelta(days=1)
        assert one_calendar_month_after(day) == plain


@pytest.mark.parametrize("day", CLOCKS_CHANGE, ids=str)
def test_hours_agree_around_every_night_on_which_the_clocks_change(day):
    for hour in (0, 1, 2, 9, 16, 23):
        start = dt.datetime.combine(day, dt.time(hour, 30), tzinfo=LONDON)
        for hours in (1, 8, 24, 48):
            assert add_working_hours(start, hours) == plain_hours(start, hours)


@given(
    start=st.datetimes(dt.datetime(2025, 1, 1), dt.datetime(2030, 11, 1), timezones=st.just(dt.UTC)).map(  # noqa: DTZ001
        lambda moment: moment.replace(minute=moment.minute // 15 * 15, second=0, microsecond=0)
    ),
    hours=st.integers(1, 96),
)
def test_working_hours_agree_with_the_quarters_of_the_wall_clock(start, hours):
    assert add_working_hours(start, hours) == plain_hours(start, hours)


@given(
    day=st.sampled_from(DAYS),
    count=st.integers(1, 20),
    off=st.sets(st.integers(0, 60)),
    on=st.sets(st.integers(0, 60)),
)
def test_one_off_days_agree_too(day, count, off, on):
    one_off = {day + dt.timedelta(days=n): True for n in off} | {
        day + dt.timedelta(days=n): False for n in on
    }

    def works(one):
        if one.isoweekday() > 5:
            return False
        return not one_off[one] if one in one_off else plain_works(one)

    expected, left = day, count
    while left:
        expected += dt.timedelta(days=1)
        left -= works(expected)
    assert add_working_days(day, count, one_off=one_off) == expected


@pytest.mark.parametrize(
    ("asked", "due"),
    [
        ("2027-01-31", "2027-03-01"),  # the last of February is a Sunday
        ("2028-01-31", "2028-02-29"),  # a leap day
        ("2026-11-25", "2026-12-29"),  # Christmas, a weekend and Boxing Day in lieu
        ("2027-03-03", "2027-04-05"),  # a Saturday in April
    ],
)
def test_a_subject_access_request_is_due_the_same_date_next_month_or_the_next_working_day(asked, due):
    assert one_calendar_month_after(dt.date.fromisoformat(asked)) == dt.date.fromisoformat(due)

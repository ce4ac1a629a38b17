"""Working days, checked against a second, plain computation and against days that people remember."""

import datetime as dt
from zoneinfo import ZoneInfo

import holidays
import pytest
from hypothesis import given
from hypothesis import strategies as st

from isva.clock.due import first_contact_standard_due, first_contact_target_due
from isva.clock.moment import LONDON, at, today
from isva.clock.terms import Terms
from isva.clock.working_days import (
    KNOWN_UNTIL,
    add_working_days,
    add_working_hours,
    end_of_day,
    is_past_what_is_known,
    is_working_day,
)  # fmt: skip

BANK = holidays.country_holidays("GB", subdiv="ENG", years=range(2018, 2036))
DAYS = st.dates(dt.date(2020, 1, 1), dt.date(2033, 12, 31))
FIRST, LAST = dt.datetime(2020, 1, 1), dt.datetime(2033, 12, 1)  # noqa: DTZ001 (the strategy adds the zone)
MOMENTS = st.datetimes(FIRST, LAST, timezones=st.just(dt.UTC))


def plain_is_working(day):
    return day.isoweekday() < 6 and day not in BANK


def plain_add_days(day, count):
    later = [day + dt.timedelta(days=n) for n in range(1, 60 + 3 * count)]
    return day if count == 0 else [one for one in later if plain_is_working(one)][count - 1]


def plain_add_hours(start, hours):
    """Walks hour by hour over the wall clock, counting only hours that begin on a working day."""
    local = start.astimezone(LONDON).replace(tzinfo=None)
    rest = dt.timedelta(minutes=local.minute, seconds=local.second, microseconds=local.microsecond)
    if not plain_is_working(local.date()):
        rest, local = dt.timedelta(), dt.datetime.combine(local.date(), dt.time.min)
    local -= rest
    while not plain_is_working(local.date()):
        local += dt.timedelta(hours=1)
    while hours:
        local += dt.timedelta(hours=1)
        while not plain_is_working(local.date()):
            local += dt.timedelta(hours=1)
        hours -= 1
    return (local + rest).replace(tzinfo=LONDON)


@given(day=DAYS, count=st.integers(0, 40))
def test_working_days_agree_with_a_plain_count(day, count):
    assert add_working_days(day, count) == plain_add_days(day, count)


@given(day=DAYS)
def test_a_working_day_is_no_weekend_and_no_bank_holiday(day):
    assert is_working_day(day) == plain_is_working(day)


@given(start=MOMENTS, hours=st.integers(1, 120))
def test_working_hours_agree_with_a_plain_count(start, hours):
    assert add_working_hours(start, hours) == plain_add_hours(start, hours)


def numbers_with(**own):
    """The defaults, with some numbers of a service's own."""
    return Terms(((dt.datetime(2000, 1, 1, tzinfo=dt.UTC), own),), {}).now()


NUMBERS = numbers_with()


@pytest.mark.parametrize(
    ("received", "due"),
    [
        ("2026-11-20 16:00", "2026-11-24 16:00"),  # Friday to Tuesday
        ("2026-11-21 11:00", "2026-11-25 00:00"),  # Saturday counts from Monday's first moment
        ("2026-12-24 09:00", "2026-12-30 09:00"),  # over Christmas, with Boxing Day's Monday in lieu
        ("2027-03-25 10:00", "2027-03-31 10:00"),  # over Good Friday and Easter Monday, and the clocks go forward
        ("2026-10-23 12:00", "2026-10-27 12:00"),  # the clocks go back between
    ],
)  # fmt: skip
def test_forty_eight_hours_are_hours_of_working_days(received, due):
    start = dt.datetime.fromisoformat(received).replace(tzinfo=LONDON)
    expected = dt.datetime.fromisoformat(due).replace(tzinfo=LONDON)
    assert first_contact_target_due(start, NUMBERS) == expected


@pytest.mark.parametrize(
    ("received", "last_day"),
    [
        ("2026-11-20", "2026-11-27"),  # a Friday: the fifth working day after it is the next Friday
        ("2026-11-21", "2026-11-27"),  # a Saturday is day 0 too: the stricter reading
        ("2026-12-23", "2027-01-04"),  # Christmas on a Friday, Boxing Day in lieu on Monday, New Year
        ("2028-02-28", "2028-03-06"),  # a leap day between
        ("2022-12-23", "2023-01-04"),  # Christmas on a Sunday: in lieu on Tuesday, and New Year in lieu too
    ],
)
def test_the_standard_falls_due_at_the_end_of_the_fifth_working_day_after_receipt(received, last_day):
    moment = dt.datetime.fromisoformat(f"{received} 15:30").replace(tzinfo=LONDON)
    assert first_contact_standard_due(moment, NUMBERS) == end_of_day(dt.date.fromisoformat(last_day))


def test_a_service_may_take_a_saturday_as_the_next_working_day():
    saturday = dt.datetime(2026, 11, 21, 10, tzinfo=LONDON)
    numbers = numbers_with(non_working_receipt_counts_as_next_day=True)
    assert first_contact_standard_due(saturday, numbers) == end_of_day(dt.date(2026, 11, 30))


def test_a_service_may_count_elapsed_hours():
    friday = dt.datetime(2026, 11, 20, 16, tzinfo=LONDON)
    numbers = numbers_with(target_in_elapsed_hours=True)
    assert first_contact_target_due(friday, numbers) == friday + dt.timedelta(hours=48)


def test_a_one_off_day_counts_against_the_list_both_ways():
    monday = dt.date(2026, 11, 23)
    assert not is_working_day(monday, one_off={monday: True})
    christmas = dt.date(2026, 12, 25)
    assert is_working_day(christmas, one_off={christmas: False})
    assert add_working_days(dt.date(2026, 11, 20), 1, one_off={monday: True}) == dt.date(2026, 11, 24)


def test_days_that_are_not_announced_yet_are_said_to_be_so():
    assert is_past_what_is_known(KNOWN_UNTIL + dt.timedelta(days=1))
    assert not is_past_what_is_known(KNOWN_UNTIL)


@pytest.mark.parametrize("zone", ["UTC", "Pacific/Auckland", "America/Los_Angeles"])
def test_the_day_is_londons_whatever_the_clock_of_the_server(zone):
    late = dt.datetime(2026, 7, 1, 23, 30, tzinfo=dt.UTC).astimezone(ZoneInfo(zone))  # 00:30 in London
    with at(late):
        assert today() == dt.date(2026, 7, 2)


def test_working_days_are_counted_forwards_only():
    with pytest.raises(ValueError):
        add_working_days(dt.date(2026, 11, 20), -1)

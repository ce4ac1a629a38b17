"""Quarters of the financial year, and spans of days in London."""

import datetime as dt
import itertools

import pytest

from isva.clock.moment import at
from reporting.periods import Period, Quarter


def test_the_financial_year_begins_in_april():
    first = Quarter.of(dt.date(2026, 4, 1))
    assert (first.key, first.words, first.short) == ("2026-q1", "April to June 2026", "Q1 2026/27")
    assert first.period == Period(dt.date(2026, 4, 1), dt.date(2026, 6, 30))
    last = Quarter.of(dt.date(2027, 3, 31))
    assert (last.key, last.words, last.short) == ("2026-q4", "January to March 2027", "Q4 2026/27")
    assert last.period == Period(dt.date(2027, 1, 1), dt.date(2027, 3, 31))


def test_every_day_of_ten_years_is_in_the_quarter_that_holds_it_and_in_no_other():
    day = dt.date(2019, 12, 25)
    for _ in range(3653):
        quarter = Quarter.of(day)
        assert quarter.period.holds(day)
        assert not quarter.before(1).period.holds(day)
        assert not quarter.before(-1).period.holds(day)
        day += dt.timedelta(days=1)


def test_quarters_follow_each_other_without_a_gap():
    quarters = Quarter(2026, 2).back(8)
    assert [one.key for one in quarters] == [
        "2024-q3", "2024-q4", "2025-q1", "2025-q2", "2025-q3", "2025-q4", "2026-q1", "2026-q2",
    ]  # fmt: skip
    for before, after in itertools.pairwise(quarters):
        assert before.period.ends == after.period.begins
        assert before < after


def test_a_quarter_begins_and_ends_at_midnight_in_london_whatever_the_clocks_do():
    period = Quarter(2025, 4).period
    assert period.begins.isoformat() == "2026-01-01T00:00:00+00:00"
    assert period.ends.isoformat() == "2026-04-01T00:00:00+01:00"
    assert (
        period.ends - period.begins
    ).days == 90  # the same wall clock: what is between them is told in UTC
    assert period.ends.astimezone(dt.UTC) - period.begins.astimezone(dt.UTC) == dt.timedelta(
        hours=90 * 24 - 1
    )
    assert period.days == 90


def test_a_key_leads_back_to_its_quarter_and_rubbish_to_none():
    assert Quarter.named("2026-q3") == Quarter(2026, 3)
    assert [Quarter.named(key) for key in ("", "2026-q5", "2026-q0", "26-q1", "2026-q1\n", "9999-q1")] == [
        None
    ] * 6


def test_the_last_quarter_that_ended_is_over_today():
    with at(dt.datetime(2026, 4, 1, 0, 30, tzinfo=dt.UTC)):
        assert Quarter.last_ended() == Quarter(2025, 4)
    with at(dt.datetime(2026, 3, 31, 23, 30, tzinfo=dt.UTC)):  # already April in London
        assert Quarter.last_ended() == Quarter(2025, 4)
    with at(dt.datetime(2026, 3, 31, 22, 30, tzinfo=dt.UTC)):
        assert Quarter.last_ended() == Quarter(2025, 3)


def test_a_period_does_not_end_before_it_begins_and_shares_days_with_another():
    with pytest.raises(ValueError):
        Period(dt.date(2026, 4, 2), dt.date(2026, 4, 1))
    with pytest.raises(ValueError):
        Quarter(2026, 5)
    year = Period(dt.date(2026, 4, 1), dt.date(2027, 3, 31))
    assert year.overlap(Quarter(2025, 4).period) is None
    assert year.overlap(Period(dt.date(2026, 1, 1), dt.date(2026, 4, 1))) == Period(
        dt.date(2026, 4, 1), dt.date(2026, 4, 1)
    )
    assert year.words == "1 April 2026 to 31 March 2027"

"""Dates, times and stretches of time read as people say them."""

import datetime as dt

import pytest

from isva.interface import words

NOW = dt.datetime(2027, 3, 3, 12, 0, tzinfo=dt.UTC)
LONDON_SUMMER = dt.datetime(2027, 7, 1, 13, 5, tzinfo=dt.UTC)


def test_a_long_date_is_day_month_year_in_words():
    assert words.long_date(dt.date(2027, 3, 3)) == "3 March 2027"


def test_a_moment_is_shown_in_london_time_in_summer():
    assert words.time_24(LONDON_SUMMER) == "14:05"
    assert words.long_date(dt.datetime(2027, 6, 30, 23, 30, tzinfo=dt.UTC)) == "1 July 2027"


@pytest.mark.parametrize(
    ("when", "said"),
    [
        (NOW, "today 12:00"),
        (NOW - dt.timedelta(days=1), "yesterday 12:00"),
        (NOW + dt.timedelta(days=1), "tomorrow 12:00"),
        (NOW - dt.timedelta(days=2), "1 March 2027 at 12:00"),
        (dt.date(2027, 3, 3), "today"),
        (dt.date(2027, 2, 1), "1 February 2027"),
        (None, ""),
    ],
)
def test_near_days_are_named_and_others_dated(when, said):
    assert words.short_when(when, now=NOW) == said


def test_yesterday_is_told_by_the_calendar_not_by_24_hours():
    just_before_midnight = dt.datetime(2027, 3, 2, 23, 59, tzinfo=dt.UTC)
    assert (
        words.short_when(just_before_midnight, now=dt.datetime(2027, 3, 3, 0, 1, tzinfo=dt.UTC))
        == "yesterday 23:59"
    )


@pytest.mark.parametrize(
    ("days", "said"),
    [(0, "0 days"), (1, "1 day"), (13, "13 days"), (14, "2 weeks"), (59, "8 weeks"), (61, "2 months"),
     (700, "22 months"), (731, "2 years"), (800, "2 years")],
)  # fmt: skip
def test_days_are_counted_in_the_largest_unit_that_fits(days, said):
    assert words.days_words(days) == said


@pytest.mark.parametrize(
    ("span", "said"),
    [
        (dt.timedelta(seconds=20), "less than a minute"),
        (dt.timedelta(minutes=1), "1 minute"),
        (dt.timedelta(minutes=119), "119 minutes"),
        (dt.timedelta(hours=47), "47 hours"),
        (dt.timedelta(hours=48), "2 days"),
    ],
)
def test_a_span_is_told_in_words(span, said):
    assert words.how_long(span) == said


def test_ago_tells_past_and_future_apart():
    assert words.ago(NOW - dt.timedelta(minutes=5), now=NOW) == "5 minutes ago"
    assert words.ago(NOW + dt.timedelta(days=3), now=NOW) == "in 3 days"
    assert words.ago(NOW, now=NOW) == "just now"
    assert words.ago(dt.date(2027, 3, 2), now=NOW) == "yesterday"
    assert words.ago(dt.date(2027, 2, 1), now=NOW) == "4 weeks ago"


def test_a_session_is_told_in_hours_and_minutes():
    assert [words.minutes_words(n) for n in (0, 45, 60, 61)] == [
        "0 minutes",
        "45 minutes",
        "1 hour",
        "1 hour 1 minute",
    ]


def test_a_birthday_on_29_february_counts_from_1_march():
    born = dt.date(2008, 2, 29)
    assert words.age_on(born, dt.date(2027, 2, 28)) == 18
    assert words.age_on(born, dt.date(2027, 3, 1)) == 19


def test_a_range_says_month_and_year_once_where_it_can():
    assert words.date_range(dt.date(2027, 3, 3), dt.date(2027, 3, 9)) == "3 to 9 March 2027"
    assert words.date_range(dt.date(2027, 3, 28), dt.date(2027, 4, 3)) == "28 March to 3 April 2027"
    assert (
        words.date_range(dt.date(2026, 12, 30), dt.date(2027, 1, 2)) == "30 December 2026 to 2 January 2027"
    )
    assert words.date_range(dt.date(2027, 3, 3), dt.date(2027, 3, 3)) == "3 March 2027"


def test_a_list_ends_with_and():
    assert [words.listed(names) for names in ([], ["a"], ["a", "b"], ["a", "b", "c"])] == [
        "",
        "a",
        "a and b",
        "a, b and c",
    ]

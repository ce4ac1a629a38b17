"""Spans of days that reports are made for: quarters of the financial year, and any other span, in Europe/London.

The financial year of commissioners runs from April to March; its quarters end in June, September, December and March.
"""

import datetime as dt
import re
from dataclasses import dataclass
from functools import total_ordering

from django.utils.translation import gettext as _

from isva.clock.moment import LONDON, today
from isva.interface.words import date_range

#: Quarters that a trend looks back over, its own included.
LOOKED_BACK = 8
_KEY = re.compile(r"(\d{4})-q([1-4])\Z")


@dataclass(frozen=True, order=True)
class Period:
    """Days from ``first_day`` to ``last_day``, both in it. Raises ValueError where it ends before it begins."""

    first_day: dt.date
    last_day: dt.date

    def __post_init__(self):
        if self.last_day < self.first_day:
            raise ValueError("A period ends before it begins.")

    @property
    def begins(self) -> dt.datetime:
        """The first moment in it: midnight in London, whatever the clocks do in between."""
        return dt.datetime.combine(self.first_day, dt.time.min, tzinfo=LONDON)

    @property
    def ends(self) -> dt.datetime:
        """The first moment after it: what happens at it belongs to the next period."""
        return dt.datetime.combine(self.last_day + dt.timedelta(days=1), dt.time.min, tzinfo=LONDON)

    @property
    def days(self) -> int:
        """How many days it has."""
        return (self.last_day - self.first_day).days + 1

    @property
    def key(self) -> str:
        """What tells it from every other period, in addresses and file names."""
        return f"{self.first_day.isoformat()}-{self.last_day.isoformat()}"

    @property
    def words(self) -> str:
        """The days in words: *1 April to 30 June 2026*."""
        return date_range(self.first_day, self.last_day)

    def holds(self, day: dt.date) -> bool:
        """Whether a day is in it."""
        return self.first_day <= day <= self.last_day

    def overlap(self, other: "Period") -> "Period | None":
        """The days that are in both; None where there are none."""
        first, last = max(self.first_day, other.first_day), min(self.last_day, other.last_day)
        return Period(first, last) if first <= last else None


@total_ordering
@dataclass(frozen=True)
class Quarter:
    """A quarter of a financial year: ``year`` is the one in which that year begins, ``number`` is 1 (April) to 4."""

    year: int
    number: int

    def __post_init__(self):
        if not 1 <= self.number <= 4:
            raise ValueError("A year has quarters 1 to 4.")

    def __lt__(self, other: "Quarter") -> bool:
        return self._place < other._place

    @classmethod
    def of(cls, day: dt.date) -> "Quarter":
        """The quarter that a day is in."""
        year = day.year if day.month >= 4 else day.year - 1
        return cls(year, (day.month - 4) % 12 // 3 + 1)

    @classmethod
    def last_ended(cls, day: dt.date | None = None) -> "Quarter":
        """The last quarter that is over on ``day`` (today): the one that a report is due for."""
        return cls.of(day or today()).before(1)

    @classmethod
    def named(cls, key: str) -> "Quarter | None":
        """The quarter with this ``key``; None where it is not one."""
        found = _KEY.match(key or "")
        return cls(int(found[1]), int(found[2])) if found and 1990 <= int(found[1]) <= 2200 else None

    @property
    def key(self) -> str:
        """What tells it from every other quarter, in addresses and file names: *2026-q1*."""
        return f"{self.year}-q{self.number}"

    @property
    def period(self) -> Period:
        """Its days."""
        first = self._first_day
        return Period(first, self.before(-1)._first_day - dt.timedelta(days=1))

    @property
    def words(self) -> str:
        """*April to June 2026*."""
        months = {
            1: _("April to June"), 2: _("July to September"), 3: _("October to December"), 4: _("January to March")
        }  # fmt: skip
        return f"{months[self.number]} {self._first_day.year}"

    @property
    def short(self) -> str:
        """*Q1 2026/27*: for the column of a table and the mark on a line."""
        return _("Q%(number)d %(year)s") % {"number": self.number, "year": self.year_words}

    @property
    def year_words(self) -> str:
        """The financial year: *2026/27*."""
        return f"{self.year}/{(self.year + 1) % 100:02d}"

    def before(self, quarters: int) -> "Quarter":
        """The quarter so many earlier (later, where negative)."""
        year, number = divmod(self._place - quarters, 4)
        return Quarter(year, number + 1)

    def back(self, quarters: int = LOOKED_BACK) -> tuple["Quarter", ...]:
        """So many quarters up to and with this one, oldest first."""
        return tuple(self.before(quarters - 1 - place) for place in range(quarters))

    @property
    def _place(self) -> int:
        return self.year * 4 + self.number - 1

    @property
    def _first_day(self) -> dt.date:
        month = 3 * self.number + 1
        return dt.date(self.year + (month > 12), month - 12 * (month > 12), 1)

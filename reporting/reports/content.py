"""What a report holds, as plain data: its words, its tables, and which of their numbers nobody is shown."""

import datetime as dt
from dataclasses import dataclass, field

from reporting.periods import Period, Quarter
from reporting.suppression import Shown
from reporting.tables import Table


@dataclass(frozen=True)
class Entry:
    """A table of a report with what is said of its measure: in the words of the day on which it was counted."""

    title: str
    by: str
    definition: str
    numerator: str
    denominator: str
    source: str
    more_is: str
    is_trend: bool
    table: Table
    #: What a contract asks of a local measure, in words.
    target: str = ""
    #: The area's population by the same lines, in percent, and where that comes from; nothing where it was not given.
    population: tuple[tuple[str, float], ...] = ()
    population_source: str = ""


@dataclass(frozen=True)
class Answer:
    """What the service answers to a local question; ``key`` is what the answer is kept under while it is written."""

    key: str
    question: str
    text: str


@dataclass(frozen=True)
class Chapter:
    """A section of a report: its tables, what the manager says to it, and the answers to questions of the contract."""

    key: str
    title: str
    entries: tuple[Entry, ...]
    passage: str = ""
    answers: tuple[Answer, ...] = ()


@dataclass(frozen=True)
class Promise:
    """What the service will change, and by when."""

    what: str
    by_when: dt.date


@dataclass(frozen=True)
class Content:
    """A whole report. ``summary`` are sentences made from its figures; ``planned`` the closures that it counts as planned."""

    service: str
    contract: str
    commissioner: str
    area: str
    quarter: Quarter
    period: Period
    counted_at: dt.datetime
    chapters: tuple[Chapter, ...]
    shown: Shown
    summary: tuple[str, ...] = ()
    planned: tuple[str, ...] = field(default=())
    passage: str = ""
    promises: tuple[Promise, ...] = ()

    def entry(self, measure: str, *, rows: str = "", is_trend: bool = False) -> Entry | None:
        """The table of a measure by these rows; None where the report has none."""
        for chapter in self.chapters:
            for one in chapter.entries:
                if one.table.measure == measure and one.table.rows_by == rows and one.is_trend == is_trend:
                    return one
        return None

"""The ground a fictional case stands on: its service, its people, its clock, and the steps that every case takes."""

import datetime as dt
import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from casework.models import Agency, Case, ReviewPoint, SasInstrument, SasReview, StageEntry
from isva.accounts.models import Service, User
from isva.clock.moment import LONDON
from isva.clock.working_days import add_working_days, is_working_day
from isva.demo.cast import PERSONAS
from isva.demo.ledger import Ledger
from isva.pathway import Stage

#: Nobody in the demo works later than this.
EVENING = dt.time(18)


@dataclass
class Ground:
    """One service of the demo while its history is being made. ``now`` is the moment at which the history ends."""

    key: str
    service: Service
    people: dict[str, User]
    ledger: Ledger
    rng: random.Random
    now: dt.datetime
    instrument: SasInstrument
    names: Iterator[tuple[str, str]]
    phones: Iterator[str]
    intake: User
    agencies: list[Agency] = field(default_factory=list)
    lives: dict[str, list] = field(default_factory=dict)

    def cast(self, role: str) -> list[User]:
        """The people who hold a role here, in the order of the cast."""
        return [self.people[one.key] for one in PERSONAS if role in one.parts.get(self.key, ())]

    def maybe(self, chance: float) -> bool:
        """True so many times in a hundred (``chance`` of 1)."""
        return self.rng.random() < chance

    def pick(self, weights: dict):
        """One of the keys, by its weight."""
        return self.rng.choices(list(weights), weights=list(weights.values()))[0]

    def at_work(self, moment: dt.datetime) -> dt.datetime:
        """A moment after ``moment``, in the working hours of its day or of the next working day; before ``now``.

        Where the next working day is still to come (at a weekend), what follows came soon after all.
        """
        day = moment.astimezone(LONDON).date()
        while not is_working_day(day):
            day += dt.timedelta(days=1)
        clock = dt.time(self.rng.randint(9, 16), self.rng.choice((0, 5, 10, 15, 20, 30, 40, 45, 50)))
        found = dt.datetime.combine(day, clock, tzinfo=LONDON)
        if found <= moment:
            found = moment + dt.timedelta(minutes=self.rng.randint(20, 90))
            if found.astimezone(LONDON).time() >= EVENING or found.astimezone(LONDON).date() != day:
                morning = dt.datetime.combine(add_working_days(day, 1), dt.time(9), tzinfo=LONDON)
                found = morning + dt.timedelta(minutes=self.rng.randint(0, 90))
        latest = self.now - dt.timedelta(minutes=1)
        if found < latest or moment >= self.now:
            return min(found, latest)
        return moment + (self.now - moment) / 2


@dataclass
class Life:
    """One fictional case as it goes on: where it is, and what its carried columns will say."""

    ground: Ground
    case: Case
    severity: float
    entry: Any = None
    ahead: dict[str, ReviewPoint] = field(default_factory=dict)
    reached: list[dt.datetime] = field(default_factory=list)
    attempts: list[dt.datetime] = field(default_factory=list)
    sessions: list[dt.datetime] = field(default_factory=list)
    sas: SasReview | None = None
    scores: dict[str, int] = field(default_factory=dict)
    isva: Any = None
    isva_since: Any = None
    interim_since: dt.datetime | None = None
    may_text: bool = False
    plan: Any = None
    until: Any = None

    @property
    def at(self) -> dt.datetime:
        """When the case entered the stage it is in."""
        return self.entry.entered_at

    def add(self, row, *, at, by):
        """Take up a row of this case."""
        return self.ground.ledger.add(row, at=at, by=by)

    def go(self, to: Stage, *, at: dt.datetime, by, reason: str, **with_it) -> None:
        """Leave the stage the case is in and enter the next one, in the same moment."""
        ledger = self.ground.ledger
        if self.entry is not None:
            ledger.change(self.entry, at=at, by=by, left_at=at)
        self.entry = StageEntry(case=self.case, stage=to.value, entered_at=at, reason=reason)
        ledger.add(self.entry, at=at, by=by)
        if to is not Stage.REFERRAL:
            ledger.change(self.case, at=at, by=by, stage=to.value, stage_since=at, **with_it)

    def set_review(self, kind: ReviewPoint.Kind, *, on: dt.date, at: dt.datetime, by, why: str) -> None:
        """Set the next review of a kind; the one ahead counts as done."""
        self.finish_review(kind, at=at, by=by)
        point = ReviewPoint(case=self.case, kind=kind.value, due_on=on, why=why)
        self.ahead[kind.value] = self.add(point, at=at, by=by)

    def finish_review(self, kind: ReviewPoint.Kind, *, at: dt.datetime, by) -> None:
        """Count the review of a kind that lies ahead as done."""
        point = self.ahead.pop(kind.value, None)
        if point is not None:
            self.ground.ledger.change(point, at=at, by=by, done_on=day_of(at))

    def carry(self) -> None:
        """Put on the case what its rows come to (no history: these columns have none)."""
        moments = sorted(self.reached)
        self.case.first_contact_at = moments[0] if moments else None
        self.case.last_contact_at = moments[-1] if moments else None
        self.case.next_review_on = min((point.due_on for point in self.ahead.values()), default=None)


def day_of(moment: dt.datetime) -> dt.date:
    """The day of a moment in London."""
    return moment.astimezone(LONDON).date()

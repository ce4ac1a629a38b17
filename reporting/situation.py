"""What a forecast starts from, in plain data: the service as it stands, what may change, and what is left to chance."""

import math
import random
from bisect import bisect_right
from dataclasses import dataclass
from decimal import Decimal
from itertools import accumulate

from reporting.lengths import Lengths


@dataclass(frozen=True)
class Worker:
    """An ISVA: their cap in cases, the heaviest complexity they may be given (0 lower, 1 medium, 2 higher), for how many
    more weeks they are away, and in how many weeks they leave."""

    cap: int
    most: int = 2
    away: int = 0
    leaves: int | None = None


@dataclass(frozen=True)
class Carried:
    """A case in support: whose it is (their place among the workers), what it counts by weight, for how many whole weeks."""

    worker: int
    weight: Decimal
    weeks: int


@dataclass(frozen=True, order=True)
class Kind:
    """What is weighed about somebody who waits: urgent or not, risk (1 to 3), complexity (0 to 2)."""

    urgent: bool
    risk: int
    band: int


@dataclass(frozen=True)
class Situation:
    """The service as it stands today, and what its history says about what comes. Weeks are since the referral.

    ``arrivals`` people were referred in the last ``arrivals_weeks``; ``joining`` of them come to need an ISVA, after
    ``triage_weeks``; ``kinds`` are those who did, with how many of each; ``leaving`` is the part of those waiting who
    leave the list in a week; ``weights`` what a case of each complexity counts; ``target`` the weeks within which
    somebody should have an ISVA.
    """

    workers: tuple[Worker, ...]
    carried: tuple[Carried, ...]
    waiting: tuple[tuple[Kind, float], ...]
    in_triage: tuple[float, ...]
    arrivals: int
    arrivals_weeks: float
    joining: float
    triage_weeks: float
    kinds: tuple[tuple[Kind, int], ...]
    lengths: Lengths
    leaving: float
    weights: tuple[Decimal, Decimal, Decimal]
    target: int


@dataclass(frozen=True)
class Change:
    """What would change, ``from_week`` weeks from now: ISVAs who leave, who join, one who is away for some weeks, referrals
    by so many per cent, and the cap of everybody by so many cases."""

    leave: int = 0
    join: int = 0
    away: int = 0
    referrals: int = 0
    cap: int = 0
    from_week: int = 0

    @property
    def is_none(self) -> bool:
        """Whether nothing changes."""
        return not (self.leave or self.join or self.away or self.referrals or self.cap)


@dataclass(frozen=True)
class Fate:
    """What chance has for one person: their kind (None: triage ends it), how long support would last, and after how many
    weeks on the list they would leave it."""

    kind: Kind | None
    length: int
    patience: float


class Chances:
    """Everything that is left to chance in one run: the same whatever changes, so that only the change makes a difference."""

    def __init__(self, situation: Situation, seed: int, run: int):
        self._situation = situation
        now = random.Random(f"{seed}/{run}/now")  # noqa: S311 - chance, not a secret
        self._later = random.Random(f"{seed}/{run}/later")  # noqa: S311
        self._kinds = [kind for kind, _many in situation.kinds]
        self._up_to = list(accumulate(many for _kind, many in situation.kinds))
        # How sure the rate is depends on how many referrals it was learnt from.
        self.rate = now.gammavariate(situation.arrivals + 0.5, 1 / situation.arrivals_weeks)
        self.carried = [
            situation.lengths.draw(now.random(), after=one.weeks) - one.weeks for one in situation.carried
        ]
        self.waiting = [
            Fate(kind, situation.lengths.draw(now.random()), self._patience(now))
            for kind, _weeks in situation.waiting
        ]
        self.in_triage = [self._fate(now) for _one in situation.in_triage]
        self._coming: list[tuple[float, Fate]] = []
        self._at = 0.0

    def coming(self, place: int) -> tuple[float, Fate]:
        """Who comes next: when, were one person referred a week on average, and what becomes of them."""
        while place >= len(self._coming):
            self._at += self._later.expovariate(1)
            self._coming.append((self._at, self._fate(self._later)))
        return self._coming[place]

    def _fate(self, rng: random.Random) -> Fate:
        joins, which = rng.random() < self._situation.joining, rng.random()
        kind = self._kinds[bisect_right(self._up_to, which * self._up_to[-1])] if joins else None
        return Fate(kind, self._situation.lengths.draw(rng.random()), self._patience(rng))

    def _patience(self, rng: random.Random) -> float:
        drawn = rng.expovariate(1)
        return drawn / self._situation.leaving if self._situation.leaving else math.inf


def in_weeks(unit: float, *, rate: float, change: Change) -> float:
    """When somebody is referred who would come at ``unit``, were one person referred a week on average."""
    begins, factor = change.from_week, 1 + change.referrals / 100
    if unit <= rate * begins or not change.referrals:
        return unit / rate
    return begins + (unit - rate * begins) / (rate * factor) if factor > 0 else math.inf

"""What happens to the waiting list over the next year if something changes: the service played forward, many times.

Plain data in, plain data out. Week by week people are referred, triaged, wait, are taken by an ISVA who has room, and
end, as chance has it by the service's own history (``reporting/history.py``). Each run draws the same chances for what is
as it is and for what would change, so that they differ by the change alone; one seed gives one answer.

The rule of allocation is the product's own in short: urgent first, then by risk, then whoever was referred first; whoever
has the most room of those whose cap, in number and by weight, would not be passed.
"""

import math
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from heapq import heappop, heappush

from reporting.situation import Chances, Change, Fate, Kind, Situation, Worker, in_weeks

WEEKS = 52
#: The week at the end of each month, today first.
MONTH_ENDS = tuple(round(month * WEEKS / 12) for month in range(13))
RUNS, FEWEST_RUNS = 200, 60
SEED = 1
#: New people that an ISVA begins with in a week, at most: each is a first session, an agreement, a full SaS and a plan.
PACE = 2
#: Weights are reckoned in whole parts of a point, so that sums stay exact: hundredths, and quarters of them.
PARTS = 400


@dataclass(frozen=True)
class Band:
    """The middle of all runs, and what eight of ten of them lie between."""

    low: float
    middle: float
    high: float


@dataclass(frozen=True)
class Figures:
    """The end of one month: how many wait, how many weeks half of them and nine of ten of them have waited at most, what
    part waits beyond the target, the weighted load as a part of what the team may carry, and how many wait beyond the target.

    The last tells best what a change does: with more referrals more of those on the list came lately, so that half of them
    may have waited for less time while more people wait too long.
    """

    waiting: Band
    median_wait: Band
    ninetieth_wait: Band
    beyond: Band
    load: Band
    number_beyond: Band


@dataclass
class Run:
    """One year played once. Everybody who was there or arrived is in one of the places at its end."""

    there: int = 0
    arrived: int = 0
    in_triage: int = 0
    ended_at_triage: int = 0
    waiting: int = 0
    left_waiting: int = 0
    supported: int = 0
    ended: int = 0
    taken: int = 0
    weeks_waited: float = 0  # by everybody together, from joining the list, within the year
    months: list[tuple[float, ...]] = field(default_factory=list)


def play(
    situation: Situation, *changes: Change, runs: int = 0, seed: int = SEED
) -> tuple[tuple[Figures, ...], ...]:
    """For each change the figures of today and of the end of each of twelve months, over so many runs.

    Raises ValueError where more ISVAs would leave than there are.
    """
    played: list[list[Run]] = [[] for _change in changes]
    for one in range(runs or runs_for(situation)):
        chances = Chances(situation, seed, one)
        for change, whole in zip(changes, played, strict=True):
            whole.append(play_once(situation, change, chances))
    return tuple(
        tuple(
            Figures(*(band([run.months[month][place] for run in whole]) for place in range(6)))
            for month in range(len(MONTH_ENDS))
        )
        for whole in played
    )


def runs_for(situation: Situation) -> int:
    """How many times the year is played: 200, and fewer for a large service, whose years differ less from each other."""
    people = (
        len(situation.carried)
        + len(situation.waiting)
        + situation.arrivals * WEEKS / situation.arrivals_weeks
    )
    return max(FEWEST_RUNS, min(RUNS, int(80_000 / max(people, 1))))


def band(values: Sequence[float]) -> Band:
    """The tenth, the fiftieth and the ninetieth of a hundred values in order (nearest rank)."""
    ordered = sorted(values)
    return Band(*(nearest(ordered, part) for part in (0.1, 0.5, 0.9)))


def nearest(ordered: Sequence[float], part: float) -> float:
    """The smallest value that at least this part of all values in order do not pass; 0 of none."""
    return ordered[max(0, math.ceil(part * len(ordered)) - 1)] if ordered else 0.0


@dataclass
class _Member:
    """An ISVA in the course of a year; ``room`` and ``weighted`` in parts of a point."""

    cap: int
    room: int
    most: int
    away_until: int = 0
    leaves: int | None = None
    here: bool = True
    open: int = 0
    weighted: int = 0

    @property
    def full(self) -> float:
        return self.weighted / self.room if self.room else math.inf


class _Case:
    """A case in support: whose it is, and what it counts."""

    __slots__ = ("member", "weight")

    def __init__(self, member: _Member, weight: int):
        self.member, self.weight = member, weight
        member.open += 1
        member.weighted += weight

    def end(self) -> None:
        self.member.open -= 1
        self.member.weighted -= self.weight

    def go_to(self, member: _Member) -> None:
        self.end()
        self.__init__(member, self.weight)  # type: ignore[misc]


class _Waiting:
    """Somebody on the list: since when they are referred and on it (weeks from today), and until when they stay."""

    __slots__ = ("fate", "gone", "joined", "received")

    def __init__(self, fate: Fate, received: float, joined: float):
        self.fate, self.received, self.joined, self.gone = fate, received, joined, False


class _Year:
    """One year of the service, week by week."""

    def __init__(self, situation: Situation, change: Change, chances: Chances):
        self.situation, self.change, self.chances = situation, change, chances
        self.weights = [_parts(one) for one in situation.weights]
        self.members = [self._member(one) for one in situation.workers]
        self.ends: dict[int, list[_Case]] = defaultdict(list)
        self.heaps: list[list] = [[], [], []]
        self.leaves: dict[int, list[_Waiting]] = defaultdict(list)
        self.list: set[_Waiting] = set()
        self.number = 0
        self.run = Run(there=len(situation.carried) + len(situation.waiting) + len(situation.in_triage))
        for case, left in zip(situation.carried, chances.carried, strict=True):
            self.ends[left].append(_Case(self.members[case.worker], _parts(case.weight)))
        for (kind, weeks), fate in zip(situation.waiting, chances.waiting, strict=True):
            self._join(fate, kind, received=-weeks, joined=0.0)
        wait = situation.triage_weeks
        already = sorted(
            zip((-weeks for weeks in situation.in_triage), chances.in_triage, strict=True), key=_first
        )
        self.triaged = [(max(0.0, received + wait), received, fate) for received, fate in already]
        self.next_triaged = self.next_coming = 0

    def _member(self, worker: Worker) -> _Member:
        return _Member(worker.cap, worker.cap * self.weights[1], worker.most, worker.away, worker.leaves)

    def play(self) -> Run:
        """Play it."""
        self._note()
        for week in range(1, WEEKS + 1):
            self._staff(week - 1)
            for case in self.ends.pop(week, ()):
                case.end()
                self.run.ended += 1
            self._triage(week)
            for one in self.leaves.pop(week, ()):
                if not one.gone:
                    self._off_the_list(one, week)
                    self.run.left_waiting += 1
            self._allocate(week)
            if week in MONTH_ENDS:
                self._note(week)
        run = self.run
        run.waiting, run.supported = len(self.list), sum(len(cases) for cases in self.ends.values())
        run.weeks_waited += sum(WEEKS - one.joined for one in self.list)
        run.in_triage += len(self.triaged) - self.next_triaged
        return run

    def _staff(self, week: int) -> None:
        """Who leaves, joins and is away from this week on; the cases of who leaves go to those with the most room."""
        for member in self.members:
            if member.leaves == week:
                self._leave(member)
        change = self.change
        if week != change.from_week:
            return
        typical = self._middle()
        for _one in range(change.join):
            cap = typical.cap if typical else 0
            self.members.append(_Member(cap, cap * self.weights[1], 2))
        for _one in range(change.leave):
            leaver = self._middle(but=len(self.situation.workers))
            if leaver is None:
                raise ValueError("More ISVAs would leave than there are.")
            self._leave(leaver)
        if change.away and (absent := self._middle(but=len(self.situation.workers))):
            absent.away_until = max(absent.away_until, week + change.away)
        for member in self.members:
            member.cap = max(0, member.cap + change.cap)
            member.room = member.cap * self.weights[1]

    def _middle(self, *, but: int | None = None) -> _Member | None:
        """Who has the middle cap of those who are here, the first ``but`` of them."""
        here = sorted((one for one in self.members[:but] if one.here), key=lambda one: one.cap)
        return here[len(here) // 2] if here else None

    def _leave(self, member: _Member) -> None:
        member.here = False
        others = [one for one in self.members if one.here]
        if not others:
            raise ValueError("More ISVAs would leave than there are.")
        for cases in self.ends.values():
            for case in cases:
                if case.member is member:
                    case.go_to(min(others, key=lambda one: one.full))

    def _triage(self, week: int) -> None:
        """Those whose triage ends by this week join the list, or end there."""
        run, wait = self.run, self.situation.triage_weeks
        while True:
            unit, fate = self.chances.coming(self.next_coming)
            received = in_weeks(unit, rate=self.chances.rate, change=self.change)
            if received > week:
                break
            self.next_coming += 1
            run.arrived += 1
            self.triaged.append((received + wait, received, fate))
        while self.next_triaged < len(self.triaged) and self.triaged[self.next_triaged][0] <= week:
            joined, received, fate = self.triaged[self.next_triaged]
            self.next_triaged += 1
            if fate.kind is None:
                run.ended_at_triage += 1
            else:
                self._join(fate, fate.kind, received=received, joined=joined)

    def _join(self, fate: Fate, kind: Kind, *, received: float, joined: float) -> None:
        one = _Waiting(fate, received, joined)
        heappush(self.heaps[kind.band], ((not kind.urgent, -kind.risk, received, self.number), one))
        self.number += 1
        self.list.add(one)
        until = joined + fate.patience
        if until <= WEEKS:
            self.leaves[max(1, math.ceil(until))].append(one)

    def _off_the_list(self, one: _Waiting, week: int) -> None:
        one.gone = True
        self.list.discard(one)
        self.run.weeks_waited += week - one.joined

    def _allocate(self, week: int) -> None:
        """Give away whom there is room for: urgent first, then by risk, then whoever was referred first."""
        taking = [[one, 0] for one in self.members if one.here and one.away_until < week]
        bands = [band for band in range(3) if self.heaps[band]]
        while bands and self.list:
            heads = []
            for band in bands:
                heap = self.heaps[band]
                while heap and heap[0][1].gone:
                    heappop(heap)
                if heap:
                    heads.append((heap[0][0], band))
            if not heads:
                return
            _key, band = min(heads)
            taker = self._with_room(taking, band)
            if taker is None:
                bands.remove(band)
                continue
            one = heappop(self.heaps[band])[1]
            self._off_the_list(one, week)
            taker[1] += 1
            self.ends[week + one.fate.length].append(_Case(taker[0], self.weights[band]))
            self.run.taken += 1

    def _with_room(self, taking: list, band: int):
        weight, best, least = self.weights[band], None, math.inf
        for pair in taking:
            one, begun = pair
            if begun < PACE and one.most >= band and one.open < one.cap and one.weighted + weight <= one.room:
                full = one.weighted / one.room
                if full < least:
                    best, least = pair, full
        return best

    def _note(self, week: int = 0) -> None:
        waits = sorted(week - one.received for one in self.list)
        beyond = sum(one > self.situation.target for one in waits)
        here = [one for one in self.members if one.here]
        room = sum(one.room for one in here)
        self.run.months.append(
            (
                len(waits), nearest(waits, 0.5), nearest(waits, 0.9), beyond / len(waits) if waits else 0.0,
                sum(one.weighted for one in here) / room if room else 0.0, beyond,
            )
        )  # fmt: skip


def _parts(points: Decimal) -> int:
    return round(points * PARTS)


def _first(pair):
    return pair[0]


def play_once(situation: Situation, change: Change, chances: Chances) -> Run:
    """One year, played once. Raises ValueError where more ISVAs would leave than there are."""
    return _Year(situation, change, chances).play()

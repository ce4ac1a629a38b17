"""How long support lasts, learnt from supports that ended and from those that still go on (Kaplan–Meier).

An open case says that its support lasts longer than it has lasted so far, and no more. To leave such cases out, or to
count them as ended today, would make support look shorter than it is: the long ones are those that are still open.
"""

import math
from bisect import bisect_left
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate


class NothingEnded(ValueError):
    """No support has ended yet: how long it lasts cannot be told."""


@dataclass(frozen=True)
class Lengths:
    """The lengths of support of a service, in whole weeks.

    ``lasting[w]`` is the part of supports that last longer than ``w`` weeks. Past the longest that is known, support ends
    at ``rate``: the part that ended for each week of support there was, over all cases. ``ended`` and ``still_open`` say
    how many cases it rests on.
    """

    lasting: tuple[float, ...]
    rate: float
    ended: int
    still_open: int

    def draw(self, chance: float, *, after: int = 0) -> int:
        """The week in which a support ends that has lasted ``after`` weeks, for a ``chance`` between 0 and 1."""
        known = len(self.lasting) - 1
        left = self.lasting[min(after, known)]
        if after >= known or left <= 0:
            return after + self._beyond(chance)
        wanted = chance * left
        if wanted >= self.lasting[known]:
            return max(after + 1, bisect_left(self._falling, -wanted))
        return known + self._beyond(wanted / self.lasting[known])

    @cached_property
    def _falling(self) -> tuple[float, ...]:
        return tuple(-part for part in self.lasting)

    def _beyond(self, chance: float) -> int:
        return max(1, math.ceil(-math.log(max(chance, 1e-12)) / self.rate))

    @property
    def median(self) -> int | None:
        """The weeks within which half of all supports end; None where so long a time has not been seen."""
        return next((week for week, part in enumerate(self.lasting) if part <= 0.5), None)


def lengths_of(supports: Iterable[tuple[int, bool, int]]) -> Lengths:
    """The lengths of supports, told as (weeks, whether it ended, how many of them).

    An ended support counts with the week in which it ended (1 at least), an open one with the whole weeks it has lasted.
    Raises NothingEnded.
    """
    rows = list(supports)
    ended = sum(many for _weeks, over, many in rows if over)
    if not ended:
        raise NothingEnded
    last = max(weeks for weeks, _over, _many in rows)
    ends, gone = [0] * (last + 2), [0] * (last + 2)
    for weeks, over, many in rows:
        ends[weeks] += many if over else 0
        gone[weeks] += many
    everybody = sum(gone)
    # Before week w those are gone who ended or were last seen in an earlier week.
    seen = [everybody - before for before in accumulate(gone, initial=0)]
    lasting = [1.0]
    for week in range(1, last + 1):
        at_risk = seen[week]
        lasting.append(lasting[-1] * (1 - ends[week] / at_risk) if at_risk else lasting[-1])
    exposure = sum(weeks * many for weeks, _over, many in rows)
    return Lengths(tuple(lasting), ended / exposure, ended, everybody - ended)

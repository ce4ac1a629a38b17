"""What is too small to be shown, and what a reader must still hold possible of it. Source: reports design, rule 2."""

from dataclasses import dataclass

#: Counts of people from 1 to this are small.
SMALL = 4
#: Shares whose smaller side is small are told as *so much or less*, by the first of these that leaves 4 people possible.
BANDS = (5, 10, 20, 25)
#: What is added up of few people (their hours, say) stays possible so far around what it is, at the least.
SPREAD, SPREAD_PERCENT = 5, 20


@dataclass(frozen=True)
class Needed:
    """Of a number that is not shown, a reader must hold everything from ``low`` to ``high`` possible."""

    low: float
    high: float


def of_count(count: int) -> Needed | None:
    """What has to stay possible of a count of people: 1 to 4, where it is one of them."""
    return Needed(1, SMALL) if 1 <= count <= SMALL else None


def of_rest(rest: int, *, narrowed: bool) -> Needed | None:
    """The same for those of a group whom a share does not count.

    Where nobody is left, the share is 100 % and tells something of each of a group; that is kept in where the group is
    ``narrowed`` down, and not of everybody together: how the service does as a whole is what a report is for.
    """
    if rest == 0 and narrowed:
        return Needed(0, 1)
    return of_count(rest)


def of_amount(amount: float) -> Needed:
    """What has to stay possible of hours, contacts and the like that belong to few people."""
    around = max(SPREAD, amount * SPREAD_PERCENT / 100)
    return Needed(max(0.0, amount - around), amount + around)


def band(denominator: int) -> int | None:
    """The percentage up to which a small share is told, by its denominator alone; None where that is too small itself.

    It depends on nothing but the denominator: 0 and 4 people are told alike.
    """
    return next((percent for percent in BANDS if denominator * percent >= SMALL * 100), None)

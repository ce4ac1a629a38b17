"""Which counts are one number, and which ones add up by what the measures mean: read from the registry of measures.

A published report keeps the names that its counts had on that day; what a name stands for is told here, when it is
read. So whatever is learnt later about what belongs together holds for reports that went out before, too.
"""

import datetime as dt
import re
from collections.abc import Iterator
from dataclasses import replace

from reporting.measures import DIMENSIONS, MEASURES
from reporting.measures.closures import PLANNED
from reporting.measures.kinds import Measure, Of
from reporting.tables import Name

#: What stands between the population of a number and which counting of it this is (``reporting/reports/revising.py``).
MARK = "#"
_SPAN = re.compile(r"(\d{4}-\d\d-\d\d)-(\d{4}-\d\d-\d\d)\Z")


def _uses(measure: Measure, *parameters: str) -> bool:
    return any(f"%({one})s" in measure.sql for one in parameters)


def _populations(measures) -> frozenset[str]:
    return frozenset(one for measure in measures for one in (measure.counted, measure.out_of) if one)


_RECORDED = [one for one in MEASURES.values() if one.is_recorded]
_AT_THE_END = [one for one in _RECORDED if not _uses(one, "begins", "first_day")]
_COUNTED = _populations(_RECORDED)
#: Populations that a contract's own reasons of planned closure change; every other is the same in all contracts.
BY_PLANNED = frozenset(one.counted for one in _RECORDED if _uses(one, "planned"))
#: Populations as they stood when a period ended, whenever it began.
STANDING = _populations(_AT_THE_END)
#: Breakdowns of such a population by what happened in the period: there, when it began matters again.
_BY_WHAT_HAPPENED = frozenset(
    own.key for one in _RECORDED if one not in _AT_THE_END and one.counted in STANDING for own in one.own
)
#: Breakdowns that stand as they stood at the end of a period.
_BY_THE_END = frozenset(one.key for one in DIMENSIONS.values() if one.at_the_end)
#: The ways in which a population is made of others: population → each of them.
MADE_OF: dict[str, tuple[tuple[Of, ...], ...]] = {
    one.counted: one.made_of for one in _RECORDED if one.made_of
}
#: Populations that others are made of, over the same days → which.
_PART_OF = {
    part.population: whole for whole, ways in MADE_OF.items() for way in ways for part in way if not part.before
}  # fmt: skip
#: Lines that count another population under a name of their own: everybody comes into the record as a referral.
_SAME = {("moved", ("into", "referral")): "received"}


def anywhere(name: Name) -> Name:
    """A count by what it counts, wherever it stands: two counts are one number where this is the same.

    An area of a service is the line of that area in a table of the whole service. How a contract counts planned
    closures belongs to the counts that depend on it, and the first day to those that do. What comes out stays the same
    when it goes in again.
    """
    service, area, period, planned = _told(name.scope)
    population, mark, counting = name.population.partition(MARK)
    lines = name.lines | ({("area", area)} if area else set())
    for (moved, line), received in _SAME.items():
        if population == moved and line in lines:
            population, lines = received, lines - {line}
    if population not in BY_PLANNED:
        planned = ""
    if _stands(population, lines) and (span := _SPAN.match(period)):
        period = span[2]
    return Name(f"{service}|{period}|{planned}", f"{population}{mark}{counting}", frozenset(lines))


def _told(scope: str) -> tuple[str, str, str, str]:
    told = scope.split("|")
    if len(told) == 3:  # it came out of here before
        return told[0], "", told[1], told[2]
    service, area, period, planned = (*told, "", "", "")[:4]
    return service, area, period, planned


def _stands(population: str, lines) -> bool:
    return population in STANDING and not any(key in _BY_WHAT_HAPPENED for key, _line in lines)


def counted_first(name: Name) -> Name:
    """The name that a number had when it was counted first."""
    return replace(name, population=name.population.partition(MARK)[0])


def narrowed_by(name: Name) -> str:
    """What tells the numerators of two contracts apart, of one share of one group: empty for most."""
    return anywhere(name).scope.split("|")[2]


def of_any_contract(name: Name) -> Name:
    """A count of planned closures, whatever counts as planned."""
    service, period, _planned = name.scope.split("|")
    return replace(name, scope=f"{service}|{period}|")


def reasons_moved(few: Name, many: Name) -> tuple[Name, Name, list[Name]] | None:
    """Of two counts of planned closures: the closures by each reason that one counts beside all of the other; None where
    the other has reasons of its own."""
    old, new = _planned_in(few), _planned_in(many)
    if not old < new:
        return None
    measure = next(one for one in _RECORDED if one.counted == few.population)
    population = measure.out_of
    ended = replace(of_any_contract(few), population=population)
    return few, many, [replace(ended, lines=few.lines | {("reason", one)}) for one in sorted(new - old)]


def _planned_in(name: Name) -> set[str]:
    told = narrowed_by(name)
    return set(told.split("+")) if told else set(PLANNED)


def span_of(name: Name) -> str:
    """The days of a number that came about over them; empty for one that stands as at a day."""
    period = name.scope.split("|")[1]
    return period if _SPAN.match(period) else ""


def over(name: Name, span: str) -> Name:
    """The same of another span of days."""
    service, _span, planned = name.scope.split("|")
    return replace(name, scope=f"{service}|{span}|{planned}")


def whole_of(name: Name) -> Name | None:
    """The number that this one is, or is a part of, where the definitions of the measures say such a thing."""
    if not name.scope.split("|")[1]:
        return None
    if name.population in MADE_OF:
        return name
    whole = _PART_OF.get(name.population)
    return replace(name, population=whole) if whole and not _stands(name.population, name.lines) else None


def ways_of(whole: Name) -> Iterator[tuple[list[Name], bool]]:
    """Each way in which a number is made of others, and whether some people are in none of them for a while."""
    span = _SPAN.match(whole.scope.split("|")[1])
    for way in MADE_OF[whole.population]:
        counted = [one for one in way if one.population in _COUNTED]
        parts = [anywhere(replace(whole, population=one.population)) for one in counted if not one.before]
        if before := [one for one in counted if one.before]:
            if span is None or any(key in _BY_THE_END for key, _line in whole.lines):
                continue
            eve = (dt.date.fromisoformat(span[1]) - dt.timedelta(days=1)).isoformat()
            then = over(whole, f"{eve}-{eve}")
            parts += [anywhere(replace(then, population=one.population)) for one in before]
        yield parts, len(counted) < len(way)


def lies_in(short: str, long: str) -> bool:
    """Whether a span of days is a part of another."""
    one, other = _SPAN.match(short), _SPAN.match(long)
    return bool(one and other and short != long and other[1] <= one[1] and one[2] <= other[2])


def rest_of_span(short: str, long: str) -> str:
    """The days of a span that another one leaves, where they hang together; empty where they do not."""
    one, other, day = _SPAN.match(short), _SPAN.match(long), dt.timedelta(days=1)
    if one is None or other is None:
        return ""
    if one[1] == other[1]:
        return f"{(dt.date.fromisoformat(one[2]) + day).isoformat()}-{other[2]}"
    return f"{other[1]}-{(dt.date.fromisoformat(one[1]) - day).isoformat()}" if one[2] == other[2] else ""


def compares(name: Name, short: str, long: str) -> bool:
    """Whether what a number counts over one of two spans it counts over the other too: not as of two different ends."""
    return short[-10:] == long[-10:] or not any(key in _BY_THE_END for key, _line in name.lines)

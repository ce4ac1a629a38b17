"""A reader with time, all published reports and a solver: how far they can narrow down what is not shown.

They know what the reports tell: every figure shown, every band, what adds up to what, that one heading over the same
people is one number, that shares are parts of their group, and that no count is below nothing. Written without the code
that hides: from the shown figures alone.
"""

import datetime as dt
import math
from collections import defaultdict
from itertools import combinations, permutations

import numpy as np
from scipy.optimize import linprog
from scipy.sparse import lil_matrix

from reporting.tables import ALL, Kind, Part

BEFORE = "before: "
#: What the definitions at the end of a report say of its numbers: a whole, those that it is made of, and whether some of
#: it is in none of these for some days after the quarter. A reader takes it for exact, and knows of the odd exception.
MADE_OF = (
    ("received", ("already_open", "standard_due"), True),
    ("received", ("already_open", "target_due"), True),
    ("supported", ("caseload", "support_ended"), False),
    ("supported", (f"{BEFORE}caseload", "support_began"), False),
)
#: Whoever stands in a report as of its last day, and by what stands there as of that day.
STANDING = {
    "open", "caseload", "waiting", "with_agreement", "with_full_assessment", "with_plan", "carried_assessed", "need_latest",
    "risk_latest", "workers_carrying", "workers_with_clinical", "workers_with_management", "workers_qualified",
}  # fmt: skip
AT_THE_END = {"justice", "justice_stage", "risk", "complexity"}
USUALLY_PLANNED = ("justice_ended", "needs_met_elsewhere", "work_done")


def _heading(table, cell, what):
    """What a reader takes for one number: which people of which quarter, wherever it stands."""
    part = Part.NUMERATOR if what == Part.NUMERATOR else Part.DENOMINATOR
    people = _people(table.name(cell, part))
    return people if what != "amount" else (*people[:3], f"amount of {table.measure}")


def _people(name):
    """Which people a count is about, as its heading says it: an area's report and the area's line are about the same.

    A report says what its contract counts as planned; and that everybody comes into the record as a referral.
    """
    service, area, period, planned = name.scope.split("|")
    lines, population = frozenset(name.lines | ({("area", area)} if area else set())), name.population
    if population == "moved" and ("into", "referral") in lines:
        lines, population = lines - {("into", "referral")}, "received"
    if _first(population) == "planned_closures":
        population = f"{population} {planned or '+'.join(USUALLY_PLANNED)}"
    if _first(population) in STANDING and _days(period):
        period = period[11:]
    return (service, period, lines, population)


def _first(population):
    return population.split("#")[0].split(" ")[0]


def _days(period):
    """The first and the last day of a span; None where it is told in another way."""
    try:
        return dt.date.fromisoformat(period[:10]), dt.date.fromisoformat(period[11:])
    except ValueError:
        return None


def _span(first, last):
    return f"{first.isoformat()}-{last.isoformat()}"


def _may(whole, parts):
    """Whether what parts say of a whole holds of its lines: of a line that moves until the end, not the day before."""
    return not parts[0].startswith(BEFORE) or not any(key in AT_THE_END for key, _line in whole[2])


def _parts_of(whole, parts):
    service, period, lines, _population = whole
    eve = (_days(period)[0] - dt.timedelta(days=1)).isoformat()
    return [
        (service, eve, lines, part.removeprefix(BEFORE)) if part.startswith(BEFORE)
        else (service, period[11:] if part in STANDING else period, lines, part)
        for part in parts
    ]  # fmt: skip


class Reader:
    """Everything that reports tell, as bounds and sums of unknown numbers."""

    def __init__(self, reports):
        self.low, self.high, self.truth = {}, {}, {}
        self.sums, self.parts_of, self.related = [], [], []
        self.hidden, self.untold, self._latest, self._groups = set(), set(), {}, {}
        for report in reports:
            for table in report.tables:
                self._read(report, table)
            self._put_together()
        self.sums += [one for one in self.related if {one[0], *one[1]} <= set(self.truth)]
        # What was entered late is told, and so is by how much what adds up did not: everything else is taken for exact.
        self.sums = [
            (total, parts, self.truth[total] - sum(self.truth[part] for part in parts))
            for total, parts in dict.fromkeys((total, tuple(parts)) for total, parts in self.sums)
        ]

    def _put_together(self):
        """What the definitions say of the numbers that are out so far, as they were told last."""
        wholes = {heading for heading in self._latest if heading[3] in {one[0] for one in MADE_OF}}
        wholes |= {
            (*heading[:3], whole) for heading in self._latest for whole, parts, _others in MADE_OF if heading[3] in parts
        }  # fmt: skip
        for whole in sorted((one for one in wholes if _days(one[1])), key=repr):
            ways = [
                (_parts_of(whole, parts), others) for kind, parts, others in MADE_OF if kind == whole[3] and _may(whole, parts)
            ]  # fmt: skip
            if whole not in self._latest:
                ways = [one for one in ways if self._latest.keys() >= set(one[0])]
                if len(ways) < 2:
                    continue
                many = sum(self.truth[self._latest[part]] for part in ways[0][0])
                self._latest[whole] = self._somebody(("all", *whole), many)
            for parts, others in ways:
                self._made_of(whole, parts, others=others)
        planned, spans = defaultdict(list), defaultdict(dict)
        for heading in self._latest:
            service, period, lines, population = heading
            if population.startswith("planned_closures"):
                planned[service, period, lines].append(population)
            if _days(period):
                spans[service, lines, population][period] = heading
        for (service, period, lines), those in planned.items():
            for few, many in permutations(those, 2):
                more = set(many.split(" ")[1].split("+")) - set(few.split(" ")[1].split("+"))
                if set(few.split(" ")[1].split("+")) < set(many.split(" ")[1].split("+")):
                    reasons = [
                        (service, period, lines | {("reason", one)}, "support_ended") for one in sorted(more)
                    ]
                    self._made_of((service, period, lines, many), [(service, period, lines, few), *reasons])
        for over in spans.values():
            for one, other in combinations(over, 2):
                self._compare(
                    over, *sorted((one, other), key=lambda period: _days(period)[1] - _days(period)[0])
                )

    def _compare(self, over, short, long):
        """The longer of two spans is the shorter one and some days."""
        (first, last), (begins, ends) = _days(short), _days(long)
        if not (begins <= first and last <= ends):
            return
        whole, part = self._latest[over[long]], self._latest[over[short]]
        if last != ends and any(key in AT_THE_END for key, _line in whole[2]):
            return
        day = dt.timedelta(days=1)
        rest = over.get(_span(begins, first - day) if last == ends else _span(last + day, ends))
        left = self.truth[whole] - self.truth[part]
        if (first == begins or last == ends) and rest and self.truth[self._latest[rest]] == left:
            self.sums.append((whole, (part, self._latest[rest])))
        elif left == 0 and self._groups_of(whole) == self._groups_of(part):
            self.sums.append(
                (whole, (part,))
            )  # nobody came in the other days, of whom some might have been counted
        elif left > 0 and not whole[3].startswith("amount"):
            self.sums.append((whole, (part, self._somebody(("the rest of", whole, part), left))))

    def _groups_of(self, few):
        """How many people there are in the groups of which a share counts these."""
        return {self.truth[people] for one, people in self.parts_of if one == few}

    def _made_of(self, whole, parts, *, others=False):
        whole = self._latest[whole]
        told = [self._latest[part] for part in parts if part in self._latest]
        if not told:
            return
        untold, left = (
            [one for one in parts if one not in self._latest],
            self.truth[whole] - sum(self.truth[one] for one in told),
        )
        if left >= 0 and (untold or (others and left)):
            told.append(self._somebody((whole, *told, *untold), left))
        self.sums.append((whole, tuple(told)))

    def _somebody(self, who, many):
        """People whom no table tells, and whom one can work out from the others."""
        heading = ("", "", "", f"{who}")
        self.truth[heading], self.low[heading], self.high[heading] = many, 0.0, math.inf
        self.untold.add(heading)
        return heading

    def _read(self, report, table):
        whats = [*table.parts, *(["amount"] if table.kind is Kind.AMOUNT else [])]
        for cell, figure in table.cells.items():
            seen = report.figure(table, cell)
            for what in whats:
                truth = getattr(figure, what)
                if truth is None:
                    continue
                heading, told = _heading(table, cell, what), getattr(seen.figure, what)
                assert self.truth.setdefault(heading, truth) == truth
                service, period, lines, population = heading
                first = population.split(" ")
                self._latest[service, period, lines, " ".join([first[0].split("#")[0], *first[1:]])] = heading
                if told is None:
                    self.hidden.add(heading)
                    self.low.setdefault(heading, 0.0)
                    self.high.setdefault(heading, math.inf)
                else:
                    assert told == truth, "what is shown is true"
                    self.low[heading] = self.high[heading] = float(told)
            if table.kind is Kind.SHARE:
                few, people = (_heading(table, cell, part) for part in (Part.NUMERATOR, Part.DENOMINATOR))
                self.parts_of.append((few, people))
                if seen.at_most is not None:
                    self.high[few] = min(self.high[few], seen.figure.denominator * seen.at_most / 100)
                if seen.at_least is not None:
                    self.low[few] = max(self.low[few], seen.figure.denominator * seen.at_least / 100)
        for one in table.relations:
            self.related.append((_people(one.total), [_people(part) for part in one.parts]))
        if table.kind is Kind.AMOUNT:
            self._read_amounts(report, table)
        for one in table.sums:
            for what in table.parts:
                total, parts = (
                    _heading(table, one.total, what),
                    [_heading(table, part, what) for part in one.parts],
                )
                self.sums.append((total, parts))

    def _read_amounts(self, report, table):
        """Each contact stands in one line, whoever stands in several; and of nobody there is none."""
        by_column = {}
        for row, column in table.cells:
            by_column.setdefault(column, []).append(row)
            if report.figure(table, (row, column)).figure.denominator == 0:
                heading = _heading(table, (row, column), "amount")
                self.low[heading] = self.high[heading] = 0.0
        for column, rows in by_column.items():
            if len(rows) > 1 and ALL in rows:
                parts = [_heading(table, (row, column), "amount") for row in rows if row != ALL]
                self.sums.append((_heading(table, (ALL, column), "amount"), parts))

    def recovered(self) -> list:
        """Small counts that cannot be anything from 1 to 4 for this reader, and hidden numbers that they know exactly."""
        found = []
        for heading in sorted(self.hidden | self.untold, key=repr):
            truth = self.truth[heading]
            is_small = 1 <= truth <= 4 and not heading[3].startswith("amount")
            if heading in self.untold and not is_small:
                continue
            if self.low[heading] == self.high[heading]:
                found.append((heading, "shown elsewhere"))
                continue
            least, most = self.between(heading)
            if is_small and (least > 1 + 1e-6 or most < 4 - 1e-6):
                found.append((heading, truth, least, most))
            if most - least < 1 - 1e-6:
                found.append((heading, truth, least, most))
        return found

    def between(self, heading):
        """The least and the most that a number can be, for all that was told."""
        near, told = self._near(heading)
        cost = np.zeros(len(near))
        cost[near[heading]] = 1
        ends = []
        for way in (1, -1):
            answer = linprog(way * cost, method="highs", **told)
            assert answer.status in (0, 3), answer.message
            ends.append(math.inf if answer.status == 3 else way * answer.fun)
        return ends

    def _near(self, heading):
        """What hangs together with a number, by sums or shares: each with its place, and all that is told of them.

        A number that is known holds nothing together.
        """
        if not self._groups:
            beside = defaultdict(list)
            for one in [*((total, *parts) for total, parts, _rest in self.sums), *self.parts_of]:
                for known in one:
                    beside[known].append(one)
            for start in self.truth:
                if start in self._groups or self.low[start] == self.high[start]:
                    continue
                group, edge = {start}, [start]
                while edge:
                    for other in {one for row in beside[edge.pop()] for one in row} - group:
                        group.add(other)
                        if self.low[other] != self.high[other]:
                            edge.append(other)
                found = {one: place for place, one in enumerate(sorted(group, key=repr))}
                told = self._told(found)
                self._groups |= {one: (found, told) for one in group if self.low[one] != self.high[one]}
        return self._groups[heading]

    def _told(self, place):
        sums = [one for one in self.sums if {one[0], *one[1]} <= place.keys()]
        equal = lil_matrix((len(sums), len(place)))
        for row, (total, parts, _rest) in enumerate(sums):
            equal[row, place[total]] += 1
            for part in parts:
                equal[row, place[part]] -= 1
        shares = [one for one in self.parts_of if set(one) <= place.keys()]
        below = lil_matrix((len(shares), len(place)))
        for row, (few, people) in enumerate(shares):
            below[row, place[few]], below[row, place[people]] = 1, -1
        bounds = [(self.low[one], self.high[one] if self.high[one] < math.inf else None) for one in place]
        return {
            "A_eq": equal.tocsr() if sums else None, "b_eq": [rest for *_both, rest in sums] if sums else None,
            "A_ub": below.tocsr() if shares else None, "b_ub": np.zeros(len(shares)) if shares else None, "bounds": bounds,
        }  # fmt: skip

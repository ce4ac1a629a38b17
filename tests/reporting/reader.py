"""A reader with time, all published reports and a solver: how far they can narrow down what is not shown.

They know what the reports tell: every figure shown, every band, what adds up to what, that one heading over the same
people is one number, that shares are parts of their group, and that no count is below nothing. Written without the code
that hides: from the shown figures alone.
"""

import math
from collections import defaultdict

import numpy as np
from scipy.optimize import linprog
from scipy.sparse import lil_matrix

from reporting.tables import ALL, Kind, Part


def _heading(table, cell, what):
    """What a reader takes for one number: which people of which quarter, wherever it stands."""
    part = Part.NUMERATOR if what == Part.NUMERATOR else Part.DENOMINATOR
    people = _people(table.name(cell, part))
    return people if what != "amount" else (*people[:3], f"amount of {table.measure}")


def _people(name):
    """Which people a count is about, as its heading says it: an area's report and the area's line are about the same."""
    service, area, period, _planned = name.scope.split("|")
    return (service, period, frozenset(name.lines | ({("area", area)} if area else set())), name.population)


class Reader:
    """Everything that reports tell, as bounds and sums of unknown numbers."""

    def __init__(self, reports):
        self.low, self.high, self.truth = {}, {}, {}
        self.sums, self.parts_of, self.related = [], [], []
        self.hidden = set()
        for report in reports:
            for table in report.tables:
                self._read(report, table)
        self.sums += [one for one in self.related if {one[0], *one[1]} <= set(self.truth)]

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
        for heading in sorted(self.hidden, key=repr):
            if self.low[heading] == self.high[heading]:
                found.append((heading, "shown elsewhere"))
                continue
            least, most = self.between(heading)
            truth = self.truth[heading]
            if (
                1 <= truth <= 4
                and not heading[3].startswith("amount")
                and (least > 1 + 1e-6 or most < 4 - 1e-6)
            ):
                found.append((heading, truth, least, most))
            if most - least < 1 - 1e-6:
                found.append((heading, truth, least, most))
        return found

    def between(self, heading):
        """The least and the most that a number can be, for all that was told."""
        near = self._near(heading)
        place = {one: number for number, one in enumerate(near)}
        equal, wants = lil_matrix((len(self._all_sums), len(near))), np.zeros(len(self._all_sums))
        used = 0
        for total, parts in self._all_sums:
            if total not in place:
                continue
            equal[used, place[total]] += 1
            for part in parts:
                equal[used, place[part]] -= 1
            used += 1
        below, few_used = lil_matrix((len(self.parts_of), len(near))), 0
        for few, people in self.parts_of:
            if few in place:
                below[few_used, place[few]], below[few_used, place[people]] = 1, -1
                few_used += 1
        cost = np.zeros(len(near))
        cost[place[heading]] = 1
        bounds = [(self.low[one], self.high[one] if self.high[one] < math.inf else None) for one in near]
        ends = []
        for way in (1, -1):
            answer = linprog(
                way * cost, A_eq=equal[:used].tocsr() if used else None, b_eq=wants[:used] if used else None,
                A_ub=below[:few_used].tocsr() if few_used else None,
                b_ub=np.zeros(few_used) if few_used else None, bounds=bounds, method="highs",
            )  # fmt: skip
            assert answer.status in (0, 3), answer.message
            ends.append(math.inf if answer.status == 3 else way * answer.fun)
        return ends

    @property
    def _all_sums(self):
        return self.sums

    def _near(self, heading):
        """What hangs together with a number, by sums or shares."""
        if not hasattr(self, "_groups"):
            beside = defaultdict(set)
            for total, parts in self.sums:
                for part in parts:
                    beside[total].add(part)
                    beside[part].add(total)
            for few, people in self.parts_of:
                beside[few].add(people)
                beside[people].add(few)
            self._groups, done = {}, set()
            for start in self.truth:
                if start in done:
                    continue
                group, edge = {start}, [start]
                while edge:
                    for other in beside[edge.pop()] - group:
                        group.add(other)
                        edge.append(other)
                done |= group
                ordered = sorted(group, key=repr)
                self._groups.update(dict.fromkeys(group, ordered))
        return self._groups[heading]

"""Finds what has to be hidden beside the small counts, so that no sum, other table or earlier report gives them away.

For each small count and each way it must be able to go (down to 1, up to 4), we look for the cheapest other set of
numbers that would fit all sums: a linear program, by scipy's solver. What moves in it is hidden. So, for whoever sees
the rest, that other set is as possible as the truth; the count cannot be narrowed down further. What was shown in an
earlier report is not moved; what was hidden there stays hidden.
"""

import math
from collections.abc import Iterable

import numpy as np
from scipy.optimize import linprog
from scipy.sparse import csr_matrix, hstack

from reporting.suppression.shown import Shown
from reporting.suppression.system import Known, System
from reporting.tables import Table

_MOVED = 1e-7
#: What hiding costs: almost nothing where it is hidden already, more for a number of many, most for a total of all; of a share rather
#: those it counts than the group.
_ALREADY, _OF_ALL, _ZERO, _COUNTED = 1e-5, 25.0, 4.0, 0.5


class CannotProtect(Exception):
    """What was published before gives a small count away, whatever is hidden now. Its text names no number."""


def suppress(tables: Iterable[Table], *, earlier: Iterable[Shown] = ()) -> Shown:
    """The report of these tables as it may be shown to readers who have all ``earlier`` ones, those of other contracts too.

    Raises CannotProtect, and ValueError where the tables contradict each other or an earlier report.
    """
    tables, earlier = tuple(tables), tuple(earlier)
    system = System()
    for report in earlier:
        system.take_in(report.tables)
    old = set(system.values)
    system.take_in(tables)
    hidden = {known for report in earlier for known in report.hidden}
    shown = old - hidden - system.nowhere
    hidden |= {known for known in system.needed if known not in shown}
    for part in system.parts():
        if not old.issuperset(
            part.values
        ):  # what holds earlier numbers alone was protected when they went out
            hidden |= _Piece(part, shown).hide(hidden)
    return Shown(tables, frozenset(hidden - system.nowhere))


class _Piece:
    """Numbers that hang together: the matrix of their sums, and what hiding each of them costs."""

    def __init__(self, system: System, shown: set[Known]):
        self.system, self.shown = system, shown
        self.numbers = list(system.values)
        self.place = {known: place for place, known in enumerate(self.numbers)}
        self.value = np.array([system.values[known] for known in self.numbers], dtype=float)
        rows, columns, signs = [], [], []
        for row, (total, parts) in enumerate(sorted(system.sums, key=repr)):
            for known, sign in ((total, 1.0), *((one, -1.0) for one in sorted(parts, key=repr))):
                rows.append(row)
                columns.append(self.place[known])
                signs.append(sign)
        sums = csr_matrix((signs, (rows, columns)), shape=(len(system.sums), len(self.numbers)))
        self.sums = hstack([sums, -sums], format="csr") if system.sums else None
        self.cost = np.array([self._price(known) for known in self.numbers])
        self.up = np.array([self._room_above(known) for known in self.numbers])
        self.down = np.where([known in shown for known in self.numbers], 0.0, self.value)

    def _price(self, known: Known) -> float:
        if known in self.system.nowhere:
            return 0.0
        value = self.system.values[known]
        price = _ZERO if not value else 1 + math.log2(1 + abs(value))
        if known in self.system.counted:
            price *= _COUNTED
        return price * (1 if known[1].lines else _OF_ALL)

    def _room_above(self, known: Known) -> float:
        if known in self.shown:
            return 0.0
        return max(0.0, self.system.at_most.get(known, math.inf) - self.system.values[known])

    def hide(self, hidden: set[Known]) -> set[Known]:
        """All that is hidden among these numbers, what was hidden before included."""
        out = {known for known in self.numbers if known in hidden}
        free: set[Known] = set()
        needs = sorted(self.system.needed.items(), key=lambda one: (self.system.values[one[0]], repr(one[0])))
        for known, needed in needs:
            if known in self.shown:
                continue  # it was out before it was small, or small before there was a rule
            value = self.system.values[known]
            for target in (needed.low, needed.high):
                if target != value:
                    moved = self._moved_by(known, target - value, out)
                    out, free = out | moved, free | moved
        # What is hidden for the sake of another, perhaps in an earlier report, is not to be known exactly either.
        while left := sorted(out - free - self.system.nowhere, key=repr):
            moved = self._moved_by(left[0], 1.0, out) | {left[0]}
            out, free = out | moved, free | moved
        return out - self.system.nowhere

    def _moved_by(self, known: Known, by: float, hidden: set[Known]) -> set[Known]:
        """Which numbers move when this one does: hidden ones for nothing, others for their price."""
        if self.sums is None:
            return set()
        many, place = len(self.numbers), self.place[known]
        already = [one in hidden for one in self.numbers]
        cost = np.where(already, np.minimum(self.cost, _ALREADY), self.cost)
        high = np.concatenate([self.up, self.down])
        low = np.zeros(2 * many)
        ahead, back = (place, place + many) if by > 0 else (place + many, place)
        low[ahead] = high[ahead] = abs(by)
        high[back] = 0.0
        found = linprog(
            np.concatenate([cost, cost]), A_eq=self.sums, b_eq=np.zeros(self.sums.shape[0]),
            bounds=np.column_stack([low, high]), method="highs",
        )  # fmt: skip
        if not found.success:
            raise CannotProtect("A small count cannot be kept in: what was published before gives it away.")
        moved = found.x[:many] + found.x[many:] > _MOVED
        return {one for one, is_moved in zip(self.numbers, moved, strict=True) if is_moved}

"""Finds what has to be hidden beside the small counts, so that no sum, other table or earlier report gives them away.

For each small count and each way it must be able to go (down to 1, up to 4), we look for the cheapest other set of
numbers that would fit all sums: a linear program, by scipy's solver. What moves in it is hidden. So, for whoever sees
the rest, that other set is as possible as the truth; the count cannot be narrowed down further. What was shown in an
earlier report is not moved; what was hidden there stays hidden.
"""

import math
from collections.abc import Iterable
from itertools import product

import numpy as np
from scipy.optimize import linprog
from scipy.sparse import csr_matrix, hstack

from reporting.suppression.shown import Shown
from reporting.suppression.system import Adding, Known, System
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
    for part in system.parts(shown):
        if part.needed and not old.issuperset(part.values):
            # what holds earlier numbers alone was protected when they went out
            hidden |= _Piece(part, shown, old).hide(hidden)
    return Shown(tables, frozenset(hidden - system.nowhere))


class _Piece:
    """Numbers that hang together: the matrices of their sums, and what hiding each of them costs.

    A number that is shown does not move, and so has no place in it.
    """

    def __init__(self, system: System, shown: set[Known], old: set[Known]):
        self.system, self.shown, self.old = system, shown, old
        self.numbers = list(system.values)
        self.place = {known: place for place, known in enumerate(self.numbers)}
        self.value = np.array([system.values[known] for known in self.numbers], dtype=float)
        self.exact = self._matrix(system.sums)
        self.with_nearly = self._matrix(system.sums | system.nearly) if system.nearly else None
        self.cost = np.array([self._price(known) for known in self.numbers])
        self.up = np.array([self._room_above(known) for known in self.numbers])
        self.down = self.value

    def _matrix(self, sums: set[Adding]):
        rows, columns, signs = [], [], []
        for row, (total, parts) in enumerate(sorted(sums, key=repr)):
            for known, sign in ((total, 1.0), *((one, -1.0) for one in sorted(parts, key=repr))):
                if known in self.place:
                    rows.append(row)
                    columns.append(self.place[known])
                    signs.append(sign)
        found = csr_matrix((signs, (rows, columns)), shape=(len(sums), len(self.numbers)))
        return hstack([found, -found], format="csr")

    def _price(self, known: Known) -> float:
        if known in self.system.nowhere:
            return 0.0
        value = self.system.values[known]
        price = _ZERO if not value else 1 + math.log2(1 + abs(value))
        if known in self.system.counted:
            price *= _COUNTED
        return price * (1 if known[1].lines else _OF_ALL)

    def _room_above(self, known: Known) -> float:
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
                    moved = self._moved_by(known, (target - value,), out)
                    out, free = out | moved, free | moved
        # What is hidden for the sake of another, perhaps in an earlier report, is not to be known exactly either.
        while left := sorted(out - free - self.system.nowhere, key=repr):
            ways = (1.0, -1.0) if self.system.values[left[0]] >= 1 else (1.0,)
            moved = self._moved_by(left[0], ways, out) | {left[0]}
            out, free = out | moved, free | moved
        return out - self.system.nowhere

    def _moved_by(self, known: Known, ways: tuple[float, ...], hidden: set[Known]) -> set[Known]:
        """Which numbers move when this one does, in the first way that it can: hidden ones for nothing, others for their price.

        What adds up nearly is held to as if it were exact, as long as that goes. What earlier reports give away by
        themselves is out: to hold back later ones would bring nothing back. Raises CannotProtect for anything else.
        """
        already = np.array([one in hidden for one in self.numbers])
        cost = np.where(already, np.minimum(self.cost, _ALREADY), self.cost)
        for sums, by in product((self.with_nearly, self.exact), ways):
            if sums is not None and (moved := self._solved(sums, cost, self.place[known], by)) is not None:
                return {one for one, is_moved in zip(self.numbers, moved, strict=True) if is_moved}
        if known in self.old:
            return set()
        raise CannotProtect("A small count cannot be kept in: what was published before gives it away.")

    def _solved(self, sums, cost, place: int, by: float):
        many = len(self.numbers)
        high = np.concatenate([self.up, self.down])
        low = np.zeros(2 * many)
        ahead, back = (place, place + many) if by > 0 else (place + many, place)
        low[ahead] = high[ahead] = abs(by)
        high[back] = 0.0
        found = linprog(
            np.concatenate([cost, cost]), A_eq=sums, b_eq=np.zeros(sums.shape[0]),
            bounds=np.column_stack([low, high]), method="highs",
        )  # fmt: skip
        return found.x[:many] + found.x[many:] > _MOVED if found.success else None

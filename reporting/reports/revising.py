"""Numbers that were published before: used again where a trend looks back, and told apart where they have changed.

What is entered late changes a number after it went out. The new one is another number then, with a name of its own, so
that both stand side by side in what a reader knows; what has not changed keeps its name, and stays the same number.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace

from reporting.reports.content import Entry
from reporting.suppression import Shown
from reporting.suppression.names import MARK, anywhere, counted_first
from reporting.suppression.system import Known, amount_of, known_as
from reporting.tables import Cell, Figure, Kind, Name, Part, Relation, Table


@dataclass(frozen=True)
class RevisedTable(Table):
    """A table some of whose numbers have other names than before they changed."""

    revised: Mapping[Name, Name] = field(default_factory=dict)

    def name(self, cell: Cell, part: Part) -> Name:
        """What a count counts, as counted this time."""
        name = super().name(cell, part)
        return self.revised.get(name, name)

    @property
    def first_names(self) -> Table:
        """The same table with the names that its numbers had when they were counted first."""
        return replace(self, revised={})


def _first(table: Table) -> Table:
    return table.first_names if isinstance(table, RevisedTable) else table


class Published:
    """All numbers of a service that were published so far, each with the values it had."""

    def __init__(self, tables: Iterable[Table] = ()):
        self._figures: dict[tuple, Figure] = {}
        self._values: dict[Name, list[tuple[Name, tuple]]] = defaultdict(list)
        for table in tables:
            self._take_in(table)

    def _take_in(self, table: Table) -> None:
        first = _first(table)
        for cell, figure in table.cells.items():
            self._figures[_of_figure(first, cell)] = figure
        for name, value in _values_of(table):
            known = self._values[anywhere(name[0])]
            pair = (name[1], value)
            if pair not in known:
                known.append(pair)

    def looking_back(self, table: Table) -> Table:
        """A trend with the figures as they were published, where they were; this quarter's as they were counted."""
        if not table.columns or not table.columns[0].scope:
            return table
        *before, _now = (line.key for line in table.columns)
        cells = {
            cell: self._figures.get(_of_figure(table, cell), figure) if cell[1] in before else figure
            for cell, figure in table.cells.items()
        }
        return replace(table, cells=cells)

    def revise(self, entries: Iterable[Entry]) -> list[Entry]:
        """The same tables, with names of their own for the numbers that are not what was published."""
        entries = list(entries)
        tables = self._revised([entry.table for entry in entries])
        return [replace(entry, table=table) for entry, table in zip(entries, tables, strict=True)]

    def told_apart(self, report: Shown) -> Shown:
        """Take in a report that is out, after all that went out before; its numbers, told apart from theirs by name.

        Two that differ have had one name where it was not known then that two contracts count the same, and something
        was entered late between the reports.
        """
        told = report
        if any(self._contradicts(table) for table in report.tables):
            tables = tuple(self._revised(report.tables))
            now = dict(
                pair for old, new in zip(report.tables, tables, strict=True) for pair in _knowns_of(old, new)
            )
            told = Shown(tables, frozenset(now.get(known, known) for known in report.hidden))
        for table in told.tables:
            self._take_in(table)
        return told

    def _contradicts(self, table: Table) -> bool:
        return any(
            anywhere(old) == anywhere(name) and what == value[0] and count != value[1]
            for (first, name), value in _values_of(table)
            for old, (what, count) in self._values.get(anywhere(first), ())
        )

    def _revised(self, tables: Iterable[Table]) -> list[Table]:
        tables = list(tables)
        together: dict[Name, dict[Name, dict]] = defaultdict(dict)
        for table in tables:
            for (first, _name), value in _values_of(table):
                together[anywhere(first)].setdefault(first, {}).update(dict([value]) if value else {})
        revised: dict[Name, Name] = {}
        for key, names in together.items():
            if key not in self._values:
                continue
            wanted = {what: value for values in names.values() for what, value in values.items()}
            same = next((name for name, values in self._with_all(key) if _agree(values, wanted)), None)
            counting = same.population.partition(MARK)[2] if same else str(len(self._values[key]) + 1)
            if counting:
                revised |= {
                    first: replace(first, population=f"{first.population}{MARK}{counting}") for first in names
                }
        return [_renamed(_first(table), revised) for table in tables]

    def _with_all(self, key: Name):
        """Each name that a number has had, latest first, with the values that were published under it."""
        found: dict[Name, dict] = {}
        for name, value in self._values[key]:
            found.setdefault(name, {}).update(dict([value]) if value else {})
        return reversed(list(found.items()))


def _agree(old: dict, new: dict) -> bool:
    return all(old[what] == value for what, value in new.items() if what in old)


def _values_of(table: Table):
    """Every count of people with its two names (first, now) and its value; what was added up of them too."""
    first = _first(table)
    for cell, part, count in table.counts():
        names = (first.name(cell, part), table.name(cell, part))
        yield names, (Part.NUMERATOR, count)
        if table.kind is Kind.AMOUNT and table.cells[cell].amount is not None:
            yield names, (table.measure, table.cells[cell].amount)


def _of_figure(table: Table, cell: Cell) -> tuple:
    part = table.parts[0]
    return (table.measure, known_as(table, cell, part))


def _knowns_of(old: Table, new: Table) -> Iterator[tuple[Known, Known]]:
    """The numbers of a table by the names that they had and have."""
    for cell, part, _count in old.counts():
        before, now = known_as(old, cell, part), known_as(new, cell, part)
        yield before, now
        if old.kind is Kind.AMOUNT:
            yield amount_of(before, old), amount_of(now, new)


def _renamed(table: Table, revised: Mapping[Name, Name]) -> Table:
    """A table whose numbers, and sums with those of other tables, have the names of this counting."""
    own = {name for (name, _now), _value in _values_of(table)}
    others = {counted_first(name) for one in table.relations for name in (one.total, *one.parts)}
    mine = {name: revised[name] for name in (own | others) if name in revised}
    relations = tuple(
        Relation(_in(mine, one.total), tuple(_in(mine, part) for part in one.parts))
        for one in table.relations
    )
    if not mine and relations == table.relations:
        return table
    values = {name: getattr(table, name) for name in table.__dataclass_fields__ if name != "revised"}
    return RevisedTable(**values | {"relations": relations, "revised": mine})


def _in(revised: Mapping[Name, Name], name: Name) -> Name:
    first = counted_first(name)
    return revised.get(first, first)

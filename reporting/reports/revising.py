"""Numbers that were published before: used again where a trend looks back, and told apart where they have changed.

What is entered late changes a number after it went out. The new one is another number then, with a name of its own, so
that both stand side by side in what a reader knows; what has not changed keeps its name, and stays the same number.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from reporting.reports.content import Entry
from reporting.suppression.system import known_as
from reporting.tables import Cell, Figure, Kind, Name, Part, Relation, Table

#: What stands between the population of a number and which counting of it this is.
_MARK = "#"


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
        self._values: dict[tuple, list[tuple[Name, tuple]]] = defaultdict(list)
        for table in tables:
            self._take_in(table)

    def _take_in(self, table: Table) -> None:
        first = _first(table)
        for cell, figure in table.cells.items():
            self._figures[_of_figure(first, cell)] = figure
        for name, value in _values_of(table):
            known = self._values[_key(name[0])]
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
        together: dict[tuple, dict[Name, dict]] = defaultdict(dict)
        for entry in entries:
            for (first, _name), value in _values_of(entry.table):
                together[_key(first)].setdefault(first, {}).update(dict([value]) if value else {})
        revised: dict[Name, Name] = {}
        for key, names in together.items():
            if key not in self._values:
                continue
            wanted = {what: value for values in names.values() for what, value in values.items()}
            same = next((name for name, values in self._with_all(key) if _agree(values, wanted)), None)
            for first in names:
                target = same or replace(
                    first, population=f"{first.population}{_MARK}{len(self._values[key]) + 1}"
                )
                if (target.population, target.lines) != (first.population, first.lines):
                    revised[first] = replace(first, population=target.population)
        return [replace(entry, table=_renamed(entry.table, revised)) for entry in entries]

    def _with_all(self, key: tuple):
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


def _key(name: Name) -> tuple:
    """What is the same for a number wherever it stands: an area's own report and the line of that area in another."""
    return _anywhere(name)


def _anywhere(name: Name) -> tuple:
    service, area, period, planned = (*name.scope.split("|"), "", "", "")[:4]
    lines = name.lines | ({("area", area)} if area else set())
    return (service, period, planned, name.population, frozenset(lines))


def _of_figure(table: Table, cell: Cell) -> tuple:
    part = table.parts[0]
    return (table.measure, known_as(table, cell, part))


def _renamed(table: Table, revised: Mapping[Name, Name]) -> Table:
    """A table whose numbers, and sums with those of other tables, have the names of this counting."""
    own = {name for (name, _now), _value in _values_of(table)}
    others = {name for one in table.relations for name in (one.total, *one.parts)}
    mine = {name: revised[name] for name in (own | others) if name in revised}
    if not mine:
        return table
    relations = tuple(
        Relation(mine.get(one.total, one.total), tuple(mine.get(part, part) for part in one.parts))
        for one in table.relations
    )
    values = {name: getattr(table, name) for name in table.__dataclass_fields__ if name != "revised"}
    return RevisedTable(**values | {"relations": relations, "revised": mine})

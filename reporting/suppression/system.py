"""All tables of all reports put together: every number once, what it adds up to, and how far it may be moved."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import combinations

from reporting.suppression import names
from reporting.suppression.names import anywhere
from reporting.suppression.rules import Needed, band, of_amount, of_count, of_rest
from reporting.tables import Kind, Name, Part, Sum, Table

#: What tells a number from every other: a count by its name, an amount by its measure too, and the rest of a share.
Known = tuple[str, Name, str]
_COUNT, _AMOUNT, _REST, _UNTOLD = "people", "amount", "rest", "untold"
#: A total and its parts.
Adding = tuple[Known, frozenset[Known]]


def known_as(table: Table, cell, part: Part) -> Known:
    """The count of a cell. An area of a service is the same as the line of that area in a table of the whole service."""
    return counted_as(table.name(cell, part))


def counted_as(name: Name) -> Known:
    """A count by its name."""
    return (_COUNT, anywhere(name), "")


def as_named_now(known: Known) -> Known:
    """What was hidden in a report that is out, by what its name stands for today."""
    return (known[0], anywhere(known[1]), known[2])


def amount_of(people: Known, table: Table) -> Known:
    """What was added up of the people of a cell."""
    return (_AMOUNT, people[1], table.measure)


def rest_of(people: Known, counted: str) -> Known:
    """Those of a group whom a share does not count. They stand in no table: whoever sees both others knows them."""
    return (_REST, people[1], counted)


def _within(people: Known, few: Known) -> str:
    """Whom a share counts of its people: a population, and the lines by which it is narrower than they are."""
    narrower = sorted(few[1].lines - people[1].lines)
    agreed = names.narrowed_by(few[1])
    told = ["=".join(line) for line in narrower] + ([agreed] if agreed else [])
    return "|".join([few[1].population, *told])


@dataclass
class System:
    """Every number of the reports with its value; which add up to which; and what has to stay possible of which."""

    values: dict[Known, float] = field(default_factory=dict)
    sums: set[Adding] = field(default_factory=set)
    #: What adds up but for people whom no table tells, or for what was entered late.
    nearly: set[Adding] = field(default_factory=set)
    needed: dict[Known, Needed] = field(default_factory=dict)
    #: Numbers that stand in no table.
    nowhere: set[Known] = field(default_factory=set)
    #: Numerators of shares.
    counted: set[Known] = field(default_factory=set)
    #: The most that a band leaves possible of a number.
    at_most: dict[Known, float] = field(default_factory=dict)
    #: Every count by its first name, as it was counted last; and those that are made of others, told or not, with their ways.
    _latest: dict[Name, Known] = field(default_factory=dict)
    _wholes: dict[Name, list[tuple[list[Name], bool]]] = field(default_factory=dict)
    #: Every number that came about over a span of days, by what it is but for the span; and all spans.
    _by_span: dict[Known, dict[str, Known]] = field(default_factory=lambda: defaultdict(dict))
    _spans: set[str] = field(default_factory=set)

    def take_in(self, tables: Sequence[Table]) -> None:
        """Add the numbers of tables. Raises ValueError where one name has two values: then the tables are wrong."""
        for table in tables:
            for cell, part, count in table.counts():
                self._set(known_as(table, cell, part), count, of_count(count))
            for part in table.parts:
                self._sums_of(
                    table, table.sums, lambda cell, part=part, table=table: known_as(table, cell, part)
                )
            if table.kind is Kind.SHARE:
                self._shares_of(table)
            if table.kind is Kind.AMOUNT:
                self._amounts_of(table)
        for relation in (one for table in tables for one in table.relations):
            self._relate(counted_as(relation.total), {counted_as(part) for part in relation.parts})
        told = {names.counted_first(known[1]): known for known in _counts_of(tables)}
        self._latest |= told
        for whole in {whole for name in told if (whole := names.whole_of(name))} - self._wholes.keys():
            self._wholes[whole] = list(names.ways_of(whole))
        self._relate_wholes()
        self._relate_planned()
        self._relate_spans(tables)

    def _set(self, known: Known, value: float, needed: Needed | None) -> None:
        if self.values.setdefault(known, value) != value:
            raise ValueError(f"{known[1].population} has two values: {self.values[known]:g} and {value:g}.")
        if needed:
            self.needed[known] = needed

    def _sums_of(self, table: Table, sums: Sequence[Sum], known) -> None:
        for one in sums:
            if all(cell in table.cells for cell in (one.total, *one.parts)):
                total, parts = known(one.total), frozenset(map(known, one.parts))
                if total in self.values and parts <= set(self.values) and parts != {total}:
                    self.sums.add((total, parts))

    def _relate(self, total: Known, parts: set[Known], *, with_others: bool = False) -> None:
        """What adds up across tables. Whom no table tells of it is worked out from the others, and so is small or not.

        ``with_others``: some people may be in none of the parts for a while. Where nobody is, a reader takes it for exact,
        and so do we. Where all parts are told and do not make the total, some people went another way: how many is no
        count of anybody, and we do not rely on its being unknown.
        """
        told = {part for part in parts if part in self.values}
        if total not in self.values or not told or told == {total}:
            return
        left = self.values[total] - sum(self.values[part] for part in told)
        if (told != parts and left >= 0) or (with_others and left > 0):
            untold = rest_of(total, repr((left, sorted(parts - told, key=repr))))
            self._set(untold, left, of_count(int(left)))
            self.nowhere.add(untold)
            self.sums.add((total, frozenset(told | {untold})))
        else:
            (self.nearly if left else self.sums).add((total, frozenset(told)))

    def _relate_wholes(self) -> None:
        """What the definitions say: of the numbers as they were counted last, a whole in each of its ways."""
        for whole, made_of in self._wholes.items():
            ways = [
                ({self._latest.get(part) or counted_as(part) for part in way}, with_others)
                for way, with_others in made_of
            ]
            total = self._latest.get(whole)
            if total is None:
                told = [one for one in ways if one[0] <= self.values.keys()]
                if len(told) < 2:
                    continue
                ways, first = told, told[0][0]
                total = (_UNTOLD, whole, repr(sorted(first, key=repr)))
                self._set(total, sum(self.values[part] for part in first), None)
                self.nowhere.add(total)
            for way, with_others in ways:
                self._relate(total, way, with_others=with_others)

    def _relate_planned(self) -> None:
        """Planned closures as two contracts count them: the more are the fewer, and those whose reason is moved."""
        together = defaultdict(list)
        for name in self._latest:
            if name.population in names.BY_PLANNED:
                together[names.of_any_contract(name)].append(name)
        for group in together.values():
            for one, other in combinations(sorted(group, key=repr), 2):
                moved = names.reasons_moved(one, other) or names.reasons_moved(other, one)
                if moved:
                    few, many, reasons = moved
                    parts = {self._latest.get(reason, counted_as(reason)) for reason in reasons}
                    self._relate(self._latest[many], {self._latest[few], *parts})
                else:
                    self._compare(*(self._latest[name] for name in (one, other)))

    def _relate_spans(self, tables: Sequence[Table]) -> None:
        """What two contracts count over days of which some are the same: the longer is the shorter, and the other days."""
        for known in [*_counts_of(tables), *_amounts_of(tables)]:
            first = (known[0], names.counted_first(known[1]), known[2])
            if span := names.span_of(first[1]):
                self._by_span[first[0], names.over(first[1], ""), first[2]][span] = known
                self._spans.add(span)
        nested = [
            (short, long) for short in self._spans for long in self._spans if names.lies_in(short, long)
        ]
        if not nested:
            return
        for (_kind, name, _measure), over in self._by_span.items():
            for short, long in nested:
                if short in over and long in over and names.compares(name, short, long):
                    rest = over.get(names.rest_of_span(short, long))
                    if rest and self.values[over[long]] == self.values[over[short]] + self.values[rest]:
                        self.sums.add((over[long], frozenset((over[short], rest))))
                    else:
                        self._compare(over[long], over[short])

    def _compare(self, one: Known, other: Known) -> None:
        """Two numbers of which a reader takes the one for a part of the other: who is left is worked out, and so is few or not.

        Where nobody is left they are taken for one number. What is left of amounts belongs to no few people.
        """
        if self.values[one] < self.values[other]:
            one, other = other, one
        left = self.values[one] - self.values[other]
        if not left:
            self.nearly.add((one, frozenset((other,))))
        elif one[0] == _COUNT:
            rest = rest_of(one, repr((left, other)))
            self._set(rest, left, of_count(int(left)))
            self.nowhere.add(rest)
            self.sums.add((one, frozenset((other, rest))))

    def _shares_of(self, table: Table) -> None:
        for cell, figure in table.cells.items():
            if figure.numerator is None or figure.denominator is None:
                continue
            few, people = (known_as(table, cell, part) for part in (Part.NUMERATOR, Part.DENOMINATOR))
            rest, count = rest_of(people, _within(people, few)), figure.denominator - figure.numerator
            narrowed = bool(people[1].lines)
            self._set(rest, count, of_rest(count, narrowed=narrowed) if figure.denominator else None)
            self.nowhere.add(rest)
            self.counted.add(few)
            self.sums.add((people, frozenset((few, rest))))
            if narrowed and figure.numerator == 0 and figure.denominator:
                self.needed[few] = Needed(0, 1)
            if (up_to := band(figure.denominator)) is not None:
                most = figure.denominator * up_to // 100
                self.at_most |= {one: most for one in (few, rest) if one in self.needed}

    def _amounts_of(self, table: Table) -> None:
        for cell, figure in table.cells.items():
            if figure.amount is None:
                continue
            people = known_as(table, cell, Part.DENOMINATOR)
            small = figure.denominator is not None and of_count(figure.denominator)
            amount = amount_of(people, table)
            self._set(amount, figure.amount, of_amount(figure.amount) if small else None)
            if figure.denominator == 0:
                self.at_most[amount] = 0  # of nobody there is nothing: to hide that would hide nothing else
        self._sums_of(
            table,
            table.sums_of_amounts,
            lambda cell: amount_of(known_as(table, cell, Part.DENOMINATOR), table),
        )

    def parts(self, fixed: set[Known]) -> list["System"]:
        """The same in pieces that have nothing to do with each other; what is ``fixed`` does not move, and ties nothing."""
        parent = {known: known for known in self.values if known not in fixed}

        def root(known):
            while parent[known] != known:
                parent[known] = known = parent[parent[known]]
            return known

        def loose(adding):
            return [one for one in (adding[0], *adding[1]) if one in parent]

        for adding in (*self.sums, *self.nearly):
            first, *others = loose(adding) or [None]
            for one in others:
                parent[root(one)] = root(first)
        together = defaultdict(set)
        for known in parent:
            together[root(known)].add(known)
        sums, nearly = defaultdict(set), defaultdict(set)
        for kept, all_of_them in ((sums, self.sums), (nearly, self.nearly)):
            for adding in all_of_them:
                if found := loose(adding):
                    kept[root(found[0])].add(adding)
        return [
            replace(
                self, values={known: self.values[known] for known in sorted(group, key=repr)}, sums=sums[head],
                nearly=nearly[head], needed={known: self.needed[known] for known in group & self.needed.keys()},
            )
            for head, group in together.items()
        ]  # fmt: skip


def _counts_of(tables: Sequence[Table]) -> Iterator[Known]:
    for table in tables:
        for cell, part, _count in table.counts():
            yield known_as(table, cell, part)


def _amounts_of(tables: Sequence[Table]) -> Iterator[Known]:
    for table in tables:
        if table.kind is Kind.AMOUNT:
            for cell, figure in table.cells.items():
                if figure.amount is not None:
                    yield amount_of(known_as(table, cell, Part.DENOMINATOR), table)

"""Counts a measure: the table of its figures for a scope, by whatever it is broken down by, over one period or several."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import product

from django.utils.translation import gettext as _

from reporting import asking
from reporting.asking import Asked, Question
from reporting.measures import Dimension, Keyed, Measure, dimension_of
from reporting.scope import Scope
from reporting.sight import Sight
from reporting.tables import ALL, Cell, Figure, Kind, Line, Name, Relation, Sum, Table

NOTHING: Mapping[str, str] = {}
_ZERO = {
    Kind.COUNT: Figure(numerator=0),
    Kind.SHARE: Figure(numerator=0, denominator=0),
    Kind.SPREAD: Figure(denominator=0),
    Kind.AMOUNT: Figure(denominator=0, amount=0),
}


class NoSuchBreakdown(LookupError):
    """A measure was to be broken down by something that it has no breakdown by."""


@dataclass(frozen=True)
class Wanted:
    """A table that is wanted: a measure by up to two breakdowns over a scope; or over several, each a column of its own.

    ``over`` are (key, words, scope) of a trend, oldest first, and ``scope`` its last.
    """

    measure: Measure
    scope: Scope
    rows: str = ""
    columns: str = ""
    over: tuple[tuple[str, str, Scope], ...] = ()

    @property
    def scopes(self) -> tuple[Scope, ...]:
        """The scopes that are counted."""
        return tuple(scope for _key, _words, scope in self.over) or (self.scope,)


@dataclass(frozen=True)
class _Plan:
    """How a wanted table is counted: what its rows and columns are, and by which sets of breakdowns it is asked."""

    wanted: Wanted
    by_rows: Dimension | None
    by_columns: Dimension | None
    sets: frozenset[tuple[str, ...]]

    @property
    def chosen(self) -> tuple[Dimension, ...]:
        return tuple(one for one in (self.by_rows, self.by_columns) if one)


def count(
    measure: Measure,
    scope: Scope,
    *,
    sight: Sight,
    rows: str = "",
    columns: str = "",
    only: Mapping[str, str] = NOTHING,
) -> Table:
    """The table of a measure by up to two breakdowns. One query.

    ``only`` narrows the cases down to lines of breakdowns of a case. Raises NoSuchBreakdown. A measure whose lines may
    hold one person several times (each domain of need, say) is always shown by them.
    """
    return count_together([Wanted(measure, scope, rows, columns)], sight=sight, only=only)[0]


def trend(
    measure: Measure,
    scopes: Sequence[tuple[str, str, Scope]],
    *,
    sight: Sight,
    rows: str = "",
    only: Mapping[str, str] = NOTHING,
) -> Table:
    """The same measure over several periods, a column each: (key, words, scope), oldest first. One query.

    Raises NoSuchBreakdown, also for a breakdown that stands as it stood at the end of each period: that would be another
    one in each column.
    """
    over = tuple(scopes)
    return count_together([Wanted(measure, over[-1][2], rows, over=over)], sight=sight, only=only)[0]


def count_together(
    wanted: Sequence[Wanted], *, sight: Sight, only: Mapping[str, str] = NOTHING
) -> list[Table]:
    """Several tables of one scope, in their order, each as if it were counted by itself. One query for all.

    The scope is that of each table, and the last one of each trend. Raises NoSuchBreakdown.
    """
    plans = [_planned(one) for one in wanted if one.measure.is_recorded]
    together: dict[tuple, list[_Plan]] = {}
    for plan in plans:
        together.setdefault((plan.wanted.measure.key, plan.wanted.scopes), []).append(plan)
    asked = [_asked(group, sight, only) for group in together.values()]
    found: list[list[dict]] = []
    if asked:
        with sight.looking(plans[0].wanted.scope.service):
            found = asking.grouped(asked)
    rows_of = dict(zip(together, found, strict=True))
    tables = iter(_built(plan, rows_of[plan.wanted.measure.key, plan.wanted.scopes], only) for plan in plans)
    return [
        next(tables) if one.measure.is_recorded else _nothing(one.measure, one.scope, only) for one in wanted
    ]


def _planned(wanted: Wanted) -> _Plan:
    measure = wanted.measure
    rows, columns = _with_what_splits(measure, wanted.rows, wanted.columns)
    by_rows, by_columns = _breakdown(measure, rows), _breakdown(measure, columns)
    if wanted.over and (columns or (by_rows and by_rows.at_the_end)):
        raise NoSuchBreakdown(wanted.rows)
    always = measure.always_split
    keys = [one.key for one in (by_rows, by_columns) if one]
    sets = frozenset(one for one in _sets(keys) if always is None or always.key in one)
    return _Plan(wanted, by_rows, by_columns, sets)


def _asked(plans: list[_Plan], sight: Sight, only: Mapping[str, str]) -> Asked:
    """The tables of one measure over the same scopes, in one question."""
    dimensions = {one.key: one for plan in plans for one in plan.chosen}
    order = list(dimensions)
    sets = {tuple(sorted(one, key=order.index)) for plan in plans for one in plan.sets}
    first = plans[0].wanted
    return Asked(
        Question(first.measure, first.scopes, sight, only), tuple(dimensions.values()), frozenset(sets)
    )


def _built(plan: _Plan, rows: list[dict], only: Mapping[str, str]) -> Table:
    """A wanted table out of the rows of its question, those of other tables among them."""
    wanted, measure, always = plan.wanted, plan.wanted.measure, plan.wanted.measure.always_split
    sets = {frozenset(one) for one in plan.sets}
    found = [row for row in rows if frozenset(row["grouped"]) in sets]
    row_lines = _lines(plan.by_rows, found, wanted.scope, always)
    if wanted.over:
        column_lines = tuple(
            Line(key, text, scope=_scope_key(scope, only)) for key, text, scope in wanted.over
        )
    else:
        column_lines = _lines(plan.by_columns, found, wanted.scope, always)
    cells = dict.fromkeys(
        product((one.key for one in row_lines), (one.key for one in column_lines)), _ZERO[measure.kind]
    )
    for row in found:
        column = wanted.over[row["which"]][0] if wanted.over else _key(row, plan.by_columns)
        cells[_key(row, plan.by_rows), column] = _figure(measure, row)
    return _table(measure, wanted.scope, only, plan.by_rows, plan.by_columns, row_lines, column_lines, cells)


def records(
    measure: Measure,
    scope: Scope,
    *,
    sight: Sight,
    lines: Mapping[str, str] = NOTHING,
    only: Mapping[str, str] = NOTHING,
    hits: bool = True,
) -> list:
    """The keys of the cases behind a figure, those that the sight shows: one query.

    With ``hits`` those in the numerator of a share, else all of its denominator. Raises NoSuchBreakdown. A figure about
    members of staff has no cases behind it.
    """  # fmt: skip
    if not measure.is_recorded or measure.keyed is Keyed.WORKER:
        return []
    dimensions = [one for key in lines if (one := _breakdown(measure, key))]
    with sight.looking(scope.service):
        return asking.keys_behind(Question(measure, (scope,), sight, only), lines, dimensions, hits=hits)


def _breakdown(measure: Measure, key: str) -> Dimension | None:
    if not key:
        return None
    found = dimension_of(measure, key)
    if found is None:
        raise NoSuchBreakdown(key)
    return found


def _with_what_splits(measure: Measure, rows: str, columns: str) -> tuple[str, str]:
    """The breakdowns with the one that is never left out: as rows where there are none, else as columns."""
    always = measure.always_split
    if always is None or always.key in (rows, columns):
        return rows, columns
    if not rows:
        return always.key, columns
    if columns:
        raise NoSuchBreakdown(columns)
    return rows, always.key


def _sets(keys: list[str]) -> list[tuple[str, ...]]:
    """Every choice of the breakdowns, none of them among these: the lines, and all that they add up to."""
    return [
        tuple(key for key, taken in zip(keys, chosen, strict=True) if taken)
        for chosen in product((False, True), repeat=len(keys))
    ]


def _key(row: dict, dimension: Dimension | None) -> str:
    if dimension is None or dimension.key not in row["grouped"]:
        return ALL
    return row[f"by_{dimension.key}"] or NOT_RECORDED


#: The key of the line for what is not recorded.
NOT_RECORDED = "not_recorded"


def _lines(
    dimension: Dimension | None, found: list[dict], scope: Scope, always: Dimension | None
) -> tuple[Line, ...]:
    """The lines of a breakdown: all that there are, those with nobody too; then what is not recorded; then all."""
    if dimension is None:
        return (Line(ALL, _("All")),)
    known = dict(dimension.lines)
    if dimension.key == "area":
        known = {area: area for area in ([scope.area] if scope.area else scope.service.areas)}
    there = {row[f"by_{dimension.key}"] for row in found if dimension.key in row["grouped"]} - {""}
    keys = [*known, *sorted(there - set(known))]
    lines = [Line(key, str(known.get(key, key))) for key in keys]
    if dimension.sql or any(
        row.get(f"by_{dimension.key}") == "" for row in found if dimension.key in row["grouped"]
    ):
        lines.append(Line(NOT_RECORDED, str(dimension.not_recorded)))
    return tuple(lines) if always is dimension else (*lines, Line(ALL, _("All")))


def _figure(measure: Measure, row: dict) -> Figure:
    return Figure(**{name: row[name] for name in asking.COLUMNS[measure.kind]})


def _scope_key(scope: Scope, only: Mapping[str, str]) -> str:
    narrowed = "|".join(f"{key}={value}" for key, value in sorted(only.items()))
    return f"{scope.key}|{narrowed}" if narrowed else scope.key


def _nothing(measure: Measure, scope: Scope, only: Mapping[str, str]) -> Table:
    return Table(
        measure=measure.key, kind=measure.kind, unit=measure.unit, scope=_scope_key(scope, only),
        not_recorded=str(measure.not_recorded),
    )  # fmt: skip


def _table(measure, scope, only, by_rows, by_columns, row_lines, column_lines, cells) -> Table:
    also = {measure.also[0]: measure.also[1:]} if measure.also else {}
    return Table(
        measure=measure.key, kind=measure.kind, unit=measure.unit, scope=_scope_key(scope, only), rows=row_lines,
        columns=column_lines, cells=cells, rows_by=by_rows.key if by_rows else "",
        columns_by=by_columns.key if by_columns else "", counted=measure.counted, out_of=measure.out_of,
        narrowed=frozenset(measure.narrowed), also=also, sums=_sums(by_rows, by_columns, row_lines, column_lines),
        relations=_relations(measure, scope, only, by_rows, by_columns, row_lines, column_lines),
    )  # fmt: skip


def _sums(by_rows, by_columns, row_lines, column_lines) -> tuple[Sum, ...]:
    """What adds up: along every breakdown whose lines hold each person once, for every line of the other."""
    found = []
    row_keys, column_keys = [one.key for one in row_lines], [one.key for one in column_lines]
    if by_rows and not by_rows.splits and ALL in row_keys:
        parts = [key for key in row_keys if key != ALL]
        found += [Sum((ALL, column), tuple((key, column) for key in parts)) for column in column_keys]
    if by_columns and not by_columns.splits and ALL in column_keys:
        parts = [key for key in column_keys if key != ALL]
        found += [Sum((row, ALL), tuple((row, key) for key in parts)) for row in row_keys]
    return tuple(found)


def _relations(measure, scope, only, by_rows, by_columns, row_lines, column_lines) -> tuple[Relation, ...]:
    """How its numerators add up from another population's lines, for each of its own."""
    if measure.parts is None:
        return ()
    population, dimension, keys = measure.parts(scope)
    own = {one.key for one in measure.own}
    found = []
    for row, column in product(row_lines, column_lines):
        by = {}
        if by_rows:
            by[by_rows.key] = row.key
        if by_columns:
            by[by_columns.key] = column.key
        if any(key in own and line != ALL for key, line in by.items()):
            continue
        lines = frozenset((key, line) for key, line in by.items() if line != ALL)
        told = column.scope or _scope_key(scope, only)
        found.append(
            Relation(
                Name(told, measure.counted, lines),
                tuple(Name(told, population, lines | {(dimension, key)}) for key in keys),
            )
        )
    return tuple(found)


def cells_of(table: Table, row: str) -> list[Cell]:
    """The cells of one row, in the order of the columns."""
    return [(row, column.key) for column in table.columns]

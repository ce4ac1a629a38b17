"""Counts the tables of a report at one moment, hides what nobody may be shown, and puts the summary into words."""

from collections.abc import Callable, Iterable, Mapping
from contextlib import contextmanager
from dataclasses import replace

from django.db import connection, transaction

from casework.models import Closure
from isva.clock.moment import at, now
from reporting import figures
from reporting.contracts import scope_of
from reporting.figures import Wanted
from reporting.models import AreaPopulation, Contract
from reporting.periods import Quarter
from reporting.population import populations_of, source_words
from reporting.reports import progress
from reporting.reports.content import Chapter, Content, Entry
from reporting.reports.layout import FAIR, LOCAL, Asked, local_tables_of, sections_of, tables_of, targets_of
from reporting.reports.revising import Published
from reporting.reports.summary import sentences
from reporting.scope import Scope
from reporting.sight import WHOLE_SERVICE
from reporting.suppression import Shown, suppress
from reporting.suppression.system import amount_of, known_as
from reporting.tables import Kind, Part, Table

#: Seconds that the one question of a report may take: more than one of a page, for it asks what a hundred of them do.
PATIENCE = 600


class NothingToCount(Exception):
    """The contract did not run in the quarter."""


def count_report(
    contract: Contract,
    quarter: Quarter,
    *,
    earlier: Iterable[Content] = (),
    tell: Callable[[str], None] = lambda _step: None,
) -> Content:
    """The report of a contract and quarter, as it may be shown to readers of all ``earlier`` ones of the service.

    ``tell`` is called with each step (``progress``) before it, and may raise to stop. Raises NothingToCount, and
    CannotProtect where what was published before gives a small number away.
    """
    scope, earlier = scope_of(contract, quarter.period), list(earlier)
    if scope is None:
        raise NothingToCount
    before = Published()
    known = [before.told_apart(one.shown) for one in earlier]
    targets = targets_of(contract)
    asked = [(key, words, _asked(key, scope, contract, targets)) for key, words in sections_of(contract)]
    tell(progress.COUNTING)
    with _one_moment() as counted_at:
        given = populations_of(contract.service, contract.area)
        wanted = [one for _key, _words, tables in asked for one in tables]
        counted = [_against(one, given) for one in _count(wanted, scope, contract, quarter, before)]
    tell(progress.HIDING)
    entries = before.revise(counted)
    shown = _protected(entries, known)
    chapters, place = [], 0
    for key, words, tables in asked:
        chapters.append(Chapter(key, words, tuple(entries[place : place + len(tables)])))
        place += len(tables)
    content = Content(
        service=contract.service.name, contract=contract.name, commissioner=contract.commissioner, area=contract.area,
        quarter=quarter, period=scope.period, counted_at=counted_at, chapters=tuple(chapters), shown=shown,
        planned=tuple(str(Closure.Reason(one).label) for one in contract.planned_reasons),
    )  # fmt: skip
    return _with_summary(content)


def _with_summary(content: Content) -> Content:
    return replace(content, summary=tuple(sentences(content)))


def _asked(section: str, scope: Scope, contract: Contract, targets: Mapping[str, str]) -> list[Asked]:
    if section == LOCAL:
        return list(local_tables_of(contract))
    areas = 1 if scope.area else len(scope.service.areas)
    return list(tables_of(section, areas=areas, targets=targets))


def _count(
    asked: list[Asked], scope: Scope, contract: Contract, quarter: Quarter, before: Published
) -> list[Entry]:
    """The tables, counted by one question to the database: it reckons the course of each case once for all of them."""
    over = tuple(
        (one.key, one.short, then)
        for one in quarter.back()
        if (then := scope_of(contract, one.period)) is not None
    )
    wanted = [Wanted(one.measure, scope, one.rows, over=over if one.is_trend else ()) for one in asked]
    tables = figures.count_together(wanted, sight=WHOLE_SERVICE)
    return [_entry(one, table, before) for one, table in zip(asked, tables, strict=True)]


def _entry(asked: Asked, table: Table, before: Published) -> Entry:
    measure = asked.measure
    definition = str(measure.definition)
    if asked.wording:
        definition = f"{measure.name}: {definition}"
    return Entry(
        title=asked.wording or str(measure.name), by=asked.by, definition=definition, target=asked.target, numerator=str(measure.numerator),
        denominator=str(measure.denominator), source=str(measure.source.label), more_is=measure.more_is.value,
        is_trend=asked.is_trend,
        table=before.looking_back(table) if asked.is_trend and measure.is_recorded else table,
    )  # fmt: skip


def _against(entry: Entry, given: Mapping[str, AreaPopulation]) -> Entry:
    """A table of who was referred with the area's population by the same lines, where that was given."""
    population = given.get(entry.table.rows_by)
    if population is None or entry.table.measure not in FAIR:
        return entry
    return replace(
        entry, population=tuple(population.shares.items()), population_source=source_words(population)
    )


def _protected(entries: list[Entry], earlier: list[Shown]) -> Shown:
    """What is hidden of these tables; the numbers of other reports are known, and not part of it."""
    shown = suppress((one.table for one in entries), earlier=earlier)
    own = set()
    for table in shown.tables:
        for cell, part, _count in table.counts():
            known = known_as(table, cell, part)
            own.add(known)
            if table.kind is Kind.AMOUNT and part is Part.DENOMINATOR:
                own.add(amount_of(known, table))
    return Shown(shown.tables, shown.hidden & own)


@contextmanager
def _one_moment():
    """Count everything as it stands at one moment, whatever is written meanwhile; yields that moment."""
    alone = not connection.in_atomic_block
    moment = now()
    with transaction.atomic(), at(moment):
        if alone:
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
                cursor.execute(f"SET LOCAL statement_timeout = '{PATIENCE}s'")
        yield moment

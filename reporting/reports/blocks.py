"""A report in pieces for a page or for paper: headings, pictures, tables in words, definitions, how complete the record is."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from django.utils.translation import gettext as _

from reporting.charts import Picture, Point, bars, columns
from reporting.measures import MoreIs, measure_named
from reporting.population import reached_words, share_words
from reporting.reports.content import Answer, Chapter, Content, Entry
from reporting.reports.layout import LOCAL, complete_fields
from reporting.reports.words import Row, cells_of, head_of, not_shown, rows_of, value_of, value_words
from reporting.tables import ALL, Kind

#: Tables that have a picture beside every trend: (measure, rows).
PICTURED = frozenset({
    ("referrals", "source"), ("referrals", "age"), ("referrals", "justice"), ("contact_within_standard", "justice"),
    ("triage_outcomes", "triage_outcome"), ("waiting", "risk"), ("open_cases", "stage"), ("caseload", "complexity"),
    ("caseload_bands", "band"), ("contacts", "mode"), ("need_at_start", "domain"), ("risk_at_start", "domain"), ("unmet_need", "domain"),
    ("weeks_of_support", "justice"), ("closures", "reason"),
})  # fmt: skip

#: Rows, those of a picture among them, that are kept together on a page.
FITS = 26
#: Rows from which a table is a long one.
LONG = 7
#: Characters that a column of figures holds, unless it is a wide one.
NARROW = 12
#: Measures that stand side by side in one table: by domain at the start, at the latest review, at the end.
SIDE_BY_SIDE = {
    "need_at_start": ("need_at_start", "need_latest", "need_at_end"),
    "risk_at_start": ("risk_at_start", "risk_latest", "risk_at_end"),
}


@dataclass(frozen=True)
class Block:
    """A table with its heading, perhaps a picture; ``first`` heads the column of labels.

    ``nothing`` says why it is empty; ``nobody`` names the lines that count nobody, told together beneath a long table;
    ``notes`` stand beneath it.
    """

    title: str
    first: str
    head: tuple[str, ...]
    rows: tuple[Row, ...]
    picture: Picture | None = None
    nothing: str = ""
    nobody: str = ""
    notes: tuple[str, ...] = ()

    @property
    def is_short(self) -> bool:
        """Whether it stands on one page as a whole."""
        return len(self.rows) * (2 if self.picture else 1) <= FITS

    @property
    def is_wide(self) -> bool:
        """Whether a figure of it needs a wide column."""
        return any(len(str(cell)) > NARROW for row in self.rows for cell in row.cells)


@dataclass(frozen=True)
class Part:
    """A section as it is shown."""

    key: str
    title: str
    passage: str
    blocks: tuple[Block, ...]
    answers: tuple[Answer, ...] = ()


@dataclass(frozen=True)
class Definition:
    """What a measure means: in a sentence or two, and rows of (what, in words)."""

    title: str
    words: str
    rows: tuple[tuple[str, str], ...]


def parts_of(content: Content) -> list[Part]:
    """The sections of a report, each with its tables."""
    return [part_of(content, chapter) for chapter in content.chapters]


def part_of(content: Content, chapter: Chapter) -> Part:
    """One section: its single figures together, by kind; then each table of its own; then what is not recorded."""
    blocks = [*_single_figures(content, chapter), *_tables(content, chapter), *_not_recorded(chapter)]
    return Part(chapter.key, chapter.title, chapter.passage, tuple(blocks), chapter.answers)


def _is_single(entry: Entry) -> bool:
    return not entry.is_trend and [one.key for one in entry.table.rows] == [ALL]


def _single_figures(content: Content, chapter: Chapter) -> Iterator[Block]:
    titles = {
        Kind.COUNT: _("Numbers"), Kind.SHARE: _("Shares"), Kind.SPREAD: _("Times"), Kind.AMOUNT: _("Amounts")
    }  # fmt: skip
    for kind, title in titles.items():
        found = [one for one in chapter.entries if one.table.kind is kind and _is_single(one)]
        heads = list(dict.fromkeys(head_of(one.table) for one in found))
        for head in heads:
            rows = []
            for one in (entry for entry in found if head_of(entry.table) == head):
                cell = (ALL, one.table.columns[0].key)
                figure = content.shown.figure(one.table, cell)
                rows.append(Row(one.title, cells_of(one.table, cell, figure), figure))
            words = (
                title.lower() if len(heads) == 1 else f"{title.lower()} ({', '.join(map(str, head)).lower()})"
            )
            yield Block(
                _("%(section)s: %(kind)s") % {"section": chapter.title, "kind": words},
                _("Measure"),
                head,
                tuple(rows),
                notes=tuple(
                    _("%(measure)s: asked is %(target)s.") % {"measure": one.title, "target": one.target}
                    for one in found if one.target and head_of(one.table) == head
                ),
            )  # fmt: skip


def _tables(content: Content, chapter: Chapter) -> Iterator[Block]:
    beside = set() if chapter.key == LOCAL else {key for keys in SIDE_BY_SIDE.values() for key in keys}
    for entry in chapter.entries:
        if not entry.table.rows or _is_single(entry):
            continue
        if entry.table.measure in beside:
            if entry.table.measure in SIDE_BY_SIDE:
                yield from _side_by_side(content, chapter, SIDE_BY_SIDE[entry.table.measure])
            continue
        rows = rows_of(entry, content.shown)
        if entry.is_trend:
            title = _("%s over the quarters") % entry.title
        else:
            title = _title(entry)
        first = _("Quarter") if entry.is_trend else entry.by
        if entry.population:
            yield _against_population(content, entry, title, rows)
            continue
        kept, nobody = (rows, "") if entry.is_trend else _without_empty(rows)
        yield Block(
            title, first, head_of(entry.table), tuple(kept), _picture(entry, title, kept), nobody=nobody,
            notes=_asked_of(entry),
        )  # fmt: skip


def _against_population(content: Content, entry: Entry, title: str, rows: list[Row]) -> Block:
    """Who was referred beside who lives in the area. The share reached is made of numbers that are shown, or is not."""
    shares, table = dict(entry.population), entry.table
    everybody = content.shown.figure(table, (ALL, table.columns[0].key)).figure.numerator
    told = []
    for line, row in zip(table.rows, rows, strict=True):
        reached = reached_words(row.figure.figure.numerator, everybody, unknown=not_shown())
        told.append(replace(row, cells=(*row.cells, reached, share_words(shares, line.key))))
    kept = [
        row for line, row in zip(table.rows, told, strict=True) if line.key in shares or not _is_empty(row)
    ]
    notes = (
        _("Population of the area: %s.") % entry.population_source,
        _("The share is of everybody referred, those who did not say or were not asked among them."),
    )
    head = (*head_of(table), _("Share"), _("Of the population"))
    return Block(
        title, entry.by, head, tuple(kept), _picture(entry, title, rows), notes=(*notes, *_asked_of(entry))
    )


def _asked_of(entry: Entry) -> tuple[str, ...]:
    return (_("Asked is %s.") % entry.target,) if entry.target else ()


def _title(entry: Entry) -> str:
    """The measure, and what its lines are where it does not say so itself."""
    measure = measure_named(entry.table.measure)
    is_usual = measure is not None and bool(measure.own) and measure.own[0].key == entry.table.rows_by
    is_worded = measure is not None and entry.title != str(measure.name)  # as the commissioner calls it
    if not entry.by or is_worded or (is_usual and _(" by ") in entry.title):
        return entry.title
    return _("%(measure)s: %(lines)s") % {"measure": entry.title, "lines": _small(entry.by)}


def _without_empty(rows: list[Row]) -> tuple[list[Row], str]:
    """The rows that count somebody, and in a sentence those that count nobody, where the table is a long one."""
    empty = [row for row in rows if not row.is_total and _is_empty(row)]
    if len(rows) < LONG or not empty or len(empty) == len(rows):
        return rows, ""
    return [row for row in rows if row not in empty], _("Nobody: %s.") % "; ".join(row.label for row in empty)


def _is_empty(row: Row) -> bool:
    figure = row.figure.figure
    counts = [one for one in (figure.numerator, figure.denominator) if one is not None]
    return not row.figure.hidden and bool(counts) and not any(counts)


def _side_by_side(content: Content, chapter: Chapter, keys: tuple[str, ...]) -> Iterator[Block]:
    """Three shares by the same lines in one table: each as a share with its numbers."""
    found = [one for key in keys for one in chapter.entries if one.table.measure == key and one.table.rows]
    if len(found) != len(keys):
        return
    first, columns_of = found[0], [rows_of(one, content.shown) for one in found]
    rows = [
        Row(together[0].label, tuple(_of_how_many(one) for one in together), together[0].figure)
        for together in zip(*columns_of, strict=True)
    ]
    start = columns_of[0]
    title = _("%(section)s by %(lines)s: %(measure)s, then and later") % {
        "section": chapter.title, "lines": _small(first.by), "measure": _small(first.title),
    }  # fmt: skip
    heads = (_("At the start"), _("At the latest review"), _("At the end"))
    yield Block(title, first.by, heads, tuple(rows), _picture(first, first.title, start))


def _of_how_many(row: Row) -> str:
    share, few, people = row.cells
    figure = row.figure.figure
    if figure.denominator == 0:
        return "–"
    if figure.numerator is None or figure.denominator is None:
        return (
            _("%(share)s, of %(people)s") % {"share": share, "people": people}
            if figure.denominator is not None
            else share
        )
    return _("%(share)s (%(few)s of %(people)s)") % {"share": share, "few": few, "people": people}


def _small(words: str) -> str:
    """A heading inside a sentence: its first letter small, unless it is an abbreviation."""
    return words if words[1:2].isupper() else words[:1].lower() + words[1:]


def _picture(entry: Entry, title: str, rows: list[Row]) -> Picture | None:
    table = entry.table
    if not entry.is_trend and (table.measure, table.rows_by) not in PICTURED:
        return None
    points = [
        Point(row.label, value_of(table, row.figure), value_words(table, row.figure), row.figure.hidden)
        for row in rows
        if not row.is_total
    ]
    if sum(bool(point.value) for point in points) < 2:
        return None
    return columns(title, points) if entry.is_trend else bars(title, points)


def _not_recorded(chapter: Chapter) -> Iterator[Block]:
    seen = set()
    for entry in chapter.entries:
        if entry.table.not_recorded and entry.title not in seen:
            seen.add(entry.title)
            yield Block(entry.title, "", (), (), nothing=_("Not recorded: %s") % entry.table.not_recorded)


def definitions_of(content: Content) -> list[Definition]:
    """What each measure of a report means, once, in the order in which it stands."""
    found: dict[str, Definition] = {}
    for chapter in content.chapters:
        for entry in chapter.entries:
            rows = [
                (_("Counted"), entry.numerator), (_("Out of"), entry.denominator), (_("Asked for by"), entry.source),
                (_("Direction"), str(MoreIs(entry.more_is).label)),
            ]  # fmt: skip
            kept = tuple((key, value) for key, value in rows if value)
            found.setdefault(
                f"{entry.title}|{entry.definition}", Definition(entry.title, entry.definition, kept)
            )
    return list(found.values())


def completeness_of(content: Content) -> Block | None:
    """For each field that referrals are broken down by: of how many it is recorded. None where referrals are not in the report."""
    rows = []
    for key, words in complete_fields():
        entry = content.entry("referrals", rows=key)
        if entry is None or not entry.table.rows:
            continue
        rows.append(
            Row(words, (_completeness(content, entry),), content.shown.figure(entry.table, (ALL, ALL)))
        )
    if not rows:
        return None
    return Block(
        _("How complete the record is"), _("Field, of people referred"), (_("Recorded for"),), tuple(rows)
    )


def _completeness(content: Content, entry: Entry) -> str:
    table = entry.table
    everybody = content.shown.figure(table, (ALL, ALL)).figure.numerator
    cell = ("not_recorded", ALL)
    if everybody is None:
        return _("not shown")
    missing = content.shown.figure(table, cell).figure.numerator if cell in table.cells else 0
    if missing is None:
        return _("not shown")
    if not everybody:
        return "–"
    return f"{round((everybody - missing) / everybody * 100)}%"


def how_protected() -> list[str]:
    """How the numbers of a report are kept from showing anybody, in sentences."""
    return [
        _("Numbers of 1 to 4 people are not shown. Where such a number could be worked out from totals, from another table, or from a report that was published before, other numbers are not shown either: “not shown” does not mean that a number is small."),
        _("Of a share, the people whom it does not count are protected in the same way: where either side is small, it is given as so much or less, or so much or more. Where nobody or everybody of a small group is counted, that is not shown."),
        _("Middle values and amounts that belong to 1 to 4 people are not shown."),
        _("What was entered late changes the numbers of earlier quarters. A trend shows them as they were published."),
        _("Shares are rounded to whole percent. Nobody can switch this off for a report."),
    ]  # fmt: skip

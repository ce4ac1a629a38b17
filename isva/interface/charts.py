"""Small charts as SVG, drawn here because a risk that rises must be seen at once, and heard by those who listen."""

import itertools
import textwrap
from dataclasses import dataclass

from django.utils.html import escape, format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from isva.interface.tables import Column, Table, table

WIDTH, HEIGHT = 640, 260
LEFT, RIGHT, TOP, BOTTOM = 76, 16, 14, 30
MOST_SERIES = 4
#: A series is told apart by its dash and its marker too, not by colour alone.
DASHES = ("", "7 4", "2 4", "10 3 2 3")
BAR_HEIGHT, BAR_GAP, BAR_LEFT = 20, 10, 190
#: The name of a bar: how far apart its lines are, how many letters each has, and how many there are at most.
LINE, LINE_LETTERS, MOST_LINES = 16, 24, 3
MOST_LABELS = 4

unique = itertools.count(1)


@dataclass(frozen=True)
class Chart:
    """A finished chart for `components/chart.html`: picture, legend, and the same figures as a table."""

    title: str
    svg: SafeString
    legend: list
    table: Table | None
    table_words: str


def marker(series, x, y):
    """The marker of a series at a point: a disc, a square, a triangle or a diamond."""
    shapes = (
        '<circle cx="{x}" cy="{y}" r="4.5"/>',
        '<path d="M{a} {b}h9v9h-9z"/>',
        '<path d="M{x} {c}l5.5 9.5h-11z"/>',
        '<path d="M{x} {d}l6 6-6 6-6-6z"/>',
    )
    figures = {"x": round(x, 1), "y": round(y, 1), "a": round(x - 4.5, 1), "b": round(y - 4.5, 1)}
    return shapes[series].format(**figures, c=round(y - 6, 1), d=round(y - 6, 1))


def drawing(*, title, description, width, height, content):
    """An `<svg>` that says what it shows."""
    number = next(unique)
    return format_html(
        '<svg class="chart" viewBox="0 0 {} {}" role="img" aria-labelledby="chart-{}-title chart-{}-text">'
        '<title id="chart-{}-title">{}</title><desc id="chart-{}-text">{}</desc>{}</svg>',
        width,
        height,
        number,
        number,
        number,
        title,
        number,
        description,
        content,
    )


def line_chart(*, title, labels, series, highest=None, value_words=None, bands=(), more=""):
    """Values over time, oldest first: a Safety and Support score from review to review (report Annex A).

    `labels` are the ready dates; `series` pairs of a name and values (None leaves a gap), at most four; `highest` is the top
    of the scale, the largest value unless given; `value_words` names points of the scale (`{0: "none", 3: "severe"}`).
    `bands` are the lowest and highest values around each series, in its order (`[([1, 2], [3, 4]), …]`), drawn as an area
    behind the line; `more` is what the description says beyond the lines, the bands among it.
    """
    if len(series) > MOST_SERIES:
        raise ValueError("A chart of more than four lines cannot be read.")
    value_words = value_words or {}
    known = [value for _name, values in series for value in values if value is not None]
    known += [value for _lowest, highest_ones in bands for value in highest_ones]
    top = max(highest or 0, *known, 1) if known else (highest or 1)
    step_x = (WIDTH - LEFT - RIGHT) / max(len(labels) - 1, 1)
    height = HEIGHT - TOP - BOTTOM

    def at(position, value):
        return LEFT + position * step_x, TOP + height * (1 - value / top)

    parts = []
    for tick in sorted(value_words) or ticks(top):
        _x, y = at(0, tick)
        words = value_words.get(tick, f"{tick:g}")
        parts.append(
            f'<line class="chart__grid" x1="{LEFT}" x2="{WIDTH - RIGHT}" y1="{y:.1f}" y2="{y:.1f}"/>'
            f'<text x="{LEFT - 10}" y="{y + 4.5:.1f}" text-anchor="end">{escape(words)}</text>'
        )
    shown = shown_labels(len(labels))
    for position in shown:
        x, _y = at(position, 0)
        anchor = "start" if position == 0 else "end" if position == len(labels) - 1 else "middle"
        parts.append(
            f'<text x="{x:.1f}" y="{HEIGHT - 8}" text-anchor="{anchor}">{escape(labels[position])}</text>'
        )
    for index, (lowest, highest_ones) in enumerate(bands):
        edge = [at(position, value) for position, value in enumerate(highest_ones)]
        edge += reversed([at(position, value) for position, value in enumerate(lowest)])
        path = "L".join(f"{x:.1f} {y:.1f}" for x, y in edge)
        parts.append(f'<path class="chart__band chart__{index + 1}" fill="currentColor" d="M{path}z"/>')
    for index, (_name, values) in enumerate(series):
        points = [at(position, value) if value is not None else None for position, value in enumerate(values)]
        path = "".join(
            f"{'M' if position == 0 or points[position - 1] is None else 'L'}{point[0]:.1f} {point[1]:.1f}"
            for position, point in enumerate(points)
            if point
        )
        dash = f' stroke-dasharray="{DASHES[index]}"' if DASHES[index] else ""
        marks = "".join(marker(index, *point) for point in points if point)
        parts.append(
            f'<g class="chart__{index + 1}" fill="currentColor">'
            f'<path class="chart__line" stroke="currentColor"{dash} d="{path}"/>{marks}</g>'
        )
    return Chart(
        title=title,
        svg=drawing(
            title=title,
            description=" ".join(
                [
                    *(told(name, labels, values, value_words) for name, values in series),
                    *([more] if more else []),
                ]
            ),
            width=WIDTH,
            height=HEIGHT,
            content=mark_safe("".join(parts)),  # noqa: S308 - escaped part by part
        ),
        legend=[sample(index, name) for index, (name, _values) in enumerate(series)]
        if len(series) > 1
        else [],
        table=table(
            caption=title,
            hide_caption=True,
            columns=[Column(_("When")), *(Column(str(name), numeric=True) for name, _values in series)],
            rows=[
                [label, *(figure(values[position], value_words) for _name, values in series)]
                for position, label in enumerate(labels)
            ],
        ),
        table_words=_("Show the figures as a table"),
    )


def ticks(top):
    """Four or five round steps from nothing to the top."""
    step = next(
        step * 10**power for power in range(12) for step in (1, 2, 5) if top / (step * 10**power) <= 5
    )
    return range(0, int(top) + 1, step)


def shown_labels(count):
    """Which dates are written under the line: all up to four, else the first, the middle and the last."""
    return list(range(count)) if count <= MOST_LABELS else [0, count // 2, count - 1]


def figure(value, value_words):
    """A value in the table: with its word where the scale has one."""
    if value is None:
        return _("not recorded")
    words = value_words.get(value)
    return f"{value:g} ({words})" if words else f"{value:g}"


def told(name, labels, values, value_words):
    """A line in a sentence: where it began, where it is now."""
    known = [(label, value) for label, value in zip(labels, values, strict=True) if value is not None]
    if not known:
        return _("%(name)s: nothing recorded.") % {"name": name}
    (first_label, first), (last_label, last) = known[0], known[-1]
    if len(known) == 1:
        return _("%(name)s: %(value)s on %(date)s.") % {
            "name": name,
            "value": figure(first, value_words),
            "date": first_label,
        }
    return _("%(name)s: %(first)s on %(start)s, %(last)s on %(end)s.") % {
        "name": name,
        "first": figure(first, value_words),
        "start": first_label,
        "last": figure(last, value_words),
        "end": last_label,
    }


def sample(index, name):
    """A sample of the line beside its name."""
    dash = mark_safe(f' stroke-dasharray="{DASHES[index]}"') if DASHES[index] else ""  # noqa: S308 - our own figures
    return format_html(
        '<svg class="chart__{}" viewBox="0 0 36 14" width="36" height="14" aria-hidden="true" focusable="false"'
        ' fill="currentColor"><line x1="0" x2="36" y1="7" y2="7" stroke="currentColor" stroke-width="2.5"{}/>{}</svg>{}',
        index + 1,
        dash,
        mark_safe(marker(index, 18, 7)),  # noqa: S308 - our own figures
        name,
    )


def bar_chart(*, title, bars, unit=""):
    """Counts side by side, in the order given: `bars` are pairs of a name and a number, `unit` says what is counted."""
    bars = list(bars)
    top = max((value for _name, value in bars), default=0) or 1
    room = WIDTH - BAR_LEFT - 60
    parts, height = [], 0
    for name, value in bars:
        written = in_lines(name)
        row = max(BAR_HEIGHT, len(written) * LINE) + BAR_GAP
        middle = height + row / 2
        width = max(room * value / top, 1)
        parts += [
            f'<text x="{BAR_LEFT - 10}" y="{middle + 5 + LINE * (place - (len(written) - 1) / 2):.1f}" '
            f'text-anchor="end">{escape(line)}</text>'
            for place, line in enumerate(written)
        ]
        parts.append(
            f'<rect class="chart__1" fill="currentColor" x="{BAR_LEFT}" y="{middle - BAR_HEIGHT / 2:.1f}" width="{width:.1f}"'
            f' height="{BAR_HEIGHT}" rx="2"/>'
            f'<text class="chart__value" x="{BAR_LEFT + width + 8:.1f}" y="{middle + 5:.1f}">{_number(value)}</text>'
        )
        height += row
    described = ", ".join(f"{name} {_number(value)}" for name, value in bars) or _("nothing recorded")
    return Chart(
        title=title,
        svg=drawing(
            title=title,
            description=described,
            width=WIDTH,
            height=height or BAR_HEIGHT,
            content=mark_safe("".join(parts)),  # noqa: S308 - escaped part by part
        ),
        legend=[],
        table=table(
            caption=title,
            hide_caption=True,
            columns=[Column(_("Name")), Column(str(unit) or _("Number"), numeric=True)],
            rows=[[name, _number(value)] for name, value in bars],
        ),
        table_words=_("Show the figures as a table"),
    )


def _number(value) -> str:
    """A number in words of its own: whole ones without a point, whatever they were counted as."""
    return f"{int(value):,}" if value == int(value) else f"{value:,}"


def in_lines(name) -> list[str]:
    """A name in lines that fit beside its bar, cut after three; the table beneath has it whole."""
    return textwrap.wrap(str(name), LINE_LETTERS, max_lines=MOST_LINES, placeholder="…") or [""]


def sparkline(values, *, words, highest=None):
    """A trend as small as a word, for a heading or a cell; `words` says the same for those who do not see it."""
    known = [value for value in values if value is not None]
    if len(known) < 2:
        return format_html('<span class="govuk-visually-hidden">{}</span>', words)
    top = max(highest or 0, *known) or 1
    step = 64 / (len(known) - 1)
    points = [(4 + position * step, 16 - 12 * value / top) for position, value in enumerate(known)]
    return format_html(
        '<svg class="spark" viewBox="0 0 72 20" width="72" height="20" role="img" aria-label="{}">'
        '<polyline fill="none" stroke="currentColor" stroke-width="2" points="{}"/>'
        '<circle fill="currentColor" cx="{}" cy="{}" r="3"/></svg>',
        words,
        format_html_join(" ", "{},{}", ((f"{x:.1f}", f"{y:.1f}") for x, y in points)),
        f"{points[-1][0]:.1f}",
        f"{points[-1][1]:.1f}",
    )

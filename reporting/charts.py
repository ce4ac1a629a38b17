"""Pictures of figures for pages and paper: SVG with its own attributes, so that it needs no styles and can be read in grey.

Everything a picture says stands as words at its bars, and again in the table beneath it. What is hidden is an empty
bar with dashes round it and says so; it never looks like nothing. A band is drawn so, up to its bound.
"""

import base64
from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.html import escape, format_html
from django.utils.safestring import SafeString, mark_safe

INK, SOFT, PAPER, GRID, FILL = "#1c1a17", "#575048", "#ffffff", "#d9d0c1", "#0b5c5a"
FONT = "Atkinson Hyperlegible, DejaVu Sans, Arial, sans-serif"
WIDTH = 660
#: Letters of a label before it is cut: the table beneath has it whole.
LONGEST_LABEL = 38
_BAR, _GAP, _LEFT, _RIGHT = 16, 8, 236, 84
_HIGH, _TOP, _BASE = 200, 26, 30
_EMPTY = 26  # how long a bar is that hides its value


@dataclass(frozen=True)
class Point:
    """A bar: its name, its value (None where it is hidden or there is none), and what is written at its end."""

    label: str
    value: float | None
    words: str
    is_hidden: bool = False


@dataclass(frozen=True)
class Picture:
    """A finished chart: the drawing, and the same in a sentence."""

    title: str
    says: str
    svg: SafeString

    @property
    def address(self) -> str:
        """The drawing as a ``data:`` address, for paper: an image there carries its text for people who hear it."""
        return "data:image/svg+xml;base64," + base64.b64encode(str(self.svg).encode()).decode()


def bars(title: str, points: Sequence[Point]) -> Picture:
    """Bars side by side, each with its name before and its value behind it."""
    top = max((point.value or 0 for point in points), default=0) or 1
    room = WIDTH - _LEFT - _RIGHT
    parts = []
    for place, point in enumerate(points):
        y = place * (_BAR + _GAP) + _GAP / 2
        wide = _EMPTY if point.value is None and point.is_hidden else max(room * (point.value or 0) / top, 1)
        parts.append(
            f'<text x="{_LEFT - 10}" y="{y + 13:.1f}" text-anchor="end" fill="{INK}">{escape(_short(point.label))}</text>'
            + _bar(_LEFT, y, wide, _BAR, hidden=point.is_hidden)
            + f'<text x="{_LEFT + wide + 8:.1f}" y="{y + 13:.1f}" fill="{INK}" font-weight="700">{escape(point.words)}</text>'
        )
    return _picture(title, points, len(points) * (_BAR + _GAP), parts)


def columns(title: str, points: Sequence[Point]) -> Picture:
    """Bars in the order of time, each with its value on top and its name below."""
    top = max((point.value or 0 for point in points), default=0) or 1
    step = WIDTH / max(len(points), 1)
    base = _HIGH - _BASE
    parts = [f'<line x1="0" x2="{WIDTH}" y1="{base}" y2="{base}" stroke="{SOFT}" stroke-width="1"/>']
    for place, point in enumerate(points):
        middle = step * (place + 0.5)
        high = (
            _EMPTY
            if point.value is None and point.is_hidden
            else max((base - _TOP) * (point.value or 0) / top, 1)
        )
        wide = min(step * 0.6, 54)
        parts.append(
            _bar(middle - wide / 2, base - high, wide, high, hidden=point.is_hidden)
            + f'<text x="{middle:.1f}" y="{base - high - 7:.1f}" text-anchor="middle" font-weight="700" fill="{INK}">'
            f"{escape(point.words)}</text>"
            + f'<text x="{middle:.1f}" y="{_HIGH - 9}" text-anchor="middle" fill="{INK}">{escape(point.label)}</text>'
        )
    return _picture(title, points, _HIGH, parts)


def _bar(x: float, y: float, wide: float, high: float, *, hidden: bool) -> str:
    place = f'x="{x:.1f}" y="{y:.1f}" width="{wide:.1f}" height="{high:.1f}"'
    if hidden:
        return f'<rect {place} fill="{PAPER}" stroke="{SOFT}" stroke-width="1" stroke-dasharray="3 2"/>'
    return f'<rect {place} fill="{FILL}"/>'


def _short(label: str) -> str:
    return label if len(label) <= LONGEST_LABEL else f"{label[: LONGEST_LABEL - 1].rstrip()}…"


def _picture(title: str, points: Sequence[Point], high: float, parts: list[str]) -> Picture:
    says = f"{title}: " + "; ".join(f"{point.label}, {point.words}" for point in points) + "."
    drawn = mark_safe("".join(parts))  # noqa: S308 - escaped part by part
    svg = format_html(
        '<svg xmlns="http://www.w3.org/2000/svg" class="isva-picture" viewBox="0 0 {} {}" width="{}" height="{}" role="img" '
        'aria-label="{}" font-family="{}" font-size="13"><rect width="{}" height="{}" fill="{}"/>{}</svg>',
        WIDTH, round(high), WIDTH, round(high), says, FONT, WIDTH, round(high), PAPER, drawn,
    )  # fmt: skip
    return Picture(title, says, svg)

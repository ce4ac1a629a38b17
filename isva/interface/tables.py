"""Tables of the service's lists: rows are written in Python, once per list, because rendering is what costs."""

from dataclasses import dataclass, field

from django.utils.html import conditional_escape
from django.utils.safestring import SafeString, mark_safe


@dataclass(frozen=True)
class Column:
    """A column's heading. `numeric` sets it right; `sort_url` makes the heading a link; `sorted` is up, down or nothing.

    `hide_heading` keeps the heading for screen readers alone.
    """

    text: str
    numeric: bool = False
    sort_url: str = ""
    sorted: str = ""
    hide_heading: bool = False

    @property
    def aria_sort(self):
        """The value of `aria-sort`."""
        return {"up": "ascending", "down": "descending"}.get(self.sorted, "")


@dataclass(frozen=True)
class Table:
    """A finished table for `components/table.html`."""

    caption: str
    columns: list
    body: SafeString
    count: int
    hide_caption: bool = False
    scrolls: bool = False
    empty: dict = field(default_factory=dict)


def link(text, url, *, hidden=""):
    """A link for a cell; `hidden` completes it for screen readers (“Change<hidden> the safe contact</hidden>”)."""
    completed = f'<span class="govuk-visually-hidden"> {conditional_escape(hidden)}</span>' if hidden else ""
    return mark_safe(  # noqa: S308 - escaped part by part
        f'<a class="govuk-link" href="{conditional_escape(url)}">{conditional_escape(text)}{completed}</a>'
    )


def lines(*texts):
    """Several lines in a cell, the later ones smaller; empty ones are left out."""
    shown = [text for text in texts if text not in (None, "")]
    first = conditional_escape(shown[0]) if shown else ""
    rest = "".join(f'<span class="cell__more">{conditional_escape(text)}</span>' for text in shown[1:])
    return mark_safe(first + rest)  # noqa: S308 - escaped part by part


def table(*, caption, columns, rows, hide_caption=False, scrolls=False, urgent=(), empty=None):
    """Make a table.

    `columns` are `Column`s or plain texts; each row is a sequence of cells, text (escaped) or ready markup (`link`,
    `lines`, the marks). The first cell names the row. `urgent` holds the positions of rows to stand out. On a narrow
    screen rows become blocks; with `scrolls` (wide figures) the table scrolls inside its own labelled region instead.
    `empty` is what `components/empty.html` shows in place of no rows: title, text, action.
    """
    columns = [column if isinstance(column, Column) else Column(column) for column in columns]
    names = [conditional_escape(column.text) for column in columns]
    opening = [
        f'<td role="cell" class="govuk-table__cell{" govuk-table__cell--numeric" if column.numeric else ""}"'
        f' data-label="{name}">'
        for column, name in zip(columns, names, strict=True)
    ]
    urgent, body = set(urgent), []
    for position, row in enumerate(rows):
        cells = iter(row)
        first = next(cells)
        body.append(
            f'<tr role="row" class="govuk-table__row{" row--urgent" if position in urgent else ""}">'
            f'<th role="rowheader" scope="row" class="govuk-table__header">{conditional_escape(first)}</th>'
        )
        body += [
            f"{start}{conditional_escape('' if cell is None else cell)}</td>"
            for start, cell in zip(opening[1:], cells, strict=True)
        ]
        body.append("</tr>")
    return Table(
        caption=caption,
        columns=columns,
        body=mark_safe("".join(body)),  # noqa: S308 - escaped part by part
        count=sum(1 for part in body if part == "</tr>"),
        hide_caption=hide_caption,
        scrolls=scrolls,
        empty=empty or {},
    )

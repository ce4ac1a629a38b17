"""The summary of a report: a few sentences made from its figures as they are shown, against the quarter before."""

from collections.abc import Iterator

from django.utils.translation import gettext as _

from reporting.reports.content import Content, Entry
from reporting.suppression import ShownFigure


def sentences(content: Content) -> Iterator[str]:
    """Sentences in plain words; a figure that is not shown makes none."""
    yield from _number(
        content, "referrals", _("%(n)s people were referred"), _("The number of people referred is not shown")
    )
    yield from _percent(
        content, "contact_within_standard", _("%(n)s of people referred were reached within 5 working days")
    )
    yield from _percent(
        content, "advice", _("%(n)s of people decided on were helped by advice and signposting at triage")
    )
    yield from _number(
        content, "waiting", _("%(n)s people were waiting for an ISVA when the quarter ended"), ""
    )
    yield from _median(
        content, "days_to_support", _("Half of the people whose support began had waited %(n)s days or less")
    )
    yield from _number(content, "supported", _("%(n)s people were supported"), "")
    yield from _percent(content, "planned_closures", _("%(n)s of the people whose support ended left in a planned way"))  # fmt: skip


def _now_and_before(content: Content, measure: str) -> tuple[ShownFigure | None, ShownFigure | None]:
    """The figure of this quarter, and that of the one before; None where the report has none."""
    trend: Entry | None = content.entry(measure, is_trend=True)
    if trend is None or not trend.table.columns:
        return None, None
    table, row = trend.table, trend.table.rows[0].key
    columns = [one.key for one in table.columns]
    latest = content.shown.figure(table, (row, columns[-1]))
    before = content.shown.figure(table, (row, columns[-2])) if len(columns) > 1 else None
    return latest, before


def _number(content: Content, measure: str, words: str, hidden: str) -> Iterator[str]:
    latest, before = _now_and_before(content, measure)
    if latest is None:
        return
    if latest.figure.numerator is None:
        if hidden:
            yield f"{hidden}."
        return
    told = words % {"n": f"{latest.figure.numerator:,}"}
    if before and before.figure.numerator is not None:
        told += _(" (%s in the quarter before)") % f"{before.figure.numerator:,}"
    yield f"{told}."


def _percent(content: Content, measure: str, words: str) -> Iterator[str]:
    latest, before = _now_and_before(content, measure)
    if latest is None or (percent := _share(latest)) is None:
        return
    told = words % {"n": percent}
    if before and (then := _share(before)):
        told += _(" (%s in the quarter before)") % then
    yield f"{told}."


def _share(shown: ShownFigure) -> str | None:
    if shown.at_most is not None:
        return _("%d%% or less") % shown.at_most
    if shown.at_least is not None:
        return _("%d%% or more") % shown.at_least
    return None if shown.hidden or shown.percent is None else f"{shown.percent}%"


def _median(content: Content, measure: str, words: str) -> Iterator[str]:
    latest, _before = _now_and_before(content, measure)
    if latest is None or latest.hidden or latest.figure.median is None:
        return
    yield f"{words % {'n': f'{latest.figure.median:,.0f}'}}."

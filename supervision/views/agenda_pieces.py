"""An agenda in words: its figures as rows, its cases as a table."""

import datetime as dt
from decimal import Decimal

from django.urls import reverse
from django.utils.translation import gettext as _

from isva.interface.marks import reference_mark
from isva.interface.tables import lines, link, table
from isva.interface.words import long_date
from supervision.models import AgendaCase
from triage.ranking import points_words


def figure_rows(figures: dict, *, before=None) -> list[dict]:
    """The figures of an agenda as rows of a summary; ``before`` is the last session, to say how they went on."""
    if "open" not in figures:
        return [{"key": _("Caseload"), "value": _("They carry no cases now")}]
    open_words = _("%(count)d of %(cap)d") % {"count": figures["open"], "cap": figures["cap"]}
    weeks = _as_weeks_began(str(count) for count in figures["weeks"])
    weighted = _("%(points)s of %(capacity)s") % {
        "points": points_words(Decimal(figures["weighted"])),
        "capacity": points_words(Decimal(figures["capacity"])),
    }
    heavy_weeks = _as_weeks_began(points_words(Decimal(one)) for one in figures.get("weighted_weeks", []))
    return [
        {"key": _("Open cases"), "value": lines(open_words, weeks, _overload(figures))},
        {"key": _("Weighted load"), "value": lines(weighted, heavy_weeks, _trend(figures, before))},
        {"key": _("Court days in 14 days"), "value": str(figures["court_days"])},
        {"key": _("Trial within 8 weeks"), "value": str(figures["near_trial"])},
    ]


def _as_weeks_began(told) -> str:
    words = ", ".join(told)
    return _("as the weeks began: %s") % words if words else ""


def _overload(figures: dict) -> str:
    """That somebody has carried too much for too long, by number or by weight, and since when."""
    if not figures["overloaded"]:
        return ""
    if not figures.get("over_since"):
        return _("Above the cap for weeks")
    since = dt.date.fromisoformat(figures["over_since"])
    return _("Above the cap, by number or by weight, since %s") % long_date(since)


def _trend(figures: dict, before) -> str:
    if before is None or "weighted" not in before.figures:
        return ""
    difference = Decimal(figures["weighted"]) - Decimal(before.figures["weighted"])
    words = {"points": points_words(abs(difference)), "day": long_date(before.held_on)}
    if difference > 0:
        return _("%(points)s more than on %(day)s") % words
    if difference < 0:
        return _("%(points)s less than on %(day)s") % words
    return _("the same as on %(day)s") % words


def cases_table(points):
    """The cases of an agenda, what cannot wait first: each once, with everything that brings it there."""
    by_case: dict = {}
    for point in points:
        by_case.setdefault(point.case.pk, []).append(point)
    cases = list(by_case.values())
    return table(
        caption=_("Cases to talk about"),
        columns=[_("Who"), _("Why")],
        rows=[_case_row(reasons) for reasons in cases],
        urgent={place for place, reasons in enumerate(cases) if reasons[0].why == AgendaCase.Why.UNHELD_RISK.value},
        empty={
            "title": _("No case stands out"),
            "text": _("Late reviews, long and paused cases, risks that nobody holds, and court come here."),
        },
    )  # fmt: skip


def _case_row(reasons) -> list:
    case = reasons[0].case
    who = link(case.client.called, reverse("show_case", args=[case.pk]))
    return [lines(who, reference_mark(case.reference)), lines(*(_reason(point) for point in reasons))]


def _reason(point) -> str:
    words = {"why": AgendaCase.Why(point.why).label, "day": long_date(point.since) if point.since else ""}
    if point.why == AgendaCase.Why.COURT.value:
        return _("%(why)s: %(day)s") % words
    if point.why == AgendaCase.Why.OVERDUE_REVIEW.value:
        return _("%(why)s: due %(day)s") % words
    if point.reviewed_on:
        words["reviewed"] = long_date(point.reviewed_on)
        return _("%(why)s: since %(day)s, reviewed %(reviewed)s") % words
    if point.why == AgendaCase.Why.LONG.value:
        return _("%(why)s: since %(day)s, not reviewed yet") % words
    return _("%(why)s: since %(day)s") % words

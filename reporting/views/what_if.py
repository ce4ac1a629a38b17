"""The what-if: what happens to the waiting list over the next year if the team or the referrals change."""

from dataclasses import replace

from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from isva.access.doors import staff_page
from isva.access.roles import Permission
from isva.clock.moment import day_of, now
from isva.clock.working_days import add_months
from isva.interface.charts import line_chart
from isva.interface.tables import Column, lines, table
from isva.interface.words import listed, long_date
from reporting import simulation
from reporting.assumptions import assumptions, left_out, per_cent
from reporting.forms.what_if import WhatIfForm
from reporting.history import Basis, known
from reporting.simulation import Band, Figures
from reporting.situation import Change, Situation

NOTHING = Change()
#: Between two ends of a range, which stay on one line.
DASH = "\u2060–\u2060"


@staff_page(Permission.SEE_ALL_CASES)
def what_if(request):
    """The year as it would go on, and beside it with whatever is asked; in words where there is too little history."""
    found = known(request.acting)
    team = len(found.situation.workers) if found.situation else 0
    form = WhatIfForm(request.GET or None, team=team) if found.situation else None
    context = {"form": form, "too_little": found.too_little, "url": reverse("what_if")}
    if form is not None and found.situation is not None:
        change = form.change() if form.is_bound and form.is_valid() else NOTHING
        context |= _told(found.basis, found.situation, change) | {
            "asked": form.is_bound,
            "is_wrong": bool(form.errors),
        }
    return render(request, "reporting/what_if.html", context)


def _told(basis: Basis, situation: Situation, change: Change) -> dict:
    """Everything that the page says about a forecast."""
    if change.is_none:
        (as_it_is,) = simulation.play(situation, NOTHING)
        changed = None
    else:
        as_it_is, changed = simulation.play(situation, NOTHING, change)
    today = day_of(now())
    days = [long_date(today), *(long_date(add_months(today, month)) for month in range(1, 13))]
    return {
        "sentences": _sentences(change, as_it_is, changed, days[-1], target=situation.target),
        "charts": [
            _chart(_("People waiting"), "waiting", days, as_it_is, changed),
            _chart(_("People who have waited longer than %(n)d weeks") % {"n": situation.target}, "number_beyond", days, as_it_is, changed),
        ],
        "table": _table(days, as_it_is, changed, target=situation.target),
        "assumptions": assumptions(basis, situation, runs=simulation.runs_for(situation)),
        "left_out": left_out(),
    }  # fmt: skip


def _begins(change: Change) -> str:
    if not change.from_week:
        return ""
    return ngettext("in %(n)d week’s time", "in %(n)d weeks’ time", change.from_week) % {
        "n": change.from_week
    }


def change_words(change: Change) -> str:
    """What would change, in words that follow “with”."""
    told = []
    if change.leave:
        told.append(ngettext("%(n)d ISVA fewer", "%(n)d ISVAs fewer", change.leave) % {"n": change.leave})
    if change.join:
        told.append(ngettext("%(n)d ISVA more", "%(n)d ISVAs more", change.join) % {"n": change.join})
    if change.away:
        told.append(
            ngettext("one ISVA away for %(n)d week", "one ISVA away for %(n)d weeks", change.away)
            % {"n": change.away}
        )
    if change.referrals:
        words = _("%(n)d%% more referrals") if change.referrals > 0 else _("%(n)d%% fewer referrals")
        told.append(words % {"n": abs(change.referrals)})
    if change.cap:
        words = (
            ngettext("caps raised by %(n)d case", "caps raised by %(n)d cases", abs(change.cap)) if change.cap > 0
            else ngettext("caps lowered by %(n)d case", "caps lowered by %(n)d cases", abs(change.cap))
        )  # fmt: skip
        told.append(words % {"n": abs(change.cap)})
    return listed(told)


def _sentences(change: Change, as_it_is, changed, day: str, *, target: int) -> list[str]:
    now_waiting, then = as_it_is[0].waiting, as_it_is[-1]
    if changed is None:
        return [
            _("If nothing changes, %(then)s on %(day)s; today %(now)s.")
            % {"then": _wait(then.waiting), "day": day, "now": _people(now_waiting.middle)},
            _long_waits(then, target),
        ]  # fmt: skip
    begins = _begins(change)
    end = changed[-1]
    told = {
        "change": change_words(change), "begins": f" {begins}" if begins else "", "then": _would_wait(end.waiting),
        "day": day, "before": f"{then.waiting.middle:.0f}",
    }  # fmt: skip
    if round(end.waiting.middle) == round(then.waiting.middle):
        first = _("With %(change)s%(begins)s, %(then)s on %(day)s: as many as if nothing changed.") % told
    else:
        first = (
            _("With %(change)s%(begins)s, %(then)s on %(day)s, instead of %(before)s if nothing changed.")
            % told
        )
    return [first, _waits(end, then, target)]


def _long_waits(then: Figures, target: int) -> str:
    number = round(then.number_beyond.middle)
    words = ngettext("%(n)d of them will have waited longer than %(weeks)d weeks.",
                     "%(n)d of them will have waited longer than %(weeks)d weeks.", number)  # fmt: skip
    return words % {"n": number, "weeks": target} if then.waiting.middle else ""


def _waits(end: Figures, then: Figures, target: int) -> str:
    if not end.waiting.middle:
        return ""
    number, before = round(end.number_beyond.middle), round(then.number_beyond.middle)
    told = {"n": number, "before": before, "weeks": target}
    if number == before:
        return _("%(n)d of them would have waited longer than %(weeks)d weeks, as if nothing changed.") % told
    return _("%(n)d of them would have waited longer than %(weeks)d weeks, instead of %(before)d.") % told


def _people(number: float) -> str:
    return ngettext("%(n)d person waits", "%(n)d people wait", round(number)) % {"n": round(number)}


def _wait(waiting: Band) -> str:
    words = ngettext("%(n)d person will wait", "%(n)d people will wait", round(waiting.middle))
    return words % {"n": round(waiting.middle)} + _spread(waiting)


def _would_wait(waiting: Band) -> str:
    words = ngettext("%(n)d person would wait", "%(n)d people would wait", round(waiting.middle))
    return words % {"n": round(waiting.middle)} + _spread(waiting)


def _spread(waiting: Band) -> str:
    return _(" (%(low)d to %(high)d in eight of ten runs)") % {
        "low": round(waiting.low),
        "high": round(waiting.high),
    }


def _chart(title: str, name: str, days: list[str], as_it_is, changed):
    """One figure month by month with its spread; the table beneath both charts has the same and more."""
    lots = [(_("If nothing changes"), as_it_is)] + ([(_("With the change"), changed)] if changed else [])
    bands = [[getattr(month, name) for month in months] for _words, months in lots]
    more = " ".join(
        _("%(name)s, eight of ten runs end between %(low)d and %(high)d.")
        % {"name": words, "low": round(ones[-1].low), "high": round(ones[-1].high)}
        for (words, _months), ones in zip(lots, bands, strict=True)
    )
    chart = line_chart(
        title=title, labels=days,
        series=[(words, [round(one.middle, 1) for one in ones]) for (words, _m), ones in zip(lots, bands, strict=True)],
        bands=[([one.low for one in ones], [one.high for one in ones]) for ones in bands], more=more,
    )  # fmt: skip
    return replace(chart, table=None)


def _table(days: list[str], as_it_is, changed, *, target: int):
    beyond = _("Longer than %(n)d weeks") % {"n": target}
    return table(
        caption=_("Month by month"),
        columns=[
            Column(_("When")), Column(_("People waiting"), numeric=True), Column(_("Half have waited, weeks"), numeric=True),
            Column(_("Nine of ten have waited at most, weeks"), numeric=True), Column(beyond, numeric=True),
            Column(_("Weighted load of the team"), numeric=True),
        ],
        rows=[
            [day, *_cells(as_it_is[month], changed[month] if changed and month else None)]
            for month, day in enumerate(days)
        ],
        scrolls=True,
    )  # fmt: skip


def _cells(before: Figures, after: Figures | None) -> list:
    cells = []
    for name, words in (("waiting", _whole), ("median_wait", _whole), ("ninetieth_wait", _whole),
                        ("beyond", per_cent), ("load", per_cent)):  # fmt: skip
        as_it_is = _range(getattr(before, name), words)
        cells.append(
            lines(_range(getattr(after, name), words), _("as it is: %s") % as_it_is) if after else as_it_is
        )
    return cells


def _whole(number: float) -> str:
    return f"{number:.0f}"


def _range(band: Band, words) -> str:
    low, middle, high = words(band.low), words(band.middle), words(band.high)
    if low == high:
        return middle
    return f"{middle}\u00a0({low.rstrip('%')}{DASH}{high})"

"""Caseloads and how they developed: everybody's for whoever allocates, and the chart that everybody has of their own."""

from django.http import Http404
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from isva.access.doors import find, staff_page
from isva.access.roles import Permission
from isva.accounts import directory
from isva.clock.moment import now, today
from isva.clock.terms import number_now
from isva.interface.charts import line_chart, sparkline
from isva.interface.marks import tag
from isva.interface.tables import Column, lines, link, table
from isva.interface.words import days_words, long_date
from triage.load_history import WEEKS, Development, developments
from triage.ranking import points_words
from triage.views import allocation_pieces as pieces


@staff_page(Permission.ALLOCATE)
def list_caseloads(request):
    """Everybody's caseload as it stands and as it developed, the fullest first."""
    found = developments(request.acting)
    found.sort(key=lambda one: (one.over_since is None, -_full(one), one.load.name))
    over = sum(one.over_since is not None for one in found)
    context = {
        "weeks": number_now(request.acting.service, WEEKS),
        "says": ngettext("%(n)d person carries cases", "%(n)d people carry cases", len(found)) % {"n": len(found)},
        "over": ngettext("%(n)d above the cap", "%(n)d above the cap", over) % {"n": over},
        "table": table(
            caption=_("Caseloads"), hide_caption=True,
            columns=[
                _("Name"), Column(_("Open cases"), numeric=True), Column(_("Weighted load"), numeric=True),
                _("In 12 weeks"), _("Above the cap"),
            ],
            rows=[_row(one) for one in found],
            urgent={place for place, one in enumerate(found) if one.is_sustained},
            empty={"title": _("Nobody carries cases yet"), "text": _("ISVAs come here once they have joined the service.")},
        ),
    }  # fmt: skip
    return render(request, "triage/list_caseloads.html", context)


def _full(one: Development):
    return one.load.weighted / one.load.capacity if one.load.capacity else one.load.weighted


def _row(one: Development) -> list:
    return [
        link(one.load.name, reverse("show_caseload", args=[one.load.profile.membership_id])),
        pieces.open_of_cap(one.load), pieces.weighted_of_capacity(one.load), trend_mark(one), over_words(one),
    ]  # fmt: skip


def trend_mark(one: Development):
    """How the weighted load developed, drawn small, and in words."""
    values = [float(week.weighted) for week in one.weeks] + [float(one.load.weighted)]
    if len(values) < 2:
        return _("Not known yet")
    words = _("from %(first)s to %(last)s") % {
        "first": points_words(one.weeks[0].weighted), "last": points_words(one.load.weighted),
    }  # fmt: skip
    return lines(sparkline(values, words=_("Weighted load: %s") % words), words)


def over_words(one: Development):
    """Since when somebody carries more than their cap, as a mark."""
    if one.over_since is None:
        return _("No")
    span = days_words((today() - one.over_since).days)
    mark = tag(_("Sustained"), "red") if one.is_sustained else tag(_("Above"), "amber")
    return lines(mark, _("for %(span)s, since %(day)s") % {"span": span, "day": long_date(one.over_since)})


@staff_page(Permission.ALLOCATE)
def show_caseload(request, person_id):
    """One person's caseload and how it developed."""
    member = find(directory.all_members(request.acting), person_id)
    one = next(iter(developments(request.acting, only=member.user)), None)
    if one is None:
        raise Http404
    context = {
        "member": member, "charts": load_charts(one), "cover_url": reverse("cover_caseload", args=[member.pk]),
        "rows": [
            {"key": _("Open cases"), "value": pieces.open_of_cap(one.load)},
            {"key": _("Weighted load"), "value": pieces.weighted_of_capacity(one.load)},
            {"key": _("Above the cap"), "value": over_words(one)},
            *pieces.time_rows(one.load),
        ],
    }  # fmt: skip
    return render(request, "triage/show_caseload.html", context)


def load_charts(one: Development) -> list:
    """The weighted load against what it may be, and the open cases against the cap, week by week; none without history."""
    if not one.weeks:
        return []
    labels = [long_date(week.day) for week in one.weeks] + [long_date(now())]
    weighted = [float(week.weighted) for week in one.weeks] + [float(one.load.weighted)]
    capacity = [float(week.capacity) for week in one.weeks] + [float(one.load.capacity)]
    counts = [week.open_count for week in one.weeks] + [one.load.open_count]
    caps = [week.cap for week in one.weeks] + [one.load.cap]
    return [
        line_chart(
            title=_("Weighted load by week"), labels=labels,
            series=[(_("Weighted load"), weighted), (_("What it may be"), capacity)],
        ),
        line_chart(title=_("Open cases by week"), labels=labels, series=[(_("Open cases"), counts), (_("Cap"), caps)]),
    ]  # fmt: skip

"""Service today: where a manager lands. What is red first, what waits for approval, live counts, the balance of caseloads."""

from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from casework import alerts, emergency, worklists
from casework.views.alike import rows_of, together
from casework.views.due import acts_now, due_beside_cases_row, own_beside_cases
from isva.access.doors import staff_page
from isva.access.roles import Permission
from isva.clock.health import clock_stands_still
from isva.clock.moment import now
from isva.codes import RISK_ORDER
from isva.interface.marks import reference_mark, stage_words, tag
from isva.interface.tables import Column, lines, link, table
from isva.interface.words import how_long, long_date, short_when
from isva.pathway import OPEN_STAGES, WAITING_STAGES, Stage
from triage.load import caseloads
from triage.ranking import points_words

#: Red rows that are shown; beyond it the page says how many more there are.
MOST_RED = 40
#: The rank of what is late and not unsafe: reviews, plan actions.
LAST_RANK = 9
#: So many rows are filled up with overdue reviews: what is unsafe comes first, the rest is on the list of cases.
FILLED_UP_TO = 15


@staff_page(Permission.SEE_ALL_CASES)
def service_today(request):
    """The state of the service at this moment, worst first."""
    service = request.acting.service
    red = worklists.red_across(request.user, service)
    waiting = worklists.waiting_for_approval(request.user, service)
    cases = worklists.cases_by_key(
        request.user, [one.case_id for one in red] + [one["case_id"] for one in waiting]
    )
    shown = _worst(red, cases)
    counts = worklists.stage_counts(request.user)
    own = worklists.due_beside_cases(request.user, service)
    theirs = [one for one in worklists.red_beside_cases(service) if one not in own]
    context = {
        "today": long_date(now()),
        "stats": _stats(
            red, waiting, counts, alerts.open_alerts(request.acting), emergency.to_review(service)
        ),
        "red": _table_of_red(shown, cases, service),
        "more_red": _more(len(red) - sum(map(len, shown)), capped=len(red) >= worklists.MOST_ROWS),
        "overdue_url": _overdue_reviews(),
        "stands_still": _stands_still(),
        "beside": _table_beside_cases(theirs),
        "own_beside": own_beside_cases(own),
        "approvals": _table_of_approvals(waiting, cases, request.user),
        "stages": _table_of_stages(counts),
        "caseloads": _table_of_loads(caseloads(service)),
    }
    return render(request, "triage/service_today.html", context)


def _worst(red: list[worklists.Due], cases: dict) -> list[list[worklists.Due]]:
    """The rows that are shown: everything that concerns safety, and overdue reviews, the highest risk first, up to a
    page that is read. Where many cases of one person wait for the same, they are one row."""
    seen = [one for one in red if one.case_id in cases]
    unsafe = together([one for one in seen if one.rule.rank < LAST_RANK], cases)[:MOST_RED]
    reviews = [one for one in seen if one.rule.rank == LAST_RANK]
    reviews.sort(key=lambda one: (one.kind == "action", -RISK_ORDER[cases[one.case_id].risk]))
    return unsafe + [[one] for one in reviews[: max(0, FILLED_UP_TO - len(unsafe))]]


def _stands_still() -> str:
    """That the clock has missed its rounds, in words: no e-mail goes out meanwhile."""
    span = clock_stands_still()
    if span is None:
        return ""
    return _(
        "The clock has not gone round for %(span)s: no e-mail is sent meanwhile. This page is right all the same."
    ) % {"span": how_long(span)}


def _overdue_reviews() -> str:
    return reverse("list_cases") + "?review=overdue"


def _stats(red, waiting, counts, looks: int, emergencies: tuple[int, int]) -> list[dict]:
    kinds = [one.kind for one in red]
    urgent = sum(kind.startswith("urgent") for kind in kinds)
    safeguarding = sum(kind.startswith("safeguarding") for kind in kinds)
    reviews = sum(kind.startswith("review") or kind == "full_sas" for kind in kinds)
    first = kinds.count("first_contact")
    people_waiting = sum(counts.get(stage.value, {}).get("count", 0) for stage in WAITING_STAGES)
    red_ones = [
        (urgent, ngettext("urgent allocation", "urgent allocations", urgent), reverse("allocation_board")),
        (safeguarding, ngettext("safeguarding concern", "safeguarding concerns", safeguarding), "#red"),
        (first, _("past the standard for first contact"), reverse("inbox")),
        (
            reviews,
            ngettext("review overdue", "reviews overdue", reviews),
            _overdue_reviews(),
        ),
    ]
    found = [
        {"number": number, "label": label, "url": url, "tone": "now" if number else ""}
        for number, label, url in red_ones
    ]
    openings, overdue = emergencies
    found.append(
        {
            "number": openings,
            "label": ngettext("emergency opening to review", "emergency openings to review", openings),
            "url": reverse("list_emergencies"),
            "tone": "now" if overdue else "soon" if openings else "",
        }
    )
    found.sort(key=lambda stat: not stat["number"])
    found.append(
        {
            "number": len(waiting),
            "label": ngettext("waits for approval", "wait for approval", len(waiting)),
            "url": "#approvals",
            "tone": "soon" if waiting else "",
        }
    )
    found.append(
        {
            "number": people_waiting,
            "label": ngettext("person waits for an ISVA", "people wait for an ISVA", people_waiting),
            "url": reverse("waiting_list"),
            "tone": "",
        }
    )
    found.append(
        {
            "number": looks,
            "label": ngettext("look to look into", "looks to look into", looks),
            "url": reverse("access_alerts"),
            "tone": "soon" if looks else "",
        }
    )
    return found


def _table_of_red(red, cases, service):
    late = [any(due.is_overdue or acts_now(due) for due in group) for group in red]
    return table(
        caption=_("Act now"),
        columns=[_("Who"), _("What"), _("When"), _("ISVA")],
        rows=rows_of(red, cases, service=service),
        urgent={place for place, is_late in enumerate(late) if is_late},
        empty={
            "title": _("Nothing is red"),
            "text": _("Overdue reviews, late first contacts, urgent allocations and safeguarding come here."),
        },
    )


def _table_beside_cases(red):
    """What is late for the staff: nothing is shown where nothing is."""
    if not red:
        return None
    return table(
        caption=_("Late for the staff"),
        columns=[_("What"), _("Who"), _("When")],
        rows=[due_beside_cases_row(due) for due in red],
        urgent=set(range(len(red))),
    )


def _more(number: int, *, capped: bool) -> str:
    if number <= 0:
        return ""
    if capped:
        return _("More than %(count)d others are red too.") % {"count": number}
    return ngettext("%(count)d other is red too.", "%(count)d others are red too.", number) % {
        "count": number
    }


def _table_of_approvals(waiting, cases, user):
    words = {"closure": (_("Closure"), "decide_closure"), "step_down": (_("Step-down"), "decide_step_down")}
    rows = []
    for one in waiting:
        case = cases.get(one["case_id"])
        if case is None:
            continue
        kind, page = words[one["list_kind"]]
        own = one["recorded_by_id"] == user.pk
        decide = tag(_("Yours: another manager decides"), "outline") if own else ""
        rows.append(
            [
                lines(
                    link(case.client.called, reverse("show_case", args=[case.pk])),
                    reference_mark(case.reference),
                ),
                lines(link(kind, reverse(page, args=[case.pk]), hidden=case.client.called), decide),
                one["by_name"],
                short_when(one["recorded_at"], now=now()),
            ]
        )
    return table(
        caption=_("Waiting for approval"),
        columns=[_("Who"), _("What"), _("Proposed by"), _("When")],
        rows=rows,
        empty={
            "title": _("Nothing waits for approval"),
            "text": _("Proposed closures and step-downs come here."),
        },
    )


def _table_of_stages(counts):
    list_url = reverse("list_cases")
    moment = now()
    rows = []
    for stage in Stage:
        if stage not in OPEN_STAGES:
            continue
        row = counts.get(stage.value)
        longest = how_long(moment - row["since"]) if row else ""
        rows.append(
            [
                link(stage_words(stage.value), f"{list_url}?stage={stage.value}&sort=opened"),
                str(row["count"] if row else 0),
                longest,
            ]
        )
    return table(
        caption=_("Cases by stage"),
        columns=[_("Stage"), Column(_("Cases"), numeric=True), Column(_("Longest there"), numeric=True)],
        rows=rows,
    )


def _table_of_loads(loads):
    rows = []
    for load in loads:
        note = ""
        if load.leave_until:
            note = tag(_("Away until %(day)s") % {"day": long_date(load.leave_until)}, "grey")
        elif load.is_over_cap:
            note = tag(_("Over the cap"), "amber")
        url = f"{reverse('list_cases')}?worker={load.key}"
        rows.append(
            [
                lines(link(load.name, url), note),
                _("%(count)d of %(cap)d") % {"count": load.open_count, "cap": load.cap},
                points_words(load.weighted),
                str(load.near_trial),
                str(load.court_days),
            ]
        )
    return table(
        caption=_("Caseloads"),
        columns=[
            _("ISVA"), Column(_("Open cases"), numeric=True), Column(_("Weighted"), numeric=True),
            Column(_("Trial within 8 weeks"), numeric=True), Column(_("Court days ahead"), numeric=True),
        ],
        rows=rows,
        empty={"title": _("No ISVA yet"), "text": _("People who carry cases are added by the records lead.")},
    )  # fmt: skip

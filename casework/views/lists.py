"""The list of cases in sight: filtered, sorted, paged by keyset, counted to a cap."""

import datetime as dt
from dataclasses import asdict
from urllib.parse import urlencode

from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from casework.case_lists import NOBODY, SORTS, Asked, carriers, cases_asked_for
from isva.access.doors import staff_page
from isva.access.roles import Permission
from isva.clock.moment import now, today
from isva.codes import JusticeStage, Risk
from isva.interface.marks import (
    clock_mark,
    complexity_mark,
    reference_mark,
    risk_mark,
    stage_tag,
    stage_words,
)
from isva.interface.paging import capped_count, keyset_page
from isva.interface.tables import Column, lines, link, table
from isva.interface.words import day_words, long_date
from isva.pathway import OPEN_STAGES, Stage

PAGE = 50
#: Before triage is done there is no risk to show: nobody has assessed it.
_NOT_ASSESSED = (Stage.REFERRAL, Stage.TRIAGE)
_ARROWS = {"review": "up", "contact": "up", "opened": "down"}


@staff_page(Permission.HOLD_CASES, Permission.HANDLE_INTAKE, Permission.SEE_ALL_CASES)
def list_cases(request):
    """Every case in sight of the person: an ISVA's own caseload, a coordinator's intake, a manager's service."""
    person = request.acting
    workers = carriers(request.user) if person.can(Permission.SEE_ALL_CASES) else []
    asked = Asked.read(request.GET, {key for key, _name in workers})
    cases = cases_asked_for(request.user, asked)
    page = keyset_page(cases, order=SORTS[asked.sort], after=request.GET.get("after"), size=PAGE)
    with_worker = person.can(Permission.SEE_ALL_CASES) or person.can(Permission.HANDLE_INTAKE)
    context = {
        "page": page,
        "table": _table(page.rows, asked, with_worker=with_worker),
        "filters": _filters(asked, workers),
        "keep": {"sort": asked.sort},
        "count": _count_words(capped_count(cases, page=page)),
        "clear_url": reverse("list_cases"),
        "lead": _lead(person),
        "sorts": _sorts(asked),
    }
    return render(request, "casework/list_cases.html", context)


def _lead(person) -> str:
    if person.can(Permission.SEE_ALL_CASES):
        return _("Every case of the service that you may see.")
    if person.can(Permission.HANDLE_INTAKE):
        return _("Cases on their way to an ISVA, and those that are stepped down.")
    return _("The cases that you carry or cover.")


def case_row(case, *, last, moment: dt.datetime) -> list:
    """One case as the cells of a list: who, stage, risk, complexity, last contact, next review, and ``last``."""
    assessed = Stage(case.stage) not in _NOT_ASSESSED
    return [
        lines(link(case.client.called, reverse("show_case", args=[case.pk])), reference_mark(case.reference)),
        stage_tag(case.stage),
        risk_mark(case.risk if assessed else ""),
        complexity_mark(case.complexity if assessed else ""),
        day_words(case.last_contact_at, now=moment) or _("None yet"),
        review_cell(case, moment=moment),
        last,
    ]


def review_cell(case, *, moment: dt.datetime):
    """The next review of a case: a mark with its day."""
    if not case.is_open:
        return ""
    if case.next_review_on is None:
        return _("None set")
    return clock_mark(case.next_review_on, now=moment)


def justice_words(case):
    """Where the justice process stands, with the trial date while it is ahead."""
    words = JusticeStage(case.justice_stage).label
    if case.trial_on and case.trial_on >= today():
        return lines(words, _("trial %(day)s") % {"day": long_date(case.trial_on)})
    return words


def _table(cases, asked: Asked, *, with_worker: bool):
    moment, day = now(), today()
    rows, urgent = [], set()
    for position, case in enumerate(cases):
        if case.is_open and case.next_review_on and case.next_review_on < day:
            urgent.add(position)
        worker = case.lead_isva.name if case.lead_isva_id else _("Nobody yet")
        rows.append(case_row(case, last=worker if with_worker else justice_words(case), moment=moment))
    return table(
        caption=_("Cases"),
        hide_caption=True,
        columns=[
            _("Name"), _("Stage"), _("Risk"), _("Complexity"), _sortable(_("Last contact"), "contact", asked),
            _sortable(_("Next review"), "review", asked), _("ISVA") if with_worker else _("Justice process"),
        ],
        rows=rows,
        urgent=urgent,
        empty={"title": _("No cases here"), "text": _("No case in your sight matches what you asked for.")},
    )  # fmt: skip


def _filters(asked: Asked, workers) -> list[dict]:
    stages = [(one.value, stage_words(one.value)) for one in Stage if one in OPEN_STAGES]
    found: list[dict] = [
        {
            "name": "stage", "label": _("Stage"), "value": asked.stage,
            "options": [("", _("All open")), *stages, (Stage.CLOSED.value, stage_words(Stage.CLOSED.value))],
        },
        {"name": "risk", "label": _("Risk"), "value": asked.risk, "options": [("", _("All")), *Risk.choices]},
        {
            "name": "review", "label": _("Next review"), "value": asked.review,
            "options": [("", _("All")), ("overdue", _("Overdue"))],
        },
    ]  # fmt: skip
    if workers:
        options = [("", _("Everybody")), *workers, (NOBODY, _("Nobody yet"))]
        found.append({"name": "worker", "label": _("ISVA"), "value": asked.worker, "options": options})
    return found


def _sortable(text: str, key: str, asked: Asked) -> Column:
    return Column(text, sort_url=_sorted_url(asked, key), sorted=_ARROWS[key] if asked.sort == key else "")


def _sorts(asked: Asked) -> list[dict]:
    """The orders as links, for a narrow screen where the headings are not shown."""
    names = (
        ("review", _("Next review")),
        ("contact", _("Longest without contact")),
        ("opened", _("Newest first")),
    )
    return [
        {"text": text, "url": _sorted_url(asked, key), "current": asked.sort == key} for key, text in names
    ]


def _sorted_url(asked: Asked, key: str) -> str:
    kept = {name: value for name, value in {**asdict(asked), "sort": key}.items() if value}
    return "?" + urlencode(kept)


def _count_words(count) -> str:
    return _("1 case") if count.number == 1 else _("%(count)s cases") % {"count": count}

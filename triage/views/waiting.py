"""The waiting list: who waits, in the order of who must be seen to first, and why each stands where they stand."""

from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from casework.standing import waits_since
from isva.access.doors import staff_page
from isva.access.roles import Permission
from isva.clock.moment import now
from isva.codes import Risk, Specialism, WorkerSex
from isva.interface import marks
from isva.interface.paging import capped_count, keyset_page
from isva.interface.tables import lines, link, table
from isva.interface.words import ago, days_words, listed, long_date
from isva.pathway import Stage
from triage import queries

PAGE = 40


@staff_page(Permission.HANDLE_INTAKE, Permission.SEE_ALL_CASES)
def waiting_list(request):
    """Everybody who waits, in the order of who must be seen to first, with why each stands where they stand."""
    chosen = _chosen(request)
    cases = queries.waiting(
        request.user, risk=chosen["risk"], stage=chosen["stage"], specialism=chosen["specialism"],
        overdue=chosen["show"] == "overdue", kept_by=request.user if chosen["show"] == "mine" else None,
    )  # fmt: skip
    page = keyset_page(cases, order=queries.WAITING_ORDER, after=request.GET.get("after"), size=PAGE)
    reviews, tasks = queries.last_check_ins(page.rows), queries.urgent_tasks(page.rows)
    may_allocate = request.acting.can(Permission.ALLOCATE)
    count = capped_count(cases, page=page)
    context = {
        "page": page,
        "filters": _filters(chosen),
        "count": ngettext("%(count)s person", "%(count)s people", count.number) % {"count": count},
        "overdue": queries.overdue_count(request.user),
        "is_filtered": any(chosen.values()),
        "table": table(
            caption=_("People who wait"), hide_caption=True,
            columns=[_("Person"), _("Risk"), _("Waiting"), _("Why here"), _("Next review"),
                     _("Last check-in"), _("Stage")],
            rows=[_row(case, reviews.get(case.pk), tasks.get(case.pk), may_allocate) for case in page.rows],
            urgent={position for position, case in enumerate(page.rows) if case.urgent},
            empty=_nobody(chosen),
        ),
    }  # fmt: skip
    return render(request, "triage/waiting_list.html", context)


def _chosen(request) -> dict[str, str]:
    allowed = {
        "show": {"overdue", "mine"},
        "risk": set(Risk.values),
        "specialism": set(Specialism.values),
        "stage": {Stage.INTERIM.value, Stage.ALLOCATION.value},
    }
    return {
        name: value if (value := request.GET.get(name, "")) in values else ""
        for name, values in allowed.items()
    }


def _filters(chosen: dict) -> list[dict]:
    stages = [(stage, marks.stage_words(stage)) for stage in (Stage.INTERIM, Stage.ALLOCATION)]
    options = {
        "show": (
            _("Show"),
            [("", _("Everybody")), ("overdue", _("Review overdue")), ("mine", _("I keep in touch"))],
        ),
        "risk": (_("Risk"), [("", _("All")), *Risk.choices]),
        "specialism": (_("Specialism"), [("", _("All")), *Specialism.choices]),
        "stage": (_("Stage"), [("", _("All")), *stages]),
    }
    return [
        {"name": name, "label": label, "value": chosen[name], "options": choices}
        for name, (label, choices) in options.items()
    ]


def _nobody(chosen: dict) -> dict:
    if any(chosen.values()):
        return {
            "title": _("Nobody here with these filters"),
            "text": _("Others may be waiting."),
            "action": {"text": _("Show everybody who waits"), "url": reverse("waiting_list")},
        }
    return {
        "title": _("Nobody is waiting"),
        "text": _("People come here from triage, until an ISVA supports them."),
    }


def _row(case, review, task, may_allocate: bool) -> list:
    key = {"case_id": case.pk}
    name = case.client.called
    since = waits_since(case)
    waited = (now() - since).days
    touch = _("%(name)s keeps in touch") % {"name": case.interim_worker.name} if case.interim_worker else ""
    return [
        lines(link(name, reverse("show_case", kwargs=key)), marks.reference_mark(case.reference)),
        lines(marks.risk_mark(case.risk), marks.urgency_mark("urgent") if case.urgent else ""),
        lines(days_words(waited), _("since %(day)s") % {"day": long_date(since)}),
        lines(*_why_here(case, task), _task_link(case, task, name) if may_allocate else ""),
        lines(
            marks.clock_mark(case.next_review_on, now=now()),
            link(_("Check in"), reverse("check_in", kwargs=key), hidden=_("with %(name)s") % {"name": name}),
        ),
        lines(_last(review), touch or _("Nobody is named to keep in touch")),
        marks.stage_tag(case.stage),
    ]


def _why_here(case, task) -> list:
    """Why this place: what put it up, what it needs, what the client prefers."""
    found = []
    if task is not None:
        found.append(_("Urgent: %(why)s") % {"why": task.reason.splitlines()[-1]})
        if task.acknowledged_by:
            found.append(_("%(name)s has seen it") % {"name": task.acknowledged_by.name})
        else:
            found.append(_("%(name)s has been asked, and has not answered yet") % {"name": task.manager.name})
    else:
        found.append(_("%(risk)s risk, then longest wait") % {"risk": case.get_risk_display()})
    if case.specialisms_needed:
        found.append(_("Needs: %(what)s") % {"what": listed(_labels(Specialism, case.specialisms_needed))})
    if preference := _preference(case.client):
        found.append(_("Would like: %(what)s") % {"what": preference})
    return found


def _preference(client) -> str:
    sex = client.preferred_worker_sex
    wishes = [
        client.get_preferred_worker_sex_display().lower() if sex and sex != WorkerSex.NO_PREFERENCE else ""
    ]
    if client.preferred_worker_language:
        wishes.append(
            _("somebody who speaks %(language)s")
            % {"language": client.get_preferred_worker_language_display()}
        )
    return listed([wish for wish in wishes if wish])


def _labels(choices, values) -> list[str]:
    return [str(choices(value).label) for value in values if value in choices.values]


def _task_link(case, task, name):
    if task is None or task.acknowledged_by:
        return ""
    url = reverse("acknowledge_urgent", kwargs={"case_id": case.pk})
    return link(_("Say that you have seen it"), url, hidden=_("(%(name)s)") % {"name": name})


def _last(review) -> str:
    if review is None:
        return _("No check-in yet")
    when = ago(review.at, now=now())
    return when if review.reached else _("%(when)s, not reached") % {"when": when}

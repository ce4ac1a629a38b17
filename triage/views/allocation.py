"""The allocation board, the decision on one case, and each ISVA's own figures."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from casework.doors import case_page
from casework.views.frame import case_frame
from isva.access.doors import staff_page
from isva.access.roles import Permission
from isva.codes import Complexity, Risk, Specialism
from isva.drafts.once import first_press
from isva.drafts.saving import posted
from isva.interface.marks import (
    clock_mark,
    complexity_mark,
    in_sentence,
    reference_mark,
    risk_mark,
    stage_tag,
)
from isva.interface.paging import keyset_page
from isva.interface.tables import Column, lines, link, table
from isva.interface.words import long_date
from isva.pathway import CARRIED_STAGES, Stage, WrongStage
from triage import board
from triage.forms.allocation import AllocateForm, ReallocateForm
from triage.load import caseloads
from triage.load_history import developments
from triage.ranking import exact_points_words, points_words
from triage.refusals import Refused
from triage.stages import allocation
from triage.stages.urgent import open_urgent_allocation
from triage.views import allocation_pieces as pieces
from triage.views.caseloads import load_charts, over_words


@staff_page(Permission.ALLOCATE, Permission.HANDLE_INTAKE)
def allocation_board(request):
    """Who waits beside who can take. Coordinators prepare allocation here; managers decide."""
    show = request.GET.get("show", board.WAITING)
    if show not in board.LISTS:
        show = board.WAITING
    asked = {name: request.GET.get(name, "") for name in ("risk", "complexity", "specialism", "area")}
    asked["area"] = asked["area"] if asked["area"] in request.acting.service.areas else ""
    people = board.people_on_board(request.user, show=show, **asked)
    page = keyset_page(people, order=board.ORDER, after=request.GET.get("after"), size=50)
    counts = board.counts_on_board(request.user)
    loads = sorted(
        caseloads(request.acting.service), key=lambda load: (bool(load.leave_until), load.share(), load.name)
    )
    decides = request.acting.can(Permission.ALLOCATE)
    return render(
        request,
        "triage/allocation_board.html",
        {
            "tabs": _tabs(show, counts),
            "another": counts[board.ANOTHER] if show != board.ANOTHER else 0,
            "another_action": {
                "text": _("Show them"),
                "url": f"{reverse('allocation_board')}?show={board.ANOTHER}",
            },
            "filters": _filters(request.acting.service, asked),
            "keep": {"show": show},
            "clear_url": f"{reverse('allocation_board')}?show={show}" if any(asked.values()) else "",
            "table": _people_table(show, page.rows, decides, filtered=any(asked.values())),
            "page": page,
            "cards": [pieces.worker_card(load) for load in loads],
            "decides": decides,
        },
    )


def _list_names() -> dict[str, str]:
    return {
        board.WAITING: _("Waiting for allocation"),
        board.INTERIM: _("In interim support"),
        board.ANOTHER: _("Needs another ISVA"),
    }


def _tabs(show: str, counts: dict) -> list[dict]:
    return [
        {
            "text": name,
            "url": f"{reverse('allocation_board')}?show={key}",
            "current": key == show,
            "count": counts[key],
        }
        for key, name in _list_names().items()
    ]


def _filters(service, asked: dict) -> list[dict]:
    every = ("", _("All"))
    choices = {
        "risk": (_("Risk"), Risk.choices),
        "complexity": (_("Complexity"), Complexity.choices),
        "specialism": (_("Specialism needed"), Specialism.choices),
        "area": (_("Area"), [(area, area) for area in service.areas]),
    }
    return [
        {"name": name, "label": label, "value": asked[name], "options": [every, *options]}
        for name, (label, options) in choices.items()
    ]


def _people_table(show: str, cases, decides: bool, *, filtered: bool):
    columns = {
        board.WAITING: [_("Person"), _("Risk"), _("Waiting"), _("Needs"), _("Area and preference")],
        board.INTERIM: [_("Person"), _("Risk"), _("Waiting"), _("Next review"), _("Keeps in touch")],
        board.ANOTHER: [_("Person"), _("Risk"), _("Carried by"), _("Stage"), _("Needs")],
    }
    row = {board.WAITING: _waiting_row, board.INTERIM: _interim_row, board.ANOTHER: _another_row}[show]
    return table(
        caption=_list_names()[show],
        hide_caption=True,
        columns=[Column(name) for name in columns[show]],
        rows=[row(case, decides) for case in cases],
        urgent={place for place, case in enumerate(cases) if case.urgent},
        empty=_nobody(show, filtered),
    )  # fmt: skip


def _person(case, name: str):
    return lines(
        link(case.client.called, reverse(name, kwargs={"case_id": case.pk})), reference_mark(case.reference)
    )


def _waiting_row(case, decides: bool) -> list:
    return [
        _person(case, "allocate_case" if decides else "show_case"),
        pieces.standing_marks(case),
        pieces.waiting_words(case),
        lines(*pieces.needs_words(case)),
        lines(case.client.area, *pieces.preference_words(case.client)),
    ]


def _interim_row(case, decides: bool) -> list:
    worker = case.interim_worker
    return [
        _person(case, "show_case"),
        pieces.standing_marks(case),
        pieces.waiting_words(case),
        clock_mark(case.next_review_on),
        worker.name if worker else _("Nobody is named"),
    ]


def _another_row(case, decides: bool) -> list:
    return [
        _person(case, "reallocate_case" if decides else "show_case"),
        pieces.standing_marks(case),
        lines(
            case.lead_isva.name,
            _("a conflict is declared, or they are not named")
            if case.lead_walled_off
            else _("no longer carries cases here"),
        ),
        stage_tag(case.stage),
        lines(*pieces.needs_words(case)),
    ]


def _nobody(show: str, filtered: bool) -> dict:
    if filtered:
        return {"title": _("Nobody matches"), "text": _("Choose other filters, or show all.")}
    waiting_list = {"text": _("Open the waiting list"), "url": reverse("waiting_list")}
    words: dict[str, dict] = {
        board.WAITING: {
            "title": _("Nobody waits for allocation"),
            "text": _("People come here from triage, or from interim support once a place may be free."),
            "action": waiting_list,
        },
        board.INTERIM: {
            "title": _("Nobody is in interim support"),
            "text": _("People who wait with check-ins and a review date are shown here."),
        },
        board.ANOTHER: {
            "title": _("Every case has its ISVA"),
            "text": _("A case comes here when its ISVA has left, or a conflict keeps them from the client."),
        },
    }
    return words[show]


@case_page(Permission.ALLOCATE)
def allocate_case(request, case):
    """Decide who takes a case: the ranked suggestion with its reasons, and the effect on each load before deciding."""
    if request.method != "POST" and case.stage != Stage.ALLOCATION.value:
        messages.warning(request, allocation.not_waiting(case))
        return redirect("show_case", case_id=case.pk)
    advice = allocation.advise(case)
    form = AllocateForm(posted(request), ranking=advice.ranking, hints=_hints(advice))
    if request.method == "POST":
        if form.is_valid():
            made = _decided(request, form, lambda: allocation.allocate_case(
                case, isva=_chosen(advice, form), by=request.user, reason=form.cleaned_data["reason"],
                override_reason=form.override_reason,
            ))  # fmt: skip
            if made is not None:
                _tell_of_allocation(request, case, made)
                return redirect("allocation_board")
        elif case.stage != Stage.ALLOCATION.value:
            form.add_error(None, allocation.not_waiting(case))
    return render(request, "triage/allocate_case.html", _decision_context(request, case, advice, form))


@case_page(Permission.ALLOCATE)
def reallocate_case(request, case):
    """Give a case that is carried to another ISVA: rare, with a reason and a handover note."""
    if request.method != "POST" and case.stage not in {stage.value for stage in CARRIED_STAGES}:
        messages.warning(request, allocation.not_carried(case))
        return redirect("show_case", case_id=case.pk)
    advice = allocation.advise(case)
    form = ReallocateForm(posted(request), ranking=advice.ranking, hints=_hints(advice))
    if request.method == "POST" and form.is_valid():
        made = _decided(request, form, lambda: allocation.reallocate_case(
            case, isva=_chosen(advice, form), by=request.user, reason=form.cleaned_data["reason"],
            handover_note=form.cleaned_data["handover_note"], override_reason=form.override_reason,
        ))  # fmt: skip
        if made is not None:
            _tell_of_reallocation(request, made)
            return redirect("show_case", case_id=case.pk)
    return render(request, "triage/reallocate_case.html", _decision_context(request, case, advice, form))


_SAVED_BEFORE = ()


def _decided(request, form, decide):
    """Do what was decided, once: the result, ``()`` for a second press, or None with the refusal on the form.

    The press counts only where the decision stands, so that a refused one can be corrected and sent again.
    """
    try:
        with transaction.atomic():
            return decide() if first_press(request, form) else _SAVED_BEFORE
    except allocation.NeedsReason as refusal:
        form.not_accepted(str(refusal))
    except (WrongStage, Refused) as refusal:
        form.add_error(None, str(refusal))
    return None


def _chosen(advice, form):
    return advice.load(form.cleaned_data["isva"]).user


def _hints(advice) -> dict:
    weighed = [*advice.ranking.suggestions, *(one for one in advice.ranking.excluded if not one.final)]
    return {one.worker.key: pieces.choice_hint(advice, one) for one in weighed}


def _tell_of_allocation(request, case, made) -> None:
    if made == _SAVED_BEFORE:
        return
    messages.success(
        request,
        in_sentence(
            _("%(reference)s is allocated to %(name)s. The first session is due by %(day)s."),
            reference=reference_mark(case.reference),
            name=made.isva.name,
            day=long_date(made.first_session_due_on),
        ),
    )


def _tell_of_reallocation(request, made) -> None:
    if made == _SAVED_BEFORE:
        return
    new, appointments = made
    told = _("%(name)s carries this case now.") % {"name": new.isva.name}
    if appointments:
        told += " " + ngettext(
            "%(n)d planned appointment is theirs now: make sure that they can keep it.",
            "%(n)d planned appointments are theirs now: make sure that they can keep them.",
            appointments,
        ) % {"n": appointments}  # fmt: skip
    messages.success(request, told)


def _decision_context(request, case, advice, form) -> dict:
    urgent = open_urgent_allocation(case)
    return {
        **case_frame(request, case, "", next_step=False),
        "form": form,
        "facts": _facts(case, advice),
        "left_out": pieces.left_out_lines(advice.ranking),
        "nobody": not form.fields["isva"].choices,
        "urgent": urgent,
        "board_url": reverse("allocation_board"),
        "case_url": reverse("show_case", kwargs={"case_id": case.pk}),
        "cover_url": reverse("cover_case", kwargs={"case_id": case.pk}),
        "conflict_url": reverse("declare_conflict", kwargs={"case_id": case.pk}),
    }


def _facts(case, advice) -> list[dict]:
    client, triaged = case.client, board.triage_of(case)
    wants = [*pieces.preference_words(client), client.preferred_place, client.preferred_times]
    wants.append(triaged.client_choice if triaged else "")
    rows: list[dict] = [
        {"key": _("Risk and complexity"), "lines": [risk_mark(case.risk), complexity_mark(case.complexity)]},
        {"key": _("Waiting"), "value": "" if advice.facts.carried_by else pieces.waiting_words(case)},
        {"key": _("Needs"), "lines": pieces.needs_words(case)},
        {"key": _("Justice process"), "value": case.get_justice_stage_display()},
        {"key": _("Area"), "value": client.area},
        {"key": _("Preference"), "lines": [line for line in wants if line]},
        {"key": _("Readiness"), "value": triaged.get_readiness_display() if triaged else ""},
        {"key": _("Kept in touch"), "value": case.interim_worker.name if case.interim_worker else ""},
        {
            "key": _("Carried by"),
            "value": pieces.carried_by_words(advice)
            or (case.lead_isva.name if advice.facts.carried_by else ""),
        },
        {
            "key": _("Adds to a caseload"),
            "value": _("%(points)s, weighted by its complexity")
            % {"points": points_words(advice.facts.weight)},
        },
    ]
    return [row for row in rows if row.get("value") or row.get("lines")]


@staff_page(Permission.HOLD_CASES)
def show_load(request):
    """An ISVA's own figures, and how they were made (statutory guidance 44)."""
    mine = next(iter(developments(request.acting, only=request.user)), None)
    if mine is None:
        raise PermissionDenied(_("You carry no cases in this service."))
    load = mine.load
    rows, sentence = pieces.figures_of(load)
    return render(
        request,
        "triage/show_load.html",
        {
            "sentence": sentence,
            "table": table(
                caption=_("How your weighted load is made"),
                columns=[
                    _("Cases"),
                    Column(_("How many"), numeric=True),
                    Column(_("Each counts"), numeric=True),
                    Column(_("Together"), numeric=True),
                ],
                rows=[*rows, [_("Weighted load"), load.open_count, "", exact_points_words(load.weighted)]]
                if rows
                else [],
                empty={
                    "title": _("You carry no case yet"),
                    "text": _("A case counts here from the day it is allocated to you."),
                },
            ),
            "bars": [
                (_("Open cases"), pieces.open_of_cap(load), pieces.load_bar(load.open_count, load.cap)),
                (
                    _("Weighted load"),
                    pieces.weighted_of_capacity(load),
                    pieces.load_bar(load.weighted, load.capacity),
                ),
            ],
            "rules": pieces.rules_of(load),
            "time": pieces.time_rows(load),
            "profile": pieces.profile_rows(load),
            "over": over_words(mine) if mine.over_since else "",
            "charts": load_charts(mine),
        },
    )

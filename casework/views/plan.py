"""Pages of the support plan: as it stands, written anew, its actions, and the copy for the client."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from casework import plan as plans
from casework.doors import case_page, find
from casework.forms.plan import AddActionForm, CloseActionForm, EditPlanForm
from casework.models import PlanAction, SupportPlan
from casework.onward import agencies_in_use
from casework.safe_contacts import contacts_of, in_use
from casework.sas.instruments import instrument_in_use
from casework.views import drafts
from casework.views.frame import case_frame
from casework.ways_on import ways_on
from isva.access.roles import Permission
from isva.audit.reading import What
from isva.clock.moment import now, today
from isva.drafts.saving import posted, saved
from isva.interface.marks import clock_mark, tag
from isva.interface.tables import Column, lines, link, table
from isva.interface.words import long_date, short_when
from isva.pathway import CARRIED_STAGES


@case_page(Permission.VIEW_CASE)
def show_plan(request, case):
    """The plan as it stands: what it lacks first, then what was agreed, and the actions."""
    context = case_frame(request, case, "show_plan")
    plan = plans.plan_of(case)
    may_change = context["frame"]["may_change"] and case.stage in CARRIED_STAGES
    standing = plans.standing_of(case, plan) if case.stage in CARRIED_STAGES else None
    context |= {
        "plan": plan,
        "standing": standing,
        "suggestions": _suggestions(case, standing.gaps) if standing else [],
        "rows": _plan_rows(plan) if plan else [],
        "reviewed": _("Last reviewed %(when)s.") % {"when": short_when(plan.reviewed_at, now=now())}
        if plan
        else "",
        "actions": _table_of_actions(case, may_change),
        "may_change": may_change,
        "ways_on": ways_on(case, request.acting) if may_change else [],
    }
    return render(request, "casework/show_plan.html", context)


@case_page(Permission.CHANGE_CASE)
def edit_plan(request, case):
    """Write the plan anew. Where somebody else changed it meanwhile, nothing is overwritten unseen."""
    if request.method != "POST" and case.stage not in CARRIED_STAGES:
        return _no_plan_now(request, case)
    plan = plans.plan_of(case)
    offer = drafts.offered(request, case, "edit_plan", EditPlanForm)
    form = EditPlanForm(
        posted(request), instance=plan, initial={"seen": plans.mark_of(plan)} | offer.pop("initial")
    )
    if request.method == "POST" and saved(
        request,
        form,
        lambda: plans.edit_plan(case, by=request.user, seen=form.cleaned_data["seen"], **form.answers()),
    ):
        drafts.forget(request, case, "edit_plan")
        messages.success(request, _("The plan is saved."))
        return redirect("show_plan", case_id=case.pk)
    context = case_frame(request, case, "show_plan", next_step=False) | offer | {"form": form}
    return render(request, "casework/edit_plan.html", context)


@case_page(Permission.CHANGE_CASE)
def add_action(request, case):
    """Add an action; ``?about=3`` names the third domain of the assessment."""
    if request.method != "POST" and case.stage not in CARRIED_STAGES:
        return _no_plan_now(request, case)
    domains = [(domain["key"], domain["title"]) for domain in instrument_in_use().domains]
    form = AddActionForm(
        posted(request), domains=domains, agencies=agencies_in_use(request.user),
        initial={"domain": _domain_at(request.GET.get("about"), domains)},
    )  # fmt: skip
    if request.method == "POST" and saved(
        request, form, lambda: plans.add_action(case, by=request.user, **form.answers())
    ):
        messages.success(request, _("The action is on the plan."))
        return redirect("show_plan", case_id=case.pk)
    context = case_frame(request, case, "show_plan", next_step=False) | {"form": form}
    return render(request, "casework/add_action.html", context)


@case_page(Permission.CHANGE_CASE)
def close_action(request, case, action_id):
    """Say what became of an action: done, or not and why."""
    action = find(case.planaction_set.select_related("case", "agency"), action_id)
    form = CloseActionForm(posted(request))

    def close():
        answers = form.cleaned_data
        done = answers["outcome"] == PlanAction.Outcome.DONE
        plans.close_action(action, done=done, why_not=answers["why_not"], by=request.user)

    if request.method == "POST" and saved(request, form, close):
        messages.success(request, _("The action is closed."))
        return redirect("show_plan", case_id=case.pk)
    context = case_frame(request, case, "show_plan", next_step=False) | {
        "form": form,
        "what": action.what,
        "is_open": action.outcome == PlanAction.Outcome.OPEN,
        "about_action": [
            {"key": _("Who does it"), "value": _doer(action)},
            {"key": _("By when"), "value": long_date(action.due_on)},
        ],
    }
    return render(request, "casework/close_action.html", context)


@case_page(Permission.VIEW_CASE, what=What.PRINTED)
def print_plan(request, case):
    """The plan as a clean page to print for the client: nothing internal, the address only where asked for.

    Paper is found by others: where the suspect is at home or somebody must not know, the page says so first, and
    the safety plan is printed only where asked for.
    """
    plan = plans.plan_of(case)
    chosen = set(request.GET.getlist("with"))
    client = case.client
    guarded = client.suspect_at_home or bool(client.who_must_not_know)
    with_safety = "safety" in chosen or (not guarded and "chosen" not in request.GET)
    context = {
        "case": case,
        "plan": plan,
        "guarded": guarded,
        "called": client.called,
        "printed_on": long_date(today()),
        "service": case.service,
        "isva": case.lead_isva,
        "with_safety": with_safety,
        "address": _address(client) if "address" in chosen else "",
        "asks_address": "address" in chosen,
        "rhythm": _rhythm(plan) if plan else "",
        "actions": _actions_for_the_client(case),
    }
    return render(request, "casework/print_plan.html", context)


def _suggestions(case, gaps) -> list[dict]:
    """What the latest review asks for and the plan has not: each with the ways to plan it."""
    places = {domain["key"]: place for place, domain in enumerate(instrument_in_use().domains, start=1)}
    action = reverse("add_action", kwargs={"case_id": case.pk})
    onward = reverse("refer_onward", kwargs={"case_id": case.pk})
    return [
        {
            "title": gap.title,
            "words": gap.words,
            "action_url": f"{action}?about={places[gap.domain]}" if gap.domain in places else action,
            "referral_url": onward,
        }
        for gap in gaps
    ]


def _plan_rows(plan: SupportPlan) -> list[dict]:
    not_yet = _("Not written yet")
    return [
        {"key": _("What the client wants"), "lines": plan.goals.splitlines() or [not_yet]},
        {"key": _("Safety plan"), "lines": plan.safety_plan.splitlines() or [not_yet]},
        {"key": _("What to do if …"), "lines": plan.what_if.splitlines() or [not_yet]},
        {"key": _("Planned ending"), "lines": plan.planned_ending.splitlines() or [not_yet]},
        {"key": _("Rhythm of contact"), "value": _rhythm(plan) or _("Not agreed yet")},
        {
            "key": _("Shared with the client"),
            "value": long_date(plan.shared_on) if plan.shared_on else _("Not yet"),
        },
    ]


def _table_of_actions(case, may_change: bool):
    titles = {domain["key"]: domain["title"] for domain in instrument_in_use().domains}
    rows, urgent = [], set()
    for position, action in enumerate(plans.actions_of(case)):
        is_open = action.outcome == PlanAction.Outcome.OPEN
        if is_open and action.due_on < today():
            urgent.add(position)
        url = reverse("close_action", kwargs={"case_id": case.pk, "action_id": action.pk})
        rows.append(
            [
                link(action.what, url) if is_open and may_change else action.what,
                titles.get(action.domain, ""),
                _doer(action),
                clock_mark(action.due_on, now=now()) if is_open else long_date(action.due_on),
                _outcome(action),
            ]
        )
    return table(
        caption=_("Actions"),
        columns=[_("What"), _("About"), _("Who does it"), _("By when"), Column(_("Outcome"))],
        rows=rows,
        urgent=urgent,
        empty={"title": _("No actions yet"), "text": _("Needs and risks of the review become actions here.")},
    )


def _no_plan_now(request, case):
    """Back to the plan with the reason, before somebody types what would be refused."""
    messages.info(
        request,
        _("A support plan is written while an ISVA carries the case. It can be read, not changed, now."),
    )
    return redirect("show_plan", case_id=case.pk)


def _outcome(action: PlanAction):
    if action.outcome == PlanAction.Outcome.OPEN:
        return tag(action.get_outcome_display(), "outline")
    words = tag(action.get_outcome_display(), "teal" if action.outcome == PlanAction.Outcome.DONE else "grey")
    return lines(words, action.why_not or long_date(action.closed_on))


def _doer(action: PlanAction) -> str:
    return action.agency.name if action.agency else str(action.get_doer_display())


def _rhythm(plan: SupportPlan) -> str:
    if not plan.contact_every_days:
        return ""
    return _("At least every %(days)d days") % {"days": plan.contact_every_days}


def _domain_at(place, domains) -> str:
    if place and place.isdecimal() and len(place) <= 3 and 1 <= int(place) <= len(domains):
        return domains[int(place) - 1][0]
    return ""


def _address(client) -> str:
    """The client's own postal address in use, where one is safe to write to."""
    for contact in in_use(contacts_of(client)):
        if contact.kind == contact.Kind.ADDRESS and contact.safe_to_write:
            return contact.value
    return ""


def _actions_for_the_client(case) -> list[dict]:
    """The actions in the client's terms; what was not done and why stays with the service."""
    worker = case.lead_isva.name if case.lead_isva else _("your ISVA")
    doers = {PlanAction.Doer.CLIENT.value: _("You"), PlanAction.Doer.ISVA.value: worker}
    return [
        {
            "what": action.what,
            "who": doers.get(action.doer) or _doer(action),
            "when": long_date(action.due_on),
            "done": action.outcome == PlanAction.Outcome.DONE,
        }
        for action in plans.actions_of(case)
        if action.outcome != PlanAction.Outcome.NOT_DONE
    ]

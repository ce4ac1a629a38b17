"""Pages of safeguarding concerns."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from casework import safeguarding
from casework.doors import case_page, find
from casework.forms.safeguarding import RaiseConcernForm, UpdateConcernForm
from casework.views import drafts
from casework.views.frame import case_frame
from isva.access.roles import Permission
from isva.clock.moment import now
from isva.drafts.saving import posted, saved
from isva.interface.words import long_date, short_when
from isva.stale import as_seen


@case_page(Permission.CHANGE_CASE)
def raise_safeguarding(request, case):
    """Raise a concern for a child or an adult at risk; a draft is kept while it is written."""
    if request.method != "POST" and not case.is_open:
        messages.info(request, _("This case is closed. Reopen it to record a safeguarding concern."))
        return redirect("show_case", case_id=case.pk)
    offer = drafts.offered(request, case, "raise_safeguarding", RaiseConcernForm)
    initial = {"raised_at": now().replace(second=0, microsecond=0)} | offer.pop("initial")
    managers = safeguarding.managers_of(case.service)
    form = RaiseConcernForm(posted(request), managers=managers, initial=initial)

    def record():
        given = form.cleaned_data
        safeguarding.raise_safeguarding(
            case, by=request.user, who=given["who"], what=given["what"], raised_at=given["raised_at"],
            **_filled(form.steps()),
        )  # fmt: skip

    if request.method == "POST" and saved(request, form, record):
        drafts.forget(request, case, "raise_safeguarding")
        messages.success(
            request, _("The concern is recorded. It stays on top of the case until its outcome is known.")
        )
        return redirect("show_case", case_id=case.pk)
    context = case_frame(request, case, "", next_step=False) | offer
    context |= {
        "form": form,
        "submit": _("Record concern"),
        "cancel_url": reverse("show_case", kwargs={"case_id": case.pk}),
    }
    return render(request, "casework/raise_safeguarding.html", context)


def _filled(steps: dict) -> dict:
    """What was not asked keeps its own nothing."""
    return {name: value for name, value in steps.items() if value is not None}


@case_page(Permission.VIEW_CASE)
def update_safeguarding(request, case, concern_id):
    """One concern: what it is, and, for who may write, what has happened since and its outcome."""
    concern = find(
        case.safeguardingconcern_set.select_related("manager_told", "recorded_by", "taken_by"), concern_id
    )
    context = case_frame(request, case, "", next_step=False)
    context |= {
        "rows": _rows(concern),
        "is_closed": concern.closed_on is not None,
        "take_url": _take_url(request, case, concern),
    }
    if not context["frame"]["may_change"] or concern.closed_on:
        return render(request, "casework/update_safeguarding.html", context)
    form = UpdateConcernForm(
        posted(request),
        managers=safeguarding.managers_of(case.service),
        raised_at=concern.raised_at,
        initial=_known(concern) | {"seen": as_seen(concern, safeguarding.STEPS)},
    )

    def update():
        given = form.cleaned_data
        steps = form.steps() | {"outcome": given["outcome"]}
        texts = {"referred_to", "not_referred_why", "not_informed_why"}
        steps |= {name: steps[name] or "" for name in texts}
        safeguarding.update_safeguarding(
            concern, by=request.user, close=given["close"], seen=given["seen"] or None, **steps
        )

    if request.method == "POST" and saved(request, form, update):
        closed = form.cleaned_data["close"]
        messages.success(
            request, _("The concern is closed.") if closed else _("Saved. The concern stays open.")
        )
        return redirect("show_case", case_id=case.pk)
    context |= {
        "form": form,
        "submit": _("Save"),
        "cancel_url": reverse("show_case", kwargs={"case_id": case.pk}),
    }
    return render(request, "casework/update_safeguarding.html", context)


@case_page(Permission.SEE_ALL_CASES)
def take_safeguarding(request, case, concern_id):
    """A manager presses *I take this*: a concern that is not referred yet is theirs to see to."""
    concern = find(case.safeguardingconcern_set.select_related("taken_by"), concern_id)
    address = redirect("update_safeguarding", case_id=case.pk, concern_id=concern.pk)
    if request.method != "POST" or concern.closed_on:
        return address
    taken_by = safeguarding.take_safeguarding(concern, by=request.user).taken_by
    if taken_by == request.user:
        messages.success(
            request,
            _("You have taken this in hand. Nobody is told of it again; see that it is referred today."),
        )
    elif taken_by is not None:
        messages.info(request, _("%(name)s has taken this in hand already.") % {"name": taken_by.name})
    return address


def _take_url(request, case, concern) -> str:
    """Where a manager takes in hand what nobody has referred and nobody has taken; empty where there is nothing to take."""
    waits = not (concern.taken_at or concern.closed_on or concern.referred_at)
    if not waits or not request.acting.can(Permission.SEE_ALL_CASES):
        return ""
    return reverse("take_safeguarding", kwargs={"case_id": case.pk, "concern_id": concern.pk})


def _known(concern) -> dict:
    referred = bool(concern.referred_at)
    return {
        "referred": referred,
        "referred_to": concern.referred_to,
        "referred_at": concern.referred_at,
        "late_why": concern.not_referred_why if referred else "",
        "not_referred_why": "" if referred else concern.not_referred_why,
        "manager_told": concern.manager_told_id,
        "manager_told_at": concern.manager_told_at,
        "client_informed": concern.client_informed,
        "not_informed_why": concern.not_informed_why,
        "outcome": concern.outcome,
    }


def _taken(concern) -> str:
    return f"{concern.taken_by.name}, {short_when(concern.taken_at, now=now())}" if concern.taken_at else ""


def _rows(concern) -> list[dict]:
    referred = (
        f"{concern.referred_to}, {short_when(concern.referred_at, now=now())}"
        if concern.referred_at
        else _("Not referred")
    )
    told = (
        f"{concern.manager_told.name}, {short_when(concern.manager_told_at, now=now())}"
        if concern.manager_told
        else _("Nobody yet")
    )
    found = [
        (_("Who is at risk"), concern.get_who_display()),
        (_("What the concern is"), concern.what),
        (_("Learned of"), f"{short_when(concern.raised_at, now=now())}, {concern.recorded_by.name}"),
        (_("Referred"), referred),
        (_("Why not, or not the same day"), concern.not_referred_why),
        (_("Manager told"), told),
        (_("Taken in hand"), _taken(concern)),
        (_("Client informed"), _("Yes") if concern.client_informed else _("No")),
        (_("Why the client is not informed"), concern.not_informed_why),
        (_("Outcome"), concern.outcome),
        (_("Closed"), long_date(concern.closed_on)),
    ]
    return [{"key": key, "value": value} for key, value in found if value]

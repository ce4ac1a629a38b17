"""Pages of onward referrals, unmet needs, and risks that nobody holds."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from casework import onward
from casework.doors import case_page, find
from casework.forms.onward import OnwardAnswerForm, OnwardForm
from casework.sas.instruments import instrument_in_use
from casework.views.agency_links import how_to_reach
from casework.views.frame import case_frame
from isva.access.roles import Permission
from isva.drafts.saving import posted, saved
from isva.interface.tables import lines
from isva.interface.words import days_words, long_date


@case_page(Permission.CHANGE_CASE)
def refer_onward(request, case):
    """Ask an agency to meet a need, or say that there is no service for it. ``?domain=`` names what it is about."""
    if not case.is_open:
        messages.info(request, _("This case is closed. A referral belongs to an open case."))
        return redirect("show_people", case_id=case.pk)
    form = OnwardForm(
        posted(request),
        agencies=onward.agencies_in_use(request.user),
        domains=instrument_in_use().domains,
        initial={"domain": request.GET.get("domain", "")},
    )

    def refer():
        given = {name: value for name, value in form.values().items() if value is not None}
        onward.refer_onward(case, by=request.user, **given)

    if request.method == "POST" and saved(request, form, refer):
        has_agency = form.cleaned_data["has_agency"]
        messages.success(
            request,
            _("The referral is recorded.") if has_agency else _("The unmet need is recorded, and counted."),
        )
        return redirect("show_people", case_id=case.pk)
    context = case_frame(request, case, "show_people", next_step=False)
    context |= {
        "form": form,
        "submit": _("Record"),
        "cancel_url": reverse("show_people", kwargs={"case_id": case.pk}),
        "agencies_url": reverse("list_agencies"),
    }
    return render(request, "casework/refer_onward.html", context)


@case_page(Permission.VIEW_CASE)
def answer_onward_referral(request, case, referral_id):
    """One referral or unmet need: how it stands, and, for who may write, how it went on."""
    referral = find(case.onwardreferral_set.select_related("agency", "recorded_by"), referral_id)
    context = case_frame(request, case, "show_people", next_step=False)
    context |= {"rows": _rows(referral), "is_unmet": referral.agency is None}
    if not context["frame"]["may_change"]:
        return render(request, "casework/answer_onward_referral.html", context)
    form = OnwardAnswerForm(posted(request), referral=referral)

    def answer():
        seen = form.cleaned_data["seen"] or None
        onward.answer_onward_referral(referral, by=request.user, seen=seen, **form.values())

    if request.method == "POST" and saved(request, form, answer):
        messages.success(request, _("Saved."))
        return redirect("show_people", case_id=case.pk)
    context |= {
        "form": form,
        "submit": _("Save"),
        "cancel_url": reverse("show_people", kwargs={"case_id": case.pk}),
    }
    return render(request, "casework/answer_onward_referral.html", context)


def _agency(referral):
    if referral.agency is None:
        return _("No service to refer to")
    return lines(referral.agency.name, how_to_reach(referral.agency))


def _rows(referral) -> list[dict]:
    waited = onward.days_waited(referral)
    found = [
        (_("What the client needs"), referral.need),
        (_("Agency"), _agency(referral)),
        (_("Phone"), referral.agency.phone if referral.agency else ""),
        (_("Waited"), days_words(waited) if waited is not None else ""),
        (_("Recorded"), f"{long_date(referral.recorded_at)}, {referral.recorded_by.name}"),
        (_("Held by somebody since"), long_date(referral.held_since)),
    ]
    return [{"key": key, "value": value} for key, value in found if value]

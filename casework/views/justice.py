"""The tab of the justice process: where it stands, if there is one, and where it stood."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from casework import justice
from casework.doors import case_page
from casework.forms.justice import JusticeForm
from casework.views.frame import case_frame
from isva.access.roles import Permission
from isva.clock.moment import now, today
from isva.drafts.saving import posted, saved
from isva.interface.tables import table
from isva.interface.words import days_words, long_date, short_when


@case_page(Permission.VIEW_CASE)
def show_justice(request, case):
    """Where the process stands and where it stood. Support never depends on it."""
    context = case_frame(request, case, "show_justice")
    updates = justice.updates_of(case)
    context |= {
        "stands": _stands(case, updates),
        "history": _history_table(updates),
        "update_url": reverse("update_justice", kwargs={"case_id": case.pk})
        if context["frame"]["may_change"]
        else "",
    }
    return render(request, "casework/show_justice.html", context)


def _stands(case, updates) -> list[dict]:
    rows = [{"key": _("Where it stands"), "value": case.get_justice_stage_display()}]
    if updates:
        since = updates[0].since
        rows.append(
            {"key": _("Since"), "value": f"{long_date(since)} ({days_words((today() - since).days)})"}
        )
    if case.trial_on:
        ahead = (case.trial_on - today()).days
        words = long_date(case.trial_on)
        if ahead > 0:
            words = _("%(day)s, in %(span)s") % {"day": words, "span": days_words(ahead)}
        rows.append({"key": _("Trial"), "value": words})
    return rows


def _history_table(updates):
    rows = [
        [
            one.get_stage_display(),
            long_date(one.since),
            long_date(one.trial_on),
            one.note,
            f"{short_when(one.recorded_at, now=now())}, {one.recorded_by.name}",
        ]
        for one in updates
    ]
    return table(
        caption=_("Where it stood"),
        columns=[_("Stage"), _("Since"), _("Trial"), _("Note"), _("Recorded")],
        rows=rows,
        empty={"title": _("Nothing recorded yet"), "text": _("What the referral said stands above. Record each change here.")},
    )  # fmt: skip


@case_page(Permission.CHANGE_CASE)
def update_justice(request, case):
    """Record where the process stands now, or stood at an earlier day."""
    form = JusticeForm(posted(request), initial={"stage": case.justice_stage, "trial_on": case.trial_on})

    def update():
        given = {name: value for name, value in form.cleaned_data.items() if name != "once"}
        justice.update_justice(case, by=request.user, **given)

    if request.method == "POST" and saved(request, form, update):
        messages.success(request, _("Recorded."))
        return redirect("show_justice", case_id=case.pk)
    context = case_frame(request, case, "show_justice", next_step=False)
    context |= {
        "form": form,
        "submit": _("Record"),
        "cancel_url": reverse("show_justice", kwargs={"case_id": case.pk}),
    }
    return render(request, "casework/update_justice.html", context)

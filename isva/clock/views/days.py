"""Bank holidays and one-off days of the service, for whoever sets its numbers."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from isva.access.doors import find, staff_page
from isva.access.roles import Permission
from isva.accounts.views.pieces import row_button
from isva.clock import days
from isva.clock.forms.days import OneOffDayForm
from isva.drafts.saving import posted, saved
from isva.interface.tables import lines, table
from isva.interface.words import long_date


@staff_page(Permission.SEE_ALL_CASES, Permission.KEEP_RECORDS)
def one_off_days(request):
    """The days of the coming year that are no working days, and a form for one more."""
    service = request.acting.service
    form = OneOffDayForm(posted(request))

    def act():
        told = form.cleaned_data
        days.add_one_off_day(
            service, day=told["day"], name=told["name"], is_holiday=told["works"] == "no", by=request.user
        )
        messages.success(request, _("Saved. Due dates that lie ahead follow it."))

    if request.method == "POST" and saved(request, form, act):
        return redirect("one_off_days")
    known = days.last_known_day()
    context = {
        "form": form,
        "days": _table(days.days_ahead(service)),
        "known_until": long_date(known) if known else "",
    }
    return render(request, "clock/one_off_days.html", context)


@staff_page(Permission.SEE_ALL_CASES, Permission.KEEP_RECORDS)
@require_POST
def remove_one_off_day(request):
    """Take a one-off day back."""
    row = find(days.entered(request.acting.service), request.POST.get("day", ""))
    try:
        days.remove_one_off_day(row, by=request.user)
        messages.success(request, _("Removed."))
    except days.NotADay as why:
        messages.error(request, str(why))
    return redirect("one_off_days")


def _table(ahead: list[days.DayOff]):
    rows = []
    for one in ahead:
        who = _("Entered by %s") % one.entered.recorded_by.name if one.entered else _("Bank holiday")
        button = (
            row_button("day", one.entered.pk, _("Remove"), hidden=_in_words(one.day)) if one.entered else ""
        )
        rows.append(
            [_in_words(one.day), lines(one.name, who), _("No") if one.is_holiday else _("Yes"), button]
        )
    return table(
        caption=_("The coming year"), columns=[_("Day"), _("What it is"), _("Worked on"), _("Change")], rows=rows,
        empty={"title": _("None"), "text": _("No bank holiday is known.")},
    )  # fmt: skip


def _in_words(day) -> str:
    return date_format(day, "l j F Y")

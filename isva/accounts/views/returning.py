"""Return to work after sickness: the talk, recorded by a manager, read by the person."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from isva.access.doors import find, staff_page
from isva.access.roles import Permission
from isva.accounts import returning
from isva.accounts.forms.staffing import ReturnForm
from isva.clock.moment import today
from isva.drafts.saving import posted, saved
from isva.interface.words import date_range, long_date


@staff_page(Permission.HOLD_CASES, Permission.HANDLE_INTAKE, Permission.SUPERVISE, Permission.KEEP_RECORDS)
def note_return(request, leave_id):
    """The talk after one absence: a manager records it once, then it is read by them and the person."""
    leave = find(returning.readable(request.acting), leave_id)
    talk, own = getattr(leave, "return_talk", None), leave.membership.user_id == request.user.pk
    if talk is None and own:
        raise Http404
    form = ReturnForm(posted(request), initial={"held_on": today()}) if talk is None else None

    def act():
        told = form.cleaned_data if form is not None else {}
        returning.note_return(leave, held_on=told["held_on"], agreed=told["agreed"], by=request.user)
        messages.success(request, _("Recorded. The person and the managers read it, and nobody else."))

    if form is not None and request.method == "POST" and saved(request, form, act, at="held_on"):
        return redirect("note_return", leave_id=leave.pk)
    context = {
        "member": leave.membership, "own": own, "form": form,
        "back": "my_account" if own else "list_workforce",
        "rows": [
            {"key": _("Away"), "value": date_range(leave.first_day, leave.last_day)},
            {"key": _("Talked on"), "value": long_date(talk.held_on)},
            {"key": _("With"), "value": talk.talked_by.name},
            {"key": _("What was agreed"), "value": talk.agreed},
        ] if talk is not None else [{"key": _("Away"), "value": date_range(leave.first_day, leave.last_day)}],
    }  # fmt: skip
    return render(request, "accounts/note_return.html", context)

"""The service's own details and numbers, kept by its records lead."""

from copy import copy

from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from isva.access.doors import recently_confirmed, staff_page
from isva.access.roles import Permission
from isva.accounts import staffing
from isva.accounts.forms.staffing import ServiceDetailsForm
from isva.drafts.saving import posted, saved
from isva.stale import as_seen


@staff_page(Permission.KEEP_RECORDS)
@recently_confirmed(only_to_send=True)
def edit_service(request):
    """Change what the public sees of the service, and the numbers it works by."""
    service = copy(request.acting.service)  # a form with mistakes changes nothing on the page's head
    seen = as_seen(service, ServiceDetailsForm.Meta.fields)
    form = ServiceDetailsForm(posted(request), instance=service, initial={"seen": seen})

    def act():
        values = {name: value for name, value in form.cleaned_data.items() if name not in ("once", "seen")}
        staffing.edit_service(service, by=request.user, seen=form.cleaned_data["seen"] or None, **values)
        messages.success(request, _("Saved. What falls due from now on follows these numbers."))

    if request.method == "POST" and saved(request, form, act):
        return redirect("edit_service")
    return render(request, "accounts/edit_service.html", {"form": form})

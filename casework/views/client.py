"""The page on which a person's own details are changed."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from casework import client
from casework.doors import case_page
from casework.forms.client import ClientForm
from casework.views.frame import case_frame
from isva.access.roles import Permission
from isva.drafts.saving import posted, saved
from isva.stale import as_seen


@case_page(Permission.CHANGE_CASE)
def edit_client(request, case):
    """Change who the person is, what they need and who must not know."""
    known = {name: getattr(case.client, name) for name in ClientForm.Meta.fields}
    form = ClientForm(
        posted(request),
        initial=known | {"seen": as_seen(case.client, ClientForm.Meta.fields)},
        areas=case.service.areas,
        area_now=case.client.area,
    )
    if request.method == "POST" and saved(
        request,
        form,
        lambda: client.edit_client(
            case.client, by=request.user, seen=form.cleaned_data["seen"], **form.values()
        ),
    ):
        messages.success(request, _("The details are saved."))
        return redirect("show_case", case_id=case.pk)
    context = case_frame(request, case, "", next_step=False)
    context |= {
        "form": form,
        "submit": _("Save details"),
        "cancel_url": reverse("show_case", kwargs={"case_id": case.pk}),
        "safe_url": reverse("change_safe_contacts", kwargs={"case_id": case.pk}),
    }
    return render(request, "casework/edit_client.html", context)

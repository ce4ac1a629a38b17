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
from isva.drafts.saving import posted, renew, saved


@case_page(Permission.CHANGE_CASE)
def edit_client(request, case):
    """Change who the person is, what they need and who must not know."""
    known = {name: getattr(case.client, name) for name in ClientForm.Meta.fields}
    seen = client.as_seen(case.client, ClientForm.Meta.fields)
    form = ClientForm(
        posted(request),
        initial=known | {"seen": seen},
        areas=case.service.areas,
        area_now=case.client.area,
    )
    if request.method == "POST" and form.is_valid() and form.cleaned_data["seen"] != seen:
        form.add_error(
            None,
            _("Somebody changed these details while you were writing. Check them against yours, then save."),
        )
        renew(form, seen=seen)
    elif request.method == "POST" and saved(
        request, form, lambda: client.edit_client(case.client, by=request.user, **form.values())
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

"""A referral that came by phone, typed by a coordinator while the caller is on the line."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from isva.access.doors import staff_page
from isva.access.roles import Permission
from isva.drafts.once import first_press
from isva.drafts.saving import posted
from isva.interface.marks import in_sentence, reference_mark
from referrals.forms.phone import KeyInForm
from referrals.models import Referral
from referrals.stages import referral as stage
from referrals.told import told_by


@staff_page(Permission.HANDLE_INTAKE)
def key_in_referral(request):
    """Type a phone referral on one page; it goes the same way as one that was sent."""
    service = request.acting.service
    form = KeyInForm(posted(request), service=service)
    if request.method == "POST" and form.is_valid():
        if not first_press(request, form):
            return redirect("inbox")
        told = told_by(form.cleaned_data, service=service, route=Referral.Route.PHONE)
        case = stage.receive_referral(told, by=request.user).case
        messages.success(
            request,
            in_sentence(
                _("Saved. The reference for the caller is %(reference)s."),
                reference=reference_mark(case.reference),
            ),
        )
        if stage.in_sight(case, user=request.user):
            return redirect("show_referral", case_id=case.pk)
        return redirect("inbox")
    context = {"form": form, "inbox_url": reverse("inbox")}
    return render(request, "referrals/key_in_referral.html", context)

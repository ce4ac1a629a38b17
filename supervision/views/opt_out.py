"""Opting out of clinical supervision, and coming back: a person's own pages."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from isva.access.doors import staff_page
from isva.access.roles import Permission
from isva.clock.terms import number_now
from isva.drafts.saving import posted, saved
from supervision import arranging, opting_out
from supervision.forms.opt_out import OptOutForm


def _own(request):
    member = arranging.carrying(request.acting).filter(user=request.user).first()
    if member is None:
        raise Http404
    return member


@staff_page(Permission.HOLD_CASES)
def opt_out(request):
    """Say that one does without clinical supervision until a day, and why."""
    member, form = _own(request), OptOutForm(posted(request))

    def act():
        opting_out.opt_out(
            request.acting, member, why=form.cleaned_data["why"], until=form.cleaned_data["until"]
        )
        messages.success(request, _("Recorded. Your managers see the reason and the day."))

    if request.method == "POST" and saved(request, form, act, at="until"):
        return redirect("my_supervision")
    breach = number_now(request.acting.service, "clinical_supervision_breach_days")
    return render(request, "supervision/opt_out.html", {"form": form, "breach": breach})


@staff_page(Permission.HOLD_CASES)
@require_POST
def opt_in(request):
    """Come back to clinical supervision before the day."""
    try:
        opting_out.opt_in(request.acting, _own(request))
    except opting_out.CannotOptOut as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("Clinical supervision goes on. The days count from today."))
    return redirect("my_supervision")

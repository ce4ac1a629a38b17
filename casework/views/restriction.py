"""Pages of restricted clients: restrict, change who is named, lift."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from casework import restricting
from casework.doors import case_page
from casework.forms.sight import ChangeNamedForm, LiftRestrictionForm, RestrictClientForm
from casework.views.frame import case_frame
from isva.access.doors import recently_confirmed
from isva.access.roles import Permission
from isva.drafts.saving import posted, saved
from isva.interface.words import long_date


@case_page(Permission.ALLOCATE)
@recently_confirmed(only_to_send=True)
def restrict_client(request, case):
    """Let only named people see a client, whatever else anybody's role is."""
    if request.method != "POST" and case.is_restricted:
        return redirect("change_named", case_id=case.pk)
    members = restricting.who_may_be_named(case.client)
    carry = [str(one.pk) for one in (case.lead_isva, case.interim_worker) if one]
    form = RestrictClientForm(posted(request), members=members, by=request.user, initial={"named": carry})

    def restrict():
        restricting.restrict_client(
            case.client, reason=form.cleaned_data["reason"], named=form.cleaned_data["named"], by=request.user
        )

    if request.method == "POST" and saved(request, form, restrict):
        messages.success(request, _("The client is restricted: only the people named see them from now on."))
        _say_who_is_missing(request, case)
        return redirect("show_people", case_id=case.pk)
    context = case_frame(request, case, "", next_step=False)
    context |= {"form": form, "case_url": reverse("show_people", kwargs={"case_id": case.pk})}
    return render(request, "casework/restrict_client.html", context)


@case_page(Permission.ALLOCATE)
@recently_confirmed(only_to_send=True)
def change_named(request, case):
    """See why a client is restricted and who is named, and change who is."""
    restriction = restricting.restriction_of(case.client)
    if restriction is None:
        messages.info(request, _("This client is not restricted."))
        return redirect("show_people", case_id=case.pk)
    named = restricting.named_on(restriction)
    form = ChangeNamedForm(
        posted(request), members=restricting.who_may_be_named(case.client), by=request.user,
        initial={"named": [str(one.pk) for one in named], "seen": restricting.mark_of(restriction)},
    )  # fmt: skip

    def change():
        given = form.cleaned_data
        restricting.change_named(
            restriction, named=given["named"], by=request.user, seen=given["seen"] or None
        )

    if request.method == "POST" and saved(request, form, change):
        messages.success(
            request, _("Saved. Whoever is no longer named sees nothing of this client any more.")
        )
        _say_who_is_missing(request, case)
        return redirect("change_named", case_id=case.pk)
    key = {"case_id": case.pk}
    context = case_frame(request, case, "", next_step=False)
    context |= {
        "form": form,
        "rows": [
            {"key": _("Why"), "value": restriction.reason},
            {
                "key": _("Since"),
                "value": _("%(day)s, by %(name)s")
                % {"day": long_date(restriction.recorded_at), "name": restriction.recorded_by.name},
            },
        ],
        "lift_url": reverse("lift_restriction", kwargs=key),
        "case_url": reverse("show_people", kwargs=key),
    }
    return render(request, "casework/change_named.html", context)


@case_page(Permission.ALLOCATE)
@recently_confirmed(only_to_send=True)
def lift_restriction(request, case):
    """Let a client be seen by role and grant again."""
    restriction = restricting.restriction_of(case.client)
    if restriction is None:
        messages.info(request, _("This client is not restricted."))
        return redirect("show_people", case_id=case.pk)
    form = LiftRestrictionForm(posted(request))
    if request.method == "POST" and saved(
        request, form, lambda: restricting.lift_restriction(restriction, by=request.user)
    ):
        messages.success(request, _("The restriction is lifted."))
        return redirect("show_people", case_id=case.pk)
    context = case_frame(request, case, "", next_step=False)
    context |= {
        "form": form,
        "consequences": [
            _("Everybody whose role or grant lets them sees the cases of this client again, at once."),
            _("What people were granted for being named ends."),
            _("That the client was restricted, and by whom they were seen, stays on the record."),
        ],
        "back_url": reverse("change_named", kwargs={"case_id": case.pk}),
    }
    return render(request, "casework/lift_restriction.html", context)


def _say_who_is_missing(request, case) -> None:
    for sentence in restricting.left_without(case.client):
        messages.warning(request, sentence)

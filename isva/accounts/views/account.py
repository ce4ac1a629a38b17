"""A person's own pages: who they are here, their password, whom they know."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from isva.access.doors import find, signed_in_page, staff_page
from isva.accounts import directory, letters, passwords, returning, staffing, throttle, visits
from isva.accounts.forms.signing_in import ChangePasswordForm
from isva.accounts.forms.staffing import ConnectionForm, HomePostcodeForm
from isva.accounts.membership import live_memberships
from isva.accounts.views.pieces import leave_words, profile_rows, too_many_tries
from isva.drafts.once import first_press
from isva.drafts.saving import posted, saved
from isva.interface.tables import table
from isva.interface.words import long_date
from isva.stale import as_seen


@staff_page()
def my_account(request):
    """Name, roles and service of the person signed in, what allocation knows about them, and their absences."""
    membership = request.membership
    several = len(list(live_memberships(request.user))) > 1
    service_row = {"key": _("Service"), "value": membership.service.name}
    if several:
        service_row["actions"] = [
            {"text": _("Change"), "url": reverse("choose_service"), "hidden": _("service")}
        ]
    context: dict[str, list] = {
        "account_rows": [
            {"key": _("Name"), "value": request.user.name},
            {"key": _("E-mail address"), "value": request.user.email},
            service_row,
            {"key": _("Roles"), "value": membership.role_names()},
            {"key": _("Since"), "value": long_date(membership.starts_on)},
        ],
    }
    if directory.carries_cases(membership):
        context["profile_rows"] = profile_rows(directory.profile_of(membership))
        context["leave"] = leave_words(directory.leave_of(membership))
    context["returns"] = [
        {
            "text": _("Return to work: %s") % long_date(one.held_on),
            "url": reverse("note_return", args=[one.leave_id]),
        }
        for one in returning.talks_of(request.acting)
    ]
    return render(request, "accounts/my_account.html", context)


@signed_in_page
@sensitive_post_parameters("old_password", "new_password", "again")
def change_password(request):
    """Choose a new password. Other sessions of the person end, this one goes on."""
    form = ChangePasswordForm(posted(request), person=request.user)
    held_back = request.method == "POST" and not throttle.take_a_code(request.user)
    if held_back:  # the password that somebody has now is not to be guessed here either
        form = ChangePasswordForm(None, person=request.user)
        messages.error(request, too_many_tries())
    if request.method == "POST" and not held_back and form.is_valid():
        throttle.forget_codes(request.user)
        if first_press(request, form):
            passwords.change_password(request.user, form.cleaned_data["new_password"], by=request.user)
            visits.survive_new_password(request)
            letters.tell_password_changed(request.user)
            messages.success(request, _("Your password is changed. You are signed out everywhere else."))
        return redirect("my_account")
    return render(request, "accounts/change_password.html", {"form": form})


@staff_page()
def declare_connection(request):
    """Whom the person, or their household, knows: referrals are checked against it before their first view."""
    membership = request.membership
    form = ConnectionForm(posted(request))
    if request.method == "POST" and form.is_valid():
        if first_press(request, form):
            staffing.declare_connection(
                membership, name=form.cleaned_data["name"], relationship=form.cleaned_data["relationship"],
                by=request.user,
            )  # fmt: skip
            messages.success(request, _("Declared. Only you and the records lead can see it."))
        return redirect("declare_connection")
    rows = [[one.name, one.relationship, _remove_button(one)] for one in directory.connections_of(membership)]
    connections = table(
        caption=_("People you have declared"),
        columns=[_("Name"), _("How you know them"), _("Remove")],
        rows=rows,
    )
    return render(request, "accounts/declare_connection.html", {"form": form, "connections": connections})


@staff_page()
def keep_home_postcode(request):
    """Where the person lives: only compared with the addresses of clients whose records they open."""
    profile = directory.profile_of(request.membership)
    form = HomePostcodeForm(
        posted(request),
        initial={"home_postcode": profile.home_postcode, "seen": as_seen(profile, ("home_postcode",))},
    )

    def keep():
        staffing.keep_home_postcode(
            profile, postcode=form.cleaned_data["home_postcode"], by=request.user,
            seen=form.cleaned_data["seen"] or None,
        )  # fmt: skip
        messages.success(request, _("Saved. It is shown to nobody but you."))

    if request.method == "POST" and saved(request, form, keep, at="home_postcode"):
        return redirect("my_account")
    return render(request, "accounts/keep_home_postcode.html", {"form": form})


@staff_page()
@require_POST
def remove_connection(request):
    """Take back a connection that the person had declared."""
    connection = find(directory.connections_of(request.membership), request.POST.get("connection", ""))
    staffing.remove_connection(connection, by=request.user)
    messages.success(request, _("Removed."))
    return redirect("declare_connection")


def _remove_button(connection):
    from isva.accounts.views.pieces import row_button

    return row_button("connection", connection.pk, _("Remove"), hidden=connection.name)

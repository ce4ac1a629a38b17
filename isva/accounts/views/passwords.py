"""Forgotten passwords: a link by e-mail, good for an hour and for once; the second step is still asked for."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters

from isva.access.doors import public_page
from isva.accounts import letters, passwords, throttle, visits
from isva.accounts.forms.second_step import ForgottenForm
from isva.accounts.forms.signing_in import NewPasswordForm
from isva.drafts.once import first_press
from isva.drafts.saving import posted


@public_page
def ask_new_password(request):
    """Ask for the link of a new password. The answer is the same whether or not there is such an account."""
    form = ForgottenForm(posted(request))
    if request.method == "POST" and form.is_valid():
        email = form.cleaned_data["email"]
        if throttle.may_write_to(request, email):
            letters.ask_for_new_password(email)
        return render(request, "accounts/new_password_asked.html", {"email": email})
    return render(request, "accounts/ask_new_password.html", {"form": form})


@public_page
@sensitive_post_parameters("new_password", "again")
def choose_new_password(request, token):
    """Choose a new password by the secret link. Every session of the person ends; they sign in with both steps."""
    user = passwords.person_of(token)
    if user is None:
        return render(request, "accounts/link_over.html", status=404)
    form = NewPasswordForm(posted(request), person=user)
    if request.method == "POST" and form.is_valid():
        if first_press(request, form):
            passwords.change_password(user, form.cleaned_data["new_password"], by=user)
            visits.end_others(user)
            letters.tell_password_changed(user)
        messages.success(request, _("Your password is changed. Sign in with it."))
        return redirect("sign_in")
    return render(request, "accounts/choose_new_password.html", {"form": form})

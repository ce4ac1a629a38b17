"""Signing in with password and second step, signing out, choosing a service, taking up an invitation."""

import json

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import authenticate, logout
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from isva.access import entry
from isva.access.doors import before_second_factor, public_page, signed_in_page
from isva.access.roles import Role
from isva.accounts import directory, factors, halfway, joining, throttle, visits
from isva.accounts.forms.second_step import CodeForm
from isva.accounts.forms.signing_in import JoinForm, JustOnceForm, SignInForm
from isva.accounts.membership import CannotGo, live_memberships
from isva.accounts.models import User
from isva.accounts.noting import note
from isva.accounts.views.pieces import onward, too_many_tries
from isva.drafts.saving import posted
from isva.headers import CLEAR_PAGES
from isva.interface.words import listed


@public_page
@sensitive_post_parameters("password")
def sign_in(request):
    """Sign in with e-mail address and password. Every mistake reads the same, so that no account shows itself."""
    if request.user.is_authenticated:
        return redirect(onward(request))
    form = SignInForm(posted(request))
    if request.method == "POST" and form.is_valid():
        user = _who_signs_in(request, form)
        if user is not None:
            return _after_the_password(request, user)
    context = {
        "form": form, "next": onward(request, default=""), "ended": request.session.get("ended", ""),
        "minutes": settings.IDLE_MINUTES,
    }  # fmt: skip
    return render(request, "accounts/sign_in.html", context)


def _after_the_password(request, user):
    """On to the second step; somebody who has none yet sets one up before any other page opens."""
    wanted = onward(request, default="")
    request.session.pop("ended", None)  # told until then, in every window that stood open
    if factors.has_factor(user):
        halfway.note(request, user, wanted=wanted)
        return redirect("second_step")
    visits.begin(request, user, proof=None)
    request.session["wanted"] = wanted
    return redirect("set_up_app")


@public_page
@sensitive_post_parameters("code", "credential")
def second_step(request):
    """The second step of signing in: a code of the app, a passkey, or a recovery code. Nobody is signed in before it."""
    user = halfway.who(request)
    if request.user.is_authenticated or user is None:
        return redirect("home" if request.user.is_authenticated else "sign_in")
    form = CodeForm(posted(request))
    if request.method == "POST":
        proof = _second_factor(request, user, form)
        if proof is not None:
            wanted = halfway.wanted(request)
            throttle.forget_codes(user)
            visits.begin(request, user, proof=proof)
            if proof is entry.Proof.RECOVERY_CODE:
                messages.warning(request, _codes_left(factors.codes_left(user)))
            return redirect(wanted or "home")
    passkey = factors.passkeys_work(request) and factors.passkeys_of(user).exists()
    context = {
        "form": form, "has_app": factors.app_of(user) is not None,
        "passkey": json.dumps(factors.ask_for_passkey(user)) if passkey else "",
    }  # fmt: skip
    return render(request, "accounts/second_step.html", context)


def _second_factor(request, user, form) -> entry.Proof | None:
    """What was shown, where it is right; otherwise None, with the reason on the form. Every try counts."""
    answer = request.POST.get("credential", "")
    if not answer and not form.is_valid():
        return None
    if not throttle.take_a_code(user):
        note("held back at the second step", user)
        form.add_error(None, too_many_tries())
        return None
    if answer:
        if factors.passkey_fits(user, answer):
            return entry.Proof.PASSKEY
        note("wrong passkey", user)
        form.errors.clear()
        form.add_error(None, _("The passkey was not accepted. Try again, or use a code."))
        return None
    proof = factors.what_fits(user, form.cleaned_data["code"])
    if proof is None:
        note("wrong code", user)
        form.add_error("code", _("That code is not right, or was used already. Wait for the next one"))
    return proof


def _codes_left(number: int) -> str:
    return ngettext(
        "That was one of your recovery codes. You have %(number)d left.",
        "That was one of your recovery codes. You have %(number)d left.",
        number,
    ) % {"number": number}


@signed_in_page
@before_second_factor
@require_POST
def sign_out(request):
    """Sign out: the session ends here and on the server."""
    note("signed out", request.user)
    visits.forget(request.session.session_key)
    logout(request)
    away = redirect("sign_in")
    away["Clear-Site-Data"] = CLEAR_PAGES
    return away


@signed_in_page
def choose_service(request):
    """Choose in which service to work now; somebody who belongs to one is sent on."""
    memberships = list(live_memberships(request.user))
    if request.method == "POST":
        chosen = request.POST.get("service", "")
        if chosen in {str(membership.service_id) for membership in memberships}:
            request.session["service"] = chosen
            return redirect("home")
        return redirect("choose_service")
    if not memberships:
        return render(request, "accounts/no_service.html", status=403)
    return render(request, "accounts/choose_service.html", {"memberships": memberships})


@public_page
@sensitive_post_parameters("new_password", "again")
def accept_invitation(request, token):
    """Take up an invitation: with a new account, or, for somebody who has one, after signing in."""
    invitation = joining.invitation_for(token)
    if invitation is None:
        return render(request, "accounts/invitation_over.html", status=404)
    person = request.user if request.user.is_authenticated else None
    context = {
        "service": invitation.service,
        "roles": _roles_in_words(invitation.roles),
        "email": invitation.email,
    }
    if person is None and directory.user_with(invitation.email):
        context["sign_in_url"] = f"{reverse('sign_in')}?next={request.path}"
        return render(request, "accounts/accept_invitation.html", context)
    if person is not None and person.email.lower() != invitation.email.lower():
        context["somebody_else"] = person.name
        return render(request, "accounts/accept_invitation.html", context)
    form: JoinForm | JustOnceForm
    if person is None:
        form = JoinForm(
            posted(request), person=User(email=invitation.email), initial={"name": invitation.name}
        )
    else:
        form = JustOnceForm(posted(request))
    if request.method == "POST" and form.is_valid():
        try:
            membership = joining.accept_invitation(
                token, name=form.cleaned_data.get("name", ""), password=form.cleaned_data.get("new_password", ""),
                by=person,
            )  # fmt: skip
        except CannotGo as why:
            form.add_error(None, str(why))
        else:
            if person is None:
                visits.begin(request, membership.user, proof=None)
            request.session["service"] = str(membership.service_id)
            return redirect("home" if person else "set_up_app")
    context["form"] = form
    return render(request, "accounts/accept_invitation.html", context)


def _who_signs_in(request, form):
    """The user whose address and password these are; otherwise None, with the reason on the form."""
    email = form.cleaned_data["email"]
    if not throttle.take_a_try(request, email):
        note("held back", directory.user_with(email))
        form.add_error(None, too_many_tries())
        return None
    user = authenticate(request, username=email, password=form.cleaned_data["password"])
    if user is None:
        note("wrong password", directory.user_with(email))
        form.add_error(None, _("The e-mail address or the password is not right. Check both and try again."))
        return None
    throttle.forget_tries(request, email)
    return user


def _roles_in_words(roles) -> str:
    return listed([str(Role(role).label) for role in roles])

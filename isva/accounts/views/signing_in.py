"""Signing in and out, choosing a service, taking up an invitation."""

from django.contrib.auth import authenticate, login, logout
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from isva.access.doors import public_page, signed_in_page
from isva.access.roles import Role
from isva.accounts import directory, joining, throttle
from isva.accounts.forms.signing_in import JoinForm, JustOnceForm, SignInForm
from isva.accounts.membership import CannotGo, live_memberships
from isva.accounts.models import User
from isva.drafts.saving import posted
from isva.interface.words import listed

BACKEND = "django.contrib.auth.backends.ModelBackend"


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
            enter(request, user)
            return redirect(onward(request))
    return render(request, "accounts/sign_in.html", {"form": form, "next": onward(request, default="")})


@signed_in_page
@require_POST
def sign_out(request):
    """Sign out: the session ends here and on the server."""
    logout(request)
    return redirect("sign_in")


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
                enter(request, membership.user)
            request.session["service"] = str(membership.service_id)
            return redirect("home")
    context["form"] = form
    return render(request, "accounts/accept_invitation.html", context)


def _who_signs_in(request, form):
    """The user whose address and password these are; otherwise None, with the reason on the form."""
    email = form.cleaned_data["email"]
    if throttle.is_held_back(request, email):
        form.add_error(
            None,
            _("Too many tries. Wait %(minutes)d minutes, then try again.") % {"minutes": throttle.MINUTES},
        )
        return None
    user = authenticate(request, username=email, password=form.cleaned_data["password"])
    if user is None:
        throttle.note_failure(request, email)
        form.add_error(None, _("The e-mail address or the password is not right. Check both and try again."))
        return None
    throttle.forget_failures(request, email)
    return user


def enter(request, user):
    """Begin a session: a new key, and no service carried over from whoever was here before."""
    login(request, user, backend=BACKEND)
    request.session.pop("service", None)


def onward(request, default=None) -> str:
    """Where the person was going: an address of our own, or their work."""
    wanted = request.POST.get("next") or request.GET.get("next") or ""
    if url_has_allowed_host_and_scheme(
        wanted, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    ):
        return wanted
    return reverse("home") if default is None else default


def _roles_in_words(roles) -> str:
    return listed([str(Role(role).label) for role in roles])

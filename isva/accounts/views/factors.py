"""A person's own second factors: setting up an app or a passkey, recovery codes, renaming and removing."""

import json

from django.contrib import messages
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from isva.access import entry
from isva.access.doors import before_second_factor, find, recently_confirmed, signed_in_page
from isva.accounts import factors, letters, throttle, visits
from isva.accounts.forms.second_step import AppForm, PasskeyForm
from isva.accounts.noting import note
from isva.accounts.views.pieces import row_button, too_many_tries
from isva.drafts.saving import posted
from isva.drafts.sealing import seal_text, unseal_text
from isva.interface.tables import link, table
from isva.interface.words import long_date, short_when
from isva.refusal import Refusal

_SEED = "seed"  # of an app that is being set up: sealed, in the session, until its first code is right


@signed_in_page
def how_i_sign_in(request):
    """The person's own password, second factors, recovery codes and sessions, each with the way to change it."""
    app = factors.app_of(request.user)
    passkeys = list(factors.passkeys_of(request.user))
    context = {
        "app": app, "app_since": long_date(app.created_at) if app else "",
        "passkeys": _passkey_table(passkeys) if passkeys else None,
        "codes_left": factors.codes_left(request.user), "passkeys_work": factors.passkeys_work(request),
        "has_factor": bool(app or passkeys),
    }  # fmt: skip
    return render(request, "accounts/how_i_sign_in.html", context)


@signed_in_page
@before_second_factor
@recently_confirmed(unless_first=True)
@sensitive_post_parameters("code")
def set_up_app(request):
    """Set up an authenticator app: its seed is shown, and its first code shows that it has it."""
    sealed = request.session.get(_SEED)
    if sealed is None or request.GET.get("new"):
        sealed = request.session[_SEED] = seal_text(factors.new_seed())
    seed = unseal_text(sealed)
    form = AppForm(posted(request))
    if request.method == "POST" and form.is_valid():
        if not throttle.take_a_code(request.user):
            form.add_error(None, too_many_tries())
        elif factors.set_up_app(request.user, seed=seed, code=form.cleaned_data["code"], by=request.user):
            del request.session[_SEED]
            return _set_up(request, entry.Proof.APP)
        else:
            form.add_error(
                "code", _("That code is not right. Check the clock of your phone, and type the newest code")
            )
    context = {
        "form": form, "picture": factors.seed_picture(request.user, seed), "seed": factors.in_fours(seed),
        "first": not entry.is_proven(request.session), "passkeys_work": factors.passkeys_work(request),
    }  # fmt: skip
    return render(request, "accounts/set_up_app.html", context)


@signed_in_page
@before_second_factor
@recently_confirmed(unless_first=True)
def add_passkey(request):
    """Add a passkey: this device, a telephone or a key on a ring. Needs JavaScript; an app does not."""
    form = PasskeyForm(posted(request), initial={"name": _("This device")})
    if request.method == "POST" and form.is_valid():
        answer = request.POST.get("credential", "")
        if factors.add_passkey(request.user, name=form.cleaned_data["name"], answer=answer, by=request.user):
            return _set_up(request, entry.Proof.PASSKEY)
        form.add_error(None, _("The passkey was not made. Try again, or set up an app instead."))
    works = factors.passkeys_work(request)
    context = {
        "form": form, "works": works, "first": not entry.is_proven(request.session),
        "passkey": json.dumps(factors.ask_for_new_passkey(request.user)) if works else "",
    }  # fmt: skip
    return render(request, "accounts/add_passkey.html", context)


def _set_up(request, proof: entry.Proof):
    """After a new factor: the session is proven, under a new key; the others end, and the person is told by e-mail."""
    throttle.forget_codes(request.user)
    first = not entry.is_proven(request.session)
    if first:
        entry.prove(request.session, proof)
    entry.confirm(request.session)
    visits.change_key(request)
    visits.end_others(request.user, but=request.session.session_key)
    letters.tell_factor_changed(request.user)
    note(f"second step set up ({proof.value})", request.user)
    messages.success(request, _("Your second step is set up."))
    return redirect("recovery_codes" if first else "how_i_sign_in")


@signed_in_page
@recently_confirmed
def recovery_codes(request):
    """The recovery codes that are left: for the day on which the telephone is lost."""
    wanted = request.session.pop("wanted", "")
    own = url_has_allowed_host_and_scheme(wanted, allowed_hosts=None) and wanted.startswith("/")
    context = {"codes": factors.recovery_codes(request.user), "onward": wanted if own else ""}
    return render(request, "accounts/recovery_codes.html", context)


@signed_in_page
@recently_confirmed
@require_POST
def renew_recovery_codes(request):
    """Make new recovery codes; the old ones stop working."""
    factors.renew_recovery_codes(request.user, by=request.user)
    letters.tell_factor_changed(request.user)
    messages.success(request, _("These are your new codes. The old ones no longer work."))
    return redirect("recovery_codes")


@signed_in_page
@recently_confirmed
@require_POST
def remove_app(request):
    """Remove the authenticator app, where something else is left to sign in with."""
    app = factors.app_of(request.user)
    return _removed(request, app) if app else redirect("how_i_sign_in")


@signed_in_page
@recently_confirmed
@require_POST
def remove_passkey(request):
    """Remove a passkey, where something else is left to sign in with."""
    return _removed(request, find(factors.passkeys_of(request.user), request.POST.get("passkey", "")))


@signed_in_page
@recently_confirmed
def rename_passkey(request):
    """Give a passkey another name."""
    key = request.POST.get("passkey") or request.GET.get("passkey", "")
    if not key:
        return redirect("how_i_sign_in")
    passkey = find(factors.passkeys_of(request.user), key)
    form = PasskeyForm(posted(request), initial={"name": passkey.wrap().name})
    if request.method == "POST" and form.is_valid():
        factors.rename_passkey(passkey, name=form.cleaned_data["name"], by=request.user)
        messages.success(request, _("Saved."))
        return redirect("how_i_sign_in")
    return render(request, "accounts/rename_passkey.html", {"form": form, "passkey": passkey})


def _removed(request, factor):
    try:
        factors.remove(factor, by=request.user)
    except Refusal as why:
        messages.error(request, str(why))
    else:
        visits.end_others(request.user, but=request.session.session_key)
        letters.tell_factor_changed(request.user)
        note("second step removed", request.user)
        messages.success(request, _("Removed. You are signed out everywhere else."))
    return redirect("how_i_sign_in")


def _passkey_table(passkeys):
    rows = [
        [
            link(one.wrap().name, f"{reverse('rename_passkey')}?passkey={one.pk}", hidden=_("(rename)")),
            long_date(one.created_at),
            short_when(one.last_used_at) or _("Not yet"),
            row_button("passkey", one.pk, _("Remove"), hidden=one.wrap().name),
        ]
        for one in passkeys
    ]
    return table(
        caption=_("Your passkeys"),
        hide_caption=True,
        columns=[_("Name"), _("Since"), _("Last used"), _("Remove")],
        rows=rows,
    )

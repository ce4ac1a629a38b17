"""A person's sessions: where they are signed in, ending them, staying, confirming once more that it is them."""

import json

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from isva.access import entry
from isva.access.doors import (
    asked_by_script,
    before_second_factor,
    find,
    in_background,
    recently_confirmed,
    signed_in_page,
)
from isva.accounts import factors, throttle, visits
from isva.accounts.forms.second_step import ConfirmForm
from isva.accounts.noting import note
from isva.accounts.views.pieces import onward, row_button, too_many_tries
from isva.drafts import typed
from isva.drafts.saving import posted
from isva.interface.marks import tag
from isva.interface.tables import lines, table
from isva.interface.words import short_when


@signed_in_page
def my_sessions(request):
    """Where the person is signed in now: on what, since when, from where; each can be ended."""
    seen = visits.sessions_of(request)
    rows = [
        [
            lines(one.visit.device, _where(one)),
            short_when(one.visit.began_at),
            short_when(one.last_seen),
            tag(_("This one"), "green")
            if one.here
            else row_button("session", one.visit.pk, _("End"), hidden=one.visit.device),
        ]
        for one in seen
    ]
    context = {
        "sessions": table(caption=_("Where you are signed in"), hide_caption=True, rows=rows,
                          columns=[_("Device"), _("Signed in"), _("Last seen"), _("End")]),
        "others": sum(not one.here for one in seen), "idle": settings.IDLE_MINUTES, "longest": settings.LONGEST_HOURS,
    }  # fmt: skip
    return render(request, "accounts/my_sessions.html", context)


def _where(one: visits.Seen) -> str:
    if one.here:
        return ""
    if one.same_network:
        return _("On the network that you are on now")
    if not one.visit.address:
        return ""
    return _("On another network (%(address)s)") % {"address": one.visit.address}


@signed_in_page
@recently_confirmed
@require_POST
def end_session(request):
    """End one of the person's sessions."""
    visits.end(find(visits.visits_of(request.user), request.POST.get("session", "")), by=request.user)
    messages.success(request, _("Ended. Nobody can go on working there."))
    return redirect("my_sessions")


@signed_in_page
@recently_confirmed
@require_POST
def end_other_sessions(request):
    """End every session of the person but this one."""
    ended = visits.end_others(request.user, but=request.session.session_key)
    messages.success(request, ngettext("%(n)d session ended.", "%(n)d sessions ended.", ended) % {"n": ended})
    return redirect("my_sessions")


@signed_in_page
@before_second_factor
@asked_by_script
@require_POST
def stay_signed_in(request):
    """The person is at work on a page that asks nothing of the server. Answers the seconds that are left."""
    return JsonResponse({"left": entry.seconds_left(request.session)})


@signed_in_page
@before_second_factor
@in_background
def time_left(request):
    """How many seconds the session lasts if nothing more happens in it. Asking is no sign of being at work."""
    return JsonResponse({"left": entry.seconds_left(request.session)})


@signed_in_page
@in_background
@require_POST
def keep_typed(request):
    """Keep what stands in a form without a draft of its own: the page is put aside, or the session ends by itself.

    Answers 204 where it is kept, and 200 where it is not (it is too long). ``path`` is where the form is sent.
    """
    kept = typed.keep(request, user=request.user, path=request.POST.get("path", "")[:500])
    return HttpResponse(status=204 if kept else 200)


@signed_in_page
@sensitive_post_parameters("password", "code", "credential")
def confirm_it_is_me(request):
    """Before something that reaches far: the password or the second factor once more, then on to the page."""
    user = request.user
    has_app = factors.app_of(user) is not None
    form = ConfirmForm(posted(request), with_code=has_app)
    if request.method == "POST" and _confirmed(request, form):
        throttle.forget_codes(user)
        entry.confirm(request.session)
        visits.change_key(request)
        return redirect(onward(request))
    passkey = factors.passkeys_work(request) and factors.passkeys_of(user).exists()
    context = {
        "form": form, "next": onward(request, default=""), "minutes": settings.CONFIRMED_FOR_MINUTES,
        "passkey": json.dumps(factors.ask_for_passkey(user)) if passkey else "",
    }  # fmt: skip
    return render(request, "accounts/confirm_it_is_me.html", context)


def _confirmed(request, form) -> bool:
    answer = request.POST.get("credential", "")
    if not answer and not form.is_valid():
        return False
    if not throttle.take_a_code(request.user):
        note("held back at confirming", request.user)
        form.add_error(None, too_many_tries())
        return False
    if answer:
        fits = factors.passkey_fits(request.user, answer)
        if not fits:
            form.errors.clear()
            form.add_error(None, _("The passkey was not accepted. Try again, or use your password."))
        return fits
    password, code = form.cleaned_data.get("password"), form.cleaned_data.get("code")
    if password:
        if request.user.check_password(password):
            return True
        note("wrong password at confirming", request.user)
        form.add_error("password", _("That is not your password"))
        return False
    if factors.what_fits(request.user, code) is entry.Proof.APP:
        return True
    form.add_error("code", _("That code is not right, or was used already. Wait for the next one"))
    return False

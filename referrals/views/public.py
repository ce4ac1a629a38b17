"""The public forms: refer somebody, or refer yourself, step by step at one address, without an account."""

import logging
import time

from django.conf import settings
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from isva.access.doors import public_page
from isva.clock.terms import number_now
from isva.drafts import keeping
from isva.interface.way_out import lead_out
from referrals import attachment, doorstep, usual
from referrals.forms.about_me import MY_CHILD
from referrals.models import Referral
from referrals.stages import referral as stage
from referrals.told import told_by
from referrals.ways_in import PROFESSIONAL, SELF
from referrals.wizard import CHECK, Walk

COOKIE = "form" if settings.INSECURE_COOKIES else "__Secure-form"
TRAP = "website"
logger = logging.getLogger(__name__)
WIZARDS = {"professional": PROFESSIONAL, "self": SELF}


@public_page
def start_referral(request, service):
    """Both ways in, explained: what an ISVA is, what happens next, and where else to go."""
    return render(request, "referrals/start_referral.html", _in_days(_frame(doorstep.find_service(service))))


@public_page
def refer_professional(request, service):
    """The form for professionals."""
    return _fill_in(request, doorstep.find_service(service), PROFESSIONAL)


@public_page
def refer_self(request, service):
    """The form for the person themselves, or for a parent or carer."""
    return _fill_in(request, doorstep.find_service(service), SELF)


@public_page
def referral_sent(request, service, form):
    """The confirmation: the reference, what happens next, and the private link where it is wanted."""
    service = doorstep.find_service(service)
    wizard = WIZARDS[form]
    draft = keeping.public_draft(service=service, form=wizard.name, key=request.COOKIES.get(COOKIE, ""))
    sent = (draft or {}).get("sent")
    address = reverse(wizard.name, args=[service.slug])
    if not sent:
        return redirect(address)
    link = (
        request.build_absolute_uri(reverse("referral_status", args=[sent["token"]])) if sent["token"] else ""
    )
    context = {"sent": sent, "link": link, "professional": wizard is PROFESSIONAL, "form_address": address}
    return render(request, "referrals/referral_sent.html", _in_days(_frame(service, wizard) | context))


@public_page
def leave_form(request, service, form):
    """Exit this page: the draft is removed, and the visitor is somewhere harmless. Going back finds an empty form."""
    if key := request.COOKIES.get(COOKIE, ""):
        keeping.forget_public_draft(key=key)
    return _without_cookie(lead_out(), service, WIZARDS[form])


@public_page
def leave(request):
    """Exit this page, from one that keeps no draft."""
    return lead_out()


def _frame(service, wizard=None) -> dict:
    """What every page shows; on those of a form, the way out goes by where its draft is removed."""
    frame = {"service": service, "public_service_name": service.name}
    if wizard:
        frame["exit_url"] = reverse("leave_form", args=[service.slug, _form(wizard)])
    return frame


def _in_days(context: dict) -> dict:
    """The same, with the working days within which the service makes contact."""
    return context | {"contact_days": number_now(context["service"], "first_contact_standard_days")}


def _fill_in(request, service, wizard):
    """One page of a form. Everything is posted to the one address; what was typed lies in a draft on our side."""
    key = request.COOKIES.get(COOKIE, "")
    if request.method != "POST":
        draft = keeping.public_draft(service=service, form=wizard.name, key=key) if key else None
        if draft and draft.get("sent"):
            return _to_confirmation(service, wizard)
        if key and draft is None:
            return _began_again(request, service, wizard)
        return _page(request, Walk(wizard, service, draft or {}))
    slow = doorstep.too_fast(request, act="post", service=service)
    go = request.POST.get("go", "")
    if go in ("start", "leave"):  # nobody is kept from clearing what they wrote
        return _begin_or_leave(request, service, wizard, key, leave=go == "leave")
    draft = keeping.public_draft(service=service, form=wizard.name, key=key, lock=True) if key else None
    if draft and draft.get("sent"):
        return _to_confirmation(service, wizard)
    if draft is None and request.POST.get("step", "") != wizard.steps[0].name:
        return _began_again(request, service, wizard)
    walk = Walk(wizard, service, draft or {})
    if slow:
        return _refuse(request, walk, key, has_draft=draft is not None)
    if draft is None:
        key = keeping.new_key()
    if go == "send":
        return _send(request, walk, key)
    return _step_on(request, walk, key, go)


def _refuse(request, walk, key, *, has_draft):
    """Too fast. What was typed is kept in the draft; where there is none yet, and none is made now, the page keeps it."""
    at_check = request.POST.get("step") == CHECK
    step = None if at_check else walk.step(request.POST.get("step")) or walk.here
    if step is not None:
        form = walk.take(step, request.POST)
        walk.draft["at"] = step.name
        if not has_draft:
            form.add_error(
                None, doorstep.wait_words(walk.service, _("Very many forms came from where you are."))
            )
            return _page(request, walk, form=form, status=429)
        _keep(walk, key)
    return _slow_down(request, walk.service, walk.wizard)


def _began_again(request, service, wizard):
    """The draft has run out, or the cookie has: the first page, with a kind word."""
    response = _page(request, Walk(wizard, service, {}), began_again=True)
    return _without_cookie(response, service.slug, wizard)


def _step_on(request, walk, key, go):
    """Keep what was typed into this page, and show the page that follows, or this one again with its mistakes."""
    at_check = request.POST.get("step") == CHECK
    step = None if at_check else walk.step(request.POST.get("step")) or walk.here
    change = walk.step(request.POST.get("change", ""))
    if at_check or step is None:
        if change:
            walk.go_to(change.name)
        elif go == "back":
            walk.go_back_from(None)
    else:
        form = walk.take(step, request.POST)
        if step.takes_file and go != "remove":
            if "file" in request.FILES and doorstep.too_fast(request, act="file", service=walk.service):
                _keep(walk, key)
                return _slow_down(request, walk.service, walk.wizard)
            attachment.attach(request, walk, key, form)
        if step.takes_file and go == "remove":
            attachment.remove(walk, key)
            walk.draft["at"] = step.name
        elif go == "back":
            walk.go_back_from(step)
        elif not form.is_valid():
            walk.draft["at"] = step.name
            _keep(walk, key)
            return _with_cookie(_page(request, walk, form=form), request, walk, key)
        else:
            walk.go_on_from(step)
    _keep(walk, key)
    return _with_cookie(redirect(_address(walk)), request, walk, key)


def _send(request, walk, key):
    """Send it: the draft is locked, so that a second press finds it sent and shows the same confirmation.

    Whoever filled the box that people do not see gets the same page after the same time, and nothing is made.
    """
    began = time.monotonic()
    if walk.hold_up():
        _keep(walk, key)
        return redirect(_address(walk))
    if doorstep.too_fast(request, act="send", service=walk.service):
        return _slow_down(request, walk.service, walk.wizard)
    told = told_by(walk.answers, service=walk.service, route=_route(walk))
    told.attached = attachment.attached_to(walk, key)
    if request.POST.get(TRAP):
        logger.warning("A machine sent a public form: nothing was made of it.")
        sent = stage.as_if_received(told)
    else:
        received = stage.receive_from_public(told, service=walk.service)
        sent = {"reference": received.case.reference, "token": received.token}
    keeping.keep_public_draft(service=walk.service, form=walk.wizard.name, key=key, data={"sent": sent})
    keeping.forget_public_file(key=key)
    doorstep.level(began)
    return _to_confirmation(walk.service, walk.wizard)


def _route(walk):
    if walk.wizard is PROFESSIONAL:
        return Referral.Route.PROFESSIONAL
    return Referral.Route.PARENT if walk.answers.get("who") == MY_CHILD else Referral.Route.SELF


def _begin_or_leave(request, service, wizard, key, *, leave):
    """Begin afresh, or leave: either way what lies in the draft is removed. Devices are shared."""
    if key:
        keeping.forget_public_draft(key=key)
    response = redirect("start_referral", service.slug) if leave else redirect(wizard.name, service.slug)
    return _without_cookie(response, service.slug, wizard)


def _without_cookie(response, slug, wizard):
    response.delete_cookie(COOKIE, path=reverse(wizard.name, args=[slug]), samesite="Lax")
    return response


def _keep(walk, key):
    keeping.keep_public_draft(service=walk.service, form=walk.wizard.name, key=key, data=walk.draft)


def _address(walk) -> str:
    return reverse(walk.wizard.name, args=[walk.service.slug])


def _to_confirmation(service, wizard):
    return redirect("referral_sent", service.slug, _form(wizard))


def _form(wizard) -> str:
    """What a form is called in an address."""
    return "professional" if wizard is PROFESSIONAL else "self"


def _with_cookie(response, request, walk, key):
    """The key of the draft: unguessable, for this form only, gone when the browser is closed."""
    if request.COOKIES.get(COOKIE) != key:
        response.set_cookie(
            COOKIE,
            key,
            path=_address(walk),
            httponly=True,
            samesite="Lax",
            secure=not settings.INSECURE_COOKIES,
        )
    return response


def _slow_down(request, service, wizard):
    return render(request, "referrals/slow_down.html", _frame(service, wizard), status=429)


def _page(request, walk, *, form=None, began_again=False, status=200):
    """The page of the step where the visitor is, or the one on which the answers are checked."""
    step = walk.here
    context = _frame(walk.service, walk.wizard) | {
        "walk": walk,
        "professional": walk.wizard is PROFESSIONAL,
        "began_again": began_again,
        "address": _address(walk),
    }
    if step is None:
        context |= {
            "groups": walk.groups(), "trap": TRAP,
            "in_danger": walk.answers.get("safety_answer") == "yes", "progress_name": _("Check your answers"),
        }  # fmt: skip
        return render(request, "referrals/check_referral.html", context)
    context |= {
        "step": step,
        "form": form or walk.form_to_show(step),
        "back": walk.asked.index(step) > 0,
        "outside": usual.words(walk.service, walk.answers.get("outside_usual", [])),
    }
    return render(request, "referrals/refer_step.html", context, status=status)

"""Pages of safe contacts: what is in use, the client's rules, and how a change comes into use by two people."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from casework import safe_contacts
from casework.doors import case_page, find
from casework.forms.safe_contacts import (
    ConfirmContactForm,
    ProposeContactForm,
    RulesForm,
    SecondContactForm,
    StopUsingForm,
)
from casework.models import SafeContact
from casework.views.frame import case_frame
from isva.access.roles import Permission
from isva.drafts.saving import posted, saved
from isva.interface.words import long_date
from isva.pathway import WrongStage
from isva.stale import as_seen


@case_page(Permission.CHANGE_CASE)
def change_safe_contacts(request, case):
    """What is in use, what is proposed and by whom it waits to be confirmed."""
    context = case_frame(request, case, "", next_step=False)
    contacts = context["frame"]["contacts"]
    context |= {
        "in_use": [_card(case, contact) for contact in safe_contacts.in_use(contacts)],
        "proposals": [_proposal(request, case, contact) for contact in safe_contacts.proposed(contacts)],
        "empty": {
            "title": _("No number or address is in use"),
            "text": _(
                "Add one that the client has confirmed with you. Two people are needed before it is used."
            ),
        },
    }
    return render(request, "casework/change_safe_contacts.html", context)


def _key(case, contact) -> dict:
    return {"case_id": case.pk, "safe_contact_id": contact.pk}


def _confirmed_words(contact) -> str:
    if contact.last_confirmed_on is None:
        return _("Not confirmed since the referral")
    return _("Last confirmed on %(day)s") % {"day": long_date(contact.last_confirmed_on)}


def _card(case, contact) -> dict:
    key = _key(case, contact)
    lines = safe_contacts.in_full(contact)
    return {
        "title": contact.get_kind_display(),
        "rows": [{"key": contact.get_kind_display(), "lines": [*lines, _confirmed_words(contact)]}],
        "actions": [
            {"text": _("Change the rules"), "url": reverse("change_contact_rules", kwargs=key)},
            {"text": _("Propose a new value"), "url": reverse("replace_safe_contact", kwargs=key)},
            {"text": _("Stop using it"), "url": reverse("stop_using_contact", kwargs=key)},
        ],
    }


def _proposal(request, case, contact) -> dict:
    key = _key(case, contact)
    if contact.confirmed_by_id is None:
        waits = _("Waiting: somebody confirms it with the client on a channel that was safe before.")
    elif contact.confirmed_by_id == request.user.pk:
        waits = _("You confirmed it with the client. Now a second person has to agree.")
    else:
        waits = _("%(person)s confirmed it with the client. A second person has to agree.") % {
            "person": contact.confirmed_by.name
        }
    rows = [
        {"key": contact.get_kind_display(), "lines": safe_contacts.in_full(contact)},
        {
            "key": _("Takes the place of"),
            "value": contact.replaces.value if contact.replaces else _("Nothing, it is new"),
        },
        {"key": _("Proposed by"), "value": f"{contact.recorded_by.name}, {long_date(contact.recorded_at)}"},
    ]
    if contact.confirmed_by_id:
        rows.append({"key": _("How it was confirmed"), "value": contact.confirmed_how})
    mine = contact.confirmed_by_id == request.user.pk
    return {
        "title": _("Proposed %(kind)s, do not use yet") % {"kind": contact.get_kind_display().lower()},
        "waits": waits,
        "rows": rows,
        "confirm": ""
        if mine
        else {
            "url": reverse("confirm_safe_contact", kwargs=key),
            "text": _("Agree as the second person")
            if contact.confirmed_by_id
            else _("Confirm it with the client"),
        },
        "withdraw_url": reverse("withdraw_safe_contact", kwargs=key),
    }


def _find(case, safe_contact_id) -> SafeContact:
    rows = case.client.safecontact_set.select_related("confirmed_by", "replaces", "recorded_by")
    return find(rows, safe_contact_id)


def _not_any_more(request, case, contact):
    """Back to the list, with how the contact stands: somebody else was quicker."""
    messages.info(
        request,
        _("This cannot be done now: it is “%(standing)s”.")
        % {"standing": contact.get_standing_display().lower()},
    )
    return redirect("change_safe_contacts", case_id=case.pk)


@case_page(Permission.CHANGE_CASE)
def propose_safe_contact(request, case):
    """Propose a number or address that is new."""
    return _propose(request, case, None)


@case_page(Permission.CHANGE_CASE)
def replace_safe_contact(request, case, safe_contact_id):
    """Propose a new value in place of one in use."""
    replaces = _find(case, safe_contact_id)
    if replaces.standing != SafeContact.Standing.IN_USE:
        return _not_any_more(request, case, replaces)
    return _propose(request, case, replaces)


def _propose(request, case, replaces):
    carried_on = (
        {name: getattr(replaces, name) for name in safe_contacts.RULE_FIELDS} if replaces is not None else {}
    )
    form = ProposeContactForm(posted(request), kind=replaces.kind if replaces else None, initial=carried_on)
    if request.method == "POST" and saved(
        request,
        form,
        lambda: safe_contacts.propose(case.client, replaces=replaces, by=request.user, **form.values()),
    ):
        messages.success(request, _("Proposed. Nobody uses it until two people have confirmed it."))
        return redirect("change_safe_contacts", case_id=case.pk)
    context = case_frame(request, case, "", next_step=False)
    context |= {
        "form": form,
        "submit": _("Propose"),
        "cancel_url": reverse("change_safe_contacts", kwargs={"case_id": case.pk}),
        "replaces": replaces.value if replaces else "",
    }
    return render(request, "casework/propose_safe_contact.html", context)


@case_page(Permission.CHANGE_CASE)
def confirm_safe_contact(request, case, safe_contact_id):
    """Confirm a proposal: first with the client, on a channel that was safe before; then as the second person."""
    contact = _find(case, safe_contact_id)
    if contact.standing != SafeContact.Standing.PROPOSED:
        return _not_any_more(request, case, contact)
    is_second = contact.confirmed_by_id is not None
    if is_second and contact.confirmed_by_id == request.user.pk:
        messages.info(request, _("You confirmed this yourself. A second person has to agree."))
        return redirect("change_safe_contacts", case_id=case.pk)
    form = SecondContactForm(posted(request)) if is_second else ConfirmContactForm(posted(request))

    def confirm():
        if is_second:
            safe_contacts.second(contact, by=request.user)
        else:
            safe_contacts.confirm(contact, how=form.cleaned_data["how"], by=request.user)

    if request.method == "POST" and saved(request, form, confirm):
        done = (
            _("It is in use from now on.") if is_second else _("Confirmed. A second person has to agree now.")
        )
        messages.success(request, done)
        return redirect("change_safe_contacts", case_id=case.pk)
    context = case_frame(request, case, "", next_step=False)
    proposal = _proposal(request, case, contact)
    context |= {
        "form": form,
        "is_second": is_second,
        "submit": _("Agree, and use it from now on") if is_second else _("Confirm"),
        "cancel_url": reverse("change_safe_contacts", kwargs={"case_id": case.pk}),
        "rows": proposal["rows"],
        "known_ways": [
            words
            for words in map(safe_contacts.in_brief, safe_contacts.in_use(context["frame"]["contacts"]))
            if words
        ],
    }
    return render(request, "casework/confirm_safe_contact.html", context)


@case_page(Permission.CHANGE_CASE)
@require_POST
def withdraw_safe_contact(request, case, safe_contact_id):
    """Drop a proposal that the client did not confirm."""
    contact = _find(case, safe_contact_id)
    try:
        safe_contacts.withdraw(contact, by=request.user)
    except WrongStage as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("The proposal is withdrawn. What was in use stays in use."))
    return redirect("change_safe_contacts", case_id=case.pk)


@case_page(Permission.CHANGE_CASE)
def stop_using_contact(request, case, safe_contact_id):
    """Stop using a number or address at once: asked once, with why, done by one person."""
    contact = _find(case, safe_contact_id)
    if contact.standing != SafeContact.Standing.IN_USE:
        return _not_any_more(request, case, contact)
    form = StopUsingForm(posted(request))
    if request.method == "POST" and saved(
        request,
        form,
        lambda: safe_contacts.stop_using(contact, why=form.cleaned_data["why"], by=request.user),
    ):
        messages.success(request, _("It is not used any more. Whoever works on the case is told."))
        return redirect("change_safe_contacts", case_id=case.pk)
    context = case_frame(request, case, "", next_step=False)
    context |= {
        "form": form,
        "submit": _("Stop using it"),
        "kind": "warning",
        "cancel": _("Keep it in use"),
        "cancel_url": reverse("change_safe_contacts", kwargs={"case_id": case.pk}),
        "value": contact.value,
        "consequences": [
            _("Nobody uses it any more, from this moment."),
            _("To use it again it has to be proposed anew and confirmed by two people."),
        ],
    }
    if len(safe_contacts.in_use(context["frame"]["contacts"])) == 1:
        context["consequences"].insert(1, _("The client has no other safe number or address on this record."))
    return render(request, "casework/stop_using_contact.html", context)


@case_page(Permission.CHANGE_CASE)
def change_contact_rules(request, case, safe_contact_id):
    """Change what the client allows on a number or address in use."""
    contact = _find(case, safe_contact_id)
    if contact.standing != SafeContact.Standing.IN_USE:
        return _not_any_more(request, case, contact)
    form = RulesForm(
        posted(request),
        kind=contact.kind,
        initial={name: getattr(contact, name) for name in safe_contacts.RULE_FIELDS}
        | {"seen": as_seen(contact, safe_contacts.RULE_FIELDS)},
    )
    if request.method == "POST" and saved(
        request,
        form,
        lambda: safe_contacts.change_rules(
            contact,
            how=form.cleaned_data["confirmed_how"],
            by=request.user,
            seen=form.cleaned_data["seen"] or None,
            **form.rules(),
        ),
    ):
        messages.success(request, _("The rules are changed."))
        return redirect("change_safe_contacts", case_id=case.pk)
    context = case_frame(request, case, "", next_step=False)
    context |= {
        "form": form,
        "submit": _("Change the rules"),
        "cancel_url": reverse("change_safe_contacts", kwargs={"case_id": case.pk}),
        "value": contact.value,
    }
    return render(request, "casework/change_contact_rules.html", context)

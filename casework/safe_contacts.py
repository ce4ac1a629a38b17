"""How it is safe to reach a client, in words; and how a changed number or address comes into use.

A changed value is a proposal until one worker has confirmed it on a safe channel that is already known and a
second person has agreed: somebody who controls the client could have asked for the change.
"""

from django.utils.translation import gettext as _

from casework.models import Case, Client, Contact, SafeContact
from casework.sas.recording import review_after_change
from isva.clock.moment import now, today
from isva.codes import MODE_NEEDS, ContactMode
from isva.interface.words import listed
from isva.pathway import WrongStage
from isva.stale import refuse_stale

#: What may be allowed on a contact of a kind: the rule's field, and its name in a sentence.
RULES = {
    SafeContact.Kind.PHONE: ("safe_to_call", "safe_to_text", "safe_to_leave_message"),
    SafeContact.Kind.EMAIL: ("safe_to_write",),
    SafeContact.Kind.ADDRESS: ("safe_to_write",),
}
#: On which kind of contact a mode is used.
KIND_OF_MODE = {
    ContactMode.PHONE: SafeContact.Kind.PHONE,
    ContactMode.TEXT: SafeContact.Kind.PHONE,
    ContactMode.EMAIL: SafeContact.Kind.EMAIL,
    ContactMode.LETTER: SafeContact.Kind.ADDRESS,
}
#: Fields that a change of rules may touch.
RULE_FIELDS = (
    "whose", "person_name", "person_relationship", "safe_to_call", "safe_to_text", "safe_to_leave_message",
    "safe_to_write", "safe_times", "who_may_answer", "code_word",
)  # fmt: skip


def contacts_of(client: Client) -> list[SafeContact]:
    """The contacts of a client that are in use or proposed, those in use first. One query."""
    rows = SafeContact.objects.filter(client=client).exclude(standing=SafeContact.Standing.REPLACED)
    return sorted(
        rows.select_related("recorded_by", "confirmed_by", "replaces"),
        key=lambda contact: (contact.standing != SafeContact.Standing.IN_USE, contact.recorded_at),
    )


def in_use(contacts) -> list[SafeContact]:
    """Those that may be used."""
    return [contact for contact in contacts if contact.standing == SafeContact.Standing.IN_USE]


def proposed(contacts) -> list[SafeContact]:
    """Those that may not be used yet."""
    return [contact for contact in contacts if contact.standing == SafeContact.Standing.PROPOSED]


def _name_of(rule: str) -> str:
    return {
        "safe_to_call": _("call"),
        "safe_to_text": _("text"),
        "safe_to_leave_message": _("leave a message"),
        "safe_to_write": _("write"),
    }[rule]


def allowed(contact: SafeContact) -> list[str]:
    """What the client allows on this contact: `call`, `text`, …"""
    return [_name_of(rule) for rule in RULES[SafeContact.Kind(contact.kind)] if getattr(contact, rule)]


def forbidden(contact: SafeContact) -> list[str]:
    """What the client does not allow on this contact."""
    return [_name_of(rule) for rule in RULES[SafeContact.Kind(contact.kind)] if not getattr(contact, rule)]


def in_brief(contact: SafeContact) -> str:
    """`07700 900123: call or text, weekday mornings`; empty where nothing is allowed on it.

    Somebody else's says whose it is: `07700 900123 (Olive Oak, mother): call`.
    """
    ways = allowed(contact)
    if not ways:
        return ""
    words = _("%(value)s: %(ways)s") % {
        "value": _with_whose(contact),
        "ways": listed(ways, last_word=_("or")),
    }
    return ", ".join(filter(None, (words, contact.safe_times)))


def _with_whose(contact: SafeContact) -> str:
    """The number or address, with whose it is where it is not the client's own."""
    if contact.whose == SafeContact.Whose.CLIENT:
        return contact.value
    person = ", ".join(filter(None, (contact.person_name, contact.person_relationship)))
    return _("%(value)s (%(whose)s)") % {
        "value": contact.value,
        "whose": person or contact.get_whose_display(),
    }


def never(contact: SafeContact) -> str:
    """`text or leave a message on 07700 900123`; empty where everything is allowed."""
    ways = forbidden(contact)
    if not ways:
        return ""
    return _("%(ways)s: %(value)s") % {"ways": listed(ways, last_word=_("or")), "value": contact.value}


def in_full(contact: SafeContact) -> list[str]:
    """Everything that was agreed on this contact, line by line."""
    ways, not_ways = allowed(contact), forbidden(contact)
    whose = "" if contact.whose == SafeContact.Whose.CLIENT else contact.get_whose_display()
    if whose and contact.person_name:
        person = ", ".join(filter(None, (contact.person_name, contact.person_relationship)))
        whose = _("%(whose)s (%(person)s)") % {"whose": whose, "person": person}
    found = [
        contact.value,
        whose,
        _("Safe to %(ways)s") % {"ways": listed(ways)} if ways else "",
        _("Never %(ways)s") % {"ways": listed(not_ways, last_word=_("or"))} if not_ways else "",
        _("Safe times: %(times)s") % {"times": contact.safe_times} if contact.safe_times else "",
        _("Who may answer: %(who)s") % {"who": contact.who_may_answer} if contact.who_may_answer else "",
        _("Code word: %(word)s") % {"word": contact.code_word} if contact.code_word else "",
    ]
    return [line for line in found if line]


def broken_rule(*, mode: str, with_whom: str, contacts) -> str:
    """Which of the client's own rules a contact in this way would break, in words; empty where it breaks none.

    Asked of calls, texts, e-mails and letters to the client or to a safe parent. A number or address that is
    only proposed allows nothing.
    """
    if mode not in MODE_NEEDS or with_whom not in (Contact.With.CLIENT, Contact.With.SAFE_PARENT):
        return ""
    kind = KIND_OF_MODE[ContactMode(mode)]
    reachable = [contact for contact in in_use(contacts) if contact.kind == kind]
    if with_whom == Contact.With.SAFE_PARENT:
        reachable = [contact for contact in reachable if contact.whose == SafeContact.Whose.SAFE_PARENT]
    if any(getattr(contact, MODE_NEEDS[ContactMode(mode)]) for contact in reachable):
        return ""
    way = {
        ContactMode.PHONE: _("call"),
        ContactMode.TEXT: _("text"),
        ContactMode.EMAIL: _("send an e-mail"),
        ContactMode.LETTER: _("send a letter"),
    }[ContactMode(mode)]
    return _("The client has not said that it is safe to %(way)s.") % {"way": way}


def propose(client: Client, *, by, replaces: SafeContact | None = None, **values) -> SafeContact:
    """Write down a new or changed number or address. Nobody uses it until it is confirmed twice.

    ``values`` are fields of the contact. Raises WrongStage, in words, where the contact to be replaced is not
    in use or has a proposal waiting already.
    """
    if replaces is not None:
        replaces = SafeContact.objects.select_for_update().get(pk=replaces.pk)
        if replaces.standing != SafeContact.Standing.IN_USE:
            raise WrongStage(_("That number or address is no longer in use, so it cannot be replaced."))
        if replaces.proposals.filter(standing=SafeContact.Standing.PROPOSED).exists():
            raise WrongStage(_("A change of this one is proposed already. Confirm it or withdraw it first."))
        values["kind"] = replaces.kind
    proposal = SafeContact(
        client=client, standing=SafeContact.Standing.PROPOSED, replaces=replaces, recorded_by=by, **values
    )
    proposal.save(force_insert=True)
    return proposal


def confirm(proposal: SafeContact, *, how: str, by) -> SafeContact:
    """Say that the client confirmed the new value on a safe channel known before. A second person follows.

    Raises WrongStage where it was confirmed before or is no proposal any more.
    """
    locked = _waiting(proposal)
    if locked.confirmed_by_id:
        raise WrongStage(_("Somebody has confirmed this already. A second person is needed now."))
    locked.confirmed_by = by
    locked.confirmed_how = how
    locked.confirmed_at = now()
    locked.last_confirmed_on = today()
    locked.save(update_fields=["confirmed_by", "confirmed_how", "confirmed_at", "last_confirmed_on"])
    return locked


def second(proposal: SafeContact, *, by) -> SafeContact:
    """Agree, as a second person, that the new value is the client's own wish. It is in use from now on.

    What it replaces is no longer used; a new address of the client brings the next SaS review forward. Raises WrongStage where nobody has confirmed it yet, or where ``by`` is
    the person who did.
    """
    locked = _waiting(proposal)
    if not locked.confirmed_by_id:
        raise WrongStage(_("Nobody has confirmed this with the client yet."))
    if locked.confirmed_by_id == by.pk:
        raise WrongStage(_("You confirmed this yourself. A second person has to agree."))
    if locked.replaces_id:
        old = SafeContact.objects.select_for_update().get(pk=locked.replaces_id)
        old.standing = SafeContact.Standing.REPLACED
        old.save(update_fields=["standing"])
    locked.seconded_by = by
    locked.seconded_at = now()
    locked.standing = SafeContact.Standing.IN_USE
    locked.save(update_fields=["seconded_by", "seconded_at", "standing"])
    if locked.kind == SafeContact.Kind.ADDRESS and locked.whose == SafeContact.Whose.CLIENT:
        _look_again_after_a_move(locked.client, by=by)
    return locked


def _look_again_after_a_move(client: Client, *, by) -> None:
    """Who knows the new place, and who is near, are questions of safety: risk is looked at again within days."""
    for case in Case.objects.filter(client=client).select_related("service"):
        review_after_change(case, why=_("a new address"), by=by)


def withdraw(proposal: SafeContact, *, by) -> SafeContact:
    """Drop a proposal: it was a mistake, or the client did not confirm it. Raises WrongStage where it is none."""
    locked = _waiting(proposal)
    locked.standing = SafeContact.Standing.REPLACED
    locked.save(update_fields=["standing"])
    return locked


def stop_using(contact: SafeContact, *, why: str, by) -> SafeContact:
    """Stop using a number or address at once, because it is not safe any more. Needs no second person.

    ``why`` stands on the timeline; whoever works on the case is told. Raises WrongStage where it is not in use.
    """
    locked = SafeContact.objects.select_for_update().get(pk=contact.pk)
    if locked.standing != SafeContact.Standing.IN_USE:
        raise WrongStage(_("This number or address is not in use."))
    locked.standing = SafeContact.Standing.REPLACED
    locked.stopped_by, locked.stopped_at, locked.stopped_why = by, now(), why
    locked.save(update_fields=["standing", "stopped_by", "stopped_at", "stopped_why"])
    return locked


def change_rules(contact: SafeContact, *, how: str, by, seen: str | None = None, **rules) -> SafeContact:
    """Change what the client allows on a contact in use, as they said themselves; the value stays. Whoever works on the case is told.

    ``how`` says how the client confirmed it, ``seen`` is the mark of the rules on the page. Raises WrongStage where
    it is not in use, ChangedMeanwhile where the rules are others by now, ValueError for a field that is no rule.
    """
    unknown = set(rules) - set(RULE_FIELDS)
    if unknown:
        raise ValueError(f"Not a rule of a contact: {sorted(unknown)}")
    locked = SafeContact.objects.select_for_update().get(pk=contact.pk)
    if locked.standing != SafeContact.Standing.IN_USE:
        raise WrongStage(_("This number or address is not in use."))
    refuse_stale(locked, RULE_FIELDS, seen=seen)
    for name, value in rules.items():
        setattr(locked, name, value)
    locked.confirmed_how = how
    locked.last_confirmed_on = today()
    locked.rules_changed_by, locked.rules_changed_at = by, now()
    locked.save(
        update_fields=[*rules, "confirmed_how", "last_confirmed_on", "rules_changed_by", "rules_changed_at"]
    )
    return locked


def _waiting(proposal: SafeContact) -> SafeContact:
    locked = SafeContact.objects.select_for_update(of=("self",)).get(pk=proposal.pk)
    if locked.standing != SafeContact.Standing.PROPOSED:
        raise WrongStage(_("This is not waiting for confirmation any more."))
    return locked

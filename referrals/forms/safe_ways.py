"""How somebody can be reached safely, by each number and address, put to somebody else; and who must not know."""

from django.utils.translation import gettext_lazy as _

from referrals.forms import pieces as ask
from referrals.wizard import StepForm

RULES = [
    (ask.CALL, _("Call")),
    (ask.TEXT, _("Send a text")),
    (ask.MESSAGE, _("Leave a voice message")),
    (ask.NONE, _("None of these: it is not safe to use yet")),
]
WHOSE = [("safe_parent", _("A safe parent or carer")), ("other", _("Another safe person"))]
WAYS = [
    (ask.PHONE, _("Phone")),
    (ask.EMAIL, _("E-mail")),
    (ask.ADDRESS, _("Post")),
    (ask.PERSON, _("Through a safe parent, carer or another safe person")),
    (ask.NONE, _("No safe way is known yet")),
]


class Ways(StepForm):
    """By which ways the person can be reached safely; each is asked for on its own page."""

    ways = ask.some_of(
        _("How can we reach them safely?"), WAYS, required=True, exclusive=ask.NONE,
        hint=_("Choose all that are safe. We ask about each one in turn."),
    )  # fmt: skip
    words = {"ways": _("how we can reach them")}


def rules_of(form, answers, name):
    """*None of these* and a way that is safe exclude each other."""
    chosen = answers.get(name) or []
    if ask.NONE in chosen and len(chosen) > 1:
        form.add_error(name, _("Choose the safe ways, or “None of these”, not both"))


class PhoneContact(StepForm):
    """One number with the client's own rules for it."""

    phone_value = ask.phone(_("Their phone number"), required=True)
    phone_rules = ask.some_of(_("What is safe on this number?"), RULES, required=True, exclusive=ask.NONE)
    phone_times = ask.line(_("When is it safe?"), max_length=300, hint=_("Days and times."))
    phone_who = ask.line(
        _("Who else may answer, and what may we say to them?"), max_length=300,
        hint=_("We never say who we are to anybody else unless you tell us that it is safe."),
    )  # fmt: skip
    phone_code = ask.line(
        _("A code word"),
        max_length=100,
        width=20,
        hint=_("A word that we say first, so that they know it is us."),
    )
    words = {"phone_value": _("their phone number")}

    def clean(self):
        """See that the rules do not contradict each other."""
        answers = super().clean()
        rules_of(self, answers, "phone_rules")
        return answers


class EmailContact(StepForm):
    """One e-mail address with the client's own rules for it."""

    email_value = ask.email(_("Their e-mail address"), required=True)
    email_safe = ask.yes_no(
        _("Is it safe to write to this address?"), required=True,
        hint=_("Think of who else can read it, on a shared device or account."),
    )  # fmt: skip
    email_times = ask.line(_("When is it safe?"), max_length=300)
    email_who = ask.line(_("Who else may read it?"), max_length=300)
    email_code = ask.line(_("A code word"), max_length=100, width=20)
    words = {"email_value": _("their e-mail address")}


class AddressContact(StepForm):
    """One postal address with the client's own rules for it."""

    address_value = ask.note(_("Their address"), required=True, rows=4, max_length=500)
    address_safe = ask.yes_no(
        _("Is it safe to write to this address?"), required=True, hint=_("Think of who else opens the post.")
    )
    address_who = ask.line(_("Who else lives there, or may open a letter?"), max_length=300)
    address_times = ask.line(_("When is it safe?"), max_length=300)
    address_code = ask.line(_("A code word"), max_length=100, width=20)
    words = {"address_value": _("their address")}


class PersonContact(StepForm):
    """A safe parent, carer or another safe person through whom the client can be reached."""

    person_whose = ask.one_of(_("Who is it?"), WHOSE, required=True)
    person_name = ask.line(_("Their name"), required=True)
    person_relationship = ask.line(_("How they know the person"), max_length=100)
    person_phone = ask.phone(_("Their phone number"))
    person_rules = ask.some_of(_("What is safe on this number?"), RULES, exclusive=ask.NONE)
    person_email = ask.email(_("Or their e-mail address"))
    person_email_safe = ask.yes_no(_("Is it safe to write to this e-mail address?"))
    person_times = ask.line(_("When is it safe?"), max_length=300)
    person_who = ask.line(_("Who else may answer?"), max_length=300)
    person_code = ask.line(_("A code word"), max_length=100, width=20)
    words = {"person_name": _("the safe person’s name"), "person_phone": _("the safe person’s phone number")}

    def clean(self):
        """A safe person is reached by a number or an e-mail address, each with its rule."""
        answers = super().clean()
        rules_of(self, answers, "person_rules")
        number, mail = answers.get("person_phone"), answers.get("person_email")
        if not number and not mail and not {"person_phone", "person_email"} & set(self.errors):
            self.add_error("person_phone", _("Enter a phone number or an e-mail address of the safe person"))
        if number and not answers.get("person_rules") and "person_rules" not in self.errors:
            self.add_error("person_rules", _("Select what is safe on this number"))
        if mail and answers.get("person_email_safe") is None and "person_email_safe" not in self.errors:
            self.add_error(
                "person_email_safe", _("Select whether it is safe to write to this e-mail address")
            )
        return answers


class Reaching(StepForm):
    """What to do when nobody answers, and who must not know."""

    unreachable_plan = ask.note(_("What should we do if we cannot reach them?"))
    welfare_check = ask.yes_no(
        _("If we cannot reach them, should somebody check that they are all right?"),
        hint=_("For example, by asking you, or the police."),
    )  # fmt: skip
    who_must_not_know = ask.note(_("Who must not know that they are in touch with us?"))
    suspect_at_home = ask.yes_no(
        _("Does the person who harmed them live with them, care for them, or are they their carer?")
    )

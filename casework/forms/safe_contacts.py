"""Forms of safe contacts: a new or changed value, the client's rules, the two confirmations."""

from django import forms
from django.utils.translation import gettext_lazy as _

from casework.models import SafeContact
from casework.safe_contacts import RULE_FIELDS, RULES
from isva.interface import forms as ui

_LABELS = {
    "safe_to_call": _("It is safe to call"),
    "safe_to_text": _("It is safe to text"),
    "safe_to_leave_message": _("It is safe to leave a message"),
    "safe_to_write": _("It is safe to write"),
    "safe_times": _("Safe times"),
    "who_may_answer": _("Who may answer"),
    "code_word": _("Code word"),
    "whose": _("Whose it is"),
    "person_name": _("Name of that person"),
    "person_relationship": _("Relationship to the client"),
}
_HELP = {
    "safe_times": _("For example: weekdays 10:00 to 14:00, never at weekends."),
    "who_may_answer": _("Who else could pick up or open it, and what to say to them."),
    "code_word": _("A word that shows it is really you, or really them."),
}


class RulesForm(ui.ServiceModelForm):
    """What the client allows on one number or address; the rules that its kind does not have are not asked."""

    once = ui.OnceField()
    seen = ui.SeenField()
    confirmed_how = ui.LongTextField(
        label=_("How the client told you"), rows=2, max_length=500,
        help_text=_("In person, or on a channel that is already safe. Rules change at once."),
    )  # fmt: skip
    words = {"confirmed_how": _("how the client told you")}

    class Meta:
        model = SafeContact
        fields = list(RULE_FIELDS)
        labels = _LABELS
        help_texts = _HELP
        widgets = {"whose": ui.Radios(small=True)}

    def __init__(self, *args, kind, **kwargs):
        super().__init__(*args, **kwargs)
        asked = RULES[SafeContact.Kind(kind)]
        for rule in ("safe_to_call", "safe_to_text", "safe_to_leave_message", "safe_to_write"):
            if rule not in asked:
                del self.fields[rule]

    def rules(self) -> dict:
        """The rules as they were given."""
        return {name: self.cleaned_data[name] for name in RULE_FIELDS if name in self.cleaned_data}


class ProposeContactForm(ui.ServiceForm):
    """A number, e-mail or postal address that is new, or that takes the place of one in use (``kind`` given)."""

    once = ui.OnceField()
    kind = forms.ChoiceField(label=_("What kind"), choices=SafeContact.Kind.choices, widget=ui.Radios())
    phone = ui.PhoneField(label=_("Phone number"))
    safe_to_call = forms.BooleanField(label=_LABELS["safe_to_call"], required=False)
    safe_to_text = forms.BooleanField(label=_LABELS["safe_to_text"], required=False)
    safe_to_leave_message = forms.BooleanField(label=_LABELS["safe_to_leave_message"], required=False)
    email = forms.EmailField(label=_("E-mail address"), max_length=254, widget=ui.EmailInput())
    safe_to_email = forms.BooleanField(label=_("It is safe to write to this e-mail address"), required=False)
    address = ui.LongTextField(label=_("Postal address"), rows=4, max_length=500)
    safe_to_post = forms.BooleanField(label=_("It is safe to write to this address"), required=False)
    whose = forms.ChoiceField(
        label=_LABELS["whose"], choices=SafeContact.Whose.choices, initial=SafeContact.Whose.CLIENT,
        widget=ui.Radios(small=True),
    )  # fmt: skip
    person_name = forms.CharField(
        label=_("Name of that person, where it is not the client’s own"), max_length=200, required=False
    )
    person_relationship = forms.CharField(
        label=_LABELS["person_relationship"], max_length=100, required=False
    )
    safe_times = forms.CharField(
        label=_LABELS["safe_times"], max_length=300, required=False, help_text=_HELP["safe_times"]
    )
    who_may_answer = forms.CharField(
        label=_LABELS["who_may_answer"], max_length=300, required=False, help_text=_HELP["who_may_answer"]
    )
    code_word = forms.CharField(
        label=_LABELS["code_word"], max_length=100, required=False, help_text=_HELP["code_word"]
    )
    reveals = {
        "kind": {
            "phone": ["phone", "safe_to_call", "safe_to_text", "safe_to_leave_message"],
            "email": ["email", "safe_to_email"],
            "address": ["address", "safe_to_post"],
        }
    }
    words = {
        "kind": _("what kind it is"),
        "address": _("the postal address"),
        "email": _("the e-mail address"),
    }

    def __init__(self, *args, kind=None, **kwargs):
        super().__init__(*args, **kwargs)
        if kind is not None:
            self.fields["kind"].choices = [(kind, SafeContact.Kind(kind).label)]
            self.initial["kind"] = kind

    def values(self) -> dict:
        """The fields of the proposed contact."""
        given = self.cleaned_data
        kind = given["kind"]
        return {
            "kind": kind,
            "value": given[kind],
            "safe_to_call": given["safe_to_call"],
            "safe_to_text": given["safe_to_text"],
            "safe_to_leave_message": given["safe_to_leave_message"],
            "safe_to_write": given["safe_to_email"] or given["safe_to_post"],
        } | {
            name: given[name]
            for name in (
                "whose",
                "person_name",
                "person_relationship",
                "safe_times",
                "who_may_answer",
                "code_word",
            )
        }


class StopUsingForm(ui.ServiceForm):
    """Why a number or address must not be used any more."""

    once = ui.OnceField()
    why = ui.LongTextField(
        label=_("Why it is not safe any more"), rows=2, max_length=300,
        help_text=_("Whoever works on the case reads it. Leave the number or address itself out."),
    )  # fmt: skip
    words = {"why": _("why it is not safe any more")}


class ConfirmContactForm(ui.ServiceForm):
    """The first confirmation: with the client, on a channel that was safe before."""

    once = ui.OnceField()
    how = ui.LongTextField(
        label=_("How the client confirmed it"), rows=3, max_length=500,
        help_text=_("In person, or on the number or address that was in use before. Never on the new one."),
    )  # fmt: skip
    words = {"how": _("how the client confirmed it")}


class SecondContactForm(ui.ServiceForm):
    """The second confirmation, by another person."""

    once = ui.OnceField()
    agreed = forms.BooleanField(
        label=_("I have asked how it was confirmed, and I agree that this is the client’s own wish")
    )

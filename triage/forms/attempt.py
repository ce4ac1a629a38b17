"""The quick form of a contact attempt: when, how, on what, what happened."""

from django import forms
from django.utils.translation import gettext_lazy as _

from casework.safe_contacts import in_brief, in_use
from isva.interface import forms as ui
from triage.models import ContactAttempt
from triage.stages import attempts

#: The answer that says a number or address was used that is none of the client's safe contacts.
ANOTHER = "another"


class AttemptForm(ui.ServiceForm):
    """One attempt. The client's own rule for the number or address is checked here, at the question."""

    once = ui.OnceField()
    at = ui.MomentField(label=_("When"), past=True)
    method = forms.ChoiceField(
        label=_("How"), choices=ContactAttempt.Method.choices, widget=ui.Radios(small=True)
    )
    safe_contact = forms.ChoiceField(
        label=_("Number or address used"), required=False, widget=ui.Radios(small=True)
    )
    outcome = forms.ChoiceField(
        label=_("What happened"), choices=ContactAttempt.Outcome.choices,
        widget=ui.Radios(
            small=True, hints={"told": _("Only this counts as first contact. An attempt never does.")}
        ),
    )  # fmt: skip
    message_was_safe = forms.BooleanField(label=_("It was safe to leave or send a message"), required=False)
    note = ui.LongTextField(label=_("Note"), rows=2, max_length=3000, required=False)
    against_rule = ui.LongTextField(
        label=_("Why the client’s own rule was not kept"), rows=2, max_length=500, required=False,
        help_text=_("Only where the call, text or letter broke what they said is safe."),
    )  # fmt: skip

    words = {
        "at": _("when it was"),
        "method": _("how you tried"),
        "safe_contact": _("the number or address you used"),
        "outcome": _("what happened"),
    }
    reveals = {"outcome": {"message": ["message_was_safe"]}}

    def __init__(self, *args, case, contacts, **kwargs):
        self.case = case
        self.contacts = {str(contact.pk): contact for contact in in_use(contacts)}
        super().__init__(*args, **kwargs)
        options = [
            (key, in_brief(contact) or _("%(value)s: nothing is agreed as safe") % {"value": contact.value})
            for key, contact in self.contacts.items()
        ]
        self.fields["safe_contact"].choices = [*options, (ANOTHER, _("One that is not on the record"))]

    def clean(self):
        """The client's rule, what may count as first contact, and not before the referral was received."""
        cleaned = super().clean()
        method, outcome, at = cleaned.get("method"), cleaned.get("outcome"), cleaned.get("at")
        if at and (wrong := attempts.before_receipt(self.case, at)):
            self.add_error("at", wrong)
        if not method or not outcome:
            return cleaned
        if wrong := attempts.cannot_be_contact(method=method, outcome=outcome, note=cleaned.get("note", "")):
            self.add_error("outcome", wrong)
        cleaned["contact"] = self._contact_used(method, outcome)
        return cleaned

    def _contact_used(self, method, outcome):
        """The safe contact that was used, if any, after a look at the client's rule for it."""
        used = self.cleaned_data.get("safe_contact")
        if method not in attempts.NEEDS or "safe_contact" in self.errors:
            return None
        if not used:
            self.add_error("safe_contact", _("Select the number or address you used"))
            return None
        contact = self.contacts.get(used)
        rule = attempts.broken_rule(
            method=method, contact=contact, left_message=outcome == ContactAttempt.Outcome.MESSAGE
        )
        if rule and not self.cleaned_data.get("against_rule") and "against_rule" not in self.errors:
            self.add_error("against_rule", _("%(rule)s Say why it was done all the same.") % {"rule": rule})
        return contact

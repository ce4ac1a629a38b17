"""Forms of training: what it was, what became of it, and, for a manager, what they saw of it."""

from django import forms
from django.utils.translation import gettext_lazy as _

from isva.interface import forms as ui
from supervision.models import Training


class TrainingForm(ui.ServiceForm):
    """A training, qualification or check of one person."""

    once = ui.OnceField()
    seen = ui.SeenField()
    kind = forms.ChoiceField(label=_("Kind"), choices=Training.Kind.choices, widget=ui.Radios(small=True))
    title = forms.CharField(
        label=_("What exactly"), max_length=120, required=False, widget=ui.TextInput(width=30)
    )
    provider = forms.CharField(
        label=_("Provider"), max_length=120, required=False, widget=ui.TextInput(width=30)
    )
    status = forms.ChoiceField(
        label=_("What became of it"), choices=Training.Status.choices, widget=ui.Radios(small=True)
    )
    taken_on = ui.DayMonthYearField(
        label=_("Day"), help_text=_("The day it was held, is planned for, or was to be. For a check, the day of the certificate."),
    )  # fmt: skip
    hours = forms.DecimalField(
        label=_("Hours"), min_value=0, max_value=400, decimal_places=1, max_digits=4, required=False,
        widget=ui.TextInput(width=4, inputmode="decimal"), help_text=_("Hours of working time it takes, or would have taken."),
    )  # fmt: skip
    expires_on = ui.DayMonthYearField(
        label=_("Holds until"), required=False, help_text=_("Leave it empty where it does not run out.")
    )
    cancelled_why = forms.ChoiceField(
        label=_("Why it was cancelled"), choices=Training.Why.choices, widget=ui.Radios(small=True)
    )
    words = {
        "kind": _("the kind"), "status": _("what became of it"), "taken_on": _("the day"), "hours": _("the hours"),
        "expires_on": _("until when it holds"), "cancelled_why": _("why it was cancelled"),
        "evidence": _("what you saw"), "seen_on": _("the day on which you saw it"),
    }  # fmt: skip
    reveals = {"status": {"held": ["expires_on", "evidence", "seen_on"], "cancelled": ["cancelled_why"]}}

    def __init__(self, *args, sees_evidence: bool, **kwargs):
        super().__init__(*args, **kwargs)
        if sees_evidence:
            self.fields["evidence"] = ui.LongTextField(
                label=_("What you saw of it"), rows=2, max_length=300, required=False,
                help_text=_("The certificate, its number, an entry in a register. It is kept with your name and the day."),
            )  # fmt: skip
            self.fields["seen_on"] = ui.DayMonthYearField(label=_("Seen on"), past=True, required=False)
            for name in ("evidence", "seen_on"):
                self._limit(self.fields[name])

    def clean(self):
        """What is something else says what; nothing runs out before it begins; a day of seeing needs something seen."""
        cleaned = super().clean()
        if cleaned.get("kind") == Training.Kind.OTHER and not cleaned.get("title"):
            self.add_error("title", _("Enter what exactly it is"))
        day, until = cleaned.get("taken_on"), cleaned.get("expires_on")
        if day and until and until < day:
            self.add_error("expires_on", _("The day until which it holds must be its own day or later"))
        if cleaned.get("seen_on") and not cleaned.get("evidence"):
            self.add_error("evidence", _("Enter what you saw"))
        return cleaned

"""Forms of clinical supervision: who gives it, and that it took place. None of them takes a word of what was said."""

from django import forms
from django.utils.translation import gettext_lazy as _

from isva.interface import forms as ui
from supervision.models import ClinicalSession


class ArrangeClinicalForm(ui.ServiceForm):
    """Who gives somebody clinical supervision, and how often."""

    once = ui.OnceField()
    seen = ui.SeenField()
    supervisor = forms.ChoiceField(label=_("Supervisor"), widget=ui.Radios(small=True))
    provider = forms.CharField(
        label=_("Provider"), max_length=120, required=False,
        help_text=_("The practice or organisation that the supervisor works for. External is best practice."),
    )  # fmt: skip
    every_days = forms.IntegerField(
        label=_("Every so many days"), min_value=7, max_value=91, required=False, widget=ui.NumberInput(width=3),
        help_text=_("Leave it empty for the rhythm of the service."),
    )  # fmt: skip
    words = {"supervisor": _("the supervisor"), "every_days": _("the number of days")}

    def __init__(self, *args, supervisors, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["supervisor"].choices = [(str(one.user_id), one.user.name) for one in supervisors]


class ClinicalSessionForm(ui.ServiceForm):
    """That a session took place: the day, with whom, how, and whether they were there."""

    once = ui.OnceField()
    held_on = ui.DayMonthYearField(label=_("Day"), past=True)
    format = forms.ChoiceField(
        label=_("Individual or group"), choices=ClinicalSession.Format.choices, widget=ui.Radios(small=True, inline=True)
    )  # fmt: skip
    who = forms.MultipleChoiceField(label=_("With whom"), widget=ui.Checkboxes(small=True))
    outcome = forms.ChoiceField(
        label=_("What became of it"), choices=ClinicalSession.Outcome.choices, widget=ui.Radios(small=True),
        help_text=_("Where it was not the same for everybody of a group, record it once for each."),
    )  # fmt: skip
    cancelled_why = forms.ChoiceField(
        label=_("Why it was cancelled"), choices=ClinicalSession.Why.choices, widget=ui.Radios(small=True)
    )
    words = {
        "held_on": _("the day of the session"), "format": _("whether it was individual or in a group"),
        "who": _("with whom it was"), "outcome": _("what became of it"), "cancelled_why": _("why it was cancelled"),
    }  # fmt: skip
    reveals = {"outcome": {"cancelled": ["cancelled_why"]}}

    def __init__(self, *args, supervised, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["who"].choices = [(str(one.pk), one.membership.user.name) for one in supervised]

    def clean(self):
        """Refuse an individual session with several people."""
        cleaned = super().clean()
        if cleaned.get("format") == ClinicalSession.Format.INDIVIDUAL and len(cleaned.get("who", [])) > 1:
            self.add_error("who", _("An individual session is with one person: choose one, or “In a group”"))
        return cleaned

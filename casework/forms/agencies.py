"""Forms of the directory: an agency, and whom to turn to there."""

from django import forms
from django.utils.translation import gettext_lazy as _

from casework.models import Agency, AgencyContact
from isva.clock.moment import today
from isva.interface import forms as ui


class AgencyForm(ui.ServiceModelForm):
    """An agency in the directory. ``areas`` are those of the service."""

    once = ui.OnceField()

    class Meta:
        model = Agency
        fields = ["name", "kind", "areas", "phone", "email", "hours", "out_of_hours", "how_to_reach", "note"]
        widgets = {"phone": ui.PhoneInput(), "out_of_hours": ui.PhoneInput()}
        help_texts = {
            "how_to_reach": _("Which line to call for what, whom to ask for, what to have at hand.")
        }

    sections = [
        ui.Section(_("Who they are"), ["name", "kind", "areas", "note"]),
        ui.Section(_("How to reach them"), ["phone", "email", "hours", "out_of_hours", "how_to_reach"]),
    ]

    def __init__(self, *args, areas=(), **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["areas"] = forms.MultipleChoiceField(
            label=_("Areas"), choices=[(area, area) for area in areas], required=False,
            widget=ui.Checkboxes(small=True), help_text=_("None ticked: everywhere."),
        )  # fmt: skip
        if not areas:
            del self.fields["areas"]

    def values(self) -> dict:
        """The fields of the agency."""
        return {name: self.cleaned_data[name] for name in self.Meta.fields if name in self.fields}


class ChangeAgencyForm(AgencyForm):
    """The same, and whether it can still be chosen."""

    seen = ui.SeenField()

    class Meta(AgencyForm.Meta):
        fields = [*AgencyForm.Meta.fields, "in_use"]
        help_texts = AgencyForm.Meta.help_texts | {
            "in_use": _("Without the tick it stays on earlier records and can no longer be chosen.")
        }


class AgencyContactForm(ui.ServiceModelForm):
    """Somebody to turn to at an agency."""

    once = ui.OnceField()
    part = forms.ChoiceField(
        label=_("Part"), choices=AgencyContact.Part.choices, widget=ui.Radios(small=True)
    )

    class Meta:
        model = AgencyContact
        fields = ["part", "name", "job", "phone", "email", "note", "from_on"]
        widgets = {"phone": ui.PhoneInput()}

    words = {"part": _("which part they have"), "from_on": _("from when they are in post")}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if not self.initial.get("from_on"):
            self.initial["from_on"] = today()

    def values(self) -> dict:
        """The fields of the contact."""
        return {name: self.cleaned_data[name] for name in self.Meta.fields}


class ChangeAgencyContactForm(AgencyContactForm):
    """The same, and their last day."""

    seen = ui.SeenField()

    class Meta(AgencyContactForm.Meta):
        fields = [*AgencyContactForm.Meta.fields, "until_on"]
        help_texts = {
            "until_on": _("Leave it empty while they are in post. Nobody is removed: who left stays below.")
        }

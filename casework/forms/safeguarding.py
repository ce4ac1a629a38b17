"""Forms of safeguarding concerns."""

from django import forms
from django.utils.translation import gettext_lazy as _

from casework.models import SafeguardingConcern
from casework.safeguarding import was_late
from isva.interface import forms as ui


class _ConcernFields(ui.ServiceForm):
    """What a new concern and a later step ask alike."""

    referred = ui.YesNoField(label=_("Has it been referred?"), inline=False)
    referred_to = forms.CharField(
        label=_("To whom"), max_length=200, help_text=_("Children’s or adult services, the police, 999.")
    )
    referred_at = ui.MomentField(label=_("When it was referred"), past=True)
    late_why = ui.LongTextField(
        label=_("If not on the same day: why"), rows=2, max_length=1000, required=False
    )
    not_referred_why = ui.LongTextField(label=_("Why it is not referred"), rows=2, max_length=1000)
    manager_told = forms.ModelChoiceField(
        label=_("Manager told"), queryset=None, required=False, empty_label=_("Nobody yet")
    )
    manager_told_at = ui.MomentField(label=_("When the manager was told"), required=False, past=True)
    client_informed = ui.YesNoField(label=_("Has the client been informed?"), inline=False)
    not_informed_why = ui.LongTextField(
        label=_("Why the client is not informed"), rows=2, max_length=1000,
        help_text=_("Inform them unless that puts somebody at risk."),
    )  # fmt: skip

    mark_optional = False
    words = {
        "raised_at": _("when you learned of it"),
        "who": _("who is at risk"),
        "what": _("what the concern is"),
        "referred": _("whether it has been referred"),
        "referred_to": _("to whom it was referred"),
        "referred_at": _("when it was referred"),
        "not_referred_why": _("why it is not referred"),
        "manager_told": _("which manager was told"),
        "manager_told_at": _("when the manager was told"),
        "client_informed": _("whether the client has been informed"),
        "not_informed_why": _("why the client is not informed"),
    }
    reveals = {
        "referred": {"yes": ["referred_to", "referred_at", "late_why"], "no": ["not_referred_why"]},
        "client_informed": {"no": ["not_informed_why"]},
    }

    def __init__(self, *args, managers, raised_at=None, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["manager_told"].queryset = managers
        self.raised_at = raised_at

    def clean(self):
        cleaned = super().clean()
        raised_at = cleaned.get("raised_at") or self.raised_at
        referred_at = cleaned.get("referred_at")
        if raised_at and referred_at and was_late(raised_at, referred_at) and not cleaned.get("late_why"):
            self.add_error("late_why", _("A concern is referred the same day. Say why this one was not."))
        if (
            cleaned.get("manager_told")
            and not cleaned.get("manager_told_at")
            and "manager_told_at" not in self.errors
        ):
            self.add_error("manager_told_at", _("Enter when the manager was told"))
        if (
            cleaned.get("manager_told_at")
            and not cleaned.get("manager_told")
            and "manager_told" not in self.errors
        ):
            self.add_error("manager_told", _("Select which manager was told"))
        return cleaned

    def steps(self) -> dict:
        """What was done, by the fields of the concern."""
        given = self.cleaned_data
        return {
            "referred_to": given["referred_to"],
            "referred_at": given["referred_at"],
            "not_referred_why": given["late_why"] if given["referred"] else given["not_referred_why"],
            "manager_told": given["manager_told"],
            "manager_told_at": given["manager_told_at"],
            "client_informed": bool(given["client_informed"]),
            "not_informed_why": given["not_informed_why"],
        }


class RaiseConcernForm(_ConcernFields):
    """A new concern: who, what, and what was done about it today."""

    once = ui.OnceField()
    who = forms.ChoiceField(
        label=_("Who is at risk"), choices=SafeguardingConcern.Who.choices, widget=ui.Radios()
    )
    what = ui.LongTextField(label=_("What the concern is"), rows=5, max_length=5000)
    raised_at = ui.MomentField(label=_("When you learned of it"), past=True)
    field_order = ["who", "what", "raised_at"]
    sections = [
        ui.Section(_("The concern"), ["who", "what", "raised_at"]),
        ui.Section(_("What was done"), ["referred", "manager_told", "manager_told_at", "client_informed"]),
    ]


class UpdateConcernForm(_ConcernFields):
    """What has happened since, and the outcome."""

    once = ui.OnceField()
    seen = ui.SeenField()
    outcome = ui.LongTextField(
        label=_("Outcome"), rows=4, max_length=2000, required=False,
        help_text=_("What came of it. The concern stays open until you close it."),
    )  # fmt: skip
    close = forms.BooleanField(label=_("The outcome is known: close this concern"), required=False)
    field_order = ["outcome", "close"]
    sections = [
        ui.Section(_("Outcome"), ["outcome", "close"]),
        ui.Section(_("What was done"), ["referred", "manager_told", "manager_told_at", "client_informed"]),
    ]

    def clean(self):
        cleaned = super().clean()
        if cleaned.get("close") and not cleaned.get("outcome"):
            self.add_error("outcome", _("Enter the outcome before you close the concern"))
        return cleaned

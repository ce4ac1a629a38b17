"""Forms of the walls: emergency openings and their review, restrictions and who is named."""

from django import forms
from django.utils.translation import gettext_lazy as _

from casework.models import EmergencyReview, Grant
from isva.interface import forms as ui


class OpenInEmergencyForm(ui.ServiceForm):
    """The exact reference, why it cannot wait, and the reason in words. Sent twice, it opens once."""

    reference = forms.CharField(
        label=_("Reference of the case"),
        max_length=20,
        help_text=_("Exactly as it was told to you, like K7\u20114PQ2."),
        widget=ui.TextInput(width=10),
    )
    category = forms.ChoiceField(
        label=_("Why it cannot wait"), choices=Grant.Category.choices, widget=ui.Radios()
    )
    reason = ui.LongTextField(
        label=_("What happened, and what you need to know"), rows=4, max_length=1000,
        help_text=_("The manager who reviews this, and the ISVA of the case, will read it."),
    )  # fmt: skip
    words = {
        "reference": _("the reference of the case"),
        "category": _("why it cannot wait"),
        "reason": _("what happened"),
    }

    def clean_reason(self):
        """A reason is a sentence, not a dot."""
        reason = self.cleaned_data["reason"]
        if len(reason.strip()) < 10:
            raise forms.ValidationError(_("Say in a sentence what happened."))
        return reason


class ReviewEmergencyForm(ui.ServiceForm):
    """What a manager found when they looked at an emergency opening."""

    once = ui.OnceField()
    verdict = forms.ChoiceField(
        label=_("What you found"), choices=EmergencyReview.Verdict.choices, widget=ui.Radios()
    )
    note = ui.LongTextField(label=_("What you looked at, and what follows"), rows=4, max_length=2000)
    words = {"verdict": _("what you found"), "note": _("what you looked at, and what follows")}


class _NamedForm(ui.ServiceForm):
    """Who is named on a restricted client, chosen among those who may be."""

    once = ui.OnceField()
    named = forms.MultipleChoiceField(
        label=_("Who may see this client"), widget=ui.Checkboxes(), required=False
    )
    words = {"named": _("who may see this client")}
    mark_optional = False

    def __init__(self, *args, members, by, **kwargs):
        super().__init__(*args, **kwargs)
        self.members = {str(one.pk): one for one in members if one.pk != by.pk}
        self.fields["named"].choices = [(key, member.name) for key, member in self.members.items()]
        self.fields["named"].help_text = _("You are named yourself, so that somebody can manage it.")

    def clean_named(self):
        """The members who were chosen."""
        return [self.members[key] for key in self.cleaned_data["named"]]


class RestrictClientForm(_NamedForm):
    """Why a client is restricted, and who is named."""

    reason = ui.LongTextField(
        label=_("Why this client is restricted"), rows=3, max_length=500,
        help_text=_("A colleague’s relative, a colleague, a public figure. Named managers read this."),
    )  # fmt: skip
    field_order = ["reason", "named"]
    words = {"named": _("who may see this client"), "reason": _("why this client is restricted")}


class ChangeNamedForm(_NamedForm):
    """Who is named from now on."""

    seen = ui.SeenField()


class LiftRestrictionForm(ui.ServiceForm):
    """Lift a restriction: nothing to fill in, and it counts once."""

    once = ui.OnceField()

"""Forms of the support plan and its actions."""

from django import forms
from django.utils.translation import gettext_lazy as _

from casework.models import PlanAction, SupportPlan
from casework.plan import LONGEST_RHYTHM_DAYS
from isva.interface import forms as ui


class EditPlanForm(ui.ServiceModelForm):
    """The plan, in the client's words where possible. Kept open, it can be saved unfinished; the page says what lacks."""

    once = ui.OnceField()
    seen = ui.SeenField()
    contact_every_days = forms.IntegerField(
        label=_("Days between contacts"),
        required=False,
        min_value=1,
        max_value=LONGEST_RHYTHM_DAYS,
        widget=ui.NumberInput(width=3),
        help_text=_("What you agreed with the client: at most 42 days."),
    )
    shared_on = ui.DayMonthYearField(label=_("Shared with the client on"), required=False, past=True)
    words = {"contact_every_days": _("the number of days between contacts")}
    mark_optional = False
    sections = [
        ui.Section(_("What the client wants"), ["goals"]),
        ui.Section(_("Safety"), ["safety_plan", "what_if"]),
        ui.Section(
            _("How support goes on, and how it ends"), ["contact_every_days", "planned_ending", "shared_on"]
        ),
    ]

    class Meta:
        model = SupportPlan
        fields = ["goals", "safety_plan", "what_if", "planned_ending", "contact_every_days", "shared_on"]
        labels = {
            "goals": _("What they want from support"),
            "safety_plan": _("Safety plan"),
            "what_if": _("What to do if …"),
            "planned_ending": _("Planned ending"),
        }
        help_texts = {
            "goals": _("In their own words where you can."),
            "safety_plan": _("What keeps them safe now, and who helps with it."),
            "what_if": _("What they do, and whom they call, if things get worse or they cannot reach you."),
            "planned_ending": _("How you will both know that support can end, and what stays in place."),
        }

    def answers(self) -> dict:
        """What ``edit_plan`` takes."""
        return {name: self.cleaned_data[name] for name in self.Meta.fields}

    def _post_clean(self):
        """The row itself is written by ``edit_plan``, never by the form."""


class AddActionForm(ui.ServiceForm):
    """One action: what, about which part of life, who does it, by when."""

    once = ui.OnceField()
    what = ui.LongTextField(label=_("What will be done"), rows=3, max_length=1000)
    domain = forms.ChoiceField(label=_("About"), required=False)
    doer = forms.ChoiceField(label=_("Who does it"), choices=PlanAction.Doer.choices, widget=ui.Radios())
    agency = forms.ChoiceField(label=_("Agency"))
    due_on = ui.DayMonthYearField(label=_("By when"), future=True)
    reveals = {"doer": {"agency": ["agency"]}}
    words = {
        "what": _("what will be done"),
        "doer": _("who does it"),
        "due_on": _("the day by which it is done"),
        "agency": _("the agency"),
        "domain": _("what it is about"),
    }

    def __init__(self, data=None, *, domains, agencies, initial=None):
        super().__init__(data, initial=initial)
        self.agencies = {str(agency.pk): agency for agency in agencies}
        self.fields["domain"].choices = [("", _("Nothing in particular")), *domains]
        self.fields["agency"].choices = [
            ("", _("Select an agency")),
            *((key, agency.name) for key, agency in self.agencies.items()),
        ]

    def answers(self) -> dict:
        """What ``add_action`` takes."""
        cleaned = self.cleaned_data
        return {
            "what": cleaned["what"],
            "domain": cleaned["domain"],
            "doer": cleaned["doer"],
            "due_on": cleaned["due_on"],
            "agency": self.agencies.get(cleaned["agency"] or ""),
        }


class CloseActionForm(ui.ServiceForm):
    """What became of an action."""

    once = ui.OnceField()
    outcome = forms.ChoiceField(
        label=_("What became of it?"),
        choices=[
            (value, label) for value, label in PlanAction.Outcome.choices if value != PlanAction.Outcome.OPEN
        ],
        widget=ui.Radios(),
    )
    why_not = ui.LongTextField(label=_("Why it was not done"), rows=3, max_length=1000)
    reveals = {"outcome": {PlanAction.Outcome.NOT_DONE.value: ["why_not"]}}
    words = {"outcome": _("what became of it"), "why_not": _("why it was not done")}

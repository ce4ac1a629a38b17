"""Forms of contracts: what was agreed with a commissioner, who reads its reports, and what is asked of a measure."""

from django import forms
from django.utils.translation import gettext_lazy as _

from casework.models import Closure
from isva.interface import forms as ui
from reporting.contracts import Terms
from reporting.measures import MEASURES, Keyed, Section
from reporting.models import ContractTarget


class ContractForm(ui.ServiceForm):
    """What a contract says, and which commissioners read its reports."""

    once = ui.OnceField()
    seen = ui.SeenField()
    commissioner = forms.CharField(
        label=_("Commissioner"), max_length=120, help_text=_("The organisation that pays.")
    )
    name = forms.CharField(label=_("Name of the contract"), max_length=120)
    area = forms.ChoiceField(label=_("Area"), required=False, widget=ui.Radios(small=True))
    starts_on = ui.DayMonthYearField(label=_("From"))
    ends_on = ui.DayMonthYearField(
        label=_("Until"), required=False, help_text=_("Leave it empty where no end is agreed.")
    )
    readers = forms.MultipleChoiceField(
        label=_("Who reads its reports"), required=False, widget=ui.Checkboxes(small=True),
        help_text=_("Members of the service who are commissioners. They see no client, and nothing before it is published."),
    )  # fmt: skip
    parts = forms.MultipleChoiceField(
        label=_("Sections of its reports"), choices=Section.choices, widget=ui.Checkboxes(small=True)
    )
    planned_reasons = forms.MultipleChoiceField(
        label=_("Closures that count as planned"), choices=Closure.Reason.choices, required=False, widget=ui.Checkboxes(small=True),
        help_text=_("As the service counts, unless this contract agreed on something else: the report then says so."),
    )  # fmt: skip
    words = {
        "commissioner": _("the commissioner"), "name": _("the name of the contract"), "area": _("the area"),
        "starts_on": _("the day on which it begins"), "ends_on": _("its last day"), "parts": _("at least one section"),
    }  # fmt: skip
    sections = [
        ui.Section(_("The contract"), ["commissioner", "name", "area", "starts_on", "ends_on"]),
        ui.Section(_("Its reports"), ["readers", "parts", "planned_reasons"]),
    ]

    def __init__(self, *args, service, commissioners, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["area"].choices = [
            ("", _("All of the service")),
            *((area, area) for area in service.areas),
        ]
        self.people = {str(one.pk): one for one in commissioners}
        self.fields["readers"].choices = [(key, one.user.name) for key, one in self.people.items()]

    def terms(self) -> Terms:
        """What was filled in."""
        told = self.cleaned_data
        return Terms(
            commissioner=told["commissioner"], name=told["name"], area=told["area"], starts_on=told["starts_on"],
            ends_on=told["ends_on"], sections=told["parts"], planned_reasons=told["planned_reasons"],
        )  # fmt: skip

    def chosen_readers(self) -> list:
        """The memberships that were ticked."""
        return [self.people[key] for key in self.cleaned_data["readers"]]


class TargetForm(ui.ServiceForm):
    """What a contract asks of one measure."""

    once = ui.OnceField()
    measure = forms.ChoiceField(label=_("Measure"))
    bound = forms.ChoiceField(
        label=_("At least or at most"),
        choices=ContractTarget.Bound.choices,
        widget=ui.Radios(small=True, inline=True),
    )
    value = forms.DecimalField(
        label=_("Value"), min_value=0, max_value=999_999, decimal_places=1, widget=ui.NumberInput(width=5),
        help_text=_("Shares in percent; days and weeks of the median; everything else as a number."),
    )  # fmt: skip
    words = {"measure": _("the measure"), "bound": _("at least or at most"), "value": _("the value")}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        groups = []
        for section in Section:
            found = [
                (one.key, one.name) for one in MEASURES.values()
                if one.section is section and one.is_recorded and one.keyed is Keyed.CASE
            ]  # fmt: skip
            if found:
                groups.append((section.label, found))
        self.fields["measure"].choices = [("", ""), *groups]

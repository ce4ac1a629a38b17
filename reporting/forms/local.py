"""Forms of what one contract asks beside the usual report."""

from django import forms
from django.utils.translation import gettext_lazy as _

from isva.interface import forms as ui
from reporting.local import breakdowns_of
from reporting.measures import MEASURES, Measure, Section
from reporting.models import ContractTarget


def measures_offered() -> list[tuple]:
    """The measures that can be added, by section: (section, [(key, name)])."""
    found = []
    for section in Section:
        ones = [
            (one.key, str(one.name)) for one in MEASURES.values() if one.section is section and one.is_recorded
        ]  # fmt: skip
        if ones:
            found.append((str(section.label), ones))
    return found


class LocalMeasureForm(ui.ServiceForm):
    """How a measure is shown in the reports of a contract, and what is asked of it."""

    once = ui.OnceField()
    rows = forms.ChoiceField(label=_("Broken down by"), required=False, widget=ui.Radios(small=True))
    wording = forms.CharField(
        label=_("What the commissioner calls it"), max_length=120, required=False,
        help_text=_("Leave it empty to use the name above. The report gives the definition either way."),
    )  # fmt: skip
    bound = forms.ChoiceField(
        label=_("At least or at most"), required=False, choices=[("", _("Nothing is asked")), *ContractTarget.Bound.choices],
        widget=ui.Radios(small=True, inline=True),
    )  # fmt: skip
    value = forms.DecimalField(
        label=_("Value"), min_value=0, max_value=999_999, decimal_places=1, required=False, widget=ui.NumberInput(width=5),
        help_text=_("Shares in percent; days and weeks of the median; everything else as a number."),
    )  # fmt: skip
    mark_optional = False
    words = {"rows": _("what it is broken down by"), "value": _("the value")}
    sections = [
        ui.Section(_("The table"), ["rows", "wording"]),
        ui.Section(_("What is asked of it"), ["bound", "value"]),
    ]

    def __init__(self, *args, measure: Measure, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["rows"].choices = breakdowns_of(measure)


class LocalQuestionForm(ui.ServiceForm):
    """A question that is answered in writing."""

    once = ui.OnceField()
    question = ui.LongTextField(
        label=_("Question"), rows=2, max_length=300,
        help_text=_("As the commissioner asks it. It is answered by the manager in words, once a quarter, and never about one person."),
    )  # fmt: skip
    words = {"question": _("the question")}

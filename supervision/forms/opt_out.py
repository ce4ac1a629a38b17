"""The form of opting out: a reason from the list and a day, and no words of one's own."""

from django import forms
from django.utils.translation import gettext_lazy as _

from isva.interface import forms as ui
from supervision.models import OptOut


class OptOutForm(ui.ServiceForm):
    """Why somebody does without clinical supervision, and until when."""

    once = ui.OnceField()
    why = forms.ChoiceField(label=_("Why"), choices=OptOut.Why.choices, widget=ui.Radios(small=True))
    until = ui.DayMonthYearField(
        label=_("Until"), future=True, help_text=_("12 months at most. From then on it is due again.")
    )
    words = {"why": _("why you opt out"), "until": _("the day until which you opt out")}

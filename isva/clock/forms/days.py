"""A day that is unlike its week."""

from django import forms
from django.utils.translation import gettext_lazy as _

from isva.interface import forms as ui


class OneOffDayForm(ui.ServiceForm):
    """A day on which nobody works, or on which the service works although the list says otherwise."""

    once = ui.OnceField()
    day = ui.DayMonthYearField(label=_("Day"), future=True)
    name = forms.CharField(
        label=_("What it is called"),
        max_length=80,
        help_text=_("For example: extra bank holiday, office shut."),
    )
    works = forms.ChoiceField(
        label=_("Is it a working day?"), widget=ui.Radios,
        choices=[("no", _("No: nothing falls due on it, and it is not counted")), ("yes", _("Yes: the service works although it is a bank holiday"))],
    )  # fmt: skip
    words = {
        "day": _("the day"),
        "name": _("what the day is called"),
        "works": _("whether it is a working day"),
    }

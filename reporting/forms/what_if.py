"""The form of the what-if: what would change. Sent by GET, so nothing in it says anything about anybody."""

from django import forms
from django.utils.translation import gettext_lazy as _

from isva.interface import forms as ui
from reporting.situation import Change


class WhatIfForm(ui.ServiceForm):
    """What would change in a service with ``team`` ISVAs. What is left empty stays as it is."""

    leave = forms.IntegerField(
        label=_("ISVAs who leave"), required=False, min_value=0, max_value=20, widget=ui.NumberInput(width=3)
    )
    join = forms.IntegerField(
        label=_("ISVAs who join"), required=False, min_value=0, max_value=20, widget=ui.NumberInput(width=3)
    )
    away = forms.IntegerField(
        label=_("Weeks that one ISVA is away"), required=False, min_value=0, max_value=52, widget=ui.NumberInput(width=3)
    )  # fmt: skip
    referrals = forms.IntegerField(
        label=_("Referrals, change in per cent"), required=False, min_value=-90, max_value=300,
        widget=ui.NumberInput(width=4, inputmode="text"), help_text=_("20 for a fifth more, −20 for a fifth fewer."),
    )  # fmt: skip
    cap = forms.IntegerField(
        label=_("Cap of each ISVA, change in cases"), required=False, min_value=-50, max_value=50,
        widget=ui.NumberInput(width=4, inputmode="text"), help_text=_("5 for five more, −5 for five fewer."),
    )  # fmt: skip
    from_week = forms.IntegerField(
        label=_("Weeks from now until it begins"), required=False, min_value=0, max_value=51, widget=ui.NumberInput(width=3),
        help_text=_("Leave empty for at once."),
    )  # fmt: skip
    mark_optional = False
    words = {
        "leave": _("how many ISVAs leave"), "join": _("how many ISVAs join"), "away": _("the weeks that one ISVA is away"),
        "referrals": _("the change of referrals"), "cap": _("the change of the caps"),
        "from_week": _("the weeks until it begins"),
    }  # fmt: skip

    def __init__(self, *args, team: int, **kwargs):
        super().__init__(*args, **kwargs)
        self.team = team

    def clean(self):
        """Somebody stays, and somebody is there to be away."""
        told = super().clean()
        leave, away = told.get("leave") or 0, told.get("away") or 0
        if leave >= self.team:
            self.add_error("leave", _("Somebody has to stay: %(n)d carry cases here") % {"n": self.team})
        elif away and leave + 1 >= self.team:
            self.add_error("away", _("Nobody would be left at work in these weeks"))
        return told

    def change(self) -> Change:
        """What was asked, where it was understood."""
        return Change(**{name: self.cleaned_data.get(name) or 0 for name in self.fields})

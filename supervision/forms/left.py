"""The form by which something left behind is given to somebody."""

from django import forms
from django.utils.translation import gettext_lazy as _

from isva.interface import forms as ui


class GiveLeftItemForm(ui.ServiceForm):
    """Which colleague does it from now on."""

    once = ui.OnceField()
    to = forms.ChoiceField(label=_("Who does it from now on"), widget=ui.Radios(small=True))
    words = {"to": _("who does it from now on")}

    def __init__(self, *args, people, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["to"].choices = people

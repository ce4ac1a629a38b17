"""The private link of a calendar."""

from django import forms
from django.utils.translation import gettext_lazy as _

from isva.clock.models import FeedLink
from isva.interface import forms as ui


class FeedForm(ui.ServiceForm):
    """What the entries say in somebody's own calendar."""

    once = ui.OnceField()
    says = forms.ChoiceField(
        label=_("What the entries say"), choices=FeedLink.Says.choices, initial=FeedLink.Says.NOTHING,
        widget=ui.Radios(),
        help_text=_("A telephone shows them on its locked screen. A name or a reference is never told."),
    )  # fmt: skip

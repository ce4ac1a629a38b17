"""The form of where the justice process stands."""

from django import forms
from django.utils.translation import gettext_lazy as _

from isva.clock.moment import today
from isva.codes import JusticeStage
from isva.interface import forms as ui


class JusticeForm(ui.ServiceForm):
    """Where the criminal justice process stands, since when, and when the trial is."""

    once = ui.OnceField()
    stage = forms.ChoiceField(label=_("Where it stands"), choices=JusticeStage.choices)
    since = ui.DayMonthYearField(label=_("Since"), past=True)
    trial_on = ui.DayMonthYearField(
        label=_("Trial date"), required=False, help_text=_("The first day. Leave it empty when none is set.")
    )
    note = ui.LongTextField(
        label=_("Note"), rows=4, max_length=2000, required=False,
        help_text=_("What it means for the client, and what they want. No evidence."),
    )  # fmt: skip
    words = {"stage": _("where it stands"), "since": _("since when it stands there")}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if not self.is_bound:
            self.initial.setdefault("since", today())

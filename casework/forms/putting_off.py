"""Putting off something that is due."""

from django.utils.translation import gettext_lazy as _

from isva.interface import forms as ui


class PutOffForm(ui.ServiceForm):
    """Until when, and why."""

    once = ui.OnceField()
    until = ui.DayMonthYearField(
        label=_("Until which day"), future=True, help_text=_("On that day it comes back to your list.")
    )
    reason = ui.LongTextField(
        label=_("Why"), rows=3, max_length=500,
        help_text=_("It stands on the record of the case. What is late stays late."),
    )  # fmt: skip
    words = {"until": _("the day on which it comes back"), "reason": _("why it is put off")}

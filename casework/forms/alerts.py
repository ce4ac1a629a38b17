"""The form with which somebody says what they found when they looked into a look."""

from django.utils.translation import gettext_lazy as _

from isva.interface import forms as ui


class LookIntoForm(ui.ServiceForm):
    """What was found, in a line or two; nothing of the record itself."""

    once = ui.OnceField()
    note = ui.LongTextField(
        label=_("What you found"), rows=3, max_length=1000,
        help_text=_("Whom you asked and what they said. Write nothing about the client here."),
    )  # fmt: skip
    words = {"note": _("what you found")}

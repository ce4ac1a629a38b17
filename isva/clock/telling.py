"""The numbers by which people are told: the hours of the service, and how often what cannot wait is told again."""

from django.utils.translation import gettext_lazy as _

from isva.clock.numbers import Number, register_numbers
from isva.clock.rules import Section

register_numbers(
    Section.TELLING,
    Number("day_begins", 9, _("Hour at which the working day begins"),
           _("When the e-mail of what is due is sent, unless somebody’s own hours say otherwise."), highest=12),
    Number("day_ends", 17, _("Hour at which the working day ends"), lowest=12, highest=23),
    Number("alert_minutes", 30, _("Minutes after which an urgent matter that nobody has taken is told again"),
           _("Within working hours, until somebody takes it in hand."), lowest=5, highest=240),
)  # fmt: skip

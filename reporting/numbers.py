"""The numbers that a service sets for its reports and forecasts."""

from django.utils.translation import gettext_lazy as _

from isva.clock.numbers import Number, register_numbers
from isva.clock.rules import Section

TARGET = "longest_wait_weeks"

register_numbers(
    Section.WAITING,
    Number(TARGET, 12, _("Weeks from referral within which somebody should have an ISVA"),
           _("The what-if shows what part of those who wait have waited longer."), highest=104),
)  # fmt: skip

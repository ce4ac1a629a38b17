"""One-off days: what the maintained list of bank holidays does not know yet, or has wrong."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class OneOffDay(models.Model):
    """A day that is, or is not, a bank holiday in England and Wales, against the maintained list."""

    day = models.DateField(_("day"), unique=True)
    name = models.CharField(_("name"), max_length=80)
    is_holiday = models.BooleanField(_("is a bank holiday"), default=True)

"""Services, and the people who work in them."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AccountsConfig(AppConfig):
    name = "isva.accounts"
    label = "accounts"
    verbose_name = _("People and places")

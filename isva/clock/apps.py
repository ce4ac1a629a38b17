"""The clock of the service."""

from django.apps import AppConfig


class ClockConfig(AppConfig):
    name = "isva.clock"
    label = "clock"

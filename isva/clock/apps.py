"""The clock of the service."""

from django.apps import AppConfig


class ClockConfig(AppConfig):
    name = "isva.clock"
    label = "clock"

    def ready(self):
        from isva.clock import telling  # noqa: F401  (registers its numbers)

"""Supervision of the people who support others: clinical supervision, and what the service asks of it."""

from django.apps import AppConfig


class SupervisionConfig(AppConfig):
    name = "supervision"

    def ready(self):
        from supervision import reminders  # noqa: F401  (registers its rules)

"""Reports: what is counted, for whom, over which time; what commissioners get and managers watch."""

from django.apps import AppConfig


class ReportingConfig(AppConfig):
    name = "reporting"

    def ready(self):
        from reporting import numbers, reminders  # noqa: F401  (register its numbers, and its rule)

"""Reports: what is counted, for whom, over which time; what commissioners get and managers watch."""

from django.apps import AppConfig


class ReportingConfig(AppConfig):
    name = "reporting"

    def ready(self):
        from reporting import reminders  # noqa: F401  (registers its rule)

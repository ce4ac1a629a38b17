"""Triage, the waiting list and the allocation board."""

from django.apps import AppConfig


class TriageConfig(AppConfig):
    name = "triage"

    def ready(self):
        from triage import timeline  # noqa: F401  (puts its records on the timeline)

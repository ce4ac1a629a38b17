"""Triage, the waiting list and the allocation board."""

from django.apps import AppConfig


class TriageConfig(AppConfig):
    name = "triage"

    def ready(self):
        from casework.waiting import when_worse
        from isva.clock.tick import before_asking
        from triage import load_history, reminders, timeline  # noqa: F401  (register rules, and records of the timeline)
        from triage.stages.interim import escalate_case

        when_worse(escalate_case)
        before_asking(load_history.keep_loads)

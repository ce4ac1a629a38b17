"""Supervision of the people who support others, their training, and what is agreed and raised with the partners of the service."""

from django.apps import AppConfig


class SupervisionConfig(AppConfig):
    name = "supervision"

    def ready(self):
        from isva.accounts.role_changes import before_giving
        from isva.clock.diary import tell_dates
        from supervision import (
            diary,
            reminders,  # noqa: F401  (registers its rules)
            reminders_of_leaving,  # noqa: F401  (registers its rules)
            reminders_of_partners,  # noqa: F401  (registers its rules)
            reminders_of_policies,  # noqa: F401  (registers its rules)
            timeline,  # noqa: F401  (puts its records on the timeline)
            training,
        )

        before_giving(training.missing_before)
        tell_dates(diary.dates_of)

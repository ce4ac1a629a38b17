"""The case itself: the person, the record, and support from the first session to closure."""

from django.apps import AppConfig


class CaseworkConfig(AppConfig):
    name = "casework"

    def ready(self):
        from casework import (
            diary,
            leaving,
            reminded,
            reminders,  # noqa: F401  (registers its rules)
            reminders_of_leaving,  # noqa: F401  (registers its rules)
            reminders_of_safety,  # noqa: F401  (registers its rules)
            timeline_words,  # noqa: F401  (puts its records on the timeline)
        )
        from isva.accounts.role_changes import after_changing
        from isva.clock.diary import tell_dates
        from isva.clock.people import told_of_cases

        told_of_cases(covers=reminded.covers, kept_away=reminded.kept_away)
        tell_dates(diary.dates_of)
        after_changing(leaving.let_go_in_other_roles)

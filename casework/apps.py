"""The case itself: the person, the record, and support from the first session to closure."""

from django.apps import AppConfig


class CaseworkConfig(AppConfig):
    name = "casework"

    def ready(self):
        from casework import timeline_words  # noqa: F401  (puts its records on the timeline)

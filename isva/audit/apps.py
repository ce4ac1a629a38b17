"""Who looked and who changed what, kept so that nobody can change it afterwards unseen."""

from django.apps import AppConfig


class AuditConfig(AppConfig):
    name = "isva.audit"
    label = "audit"

    def ready(self):
        from isva.audit import checks  # noqa: F401  (registers the check)

"""Who looked and who changed what, kept so that nobody can change it afterwards unseen."""

from django.apps import AppConfig


class AuditConfig(AppConfig):
    name = "isva.audit"
    label = "audit"

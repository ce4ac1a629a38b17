"""The product as one installed application: the commands live here and Celery wakes here."""

from django.apps import AppConfig


class IsvaConfig(AppConfig):
    name = "isva"
    label = "isva"

    def ready(self):
        from isva.celery import app  # noqa: F401  (shared tasks bind to the configured app)

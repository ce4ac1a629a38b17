"""The queue: what the service does between requests, in the worker, on the beat's time."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "isva.settings")

app = Celery("isva")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()

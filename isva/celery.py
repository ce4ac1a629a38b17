"""The queue: what the service does between requests, in the worker, on the beat's time."""

import os

from celery import Celery
from celery.signals import worker_init
from django.core.exceptions import ImproperlyConfigured

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "isva.settings")

app = Celery("isva")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


@worker_init.connect
def start_as_a_plain_role(**_signal) -> None:
    """Leave before the first task where the database role is too powerful.

    Celery logs what a receiver raises and goes on; only an exit stops it.
    """
    from isva.db.checks import refuse_privileges

    try:
        refuse_privileges()
    except ImproperlyConfigured as why:
        raise SystemExit(str(why)) from None

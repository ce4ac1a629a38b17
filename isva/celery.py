"""The queue: what the service does between requests, in the worker, on the beat's time."""

import os

from celery import Celery, Task
from celery.signals import setup_logging, worker_init, worker_process_init
from django.core.exceptions import ImproperlyConfigured

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "isva.settings")


class Courier(Task):
    """A task begins with nobody acting: what it may see, it says itself."""

    def __call__(self, *args, **kwargs):
        from isva.access.acting import nobody

        with nobody():
            return super().__call__(*args, **kwargs)


app = Celery("isva", task_cls=Courier)
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


@setup_logging.connect
def keep_the_logs_quiet(**_signal) -> None:
    """Leave the logs as the settings have them: Celery would put handlers of its own there, which quote errors."""
    import logging.config

    from django.conf import settings

    logging.config.dictConfig(settings.LOGGING)


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


@worker_process_init.connect
def get_ready_to_print(**_signal) -> None:
    """Load what makes PDFs before the first report is asked for: it takes most of a second."""
    from reporting import pdf

    pdf.get_ready()

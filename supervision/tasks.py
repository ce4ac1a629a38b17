"""Couriers of supervision: they load, call one function, and may run twice."""

import logging

from celery import shared_task

from isva.accounts.models import Service
from supervision import left

log = logging.getLogger("isva.supervision")


@shared_task
def sweep_what_was_left() -> None:
    """Go through every service for what people who have left, or are away, left undone.

    One service that fails does not stop the others: the next round of the night tries again.
    """
    failed = 0
    for service in Service.objects.order_by("pk"):
        try:
            left.sweep(service)
        except Exception as why:  # the worker's log names the kind of error and quotes nothing
            log.error("A sweep failed: %s", type(why).__name__)
            failed += 1
    if failed:
        raise RuntimeError(f"{failed} sweeps failed.")

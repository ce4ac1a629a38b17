"""Couriers of the clock: they load, call one function, and may run twice."""

import logging

from celery import shared_task

from isva.accounts.models import Service
from isva.clock import letters
from isva.clock import tick as rounds

log = logging.getLogger("isva.clock")


@shared_task
def tick() -> None:
    """Go round once for every service. One that fails does not stop the others: the next minute tries again."""
    failed = []
    for service in Service.objects.order_by("pk"):
        try:
            rounds.tick(service)
        except Exception as why:  # the worker's log names the kind of error and quotes nothing
            log.error("A round of the clock failed: %s", type(why).__name__)
            failed.append(service.pk)
    if failed:
        raise RuntimeError(f"{len(failed)} rounds of the clock failed.")


@shared_task
def send_letter(letter_id: str) -> None:
    """Send one letter of the clock, if nobody has."""
    letters.send(letter_id)

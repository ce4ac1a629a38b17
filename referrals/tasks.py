"""Couriers of the front door: they take a key, call one function, and may run twice."""

import datetime as dt
import logging

from celery import shared_task

from isva.accounts.models import Service
from isva.clock.moment import now
from referrals import letters

log = logging.getLogger("isva.referrals")

#: Receipts that a broker or a mail server lost are looked for this far back: a week without either loses nothing.
LOOK_BACK = dt.timedelta(days=30)


@shared_task
def acknowledge_referral(referral_id: str, service_id: str) -> None:
    """Send the receipt of one referral."""
    letters.acknowledge(referral_id, service=Service.objects.get(pk=service_id))


@shared_task
def acknowledge_what_was_left() -> None:
    """Send the receipts that were never taken off the queue, or could not be sent.

    One that fails does not stop the others: the next round tries again.
    """
    failed = 0
    for service in Service.objects.order_by("pk"):
        for referral_id in letters.receipts_left_behind(service=service, since=now() - LOOK_BACK):
            try:
                letters.acknowledge(referral_id, service=service)
            except Exception as why:  # the worker's log names the kind of error and quotes nothing
                log.error("A receipt could not be sent: %s", type(why).__name__)
                failed += 1
    if failed:
        raise RuntimeError(f"{failed} receipts could not be sent.")

"""Couriers of the front door: they take a key, call one function, and may run twice."""

import datetime as dt

from celery import shared_task

from isva.accounts.models import Service
from isva.clock.moment import now
from referrals import letters

#: Receipts that a broker lost are looked for this far back.
LOOK_BACK = dt.timedelta(days=2)


@shared_task
def acknowledge_referral(referral_id: str, service_id: str) -> None:
    """Send the receipt of one referral."""
    letters.acknowledge(referral_id, service=Service.objects.get(pk=service_id))


@shared_task
def acknowledge_what_was_left() -> None:
    """Send the receipts that were never taken off the queue."""
    for service in Service.objects.all():
        for referral_id in letters.receipts_left_behind(service=service, since=now() - LOOK_BACK):
            letters.acknowledge(referral_id, service=service)

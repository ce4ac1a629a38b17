"""Couriers of casework: they load, call one function, and may run twice."""

import datetime as dt

from celery import shared_task

from casework import access, alerts, leaving, letters
from isva.accounts.models import Service
from isva.clock.moment import now
from isva.drafts import keeping, submissions


@shared_task
def keep_grants_in_time() -> None:
    """Begin and end grants by the clock, service by service."""
    for service in Service.objects.all():
        access.keep_grants_in_time(service)


@shared_task
def forget_what_has_lapsed() -> None:
    """Remove drafts whose life has ended and tokens that nobody can press again."""
    keeping.forget_lapsed_drafts()
    submissions.forget_old_claims()


@shared_task
def let_go_of_who_has_left() -> None:
    """End the sight of cases that people who have left still hold, service by service."""
    for service in Service.objects.all():
        leaving.let_go(service)


@shared_task
def raise_alerts(*, minutes: int = 10) -> None:
    """Raise what the looks of the last minutes ask for, service by service."""
    for service in Service.objects.all():
        alerts.raise_alerts(service, since=now() - dt.timedelta(minutes=minutes))


@shared_task
def tell_of_emergency(service_id: str, review_id: str) -> None:
    """Tell of one emergency opening."""
    letters.tell_of_emergency(Service.objects.get(pk=service_id), review_id)


@shared_task
def tell_of_emergencies_left_behind() -> None:
    """Tell of the emergency openings whose letter was never taken off the queue."""
    for service in Service.objects.all():
        for review_id in letters.emergencies_left_behind(service):
            letters.tell_of_emergency(service, review_id)


@shared_task
def tell_of_unseen(service_id: str) -> None:
    """Tell that a case needs somebody from outside."""
    letters.tell_of_unseen(Service.objects.get(pk=service_id))

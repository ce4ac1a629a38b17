"""Couriers of people and places: they load, call one function, and may run twice."""

from celery import shared_task

from isva.accounts import membership


@shared_task
def keep_permissions_in_time() -> None:
    """Give the permissions of those who begin today, and take those of people who have left."""
    membership.keep_permissions_in_time()

"""Couriers of people and places: they load, call one function, and may run twice."""

import datetime as dt
import logging
from functools import partial

from celery import shared_task

from isva.accounts import directory, letters, membership, visits
from isva.clock.moment import now

log = logging.getLogger("isva.accounts")

#: Letters about roles and second steps that a mail server or a broker lost are looked for this far back.
LOOK_BACK = dt.timedelta(days=14)
#: A letter of which no row tells is tried again after half a minute, then ever later, for about an hour.
_TRIED_AGAIN = {
    "autoretry_for": (Exception,), "retry_backoff": 30, "retry_backoff_max": 600, "retry_jitter": False,
    "max_retries": 10,
}  # fmt: skip


@shared_task
def keep_permissions_in_time() -> None:
    """Give the permissions of those who begin today, and take those of people who have left."""
    membership.keep_permissions_in_time()


@shared_task
def forget_ended_sessions() -> None:
    """End the sessions of people who have left, and remove what is left of sessions that can no longer be used."""
    visits.end_of_who_left()
    visits.forget_ended()


@shared_task(**_TRIED_AGAIN)
def send_new_password_link(user_id: str) -> None:
    """Send the link of a new password; without a user there is nobody to send it to."""
    user = directory.user_by_key(user_id)
    if user is not None:
        letters.send_new_password_link(user)


@shared_task(**_TRIED_AGAIN)
def send_word(what: str, user_id: str) -> None:
    """Send somebody word of a change to how they sign in."""
    user = directory.user_by_key(user_id)
    if user is not None:
        letters.send_word(what, user)


@shared_task
def tell_factor_reset(reset_id: str) -> None:
    """Tell whom it concerns that a second factor was reset."""
    reset = directory.reset_by_key(reset_id)
    if reset is not None:
        letters.send_reset(reset)


@shared_task
def tell_role_change(change_id: str) -> None:
    """Tell whom it concerns that roles were changed in a service."""
    change = directory.role_change_by_key(change_id)
    if change is not None:
        letters.send_role_change(change)


@shared_task
def tell_what_was_left() -> None:
    """Tell of the resets and the changes of roles of which not everybody was told yet.

    One that fails does not stop the others: the next round tries again.
    """
    since, failed = now() - LOOK_BACK, 0
    waiting = [
        *(partial(letters.send_reset, reset) for reset in letters.resets_left_behind(since=since)),
        *(partial(letters.send_role_change, one) for one in letters.role_changes_left_behind(since=since)),
    ]
    for send in waiting:
        try:
            send()
        except Exception as why:  # the worker's log names the kind of error and quotes nothing
            log.error("A letter that was left could not be sent: %s", type(why).__name__)
            failed += 1
    if failed:
        raise RuntimeError(f"{failed} letters that were left could not be sent.")

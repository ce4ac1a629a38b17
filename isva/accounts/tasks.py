"""Couriers of people and places: they load, call one function, and may run twice."""

from celery import shared_task

from isva.accounts import directory, letters, membership, visits


@shared_task
def keep_permissions_in_time() -> None:
    """Give the permissions of those who begin today, and take those of people who have left."""
    membership.keep_permissions_in_time()


@shared_task
def forget_ended_sessions() -> None:
    """End the sessions of people who have left, and remove what is left of sessions that can no longer be used."""
    visits.end_of_who_left()
    visits.forget_ended()


@shared_task
def send_new_password_link(user_id: str) -> None:
    """Send the link of a new password; without a user there is nobody to send it to."""
    user = directory.user_by_key(user_id)
    if user is not None:
        letters.send_new_password_link(user)


@shared_task
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

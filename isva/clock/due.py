"""When the first steps after a referral fall due, by the settings of the service."""

import datetime as dt

from isva.clock.moment import day_of
from isva.clock.working_days import end_of_day


def first_contact_target_due(received_at: dt.datetime, reckoning) -> dt.datetime:
    """When the service's own target for first contact falls due (48 hours of working days by default).

    ``reckoning`` holds the numbers in force at ``received_at`` (``isva.clock.terms``).
    """
    hours = reckoning["first_contact_target_hours"]
    if reckoning["target_in_elapsed_hours"]:
        return received_at + dt.timedelta(hours=hours)
    return reckoning.working_hours(received_at, hours)


def first_contact_standard_due(received_at: dt.datetime, reckoning) -> dt.datetime:
    """When the standard for first contact falls due: the end of the fifth working day after receipt.

    Day 0 is the day of receipt, working day or not; a service may choose to take a receipt on another day
    as received on the next working day (quality standard: initial contact within 5 working days).
    """
    day = day_of(received_at)
    if reckoning["non_working_receipt_counts_as_next_day"] and not reckoning.is_working_day(day):
        day = reckoning.working_day(day, 1)
    return end_of_day(reckoning.working_day(day, reckoning["first_contact_standard_days"]))


def information_due(asked_at: dt.datetime, reckoning) -> dt.datetime:
    """When an answer to a request for missing information falls due."""
    return end_of_day(reckoning.working_day(day_of(asked_at), reckoning["information_answer_days"]))

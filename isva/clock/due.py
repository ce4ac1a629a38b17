"""When the first steps after a referral fall due, by the settings of the service."""

import datetime as dt

from isva.clock.models import OneOffDay
from isva.clock.moment import LONDON
from isva.clock.working_days import add_working_days, add_working_hours, end_of_day, is_working_day


def one_off_days() -> dict[dt.date, bool]:
    """The one-off days that people entered, as ``is_working_day`` takes them. One query; ask once a page."""
    return dict(OneOffDay.objects.values_list("day", "is_holiday"))


def first_contact_target_due(received_at: dt.datetime, service, *, one_off=None) -> dt.datetime:
    """When the service's own target for first contact falls due (48 hours of working days by default)."""
    hours = service.first_contact_target_hours
    if service.target_in_elapsed_hours:
        return received_at + dt.timedelta(hours=hours)
    return add_working_hours(received_at, hours, one_off=one_off)


def first_contact_standard_due(received_at: dt.datetime, service, *, one_off=None) -> dt.datetime:
    """When the standard for first contact falls due: the end of the fifth working day after receipt.

    Day 0 is the day of receipt, working day or not; a service may choose to take a receipt on another day
    as received on the next working day (quality standard: initial contact within 5 working days).
    """
    day = received_at.astimezone(LONDON).date()
    if service.non_working_receipt_counts_as_next_day and not is_working_day(day, one_off=one_off):
        day = add_working_days(day, 1, one_off=one_off)
    return end_of_day(add_working_days(day, service.first_contact_standard_days, one_off=one_off))


def information_due(asked_at: dt.datetime, service, *, one_off=None) -> dt.datetime:
    """When an answer to a request for missing information falls due."""
    day = asked_at.astimezone(LONDON).date()
    return end_of_day(add_working_days(day, service.information_answer_days, one_off=one_off))

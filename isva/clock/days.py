"""One-off days of a service: a bank holiday that was announced late, a day on which the office is shut, and the like.

Bank holidays of England and Wales come from the maintained library; these days stand against it. They are entered
ahead only: what fell due in the past was judged by the calendar as it was.
"""

import datetime as dt
from dataclasses import dataclass

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from isva.accounts.models import Service, User
from isva.clock import terms
from isva.clock.models import OneOffDay
from isva.clock.moment import today
from isva.clock.working_days import KNOWN_UNTIL, bank_holidays
from isva.interface.words import long_date
from isva.refusal import Refusal

#: So many days ahead the calendar is shown, and so many before the known bank holidays end it is said that they do.
SHOWN, SAID_BEFORE = 400, 180


class NotADay(Refusal):
    """A day cannot be entered, or not be taken back."""


@dataclass(frozen=True)
class DayOff:
    """A day unlike its week: its name, whether nobody works on it, and the row where somebody entered it."""

    day: dt.date
    name: str
    is_holiday: bool
    entered: OneOffDay | None = None


def days_ahead(service: Service) -> list[DayOff]:
    """Bank holidays and one-off days from today on, in their order. One query."""
    first, last = today(), today() + dt.timedelta(days=SHOWN)
    rows = entered(service).filter(day__gte=first).select_related("recorded_by")
    found = {one.day: DayOff(one.day, one.name, one.is_holiday, one) for one in rows}
    for year in range(first.year, last.year + 1):
        for day, name in bank_holidays(year).items():
            if first <= day <= last:
                found.setdefault(day, DayOff(day, name, True))
    return [found[day] for day in sorted(found)]


def entered(service: Service):
    """The one-off days that people of a service entered."""
    return OneOffDay.objects.filter(service=service)


def last_known_day() -> dt.date | None:
    """Until when bank holidays are announced, where that is soon; None while it is far ahead."""
    return KNOWN_UNTIL if today() + dt.timedelta(days=SAID_BEFORE) > KNOWN_UNTIL else None


def add_one_off_day(service: Service, *, day: dt.date, name: str, is_holiday: bool, by: User) -> OneOffDay:
    """Enter a day that is no working day, or is one against the list; due dates that lie ahead follow it.

    Raises NotADay, in words, for today and the past, for a day that is what it was anyway, and for one entered before.
    """
    if day <= today():
        raise NotADay(_("Choose a day after today: what is past was judged by the calendar as it was."))
    if day.weekday() >= 5:
        raise NotADay(
            _("%(day)s is a Saturday or Sunday, and no working day anyway.") % {"day": long_date(day)}
        )
    if is_holiday == (day in bank_holidays(day.year)):
        raise NotADay(
            _("%(day)s is a bank holiday already.") % {"day": long_date(day)}
            if is_holiday
            else _("%(day)s is a working day already.") % {"day": long_date(day)}
        )
    row = OneOffDay(service=service, day=day, name=name, is_holiday=is_holiday, recorded_by=by)
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError:
        raise NotADay(_("%(day)s is entered already. Remove it first.") % {"day": long_date(day)}) from None
    terms.forget(service)
    return row


def remove_one_off_day(row: OneOffDay, *, by: User) -> None:
    """Take a day back that lies ahead; its history keeps that it was there. Raises NotADay for one that has come."""
    if row.day <= today():
        raise NotADay(_("That day has come. What fell due by it stays as it was judged."))
    service = row.service
    row.delete()
    terms.forget(service)

"""The two clocks of first contact, as the inbox shows them: hours left of the target, working days left of the standard."""

import datetime as dt

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from isva.clock.due import first_contact_standard_due, first_contact_target_due
from isva.clock.moment import LONDON, now
from isva.clock.terms import Terms
from isva.clock.working_days import is_working_day
from isva.interface.marks import clock_mark


def target_mark(received_at: dt.datetime, terms: Terms):
    """`31 hours left`, or that the service's own target has passed."""
    moment = now()
    reckoning = terms.at(received_at)
    due = first_contact_target_due(received_at, reckoning)
    if due < moment:
        return clock_mark(due, text=_("Target passed"), now=moment)
    hours = (
        _whole_hours(due - moment)
        if reckoning["target_in_elapsed_hours"]
        else counted_hours(moment, due, one_off=terms.one_off)
    )
    words = ngettext("%(left)d hour left", "%(left)d hours left", hours) % {"left": hours}
    return clock_mark(due, text=words if hours else _("Less than an hour left"), now=moment)


def standard_mark(received_at: dt.datetime, terms: Terms):
    """`3 days left` (working days), or that the standard was missed."""
    moment = now()
    due = first_contact_standard_due(received_at, terms.at(received_at))
    if due < moment:
        return clock_mark(due, text=_("Standard missed"), now=moment)
    left = counted_days(moment, due, one_off=terms.one_off)
    words = ngettext("%(left)d day left", "%(left)d days left", left) % {"left": left}
    return clock_mark(due, text=words if left else _("Last day"), now=moment)


def counted_hours(start: dt.datetime, end: dt.datetime, *, one_off=None) -> int:
    """Whole hours of working days between two moments, as the target counts them."""
    here, there = (moment.astimezone(LONDON).replace(tzinfo=None) for moment in (start, end))
    counted = dt.timedelta()
    while here < there:
        midnight = dt.datetime.combine(here.date() + dt.timedelta(days=1), dt.time.min)
        if is_working_day(here.date(), one_off=one_off):
            counted += min(midnight, there) - here
        here = midnight
    return _whole_hours(counted)


def counted_days(start: dt.datetime, end: dt.datetime, *, one_off=None) -> int:
    """Working days after the day of ``start``, up to the day of ``end``."""
    day, last = start.astimezone(LONDON).date(), end.astimezone(LONDON).date()
    count = 0
    while day < last:
        day += dt.timedelta(days=1)
        count += is_working_day(day, one_off=one_off)
    return count


def _whole_hours(span: dt.timedelta) -> int:
    return int(span.total_seconds() // 3600)

"""Whether somebody is at work at an hour when this service works."""

import datetime as dt

from django.conf import settings

from isva.clock.moment import LONDON
from isva.clock.working_days import is_working_day


def in_working_hours(moment: dt.datetime) -> bool:
    """Whether ``moment`` lies in the service's hours: a working day in Europe/London, ``AUDIT_HOURS`` (07:00-20:00)."""
    local = moment.astimezone(LONDON)
    first, last = (dt.time.fromisoformat(text) for text in settings.AUDIT_HOURS)
    return is_working_day(local.date()) and first <= local.time() < last

"""What time it is for the service. Everything that records or judges a moment asks here, and nowhere else."""

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from zoneinfo import ZoneInfo

from django.utils import timezone

LONDON = ZoneInfo("Europe/London")

_set_to: ContextVar[dt.datetime | None] = ContextVar("moment", default=None)


def now() -> dt.datetime:
    """The present moment, aware, in UTC."""
    return _set_to.get() or timezone.now()


def today() -> dt.date:
    """The date in Europe/London, whatever the server's time zone."""
    return now().astimezone(LONDON).date()


def day_of(moment: dt.datetime) -> dt.date:
    """The date of a moment in Europe/London."""
    return moment.astimezone(LONDON).date()


@contextmanager
def at(moment: dt.datetime) -> Iterator[None]:
    """Take ``moment`` for the present until the block ends (histories of the demo service, simulations)."""
    if timezone.is_naive(moment):
        raise ValueError("A moment carries its time zone.")
    token = _set_to.set(moment)
    try:
        yield
    finally:
        _set_to.reset(token)

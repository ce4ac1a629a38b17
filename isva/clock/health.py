"""Whether the product is well, for the people who run it: database, queue, last round of the clock, letters that wait.

It says nothing about anybody: numbers and moments only.
"""

import datetime as dt
import time
from dataclasses import dataclass

import redis
from django.conf import settings
from django.db import DatabaseError, connection
from django.db.models import Count, Min
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from isva.clock.letters import LAPSES
from isva.clock.models import Letter, Tick
from isva.clock.moment import now
from isva.interface.words import how_long

#: The clock goes round every minute; so many without a round, and it stands still.
MISSED = dt.timedelta(minutes=5)
#: A letter that waits longer than this is not taken off the queue.
WAITS = dt.timedelta(minutes=20)


@dataclass(frozen=True)
class Check:
    """One thing that was looked at: what, whether it is well, and what was found, in words."""

    name: str
    is_well: bool
    found: str


def checks() -> list[Check]:
    """Everything that is looked at. A database that does not answer is the only thing found then."""
    database = _database()
    if not database.is_well:
        return [database]
    return [database, _queue(), _rounds(), _letters()]


def clock_stands_still() -> dt.timedelta | None:
    """For how long the clock has not gone round for some service, where that is too long; None where all is well.

    One query. A service for which it never went round counts from the beginning of the others; none at all is not told.
    """
    last = Tick.objects.aggregate(last=Min("began_at"))["last"]
    if last is None or now() - last < MISSED:
        return None
    return now() - last


def _database() -> Check:
    began = time.monotonic()
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError as why:
        return Check(_("Database"), False, type(why).__name__)
    took = round((time.monotonic() - began) * 1000)
    return Check(_("Database"), True, _("answers in %(ms)d ms") % {"ms": took})


def _queue() -> Check:
    try:
        line = redis.Redis.from_url(settings.CELERY_BROKER_URL, socket_timeout=2, socket_connect_timeout=2)
        waiting = int(line.llen("celery"))
    except redis.RedisError as why:
        return Check(_("Queue"), False, type(why).__name__)
    words = ngettext("%(n)d task waits", "%(n)d tasks wait", waiting) % {"n": waiting}
    return Check(_("Queue"), waiting < 1000, words)


def _rounds() -> Check:
    rounds = Tick.objects.aggregate(last=Min("began_at"), services=Count("pk"))
    if rounds["last"] is None:
        return Check(_("Clock"), False, _("has not gone round yet"))
    failed = Tick.objects.filter(failed_rules__gt=0).count()
    slowest = max(Tick.objects.values_list("took_ms", flat=True))
    words = _("last round %(ago)s ago, the slowest in %(ms)d ms") % {
        "ago": how_long(now() - rounds["last"]), "ms": slowest,
    }  # fmt: skip
    if failed:
        words += " · " + ngettext(
            "%(n)d service has a rule that fails", "%(n)d services have a rule that fails", failed
        ) % {"n": failed}
    return Check(_("Clock"), now() - rounds["last"] < MISSED and not failed, words)


def _letters() -> Check:
    waiting = Letter.objects.filter(sent_at__isnull=True, made_at__gt=now() - LAPSES)
    found = waiting.aggregate(oldest=Min("made_at"), n=Count("pk"))
    lapsed = Letter.objects.filter(sent_at__isnull=True, made_at__lte=now() - LAPSES).count()
    if not found["n"] and not lapsed:
        return Check(_("Letters"), True, _("none waits"))
    words = ngettext("%(n)d waits", "%(n)d wait", found["n"]) % {"n": found["n"]}
    if found["oldest"]:
        words += " · " + _("the oldest for %(span)s") % {"span": how_long(now() - found["oldest"])}
    if lapsed:
        words += " · " + ngettext("%(n)d was never sent", "%(n)d were never sent", lapsed) % {"n": lapsed}
    late = found["oldest"] is not None and now() - found["oldest"] > WAITS
    return Check(_("Letters"), not late, words)

"""Dates, times and stretches of time as people in the service say them."""

from datetime import datetime, timedelta

from django.utils import timezone
from django.utils.dates import MONTHS
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from isva.clock.moment import now as clock_now

DAYS_IN_WEEK, DAYS_IN_MONTH, DAYS_IN_YEAR = 7, 30.44, 365.25


def local(when):
    """A moment in the service's own time zone; a date stays as it is. Naive datetimes are taken as already local."""
    return timezone.localtime(when) if isinstance(when, datetime) and timezone.is_aware(when) else when


def long_date(when):
    """`3 March 2027`; empty for None."""
    if when is None:
        return ""
    when = local(when)
    return _("%(day)d %(month)s %(year)d") % {"day": when.day, "month": MONTHS[when.month], "year": when.year}


def time_24(when):
    """`14:05`, from a moment or a time of day; empty for None."""
    return "" if when is None else f"{local(when):%H:%M}"


def short_when(when, *, now=None):
    """`today 14:05`, `yesterday 09:30`, `tomorrow 10:00`, otherwise `3 March 2027 at 14:05`; a plain date has no time."""
    if when is None:
        return ""
    when, today = local(when), local(now or clock_now()).date()
    timed = isinstance(when, datetime)
    near = {0: _("today"), -1: _("yesterday"), 1: _("tomorrow")}.get(
        ((when.date() if timed else when) - today).days
    )
    if near:
        return _("%(day)s %(time)s") % {"day": near, "time": time_24(when)} if timed else near
    if not timed:
        return long_date(when)
    return _("%(date)s at %(time)s") % {"date": long_date(when), "time": time_24(when)}


def day_words(when, *, now=None):
    """`today`, `yesterday`, `tomorrow`, otherwise `3 March 2027`: for columns where the time of day does not matter."""
    if when is None:
        return ""
    when = local(when)
    return short_when(when.date() if isinstance(when, datetime) else when, now=now)


def days_words(days):
    """A number of days in the largest unit that fits: `1 day`, `13 days`, `3 weeks`, `4 months`, `2 years`."""
    days = int(abs(days))
    if days < 2 * DAYS_IN_WEEK:
        return ngettext("%(n)d day", "%(n)d days", days) % {"n": days}
    if days < 2 * DAYS_IN_MONTH:
        weeks = days // DAYS_IN_WEEK
        return ngettext("%(n)d week", "%(n)d weeks", weeks) % {"n": weeks}
    if days < 2 * DAYS_IN_YEAR:
        months = int(days / DAYS_IN_MONTH)
        return ngettext("%(n)d month", "%(n)d months", months) % {"n": months}
    years = int(days / DAYS_IN_YEAR)
    return ngettext("%(n)d year", "%(n)d years", years) % {"n": years}


def how_long(span):
    """A stretch of time in words, from a timedelta: `less than a minute`, `5 minutes`, `3 hours`, then as `days_words`."""
    minutes = int(abs(span).total_seconds() // 60)
    if minutes < 1:
        return _("less than a minute")
    if minutes < 120:
        return ngettext("%(n)d minute", "%(n)d minutes", minutes) % {"n": minutes}
    if minutes < 48 * 60:
        hours = minutes // 60
        return ngettext("%(n)d hour", "%(n)d hours", hours) % {"n": hours}
    return days_words(minutes // (24 * 60))


def minutes_words(minutes):
    """The length of a session: `45 minutes`, `1 hour`, `1 hour 30 minutes`."""
    hours, rest = divmod(int(minutes), 60)
    parts = [ngettext("%(n)d hour", "%(n)d hours", hours) % {"n": hours}] if hours else []
    if rest or not hours:
        parts.append(ngettext("%(n)d minute", "%(n)d minutes", rest) % {"n": rest})
    return " ".join(parts)


def ago(when, *, now=None):
    """`5 minutes ago`, `3 weeks ago`, `in 2 days`; for a plain date `today`, `yesterday`, `13 days ago`; empty for None."""
    if when is None:
        return ""
    now = local(now or clock_now())
    when = local(when)
    if isinstance(when, datetime):
        span = now - when
        if abs(span) < timedelta(minutes=1):
            return _("just now")
        words, past = how_long(span), span > timedelta()
    else:
        days = (now.date() - when).days
        if abs(days) <= 1:
            return short_when(when, now=now)
        words, past = days_words(days), days > 0
    return (_("%(span)s ago") if past else _("in %(span)s")) % {"span": words}


def age_on(born, day):
    """Whole years of age on a day; a birthday on 29 February falls on 1 March in other years."""
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))


def date_range(first, last):
    """`3 to 9 March 2027`, `28 March to 3 April 2027`, or both in full where the years differ."""
    if first == last:
        return long_date(first)
    start = str(first.day)
    if first.year != last.year:
        start = long_date(first)
    elif first.month != last.month:
        start = _("%(day)d %(month)s") % {"day": first.day, "month": MONTHS[first.month]}
    return _("%(start)s to %(end)s") % {"start": start, "end": long_date(last)}


def listed(names, *, last_word=None):
    """`a, b and c`; empty for nothing."""
    names = [str(name) for name in names]
    if len(names) < 2:
        return "".join(names)
    return _("%(first)s %(word)s %(last)s") % {
        "first": ", ".join(names[:-1]),
        "word": last_word or _("and"),
        "last": names[-1],
    }

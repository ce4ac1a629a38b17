"""A person's own dates: sessions, court, reviews, and whatever another part of the service adds.

Each part says what it puts there (``tell_dates``); the calendar and the private feed read all of it, within the sight
of the person whose dates they are.
"""

import datetime as dt
import hashlib
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from icalendar import Calendar, Event

from isva.access.acting import act
from isva.accounts.membership import live_memberships
from isva.accounts.models import Service, User
from isva.clock.models import FeedLink
from isva.clock.moment import LONDON, day_of, now, today

#: Days back and ahead that the feed tells.
FEED_BACK, FEED_AHEAD = 31, 183
LONGEST_TOKEN = 100


@dataclass(frozen=True)
class Entry:
    """One date: when (a day, or a moment with minutes), what kind in words, whose and what for those who may see it."""

    key: str
    day: dt.date
    kind: Any
    at: dt.datetime | None = None
    minutes: int = 0
    title: str = ""
    detail: str = ""
    url: str = ""

    @property
    def order(self) -> tuple:
        """Days in order; within a day what has no hour first."""
        return (self.day, self.at or dt.datetime.combine(self.day, dt.time.min, tzinfo=LONDON), self.key)


_sources: list[Callable] = []


def tell_dates(source: Callable) -> None:
    """Add ``source(user, service, first, last)``, which gives the entries of a person from day to day (said once)."""
    if source not in _sources:
        _sources.append(source)


def entries(user: User, service: Service, *, first: dt.date, last: dt.date) -> list[Entry]:
    """The dates of a person from ``first`` to ``last``, both included, in order. Whoever asks acts as that person."""
    found = [entry for source in _sources for entry in source(user, service, first, last)]
    return sorted(found, key=lambda entry: entry.order)


# The private feed


@transaction.atomic
def make_feed(user: User, service: Service, *, says: str) -> str:
    """Make a private link for a person's calendar and give its token, which is told this once; an earlier link ends."""
    end_feed(user, service)
    token = secrets.token_urlsafe(32)
    FeedLink(
        service=service, user=user, says=FeedLink.Says(says), token_hash=_hash_of(token), made_at=now()
    ).save(force_insert=True)
    return token


def end_feed(user: User, service: Service) -> bool:
    """End a person's private link; False where there is none."""
    link = feed_of(user, service)
    if link is None:
        return False
    link.ended_at = now()
    link.save(update_fields=["ended_at"])
    return True


def feed_of(user: User, service: Service) -> FeedLink | None:
    """The link that a person's calendar reads by now, or None."""
    return FeedLink.objects.filter(user=user, service=service, ended_at__isnull=True).first()


def feed(token: str) -> bytes | None:
    """The calendar behind a private link; None where the link is not one, or ended, or its person has left.

    Its dates are read with the sight of that person; it says no name and no reference.
    """
    link = (
        FeedLink.objects.filter(token_hash=_hash_of(token[:LONGEST_TOKEN]), ended_at__isnull=True, user__is_active=True)
        .select_related("user", "service")
        .first()
    )  # fmt: skip
    if link is None or not live_memberships(link.user).filter(service=link.service).exists():
        return None
    first, last = today() - dt.timedelta(days=FEED_BACK), today() + dt.timedelta(days=FEED_AHEAD)
    with act(link.user, link.service):
        found = entries(link.user, link.service, first=first, last=last)
    return _written(link, found)


def _written(link: FeedLink, found: list[Entry]) -> bytes:
    calendar = Calendar()
    calendar.add("prodid", "-//isva//calendar//EN")
    calendar.add("version", "2.0")
    calendar.add("x-wr-calname", "Isva")
    for entry in found:
        event = Event()
        event.add("uid", _hash_of(f"{link.token_hash}:{entry.key}")[:32])
        event.add("dtstamp", now())
        event.add("summary", str(entry.kind) if link.says == FeedLink.Says.KIND else "Isva")
        event.add("class", "PRIVATE")
        if entry.at is None:
            event.add("dtstart", entry.day)
            event.add("dtend", entry.day + dt.timedelta(days=1))
        else:
            event.add("dtstart", entry.at.astimezone(dt.UTC))
            event.add("dtend", (entry.at + dt.timedelta(minutes=entry.minutes or 30)).astimezone(dt.UTC))
        calendar.add_component(event)
    return calendar.to_ical()


def _hash_of(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()


# Months and weeks


def month_weeks(day: dt.date) -> list[list[dt.date]]:
    """The weeks of a month, Monday to Sunday, with the days of the months beside it that fill them."""
    first = day.replace(day=1)
    start = first - dt.timedelta(days=first.weekday())
    weeks = []
    while start.month == day.month or start < first:
        weeks.append([start + dt.timedelta(days=number) for number in range(7)])
        start += dt.timedelta(days=7)
    return weeks


def week_of(day: dt.date) -> list[dt.date]:
    """The seven days of the week of a day, from Monday."""
    monday = day - dt.timedelta(days=day.weekday())
    return [monday + dt.timedelta(days=number) for number in range(7)]


__all__ = [
    "Entry", "day_of", "end_feed", "entries", "feed", "feed_of", "make_feed", "month_weeks", "tell_dates", "week_of",
]  # fmt: skip

"""Notes who reads what, before the page leaves. Where a look cannot be noted, there is no page.

Entries are written on a connection of their own (``ACCESS_LOG_ALIAS``), each in its own transaction: a request that
fails and is undone has still looked.
"""

import datetime as dt
from dataclasses import dataclass

from django.conf import settings
from django.db import Error
from django.db.models import Count, Q

from isva.access.visitor import ip_address_of
from isva.audit.hours import in_working_hours
from isva.audit.models import AccessEntry
from isva.clock.moment import now

What, Why = AccessEntry.What, AccessEntry.Why


class NotNoted(Exception):
    """A look could not be noted: the page must not leave. It carries nothing of what was looked at."""


@dataclass(frozen=True)
class Opens:
    """How many openings of cases there were, and how many of them by emergency access."""

    all: int
    break_glass: int

    @property
    def share(self) -> float:
        """The share of openings by emergency access, from 0 to 1."""
        return self.break_glass / self.all if self.all else 0.0


def note_opening(request, *, case, what=What.OPENED, why="", kind: str = "", record=None) -> AccessEntry:
    """Note that the signed-in person reads a page about ``case``: ``what`` they do, ``why`` they may. One INSERT.

    ``kind`` and ``record`` say which of its records the page is about (a document, a contact). Raises NotNoted.
    """
    return _note(
        request, what=what, why=why, kind=kind, record=record, service_id=case.service_id, case=case.pk,
        client=case.client_id, case_was_closed=not case.is_open,
    )  # fmt: skip


def note_reading(request, *, what, kind: str = "", record=None, case=None, why="") -> AccessEntry:
    """Note any other reading: a document, an export, a download, a search. ``kind`` is the model's label.

    ``record`` is the key of what was read; ``case`` the case it belongs to, where it belongs to one. One INSERT.
    Raises NotNoted.
    """
    about = {"service_id": request.acting.service.pk if request.acting else None}
    if case is not None:
        about = {
            "service_id": case.service_id, "case": case.pk, "client": case.client_id,
            "case_was_closed": not case.is_open,
        }  # fmt: skip
    return _note(request, what=what, why=why, kind=kind, record=record, **about)


def note_refusal(request, *, case_id, client_id=None) -> AccessEntry:
    """Note that somebody asked for a case that is not there for them, whether or not it exists. Raises NotNoted."""
    acting = getattr(request, "acting", None)
    return _note(
        request, what=What.REFUSED, service_id=acting.service.pk if acting else None, case=case_id, client=client_id
    )  # fmt: skip


def note_infected(request, *, user, service, case=None) -> AccessEntry:
    """Note that ``user`` sent a file in which the virus scanner found something; it was not kept. Raises NotNoted.

    The records lead reads it in the access log, and who works on ``case``, where it was for one, in *Who looked*.
    """
    about = {"case": case.pk, "client": case.client_id} if case else {}
    return _note(request, what=What.INFECTED, user=user, service_id=service.pk, **about)


def opens(service, since: dt.datetime, until: dt.datetime) -> Opens:
    """How often cases of a service were opened from ``since`` up to ``until``, and how often by emergency access."""
    entries = AccessEntry.objects.filter(
        service=service, at__gte=since, at__lt=until, what=What.OPENED, case__isnull=False
    )
    found = entries.aggregate(every=Count("pk"), glass=Count("pk", filter=Q(why=Why.BREAK_GLASS)))
    return Opens(all=found["every"], break_glass=found["glass"])


def _note(request, *, what, why="", user=None, **about) -> AccessEntry:
    moment = now()
    match = request.resolver_match
    entry = AccessEntry(
        at=moment,
        user_id=(user or request.user).pk,
        what=What(what),
        why=Why(why) if why else "",
        page=(match.url_name or "") if match else "",
        address=ip_address_of(request),
        in_hours=in_working_hours(moment),
        **about,
    )
    try:
        entry.save(using=settings.ACCESS_LOG_ALIAS, force_insert=True)
    except Error as why_not:
        raise NotNoted from why_not
    return entry

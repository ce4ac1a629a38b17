"""Fills a database with made-up services: all of it in one transaction, or nothing."""

import datetime as dt
from dataclasses import dataclass

from django.db import connections, transaction

from casework.sas.instruments import instrument_in_use
from casework.search_tokens import rebuild_tokens
from isva.clock.moment import LONDON, now
from isva.synthesis import databases, records
from isva.synthesis.lives import draw_courses, draw_lives
from isva.synthesis.people import make_services, make_staff
from isva.synthesis.profiles import Profile
from isva.synthesis.truth import Truth, read_truth
from isva.synthesis.writing import Lifted, Pen

#: From so many cases on, keys and indexes are taken off and put back: checked as a whole, not row by row.
MANY = 20_000


@dataclass(frozen=True)
class MadeUp:
    """What was made: how many rows of each kind, and what is true of each service."""

    rows: dict[str, int]
    truths: list[Truth]


def make_up(profile: Profile) -> MadeUp:
    """Make the database of a profile anew and fill it."""
    databases.make_empty(profile.database)
    made = fill(profile)
    with connections[databases.OWNER].cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")
    databases.mark(profile.database, profile.marked)
    return made


def fill(profile: Profile, *, until: dt.datetime | None = None) -> MadeUp:
    """Fill the database that the connections are turned to. ``until`` is the present of the made-up services.

    It is the last midnight, so that one seed makes one service all day long.
    """
    until = until or now().astimezone(LONDON).replace(hour=0, minute=0, second=0, microsecond=0)
    owner = connections[databases.OWNER]
    with transaction.atomic(using=databases.OWNER), owner.cursor() as cursor:
        pen = Pen(cursor, profile.seed)
        services = make_services(pen, profile)
        instrument = instrument_in_use()
        draw_courses(pen, profile, until=until)
        make_staff(pen, profile, services, until=until)
        lifted = Lifted(cursor, records.tables()) if profile.cases >= MANY else None
        if lifted:
            lifted.take_off()
        draw_lives(pen, profile)
        rows = records.write_records(pen, profile, instrument, until=until)
        rows["search tokens"] = rebuild_tokens(using=databases.OWNER)
        truths = read_truth(pen, profile)
        if lifted:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            lifted.put_back()
        cursor.execute(f"ANALYZE {', '.join(sorted(pen.written))}")
    return MadeUp(rows, truths)

"""Fills a database with made-up services: all of it in one transaction, or nothing."""

import datetime as dt

from django.db import connections, transaction

from casework.sas.instruments import instrument_in_use
from casework.search_tokens import rebuild_tokens
from isva.clock.moment import LONDON, now
from isva.synthesis import databases
from isva.synthesis.lives import draw_lives
from isva.synthesis.people import make_staff
from isva.synthesis.profiles import Profile
from isva.synthesis.records import tables, write_records
from isva.synthesis.writing import Lifted, Pen

#: From so many cases on, keys and indexes are taken off and put back: checked as a whole, not row by row.
MANY = 20_000


def make_up(profile: Profile) -> dict[str, int]:
    """Make the database of a profile anew and fill it; returns how many rows of each kind it has."""
    databases.make_empty(profile.database)
    rows = fill(profile)
    with connections[databases.OWNER].cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")
    databases.mark(profile.database, profile.marked)
    return rows


def fill(profile: Profile, *, until: dt.datetime | None = None) -> dict[str, int]:
    """Fill the database that the connections are turned to. ``until`` is the present of the made-up services.

    It is the last midnight, so that one seed makes one service all day long.
    """
    until = until or now().astimezone(LONDON).replace(hour=0, minute=0, second=0, microsecond=0)
    owner = connections[databases.OWNER]
    with transaction.atomic(using=databases.OWNER), owner.cursor() as cursor:
        pen = Pen(cursor, profile.seed)
        make_staff(pen, profile, until=until)
        instrument = instrument_in_use()
        lifted = Lifted(cursor, tables()) if profile.cases >= MANY else None
        if lifted:
            lifted.take_off()
        draw_lives(pen, profile, until=until)
        rows = write_records(pen, profile, instrument, until=until)
        rows["search tokens"] = rebuild_tokens(using=databases.OWNER)
        if lifted:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            lifted.put_back()
    return rows

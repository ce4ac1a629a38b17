"""The eye of the tests: what a test itself reads and prepares while nobody acts.

The wall shows nothing where nobody acts, and so it would to a test that looks at what a request has left behind. So
the test database, and no other, has one policy more on each walled table: the plain role passes while *nothing was told*
to the database in this transaction. A request, a task and every act tell it something (somebody, or nobody), so that
inside them the wall stands as it does in production.
"""

import time

import time_machine
from django.db import connections

from isva.db.wall import policies, signing
from isva.db.wall.tables import walled_tables

NOTHING_TOLD = "nullif(current_setting('isva.who', true), '') IS NULL"
#: Takes the second wall down (or the policies of one table) for the rest of a test's transaction: to see that the first stands by itself.
WIDE_OPEN = "current_setting('isva.wide_open', true) IN ('on', '{table}')"


def open_the_eye() -> None:
    """Open the eye in the test database (copies of it have it too)."""
    role = connections["default"].settings_dict["USER"]
    tables = [row.table for row in walled_tables()] + [policies.PERMISSIONS]
    with connections["owner"].cursor() as cursor:
        for table in tables:
            eye = f"({NOTHING_TOLD}) OR ({WIDE_OPEN.format(table=table)})"
            cursor.execute(f'DROP POLICY IF EXISTS test_eye ON "{table}"')
            cursor.execute(
                f'CREATE POLICY test_eye ON "{table}" TO "{role}" USING ({eye}) WITH CHECK ({eye})'
            )


def _real_time() -> float:
    hatch = time_machine.escape_hatch
    return hatch.time.time() if hatch.is_travelling() else time.time()


# Signatures run by the real clock also where a test stops it: the database's clock goes on.
signing.real_time = _real_time

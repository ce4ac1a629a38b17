"""Questions that the database answers without showing a row: numbers, a key, yes or no."""

import datetime as dt
import uuid

from django.db import connection


def reference_is_free(reference: str) -> bool:
    """Whether no case of any service has this reference."""
    return _rows("SELECT wall.reference_is_free(%s)", reference)[0][0]


def carried(stages, *, trial_from: dt.date, trial_to: dt.date) -> list[tuple]:
    """Open cases of the acting service as (worker, stage, complexity, cases, of them near trial).

    Cases that the acting person is walled off from are counted too: a load is a number and shows nobody.
    """
    return _rows(
        "SELECT lead_isva, stage, complexity, cases, near FROM wall.carried(%s, %s, %s)",
        list(stages), trial_from, trial_to,
    )  # fmt: skip


def court_days(mode: str, *, since: dt.datetime, until: dt.datetime) -> dict[uuid.UUID, int]:
    """Days at court of each worker of the acting service in a span of time."""
    return dict(_rows("SELECT worker, days FROM wall.court_days(%s, %s, %s)", mode, since, until))


def case_behind_glass(reference: str) -> uuid.UUID | None:
    """The key of the case with this reference, for whoever may open it in an emergency; None where there is none for them."""
    return _rows("SELECT wall.case_behind_glass(%s)", reference)[0][0]


def _rows(sql: str, *values) -> list[tuple]:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return cursor.fetchall()

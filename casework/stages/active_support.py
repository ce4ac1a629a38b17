"""Active support: what begins it, and what may happen only in it (report, Annex A 5)."""

import datetime as dt

from casework.models import Case, ReviewPoint, StageEntry
from casework.moving import move
from casework.standing import set_review_point
from isva.clock.moment import today
from isva.clock.working_days import add_working_days
from isva.pathway import Stage

#: Working days after allocation within which the first session is due.
FIRST_SESSION_DAYS = 5
#: Working days after the first session within which the full SaS is due.
FULL_SAS_DAYS = 10


def begin(case: Case, *, isva, by, reason: str) -> StageEntry:
    """Begin active support with ``isva``, who carries the case from now on.

    The first session falls due within 5 working days, the full SaS 10 working days after that.
    Raises WrongStage where the case does not wait for allocation (or is not stepped down).
    """
    entry = move(
        case, to=Stage.ACTIVE, by=by, reason=reason, lead_isva=isva, interim_worker=None, urgent=False
    )
    set_review_point(
        case, kind=ReviewPoint.Kind.SAS, due_on=first_sas_due_on(), why="full assessment after the first session",
        by=by,
    )  # fmt: skip
    return entry


def first_session_due_on() -> dt.date:
    """The day by which a case allocated today has its first session."""
    return add_working_days(today(), FIRST_SESSION_DAYS)


def first_sas_due_on() -> dt.date:
    """The day by which a case allocated today has its full SaS."""
    return add_working_days(first_session_due_on(), FULL_SAS_DAYS)

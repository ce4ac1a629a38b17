"""Active support: what begins it, and what may happen only in it (report, Annex A 5)."""

import datetime as dt

from casework.models import Case, ReviewPoint, SasReview, StageEntry
from casework.moving import move
from casework.standing import set_review_point
from isva.clock.moment import day_of, today
from isva.clock.terms import terms_of
from isva.pathway import Stage

#: Why the full SaS falls due when it does: as reckoned at allocation, and from the first session on.
PLANNED = "full assessment after the first session"
_HELD = "full assessment: the first session was held"


def begin(case: Case, *, isva, by, reason: str) -> StageEntry:
    """Begin active support with ``isva``, who carries the case from now on.

    The first session falls due by the service's days (5 working days), the full SaS by more after that (10).
    Raises WrongStage where the case does not wait for allocation (or is not stepped down).
    """
    entry = move(
        case, to=Stage.ACTIVE, by=by, reason=reason, lead_isva=isva, interim_worker=None, urgent=False
    )
    set_review_point(
        case, kind=ReviewPoint.Kind.SAS, due_on=first_sas_due_on(case.service), why=PLANNED, by=by,
    )  # fmt: skip
    return entry


def first_session_due_on(service) -> dt.date:
    """The day by which a case allocated today has its first session."""
    reckoning = terms_of(service).now()
    return reckoning.working_day(today(), reckoning["first_session_days"])


def first_sas_due_on(service, *, session_on: dt.date | None = None) -> dt.date:
    """The day by which a case has its full SaS whose first session is on ``session_on`` (or falls due, allocated today)."""
    reckoning = terms_of(service).now()
    return reckoning.working_day(session_on or first_session_due_on(service), reckoning["full_sas_days"])


def first_session_held(case: Case, *, at: dt.datetime, by) -> None:
    """The first session took place: the full SaS falls due from that day on (10 working days), unless it is made.

    A review that something else has called for sooner (a concern, a change of risk) stays.
    """
    if case.stage != Stage.ACTIVE.value:
        return
    made = SasReview.objects.filter(case=case).exclude(kind=SasReview.Kind.SCREENING)
    if made.exists():
        return
    day = first_sas_due_on(case.service, session_on=day_of(at))
    points = ReviewPoint.objects.filter(case=case, kind=ReviewPoint.Kind.SAS, done_on__isnull=True)
    if not points.exclude(why=PLANNED).filter(due_on__lte=day).exists():
        set_review_point(case, kind=ReviewPoint.Kind.SAS, due_on=day, why=_HELD, by=by)

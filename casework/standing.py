"""What a case carries on its own row, so that lists need no joins: risk, complexity, contacts, next review.

The one permitted writer of these columns. Each is computed here from the rows that are the truth; a test
computes them a second time.
"""

import datetime as dt

from django.db.models import Max, Min

from casework.models import (
    CARRIED_COLUMNS,
    Case,
    ComplexityReading,
    Contact,
    ReviewPoint,
    SasReview,
    StageEntry,
)  # fmt: skip
from isva.clock.moment import today
from isva.pathway import Stage

#: What counts as a contact with the client: it took place, with them or with a safe parent. A missed call does not.
REACHED = {
    "attendance": Contact.Attendance.ATTENDED,
    "with_whom__in": (Contact.With.CLIENT, Contact.With.SAFE_PARENT),
}


def carry(case: Case, **values) -> None:
    """Write carried columns of a case: ``risk``, ``complexity``, ``complexity_score``, ``first_contact_at``,
    ``last_contact_at``, ``next_review_on``. Raises ValueError for any other column."""
    unknown = set(values) - set(CARRIED_COLUMNS)
    if unknown:
        raise ValueError(f"Not carried on a case: {sorted(unknown)}")
    Case.objects.filter(pk=case.pk).update(**values)
    for name, value in values.items():
        setattr(case, name, value)


def recompute(case: Case) -> dict:
    """The carried columns as the rows say they are now (the triage app adds first contact by itself)."""
    contacts = Contact.objects.filter(case=case, **REACHED).aggregate(last=Max("at"))
    reviews = ReviewPoint.objects.filter(case=case, done_on__isnull=True).aggregate(next=Min("due_on"))
    sas = SasReview.objects.filter(case=case).order_by("-reviewed_at", "-recorded_at").first()
    reading = ComplexityReading.objects.filter(case=case).order_by("-at", "-recorded_at").first()
    found = {"next_review_on": reviews["next"]}
    if contacts["last"]:
        found["last_contact_at"] = contacts["last"]
    if sas:
        found["risk"] = sas.risk
    if reading:
        found["complexity"], found["complexity_score"] = reading.band, reading.score
    return found


def note_contact(case: Case, *, at) -> None:
    """A contact with the client took place at ``at``: carry the latest, and the first if there was none."""
    carry(
        case,
        last_contact_at=max(filter(None, (case.last_contact_at, at))),
        first_contact_at=min(filter(None, (case.first_contact_at, at))),
    )


def set_review_point(case: Case, *, kind: ReviewPoint.Kind, due_on, why: str, by) -> ReviewPoint:
    """Set the day of the next review of a kind. One already ahead is counted as done today."""
    finish_review(case, kind=kind, by=by, carry_on=False)
    point = ReviewPoint(case=case, kind=kind, due_on=due_on, why=why, recorded_by=by)
    point.save(force_insert=True)
    _carry_next_review(case)
    return point


def bring_review_forward(case: Case, *, kind: ReviewPoint.Kind, due_on, why: str, by) -> ReviewPoint:
    """Make the next review of a kind fall due on ``due_on`` at the latest; one that is due sooner stays as it is."""
    point = ReviewPoint.objects.filter(case=case, kind=kind, done_on__isnull=True).first()
    if point is None:
        return set_review_point(case, kind=kind, due_on=due_on, why=why, by=by)
    if due_on < point.due_on:
        point.due_on, point.why = due_on, why
        point.save(update_fields=["due_on", "why"])
        _carry_next_review(case)
    return point


def finish_review(case: Case, *, kind: ReviewPoint.Kind, by, carry_on: bool = True) -> None:
    """Count the review of a kind that lies ahead as done today.

    With ``carry_on=False`` the case keeps its next review date until a new point is set (nobody may wait
    without one).
    """
    for point in ReviewPoint.objects.filter(case=case, kind=kind, done_on__isnull=True):
        point.done_on = today()
        point.save(update_fields=["done_on"])
    if carry_on:
        _carry_next_review(case)


def _carry_next_review(case: Case) -> None:
    ahead = ReviewPoint.objects.filter(case=case, done_on__isnull=True).aggregate(next=Min("due_on"))
    carry(case, next_review_on=ahead["next"])


def waits_since(case: Case) -> dt.datetime:
    """Since when somebody waits: the referral was received, or the case was reopened. No query on a list's row."""
    known = getattr(case, "waits_since", None)
    if known is None:
        ended = StageEntry.objects.filter(case=case, stage=Stage.CLOSED.value)
        known = ended.aggregate(reopened=Max("left_at"))["reopened"] or case.opened_at
    return known

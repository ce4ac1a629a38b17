"""Case review: which cases are long or complex, when each is looked at as a whole, and what came of it.

Domain: case review of long or complex cases; a case that is open for 26 weeks is reviewed, and again 26 weeks later, or
on the day that the last review set.
"""

import datetime as dt
from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext as _

from casework.models import Case
from isva.access.acting import ActingPerson
from isva.accounts.models import User
from isva.clock.moment import now, today
from isva.clock.rules import Due, Scope, ask, rule_named
from isva.codes import Complexity
from isva.pathway import CARRIED_STAGES
from isva.refusal import Refusal
from supervision.models import CaseReview
from supervision.models.case_review import last_review

RULE, WEEKS = "long_case_review", "long_case_weeks"
#: Days ahead for which the list tells what comes.
AHEAD = 28
#: A complex case stands on the list where it was not reviewed within so many days.
COMPLEX_WITHIN = 91
_FAR = dt.timedelta(days=3660)
_CARRIED = [stage.value for stage in CARRIED_STAGES]


class CannotReview(Refusal):
    """A case review cannot be recorded like this. Its text says why."""


@dataclass(frozen=True)
class Candidate:
    """A case that is to be looked at as a whole: since when it is open, when last reviewed, when due (None: not needed)."""

    case: Case
    last_on: dt.date | None
    due: Due | None
    is_complex: bool


def reviewable(rows):
    """Of a queryset of cases those that are carried, each with its last review."""
    return rows.filter(stage__in=_CARRIED).annotate(
        last_on=last_review("reviewed_on"), next_on=last_review("next_on"), no_next_why=last_review("no_next_why")
    )  # fmt: skip


def candidates(person: ActingPerson) -> list[Candidate]:
    """The cases that ``person`` sees which are due for a review in four weeks or before, or complex and not reviewed for a
    quarter; the longest overdue first. Two queries, however many cases."""
    visible = Case.objects.visible_to(person.user)
    rule = rule_named(RULE)
    asked = ask([rule] if rule else [], Scope(person.service, now() + _FAR, cases=visible.values("pk")))
    due = {one.case_id: one for one in asked}
    last_day, quarter = today() + dt.timedelta(days=AHEAD), today() - dt.timedelta(days=COMPLEX_WITHIN)
    found = []
    for case in reviewable(visible).select_related("client", "lead_isva").order_by("opened_at", "pk"):
        one = due.get(case.pk)
        is_complex = case.complexity == Complexity.HIGHER
        stale = case.last_on is None or case.last_on < quarter
        if (one is not None and one.due_on <= last_day) or (is_complex and stale):
            found.append(Candidate(case, case.last_on, one, is_complex))
    return sorted(found, key=lambda each: (each.due.due_on if each.due else dt.date.max, each.case.opened_at))


def reviews_of(case: Case):
    """The reviews of a case that came through a door, the latest first."""
    return (
        CaseReview.objects.filter(case=case)
        .select_related("recorded_by")
        .order_by("-reviewed_on", "-recorded_at")
    )


def last_reviews(cases) -> dict:
    """The last review of each of these cases (keys), for whoever may see them. One query."""
    found: dict = {}
    for review in CaseReview.objects.filter(case__in=cases).order_by("reviewed_on", "recorded_at"):
        found[review.case_id] = review
    return found


@transaction.atomic
def review_case(
    case: Case, *, reviewed_on: dt.date, why: str, took_part: str, decided: str, next_on: dt.date | None,
    no_next_why: str = "", by: User,
) -> CaseReview:  # fmt: skip
    """Record that a case was looked at as a whole. Raises CannotReview where nobody carries it, and without a next day or why none."""
    if case.stage not in _CARRIED:
        raise CannotReview(_("A case is reviewed while an ISVA carries it."))
    if not today() - dt.timedelta(days=31) <= reviewed_on <= today():
        raise CannotReview(_("The day of a review lies in the last month."))
    if (next_on is None) == (not no_next_why.strip()):
        raise CannotReview(_("Say when it is reviewed next, or why no other review is needed."))
    if next_on is not None and next_on <= reviewed_on:
        raise CannotReview(_("The next review comes after this one."))
    review = CaseReview(
        case=case, reviewed_on=reviewed_on, why=why, took_part=took_part, decided=decided, next_on=next_on,
        no_next_why=no_next_why, recorded_by=by, recorded_at=now(),
    )  # fmt: skip
    review.save(force_insert=True)
    return review

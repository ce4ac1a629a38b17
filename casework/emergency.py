"""Emergency openings: somebody opens a case they hold no sight of, for an hour, to read, with a reason (break-glass).

By its exact reference only, never through a restriction or a conflict; managers and records leads are told at
once, without identity, and a manager who did not open it reviews it within a working day. Whoever opens does not
see the case yet, and whoever is told may see none: this module acts as the service's *guard*.
"""

import datetime as dt
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Count, F, Q
from django.utils.translation import gettext as _

from casework import access
from casework.models import EMERGENCY_LASTS, Case, EmergencyAttempt, EmergencyReview, Grant
from casework.querysets import denied
from casework.references import read_reference
from isva.access.acting import ActingPerson
from isva.access.system import SystemUser, with_sight_of
from isva.accounts.models import Membership
from isva.clock.moment import now, today
from isva.clock.terms import terms_of
from isva.db.wall.questions import case_behind_glass
from isva.refusal import Refusal

#: References that lead nowhere, which one person may try in so many minutes.
TRIES, MINUTES = 5, 15
#: Openings are listed, and their share of all opens is counted, this far back.
LOOK_BACK = dt.timedelta(days=90)
#: No more than so many of a hundred opens should be emergencies (design, break-glass).
GOAL = 2


class HeldBack(Refusal):
    """Too many references that lead nowhere were tried. The try itself is written down all the same."""


def open_in_emergency(person: ActingPerson, *, reference: str, category: str, reason: str) -> Case | None:
    """Open the case with exactly this reference for an hour; None where there is none that ``person`` may open so.

    A case that they see already is simply theirs to open: nothing is granted. A restricted client or a conflict
    answers as a reference that does not exist. Every try is written down. Raises HeldBack after too many that led
    nowhere.
    """
    if is_held_back(person):
        _note(person, reference, opened=False)
        raise HeldBack(
            _(
                "You have tried several references that lead nowhere. Wait a quarter of an hour, or ask a manager."
            )
        )
    exact = read_reference(reference)
    seen = Case.objects.visible_to(person.user).filter(reference=exact).first() if exact else None
    if seen is not None:
        return seen
    # The database says which case it may be, by itself: never one behind a wall. Under the guard's sight it is asked again.
    key = case_behind_glass(exact or "")
    with with_sight_of(SystemUser.GUARD, person.service):
        case = _find(person, key)
        if case is not None:
            _grant(case, person, category=category, reason=reason)
    _note(person, reference, opened=case is not None)
    return case


def _find(person: ActingPerson, key) -> Case | None:
    # One query whatever is typed, so that a wall and a missing case take the same time.
    return (
        Case.objects.filter(service=person.service, pk=key)
        .exclude(denied(person))
        .select_related("service")
        .first()
    )


@transaction.atomic
def _grant(case: Case, person: ActingPerson, *, category: str, reason: str) -> EmergencyReview:
    begins = now()
    opening = access.grant(
        case, to=person.user, why=Grant.Why.BREAK_GLASS, category=category, reason=reason, read_only=True,
        starts_at=begins, until=begins + EMERGENCY_LASTS, by=person.user,
    )  # fmt: skip
    review = EmergencyReview(
        case=case, opening=opening, recorded_by=person.user,
        due_on=terms_of(case.service).now().working_day(today(), 1),
    )  # fmt: skip
    review.save(force_insert=True)
    transaction.on_commit(lambda: _queue(str(case.service_id), str(review.pk)), robust=True)
    return review


def _queue(service_id: str, review_id: str) -> None:
    from casework.tasks import tell_of_emergency

    tell_of_emergency.apply_async((service_id, review_id), retry=False)


def _note(person: ActingPerson, reference: str, *, opened: bool) -> None:
    EmergencyAttempt(
        service=person.service, user=person.user, at=now(), reference=read_reference(reference) or "", opened=opened
    ).save(force_insert=True)  # fmt: skip


def is_held_back(person: ActingPerson) -> bool:
    """Whether somebody has tried too many references of late. Two tries at once wait for each other."""
    Membership.objects.select_for_update(of=("self",), no_key=True).filter(
        service=person.service, user=person.user
    ).first()
    failed = EmergencyAttempt.objects.filter(
        service=person.service, user=person.user, opened=False, at__gt=now() - dt.timedelta(minutes=MINUTES)
    )
    return failed.count() >= TRIES


@transaction.atomic
def review_emergency(review: EmergencyReview, *, verdict: str, note: str, by) -> EmergencyReview:
    """Say what a manager found. Raises Refusal for one's own opening, and where it was reviewed already."""
    locked = EmergencyReview.objects.select_for_update(of=("self",)).get(pk=review.pk)
    if locked.recorded_by_id == by.pk:
        raise Refusal(_("You opened this case yourself. Another manager reviews it."))
    if locked.reviewed_at is not None:
        raise Refusal(_("This opening was reviewed already."))
    locked.verdict, locked.note = verdict, note
    locked.reviewed_at, locked.reviewed_by = now(), by
    locked.save(update_fields=["verdict", "note", "reviewed_at", "reviewed_by"])
    return locked


def reviews_of(case: Case):
    """The emergency openings of a case with their reviews, the newest first."""
    reviews = EmergencyReview.objects.filter(case=case)
    return reviews.select_related("opening", "recorded_by", "reviewed_by").order_by("-recorded_at", "pk")


@dataclass(frozen=True)
class Opening:
    """One emergency opening without the case: what everybody who is told may know."""

    pk: str
    by: str
    at: dt.datetime
    category: str
    due_on: dt.date
    verdict: str
    reviewed_by: str
    reviewed_on: dt.datetime | None

    @property
    def is_overdue(self) -> bool:
        """Whether the working day for its review is over."""
        return self.reviewed_on is None and self.due_on < today()


def openings(service) -> list[Opening]:
    """The emergency openings of the last 90 days, those that wait for a review first. No case is named."""
    with with_sight_of(SystemUser.GUARD, service):
        rows = (
            EmergencyReview.objects.filter(service=service)
            .filter(Q(recorded_at__gte=now() - LOOK_BACK) | Q(reviewed_at__isnull=True))
            .order_by(F("reviewed_at").desc(nulls_first=True), "due_on", "-recorded_at")
            .values_list(
                "pk", "recorded_by__name", "opening__starts_at", "opening__category", "due_on", "verdict",
                "reviewed_by__name", "reviewed_at",
            )
        )  # fmt: skip
        return [
            Opening(str(pk), by, at, category, due_on, verdict, reviewer or "", reviewed)
            for pk, by, at, category, due_on, verdict, reviewer, reviewed in rows
        ]


def to_review(service) -> tuple[int, int]:
    """How many openings wait for a review, and how many of them longer than a working day. One query."""
    with with_sight_of(SystemUser.GUARD, service):
        found = EmergencyReview.objects.filter(service=service, reviewed_at__isnull=True).aggregate(
            waiting=Count("pk"), overdue=Count("pk", filter=Q(due_on__lt=today()))
        )
    return found["waiting"], found["overdue"]


def cases_of(user, keys) -> dict:
    """The case behind each opening that ``user`` may see, by the key of its review."""
    reviews = EmergencyReview.objects.visible_to(user).filter(pk__in=list(keys))
    return {str(one.pk): one.case for one in reviews.select_related("case__client")}


def tries_that_led_nowhere(service) -> list[tuple[str, int]]:
    """Who typed references that lead nowhere in the last 90 days, and how many; the most first."""
    tries = EmergencyAttempt.objects.filter(service=service, opened=False, at__gte=now() - LOOK_BACK)
    return list(
        tries.order_by().values_list("user__name").annotate(n=Count("pk")).order_by("-n", "user__name")
    )

"""The agenda of management supervision: prepared from what stands at this moment, and read back as it stood.

Guidance: supervision looks at the caseload, at reviews that are late, at long and paused cases, at risks that nobody
holds, and at the days in court. A case is named only to whoever may see it.
"""

import datetime as dt
from dataclasses import dataclass, field

from casework import worklists
from casework.models import Appointment, Case, OnwardReferral
from isva.access.acting import ActingPerson
from isva.accounts.models import User
from isva.clock.moment import LONDON, day_of, now, today
from isva.clock.terms import number_now
from isva.codes import ContactMode
from isva.pathway import Stage
from supervision import case_reviews
from supervision.models import AgendaCase, ManagementSession
from triage.load_history import developments

Why = AgendaCase.Why
#: Weeks back of which the load is told, as each began.
WEEKS_BACK = 5
COURT_DAYS_AHEAD = 14
#: What counts as a late review, by the beginning of the rule's name.
_REVIEWS = ("review", "full_sas")


@dataclass(frozen=True)
class Point:
    """One case on an agenda, why it is there, and since (or on) which day; a long one says when it was
    last reviewed."""

    case: Case
    why: str
    since: dt.date | None
    reviewed_on: dt.date | None = None


@dataclass(frozen=True)
class Agenda:
    """What stands about one person's work: ``figures`` name nobody, ``points`` are the cases that the reader sees."""

    figures: dict = field(default_factory=dict)
    points: tuple[Point, ...] = ()


def prepare(person: ActingPerson, user: User) -> Agenda:
    """The agenda of ``user`` as it stands now, for ``person`` to read. A dozen queries, however many cases."""
    cases = list(
        Case.objects.visible_to(person.user)
        .open()
        .filter(lead_isva=user, opened_at__lte=now())
        .select_related("client")
        .order_by("opened_at", "id")
    )
    points = tuple(_points(person, cases))
    return Agenda(figures=_figures(person, user, points), points=points)


def _points(person: ActingPerson, cases: list[Case]):
    by_key = {case.pk: case for case in cases}
    unheld = OnwardReferral.objects.filter(case__in=by_key, unheld_risk=True, held_since__isnull=True)
    for case_id, at in unheld.order_by("recorded_at").values_list("case", "recorded_at"):
        yield Point(by_key[case_id], Why.UNHELD_RISK.value, day_of(at))
    for due in worklists.due_on(cases, person.service):
        if due.is_overdue and due.kind.startswith(_REVIEWS):
            yield Point(by_key[due.case_id], Why.OVERDUE_REVIEW.value, due.due_on)
    for case_id, at in _court(by_key):
        yield Point(by_key[case_id], Why.COURT.value, day_of(at))
    long_since = today() - dt.timedelta(weeks=number_now(person.service, "long_case_weeks"))
    long_ones = [case for case in cases if day_of(case.opened_at) < long_since]
    reviews = case_reviews.last_reviews([case.pk for case in long_ones])
    for case in long_ones:
        last = reviews.get(case.pk)
        yield Point(case, Why.LONG.value, day_of(case.opened_at), last.reviewed_on if last else None)
    for case in cases:
        if case.stage == Stage.STEPPED_DOWN.value:
            yield Point(case, Why.PAUSED.value, day_of(case.stage_since))


def _court(keys):
    start = dt.datetime.combine(today(), dt.time.min, tzinfo=LONDON)
    return (
        Appointment.objects.filter(
            case__in=keys, mode=ContactMode.COURT, cancelled_at__isnull=True, at__gte=start,
            at__lt=start + dt.timedelta(days=COURT_DAYS_AHEAD),
        ).order_by("at").values_list("case", "at")
    )  # fmt: skip


def _figures(person: ActingPerson, user: User, points) -> dict:
    """The numbers of the agenda: the load that the allocation board shows, how it went, and how many cases for each reason.

    Above the cap by number or by weight for weeks on end is the overload of the rule that tells the manager.
    """
    found = next(iter(developments(person, only=user)), None)
    figures: dict = {}
    if found is not None:
        load, weeks = found.load, found.weeks[-WEEKS_BACK:]
        figures = {
            "open": load.open_count, "cap": load.cap, "weighted": str(load.weighted), "capacity": str(load.capacity),
            "court_days": load.court_days, "near_trial": load.near_trial,
            "weeks": [week.open_count for week in weeks], "weighted_weeks": [str(week.weighted) for week in weeks],
            "overloaded": found.is_sustained, "over_since": str(found.over_since or ""),
        }  # fmt: skip
    return figures | {why: sum(point.why == why for point in points) for why in Why.values}


def freeze(session: ManagementSession, agenda: Agenda, *, by: User) -> None:
    """Keep the cases of an agenda with its session, each as a record of its case."""
    for point in agenda.points:
        AgendaCase(
            case=point.case,
            session=session,
            why=point.why,
            since=point.since,
            reviewed_on=point.reviewed_on,
            recorded_by=by,
            recorded_at=now(),
        ).save(force_insert=True)


def read_back(session: ManagementSession, user: User) -> Agenda:
    """The agenda of a session as it stood, with those of its cases that ``user`` may see now. One query."""
    kept = AgendaCase.objects.visible_to(user).filter(session=session).select_related("case__client")
    order = Why.values
    points = sorted(
        (Point(one.case, one.why, one.since, one.reviewed_on) for one in kept),
        key=lambda point: (order.index(point.why), point.since or dt.date.min, str(point.case.pk)),
    )
    return Agenda(figures=session.figures, points=tuple(points))

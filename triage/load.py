"""Who carries how much: the caseload of every ISVA of a service, counted and weighted, and what else takes their time.

Numbers alone say little about a caseload (statutory guidance 44; report, Allocation: capacity and intensity).
So each open case counts by its complexity, with the weights of the service:

* an active case counts whole: its weight, lower, medium or higher;
* a stepped-down case counts a quarter of that: the rhythm of contact is slow, but somebody still answers for it;
* the cap is a number of people and counts every open case alike; the weighted capacity is the cap times the weight of
  a case of medium complexity, so that a caseload of higher complexity is full before its number says so.
"""

import datetime as dt
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.db.models import BooleanField, ExpressionWrapper, OuterRef, Subquery

from casework import access
from casework.models import Case
from isva.access.roles import HOLDERS
from isva.accounts.models import Leave, Membership, StaffProfile, User
from isva.clock.moment import LONDON, today
from isva.codes import Complexity, ContactMode
from isva.db.wall.questions import carried, court_days
from isva.pathway import CARRIED_STAGES, Stage
from triage.ranking import Worker

#: The part of its weight that a stepped-down case counts.
STEPPED_DOWN_SHARE = Decimal("0.25")
#: Days ahead in which court days and leave about to begin are looked at.
DAYS_AHEAD = 14
#: Weeks before a trial in which a case takes more time.
NEAR_TRIAL_WEEKS = 8

_CARRIED = sorted(stage.value for stage in CARRIED_STAGES)


@dataclass(frozen=True, kw_only=True)
class WorkerLoad(Worker):
    """One ISVA and what they carry. ``counts`` are open cases by (stage, complexity), ``weights`` by complexity."""

    user: User
    profile: StaffProfile
    hours: Decimal = Decimal("37.5")
    counts: dict = field(default_factory=dict)
    weights: dict = field(default_factory=dict)

    @property
    def active(self) -> int:
        """Cases in active support."""
        return sum(count for (stage, _complexity), count in self.counts.items() if stage == Stage.ACTIVE)

    @property
    def stepped_down(self) -> int:
        """Cases that are stepped down."""
        return sum(
            count for (stage, _complexity), count in self.counts.items() if stage == Stage.STEPPED_DOWN
        )

    @property
    def is_over_cap(self) -> bool:
        """Whether they carry more than their cap, in number or by weight."""
        return self.open_count > self.cap or self.weighted > self.capacity

    @property
    def free_places(self) -> int:
        """Cases until the cap; 0 at or past it."""
        return max(0, self.cap - self.open_count)


def weights_of(service) -> dict[str, Decimal]:
    """What one active case of each complexity counts in this service."""
    return {
        Complexity.LOWER.value: Decimal(str(service.weight_lower)),
        Complexity.MEDIUM.value: Decimal(str(service.weight_medium)),
        Complexity.HIGHER.value: Decimal(str(service.weight_higher)),
    }


def weight_of(case: Case, service) -> Decimal:
    """What this case would count, active, in a weighted caseload."""
    weights = weights_of(service)
    return weights.get(case.complexity, weights[Complexity.HIGHER.value])


def share_of(stage: str) -> Decimal:
    """The part of its weight that a case of this stage counts."""
    return STEPPED_DOWN_SHARE if stage == Stage.STEPPED_DOWN else Decimal(1)


def caseloads(service, *, on: dt.date | None = None, client=None, only=None) -> list[WorkerLoad]:
    """The load of every member of ``service`` who carries cases, by name.

    ``on`` is the day whose leave and court days are meant (today). With ``client``, each load says whether a
    conflict keeps that person from the client. ``only`` narrows to one user. Cases that the reader may not see
    are counted too: a load is a number and shows nobody; the database answers for the service that is acted in.
    Three queries, whatever the number of people and cases.
    """
    day = on or today()
    members = list(_members(service, day, client, only))
    counts, near = _carried(day)
    at_court = _court_days(day)
    weights = weights_of(service)
    return [
        _load(
            one, counts.get(one.user_id, {}), near.get(one.user_id, 0), at_court.get(one.user_id, 0), weights
        )
        for one in members
    ]


def _members(service, day: dt.date, client, only):
    leave = Leave.objects.filter(membership=OuterRef("pk"))
    key = getattr(client, "pk", client)
    members = (
        Membership.objects.filter(service=service, roles__overlap=HOLDERS)
        .live(day)
        .select_related("user", "profile")
        .annotate(
            leave_until=Subquery(leave.filter(first_day__lte=day, last_day__gte=day).values("last_day")[:1]),
            leave_from=Subquery(
                leave.filter(first_day__gt=day, first_day__lte=day + dt.timedelta(days=DAYS_AHEAD))
                .order_by("first_day")
                .values("first_day")[:1]
            ),
            conflicted=ExpressionWrapper(access.in_conflict(key), output_field=BooleanField()),
            unnamed=ExpressionWrapper(access.not_named(key), output_field=BooleanField()),
        )
        .order_by("user__name", "user__pk")
    )
    return members if only is None else members.filter(user=only)


def _court_days(day: dt.date) -> dict:
    """For each user, the days at court that lie ahead."""
    start = dt.datetime.combine(day, dt.time.min, tzinfo=LONDON)
    return court_days(ContactMode.COURT, since=start, until=start + dt.timedelta(days=DAYS_AHEAD))


def _carried(day: dt.date) -> tuple[dict, dict]:
    """For each user, open cases by (stage, complexity), and how many of them are near trial."""
    rows = carried(_CARRIED, trial_from=day, trial_to=day + dt.timedelta(weeks=NEAR_TRIAL_WEEKS))
    counts: dict = {}
    near: dict = {}
    for user, stage, complexity, cases, near_trial in rows:
        counts.setdefault(user, {})[stage, complexity] = cases
        near[user] = near.get(user, 0) + near_trial
    return counts, near


def _load(membership: Any, counts: dict, near: int, at_court: int, weights: dict) -> WorkerLoad:
    profile = getattr(membership, "profile", None) or StaffProfile(
        membership=membership, service_id=membership.service_id
    )
    weighted = sum(
        (weights.get(complexity, weights[Complexity.HIGHER.value]) * share_of(stage) * count
         for (stage, complexity), count in counts.items()),
        Decimal(0),
    )  # fmt: skip
    return WorkerLoad(
        key=str(membership.user_id), name=membership.user.name, user=membership.user, profile=profile,
        hours=Decimal(str(profile.weekly_hours)), counts=counts, weights=weights, open_count=sum(counts.values()),
        weighted=weighted, cap=profile.caseload_cap, capacity=profile.caseload_cap * weights[Complexity.MEDIUM.value],
        specialisms=frozenset(profile.specialisms), languages=frozenset(profile.languages),
        areas=frozenset(profile.areas), sex=profile.sex, trainee=profile.is_trainee,
        leave_until=membership.leave_until, leave_from=membership.leave_from, court_days=at_court,
        near_trial=near, conflicted=membership.conflicted, unnamed=membership.unnamed,
    )  # fmt: skip

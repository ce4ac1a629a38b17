"""How caseloads developed: what everybody carried as each day began, and who carries too much for too long.

The clock keeps one figure for each person and day. It is derived from rows that stand (who was allocated what, in which
stage a case was, how complex it was found), so that days on which no clock went round are filled in by the next.
Above the cap for 4 weeks is a sustained overload (statutory guidance 44: numbers alone say little about a caseload).
"""

import datetime as dt
from bisect import bisect_right
from collections import defaultdict
from dataclasses import dataclass, field
from decimal import Decimal

from django.db.models import OuterRef, Q, Subquery, Value
from django.db.models.functions import Coalesce

from casework.models import ComplexityReading, Grant, StageEntry
from isva.access.acting import ActingPerson
from isva.access.roles import HOLDERS
from isva.accounts.models import Membership, StaffProfile
from isva.clock.moment import LONDON, today
from isva.clock.terms import number_now
from isva.codes import Complexity
from isva.pathway import CARRIED_STAGES
from triage.load import WorkerLoad, caseloads, share_of, weights_of
from triage.models import LoadReading

RULE, WEEKS = "sustained_overload", "overload_weeks"
#: Weeks that a chart tells (their Mondays), and days back that are filled in one by one; of the days before the Mondays.
SHOWN_WEEKS, DAILY = 12, 8
_CARRIED = [stage.value for stage in CARRIED_STAGES]
_LONG_AGO = dt.date(1970, 1, 1)


@dataclass(frozen=True)
class Development:
    """What one person carries now, and as each week before began, the earliest first; above the cap since when, and whether
    for the weeks that are a sustained overload."""

    load: WorkerLoad
    weeks: list[LoadReading] = field(default_factory=list)
    over_since: dt.date | None = None
    is_sustained: bool = False


def developments(person: ActingPerson, *, only=None) -> list[Development]:
    """The loads of everybody who carries cases (or of one user) with their last weeks, by name. Five queries, however many."""
    loads = caseloads(person.service, only=only)
    day, rows = today(), LoadReading.objects.filter(service=person.service)
    readings = defaultdict(list)
    for row in rows.filter(day__in=_mondays(day)).select_related("membership").order_by("day"):
        readings[row.membership.user_id].append(row)
    since = dict(
        overloaded(Membership.objects.filter(service=person.service)).values_list("user", "over_since")
    )
    long_since = day - dt.timedelta(weeks=number_now(person.service, WEEKS))
    return [
        Development(one, readings[one.user.pk], over, is_sustained=over is not None and over < long_since)
        for one in loads
        for over in [since.get(one.user.pk)]
    ]


def overloaded(members):
    """Of a queryset of members those who carried too much as the last day began, with ``over_since``: since which day."""
    mine = LoadReading.objects.filter(membership=OuterRef("pk"))
    return (
        members.annotate(
            over_now=Subquery(mine.order_by("-day").values("is_over")[:1]),
            within_on=Coalesce(
                Subquery(mine.filter(is_over=False).order_by("-day").values("day")[:1]), Value(_LONG_AGO)
            ),
        )
        .filter(over_now=True)
        .annotate(
            over_since=Subquery(mine.filter(is_over=True, day__gt=OuterRef("within_on")).order_by("day").values("day")[:1])
        )
    )  # fmt: skip


def keep_loads(service) -> int:
    """Keep what everybody carried as today began, and the days before that are missing; gives how many days were kept.

    One query where nothing is missing, and a handful otherwise.
    """
    day = today()
    wanted = {day - dt.timedelta(days=days) for days in range(DAILY)}
    wanted |= set(_mondays(day))
    kept = (
        LoadReading.objects.filter(service=service, day__in=wanted).values_list("day", flat=True).distinct()
    )
    missing = sorted(wanted - set(kept))
    if not missing:
        return 0
    members = list(_members(service, since=missing[0]))
    weights = weights_of(service)
    figures = _figures(service, missing, weights)
    for each in missing:
        for member in members:
            if member.starts_on <= each and (member.ends_on is None or member.ends_on >= each):
                _keep(member, each, figures[member.user_id, each], weights)
    return len(missing)


def _mondays(day: dt.date) -> list[dt.date]:
    """The Mondays of the last weeks, the one of this week last."""
    monday = day - dt.timedelta(days=day.weekday())
    return [monday - dt.timedelta(weeks=weeks) for weeks in range(SHOWN_WEEKS - 1, -1, -1)]


def _members(service, *, since: dt.date):
    rows = Membership.objects.filter(service=service, user__is_active=True, roles__overlap=HOLDERS)
    return rows.filter(Q(ends_on__isnull=True) | Q(ends_on__gte=since)).select_related("profile")


def _keep(member: Membership, day: dt.date, figures: tuple, weights: dict) -> None:
    profile = getattr(member, "profile", None) or StaffProfile(
        membership=member, service_id=member.service_id
    )
    open_count, weighted = figures
    capacity = profile.caseload_cap * weights[Complexity.MEDIUM.value]
    LoadReading(
        service_id=member.service_id, membership=member, day=day, open_count=open_count, weighted=weighted,
        cap=profile.caseload_cap, capacity=capacity, is_over=open_count > profile.caseload_cap or weighted > capacity,
    ).save(force_insert=True)  # fmt: skip


def _figures(service, days: list[dt.date], weights: dict) -> dict:
    """For each (user, day) how many cases somebody carried as the day began, and their weight. Three queries."""
    begins = {day: dt.datetime.combine(day, dt.time.min, tzinfo=LONDON) for day in days}
    first = begins[days[0]]
    grants = Grant.objects.filter(service=service, why=Grant.Why.ALLOCATION).filter(
        Q(ended_at__isnull=True) | Q(ended_at__gt=first)
    )
    stays = _by_case(
        StageEntry.objects.filter(service=service, case__in=grants.values("case"), stage__in=_CARRIED)
        .filter(Q(left_at__isnull=True) | Q(left_at__gt=first))
        .order_by("entered_at"),
        "stage", "entered_at", "left_at",
    )  # fmt: skip
    readings = ComplexityReading.objects.filter(service=service, case__in=grants.values("case"))
    bands = _by_case(readings.order_by("at", "recorded_at"), "at", "band")
    found: dict = defaultdict(lambda: (0, Decimal(0)))
    for case, user, starts, ended in grants.values_list("case", "user", "starts_at", "ended_at"):
        for day, moment in begins.items():
            stage = _stage_at(stays[case], moment) if _holds(starts, ended, moment) else ""
            if stage:
                count, weighted = found[user, day]
                weight = weights[_band_at(bands[case], moment)] * share_of(stage)
                found[user, day] = (count + 1, weighted + weight)
    return found


def _by_case(rows, *columns) -> dict:
    found = defaultdict(list)
    for case, *values in rows.values_list("case", *columns):
        found[case].append(values)
    return found


def _holds(begins, ends, moment) -> bool:
    return begins <= moment and (ends is None or ends > moment)


def _stage_at(stays: list, moment) -> str:
    """The stage in which a case was carried at ``moment``; empty where it was in none."""
    return next((stage for stage, into, out in stays if _holds(into, out, moment)), "")


def _band_at(readings: list, moment) -> str:
    """The complexity of a case by its last reading at ``moment``; lower, as on the case itself, where there was none."""
    place = bisect_right(readings, moment, key=lambda reading: reading[0])
    return readings[place - 1][1] if place else Complexity.LOWER.value

"""What a forecast is fed with: the service's own last years, counted, and how much they are good for.

Counts and lengths alone leave the database: no case and no client. A manager's forecast rests on the cases that they may
see, and on the loads of everybody, which are numbers and show nobody.
"""

import datetime as dt
from dataclasses import dataclass, replace
from decimal import Decimal

from django.db import connection
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from isva.access.acting import ActingPerson
from isva.clock.moment import day_of, now
from isva.clock.terms import number_now
from isva.codes import COMPLEXITY_ORDER, RISK_ORDER
from isva.pathway import CARRIED_STAGES, WAITING_STAGES
from reporting.lengths import lengths_of
from reporting.measures.courses import CARRIED, STAYS, WAITING
from reporting.numbers import TARGET
from reporting.sight import Sight
from reporting.situation import Carried, Kind, Situation, Worker
from triage.load import WorkerLoad, caseloads, share_of, weights_of

#: Weeks back: those that today's rate of referrals is learnt from, and those that all other shares are.
RATE_WEEKS, SHARE_WEEKS = 26, 52
#: What there has to be before anything is told: weeks of records, referrals in them, supports that ended.
LEAST_WEEKS, LEAST_REFERRALS, LEAST_ENDED = 26, 20, 15

_WEEKS = "extract(epoch FROM {})::float8 / 604800"
#: Each course (from a referral or a reopening to the closure that follows), with how far it came.
_COURSES = f"""
    SELECT case_id, course, min(entered_at) AS begun_at,
        min(entered_at) FILTER (WHERE stage IN {WAITING} OR stage IN {CARRIED}) AS joined_at,
        min(entered_at) FILTER (WHERE stage IN {CARRIED}) AS supported_at,
        min(entered_at) FILTER (WHERE stage = 'closed') AS closed_at,
        sum(coalesce(left_at, %s) - entered_at) FILTER (WHERE stage IN {WAITING}) AS waited,
        sum(coalesce(left_at, %s) - entered_at) FILTER (WHERE stage IN {CARRIED}) AS supported
    FROM ({STAYS}) stays GROUP BY case_id, course"""
_FLOW = f"""
    SELECT min(begun_at) AS first,
        count(*) FILTER (WHERE begun_at >= %s) AS arrivals,
        count(*) FILTER (WHERE joined_at >= %s) AS joined,
        count(*) FILTER (WHERE joined_at IS NULL AND closed_at >= %s) AS turned,
        percentile_cont(0.5) WITHIN GROUP (ORDER BY {_WEEKS.format("joined_at - begun_at")})
            FILTER (WHERE joined_at >= %s) AS triage_weeks,
        count(*) FILTER (WHERE joined_at >= %s AND closed_at IS NOT NULL AND supported_at IS NULL) AS left_list,
        coalesce(sum({_WEEKS.format("waited")}) FILTER (WHERE joined_at >= %s), 0) AS weeks_waited
    FROM courses"""
_LENGTHS = f"""
    SELECT CASE WHEN closed_at IS NULL THEN floor({_WEEKS.format("supported")})
                ELSE greatest(1, ceil({_WEEKS.format("supported")})) END::int AS weeks,
        closed_at IS NOT NULL AS ended, count(*) AS many
    FROM courses WHERE supported_at IS NOT NULL GROUP BY 1, 2"""
#: What is known of each kind of those who joined: urgent once, and risk and complexity as they were found last.
_KINDS = """
    SELECT EXISTS (SELECT FROM triage_urgentallocation u WHERE u.case_id = c.id) OR EXISTS (
            SELECT FROM triage_triageassessment a WHERE a.case_id = c.id AND a.outcome = 'allocate_now') AS urgent,
        c.risk, c.complexity, count(*) AS many
    FROM courses k JOIN casework_case c ON c.id = k.case_id WHERE k.joined_at >= %s GROUP BY 1, 2, 3"""
_OPEN = f"""
    SELECT c.stage, c.lead_isva_id, c.urgent, c.risk, c.complexity, {_WEEKS.format("%s - k.begun_at")} AS since,
        floor({_WEEKS.format("k.supported")})::int AS supported, k.joined_at IS NOT NULL AS joined
    FROM courses k JOIN casework_case c ON c.id = k.case_id WHERE k.closed_at IS NULL AND c.stage <> 'closed'"""


@dataclass(frozen=True)
class Basis:
    """What a forecast rests on, to be told beside it. Times in weeks."""

    since: dt.date | None
    weeks: int
    arrivals: int
    arrivals_weeks: int
    decided: int
    joined: int
    joined_weeks: int
    left_list: int
    on_leave: int
    leavers: int
    trainees: int
    without_isva: int = 0


@dataclass(frozen=True)
class Known:
    """What the service's history says; where it says too little, ``too_little`` tells what is missing, and there is no
    situation."""

    basis: Basis
    situation: Situation | None
    too_little: tuple[str, ...] = ()


def known(person: ActingPerson) -> Known:
    """Everything a forecast for the active service needs, as far as ``person`` may see it. Eight queries."""
    service, moment = person.service, now()
    sight = Sight(person.user)
    since = moment - dt.timedelta(weeks=SHARE_WEEKS)
    flow = _ask(person, sight, _FLOW, [moment - dt.timedelta(weeks=RATE_WEEKS), *[since] * 5])[0]
    supports = [(one["weeks"], one["ended"], one["many"]) for one in _ask(person, sight, _LENGTHS, [])]
    loads = caseloads(service)
    weeks = (moment - flow["first"]).days // 7 if flow["first"] else 0
    basis = Basis(
        since=day_of(flow["first"]) if flow["first"] else None, weeks=weeks, arrivals=flow["arrivals"],
        arrivals_weeks=min(RATE_WEEKS, max(weeks, 1)), decided=flow["joined"] + flow["turned"], joined=flow["joined"],
        joined_weeks=min(SHARE_WEEKS, max(weeks, 1)), left_list=flow["left_list"],
        on_leave=sum(one.leave_until is not None for one in loads),
        leavers=sum(_leaves(one) is not None for one in loads), trainees=sum(one.trainee for one in loads),
    )  # fmt: skip
    missing = _missing(basis, sum(many for _weeks, ended, many in supports if ended), loads)
    if missing:
        return Known(basis, None, tuple(missing))
    kinds = _ask(person, sight, _KINDS, [since])
    still_open = _ask(person, sight, _OPEN, [moment])
    places = {load.user.pk: place for place, load in enumerate(loads)}
    waiting = tuple(
        (_kind(one["urgent"], one), one["since"]) for one in still_open if one["stage"] in WAITING_STAGES
    )
    lower, medium, higher = weights_of(service).values()
    situation = Situation(
        workers=tuple(_worker(one, service) for one in loads),
        carried=tuple(_carried(loads, places, still_open)),
        waiting=waiting,
        in_triage=tuple(one["since"] for one in still_open if one["stage"] in ("referral", "triage")),
        arrivals=basis.arrivals, arrivals_weeks=basis.arrivals_weeks, joining=basis.joined / basis.decided,
        triage_weeks=flow["triage_weeks"], kinds=tuple((_kind(one["urgent"], one), one["many"]) for one in kinds),
        lengths=lengths_of(supports),
        leaving=flow["left_list"] / flow["weeks_waited"] if flow["weeks_waited"] else 0.0,
        weights=(lower, medium, higher), target=number_now(service, TARGET),
    )  # fmt: skip
    gone = sum(one["stage"] in CARRIED_STAGES and one["lead_isva_id"] not in places for one in still_open)
    return Known(replace(basis, without_isva=gone), situation)


def _missing(basis: Basis, ended: int, loads: list[WorkerLoad]) -> list[str]:
    """What there is too little of, in words; nothing where there is enough."""
    missing = []
    if basis.weeks < LEAST_WEEKS:
        missing.append(
            ngettext("Records reach back %(n)d week.", "Records reach back %(n)d weeks.", basis.weeks)
            % {"n": basis.weeks}
            + " "
            + _("A forecast needs %(n)d.") % {"n": LEAST_WEEKS}
        )
    if basis.arrivals < LEAST_REFERRALS or not basis.joined:
        missing.append(
            ngettext("There was %(n)d referral", "There were %(n)d referrals", basis.arrivals) % {"n": basis.arrivals}
            + " "
            + _("in the last %(weeks)d weeks. A forecast needs %(least)d, and some of them waited for an ISVA.")
            % {"weeks": RATE_WEEKS, "least": LEAST_REFERRALS}
        )  # fmt: skip
    if ended < LEAST_ENDED:
        missing.append(
            ngettext("%(n)d support has ended.", "%(n)d supports have ended.", ended) % {"n": ended}
            + " "
            + _("How long support lasts can be told from %(n)d.") % {"n": LEAST_ENDED}
        )
    if not any(one.cap for one in loads):
        missing.append(_("Nobody here carries cases. A forecast needs an ISVA with a caseload cap."))
    return missing


def _kind(urgent: bool, one: dict) -> Kind:
    return Kind(urgent, RISK_ORDER.get(one["risk"], 1), COMPLEXITY_ORDER.get(one["complexity"], 3) - 1)


def _worker(load: WorkerLoad, service) -> Worker:
    most = COMPLEXITY_ORDER.get(service.trainee_complexity_limit, 1) - 1 if load.trainee else 2
    away = -(-((load.leave_until - day_of(now())).days + 1) // 7) if load.leave_until else 0
    return Worker(load.cap, most, away, _leaves(load))


def _leaves(load: WorkerLoad) -> int | None:
    """In how many weeks somebody leaves who has a last day; None for whoever has none within a year."""
    last = load.profile.membership.ends_on
    weeks = (last - day_of(now())).days // 7 if last else None
    return weeks if weeks is not None and weeks < 52 else None


def _carried(loads: list[WorkerLoad], places: dict, still_open: list[dict]) -> list[Carried]:
    """Every case in support, with how long it has lasted.

    Of those out of sight, which the loads count, the usual time. Those of somebody who is no longer here go to whoever has
    the most room, as they would if that person left today.
    """
    lasted: dict = {}
    for one in still_open:
        if one["stage"] in CARRIED_STAGES:
            lasted.setdefault((one["lead_isva_id"], one["stage"], one["complexity"]), []).append(
                one["supported"]
            )
    times = sorted(weeks for group in lasted.values() for weeks in group)
    usual = times[len(times) // 2] if times else 0
    carried = []
    for load in loads:
        for (stage, complexity), many in load.counts.items():
            seen = lasted.get((load.user.pk, stage, complexity), [])[:many]
            weight = load.weights.get(complexity, Decimal(2)) * share_of(stage)
            carried += [
                Carried(places[load.user.pk], weight, weeks)
                for weeks in [*seen, *[usual] * (many - len(seen))]
            ]
    held = {place: load.weighted for place, load in enumerate(loads)}
    for one in still_open:
        if one["stage"] in CARRIED_STAGES and one["lead_isva_id"] not in places:
            place = min(held, key=lambda place: held[place] / max(loads[place].capacity, Decimal(1)))
            weight = loads[place].weights.get(one["complexity"], Decimal(2)) * share_of(one["stage"])
            held[place] += weight
            carried.append(Carried(place, weight, one["supported"]))
    return carried


def _ask(person: ActingPerson, sight: Sight, sql: str, params: list) -> list[dict]:
    """The rows of a question about the courses of the cases in sight."""
    seen, of_seen = sight.cases(person.service).order_by().values("id").query.sql_with_params()
    moment = now()
    with connection.cursor() as cursor:
        cursor.execute(
            f"WITH facts AS MATERIALIZED (SELECT id AS case_id FROM ({seen}) seen), courses AS ({_COURSES}) {sql}",
            [*of_seen, moment, moment, *params],
        )
        names = [column[0] for column in cursor.description]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]

"""Gathers the records of the minimum data set: one statement for each table it reads, whatever the number of cases."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from isva.accounts.models import Service
from isva.clock.moment import day_of, today
from isva.pathway import Stage
from reporting import asking, figures
from reporting.data_set.fields import FIELDS
from reporting.data_set.pseudonyms import pseudonyms
from reporting.measures import DIMENSIONS, MEASURES
from reporting.measures.courses import COURSES, STAYS, WAITING
from reporting.periods import Period, Quarter
from reporting.scope import Scope
from reporting.sight import Sight

#: Before anything that a service has recorded.
_LONG_AGO = dt.date(1990, 1, 1)
_ALONG = "ARRAY[" + ", ".join(f"'{stage.value}'" for stage in Stage) + "]"

#: The courses that were open on a day of the time of the file, as they stood when it ended.
_KEPT = f"""kept AS MATERIALIZED (
    SELECT case_id, course, begun_at, next_begun, supported_for, CASE WHEN triaged_at < %(ends)s THEN triaged_at END AS triaged_at,
        CASE WHEN supported_at < %(ends)s THEN supported_at END AS supported_at, CASE WHEN closed_at < %(ends)s THEN closed_at END AS closed_at
    FROM (SELECT k.*, lead(k.begun_at) OVER (PARTITION BY k.case_id ORDER BY k.course) AS next_begun FROM ({COURSES}) k) k
    WHERE begun_at < %(ends)s AND (closed_at IS NULL OR closed_at >= %(begins)s))"""
#: What belongs to a course by the moment ``{0}``: what came before the first one is its own.
_DURING = "({0} >= k.begun_at OR k.course = 0) AND ({0} < k.next_begun OR k.next_begun IS NULL)"
#: Where each course stood on the last day, how far it had come, and the seconds of waiting that were over.
_STOOD = f"""stood AS (
    SELECT case_id, course, coalesce(max(stage) FILTER (WHERE left_at IS NULL OR left_at >= %(ends)s), 'closed') AS stands,
        ({_ALONG})[max(array_position({_ALONG}, stage::text)) FILTER (WHERE stage <> 'closed')] AS furthest,
        CASE WHEN bool_and(left_at < %(ends)s) FILTER (WHERE stage IN {WAITING})
            THEN extract(epoch FROM sum(left_at - entered_at) FILTER (WHERE stage IN {WAITING})) END AS waited
    FROM ({STAYS}) stays WHERE entered_at < %(ends)s GROUP BY case_id, course)"""
_COURSE = f"""
    SELECT k.case_id, k.course AS nth, k.begun_at, k.closed_at, {{columns}}
    FROM kept k JOIN stood s ON s.case_id = k.case_id AND s.course = k.course JOIN facts f ON f.case_id = k.case_id
    JOIN casework_case c ON c.id = k.case_id JOIN casework_client cl ON cl.id = c.client_id
    LEFT JOIN referrals_referral r ON r.case_id = k.case_id
    LEFT JOIN LATERAL (SELECT a.outcome FROM triage_triageassessment a WHERE a.case_id = k.case_id AND a.completed_at < %(ends)s
        AND {_DURING.format("a.completed_at")} ORDER BY a.completed_at DESC, a.id LIMIT 1) t ON true
    LEFT JOIN LATERAL (SELECT x.reason FROM casework_closure x WHERE x.case_id = k.case_id AND x.decision = 'approved'
        AND x.decided_at >= k.supported_at AND x.decided_at <= k.closed_at + interval '1 hour'
        ORDER BY x.decided_at DESC, x.id LIMIT 1) x ON true"""
_CONTACTS = f"""
    SELECT case_id, course AS nth, jsonb_object_agg(mode, many) AS contacts, sum(minutes) AS minutes FROM (
        SELECT k.case_id, k.course, o.mode, count(*) AS many, coalesce(sum(o.minutes), 0) AS minutes
        FROM kept k JOIN casework_contact o ON o.case_id = k.case_id AND {_DURING.format("o.at")}
        WHERE o.service_id = %(service)s AND o.at >= %(begins)s AND o.at < %(ends)s AND o.attendance = 'attended'
        GROUP BY k.case_id, k.course, o.mode) by_mode
    GROUP BY case_id, course"""
_REVIEW = (
    "(SELECT '{name}' AS point, a.id FROM casework_sasreview a WHERE a.case_id = k.case_id AND a.reviewed_at < %(ends)s AND "
    + _DURING.format("a.reviewed_at")
    + " AND {condition} ORDER BY a.reviewed_at {way}, a.recorded_at {way} LIMIT 1)"
)
_SAS = f"""
    SELECT k.case_id, k.course AS nth, p.point, jsonb_object_agg(o.domain, jsonb_build_array(o.risk, o.need, o.protective)) AS scores
    FROM kept k CROSS JOIN LATERAL (
        {_REVIEW.format(name="sas_start", condition="a.kind = 'full'", way="ASC")}
        UNION ALL {_REVIEW.format(name="sas_latest", condition="a.kind <> 'screening'", way="DESC")}
        UNION ALL {_REVIEW.format(name="sas_end", condition="a.kind = 'final' AND a.reviewed_at <= k.closed_at", way="DESC")}) p
    JOIN casework_sasscore o ON o.review_id = p.id GROUP BY k.case_id, k.course, p.point"""
_SENT = "o.sent_on BETWEEN %(first_day)s AND %(last_day)s AND o.agency_id IS NOT NULL"
_ONWARD = f"""
    SELECT k.case_id, k.course AS nth, count(*) FILTER (WHERE {_SENT} AND o.answer = 'waiting') AS waiting,
        count(*) FILTER (WHERE {_SENT} AND o.answer = 'accepted') AS accepted,
        count(*) FILTER (WHERE {_SENT} AND o.answer = 'declined') AS declined,
        count(*) FILTER (WHERE o.answer = 'no_service' AND o.recorded_at >= %(begins)s) AS unmet_needs,
        count(*) FILTER (WHERE o.unheld_risk AND (o.held_since IS NULL OR o.held_since > %(last_day)s)) AS unheld_risks
    FROM kept k JOIN casework_onwardreferral o ON o.case_id = k.case_id AND {_DURING.format("o.recorded_at")}
    WHERE o.service_id = %(service)s AND o.recorded_at < %(ends)s GROUP BY k.case_id, k.course"""


@dataclass(frozen=True)
class Span:
    """The time a file tells of: a quarter so far, or (``whole``) all time up to a day."""

    period: Period
    key: str
    is_whole: bool = False

    @classmethod
    def of_quarter(cls, quarter: Quarter) -> "Span":
        """A quarter; one that is not over yet ends today. Raises ValueError for one that has not begun."""
        days = quarter.period
        return cls(Period(days.first_day, min(days.last_day, today())), quarter.key)

    @classmethod
    def until(cls, day: dt.date) -> "Span":
        """All time up to a day, that day in it; never beyond today."""
        last = max(min(day, today()), _LONG_AGO)
        return cls(Period(_LONG_AGO, last), f"until-{last.isoformat()}", is_whole=True)


def records_of(service: Service, span: Span, *, sight: Sight) -> list[dict]:
    """The records of a service over a span, of the cases in sight, in the order of their pseudonyms: that says nothing.

    Values by the names of the fields, kept to what the schema allows. Seven statements, however many cases.
    """
    scope = Scope(service=service, period=span.period)
    named = pseudonyms(service)
    with sight.looking(service):
        rows = {(row["case_id"], row["nth"]): row for row in _ask(scope, sight, _courses(), _dimensions())}
        _add_parts(rows, scope, sight)
    _add_standard(rows, scope, sight)
    for (case_id, _course), row in rows.items():
        row["pseudonym"] = named(case_id)
        row["referred_quarter"] = Quarter.of(day_of(row["begun_at"])).key
        row["closed_quarter"] = Quarter.of(day_of(row["closed_at"])).key if row["closed_at"] else None
    found = [{one.name: one.known(row.get(one.name)) for one in FIELDS} for row in rows.values()]
    return sorted(found, key=lambda record: (record["pseudonym"], record["course"]))


def _dimensions():
    return [DIMENSIONS[one.name] for one in FIELDS if one.sql == f'f."{one.name}"']


def _courses() -> str:
    told = ", ".join(f'{one.sql} AS "{one.name}"' for one in FIELDS if one.sql)
    return f", {_STOOD} {_COURSE.format(columns=told)}"


def _ask(scope: Scope, sight: Sight, question: str, dimensions: Iterable = ()) -> list[dict]:
    """The rows of a question about the courses of the time."""
    return asking.of_cases(
        scope, sight, f", {_KEPT} {question}", dimensions=tuple(dimensions), areas=list(scope.service.areas)
    )


def _add_parts(rows: dict, scope: Scope, sight: Sight) -> None:
    """Add what is counted of each course in tables of its own."""
    for row in rows.values():
        row |= {
            "contacts": {},
            "contact_hours": 0,
            "onward_referrals": {},
            "unmet_needs": 0,
            "unheld_risks": 0,
        }
    for one in _ask(scope, sight, _CONTACTS):
        rows[one["case_id"], one["nth"]] |= {
            "contacts": asking.loaded(one["contacts"]),
            "contact_hours": round(float(one["minutes"]) / 15) / 4,
        }
    for one in _ask(scope, sight, _SAS):
        rows[one["case_id"], one["nth"]][one["point"]] = asking.loaded(one["scores"])
    for one in _ask(scope, sight, _ONWARD):
        answers = {answer: one.pop(answer) for answer in ("waiting", "accepted", "declined")}
        one["onward_referrals"] = {answer: many for answer, many in answers.items() if many}
        rows[one["case_id"], one["nth"]] |= one


def _add_standard(rows: dict, scope: Scope, sight: Sight) -> None:
    """Add whether first contact was in time: by the measure of the registry, over the referrals of all these courses."""
    if not rows:
        return
    measure = MEASURES["contact_within_standard"]
    first = min(day_of(row["begun_at"]) for row in rows.values())
    over = scope.over(Period(min(first, scope.period.last_day), scope.period.last_day))
    in_time = set(figures.records(measure, over, sight=sight))
    due = set(figures.records(measure, over, sight=sight, hits=False))
    for (case_id, course), row in rows.items():
        is_told = course == 0 and case_id in due
        if is_told and (case_id not in in_time or row["days_to_first_contact"] is not None):
            row["contact_in_standard"] = case_id in in_time

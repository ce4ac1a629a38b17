"""Puts the query of a measure together: the cases of a scope, what they are broken down by, and what is counted of them.

One statement for a measure and its breakdowns, whatever the number of cases: totals and lines come from one
``GROUPING SETS``, several periods from one ``UNION ALL``. What a visitor chooses comes in as parameters and by the
registry's own keys; no word of theirs becomes SQL.
"""

import datetime as dt
import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.db import connection

from isva.clock.moment import day_of, now
from isva.clock.terms import terms_of
from isva.clock.working_days import is_working_day
from reporting.measures import DIMENSIONS, Dimension, Keyed, Measure
from reporting.measures.closures import PLANNED
from reporting.scope import Scope
from reporting.sight import Sight
from reporting.tables import Kind

#: Days before and after a period that the calendar of working days reaches; later is later than anything due.
_REACHES = 130
_LONG_AGO, _FAR = dt.datetime(1900, 1, 1, tzinfo=dt.UTC), dt.datetime(2500, 1, 1, tzinfo=dt.UTC)
#: What differs from period to period, where several are asked for at once.
_OF_PERIOD = ("begins", "ends", "first_day", "last_day", "until")
_FIGURES = {
    Kind.COUNT: "{n} AS numerator",
    Kind.SHARE: "{hits} AS numerator, {n} AS denominator",
    Kind.SPREAD: "{n} AS denominator, percentile_cont(0.5) WITHIN GROUP (ORDER BY m.value) AS median, "
    "percentile_cont(0.9) WITHIN GROUP (ORDER BY m.value) AS ninetieth",
    Kind.AMOUNT: "{n} AS denominator, coalesce(sum(m.value), 0)::float8 AS amount",
}
#: The columns of each kind, as ``Figure`` names them.
COLUMNS = {
    Kind.COUNT: ("numerator",),
    Kind.SHARE: ("numerator", "denominator"),
    Kind.SPREAD: ("denominator", "median", "ninetieth"),
    Kind.AMOUNT: ("denominator", "amount"),
}


@dataclass(frozen=True)
class Question:
    """What is asked: a measure, of which scopes (one, or the same one over several periods), seen by whom.

    ``only`` narrows the cases down to lines of dimensions (a cohort filter).
    """

    measure: Measure
    scopes: tuple[Scope, ...]
    sight: Sight
    only: Mapping[str, str]

    @property
    def scope(self) -> Scope:
        """The last of its scopes: the one that everything is asked of where there is one."""
        return self.scopes[-1]


def grouped(question: Question, dimensions: Sequence[Dimension], sets: Iterable[Sequence[str]]) -> list[dict]:
    """The figures of a measure for each set of dimensions in ``sets`` (their keys): one query.

    Each row has ``period`` (which of the scopes), ``grouped`` (the keys it is broken down by), a value for each of
    them, and the columns of the measure's kind.
    """
    measure = question.measure
    names = [one.key for one in dimensions]
    values = {one.key: _value(one) for one in dimensions}
    chosen = ", ".join(f'{values[key]} AS "by_{key}"' for key in names)
    groups = ", ".join(f'GROUPING({values[key]}) = 0 AS "is_{key}"' for key in names)
    told = ", ".join(part for part in (chosen, groups) if part)
    listed = ", ".join(
        f"({', '.join(['m.which', *(values[key] for key in one)])})"
        for one in sorted({tuple(one) for one in sets})
    )
    sql = f"""{_with(question, dimensions)}
        SELECT m.which, {told + ", " if told else ""}{_figures(measure)}
        FROM counted m{_joined(measure)} GROUP BY GROUPING SETS ({listed})"""
    rows = _ask(sql, _params(question))
    return [row | {"grouped": tuple(key for key in names if row[f"is_{key}"])} for row in rows]


def keys_behind(
    question: Question, lines: Mapping[str, str], dimensions: Sequence[Dimension], *, hits: bool
) -> list:
    """The keys of the cases that are counted under ``lines``; with ``hits`` those in the numerator of a share alone."""
    conditions = [f"{_value(one)} = %(line_{one.key})s" for one in dimensions]
    if hits and question.measure.kind is Kind.SHARE:
        conditions.append("m.hit")
    where = f" WHERE {' AND '.join(conditions)}" if conditions else ""
    sql = f"{_with(question, dimensions)} SELECT DISTINCT m.case_id FROM counted m{_joined(question.measure)}{where}"
    params = _params(question) | {f"line_{key}": value for key, value in lines.items()}
    return [row["case_id"] for row in _ask(sql, params)]


def of_facts(scope: Scope, sight: Sight, chosen: str, *, dimensions: Sequence[Dimension] = ()) -> list[dict]:
    """A question about the referrals received in a scope's period, with their client and referral as ``cl`` and ``r``."""
    sql = f"""WITH {_facts(scope, sight, dimensions, {})}
        SELECT {chosen} FROM facts f JOIN casework_case c ON c.id = f.case_id JOIN casework_client cl ON cl.id = c.client_id
        LEFT JOIN referrals_referral r ON r.case_id = f.case_id
        WHERE f.received_at >= %(begins)s AND f.received_at < %(ends)s"""
    params = _of_scope(scope) | _seen(scope, sight)[1] | _moment(scope)
    return _ask(sql, params)


def of_cases(
    scope: Scope, sight: Sight, question: str, *, dimensions: Sequence[Dimension] = (), **more
) -> list[dict]:
    """A question about the cases of a scope, which it finds as ``facts``; it goes on where their definition ends.

    ``more`` are parameters of its own. One statement. The caller looks with the sight.
    """
    params = _of_scope(scope) | _seen(scope, sight)[1] | _moment(scope) | more
    return _ask(f"WITH {_facts(scope, sight, dimensions, {})}{question}", params)


def loaded(value):
    """A value of PostgreSQL's JSON as plain data: a cursor of Django hands it out as it was written."""
    return json.loads(value) if isinstance(value, str) else value


def _value(dimension: Dimension) -> str:
    """The column of a dimension: nothing recorded is the line ``""``."""
    return f"coalesce({'f' if dimension.sql else 'm'}.\"{dimension.key}\"::text, '')"


def _figures(measure: Measure) -> str:
    key = "worker" if measure.keyed is Keyed.WORKER else "case_id"
    once = measure.kind is not Kind.AMOUNT and not any(one.splits for one in measure.own)
    n = "count(*)" if once else f"count(DISTINCT m.{key})"
    hits = "count(*) FILTER (WHERE m.hit)" if once else f"count(DISTINCT m.{key}) FILTER (WHERE m.hit)"
    return _FIGURES[measure.kind].format(n=n, hits=hits)


def _joined(measure: Measure) -> str:
    return "" if measure.keyed is Keyed.WORKER else " JOIN facts f ON f.case_id = m.case_id"


def _with(question: Question, dimensions: Sequence[Dimension]) -> str:
    parts = [_facts(question.scope, question.sight, dimensions, question.only)]
    if "calendar" in question.measure.sql:
        parts += [
            "terms AS (SELECT * FROM unnest(%(since)s::timestamptz[], %(till)s::timestamptz[], %(target_hours)s::int[], "
            "%(elapsed)s::boolean[], %(standard_days)s::int[], %(next_day)s::boolean[]) "
            "AS t(since, till, target_hours, elapsed, standard_days, next_day))",
            "calendar AS (SELECT * FROM unnest(%(days)s::date[], %(works)s::boolean[], %(n)s::int[]) AS t(day, works, n))",
        ]
    several = len(question.scopes) > 1
    counted = " UNION ALL ".join(
        f"SELECT {place} AS which, counted_{place}.* "
        f"FROM ({_numbered(question.measure.sql, place) if several else question.measure.sql}) counted_{place}"
        for place in range(len(question.scopes))
    )
    return f"WITH {', '.join([*parts, f'counted AS ({counted})'])}"


def _facts(scope: Scope, sight: Sight, dimensions: Sequence[Dimension], only: Mapping[str, str]) -> str:
    narrowing = [DIMENSIONS[key] for key in only]
    wanted = {one.key: one for one in (*dimensions, *narrowing) if one.sql}
    columns = "".join(f', {one.sql} AS "{one.key}"' for one in wanted.values())
    joins = " ".join(dict.fromkeys(one.join for one in wanted.values() if one.join))
    conditions = [f"coalesce(({one.sql})::text, '') = %(only_{one.key})s" for one in narrowing]
    if scope.area is not None:
        conditions.append("cl.area = %(area)s")
    where = f"WHERE {' AND '.join(conditions)}" if conditions else ""
    needs_people = bool(wanted) or scope.area is not None
    people = (
        "JOIN casework_client cl ON cl.id = c.client_id LEFT JOIN referrals_referral r ON r.case_id = c.id"
        if needs_people
        else ""
    )
    return f"""facts AS MATERIALIZED (
        SELECT c.id AS case_id, f0.received_at{columns}
        FROM ({_seen(scope, sight)[0]}) seen JOIN casework_case c ON c.id = seen.id
        JOIN (SELECT s.case_id, s.entered_at AS received_at, (s.entered_at AT TIME ZONE 'Europe/London')::date AS received_on
              FROM casework_stageentry s WHERE s.service_id = %(service)s AND s.stage = 'referral') f0 ON f0.case_id = c.id
        {people} {joins} {where})"""


def _seen(scope: Scope, sight: Sight) -> tuple[str, dict]:
    """The query of the cases in sight, with its parameters by name."""
    sql, params = sight.cases(scope.service).order_by().values("id").query.sql_with_params()
    named = {f"seen_{place}": value for place, value in enumerate(params)}
    names = iter(named)
    return re.sub(r"%s", lambda _found: f"%({next(names)})s", sql), named


def _params(question: Question) -> dict:
    scope = question.scope
    params = _of_scope(scope) | _seen(scope, question.sight)[1] | _moment(scope)
    params |= {f"only_{key}": value for key, value in question.only.items()}
    if len(question.scopes) > 1:
        for place, one in enumerate(question.scopes):
            params |= {f"{key}_{place}": value for key, value in _moment(one).items() if key in _OF_PERIOD}
    if "calendar" in question.measure.sql:
        first = min(one.period.first_day for one in question.scopes)
        last = max(one.period.last_day for one in question.scopes)
        params |= _terms(scope) | _calendar(scope, first, last)
    return params


def _of_scope(scope: Scope) -> dict:
    return {
        "service": scope.service.pk, "area": scope.area, "planned": list(scope.planned or PLANNED), "at": now(),
        "today": day_of(now()),
    }  # fmt: skip


def _moment(scope: Scope) -> dict:
    period = scope.period
    return {
        "begins": period.begins, "ends": period.ends, "first_day": period.first_day, "last_day": period.last_day,
        "until": min(period.ends, now()),
    }  # fmt: skip


def _terms(scope: Scope) -> dict:
    """The numbers of the service that first contact is judged by, version by version."""
    terms = terms_of(scope.service)
    since = [_LONG_AGO, *(moment for moment, _numbers in terms.versions)]
    in_force = [terms.at(moment) for moment in since]
    return {
        "since": since,
        "till": [*since[1:], _FAR],
        "target_hours": [one["first_contact_target_hours"] for one in in_force],
        "elapsed": [bool(one["target_in_elapsed_hours"]) for one in in_force],
        "standard_days": [one["first_contact_standard_days"] for one in in_force],
        "next_day": [bool(one["non_working_receipt_counts_as_next_day"]) for one in in_force],
    }


def _calendar(scope: Scope, first: dt.date, last: dt.date) -> dict:
    """Each day, whether it is a working day, and how many working days came before it (from some day on)."""
    one_off = terms_of(scope.service).one_off
    days = [first + dt.timedelta(days=n) for n in range(-_REACHES, (last - first).days + _REACHES)]
    works = [is_working_day(day, one_off=one_off) for day in days]
    before, n = [], 0
    for one in works:
        before.append(n)
        n += one
    return {"days": days, "works": works, "n": before}


def _numbered(sql: str, place: int) -> str:
    """The query of one of several periods: its own parameters, told apart by a number."""
    return re.sub(rf"%\(({'|'.join(_OF_PERIOD)})\)s", lambda found: f"%({found[1]}_{place})s", sql)


def _ask(sql: str, params: dict) -> list[dict]:
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        names = [column[0] for column in cursor.description]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]

"""Puts the query of a measure together: the cases of a scope, what they are broken down by, and what is counted of them.

One statement for several measures and their breakdowns, whatever the number of cases: totals and lines come from one
``GROUPING SETS``, several periods and measures from one ``UNION ALL``, over cases and courses reckoned once. What a visitor chooses comes in as parameters and by the
registry's own keys; no word of theirs becomes SQL.
"""

import datetime as dt
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.db import connection

from isva.clock.moment import day_of, now
from isva.clock.terms import terms_of
from isva.clock.working_days import is_working_day
from reporting.measures import DIMENSIONS, Dimension, Keyed, Measure
from reporting.measures.closures import PLANNED
from reporting.measures.courses import SHARED
from reporting.scope import Scope
from reporting.sight import Sight
from reporting.tables import Kind

#: Days before and after a period that the calendar of working days reaches; later is later than anything due.
_REACHES = 130
_LONG_AGO, _FAR = dt.datetime(1900, 1, 1, tzinfo=dt.UTC), dt.datetime(2500, 1, 1, tzinfo=dt.UTC)
#: Rows that are never there. How many cases are in sight the database cannot tell beforehand, each of them being looked for
#: behind the wall: it takes them for one, and goes through all of them anew for each row that it joins them to. With these it
#: reckons with some thousands (``manage.py benchmark figures`` tells what a dashboard takes).
_RECKONED_WITH = "SELECT NULL, NULL, NULL{0} FROM generate_series(1, 6000) WHERE random() < 0"
#: What differs from period to period, where several are asked for at once.
_OF_PERIOD = ("begins", "ends", "first_day", "last_day", "until", "until_day")
_FIGURES = {
    Kind.COUNT: {"numerator": "{n}"},
    Kind.SHARE: {"numerator": "{hits}", "denominator": "{n}"},
    Kind.SPREAD: {
        "denominator": "{n}",
        "median": "percentile_cont(0.5) WITHIN GROUP (ORDER BY m.value)",
        "ninetieth": "percentile_cont(0.9) WITHIN GROUP (ORDER BY m.value)",
    },
    Kind.AMOUNT: {"denominator": "{n}", "amount": "coalesce(sum(m.value), 0)"},
}
_COLUMN_TYPES = {
    "numerator": "bigint", "denominator": "bigint", "median": "float8", "ninetieth": "float8", "amount": "float8"
}  # fmt: skip
#: The columns of each kind, as ``Figure`` names them.
COLUMNS = {kind: tuple(columns) for kind, columns in _FIGURES.items()}


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


@dataclass(frozen=True)
class Asked:
    """A question, by which dimensions, and by which sets of them (their keys) it is asked at once."""

    question: Question
    dimensions: tuple[Dimension, ...]
    sets: frozenset[tuple[str, ...]]


def grouped(asked: Sequence[Asked]) -> list[list[dict]]:
    """The figures of each measure for each of its sets: one query for all, which share the cases and their courses.

    All are asked of one service and sight; the last scope of each is the same. Each row has ``period`` (which of the
    scopes), ``grouped`` (the keys it is broken down by), a value for each of them, and the columns of the measure's kind.
    """
    chosen = " UNION ALL ".join(_select(place, one) for place, one in enumerate(asked))
    sql = f"{_with(asked)} {chosen}"
    found: list[list[dict]] = [[] for _one in asked]
    for row in _ask(sql, _params([one.question for one in asked])):
        one = asked[row["asked"]]
        names = [dimension.key for dimension in one.dimensions]
        by = dict(zip((f"by_{key}" for key in names), row["line"], strict=True))
        kept = tuple(key for key, told in zip(names, row["is_told"], strict=True) if told)
        found[row["asked"]].append(row | by | {"grouped": kept})
    return found


def _select(place: int, asked: Asked) -> str:
    """What is chosen for one measure: as many columns, of the same types, for each."""
    measure, values = asked.question.measure, {one.key: _value(one) for one in asked.dimensions}
    listed = ", ".join(
        f"({', '.join(['m.which', *(values[key] for key in one)])})" for one in sorted(asked.sets)
    )
    told = ", ".join(f"GROUPING({value}) = 0" for value in values.values())
    figures = _FIGURES[measure.kind]
    columns = ", ".join(
        f"{figures.get(name, 'NULL')}::{kind} AS {name}" for name, kind in _COLUMN_TYPES.items()
    )
    return f"""SELECT {place} AS asked, m.which, ARRAY[{", ".join(values.values())}]::text[] AS line,
        ARRAY[{told}]::boolean[] AS is_told, {columns.format(**_counted(measure))}
        FROM counted_{place} m{_joined(asked.dimensions)} GROUP BY GROUPING SETS ({listed})"""


def keys_behind(
    question: Question, lines: Mapping[str, str], dimensions: Sequence[Dimension], *, hits: bool
) -> list:
    """The keys of the cases that are counted under ``lines``; with ``hits`` those in the numerator of a share alone."""
    conditions = [f"{_value(one)} = %(line_{one.key})s" for one in dimensions]
    if hits and question.measure.kind is Kind.SHARE:
        conditions.append("m.hit")
    where = f" WHERE {' AND '.join(conditions)}" if conditions else ""
    sql = f"{_with([Asked(question, tuple(dimensions), frozenset())])} SELECT DISTINCT m.case_id FROM counted_0 m{_joined(dimensions)}{where}"
    params = _params([question]) | {f"line_{key}": value for key, value in lines.items()}
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
    return f"coalesce({'t' if dimension.sql else 'm'}.\"{dimension.key}\"::text, '')"


def _counted(measure: Measure) -> dict[str, str]:
    """How people are counted in a measure's rows: all of them, and those in the numerator of a share."""
    key = "worker" if measure.keyed is Keyed.WORKER else "case_id"
    once = measure.kind is not Kind.AMOUNT and not any(one.splits for one in measure.own)
    n = "count(*)" if once else f"count(DISTINCT m.{key})"
    hits = "count(*) FILTER (WHERE m.hit)" if once else f"count(DISTINCT m.{key}) FILTER (WHERE m.hit)"
    return {"n": n, "hits": hits}


def _joined(dimensions: Sequence[Dimension]) -> str:
    return " JOIN traits t ON t.case_id = m.case_id" if any(one.sql for one in dimensions) else ""


def _with(asked: Sequence[Asked]) -> str:
    questions = [one.question for one in asked]
    first = questions[0]
    parts = [_facts(first.scope, first.sight, (), first.only)]
    queries = " ".join(one.measure.sql for one in questions)
    needed = [
        name
        for name in SHARED
        if f"FROM {name} " in queries or (name == "stays" and "FROM courses " in queries)
    ]
    parts += [f"{name} AS MATERIALIZED ({SHARED[name]})" for name in needed]
    if "calendar" in queries:
        parts += [
            "terms AS (SELECT * FROM unnest(%(since)s::timestamptz[], %(till)s::timestamptz[], %(target_hours)s::int[], "
            "%(elapsed)s::boolean[], %(standard_days)s::int[], %(next_day)s::boolean[]) "
            "AS t(since, till, target_hours, elapsed, standard_days, next_day))",
            "calendar AS (SELECT * FROM unnest(%(days)s::date[], %(works)s::boolean[], %(n)s::int[]) AS t(day, works, n))",
        ]
    parts += [f"counted_{place} AS ({_rows(place, one)})" for place, one in enumerate(questions)]
    parts += _traits(asked)
    return f"WITH {', '.join(parts)}"


def _rows(place: int, question: Question) -> str:
    """The counted rows of a measure, of each of its scopes."""
    several = len(question.scopes) > 1
    return " UNION ALL ".join(
        f"SELECT {which} AS which, rows_{which}.* "
        f"FROM ({_numbered(question.measure.sql, place, which) if several else question.measure.sql}) rows_{which}"
        for which in range(len(question.scopes))
    )


def _facts(scope: Scope, sight: Sight, dimensions: Sequence[Dimension], only: Mapping[str, str]) -> str:
    """The cases of a scope, narrowed down to lines of dimensions, with what dimensions say of all of them."""
    narrowing = [DIMENSIONS[key] for key in only]
    wanted = {one.key: one for one in dimensions if one.sql}
    columns = "".join(f', {one.sql} AS "{one.key}"' for one in wanted.values())
    conditions = [f"coalesce(({one.sql})::text, '') = %(only_{one.key})s" for one in narrowing]
    if scope.area is not None:
        conditions.append("cl.area = %(area)s")
    people = _people([*wanted.values(), *narrowing]) if wanted or conditions else ""
    where = f"WHERE {' AND '.join(conditions)}" if conditions else ""
    return f"""facts AS MATERIALIZED (
        SELECT c.id AS case_id, f0.received_at, f0.received_on{columns}
        FROM ({_seen(scope, sight)[0]}) seen JOIN casework_case c ON c.id = seen.id
        JOIN (SELECT s.case_id, s.entered_at AS received_at, (s.entered_at AT TIME ZONE 'Europe/London')::date AS received_on
              FROM casework_stageentry s WHERE s.service_id = %(service)s AND s.stage = 'referral') f0 ON f0.case_id = c.id
        {people} {where} UNION ALL {_RECKONED_WITH.format(", NULL" * len(wanted))})"""


def _people(dimensions: Sequence[Dimension]) -> str:
    """The client and the referral of a case (``c``), and what the dimensions join to them."""
    joins = " ".join(dict.fromkeys(one.join for one in dimensions if one.join))
    return f"JOIN casework_client cl ON cl.id = c.client_id LEFT JOIN referrals_referral r ON r.case_id = c.id {joins}"


def _traits(asked: Sequence[Asked]) -> list[str]:
    """What the dimensions say of every case that is counted by one, and of no other; nothing where there are none."""
    wanted = {one.key: one for question in asked for one in question.dimensions if one.sql}
    if not wanted:
        return []
    counted = [place for place, one in enumerate(asked) if any(by.sql for by in one.dimensions)]
    cases = " UNION ALL ".join(f"SELECT case_id FROM counted_{place}" for place in counted)
    columns = "".join(f', {one.sql} AS "{one.key}"' for one in wanted.values())
    return [
        f"traits AS MATERIALIZED (SELECT f0.case_id{columns} FROM (SELECT DISTINCT case_id FROM ({cases}) counted) k JOIN facts f0 ON f0.case_id = k.case_id "
        f"JOIN casework_case c ON c.id = f0.case_id {_people(list(wanted.values()))})"
    ]


def _seen(scope: Scope, sight: Sight) -> tuple[str, dict]:
    """The query of the cases in sight, with its parameters by name."""
    sql, params = sight.cases(scope.service).order_by().values("id").query.sql_with_params()
    named = {f"seen_{place}": value for place, value in enumerate(params)}
    names = iter(named)
    return re.sub(r"%s", lambda _found: f"%({next(names)})s", sql), named


def _params(questions: Sequence[Question]) -> dict:
    first = questions[0]
    scope = first.scope
    params = _of_scope(scope) | _seen(scope, first.sight)[1] | _moment(scope)
    params |= {f"only_{key}": value for key, value in first.only.items()}
    for place, question in enumerate(questions):
        if len(question.scopes) > 1:
            for which, one in enumerate(question.scopes):
                moment = _moment(one)
                params |= {f"{key}_{place}_{which}": moment[key] for key in _OF_PERIOD}
    if any("calendar" in one.measure.sql for one in questions):
        periods = [one.period for question in questions for one in question.scopes]
        first_day, last_day = min(one.first_day for one in periods), max(one.last_day for one in periods)
        params |= _terms(scope) | _calendar(scope, first_day, last_day)
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
        "until": min(period.ends, now()), "until_day": min(period.last_day, day_of(now())),
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


def _numbered(sql: str, place: int, which: int) -> str:
    """The query of one of several periods: its own parameters, told apart by the numbers of question and period."""
    return re.sub(rf"%\(({'|'.join(_OF_PERIOD)})\)s", lambda found: f"%({found[1]}_{place}_{which})s", sql)


def _ask(sql: str, params: dict) -> list[dict]:
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        names = [column[0] for column in cursor.description]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]

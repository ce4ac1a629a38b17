"""What figures cost in a national set: those of one service inside it, and counts over all services, by how many cases there are.

One service asks as everybody does, behind the wall. The counts over all are asked by the owner of the tables, as no page and no
report of the product does: they are for these databases alone.
"""

import statistics
import time
from collections.abc import Callable, Iterable
from contextlib import ExitStack
from dataclasses import dataclass, replace

from django.db import connection, connections
from django.test.utils import CaptureQueriesContext

from isva.access.system import SystemUser, act_as_system
from isva.accounts.models import Service
from isva.synthesis.databases import OWNER, refuse_others
from isva.synthesis.profiles import PROFILES, Profile
from reporting import figures
from reporting.dashboards import DASHBOARDS
from reporting.figures import Wanted
from reporting.measures import MEASURES
from reporting.periods import Quarter
from reporting.scope import Scope
from reporting.sight import WHOLE_SERVICE

#: Cases of one service, about: a set that is so many times as large has so many times as many services.
CASES_OF_ONE = 5_000
TIMES = 3
_QUARTER = "BETWEEN %(begins)s AND %(ends)s"
#: Counts over all services, in the last quarter or at its end.
NATIONAL = {
    "referrals by source": f"SELECT source, count(*) FROM referrals_referral WHERE received_at {_QUARTER} GROUP BY 1",
    "contacts and hours by mode": (
        "SELECT mode, count(*), sum(minutes) / 60.0 FROM casework_contact "
        f"WHERE at {_QUARTER} AND attendance = 'attended' GROUP BY 1"
    ),
    "people in support at the end, by service": (
        "SELECT service_id, count(*) FROM casework_stageentry WHERE stage IN ('active', 'stepped_down') "
        "AND entered_at < %(ends)s AND (left_at IS NULL OR left_at >= %(ends)s) GROUP BY 1"
    ),
    "days from referral to support": (
        "SELECT percentile_cont(ARRAY[0.5, 0.9]) WITHIN GROUP (ORDER BY s.entered_at - r.entered_at) FROM casework_stageentry s "
        "JOIN casework_stageentry r ON r.case_id = s.case_id AND r.stage = 'referral' "
        f"WHERE s.stage = 'active' AND s.entered_at {_QUARTER}"
    ),
    "support that ended, by reason": (
        f"SELECT reason, count(*) FROM casework_closure WHERE decision = 'approved' AND decided_at {_QUARTER} GROUP BY 1"
    ),
}  # fmt: skip


@dataclass(frozen=True)
class Line:
    """One figure: what, the median of its seconds by the clock, its statement, and with what it was asked."""

    group: str
    name: str
    seconds: float
    sql: str
    national: bool = False

    def plan(self) -> list[str]:
        """The database's plan for it, run, with its times."""
        with ExitStack() as stack:
            if self.national:
                cursor = stack.enter_context(connections[OWNER].cursor())
            else:
                stack.enter_context(act_as_system(SystemUser.REPORTS, _service()))
                cursor = stack.enter_context(connection.cursor())
            cursor.execute("EXPLAIN (ANALYZE, BUFFERS, COSTS OFF) " + self.sql.replace("%", "%%"), ())
            return [line for (line,) in cursor.fetchall()]


def profile_of(cases: int) -> Profile:
    """The national set of so many cases: services of every published size."""
    return replace(
        PROFILES["L"], name=f"L{cases // 1000}k", services=max(1, round(cases / CASES_OF_ONE)), exactly=cases
    )


def measure() -> list[Line]:
    """Time every figure of the database that the connections are turned to: of one service, then over all of them."""
    refuse_others(connection.settings_dict["NAME"])
    service, quarter = _service(), Quarter.last_ended()
    scope = Scope(service=service, period=quarter.period)
    over = [(one.key, one.short, scope.over(one.period)) for one in quarter.back()]
    lines = []
    with act_as_system(SystemUser.REPORTS, service):
        for key, one in MEASURES.items():
            if one.is_recorded:
                lines.append(
                    _timed("measure", key, lambda one=one: figures.count(one, scope, sight=WHOLE_SERVICE))
                )
        for key, dashboard in DASHBOARDS.items():
            lines.append(
                _timed("dashboard", key, lambda panels=dashboard.panels: _shown(panels, scope, over))
            )
    with connections[OWNER].cursor() as cursor:
        for name, sql in NATIONAL.items():
            asked = sql % {
                "begins": f"'{quarter.period.begins.isoformat()}'", "ends": f"'{quarter.period.ends.isoformat()}'"
            }  # fmt: skip
            timed = _timed("all services", name, lambda asked=asked: cursor.execute(asked))
            lines.append(replace(timed, sql=asked, national=True))
    return lines


def _shown(panels: Iterable, scope: Scope, over: list) -> None:
    """Count what a dashboard shows."""
    wanted = [
        Wanted(MEASURES[one.measure], scope, one.rows, over=tuple(over) if one.trend else ())
        for one in panels
    ]
    figures.count_together(wanted, sight=WHOLE_SERVICE)


def _timed(group: str, name: str, do: Callable) -> Line:
    took = []
    with CaptureQueriesContext(connection) as captured:
        for _number in range(TIMES):
            began = time.perf_counter()
            do()
            took.append(time.perf_counter() - began)
    asked = [one["sql"] for one in captured.captured_queries if one["sql"].startswith("WITH")]
    return Line(group, name, statistics.median(took), asked[-1] if asked else "")


def _service() -> Service:
    """The service whose size is nearest to that of an average one: the same in sets of every size."""
    with connections[OWNER].cursor() as cursor:
        cursor.execute(
            "SELECT service_id FROM casework_case GROUP BY 1 ORDER BY abs(count(*) - %s), 1 LIMIT 1",
            [CASES_OF_ONE],
        )
        return Service.objects.get(pk=cursor.fetchone()[0])

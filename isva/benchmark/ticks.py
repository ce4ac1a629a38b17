"""What one round of the clock costs over many open cases: how long it takes, and how many questions it asks."""

import statistics
import time
from dataclasses import dataclass

from django.db import connection, connections
from django.test.utils import CaptureQueriesContext

from isva.access.system import SystemUser, act_as_system
from isva.accounts.models import Service
from isva.clock.models import CaseReminder
from isva.clock.tick import tick
from isva.synthesis.databases import OWNER, refuse_others

#: Seconds that a steady round over the open cases may take.
GOAL = 2.0

# Closed cases that somebody supported are opened again, as in no real service, until there are enough: the records of
# each are those of a whole life, and so is what they ask of the clock.
_OPEN = """
UPDATE casework_case SET stage = 'active' WHERE id IN (
  SELECT id FROM casework_case WHERE stage = 'closed' AND lead_isva_id IS NOT NULL AND service_id = %s
  ORDER BY id LIMIT greatest(0, %s - (SELECT count(*) FROM casework_case WHERE stage <> 'closed' AND service_id = %s))
)
"""


@dataclass(frozen=True)
class Rounds:
    """What was measured: open cases, reminders, the first round and the steady ones (seconds), questions of each.

    ``processor`` is the work of the application, and the time it waited for the database: what a round takes undisturbed.
    """

    open_cases: int
    reminders: int
    first: float
    steady: float
    slowest: float
    processor: float
    questions_first: int
    questions: int

    @property
    def holds(self) -> bool:
        """Whether a steady round keeps to the goal."""
        return self.steady < GOAL


def measure(*, cases: int, rounds: int) -> Rounds:
    """Measure rounds over at least ``cases`` open cases of the made-up service that the connections are turned to."""
    service = Service.objects.get(slug="made-up-1")
    refuse_others(connection.settings_dict["NAME"])
    with connections[OWNER].cursor() as cursor:
        cursor.execute(_OPEN, [service.pk, cases, service.pk])
        cursor.execute("DELETE FROM clock_casereminder")
        cursor.execute("DELETE FROM clock_letter")
        cursor.execute("ANALYZE")
        cursor.execute("SELECT count(*) FROM casework_case WHERE stage <> 'closed'")
        open_cases = cursor.fetchone()[0]
    first, asked_first, _cpu = _round()
    times = [_round() for _number in range(rounds)]
    with act_as_system(SystemUser.CLOCK, service):
        kept = CaseReminder.objects.count()
    return Rounds(
        open_cases=open_cases, reminders=kept, first=first, steady=statistics.median(took for took, _n, _cpu in times),
        slowest=max(took for took, _n, _cpu in times), processor=statistics.median(cpu for _took, _n, cpu in times), questions_first=asked_first, questions=times[-1][1],
    )  # fmt: skip


def _round() -> tuple[float, int, float]:
    service = Service.objects.get(slug="made-up-1")
    with CaptureQueriesContext(connection) as captured:
        began, busy = time.monotonic(), time.process_time()
        tick(service)
        took, busy = time.monotonic() - began, time.process_time() - busy
    in_database = sum(float(query["time"]) for query in captured.captured_queries)
    return took, len(captured), busy + in_database


def slowest(count: int) -> list[tuple[float, str, list[str]]]:
    """The slowest questions of one round: seconds, the statement, and the database's plan for it (run, with its times)."""
    service = Service.objects.get(slug="made-up-1")
    with CaptureQueriesContext(connection) as captured:
        tick(service)
    asked = [query for query in captured.captured_queries if query["sql"].startswith(("SELECT", "WITH"))]
    asked.sort(key=lambda query: -float(query["time"]))
    found = []
    with act_as_system(SystemUser.CLOCK, service), connection.cursor() as cursor:
        for query in asked[:count]:
            cursor.execute("EXPLAIN (ANALYZE, COSTS OFF) " + query["sql"].replace("%", "%%"), ())
            found.append((float(query["time"]), query["sql"], [line for (line,) in cursor.fetchall()]))
    return found

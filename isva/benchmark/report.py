"""What the quarterly report of one service costs, cold: counting, suppression, words and PDF, by the clock and of processors."""

import datetime as dt
import time
from contextlib import ExitStack
from dataclasses import dataclass, field

from django.db import connection
from django.test.utils import CaptureQueriesContext

from isva.access.acting import act
from isva.access.roles import Role
from isva.access.system import SystemUser, act_as_system
from isva.accounts.models import Service, User
from isva.benchmark.rounds import of_database
from isva.synthesis.databases import refuse_others
from isva.synthesis.people import address_of
from reporting import contracts, pdf
from reporting.models import Contract
from reporting.periods import Quarter
from reporting.reports import progress
from reporting.reports.counting import count_report
from reporting.reports.paper import Standing, paper_of

#: Seconds of processors that a report may cost, its database among them.
GOAL = 5.0
COUNTING, SUPPRESSION, WORDS, PRINTING = "counting", "suppression", "words", "PDF"
_NAME = "Benchmark"


@dataclass
class Part:
    """Seconds that one part of a build took: by the clock; of this process; of its database."""

    elapsed: float = 0.0
    own: float = 0.0
    database: float = 0.0

    @property
    def processor(self) -> float:
        """Seconds of processors."""
        return self.own + self.database


@dataclass
class Report:
    """What was measured: the parts in order, how many tables and questions, how large the PDF; the slowest questions."""

    parts: dict[str, Part] = field(default_factory=dict)
    tables: int = 0
    statements: int = 0
    size: int = 0
    slowest: list[tuple[float, str]] = field(default_factory=list)

    @property
    def whole(self) -> Part:
        """All parts together."""
        parts = self.parts.values()
        return Part(
            sum(one.elapsed for one in parts),
            sum(one.own for one in parts),
            sum(one.database for one in parts),
        )

    @property
    def holds(self) -> bool:
        """Whether the goal is met."""
        return self.whole.processor < GOAL


class _Clock:
    """Gives what has passed since the last time it was asked to a part of a report."""

    def __init__(self, report: Report):
        self.report, self.last = report, self._now()

    @staticmethod
    def _now() -> tuple[float, float, float]:
        return time.perf_counter(), time.process_time(), of_database()

    def told(self, part: str) -> None:
        now = self._now()
        passed = [later - earlier for later, earlier in zip(now, self.last, strict=True)]
        kept = self.report.parts.setdefault(part, Part())
        kept.elapsed, kept.own, kept.database = (
            kept.elapsed + passed[0],
            kept.own + passed[1],
            kept.database + passed[2],
        )
        self.last = self._now()


def measure(*, captured: bool = False) -> Report:
    """Build the report of the first made-up service for the last quarter, as the worker does, and keep nothing of it.

    Nothing of it was asked for before in this process, which is ready to print as a worker is from its start.

    With ``captured`` its questions are kept too, which costs a little.
    """
    refuse_others(connection.settings_dict["NAME"])
    service = Service.objects.get(slug="made-up-1")
    contract = _contract(service)
    report = Report()
    pdf.get_ready()
    with ExitStack() as stack:
        stack.enter_context(act_as_system(SystemUser.REPORTS, service))
        questions = stack.enter_context(CaptureQueriesContext(connection)) if captured else None
        clock = _Clock(report)

        def tell(step: str) -> None:
            if step == progress.HIDING:
                clock.told(COUNTING)

        content = count_report(contract, Quarter.last_ended(), tell=tell)
        clock.told(SUPPRESSION)
    paper = paper_of(content, Standing(is_draft=True))
    clock.told(WORDS)
    if pdf.is_available():
        report.size = len(pdf.make_pdf(paper))
        clock.told(PRINTING)
    report.tables = sum(len(chapter.entries) for chapter in content.chapters)
    if questions is not None:
        report.statements = len(questions)
        asked = [(float(one["time"]), one["sql"]) for one in questions.captured_queries]
        report.slowest = sorted(asked, key=lambda one: -one[0])
    return report


def plan_of(statement: str) -> list[str]:
    """The database's plan of one of the questions of a report, run, with its times."""
    service = Service.objects.get(slug="made-up-1")
    with act_as_system(SystemUser.REPORTS, service), connection.cursor() as cursor:
        cursor.execute("EXPLAIN (ANALYZE, BUFFERS, COSTS OFF) " + statement.replace("%", "%%"), ())
        return [line for (line,) in cursor.fetchall()]


def _contract(service: Service) -> Contract:
    manager = User.objects.get(email=address_of(service, Role.MANAGER))
    with act(manager, service):
        found = Contract.objects.filter(service=service, name=_NAME).first()
        if found is not None:
            return found
        terms = contracts.Terms(commissioner=_NAME, name=_NAME, starts_on=dt.date(2000, 4, 1))
        return contracts.make_contract(service, terms, readers=[], by=manager)

"""A contract, a quarter with people in it, and a report that is built, published or read: what tests of reports share."""

import datetime as dt

from isva.access.acting import act
from isva.clock.moment import LONDON, at
from isva.pathway import Stage
from reporting import contracts
from reporting.models import ReportDraft
from reporting.periods import Quarter
from reporting.reports import building, drafting, publishing
from tests.factories import make_case

#: A Tuesday in July: the quarter before it, and the one before that.
NOW = dt.datetime(2027, 7, 20, 12, tzinfo=LONDON)
LAST, BEFORE = Quarter(2027, 1), Quarter(2026, 4)


def a_contract(service, by, *, name="ISVA service", readers=(), **more):
    """A contract of a service that has run for years, unless ``more`` says something else."""
    told = {"commissioner": "Rowanshire Council", "starts_on": dt.date(2025, 4, 1)} | more
    terms = contracts.Terms(name=name, **told)
    with act(by, service):
        return contracts.make_contract(service, terms, readers=list(readers), by=by)


def cases_in(service, by, *, many: int, quarter: Quarter = LAST, **fields) -> None:
    """So many people referred in a quarter, in triage since."""
    for number in range(many):
        moment = quarter.period.begins + dt.timedelta(days=3 + number % 60, hours=12)
        with at(moment):
            make_case(service, by=by, stage=Stage.TRIAGE, name=f"Ada Testperson {number}", **fields)


def built(contract, quarter, by, *, prints=False) -> ReportDraft:
    """A draft whose numbers are counted."""
    with act(by, contract.service):
        draft = drafting.begin_report(contract, quarter, by=by)
        build = building.ask_for_build(draft, by=by)
    building.run_build(build.pk, prints=prints)
    return draft


def published(contract, quarter, by, *, prints=False):
    """A report that is out."""
    draft = built(contract, quarter, by)
    with act(by, contract.service):
        report = publishing.publish_report(draft, by=by)
    if prints:
        publishing.print_report(report.pk)
    return report

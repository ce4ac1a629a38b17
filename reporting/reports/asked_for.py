"""Which reports are due: of each contract, every quarter that is over, from the one in which reporting began."""

import datetime as dt
from dataclasses import dataclass

from isva.access.acting import ActingPerson
from isva.clock.terms import Reckoning, terms_of
from reporting.contracts import scope_of
from reporting.models import Contract, PublishedReport, ReportDraft
from reporting.periods import Quarter

#: The number of the service by which a report falls due.
WORKING_DAYS = "quarterly_report_days"


@dataclass(frozen=True)
class Asked:
    """A report that is asked for: of which contract and quarter, by when; its draft, where one was begun."""

    contract: Contract
    quarter: Quarter
    due_on: dt.date
    draft: ReportDraft | None = None


def due_on(ended_on: dt.date, reckoning: Reckoning) -> dt.date:
    """The day by which the report of a quarter that ended on a day is published, by the numbers in force on that day."""
    return reckoning.working_day(ended_on, reckoning[WORKING_DAYS])


def _due_on(quarter: Quarter, service) -> dt.date:
    ended_on = quarter.period.last_day
    midnight = dt.datetime.combine(
        ended_on, dt.time.min, tzinfo=dt.UTC
    )  # as a rule of the clock counts from a day
    return due_on(ended_on, terms_of(service).at(midnight))


def not_published(person: ActingPerson, *, back: int = 2) -> list[Asked]:
    """The reports of the last quarters that are not out, the oldest first; three queries, however many contracts, and one
    for the numbers of the service."""
    contracts = list(Contract.objects.visible_to(person.user).select_related("service"))
    quarters = Quarter.last_ended().back(back)
    keys = [one.key for one in quarters]
    out = set(
        PublishedReport.objects.filter(service=person.service, quarter__in=keys).values_list(
            "contract_id", "quarter"
        )
    )
    drafts = {
        (one.contract_id, one.quarter): one
        for one in ReportDraft.objects.filter(service=person.service, published__isnull=True)
    }
    return [
        Asked(contract, quarter, _due_on(quarter, person.service), drafts.get((contract.pk, quarter.key)))
        for quarter in quarters
        for contract in contracts
        if (contract.pk, quarter.key) not in out and scope_of(contract, quarter.period) is not None
    ]  # fmt: skip

"""Which reports are due: of each contract, every quarter that is over, from the one in which reporting began."""

import datetime as dt
from dataclasses import dataclass

from isva.access.acting import ActingPerson
from isva.clock.working_days import add_working_days
from reporting.contracts import scope_of
from reporting.models import Contract, PublishedReport, ReportDraft
from reporting.periods import Quarter


@dataclass(frozen=True)
class Asked:
    """A report that is asked for: of which contract and quarter, by when; its draft, where one was begun."""

    contract: Contract
    quarter: Quarter
    due_on: dt.date
    draft: ReportDraft | None = None


def due_on(quarter: Quarter, *, working_days: int) -> dt.date:
    """The day by which the report of a quarter is published."""
    return add_working_days(quarter.period.last_day, working_days)


def not_published(person: ActingPerson, *, working_days: int, back: int = 2) -> list[Asked]:
    """The reports of the last quarters that are not out, the oldest first; three queries, however many contracts."""
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
        Asked(contract, quarter, due_on(quarter, working_days=working_days), drafts.get((contract.pk, quarter.key)))
        for quarter in quarters
        for contract in contracts
        if (contract.pk, quarter.key) not in out and scope_of(contract, quarter.period) is not None
    ]  # fmt: skip

"""Contracts, what they ask, and their reports, for the walk over every address: made when an address names one."""

import datetime as dt
from decimal import Decimal

from isva.access.acting import act
from isva.accounts.models import Membership
from isva.clock.moment import today
from reporting import contracts, local
from reporting.models import Contract, PublishedReport, ReportDraft
from reporting.periods import Quarter
from tests.reporting.reports import built, published


def a_contract(service):
    """A contract that every commissioner of the service reads."""
    found = Contract.objects.filter(service=service).first()
    if found is not None:
        return found
    terms = contracts.Terms(
        commissioner="A Commissioner", name="Core contract", starts_on=today() - dt.timedelta(days=730)
    )
    manager = a_manager(service)
    with act(manager, service):
        return contracts.make_contract(
            service, terms, readers=list(contracts.commissioners_of(service)), by=manager
        )


def a_local_measure(service):
    contract = a_contract(service)
    found = local.measures_in(contract).first()
    with act(manager := a_manager(service), service):
        return found or local.add_measure(contract, measure="referrals", rows="source", by=manager)


def a_local_question(service):
    with act(manager := a_manager(service), service):
        return local.add_question(a_contract(service), question="What was learnt?", by=manager)


def a_manager(service):
    return Membership.objects.filter(service=service, roles__contains=["manager"]).first().user


def a_target(service):
    contract = a_contract(service)
    manager = a_manager(service)
    with act(manager, service):
        return contracts.set_target(
            contract, measure="referrals", bound="at_least", value=Decimal(50), by=manager
        )


def a_draft(service):
    """A report of a contract that is being written, its numbers counted."""
    contract, quarter = a_contract(service), Quarter.last_ended()
    manager = a_manager(service)
    found = ReportDraft.objects.filter(contract=contract, quarter=quarter.key, published__isnull=True).first()
    if found is not None:
        return found
    return built(contract, quarter, manager)


def a_report(service):
    """A published report that every commissioner of the service reads."""
    found = PublishedReport.objects.filter(service=service).first()
    if found is not None:
        return found
    manager = a_manager(service)
    return published(a_contract(service), Quarter.last_ended().before(1), manager)

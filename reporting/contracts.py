"""Contracts with commissioners: kept by a manager or the records lead, read by the commissioners they name."""

import datetime as dt
from dataclasses import dataclass, field, fields
from decimal import Decimal

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from isva.access.acting import ActingPerson
from isva.access.roles import Permission, Role
from isva.accounts.models import Membership, Service, User
from isva.clock.moment import today
from isva.refusal import Refusal
from isva.stale import as_seen, refuse_stale
from reporting.measures import MEASURES, Measure, measure_named
from reporting.models import Contract, ContractReader, ContractTarget
from reporting.models.contract import every_section, usual_planned
from reporting.periods import Period
from reporting.scope import Scope
from reporting.tables import Kind


class CannotKeep(Refusal):
    """A contract cannot be kept like this. Its text says why."""


@dataclass(frozen=True)
class Terms:
    """What a contract says."""

    commissioner: str
    name: str
    starts_on: dt.date
    area: str = ""
    ends_on: dt.date | None = None
    sections: list[str] = field(default_factory=every_section)
    planned_reasons: list[str] = field(default_factory=usual_planned)


#: The fields of a contract that are filled in.
TERMS = tuple(one.name for one in fields(Terms))


def mark_of(contract: Contract) -> str:
    """The mark of what a contract says now."""
    return as_seen(contract, TERMS)


def contracts_seen_by(person: ActingPerson):
    """The contracts that somebody may see, by commissioner and name."""
    return Contract.objects.visible_to(person.user)


def may_keep(person: ActingPerson) -> bool:
    """Whether somebody may make and change contracts."""
    return person.can(Permission.PUBLISH_REPORT) or person.can(Permission.KEEP_RECORDS)


def commissioners_of(service: Service):
    """The members of a service, of today, who read reports for a commissioner."""
    members = Membership.objects.filter(service=service, roles__contains=[Role.COMMISSIONER]).live()
    return members.select_related("user").order_by("user__name", "pk")


@transaction.atomic
def make_contract(service: Service, terms: Terms, *, readers, by: User) -> Contract:
    """Make a contract, read by ``readers`` (memberships of commissioners). Raises CannotKeep, in words."""
    contract = Contract(service=service, **vars(terms))
    _save(contract, force_insert=True)
    set_readers(contract, readers, by=by)
    return contract


@transaction.atomic
def change_contract(
    contract: Contract, terms: Terms, *, readers, by: User, seen: str | None = None
) -> Contract:
    """Change what a contract says, and who reads it; what it said before stays in its history.

    ``seen`` is the mark of what the page showed. Raises CannotKeep, and ChangedMeanwhile.
    """
    locked = Contract.objects.select_for_update(of=("self",)).get(pk=contract.pk)
    refuse_stale(locked, TERMS, seen=seen)
    for name, value in vars(terms).items():
        setattr(contract, name, value)
    _save(contract)
    set_readers(contract, readers, by=by)
    return contract


def _save(contract: Contract, **how) -> None:
    if contract.ends_on and contract.ends_on < contract.starts_on:
        raise CannotKeep(_("A contract ends on or after the day it begins."))
    if contract.area and contract.area not in contract.service.areas:
        raise CannotKeep(_("Choose one of the areas of the service."))
    if not contract.sections:
        raise CannotKeep(_("Choose at least one section for its reports."))
    try:
        with transaction.atomic():
            contract.save(**how)
    except IntegrityError as twice:
        raise CannotKeep(_("This commissioner has a contract of this name already.")) from twice


def set_readers(contract: Contract, readers, *, by: User) -> None:
    """Let these commissioners read the contract's reports, and nobody else, from now on.

    Raises CannotKeep where somebody is no commissioner of the service.
    """
    wanted = {one.pk for one in readers}
    if wanted - {one.pk for one in commissioners_of(contract.service)}:
        raise CannotKeep(_("Only commissioners of this service read its reports."))
    there = {
        one.membership_id: one
        for one in ContractReader.objects.filter(contract=contract, ended_on__isnull=True)
    }
    for key, reader in there.items():
        if key not in wanted:
            reader.ended_on = today()
            reader.save(update_fields=["ended_on"])
    for key in wanted - set(there):
        ContractReader(
            service_id=contract.service_id, contract=contract, membership_id=key, began_on=today()
        ).save(force_insert=True)


def readers_of(contract: Contract) -> list[ContractReader]:
    """Who reads the reports of a contract now, by name."""
    live = ContractReader.objects.filter(contract=contract, ended_on__isnull=True)
    return list(live.select_related("membership__user").order_by("membership__user__name"))


def targets_in(contract: Contract):
    """The targets of a contract, as a query."""
    return ContractTarget.objects.filter(contract=contract)


def targets_of(contract: Contract) -> list[ContractTarget]:
    """The targets of a contract, in the order of the registry."""
    order = list(MEASURES)
    return sorted(
        targets_in(contract),
        key=lambda one: order.index(one.measure) if one.measure in MEASURES else len(order),
    )


def check_value(measure: Measure, value: Decimal) -> None:
    """Raise CannotKeep where a value cannot be asked of a measure."""
    if value < 0 or (measure.kind is Kind.SHARE and value > 100):
        raise CannotKeep(_("A share is between 0 and 100 percent."))


@transaction.atomic
def set_target(contract: Contract, *, measure: str, bound: str, value: Decimal, by: User) -> ContractTarget:
    """Set what a contract asks of a measure; one that was set before is changed. Raises CannotKeep.

    Shares are in percent, spreads are about the median, in the measure's unit.
    """
    known = measure_named(measure)
    if known is None:
        raise CannotKeep(_("Choose a measure."))
    check_value(known, value)
    target = ContractTarget.objects.select_for_update().filter(contract=contract, measure=measure).first()
    if target is None:
        target = ContractTarget(service_id=contract.service_id, contract=contract, measure=measure)
    target.bound, target.value = ContractTarget.Bound(bound), value
    target.save()
    return target


def remove_target(target: ContractTarget, *, by: User) -> None:
    """Ask nothing of a measure any more; what was asked stays in the history."""
    target.delete()


def scope_of(contract: Contract, period: Period) -> Scope | None:
    """What a report of a contract counts over a period: its area, the days on which it ran; None where it did not run."""
    runs = Period(contract.starts_on, contract.ends_on or dt.date.max - dt.timedelta(days=2))
    days = period.overlap(runs)
    if days is None:
        return None
    planned = tuple(sorted(contract.planned_reasons)) if contract.moves_a_reason else ()
    return Scope(
        service=contract.service, period=days, area=contract.area or None, contract=contract, planned=planned
    )

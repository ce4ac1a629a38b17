"""A contract: what a commissioner pays a service for, over which time and area, and what is asked of it.

Nothing here leads to a client: a contract names a service and an area, never a case.
"""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from casework.models import Closure
from isva.access.acting import acting_person
from isva.access.roles import Permission
from isva.db.history import RecordHistory
from isva.db.records import OfServiceQuerySet, ServiceRecord
from reporting.measures.kinds import Section


def every_section() -> list[str]:
    """All sections of a report."""
    return list(Section.values)


def usual_planned() -> list[str]:
    """The reasons of closure that count as planned unless a contract moves one."""
    return [reason.value for reason in Closure.PLANNED]


class ContractQuerySet(OfServiceQuerySet):
    """Contracts: a commissioner sees those they read for; who publishes reports or keeps records, all of the service."""

    def visible_to(self, user):
        """The contracts that ``user`` may see in the service they act in."""
        rows, person = super().visible_to(user), acting_person()
        if person is not None and (
            person.can(Permission.PUBLISH_REPORT) or person.can(Permission.KEEP_RECORDS)
        ):
            return rows
        if person is None or not person.can(Permission.READ_REPORTS):
            return rows.none()
        reads = ContractReader.objects.filter(membership__user=user, ended_on__isnull=True)
        return rows.filter(pk__in=reads.values("contract"))


class Contract(ServiceRecord):
    """A commissioner pays the service for an area (none named: for all of it) from a day, perhaps until one.

    ``sections`` are the parts of a report that it gets; ``planned_reasons`` the reasons of closure that count as planned
    in it, in which it may differ from the service.
    """

    commissioner = models.CharField(_("commissioner"), max_length=120)
    name = models.CharField(_("name of the contract"), max_length=120)
    area = models.CharField(_("area"), max_length=80, blank=True)
    starts_on = models.DateField(_("from"))
    ends_on = models.DateField(_("until"), null=True, blank=True)
    sections = ArrayField(
        models.CharField(max_length=15, choices=Section),
        verbose_name=_("sections of its reports"),
        default=every_section,
    )
    planned_reasons = ArrayField(
        models.CharField(max_length=20, choices=Closure.Reason), verbose_name=_("closures that count as planned"),
        default=usual_planned,
    )  # fmt: skip

    history = RecordHistory()
    objects = ContractQuerySet.as_manager()

    class Meta:
        ordering = ["commissioner", "name"]
        constraints = [
            models.UniqueConstraint(fields=["service", "id"], name="contract_of_service"),
            models.UniqueConstraint(
                fields=["service", "commissioner", "name"], name="one_contract_of_a_name"
            ),
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True) | Q(ends_on__gte=F("starts_on")),
                name="contract_ends_after_it_starts",
            ),
        ]

    @property
    def moves_a_reason(self) -> bool:
        """Whether what counts as planned in it differs from the service's own."""
        return sorted(self.planned_reasons) != sorted(usual_planned())


class OfContractQuerySet(models.QuerySet):
    """Rows of a contract, seen where the contract is seen."""

    def visible_to(self, user):
        """The rows of the contracts that ``user`` may see."""
        return self.filter(contract__in=Contract.objects.visible_to(user))


class ContractReader(ServiceRecord):
    """A member of the service, a commissioner, reads the reports of a contract, until that is ended."""

    contract = models.ForeignKey(Contract, on_delete=models.PROTECT, related_name="readers")
    membership = models.ForeignKey("accounts.Membership", on_delete=models.PROTECT, related_name="+")
    began_on = models.DateField()
    ended_on = models.DateField(null=True)

    history = RecordHistory()
    objects = OfContractQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["contract", "membership"],
                condition=Q(ended_on__isnull=True),
                name="one_reader_of_a_contract",
            )
        ]


class ContractTarget(ServiceRecord):
    """What a contract asks of a measure: at least, or at most, a value in the measure's own unit (shares in percent)."""

    class Bound(models.TextChoices):
        AT_LEAST = "at_least", _("at least")
        AT_MOST = "at_most", _("at most")

    contract = models.ForeignKey(Contract, on_delete=models.PROTECT, related_name="targets")
    measure = models.SlugField(_("measure"), max_length=40)
    bound = models.CharField(_("at least or at most"), max_length=8, choices=Bound)
    value = models.DecimalField(_("value"), max_digits=8, decimal_places=1)

    history = RecordHistory()
    objects = OfContractQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["contract", "measure"], name="one_target_of_a_measure"),
            models.CheckConstraint(condition=Q(value__gte=0), name="a_target_is_not_negative"),
        ]

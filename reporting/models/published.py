"""A published report: its numbers, frozen with a checksum, and who signed it. Written once: the database refuses a change.

A correction is a new version that says what changed. The current one is the highest version; nothing has to be
rewritten for an earlier one to be replaced, and it stays readable.
"""

from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from isva.access.acting import acting_person
from isva.db.fields import ProtectedText
from isva.db.records import OfServiceQuerySet, ServiceRecord
from reporting.models.contract import Contract
from reporting.periods import Quarter


class PublishedReportQuerySet(OfServiceQuerySet):
    """Published reports: seen where their contract is seen."""

    def visible_to(self, user):
        """The reports of the contracts that ``user`` sees."""
        if acting_person() is None:
            return self.none()
        return super().visible_to(user).filter(contract__in=Contract.objects.visible_to(user))

    def with_standing(self):
        """Each with ``replaced``: whether a later version corrects it."""
        later = PublishedReport.objects.filter(
            contract=OuterRef("contract"), quarter=OuterRef("quarter"), version__gt=OuterRef("version")
        )
        return self.annotate(replaced=Exists(later))

    def current(self):
        """The one version of each report that no later one corrects."""
        return self.with_standing().filter(replaced=False)


class PublishedReport(ServiceRecord):
    """One version of the report of a contract and quarter. ``content`` holds every number of it and every word.

    Small counts are in ``content`` too: later reports are protected against being compared with this one. They leave
    the database in no page and in no file.
    """

    written_once = True

    contract = models.ForeignKey(Contract, on_delete=models.PROTECT, related_name="reports")
    quarter = models.CharField(_("quarter"), max_length=7)
    version = models.PositiveSmallIntegerField(_("version"))
    at = models.DateTimeField(_("published"))
    signed_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")
    what_changed = ProtectedText(_("what changed"), max_length=1000)
    content = models.JSONField()
    checksum = models.CharField(max_length=64)

    objects = PublishedReportQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["contract", "quarter", "version"], name="one_report_of_a_version"
            ),
            models.CheckConstraint(
                condition=Q(version=1, what_changed="") | (Q(version__gt=1) & ~Q(what_changed="")),
                name="a_correction_says_what_changed",
            ),
        ]  # fmt: skip
        indexes = [models.Index(fields=["service", "-quarter", "-version"], name="reports_of_a_service")]

    @property
    def of_quarter(self) -> Quarter:
        """The quarter it tells of. Raises ValueError for a key that is none."""
        found = Quarter.named(self.quarter)
        if found is None:
            raise ValueError("A report names no quarter.")
        return found


class ReportFile(ServiceRecord):
    """The PDF of a published report, as it was made once."""

    written_once = True

    report = models.OneToOneField(PublishedReport, on_delete=models.PROTECT, related_name="pdf")
    at = models.DateTimeField()
    data = models.BinaryField()
    checksum = models.CharField(max_length=64)

    objects = OfServiceQuerySet.as_manager()

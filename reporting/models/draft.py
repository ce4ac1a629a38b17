"""A report on its way: what the manager writes into it, what the service will change, and each build of its numbers."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from isva.db.fields import ProtectedText
from isva.db.history import RecordHistory
from isva.db.records import OfServiceQuerySet, ServiceRecord
from reporting.models.contract import Contract
from reporting.models.published import PublishedReport
from reporting.periods import Quarter


class ReportDraft(ServiceRecord):
    """The report of a contract and quarter that is being written. ``what_changed`` is said where it corrects a published one."""

    contract = models.ForeignKey(Contract, on_delete=models.PROTECT, related_name="drafts")
    quarter = models.CharField(_("quarter"), max_length=7)
    begun_at = models.DateTimeField()
    begun_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")
    what_changed = ProtectedText(_("what changed"), max_length=1000)
    published = models.OneToOneField(
        PublishedReport, null=True, on_delete=models.PROTECT, related_name="draft"
    )

    history = RecordHistory()
    objects = OfServiceQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["contract", "quarter"], condition=Q(published__isnull=True), name="one_draft_of_a_report"
            )
        ]  # fmt: skip

    @property
    def of_quarter(self) -> Quarter:
        """The quarter it tells of. Raises ValueError for a key that is none."""
        found = Quarter.named(self.quarter)
        if found is None:
            raise ValueError("A draft names no quarter.")
        return found


class Passage(ServiceRecord):
    """What the manager says to one section of a report: to the numbers, and to nobody's story."""

    draft = models.ForeignKey(ReportDraft, on_delete=models.PROTECT, related_name="passages")
    section = models.CharField(max_length=20)
    text = ProtectedText(_("commentary"), max_length=3000)
    changed_at = models.DateTimeField()

    history = RecordHistory()
    objects = OfServiceQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["draft", "section"], name="one_passage_of_a_section")
        ]  # fmt: skip


class Change(ServiceRecord):
    """What the service will change after what a report shows, and by when."""

    draft = models.ForeignKey(ReportDraft, on_delete=models.PROTECT, related_name="changes")
    what = ProtectedText(_("what will change"), max_length=500, blank=False)
    by_when = models.DateField(_("by when"))

    history = RecordHistory()
    objects = OfServiceQuerySet.as_manager()


class ReportBuild(ServiceRecord):
    """One build of a draft's numbers by the worker: how far it is, and what came of it.

    It is whole or it is nothing: numbers and PDF are written in one act, when all is done.
    """

    class State(models.TextChoices):
        WAITING = "waiting", _("Waiting for its turn")
        RUNNING = "running", _("Being built")
        DONE = "done", _("Built")
        FAILED = "failed", _("Failed")
        CANCELLED = "cancelled", _("Cancelled")

    class Failure(models.TextChoices):
        GIVES_AWAY = (
            "gives_away",
            _(
                "What was published before would give a small number away, whatever this report hides. Nothing was built."
            ),
        )
        STOPPED = "stopped", _("It stopped before it was done. Nothing of it was kept.")
        BROKEN = "broken", _("Something went wrong on our side. Nothing of it was kept.")

    draft = models.ForeignKey(ReportDraft, on_delete=models.PROTECT, related_name="builds")
    state = models.CharField(max_length=10, choices=State, default=State.WAITING)
    failure = models.CharField(max_length=10, choices=Failure, blank=True)
    asked_at = models.DateTimeField()
    asked_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")
    begun_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    counted = models.JSONField(null=True)
    pdf = models.BinaryField(null=True)

    objects = OfServiceQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["draft"], condition=Q(state__in=["waiting", "running"]), name="one_build_at_a_time"
            ),
            models.CheckConstraint(
                condition=Q(state="done", counted__isnull=False) | (~Q(state="done") & Q(counted__isnull=True)),
                name="a_build_is_whole_or_nothing",
            ),
            models.CheckConstraint(
                condition=(Q(state="failed") & ~Q(failure="")) | (~Q(state="failed") & Q(failure="")),
                name="a_failed_build_says_why",
            ),
        ]  # fmt: skip

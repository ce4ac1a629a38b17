"""Allocation: who takes a case, why, and what was weighed."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from isva.db.fields import ProtectedText
from isva.db.records import CaseRecord


class UrgentAllocation(CaseRecord):
    """An urgent allocation that a named manager has to make: one open task per case, until it is done."""

    manager = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")
    reason = ProtectedText(_("reason"), max_length=2000, blank=False)
    raised_at = models.DateTimeField()
    acknowledged_by = models.ForeignKey(
        "accounts.User", null=True, on_delete=models.PROTECT, related_name="+"
    )
    acknowledged_at = models.DateTimeField(null=True, blank=True)
    done_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["case"], condition=Q(done_at__isnull=True), name="one_urgent_allocation_per_case"
            ),
        ]


class Allocation(CaseRecord):
    """A case in the hands of one ISVA: decided by a manager, with the ranking that was on the table.

    ``recorded_by`` is the manager who decided. A change of worker ends one row and begins another.
    """

    isva = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")
    allocated_at = models.DateTimeField()
    reason = ProtectedText(_("reason"), max_length=2000)
    ranking = models.JSONField(default=list)
    override_reason = ProtectedText(_("why the advice was not followed"), max_length=2000)
    first_session_due_on = models.DateField(null=True, blank=True)
    handover_note = ProtectedText(_("handover note"), max_length=5000)
    ended_at = models.DateTimeField(null=True, blank=True)
    end_reason = ProtectedText(_("why it ended"), max_length=2000)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["case"], condition=Q(ended_at__isnull=True), name="one_isva_carries_a_case"
            ),
        ]

"""Who may see a case: grants, and the walls that outrank every grant."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from isva.db.fields import ProtectedText
from isva.db.records import CaseRecord, ClientRecord


class Grant(CaseRecord):
    """One reason for which one person may see one case. Several may overlap; each ends by itself.

    Written by ``casework/access.py`` only.
    """

    class Why(models.TextChoices):
        ALLOCATION = "allocation", _("Allocated")
        INTERIM = "interim", _("Interim worker")
        COVER = "cover", _("Cover")

    user = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="grants")
    why = models.CharField(max_length=10, choices=Why)
    read_only = models.BooleanField(default=False)
    reason = models.TextField(blank=True)
    starts_at = models.DateTimeField()
    until = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    end_reason = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(until__isnull=True) | Q(until__gt=F("starts_at")),
                name="grant_ends_after_it_starts",
            ),
            models.UniqueConstraint(
                fields=["case", "user", "why"],
                condition=Q(ended_at__isnull=True),
                name="one_live_grant_of_a_kind",
            ),
        ]
        indexes = [models.Index(fields=["user", "case", "until"])]


class Conflict(ClientRecord):
    """This worker knows this client or the suspect: they see no case of the client, whatever else they hold."""

    user = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="conflicts")
    reason = ProtectedText(_("reason"), max_length=500)
    lifted_at = models.DateTimeField(null=True, blank=True)
    lifted_by = models.ForeignKey("accounts.User", null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["client", "user"], condition=Q(lifted_at__isnull=True), name="one_conflict_per_person"
            ),
        ]

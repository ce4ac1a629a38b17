"""Encrypted drafts with a short life, and the tokens that make a double submit one record."""

import uuid

from django.db import models
from django.db.models import Q


class Draft(models.Model):
    """What somebody typed and has not sent: encrypted, short-lived, never in the session or the cache.

    A public form's draft is found by the hash of a key that only the visitor's cookie holds; a member of
    staff has one draft for each form and case.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    service = models.ForeignKey("accounts.Service", on_delete=models.CASCADE, related_name="+")
    user = models.ForeignKey("accounts.User", null=True, on_delete=models.CASCADE, related_name="+")
    form = models.CharField(max_length=60)
    about = models.UUIDField(null=True)
    key_hash = models.CharField(max_length=64, null=True, unique=True)
    sealed = models.BinaryField()
    kept_at = models.DateTimeField()
    expires_at = models.DateTimeField(db_index=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["service", "user", "form", "about"],
                condition=Q(user__isnull=False),
                nulls_distinct=False,
                name="one_draft_per_form",
            ),
            models.CheckConstraint(
                condition=Q(user__isnull=False) | Q(key_hash__isnull=False), name="draft_belongs_to_someone"
            ),
        ]


class Submission(models.Model):
    """A form that was sent. Its token can be claimed once; a second press of the button finds it taken."""

    token = models.UUIDField(primary_key=True)
    claimed_at = models.DateTimeField(db_index=True)

"""What goes on between a referral and its sender, and between a referral and what is known already."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from isva.db.fields import ProtectedText
from isva.db.records import CaseRecord


class StatusLink(CaseRecord):
    """The secret link by which a referrer sees how far the referral is: unguessable, it ends, it names nobody."""

    token_hash = models.CharField(max_length=64, unique=True)
    expires_at = models.DateTimeField()


class InformationRequest(CaseRecord):
    """A referral returned to its sender for what is missing; the request and the answer are on the record."""

    gaps = ArrayField(models.CharField(max_length=30), default=list, blank=True)
    question = ProtectedText(_("what we need to know"), max_length=2000, blank=False)
    due_at = models.DateTimeField()
    token_hash = models.CharField(max_length=64, unique=True)
    answer = ProtectedText(_("answer"), max_length=5000)
    answered_at = models.DateTimeField(null=True, blank=True)


class PossibleDuplicate(CaseRecord):
    """A client already known who may be the same person: shown with its reasons, never merged by the machine."""

    class Standing(models.TextChoices):
        SUGGESTED = "suggested", _("To be looked at")
        LINKED = "linked", _("The same person")
        DISMISSED = "dismissed", _("Somebody else")

    other = models.ForeignKey("casework.Client", on_delete=models.PROTECT, related_name="+")
    own = models.ForeignKey("casework.Client", on_delete=models.PROTECT, related_name="+")
    score = models.PositiveSmallIntegerField()
    reasons = ArrayField(models.CharField(max_length=30), default=list)
    standing = models.CharField(max_length=10, choices=Standing, default=Standing.SUGGESTED)
    decided_by = models.ForeignKey("accounts.User", null=True, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField(null=True, blank=True)
    #: The safe contacts that came to the known client with the link, so that undoing it finds them.
    arrived = ArrayField(models.UUIDField(), default=list, blank=True)
    #: The conflicts and the restriction that came to stand around the known client with the link, for the same.
    walls = ArrayField(models.UUIDField(), default=list, db_default=[], blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["case", "other"], name="one_suggestion_per_client"),
            models.UniqueConstraint(
                fields=["case"], condition=Q(standing="linked"), name="linked_to_one_client"
            ),
        ]

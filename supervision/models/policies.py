"""The policies of the service: each version from a day, reviewed by a day, and who has read it."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from isva.db.history import RecordHistory
from isva.db.records import OfServiceQuerySet, ServiceRecord


class Policy(ServiceRecord):
    """A policy of the service; what it says is in its versions. Source: quality standards (governance)."""

    class Kind(models.TextChoices):
        CONFIDENTIALITY = "confidentiality", _("Confidentiality")
        SAFEGUARDING = "safeguarding", _("Safeguarding")
        WHISTLEBLOWING = "whistleblowing", _("Whistleblowing")
        COMPLAINTS = "complaints", _("Complaints")
        LONE_WORKING = "lone_working", _("Lone working")
        DATA_PROTECTION = "data_protection", _("Data protection and records")
        EQUALITY = "equality", _("Equality and inclusion")
        OTHER = "other", _("Another policy")

    title = models.CharField(_("title"), max_length=120)
    kind = models.CharField(_("about"), max_length=16, choices=Kind)
    ended_on = models.DateField(_("ended on"), null=True, blank=True)

    history = RecordHistory()
    objects = OfServiceQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["service", "title"], name="one_policy_of_a_title")]


class PolicyVersion(ServiceRecord):
    """One version of a policy: adopted on a day, in force until the next one. ``reviewed_on`` is when it was last confirmed."""

    policy = models.ForeignKey(Policy, on_delete=models.PROTECT, related_name="versions")
    version = models.CharField(_("version"), max_length=20)
    reference = models.CharField(_("where it can be read"), max_length=200)
    what_is_new = models.CharField(_("what is new, in a line"), max_length=300, blank=True)
    adopted_on = models.DateField(_("adopted on"))
    review_due_on = models.DateField(_("review due on"))
    reviewed_on = models.DateField(_("reviewed on"), null=True)
    reviewed_by = models.ForeignKey("accounts.User", null=True, on_delete=models.PROTECT, related_name="+")
    replaced_on = models.DateField(null=True)
    recorded_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()

    history = RecordHistory()
    objects = OfServiceQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["policy", "version"], name="one_version_of_a_name"),
            models.UniqueConstraint(
                fields=["policy"], condition=Q(replaced_on__isnull=True), name="one_version_in_force"
            ),
            models.CheckConstraint(
                condition=Q(review_due_on__gt=F("adopted_on")), name="policy_is_reviewed_after_it_is_adopted"
            ),
        ]


class PolicyReading(ServiceRecord):
    """Somebody says that they have read a version."""

    version = models.ForeignKey(PolicyVersion, on_delete=models.PROTECT, related_name="readings")
    user = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")
    read_at = models.DateTimeField()

    history = RecordHistory()
    objects = OfServiceQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["version", "user"], name="a_version_is_read_once_by_each")
        ]

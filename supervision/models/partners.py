"""What the service agrees and raises with its partners: protocols, groups and their meetings, systemic issues.

Nothing of any client stands here. Source: police and CPS framework, components 2, 3 and 7.
"""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from casework.models import Agency
from isva.db.fields import ProtectedText
from isva.db.history import RecordHistory
from isva.db.records import OfServiceQuerySet, ServiceRecord


class Protocol(ServiceRecord):
    """An information-sharing protocol: what may be shared with whom is agreed in a document, which is named in words."""

    title = models.CharField(_("title"), max_length=160)
    reference = models.CharField(_("where the document is kept"), max_length=200)
    signed_on = models.DateField(_("signed on"))
    review_due_on = models.DateField(_("review due on"))
    ended_on = models.DateField(_("ended on"), null=True, blank=True)

    history = RecordHistory()
    objects = OfServiceQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(review_due_on__gt=F("signed_on")), name="protocol_is_reviewed_after_it_is_signed"
            )
        ]
        indexes = [
            models.Index(
                fields=["service", "review_due_on"], condition=Q(ended_on__isnull=True), name="protocols_in_force"
            )
        ]  # fmt: skip


class ProtocolAgency(ServiceRecord):
    """An agency that has signed a protocol."""

    protocol = models.ForeignKey(Protocol, on_delete=models.PROTECT, related_name="parties")
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="protocols")

    history = RecordHistory()
    objects = OfServiceQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["protocol", "agency"], name="an_agency_signs_a_protocol_once")
        ]


class ProtocolReview(ServiceRecord):
    """A protocol was reviewed: when, by whom, what came of it, and when next."""

    protocol = models.ForeignKey(Protocol, on_delete=models.PROTECT, related_name="reviews")
    reviewed_on = models.DateField(_("reviewed on"))
    outcome = ProtectedText(_("what came of it"), max_length=500)
    next_review_on = models.DateField(_("next review"))
    recorded_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()

    history = RecordHistory()
    objects = OfServiceQuerySet.as_manager()


class PartnerGroup(ServiceRecord):
    """A group of agencies in which the service sits. ``counts_from`` is the day from which the first meeting is waited for."""

    class Kind(models.TextChoices):
        STRATEGIC = "strategic", _("Strategic group")
        SCRUTINY = "scrutiny", _("Scrutiny group")
        OTHER = "other", _("Another group")

    name = models.CharField(_("name"), max_length=160)
    kind = models.CharField(_("kind"), max_length=10, choices=Kind)
    counts_from = models.DateField()
    next_on = models.DateField(_("next meeting planned on"), null=True, blank=True)
    ended_on = models.DateField(_("ended on"), null=True, blank=True)

    history = RecordHistory()
    objects = OfServiceQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["service", "name"], name="one_group_of_a_name")]
        indexes = [
            models.Index(
                fields=["service", "kind"], condition=Q(ended_on__isnull=True), name="groups_that_meet"
            )
        ]


class GroupAgency(ServiceRecord):
    """An agency that sits in a group."""

    group = models.ForeignKey(PartnerGroup, on_delete=models.PROTECT, related_name="parties")
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="groups")

    history = RecordHistory()
    objects = OfServiceQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["group", "agency"], name="an_agency_sits_in_a_group_once")
        ]


class GroupMeeting(ServiceRecord):
    """A meeting of a group that was held: what was concluded, in words that name no client."""

    group = models.ForeignKey(PartnerGroup, on_delete=models.PROTECT, related_name="meetings")
    planned_on = models.DateField(null=True)
    held_on = models.DateField(_("held on"))
    concluded = ProtectedText(_("what was concluded"), max_length=3000, blank=False)
    recorded_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()

    history = RecordHistory()
    objects = OfServiceQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["group", "held_on"], name="one_meeting_of_a_group_a_day")
        ]


class GroupAttendance(ServiceRecord):
    """Somebody of the service who was at a meeting."""

    meeting = models.ForeignKey(GroupMeeting, on_delete=models.PROTECT, related_name="attended")
    user = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")

    history = RecordHistory()
    objects = OfServiceQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["meeting", "user"], name="somebody_attends_a_meeting_once")
        ]


class GroupAction(ServiceRecord):
    """What the service took upon itself in a meeting: who does it, by when, and when it was done."""

    meeting = models.ForeignKey(GroupMeeting, on_delete=models.PROTECT, related_name="actions")
    what = ProtectedText(_("what"), max_length=500, blank=False)
    owner = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")
    due_on = models.DateField(_("by when"))
    done_on = models.DateField(null=True)

    history = RecordHistory()
    objects = OfServiceQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(
                fields=["service", "due_on"], condition=Q(done_on__isnull=True), name="open_group_actions"
            )
        ]


class SystemicIssue(ServiceRecord):
    """Something that goes wrong again and again, raised with those who can change it; institutional advocacy.

    No client is named. Source: statutory guidance (institutional advocacy).
    """

    class Level(models.TextChoices):
        PRACTICE = "practice", _("With the workers concerned")
        MANAGEMENT = "management", _("With their managers, or the single point of contact")
        SCRUTINY = "scrutiny", _("In a scrutiny group")
        STRATEGIC = "strategic", _("In a strategic group")
        ELSEWHERE = "elsewhere", _("Elsewhere: commissioner, inspectorate, national body")

    class Status(models.TextChoices):
        RAISED = "raised", _("Raised")
        WORKED_ON = "worked_on", _("Being worked on")
        CHANGED = "changed", _("Something changed")
        UNCHANGED = "unchanged", _("Nothing changed")

    title = models.CharField(_("what goes wrong, in a line"), max_length=160)
    what = ProtectedText(_("what goes wrong"), max_length=3000)
    agency = models.ForeignKey(
        Agency, null=True, blank=True, on_delete=models.PROTECT, related_name="issues", verbose_name=_("agency")
    )  # fmt: skip
    level = models.CharField(_("where it was raised"), max_length=12, choices=Level)
    group = models.ForeignKey(
        PartnerGroup, null=True, blank=True, on_delete=models.PROTECT, related_name="issues", verbose_name=_("group")
    )  # fmt: skip
    raised_on = models.DateField(_("raised on"))
    status = models.CharField(_("how it stands"), max_length=10, choices=Status, default=Status.RAISED)
    what_changed = ProtectedText(_("what changed"), max_length=3000)
    ended_on = models.DateField(_("since when"), null=True, blank=True)
    recorded_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()

    history = RecordHistory()
    objects = OfServiceQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(status__in=["changed", "unchanged"], ended_on__isnull=False)
                | Q(status__in=["raised", "worked_on"], ended_on__isnull=True),
                name="an_issue_that_has_ended_says_since_when",
            )
        ]
        indexes = [models.Index(fields=["service", "status", "raised_on"])]

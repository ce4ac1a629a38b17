"""Step-down and closure: proposed by one person, decided by another."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from casework.models.assessment import SasReview
from isva.db.fields import ProtectedText
from isva.db.records import CaseRecord


class Decision(models.TextChoices):
    PROPOSED = "proposed", _("Waiting for the manager")
    APPROVED = "approved", _("Approved")
    SENT_BACK = "sent_back", _("Sent back")
    WITHDRAWN = "withdrawn", _("Withdrawn")


class Proposal(CaseRecord):
    """Something proposed by one person and decided by another (the proposer is ``recorded_by``)."""

    sas_review = models.ForeignKey(SasReview, on_delete=models.PROTECT, related_name="+")
    decision = models.CharField(max_length=10, choices=Decision, default=Decision.PROPOSED)
    decided_by = models.ForeignKey("accounts.User", null=True, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField(null=True, blank=True)
    decision_reason = ProtectedText(_("reason"), max_length=2000)

    class Meta:
        abstract = True


class StepDown(Proposal):
    """Support pauses within an open case: the person keeps an open door and a review point (report, Annex A 6)."""

    reason = ProtectedText(_("reason"), max_length=2000, blank=False)
    contact_every_days = models.PositiveSmallIntegerField(_("days between check-ins"))
    review_on = models.DateField(_("review on"))
    milestones = ProtectedText(_("milestones to watch"), max_length=2000)
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_why = ProtectedText(_("why support became active again"), max_length=1000)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(decided_by__isnull=True) | ~Q(decided_by=F("recorded_by")),
                name="step_down_is_decided_by_another_person",
            ),
            models.UniqueConstraint(
                fields=["case"], condition=Q(decision="proposed"), name="one_step_down_proposed"
            ),
        ]


class Closure(Proposal):
    """The end of support: reason, what changed, how to come back; signed off by another person (Annex A 7)."""

    class Reason(models.TextChoices):
        WORK_DONE = "work_done", _("The work is done")
        JUSTICE_ENDED = "justice_ended", _("The justice process has ended")
        NEEDS_MET_ELSEWHERE = "needs_met_elsewhere", _("Needs are met elsewhere")
        DISENGAGED = "disengaged", _("The client disengaged")
        LOST_CONTACT = "lost_contact", _("Contact was lost")
        MOVED = "moved", _("The client moved away")
        CUSTODY = "custody", _("The client is in custody")
        ILL_HEALTH = "ill_health", _("Ill health")
        DECLINED = "declined", _("The client declined further support")

    PLANNED = (Reason.WORK_DONE, Reason.JUSTICE_ENDED, Reason.NEEDS_MET_ELSEWHERE)

    reason = models.CharField(_("reason"), max_length=20, choices=Reason)
    what_changed = ProtectedText(_("what changed since the first assessment"), max_length=5000, blank=False)
    onward_support = ProtectedText(_("support in place from now on"), max_length=3000)
    return_explained = models.BooleanField(_("the client knows how to come back"), default=False)
    feedback_invited = models.BooleanField(_("feedback was invited"), default=False)
    agencies_told = ProtectedText(_("agencies told"), max_length=1000)
    other_service_tried = ProtectedText(_("another service’s help that was tried"), max_length=1000)
    welfare_decision = ProtectedText(_("welfare decision"), max_length=1000)
    override_reason = ProtectedText(_("why it is closed all the same"), max_length=1000)
    reopened_at = models.DateTimeField(null=True, blank=True)
    reopened_why = ProtectedText(_("why it was reopened"), max_length=1000)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(decided_by__isnull=True) | ~Q(decided_by=F("recorded_by")),
                name="closure_is_decided_by_another_person",
            ),
            models.UniqueConstraint(
                fields=["case"], condition=Q(decision="proposed"), name="one_closure_proposed"
            ),
        ]

    @property
    def is_planned(self) -> bool:
        """Whether the ending counts as planned; disengaged counts as unplanned."""
        return self.reason in self.PLANNED

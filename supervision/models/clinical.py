"""That clinical supervision took place: dates and attendance.

Its content stays between the two: there is no field in which it could be written, and a manager reads no row of it, only
the dates that ``supervision/clinical.py`` tells.
"""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from isva.db.history import RecordHistory
from isva.db.records import OfServiceQuerySet, ServiceRecord
from supervision.models.arrangement import Arrangement


class ClinicalSessionQuerySet(OfServiceQuerySet):
    """Sessions of clinical supervision: a row is seen by the two who were in it, and by nobody else."""

    def visible_to(self, user):
        """The sessions that ``user`` had, or gave."""
        return (
            super()
            .visible_to(user)
            .filter(Q(arrangement__membership__user=user) | Q(arrangement__supervisor=user))
        )


class ClinicalSession(ServiceRecord):
    """Clinical supervision of one person took place, or did not, on a day. Nothing here can be written in one's own words."""

    class Format(models.TextChoices):
        INDIVIDUAL = "individual", _("Individual")
        GROUP = "group", _("In a group")

    class Outcome(models.TextChoices):
        ATTENDED = "attended", _("Attended")
        MISSED = "missed", _("Did not attend")
        CANCELLED = "cancelled", _("Cancelled")

    class Why(models.TextChoices):
        COURT = "court", _("A court date")
        URGENT = "urgent", _("Something urgent on a case")
        CASELOAD = "caseload", _("No time beside the caseload")
        AWAY = "away", _("They were away")
        SUPERVISOR = "supervisor", _("The supervisor could not")
        OTHER = "other", _("Another reason")

    arrangement = models.ForeignKey(Arrangement, on_delete=models.PROTECT, related_name="clinical_sessions")
    held_on = models.DateField(_("day"))
    format = models.CharField(_("individual or group"), max_length=10, choices=Format)
    outcome = models.CharField(_("what became of it"), max_length=10, choices=Outcome)
    cancelled_why = models.CharField(_("why it was cancelled"), max_length=10, choices=Why, blank=True)
    recorded_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()

    history = RecordHistory()
    objects = ClinicalSessionQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["arrangement", "held_on", "format"], name="one_clinical_session_of_a_day"
            ),
            models.CheckConstraint(
                condition=(Q(outcome="cancelled") & ~Q(cancelled_why=""))
                | (~Q(outcome="cancelled") & Q(cancelled_why="")),
                name="a_cancelled_session_says_why",
            ),
        ]
        indexes = [models.Index(fields=["arrangement", "-held_on"])]

"""Management supervision: a session with the agenda as it stood then, and the actions that were decided in it."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from isva.access.acting import acting_person
from isva.access.roles import Permission
from isva.db.fields import ProtectedText
from isva.db.history import RecordHistory
from isva.db.records import CaseRecord, OfServiceQuerySet, ServiceRecord
from supervision.models.arrangement import Arrangement


class ManagementSessionQuerySet(OfServiceQuerySet):
    """Sessions of management supervision: seen by the person, and by whoever supervises the staff."""

    def visible_to(self, user):
        """The sessions that ``user`` had; those of everybody for the managers of the service."""
        rows, person = super().visible_to(user), acting_person()
        if person is not None and person.can(Permission.SUPERVISE):
            return rows
        return rows.filter(arrangement__membership__user=user)


class ManagementSession(ServiceRecord):
    """Management supervision of one person on a day. ``figures`` are those of the agenda, frozen: numbers, and no case."""

    arrangement = models.ForeignKey(Arrangement, on_delete=models.PROTECT, related_name="management_sessions")
    held_on = models.DateField(_("day"))
    figures = models.JSONField(default=dict)
    recorded_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()

    history = RecordHistory()
    objects = ManagementSessionQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["arrangement", "held_on"], name="one_management_session_of_a_day")
        ]


class AgendaCase(CaseRecord):
    """A case stood on the agenda of a session, and why. Named only to whoever may see the case, now as then."""

    class Why(models.TextChoices):
        UNHELD_RISK = "unheld_risk", _("A risk that nobody holds")
        OVERDUE_REVIEW = "overdue", _("Review overdue")
        COURT = "court", _("Court in the next 14 days")
        LONG = "long", _("Open for long")
        PAUSED = "paused", _("Stepped down")

    session = models.ForeignKey(ManagementSession, on_delete=models.PROTECT, related_name="cases")
    why = models.CharField(max_length=12, choices=Why)
    since = models.DateField(null=True)
    reviewed_on = models.DateField(null=True)


class SupervisionActionQuerySet(OfServiceQuerySet):
    """Actions from supervision: seen by whose they are, by whoever was in the session, and by the managers."""

    def visible_to(self, user):
        """The actions that are ``user``'s, or came out of their session; all of them for the managers."""
        rows, person = super().visible_to(user), acting_person()
        if person is not None and person.can(Permission.SUPERVISE):
            return rows
        return rows.filter(Q(owner=user) | Q(session__arrangement__membership__user=user))


class SupervisionAction(ServiceRecord):
    """What was decided in management supervision: who does it, by when, and when it was done."""

    session = models.ForeignKey(ManagementSession, on_delete=models.PROTECT, related_name="actions")
    what = ProtectedText(_("what"), max_length=500, blank=False)
    owner = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")
    due_on = models.DateField(_("by when"))
    done_on = models.DateField(null=True)

    history = RecordHistory()
    objects = SupervisionActionQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(
                fields=["service", "due_on"],
                condition=Q(done_on__isnull=True),
                name="open_supervision_actions",
            )
        ]

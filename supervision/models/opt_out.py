"""Somebody opted out of clinical supervision until a day: a reason from a list, since nothing of a session is ever written."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from isva.access.acting import acting_person
from isva.access.roles import Permission
from isva.db.history import RecordHistory
from isva.db.records import OfServiceQuerySet, ServiceRecord


class OptOutQuerySet(OfServiceQuerySet):
    """Opt-outs: seen by the person, and by whoever supervises the staff."""

    def visible_to(self, user):
        """The opt-outs of ``user``; those of everybody for the managers of the service."""
        rows, person = super().visible_to(user), acting_person()
        if person is not None and person.can(Permission.SUPERVISE):
            return rows
        return rows.filter(membership__user=user)

    def in_force(self):
        """Those that hold today."""
        from isva.clock.moment import today

        return self.filter(ended_on__isnull=True, begins_on__lte=today(), until__gte=today())


class OptOut(ServiceRecord):
    """A person does without clinical supervision from a day until another, by their own choice."""

    class Why(models.TextChoices):
        ELSEWHERE = "elsewhere", _("I have supervision elsewhere")
        AWAY = "away", _("I am away for long")
        BETWEEN = "between", _("I am between two supervisors")
        NOT_NOW = "not_now", _("I do not want it at present")
        OTHER = "other", _("Another reason")

    membership = models.ForeignKey("accounts.Membership", on_delete=models.PROTECT, related_name="opt_outs")
    why = models.CharField(_("why"), max_length=10, choices=Why)
    begins_on = models.DateField()
    until = models.DateField(_("until"))
    ended_on = models.DateField(null=True)
    recorded_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()

    history = RecordHistory()
    objects = OptOutQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["membership"], condition=Q(ended_on__isnull=True), name="one_opt_out_at_a_time"
            ),
            models.CheckConstraint(condition=Q(until__gt=F("begins_on")), name="an_opt_out_ends_after_it_begins"),
        ]  # fmt: skip

"""Who supervises whom, in which kind of supervision, and how often."""

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from isva.access.acting import acting_person
from isva.access.roles import HOLDERS, Permission
from isva.accounts.models import Membership
from isva.db.history import RecordHistory
from isva.db.records import OfServiceQuerySet, ServiceRecord


class ArrangementQuerySet(OfServiceQuerySet):
    """Who supervises whom: seen by the two of them, and by whoever supervises the staff."""

    def visible_to(self, user):
        """The arrangements of the service that ``user`` is part of; all of them for its managers."""
        rows, person = super().visible_to(user), acting_person()
        if person is not None and person.can(Permission.SUPERVISE):
            return rows
        return rows.filter(Q(membership__user=user) | Q(supervisor=user))

    def live(self):
        """Those that have not ended, of people who are members today."""
        return self.filter(ended_on__isnull=True, membership__in=Membership.objects.live())

    def waited_for(self):
        """The live ones of people who carry cases: theirs is the supervision that falls due, and is arranged and held."""
        return self.live().filter(membership__roles__overlap=HOLDERS)


class Arrangement(ServiceRecord):
    """Somebody is supervised by somebody, every so many days. A change of supervisor ends one and begins another.

    ``counts_from`` is the day from which the first session is waited for; a change of supervisor does not move it.
    """

    class Kind(models.TextChoices):
        CLINICAL = "clinical", _("Clinical supervision")
        MANAGEMENT = "management", _("Management supervision")

    membership = models.ForeignKey("accounts.Membership", on_delete=models.PROTECT, related_name="supervised")
    kind = models.CharField(_("kind"), max_length=12, choices=Kind)
    supervisor = models.ForeignKey(
        "accounts.User", on_delete=models.PROTECT, related_name="+", verbose_name=_("supervisor")
    )
    provider = models.CharField(_("provider"), max_length=120, blank=True)
    every_days = models.PositiveSmallIntegerField(
        _("every so many days"),
        null=True,
        blank=True,
        validators=[MinValueValidator(7), MaxValueValidator(91)],
    )
    counts_from = models.DateField()
    began_on = models.DateField()
    ended_on = models.DateField(null=True)

    history = RecordHistory()
    objects = ArrangementQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["membership", "kind"], condition=Q(ended_on__isnull=True), name="one_supervisor_of_a_kind"
            ),
            models.CheckConstraint(
                condition=Q(ended_on__isnull=True) | Q(ended_on__gte=F("began_on")), name="supervision_ends_after_it_begins"
            ),
        ]  # fmt: skip
        indexes = [
            models.Index(
                fields=["service", "kind"], condition=Q(ended_on__isnull=True), name="live_supervision"
            )
        ]

"""Training, qualifications and checks of the staff: planned, held or cancelled, until when they hold, and what was seen of them."""

from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from isva.access.acting import acting_person
from isva.access.roles import Permission
from isva.db.fields import ProtectedText
from isva.db.history import RecordHistory
from isva.db.records import OfServiceQuerySet, ServiceRecord


class TrainingQuerySet(OfServiceQuerySet):
    """Records of training: seen by the person, and by whoever supervises the staff."""

    def visible_to(self, user):
        """The records of ``user``; those of everybody for the managers of the service."""
        rows, person = super().visible_to(user), acting_person()
        if person is not None and person.can(Permission.SUPERVISE):
            return rows
        return rows.filter(membership__user=user)

    def of_people_here(self):
        """Those of people who are members today."""
        from isva.clock.moment import today

        return self.filter(membership__user__is_active=True).exclude(membership__ends_on__lt=today())

    def in_force(self):
        """What was held and is not overtaken: of each kind the one that holds longest (of *other*, of each title)."""
        held = Training.objects.filter(
            membership=OuterRef("membership"), kind=OuterRef("kind"), status=Training.Status.HELD
        ).exclude(pk=OuterRef("pk"))
        same = held.filter(~Q(kind=Training.Kind.OTHER) | Q(title=OuterRef("title")))
        longer = Q(expires_on__isnull=True) | Q(expires_on__gt=OuterRef("expires_on"))
        later = Q(expires_on=OuterRef("expires_on"), recorded_at__gt=OuterRef("recorded_at"))
        return self.filter(status=Training.Status.HELD).exclude(
            Q(expires_on__isnull=False) & Exists(same.filter(longer | later))
        )


class Training(ServiceRecord):
    """One training, qualification or check of one person. ``hours`` are those it takes or took (of CPD).

    What was seen of it is recorded as words, by whom and on which day; the paper itself stays with the person.
    """

    class Kind(models.TextChoices):
        QUALIFICATION = "qualification", _("Accredited ISVA qualification")
        SAFEGUARDING = "safeguarding", _("Safeguarding")
        VETTING = "vetting", _("Vetting or DBS check")
        DATA_PROTECTION = "data", _("Data protection")
        TRIAGE = "triage", _("Triage")
        MANAGEMENT = "management", _("Management and supervision")
        TRAUMA = "trauma", _("Trauma (CPD)")
        OTHER = "other", _("Something else")

    class Status(models.TextChoices):
        PLANNED = "planned", _("Planned")
        HELD = "held", _("Held")
        CANCELLED = "cancelled", _("Cancelled")

    class Why(models.TextChoices):
        COURT = "court", _("A court date")
        URGENT = "urgent", _("Something urgent on a case")
        CASELOAD = "caseload", _("No time beside the caseload")
        AWAY = "away", _("They were away")
        PROVIDER = "provider", _("The provider could not")
        OTHER = "other", _("Another reason")

    membership = models.ForeignKey("accounts.Membership", on_delete=models.PROTECT, related_name="trainings")
    kind = models.CharField(_("kind"), max_length=14, choices=Kind)
    title = models.CharField(_("what exactly"), max_length=120, blank=True)
    provider = models.CharField(_("provider"), max_length=120, blank=True)
    status = models.CharField(_("what became of it"), max_length=10, choices=Status)
    taken_on = models.DateField(_("day"))
    expires_on = models.DateField(_("holds until"), null=True, blank=True)
    hours = models.DecimalField(
        _("hours"), max_digits=4, decimal_places=1, null=True, blank=True, validators=[MaxValueValidator(400)]
    )
    cancelled_why = models.CharField(_("why it was cancelled"), max_length=10, choices=Why, blank=True)
    evidence = ProtectedText(_("what was seen"), max_length=300)
    seen_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+", null=True)
    seen_on = models.DateField(_("seen on"), null=True, blank=True)
    recorded_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()

    history = RecordHistory()
    objects = TrainingQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=(Q(status="cancelled") & ~Q(cancelled_why=""))
                | (~Q(status="cancelled") & Q(cancelled_why="")),
                name="a_cancelled_training_says_why",
            ),
            models.CheckConstraint(
                condition=Q(expires_on__isnull=True) | Q(expires_on__gte=F("taken_on")),
                name="training_holds_from_its_day",
            ),
            models.CheckConstraint(
                condition=Q(seen_by__isnull=True, seen_on__isnull=True, evidence="")
                | (Q(seen_by__isnull=False, seen_on__isnull=False, status="held") & ~Q(evidence="")),
                name="evidence_says_what_by_whom_and_when",
            ),
        ]
        indexes = [
            models.Index(fields=["membership", "kind"], name="training_of_a_person"),
            models.Index(fields=["service", "expires_on"], condition=Q(status="held"), name="training_that_expires"),
        ]  # fmt: skip

"""What the clock keeps: one-off days, the numbers of a service by version, reminders, postponements and letters."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from isva.db.fields import ProtectedText
from isva.db.history import RecordHistory
from isva.db.records import CaseRecord, CaseRecordQuerySet, OfServiceQuerySet, ServiceRecord


class OneOffDay(ServiceRecord):
    """A day that is, or is not, a working day of a service, against the maintained list of bank holidays."""

    day = models.DateField(_("day"))
    name = models.CharField(_("name"), max_length=80)
    is_holiday = models.BooleanField(_("nobody works on it"), default=True)
    recorded_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")

    history = RecordHistory()
    objects = OfServiceQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["service", "day"], name="a_day_is_one_off_once")]


class ClockSettings(ServiceRecord):
    """One version of a service's numbers, whole: who set it, when, and from when it holds. Written once.

    It holds for what begins while it is in force; what began before keeps the version of its day.
    """

    written_once = True
    written_at = "recorded_at"

    applies_from = models.DateTimeField()
    numbers = models.JSONField(default=dict)
    recorded_by = models.ForeignKey("accounts.User", null=True, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()

    objects = OfServiceQuerySet.as_manager()

    class Meta:
        ordering = ["applies_from", "recorded_at"]
        indexes = [models.Index(fields=["service", "applies_from"])]


class Reminder(ServiceRecord):
    """One thing that is due: a rule, a record, a due date. Derived by the tick from the records, and by nothing else.

    It says nothing about anybody, and keeps no history (docs/decisions/010). ``red_at`` stays where it turned red, also
    after it was done; ``satisfied_why`` says how it ended.
    """

    class State(models.TextChoices):
        OPEN = "open", _("Open")
        SNOOZED = "snoozed", _("Postponed")
        SATISFIED = "satisfied", _("Satisfied")

    class Why(models.TextChoices):
        DONE = "done", _("Done, or another day was set")
        CLOSED = "closed", _("The case was closed")
        NO_RULE = "no_rule", _("There is no such rule any more")

    rule = models.CharField(max_length=40)
    record = models.UUIDField()
    due_at = models.DateTimeField()
    holder = models.ForeignKey("accounts.User", null=True, on_delete=models.PROTECT, related_name="+")
    taken = models.BooleanField(default=False)
    state = models.CharField(max_length=10, choices=State, default=State.OPEN)
    amber_at = models.DateTimeField()
    red_at = models.DateTimeField(null=True)
    satisfied_at = models.DateTimeField(null=True)
    satisfied_why = models.CharField(max_length=10, choices=Why, blank=True)

    class Meta:
        abstract = True
        constraints = [
            models.UniqueConstraint(
                fields=["service", "rule", "record", "due_at"], name="%(class)s_once_per_due_date"
            ),
            models.CheckConstraint(
                condition=Q(state="satisfied", satisfied_at__isnull=False)
                | Q(~Q(state="satisfied"), satisfied_at__isnull=True),
                name="%(class)s_is_satisfied_at_a_moment",
            ),
        ]
        indexes = [
            models.Index(
                fields=["service"], condition=~Q(state="satisfied"), name="%(class)s_open", include=["rule"]
            )
        ]


class CaseReminder(Reminder):
    """A reminder on a case: seen where the case is seen."""

    #: The column whose case decides who may see a row: the database's policies are written from it.
    walled_by = "case_id"

    case = models.ForeignKey("casework.Case", on_delete=models.PROTECT, related_name="+")

    objects = CaseRecordQuerySet.as_manager()


class ServiceReminder(Reminder):
    """A reminder beside cases: about somebody of the staff, or a partner of the service."""

    objects = OfServiceQuerySet.as_manager()


class Snooze(CaseRecord):
    """Something due was put off to a day, for a reason. Its due date stays what it was: it is only not told meanwhile."""

    rule = models.CharField(max_length=40)
    record = models.UUIDField()
    due_at = models.DateTimeField()
    until = models.DateField(_("until"))
    reason = ProtectedText(_("reason"), max_length=500, blank=False)

    class Meta:
        indexes = [models.Index(fields=["service", "until"])]


class Letter(ServiceRecord):
    """One e-mail to one person, said once: what kind, for what, and whether it has gone. It names nobody else.

    ``about`` tells apart letters of a kind: the day of a digest, or the reminder and the round of an alert. ``counts``
    are the numbers it tells. One with nothing to tell is noted as sent.
    """

    class Kind(models.TextChoices):
        AT_ONCE = "at_once", _("At once")
        DIGEST = "digest", _("What is due today")
        WEEK = "week", _("The week of the service")

    kind = models.CharField(max_length=10, choices=Kind)
    to = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")
    about = models.CharField(max_length=80)
    reminder = models.UUIDField(null=True)
    counts = models.JSONField(default=dict)
    made_at = models.DateTimeField()
    claimed_at = models.DateTimeField(null=True)
    tries = models.PositiveSmallIntegerField(default=0)
    sent_at = models.DateTimeField(null=True)

    objects = OfServiceQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["service", "kind", "to", "about"], name="every_letter_once")
        ]
        indexes = [
            models.Index(
                fields=["service", "made_at"], condition=Q(sent_at__isnull=True), name="letters_to_send"
            )
        ]


class Tick(models.Model):
    """When the clock last went round for a service, and how long it took: for the people who run the product."""

    service = models.OneToOneField("accounts.Service", on_delete=models.CASCADE, related_name="+")
    began_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    took_ms = models.PositiveIntegerField(default=0)
    failed_rules = models.PositiveSmallIntegerField(default=0)


class FeedLink(ServiceRecord):
    """A private link by which a person's own calendar reads their dates. Kept as a hash; ended when it is not wanted any more."""

    class Says(models.TextChoices):
        NOTHING = "nothing", _("Nothing: every entry is called “Isva”")
        KIND = "kind", _("What kind it is: session, at court, review. Never whose")

    user = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")
    says = models.CharField(_("what the entries say"), max_length=10, choices=Says, default=Says.NOTHING)
    token_hash = models.CharField(max_length=64, unique=True)
    made_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    history = RecordHistory(excluded_fields=["token_hash"])
    objects = OfServiceQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["service", "user"], condition=Q(ended_at__isnull=True), name="one_feed_per_person"
            )
        ]

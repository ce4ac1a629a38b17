"""Who may see a case: grants, emergency openings, and the walls that outrank every grant."""

import datetime as dt

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from isva.db.fields import ProtectedText
from isva.db.records import CaseRecord, ClientRecord, OfServiceQuerySet, ServiceRecord

#: How long an emergency opening lasts, at most (design, break-glass).
EMERGENCY_LASTS = dt.timedelta(minutes=60)


class Grant(CaseRecord):
    """One reason for which one person may see one case. Several may overlap; each ends by itself.

    Written by ``casework/access.py`` only.
    """

    class Why(models.TextChoices):
        ALLOCATION = "allocation", _("Allocated")
        INTERIM = "interim", _("Interim worker")
        COVER = "cover", _("Cover")
        NAMED = "named", _("Named on a restricted case")
        BREAK_GLASS = "break_glass", _("Emergency opening")

    class Category(models.TextChoices):
        """Why nobody could wait for the person who carries the case."""

        DANGER = "danger", _("Somebody is in immediate danger")
        UNREACHABLE = "unreachable", _("The client needs help now and their worker cannot be reached")
        SAFEGUARDING = "safeguarding", _("A safeguarding enquiry that cannot wait")
        COURT = "court", _("Court or police need an answer today")
        OTHER = "other", _("Something else")

    user = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="grants")
    why = models.CharField(max_length=12, choices=Why)
    category = models.CharField(max_length=12, choices=Category, blank=True)
    read_only = models.BooleanField(default=False)
    reason = models.TextField(blank=True)
    starts_at = models.DateTimeField()
    until = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    end_reason = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(until__isnull=True) | Q(until__gt=F("starts_at")),
                name="grant_ends_after_it_starts",
            ),
            models.UniqueConstraint(
                fields=["case", "user", "why"],
                condition=Q(ended_at__isnull=True),
                name="one_live_grant_of_a_kind",
            ),
            models.CheckConstraint(
                condition=Q(category="") | Q(why="break_glass"), name="only_an_emergency_has_a_category"
            ),
            models.CheckConstraint(
                condition=~Q(why="break_glass")
                | Q(
                    ~Q(category=""),
                    ~Q(reason=""),
                    read_only=True,
                    until__isnull=False,
                    until__lte=F("starts_at") + EMERGENCY_LASTS,
                ),
                name="an_emergency_is_short_read_only_and_reasoned",
            ),
        ]
        indexes = [models.Index(fields=["user", "case", "until"])]


class Conflict(ClientRecord):
    """This worker knows this client or the suspect: they see no case of the client, whatever else they hold."""

    user = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="conflicts")
    reason = ProtectedText(_("reason"), max_length=500)
    lifted_at = models.DateTimeField(null=True, blank=True)
    lifted_by = models.ForeignKey("accounts.User", null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["client", "user"], condition=Q(lifted_at__isnull=True), name="one_conflict_per_person"
            ),
        ]


class Restriction(ClientRecord):
    """This client is seen by named people only, managers included: a colleague’s relative, a colleague, a public figure.

    It belongs to the client and so covers all their cases. Written by ``casework/restricting.py`` only.
    """

    reason = ProtectedText(_("reason"), max_length=500)
    lifted_at = models.DateTimeField(null=True, blank=True)
    lifted_by = models.ForeignKey("accounts.User", null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["client"], condition=Q(lifted_at__isnull=True), name="one_restriction_per_client"
            ),
        ]


class NamedPerson(ClientRecord):
    """Somebody whom a restriction leaves in. It only takes the denial away: sight itself comes from role or grant."""

    restriction = models.ForeignKey(Restriction, on_delete=models.PROTECT, related_name="named")
    user = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.ForeignKey("accounts.User", null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["restriction", "user"], condition=Q(ended_at__isnull=True), name="named_once"
            ),
        ]


class EmergencyReview(CaseRecord):
    """What a manager has to say to an emergency opening, and by when. Made with the opening, by who opened."""

    class Verdict(models.TextChoices):
        JUSTIFIED = "justified", _("It was needed")
        AVOIDABLE = "avoidable", _("It was needed, and could have been avoided")
        UNJUSTIFIED = "unjustified", _("It was not needed")

    opening = models.OneToOneField(Grant, on_delete=models.PROTECT, related_name="review")
    due_on = models.DateField()
    letter_at = models.DateTimeField(null=True, blank=True)
    verdict = models.CharField(_("what you found"), max_length=12, choices=Verdict, blank=True)
    note = ProtectedText(_("what you looked at, and what follows"), max_length=2000)
    reviewed_at = models.DateTimeField(null=True, blank=True)
    reviewed_by = models.ForeignKey("accounts.User", null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(reviewed_by__isnull=True) | ~Q(reviewed_by=F("recorded_by")),
                name="nobody_reviews_their_own_opening",
            ),
            models.CheckConstraint(
                condition=Q(reviewed_at__isnull=True, reviewed_by__isnull=True, verdict="")
                | Q(~Q(verdict=""), reviewed_at__isnull=False, reviewed_by__isnull=False),
                name="a_review_has_a_verdict_and_a_reviewer",
            ),
        ]
        indexes = [
            models.Index(
                fields=["service", "due_on"], condition=Q(reviewed_at__isnull=True), name="openings_to_review"
            )
        ]


class EmergencyAttempt(ServiceRecord):
    """A reference that somebody typed to open a case in an emergency, and whether it led anywhere. Written once.

    It names no case: whoever tries references is seen, whatever they tried.
    """

    written_once = True

    user = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    reference = models.CharField(max_length=7, blank=True)
    opened = models.BooleanField(default=False)

    objects = OfServiceQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["service", "at"])]

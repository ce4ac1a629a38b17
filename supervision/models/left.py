"""What somebody who left, or is away, still had to do beside cases: found by night, and to whom it was given."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from isva.db.history import RecordHistory
from isva.db.records import OfServiceQuerySet, ServiceRecord


class LeftItem(ServiceRecord):
    """One thing that nobody will do: found by the nightly sweep, settled once somebody has it or it is done.

    ``record`` is the key of the action or the arrangement; nothing of it is copied here. The record itself is changed
    by whoever gives it to somebody, by name, and by nobody else.
    """

    class Kind(models.TextChoices):
        SUPERVISION = "supervision", _("Action from supervision")
        GROUP = "group", _("Action from a group")
        SUPERVISOR = "supervisor", _("Supervision that nobody gives")

    class Why(models.TextChoices):
        GONE = "gone", _("Has left the service")
        AWAY = "away", _("Is away until after it is due")

    class How(models.TextChoices):
        GIVEN = "given", _("Given to somebody")
        ENDED = "ended", _("Done, or changed on its own page")
        BACK = "back", _("Whoever had it is back")

    kind = models.CharField(max_length=12, choices=Kind)
    record = models.UUIDField()
    owner = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")
    why = models.CharField(max_length=5, choices=Why)
    found_on = models.DateField()
    settled_on = models.DateField(null=True)
    settled_how = models.CharField(max_length=6, choices=How, blank=True)
    given_to = models.ForeignKey("accounts.User", null=True, on_delete=models.PROTECT, related_name="+")
    given_by = models.ForeignKey("accounts.User", null=True, on_delete=models.PROTECT, related_name="+")

    history = RecordHistory()
    objects = OfServiceQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["service", "kind", "record", "owner"], condition=Q(settled_on__isnull=True), name="left_once"
            ),
            models.CheckConstraint(
                condition=Q(settled_on__isnull=True, settled_how="")
                | (Q(settled_on__isnull=False) & ~Q(settled_how="")),
                name="what_is_settled_says_how",
            ),
            models.CheckConstraint(
                condition=Q(settled_how="given", given_to__isnull=False, given_by__isnull=False)
                | (~Q(settled_how="given") & Q(given_to__isnull=True, given_by__isnull=True)),
                name="what_is_given_says_to_whom_and_by_whom",
            ),
        ]  # fmt: skip

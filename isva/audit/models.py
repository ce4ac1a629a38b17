"""The record of who did what: who looked at which case, the seals over it, and what somebody should look into."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

#: The chain of rows that belong to no service (people, services).
NO_SERVICE = "none"


class AccessEntry(models.Model):
    """One look at a record, written before the page left. It is never changed: the database refuses.

    Case, client and record are plain keys, without a foreign key: the entry outlives what was looked at, and a
    key that somebody only tried is kept too. Neither is tied to a row that a request may hold locked.
    """

    written_once = True

    class What(models.TextChoices):
        OPENED = "opened", _("Opened")
        SENT = "sent", _("Sent a form")
        PRINTED = "printed", _("Printed")
        EXPORTED = "exported", _("Exported")
        DOWNLOADED = "downloaded", _("Downloaded")
        SEARCHED = "searched", _("Searched")
        REFUSED = "refused", _("Was refused")

    class Why(models.TextChoices):
        OWN = "own", _("Their own case")
        INTERIM = "interim", _("Interim worker")
        COVER = "cover", _("Cover")
        ROLE = "role", _("By their role")
        NAMED = "named", _("Named on a restricted record")
        BREAK_GLASS = "break_glass", _("Emergency access")

    at = models.DateTimeField(_("when"))
    service = models.ForeignKey(
        "accounts.Service", null=True, on_delete=models.DO_NOTHING, related_name="+", db_constraint=False,
        db_index=False,
    )  # fmt: skip
    user = models.ForeignKey(
        "accounts.User", null=True, on_delete=models.DO_NOTHING, related_name="+", db_constraint=False,
        db_index=False,
    )  # fmt: skip
    what = models.CharField(_("what"), max_length=10, choices=What)
    why = models.CharField(_("why"), max_length=12, choices=Why, blank=True)
    page = models.CharField(_("page"), max_length=60)
    case = models.UUIDField(null=True)
    client = models.UUIDField(null=True)
    kind = models.CharField(_("kind of record"), max_length=60, blank=True)
    record = models.UUIDField(null=True)
    address = models.GenericIPAddressField(_("from where"), null=True)
    case_was_closed = models.BooleanField(default=False)
    in_hours = models.BooleanField(_("in working hours"), default=True)

    class Meta:
        indexes = [
            models.Index(F("service"), F("at").desc(), F("id").desc(), name="looks_of_a_service"),
            models.Index(F("case"), F("at").desc(), F("id").desc(), name="looks_at_a_case"),
            models.Index(F("user"), F("at").desc(), F("id").desc(), name="looks_of_a_person"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(what="refused") | Q(case__isnull=True) | Q(client__isnull=False),
                name="a_look_at_a_case_names_its_client",
            )
        ]

"""The record of who did what: who looked at which case, the seals over it, and what somebody should look into."""

import uuid

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from isva.db.fields import ProtectedText
from isva.db.history import RecordHistory
from isva.db.records import OfServiceQuerySet, ServiceRecord

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
        INFECTED = "infected", _("Sent a file in which the virus scanner found something")

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


class Seal(models.Model):
    """One link of the chain over everything that is written once: it covers rows, and the seal before it.

    ``scope`` is the key of the service, or ``none`` for rows of no service; each scope has a chain of its own. Its
    ``hash`` is keyed with a key that is not in the database. See ``docs/decisions`` for the format.
    """

    written_once = True

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    scope = models.CharField(max_length=36)
    number = models.PositiveIntegerField()
    at = models.DateTimeField()
    rows = models.PositiveIntegerField()
    previous = models.CharField(max_length=64, blank=True)
    key_name = models.CharField(max_length=12)
    hash = models.CharField(max_length=64)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["scope", "number"], name="one_seal_of_a_number")]


class SealedRows(models.Model):
    """The rows of one table that a seal covers: their keys and the digest of each, in the order of the keys.

    Kept as lists, so that a row which was committed late is covered by a later seal, whatever its key.
    """

    written_once = True

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    seal = models.ForeignKey(Seal, on_delete=models.PROTECT, related_name="batches")
    table = models.CharField(max_length=63)
    part = models.PositiveSmallIntegerField()
    columns = ArrayField(models.TextField())
    keys = ArrayField(models.TextField())
    digests = ArrayField(models.BinaryField())
    digest = models.CharField(max_length=64)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["seal", "table", "part"], name="one_part_of_a_table")]


class AccessAlert(ServiceRecord):
    """A look that somebody should look into, raised once by the clock from the access entries.

    It is no accusation: it says what was unusual. Whoever looked is never the one who looks into it.
    """

    class Kind(models.TextChoices):
        NOT_THEIRS = "not_theirs", _("A case that is not allocated to them")
        SAME_NAME = "same_name", _("The same family name")
        SAME_POSTCODE = "postcode", _("The same postcode")
        OFTEN = "often", _("Opened often, and nothing written")
        CLOSED = "closed", _("A closed case")
        OUT_OF_HOURS = "out_of_hours", _("Outside working hours")

    kind = models.CharField(_("why it was raised"), max_length=12, choices=Kind)
    entry = models.ForeignKey(
        AccessEntry, on_delete=models.PROTECT, related_name="alerts", db_constraint=False
    )
    user = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")
    case = models.UUIDField()
    mark = models.CharField(max_length=64, unique=True)
    raised_at = models.DateTimeField()
    looked_at = models.DateTimeField(null=True, blank=True)
    looked_by = models.ForeignKey("accounts.User", null=True, on_delete=models.PROTECT, related_name="+")
    note = ProtectedText(_("what you found"), max_length=1000)

    history = RecordHistory()
    objects = OfServiceQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(looked_by__isnull=True) | ~Q(looked_by=F("user")),
                name="nobody_looks_into_their_own_looks",
            ),
            models.CheckConstraint(
                condition=Q(looked_at__isnull=True, looked_by__isnull=True)
                | Q(looked_at__isnull=False, looked_by__isnull=False),
                name="an_alert_was_looked_into_by_somebody",
            ),
        ]
        indexes = [
            models.Index(F("service"), F("raised_at").desc(), F("id").desc(), name="alerts_of_a_service"),
            models.Index(
                fields=["service"], condition=Q(looked_at__isnull=True), name="alerts_nobody_looked_into"
            ),
        ]

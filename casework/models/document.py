"""Documents of a case: files that came with it or were written for it."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from isva.db.fields import ProtectedText
from isva.db.records import CaseRecord


class Document(CaseRecord):
    """A file of a case. It is never changed and never deleted: it is withdrawn, with a reason, and stays on record.

    The file itself lies encrypted outside the database under ``stored_as``; ``sha256`` says whether it is still
    what was kept. ``number`` counts the documents of a case, so that a download can be named without telling
    anything. Withdrawn documents are not handed out any more.
    """

    class Kind(models.TextChoices):
        RISK_ASSESSMENT = "risk_assessment", _("Risk assessment")
        REFERRAL = "referral", _("Referral or report from an agency")
        LETTER = "letter", _("Letter")
        AGREEMENT = "agreement", _("Signed agreement or consent")
        COURT = "court", _("Police, CPS or court")
        PHOTO = "photo", _("Photograph")
        OTHER = "other", _("Something else")

    class Scan(models.TextChoices):
        CLEAN = "clean", _("Scanned: nothing found")
        NOT_SCANNED = "not_scanned", _("Not scanned for viruses")

    number = models.PositiveSmallIntegerField()
    kind = models.CharField(_("what it is"), max_length=20, choices=Kind)
    title = ProtectedText(_("title"), max_length=200)
    media_type = models.CharField(max_length=100)
    size = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)
    stored_as = models.UUIDField(unique=True)
    scan = models.CharField(max_length=15, choices=Scan)
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdrawn_by = models.ForeignKey(
        "accounts.User", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    withdrawn_why = ProtectedText(_("why it was withdrawn"), max_length=200)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["case", "number"], name="document_number_of_case"),
            models.CheckConstraint(
                condition=Q(withdrawn_at__isnull=True, withdrawn_by__isnull=True)
                | Q(withdrawn_at__isnull=False, withdrawn_by__isnull=False),
                name="document_is_withdrawn_by_somebody",
            ),
        ]

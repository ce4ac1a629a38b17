"""Interim support: the check-ins with a person who waits."""

from django.db import models
from django.db.models import F
from django.utils.translation import gettext_lazy as _

from isva.codes import Risk
from isva.db.fields import ProtectedText
from isva.db.records import CaseRecord


class InterimReview(CaseRecord):
    """A check-in with SaS re-screening. A rise in risk or a new safeguarding concern escalates (Annex A 3)."""

    class Method(models.TextChoices):
        PHONE = "phone", _("Phone call")
        TEXT = "text", _("Text message")
        VIDEO = "video", _("Video call")
        IN_PERSON = "in_person", _("In person")
        EMAIL = "email", _("E-mail")

    at = models.DateTimeField(_("when"))
    method = models.CharField(_("how"), max_length=10, choices=Method)
    reached = models.BooleanField(_("reached"), default=False)
    screening = models.ForeignKey(
        "casework.SasReview", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    risk_before = models.CharField(max_length=10, choices=Risk)
    risk = models.CharField(_("risk now"), max_length=10, choices=Risk)
    new_safeguarding = models.BooleanField(_("a new safeguarding concern"), default=False)
    information_pack_sent = models.BooleanField(_("information pack sent"), default=False)
    signposted_to = ProtectedText(_("signposted to"), max_length=1000)
    note = ProtectedText(_("note"), max_length=3000)
    next_review_on = models.DateField(_("next review"))
    against_rule = ProtectedText(_("why the client’s own contact rule was not kept"), max_length=500)

    class Meta:
        indexes = [models.Index(F("case"), F("at").desc(), name="interim_reviews_of_a_case")]

"""The client agreement: what was explained, who decides, and what may be shared with whom."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from casework.models.plan import Agency
from isva.db.fields import ProtectedText
from isva.db.records import CaseRecord


class ClientAgreement(CaseRecord):
    """What the client and the ISVA agreed (quality standard: client agreement; statutory guidance 76–78).

    A renewed agreement is a new row; the latest counts.
    """

    class How(models.TextChoices):
        SIGNED = "signed", _("Signed")
        VERBAL = "verbal", _("Agreed aloud, and recorded here")
        ACCESSIBLE = "accessible", _("Agreed in another format")

    class Decides(models.TextChoices):
        CLIENT = "client", _("The client")
        ATTORNEY = "attorney", _("An attorney or deputy")
        APPROPRIATE_ADULT = "appropriate_adult", _("The client with an appropriate adult")
        SAFE_PARENT = "safe_parent", _("A safe parent or carer")

    agreed_on = models.DateField(_("agreed on"))
    how = models.CharField(_("how"), max_length=12, choices=How)
    role_explained = models.BooleanField(_("what an ISVA does and does not do"), default=False)
    confidentiality_explained = models.BooleanField(_("confidentiality and its limits"), default=False)
    records_explained = models.BooleanField(_("how records are kept and for how long"), default=False)
    complaints_explained = models.BooleanField(_("how to complain"), default=False)
    ending_discussed = models.BooleanField(_("how support will end"), default=False)
    trainee_disclosed = models.BooleanField(_("that the ISVA is in training"), default=False)
    contact_preferences = ProtectedText(_("contact preferences"), max_length=2000)
    single_point_of_contact = models.BooleanField(_("the ISVA is the single point of contact"), default=False)
    nfa_wish = ProtectedText(_("how they wish to be told of a decision of no further action"), max_length=500)
    who_decides = models.CharField(_("who decides"), max_length=20, choices=Decides, default=Decides.CLIENT)
    decider_name = ProtectedText(_("name of that person"), max_length=200)
    may_decide = ProtectedText(_("what they may decide"), max_length=1000)
    authority_seen = models.BooleanField(_("their authority was seen"), default=False)

    class Meta:
        ordering = ["-agreed_on", "-recorded_at"]


class AgencyConsent(CaseRecord):
    """Whether one agency may be told, by which route and how often; the latest row for an agency counts."""

    class Answer(models.TextChoices):
        GIVEN = "given", _("Given")
        REFUSED = "refused", _("Refused")
        WITHDRAWN = "withdrawn", _("Withdrawn")

    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+")
    answer = models.CharField(_("consent"), max_length=10, choices=Answer)
    dated_on = models.DateField(_("dated"))
    route = ProtectedText(_("agreed route"), max_length=300)
    frequency = ProtectedText(_("how often"), max_length=200)
    exceptions = ProtectedText(_("exceptions"), max_length=500)
    told_on = models.DateField(_("told of the ISVA on"), null=True, blank=True)

    class Meta:
        ordering = ["-dated_on", "-recorded_at"]

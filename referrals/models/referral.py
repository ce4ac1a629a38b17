"""The referral: what was said when the person came to us, and by whom."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from isva.codes import (
    NoConsentBasis,
    PoliceForce,
    Recency,
    ReferralSource,
    Relationship,
    Reported,
    SafetyConcern,
    ViolenceType,
    YesNo,
    YesNoUnknown,
)  # fmt: skip
from isva.db.fields import ProtectedText
from isva.db.records import CaseRecord


def safety_now(prefix: str = "") -> Q:
    """Referrals with an answer about immediate safety: the same as ``needs_safety_now`` says of one."""
    return Q(**{f"{prefix}safety_answer": YesNoUnknown.YES.value}) | Q(
        **{f"{prefix}safety_concerns__len__gt": 0}
    )


class Referral(CaseRecord):
    """What a referral says (statutory guidance 68; report, Referral: quality of referral information).

    The person themselves is on ``Client``, their numbers on ``SafeContact``, the justice stage on ``Case``.
    The type of violence is a category; the account is never asked for.
    """

    class Route(models.TextChoices):
        PROFESSIONAL = "professional", _("Professional form")
        SELF = "self", _("Self-referral form")
        PARENT = "parent", _("Form filled in by a parent or carer")
        PHONE = "phone", _("Phone call to the service")

    class OutsideUsual(models.TextChoices):
        AGE = "age", _("outside our usual ages")
        CHILD = "child", _("a child, and no children’s ISVA is here at present")
        AREA = "area", _("outside our usual area")

    case = models.OneToOneField("casework.Case", on_delete=models.PROTECT, related_name="referral")
    route = models.CharField(_("how it came in"), max_length=15, choices=Route)
    source = models.CharField(_("who referred"), max_length=25, choices=ReferralSource)
    received_at = models.DateTimeField()
    outside_usual = ArrayField(
        models.CharField(max_length=10, choices=OutsideUsual), default=list, blank=True
    )

    referrer_name = ProtectedText(_("your name"), max_length=200)
    referrer_agency = ProtectedText(_("your agency"), max_length=200)
    referrer_role = ProtectedText(_("your role"), max_length=200)
    referrer_email = ProtectedText(_("your e-mail address"), max_length=200)
    referrer_phone = ProtectedText(_("your phone number"), max_length=50)

    client_knows = models.CharField(
        _("the person knows of the referral"), max_length=3, choices=YesNo, blank=True
    )
    client_has_seen = models.CharField(
        _("the person has seen what is sent"), max_length=3, choices=YesNo, blank=True
    )
    consents = models.CharField(_("the person consents"), max_length=3, choices=YesNo, blank=True)
    no_consent_basis = models.CharField(
        _("why it is made without consent"), max_length=15, choices=NoConsentBasis, blank=True
    )
    no_consent_reason = ProtectedText(_("reason"), max_length=2000)
    child_consents = models.CharField(_("the child agrees"), max_length=10, choices=YesNoUnknown, blank=True)
    parent_consents = models.CharField(
        _("a parent or carer agrees"), max_length=10, choices=YesNoUnknown, blank=True
    )
    share_isva_name = models.BooleanField(_("the referrer may be told the ISVA’s name"), default=False)
    tell_referrer = models.BooleanField(
        _("the referrer may be told what becomes of the referral"), default=True
    )

    violence_type = models.CharField(
        _("type of sexual violence"), max_length=20, choices=ViolenceType, blank=True
    )
    further_types = ArrayField(
        models.CharField(max_length=20, choices=ViolenceType), default=list, blank=True
    )
    recency = models.CharField(_("when it happened"), max_length=15, choices=Recency, blank=True)
    relationship = models.CharField(
        _("relationship to the suspect"), max_length=15, choices=Relationship, blank=True
    )
    suspect_name = ProtectedText(_("name of the suspect"), max_length=200)

    reported = models.CharField(_("reported to the police"), max_length=15, choices=Reported, blank=True)
    police_force = models.CharField(_("police force"), max_length=20, choices=PoliceForce, blank=True)
    officer = ProtectedText(_("officer and how to reach them"), max_length=300)
    crime_reference = ProtectedText(_("unique reference number"), max_length=60)

    safety_answer = models.CharField(
        _("is anyone in danger now"), max_length=10, choices=YesNoUnknown, blank=True
    )
    safety_concerns = ArrayField(
        models.CharField(max_length=20, choices=SafetyConcern), default=list, blank=True
    )
    safety_note = ProtectedText(_("what we should know to keep people safe"), max_length=3000)
    other_agencies = ProtectedText(_("other agencies involved"), max_length=1000)
    risk_assessment = models.CharField(
        _("a risk assessment was done"), max_length=10, choices=YesNoUnknown, blank=True
    )
    risk_assessment_note = ProtectedText(_("which one, and its result"), max_length=2000)
    support_wanted = ProtectedText(_("what they would like help with"), max_length=3000)

    partner_triage = ProtectedText(_("partner that has already triaged"), max_length=200)
    partner_outcome = ProtectedText(_("the partner’s outcome"), max_length=1000)
    partner_triaged_on = models.DateField(_("date of the partner’s triage"), null=True, blank=True)

    acknowledged_at = models.DateTimeField(null=True, blank=True)
    already_open_as = models.ForeignKey(
        "casework.Case", null=True, blank=True, on_delete=models.PROTECT, related_name="later_referrals"
    )

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~Q(consents="no") | (~Q(no_consent_basis="") & ~Q(no_consent_reason="")),
                name="without_consent_there_is_a_basis",
            ),
        ]
        indexes = [models.Index(fields=["service", "received_at"])]

    @property
    def needs_safety_now(self) -> bool:
        """Whether an answer about immediate safety puts it on top of the inbox (Annex A 1)."""
        return self.safety_answer == YesNoUnknown.YES or bool(self.safety_concerns)

    @property
    def is_professional(self) -> bool:
        """Whether somebody other than the person or their parent made it."""
        return self.route == self.Route.PROFESSIONAL or (
            self.route == self.Route.PHONE and self.source not in (ReferralSource.SELF, ReferralSource.FAMILY)
        )

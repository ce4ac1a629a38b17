"""First contact and triage: attempts to reach the person, and the assessment with its outcome."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F
from django.utils.translation import gettext_lazy as _

from isva.codes import JusticeStage, Specialism
from isva.db.fields import ProtectedText
from isva.db.records import CaseRecord


class ContactAttempt(CaseRecord):
    """One attempt to reach somebody after a referral. Only *told that support will be provided* is first contact."""

    class Method(models.TextChoices):
        PHONE = "phone", _("Phone call")
        TEXT = "text", _("Text message")
        EMAIL = "email", _("E-mail")
        LETTER = "letter", _("Letter")
        IN_PERSON = "in_person", _("In person")
        REFERRER = "referrer", _("Through the referrer")

    class Outcome(models.TextChoices):
        TOLD = "told", _("Reached, and told that the referral is accepted and support will be provided")
        SPOKE = "spoke", _("Reached, but not able to talk")
        MESSAGE = "message", _("Message left or sent")
        NO_ANSWER = "no_answer", _("No answer")
        SOMEBODY_ELSE = "somebody_else", _("Somebody else answered")
        NOT_WORKING = "not_working", _("The number or address does not work")

    at = models.DateTimeField(_("when"))
    method = models.CharField(_("how"), max_length=10, choices=Method)
    safe_contact = models.ForeignKey(
        "casework.SafeContact", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    outcome = models.CharField(_("what happened"), max_length=15, choices=Outcome)
    message_was_safe = models.BooleanField(_("it was safe to leave a message"), default=False)
    note = ProtectedText(_("note"), max_length=3000)
    against_rule = ProtectedText(_("why the client’s own contact rule was not kept"), max_length=500)

    class Meta:
        indexes = [models.Index(F("case"), F("at").desc(), name="attempts_of_a_case")]


class TriageAssessment(CaseRecord):
    """The triage of a case: a specialist act (report, Triage as a specialist function; Annex A 2)."""

    class Safeguarding(models.TextChoices):
        NONE = "none", _("No concern")
        CHILD = "child", _("A child")
        ADULT = "adult", _("An adult at risk")
        BOTH = "both", _("A child and an adult")

    class Readiness(models.TextChoices):
        ALONE = "alone", _("ISVA support on its own")
        ALONGSIDE = "alongside", _("Alongside other support")
        AFTER = "after", _("After other support has begun")

    class Urgency(models.TextChoices):
        URGENT = "urgent", _("Urgent")
        SOON = "soon", _("Soon")
        ROUTINE = "routine", _("Routine")

    class Outcome(models.TextChoices):
        ALLOCATE_NOW = "allocate_now", _("Allocate now (urgent)")
        ALLOCATE = "allocate", _("Allocate")
        INTERIM = "interim", _("Interim support while waiting")
        ADVICE = "advice", _("Advice and signposting")
        NOT_THIS_SERVICE = "not_this_service", _("Not this service")
        DECLINED = "declined", _("The client declined")
        UNABLE = "unable", _("Unable to contact")

    #: Outcomes that end in a closed record; all of them count as work done.
    CLOSING = (Outcome.ADVICE, Outcome.NOT_THIS_SERVICE, Outcome.DECLINED, Outcome.UNABLE)

    screening = models.ForeignKey(
        "casework.SasReview", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    safeguarding = models.CharField(_("safeguarding"), max_length=10, choices=Safeguarding, blank=True)
    safeguarding_note = ProtectedText(_("what the concern is, and what was done"), max_length=3000)
    needs_beyond = ProtectedText(_("needs beyond this service"), max_length=3000)
    justice_stage = models.CharField(_("justice stage"), max_length=20, choices=JusticeStage, blank=True)
    client_choice = ProtectedText(_("the client’s choice and preference"), max_length=3000)
    readiness = models.CharField(_("readiness"), max_length=10, choices=Readiness, blank=True)
    urgency = models.CharField(_("urgency"), max_length=10, choices=Urgency, blank=True)
    specialisms = ArrayField(
        models.CharField(max_length=30, choices=Specialism), verbose_name=_("specialism needed"), default=list,
        blank=True,
    )  # fmt: skip
    outcome = models.CharField(_("outcome"), max_length=20, choices=Outcome)
    outcome_reason = ProtectedText(_("reason"), max_length=3000, blank=False)
    where_to = ProtectedText(_("where the client was pointed to"), max_length=1000)
    completed_at = models.DateTimeField()
    referrer_told_at = models.DateTimeField(null=True, blank=True)

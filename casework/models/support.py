"""What an ISVA records while supporting somebody: appointments, contacts, notes, safeguarding concerns."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from isva.codes import ContactMode
from isva.db.fields import ProtectedText
from isva.db.records import CaseRecord


class Answer(models.TextChoices):
    UNCHANGED = "unchanged", _("Unchanged")
    CHANGED = "changed", _("Changed")


class Appointment(CaseRecord):
    """A session, call or court day that is planned. It ends as a contact, or cancelled."""

    at = models.DateTimeField(_("when"))
    minutes = models.PositiveSmallIntegerField(_("minutes"), default=60)
    mode = models.CharField(_("how"), max_length=10, choices=ContactMode)
    worker = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")
    place = ProtectedText(_("where"), max_length=200)
    purpose = ProtectedText(_("what for"), max_length=200)
    cancelled_at = models.DateTimeField(null=True, blank=True)
    cancelled_why = models.CharField(_("why it was cancelled"), max_length=200, blank=True)

    class Meta:
        indexes = [models.Index(fields=["service", "worker", "at"])]


class Contact(CaseRecord):
    """A contact with or for the client: a session, a call, a text, a letter, a meeting, a day at court.

    Each one answers whether the plan and the risk changed (statutory guidance 26: the plan is reviewed after
    every contact); an answer left open falls due.
    """

    class Attendance(models.TextChoices):
        ATTENDED = "attended", _("Took place")
        DID_NOT_ATTEND = "did_not_attend", _("Client did not attend or answer")
        CANCELLED_CLIENT = "cancelled_client", _("Cancelled by the client")
        CANCELLED_SERVICE = "cancelled_service", _("Cancelled by us")
        CANCELLED_OTHER = "cancelled_other", _("Cancelled by somebody else")

    class With(models.TextChoices):
        CLIENT = "client", _("Client")
        SAFE_PARENT = "safe_parent", _("Safe parent or carer")
        SUPPORTER = "supporter", _("Family member or friend")
        AGENCY = "agency", _("Another agency")

    class Purpose(models.TextChoices):
        FIRST_SESSION = "first_session", _("First session")
        SUPPORT = "support", _("Emotional support")
        PRACTICAL = "practical", _("Practical help")
        SAFETY = "safety", _("Safety planning")
        JUSTICE = "justice", _("Police, CPS or court")
        REVIEW = "review", _("Review of risk, needs or plan")
        ADVOCACY = "advocacy", _("Speaking up for the client")
        CHECK_IN = "check_in", _("Check-in")
        CRISIS = "crisis", _("Crisis")

    appointment = models.OneToOneField(Appointment, null=True, blank=True, on_delete=models.PROTECT)
    at = models.DateTimeField(_("when"))
    minutes = models.PositiveSmallIntegerField(_("minutes"), null=True, blank=True)
    mode = models.CharField(_("how"), max_length=10, choices=ContactMode)
    with_whom = models.CharField(_("with whom"), max_length=12, choices=With, default=With.CLIENT)
    attendance = models.CharField(_("did it take place"), max_length=20, choices=Attendance)
    purpose = models.CharField(_("what for"), max_length=15, choices=Purpose)
    note = ProtectedText(_("note"), max_length=20_000)

    plan_answer = models.CharField(_("plan"), max_length=10, choices=Answer, blank=True)
    risk_answer = models.CharField(_("risk"), max_length=10, choices=Answer, blank=True)

    crisis_actions = ProtectedText(_("what was done"), max_length=2000)
    crisis_told = ProtectedText(_("who was told"), max_length=500)
    debrief_offered = models.BooleanField(_("a debrief was offered to the worker"), default=False)

    new_detail = models.BooleanField(_("new detail was disclosed"), default=False)
    told_of_duty = models.BooleanField(_("the client was told of our duty"), default=False)
    note_taken = models.BooleanField(_("a note was taken of what was said"), default=False)
    police_notified_at = models.DateTimeField(_("police notified"), null=True, blank=True)

    against_rule = ProtectedText(_("why the client’s own contact rule was not kept"), max_length=500)

    class Meta:
        indexes = [
            models.Index(F("case"), F("at").desc(), name="contacts_of_a_case"),
            models.Index(
                fields=["service", "at"], include=["mode", "minutes", "case"], name="contacts_of_a_service"
            ),
            models.Index(
                fields=["service", "recorded_by", "at"],
                condition=Q(plan_answer="") | Q(risk_answer=""),
                name="contacts_left_unanswered",
            ),
            models.Index(
                fields=["case", "at"],
                condition=Q(purpose="first_session", attendance="attended"),
                name="first_sessions_held",
            ),
            models.Index(
                fields=["case", "at"], condition=Q(plan_answer="changed"), name="contacts_that_changed_plan"
            ),
        ]


class Note(CaseRecord):
    """A note on a case that is not a contact."""

    text = ProtectedText(_("note"), max_length=20_000, blank=False)


class SafeguardingConcern(CaseRecord):
    """A child or an adult at risk: what, referred to whom and when (the same day), chased until the outcome is known."""

    class Who(models.TextChoices):
        CLIENT_CHILD = "client_child", _("The client, a child")
        CLIENT_ADULT = "client_adult", _("The client, an adult at risk")
        OTHER_CHILD = "other_child", _("Another child")
        OTHER_ADULT = "other_adult", _("Another adult at risk")

    who = models.CharField(_("who is at risk"), max_length=15, choices=Who)
    what = ProtectedText(_("what the concern is"), max_length=5000, blank=False)
    raised_at = models.DateTimeField(_("raised"))
    referred_to = ProtectedText(_("referred to"), max_length=200)
    referred_at = models.DateTimeField(_("referred"), null=True, blank=True)
    not_referred_why = ProtectedText(_("why it was not referred"), max_length=1000)
    manager_told = models.ForeignKey("accounts.User", null=True, on_delete=models.PROTECT, related_name="+")
    manager_told_at = models.DateTimeField(null=True, blank=True)
    taken_by = models.ForeignKey("accounts.User", null=True, on_delete=models.PROTECT, related_name="+")
    taken_at = models.DateTimeField(null=True, blank=True)
    client_informed = models.BooleanField(_("the client was informed"), default=False)
    not_informed_why = ProtectedText(_("why the client was not informed"), max_length=1000)
    outcome = ProtectedText(_("outcome"), max_length=2000)
    closed_on = models.DateField(null=True, blank=True)

    class Meta:
        indexes = [
            models.Index(
                fields=["case"], condition=Q(closed_on__isnull=True), name="open_safeguarding_concerns"
            )
        ]

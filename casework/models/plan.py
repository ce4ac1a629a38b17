"""The support plan, its actions, onward referrals, and the agencies that are asked."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from isva.db.fields import ProtectedText
from isva.db.history import RecordHistory
from isva.db.records import CaseRecord, OfServiceQuerySet, ServiceRecord


class Agency(ServiceRecord):
    """An agency that the service works with or refers to: where it works, how to reach it. Nothing of any client."""

    class Kind(models.TextChoices):
        POLICE = "police", _("Police")
        HEALTH = "health", _("Health")
        MENTAL_HEALTH = "mental_health", _("Mental health")
        COUNSELLING = "counselling", _("Counselling or therapy")
        SOCIAL_CARE = "social_care", _("Social care")
        HOUSING = "housing", _("Housing")
        MONEY = "money", _("Money and benefits")
        EDUCATION = "education", _("Education")
        LEGAL = "legal", _("Legal advice")
        SUBSTANCES = "substances", _("Drugs and alcohol")
        DOMESTIC_ABUSE = "domestic_abuse", _("Domestic abuse")
        COMMUNITY = "community", _("By and for, and community")
        JUSTICE = "justice", _("CPS, courts and Witness Service")
        OTHER = "other", _("Other")

    name = models.CharField(_("name"), max_length=120)
    kind = models.CharField(_("kind"), max_length=15, choices=Kind)
    phone = models.CharField(_("phone"), max_length=40, blank=True)
    email = models.EmailField(_("e-mail"), blank=True)
    areas = ArrayField(models.CharField(max_length=80), verbose_name=_("areas"), default=list, blank=True)
    hours = models.CharField(_("when they can be reached"), max_length=200, blank=True)
    out_of_hours = models.CharField(_("phone out of hours"), max_length=40, blank=True)
    how_to_reach = models.TextField(_("how to reach them"), max_length=2000, blank=True)
    note = models.TextField(_("what they offer, and how to refer"), max_length=2000, blank=True)
    in_use = models.BooleanField(_("in use"), default=True)

    history = RecordHistory()
    objects = OfServiceQuerySet.as_manager()

    class Meta:
        ordering = ["name"]
        constraints = [models.UniqueConstraint(fields=["service", "name"], name="one_agency_of_a_name")]

    def __str__(self):
        return self.name


class SupportPlan(CaseRecord):
    """The plan of a case: written with the client, reviewed after every contact, its ending spoken of from the start.

    Sources: statutory guidance 26; quality standard: individual support plan; exit strategy.
    """

    case = models.OneToOneField("casework.Case", on_delete=models.PROTECT, related_name="plan")
    goals = ProtectedText(_("what the client wants"), max_length=5000)
    safety_plan = ProtectedText(_("safety plan"), max_length=5000)
    what_if = ProtectedText(_("what to do if …"), max_length=5000)
    planned_ending = ProtectedText(_("planned ending"), max_length=3000)
    contact_every_days = models.PositiveSmallIntegerField(_("days between contacts"), null=True, blank=True)
    reviewed_at = models.DateTimeField()
    shared_on = models.DateField(_("shared with the client on"), null=True, blank=True)


class PlanAction(CaseRecord):
    """One action of the plan: what, who does it, by when; done, or not and why."""

    class Doer(models.TextChoices):
        CLIENT = "client", _("Client")
        ISVA = "isva", _("ISVA")
        AGENCY = "agency", _("Agency")

    class Outcome(models.TextChoices):
        OPEN = "open", _("To do")
        DONE = "done", _("Done")
        NOT_DONE = "not_done", _("Not done")

    domain = models.SlugField(_("about"), blank=True)
    what = ProtectedText(_("what"), max_length=1000, blank=False)
    doer = models.CharField(_("who does it"), max_length=10, choices=Doer)
    agency = models.ForeignKey(Agency, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    due_on = models.DateField(_("by when"))
    outcome = models.CharField(_("outcome"), max_length=10, choices=Outcome, default=Outcome.OPEN)
    why_not = ProtectedText(_("why it was not done"), max_length=1000)
    closed_on = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ["due_on"]
        indexes = [
            models.Index(fields=["case", "due_on"], condition=Q(outcome="open"), name="plan_actions_to_do")
        ]


class OnwardReferral(CaseRecord):
    """A need, and the agency asked to meet it. Without an agency it is an *unmet need*, counted for commissioners."""

    class Answer(models.TextChoices):
        WAITING = "waiting", _("Waiting for an answer")
        ACCEPTED = "accepted", _("Accepted")
        DECLINED = "declined", _("Declined")
        NO_SERVICE = "no_service", _("No service to refer to")

    domain = models.SlugField(_("about"), blank=True)
    need = ProtectedText(_("need"), max_length=1000, blank=False)
    agency = models.ForeignKey(Agency, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    consented = models.BooleanField(_("the client consents to this referral"), default=False)
    sent_on = models.DateField(_("sent on"), null=True, blank=True)
    answer = models.CharField(_("answer"), max_length=10, choices=Answer, default=Answer.WAITING)
    answered_on = models.DateField(_("answered on"), null=True, blank=True)
    outcome = ProtectedText(_("outcome"), max_length=1000)
    unheld_risk = models.BooleanField(_("a risk outside our scope that no agency holds"), default=False)
    held_since = models.DateField(_("held by somebody since"), null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(agency__isnull=False) | Q(answer="no_service"), name="no_agency_is_an_unmet_need"
            ),
        ]
        indexes = [
            models.Index(
                fields=["service", "case"],
                condition=Q(unheld_risk=True, held_since__isnull=True),
                name="unheld_risks",
            )
        ]

"""The case: one record from referral to closure, and where it has been."""

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import ArrayField, DateTimeRangeField, RangeOperators
from django.db import models
from django.db.models import F, Func, Q
from django.utils.translation import gettext_lazy as _
from guardian.models import GroupObjectPermissionBase, UserObjectPermissionBase

from casework.querysets import CaseQuerySet
from isva.codes import Complexity, JusticeStage, Risk, Specialism
from isva.db.history import RecordHistory
from isva.db.records import CaseRecord, ServiceRecord
from isva.pathway import REVIEWED_STAGES, Stage

STAGE_NAMES = {
    Stage.REFERRAL: _("Referral"),
    Stage.TRIAGE: _("Triage"),
    Stage.INTERIM: _("Interim support"),
    Stage.ALLOCATION: _("Waiting for allocation"),
    Stage.ACTIVE: _("Active support"),
    Stage.STEPPED_DOWN: _("Stepped down"),
    Stage.CLOSED: _("Closed"),
}
STAGE_CHOICES = [(stage.value, name) for stage, name in STAGE_NAMES.items()]

#: Columns that repeat what other rows say, so that lists need no joins. Written by ``casework/standing.py`` only.
CARRIED_COLUMNS = (
    "risk", "complexity", "complexity_score", "first_contact_at", "last_contact_at", "next_review_on",
)  # fmt: skip


class Case(ServiceRecord):
    """One record from the moment a referral is received until after closure.

    ``lead_isva`` is who carries the case, ``interim_worker`` who keeps in touch with a person waiting.
    Sight is never read from these columns: it comes from grants.
    """

    client = models.ForeignKey("casework.Client", on_delete=models.PROTECT, related_name="cases")
    reference = models.CharField(max_length=7, unique=True)
    stage = models.CharField(max_length=12, choices=STAGE_CHOICES, default=Stage.REFERRAL.value)
    stage_since = models.DateTimeField()
    opened_at = models.DateTimeField()
    lead_isva = models.ForeignKey(
        "accounts.User", null=True, blank=True, on_delete=models.PROTECT, related_name="led_cases"
    )
    interim_worker = models.ForeignKey(
        "accounts.User", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    urgent = models.BooleanField(default=False)
    specialisms_needed = ArrayField(
        models.CharField(max_length=30, choices=Specialism), default=list, blank=True
    )
    justice_stage = models.CharField(max_length=20, choices=JusticeStage, default=JusticeStage.UNKNOWN)
    trial_on = models.DateField(_("trial date"), null=True, blank=True)
    retain_until = models.DateField(null=True, blank=True)

    risk = models.CharField(max_length=10, choices=Risk, default=Risk.STANDARD)
    complexity = models.CharField(max_length=10, choices=Complexity, default=Complexity.LOWER)
    complexity_score = models.SmallIntegerField(default=0)
    first_contact_at = models.DateTimeField(null=True, blank=True)
    last_contact_at = models.DateTimeField(null=True, blank=True)
    next_review_on = models.DateField(null=True, blank=True)

    history = RecordHistory(excluded_fields=CARRIED_COLUMNS)
    objects = CaseQuerySet.as_manager()

    class Meta:
        default_permissions = ("view", "change")
        constraints = [
            models.UniqueConstraint(fields=["service", "id"], name="case_of_service"),
            models.CheckConstraint(
                condition=Q(stage__in=[s.value for s in Stage]), name="stage_is_on_the_pathway"
            ),
            models.CheckConstraint(
                condition=~Q(stage__in=sorted(s.value for s in REVIEWED_STAGES))
                | Q(next_review_on__isnull=False),
                name="nobody_waits_without_a_review_date",
            ),
            models.CheckConstraint(
                condition=~Q(stage__in=[Stage.ACTIVE.value, Stage.STEPPED_DOWN.value])
                | Q(lead_isva__isnull=False),
                name="an_active_case_has_an_isva",
            ),
        ]
        indexes = [
            models.Index(F("service"), F("opened_at").desc(), F("id").desc(), name="open_cases_by_opening",
                         condition=~Q(stage=Stage.CLOSED.value)),
            models.Index(fields=["service", "lead_isva", "next_review_on", "id"], name="open_cases_by_review",
                         condition=~Q(stage=Stage.CLOSED.value)),
            models.Index(F("service"), F("last_contact_at").desc(), F("id").desc(), name="open_cases_by_contact",
                         condition=~Q(stage=Stage.CLOSED.value)),
            models.Index(fields=["service", "stage", "opened_at"], name="cases_by_stage"),
        ]  # fmt: skip

    def __str__(self):
        return self.reference

    @property
    def is_open(self) -> bool:
        return self.stage != Stage.CLOSED.value


class CaseUserObjectPermission(UserObjectPermissionBase):
    """guardian's row: present exactly while a live grant is. It dies with the case."""

    content_object = models.ForeignKey(Case, on_delete=models.CASCADE)


class CaseGroupObjectPermission(GroupObjectPermissionBase):
    """guardian asks for the table of groups; the product gives no permission to a group."""

    content_object = models.ForeignKey(Case, on_delete=models.CASCADE)


class _TimeSpan(Func):
    function = "TSTZRANGE"
    output_field = DateTimeRangeField()


class StageEntry(CaseRecord):
    """One stay in one stage. The entries of a case tile its time: no gap, no overlap, one of them open.

    Every duration that anyone is shown is computed from these rows.
    """

    stage = models.CharField(max_length=12, choices=STAGE_CHOICES)
    entered_at = models.DateTimeField()
    left_at = models.DateTimeField(null=True, blank=True)
    reason = models.TextField(blank=True)

    class Meta:
        ordering = ["entered_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["case"], condition=Q(left_at__isnull=True), name="one_current_stage"
            ),
            models.CheckConstraint(
                condition=Q(left_at__isnull=True) | Q(left_at__gte=F("entered_at")),
                name="stage_is_left_after_entry",
            ),
            ExclusionConstraint(
                name="stages_do_not_overlap",
                expressions=[
                    ("case", RangeOperators.EQUAL),
                    (_TimeSpan("entered_at", "left_at"), RangeOperators.OVERLAPS),
                ],
            ),
        ]


class ReviewPoint(CaseRecord):
    """A day by which somebody looks at this case again. Every person who waits has one that is not done."""

    class Kind(models.TextChoices):
        INTERIM = "interim", _("Interim review")
        SAS = "sas", _("SaS review")
        STEP_DOWN = "step_down", _("Step-down review")

    kind = models.CharField(max_length=10, choices=Kind)
    due_on = models.DateField()
    why = models.CharField(max_length=200, blank=True)
    done_on = models.DateField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["case", "kind"], condition=Q(done_on__isnull=True), name="one_review_ahead_of_a_kind"
            ),
        ]
        indexes = [
            models.Index(fields=["case", "due_on"], condition=Q(done_on__isnull=True), name="reviews_ahead")
        ]


class JusticeUpdate(CaseRecord):
    """A change of where the criminal justice process stands. The current one is on the case."""

    stage = models.CharField(_("justice stage"), max_length=20, choices=JusticeStage)
    since = models.DateField(_("since"))
    trial_on = models.DateField(_("trial date"), null=True, blank=True)
    note = models.TextField(_("note"), blank=True, max_length=2000)

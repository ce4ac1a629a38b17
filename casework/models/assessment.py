"""Safety and Support (SaS): instruments as versioned data, reviews, scores, and the complexity they lead to."""

from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from isva.codes import Complexity, Risk
from isva.db.fields import ProtectedText
from isva.db.records import CaseRecord


class SasInstrument(models.Model):
    """One version of an assessment instrument: its domains, prompts and scale, as data.

    A version is never changed after use: a new one is added, and scores stay under the one they were made with.
    """

    key = models.SlugField()
    version = models.PositiveSmallIntegerField()
    title = models.CharField(max_length=120)
    content = models.JSONField()
    in_use = models.BooleanField(default=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["key", "version"], name="one_instrument_per_version"),
            models.UniqueConstraint(fields=["key"], condition=Q(in_use=True), name="one_version_in_use"),
        ]

    def __str__(self):
        return f"{self.title} ({self.version})"

    @property
    def domains(self) -> list[dict]:
        """The domains in order: ``key``, ``title``, ``prompts``."""
        return self.content["domains"]


class SasReview(CaseRecord):
    """One assessment: screening at triage and while waiting, full, review, or final at closure."""

    class Kind(models.TextChoices):
        SCREENING = "screening", _("Screening")
        FULL = "full", _("Full assessment")
        REVIEW = "review", _("Review")
        FINAL = "final", _("Final review")

    instrument = models.ForeignKey(SasInstrument, on_delete=models.PROTECT)
    kind = models.CharField(max_length=10, choices=Kind)
    reviewed_at = models.DateTimeField()
    risk = models.CharField(_("overall risk"), max_length=10, choices=Risk)
    client_view = ProtectedText(_("the client’s own view"), max_length=5000)
    judgement = ProtectedText(_("your judgement"), max_length=5000)

    class Meta:
        indexes = [models.Index(F("case"), F("reviewed_at").desc(), name="sas_reviews_of_a_case")]


class SasScore(CaseRecord):
    """The scores of one domain in one review: 0 none, 1 some, 2 significant, 3 severe (or strong)."""

    review = models.ForeignKey(SasReview, on_delete=models.PROTECT, related_name="scores")
    domain = models.SlugField()
    risk = models.PositiveSmallIntegerField(validators=[MaxValueValidator(3)])
    need = models.PositiveSmallIntegerField(validators=[MaxValueValidator(3)])
    protective = models.PositiveSmallIntegerField(validators=[MaxValueValidator(3)], default=0)
    note = ProtectedText(_("note"), max_length=2000)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["review", "domain"], name="one_score_per_domain"),
            models.CheckConstraint(
                condition=Q(risk__lte=3, need__lte=3, protective__lte=3), name="scores_are_from_0_to_3"
            ),
        ]


class ComplexityReading(CaseRecord):
    """How complex the case was at one moment, and what made it so. Its change over time is kept."""

    at = models.DateTimeField()
    score = models.SmallIntegerField()
    band = models.CharField(max_length=10, choices=Complexity)
    parts = models.JSONField(default=dict)

    class Meta:
        indexes = [models.Index(F("case"), F("at").desc(), name="complexity_of_a_case")]

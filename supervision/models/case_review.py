"""Case review of long or complex cases: who reviewed, who took part, what was decided, and when it is looked at next."""

from django.db import models
from django.db.models import F, OuterRef, Q, Subquery
from django.utils.translation import gettext_lazy as _

from isva.db.fields import ProtectedText
from isva.db.records import CaseRecord


class CaseReview(CaseRecord):
    """A manager looked at a case as a whole with whoever carries it. Whoever recorded it reviewed.

    ``next_on`` is the day of the next review; without one ``no_next_why`` says why none is needed.
    """

    class Why(models.TextChoices):
        LONG = "long", _("Open for long")
        COMPLEX = "complex", _("Complex")
        ASKED = "asked", _("Somebody asked for it")

    reviewed_on = models.DateField(_("day"))
    why = models.CharField(_("why"), max_length=10, choices=Why)
    took_part = ProtectedText(_("who took part"), max_length=200)
    decided = ProtectedText(_("what was decided"), max_length=4000, blank=False)
    next_on = models.DateField(_("next review"), null=True, blank=True)
    no_next_why = ProtectedText(_("why no other review is needed"), max_length=300)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(next_on__isnull=True) | Q(no_next_why=""), name="a_next_case_review_or_why_none"
            ),
            models.CheckConstraint(
                condition=Q(next_on__isnull=True) | Q(next_on__gt=F("reviewed_on")), name="the_next_case_review_is_later"
            ),
        ]  # fmt: skip
        indexes = [models.Index(F("case"), F("reviewed_on").desc(), name="case_reviews_of_a_case")]


def last_review(column: str, case: str = "pk") -> Subquery:
    """A column of the last review of the case named by ``case``, as a part of a query."""
    reviews = CaseReview.objects.filter(case=OuterRef(case)).order_by("-reviewed_on", "-recorded_at")
    return Subquery(reviews.values(column)[:1])

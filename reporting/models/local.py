"""What one contract asks beside the usual report: measures of the registry in its own words, and questions in writing."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from isva.db.history import RecordHistory
from isva.db.records import ServiceRecord
from reporting.models.contract import Contract, ContractTarget, OfContractQuerySet


class LocalMeasure(ServiceRecord):
    """A measure of the registry (``rows``: by which breakdown) that the reports of a contract show under *Local measures*.

    ``wording`` is what the commissioner calls it; ``bound`` and ``value`` what is asked of it, in the measure's unit.
    """

    contract = models.ForeignKey(Contract, on_delete=models.PROTECT, related_name="local_measures")
    measure = models.SlugField(_("measure"), max_length=40)
    rows = models.SlugField(_("by"), max_length=30, blank=True)
    wording = models.CharField(_("what the commissioner calls it"), max_length=120, blank=True)
    bound = models.CharField(_("at least or at most"), max_length=8, choices=ContractTarget.Bound, blank=True)
    value = models.DecimalField(_("value"), max_digits=8, decimal_places=1, null=True, blank=True)
    added_at = models.DateTimeField()

    history = RecordHistory()
    objects = OfContractQuerySet.as_manager()

    class Meta:
        ordering = ["added_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["contract", "measure", "rows"], name="one_local_measure_of_a_breakdown"
            ),
            models.CheckConstraint(
                condition=Q(bound="", value__isnull=True) | (~Q(bound="") & Q(value__gte=0)),
                name="a_local_target_is_whole",
            ),
        ]


class LocalQuestion(ServiceRecord):
    """A question that the manager answers in writing in every report of a contract, until it is asked no more.

    ``number`` tells it from the others of the contract, for good: answers are kept under it.
    """

    contract = models.ForeignKey(Contract, on_delete=models.PROTECT, related_name="local_questions")
    number = models.PositiveSmallIntegerField()
    question = models.CharField(_("question"), max_length=300)
    began_on = models.DateField()
    ended_on = models.DateField(null=True)

    history = RecordHistory()
    objects = OfContractQuerySet.as_manager()

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["contract", "number"], name="one_local_question_of_a_number")
        ]

    @property
    def section(self) -> str:
        """What its answers are kept under, among the passages of a report."""
        return f"question-{self.number}"

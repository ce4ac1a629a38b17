"""What triage, waiting and allocation keep."""

from triage.models.allocation import Allocation, UrgentAllocation
from triage.models.assessment import ContactAttempt, TriageAssessment
from triage.models.interim import InterimReview
from triage.models.load import LoadReading

__all__ = [
    "Allocation",
    "ContactAttempt",
    "InterimReview",
    "LoadReading",
    "TriageAssessment",
    "UrgentAllocation",
]

"""What triage, waiting and allocation keep."""

from triage.models.allocation import Allocation, UrgentAllocation
from triage.models.assessment import ContactAttempt, TriageAssessment
from triage.models.interim import InterimReview

__all__ = ["Allocation", "ContactAttempt", "InterimReview", "TriageAssessment", "UrgentAllocation"]

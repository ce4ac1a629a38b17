"""Everything that is kept about a case, in one namespace."""

from casework.models.agreement import AgencyConsent, ClientAgreement
from casework.models.assessment import ComplexityReading, SasInstrument, SasReview, SasScore
from casework.models.case import (
    CARRIED_COLUMNS,
    STAGE_CHOICES,
    STAGE_NAMES,
    Case,
    CaseGroupObjectPermission,
    CaseUserObjectPermission,
    JusticeUpdate,
    ReviewPoint,
    StageEntry,
)
from casework.models.client import Client, SafeContact
from casework.models.directory import AgencyContact
from casework.models.document import Document
from casework.models.endings import Closure, Decision, StepDown
from casework.models.plan import Agency, OnwardReferral, PlanAction, SupportPlan
from casework.models.search import SearchToken
from casework.models.sight import (
    EMERGENCY_LASTS,
    Conflict,
    EmergencyAttempt,
    EmergencyReview,
    Grant,
    NamedPerson,
    Restriction,
)
from casework.models.support import Answer, Appointment, Contact, Note, SafeguardingConcern

__all__ = [
    "CARRIED_COLUMNS", "EMERGENCY_LASTS", "STAGE_CHOICES", "STAGE_NAMES", "Agency", "AgencyConsent", "AgencyContact", "Answer",
    "Appointment", "Case", "CaseGroupObjectPermission", "CaseUserObjectPermission", "Client",
    "ClientAgreement", "Closure", "ComplexityReading", "Conflict", "Contact", "Decision", "Document", "EmergencyAttempt",
    "EmergencyReview", "Grant", "JusticeUpdate", "NamedPerson", "Note", "OnwardReferral", "PlanAction",
    "Restriction", "ReviewPoint", "SafeContact", "SafeguardingConcern", "SasInstrument", "SasReview",
    "SasScore", "SearchToken", "StageEntry", "StepDown", "SupportPlan",
]  # fmt: skip

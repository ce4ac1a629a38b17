"""Who supervises whom and how often; clinical supervision in dates; management supervision with its agenda and actions;
training of the staff; case review of long or complex cases."""

from supervision.models.arrangement import Arrangement
from supervision.models.case_review import CaseReview
from supervision.models.clinical import ClinicalSession
from supervision.models.management import AgendaCase, ManagementSession, SupervisionAction
from supervision.models.opt_out import OptOut
from supervision.models.training import Training

__all__ = [
    "AgendaCase",
    "Arrangement",
    "CaseReview",
    "ClinicalSession",
    "ManagementSession",
    "OptOut",
    "SupervisionAction",
    "Training",
]

"""Who supervises whom and how often; clinical supervision in dates; management supervision with its agenda and actions."""

from supervision.models.arrangement import Arrangement
from supervision.models.clinical import ClinicalSession
from supervision.models.management import AgendaCase, ManagementSession, SupervisionAction

__all__ = ["AgendaCase", "Arrangement", "ClinicalSession", "ManagementSession", "SupervisionAction"]

"""Supervision in all its kinds, training, case review, policies, and what is agreed and raised with the partners of the service."""

from supervision.models.arrangement import Arrangement
from supervision.models.case_review import CaseReview
from supervision.models.clinical import ClinicalSession
from supervision.models.left import LeftItem
from supervision.models.management import AgendaCase, ManagementSession, SupervisionAction
from supervision.models.opt_out import OptOut
from supervision.models.partners import (
    GroupAction,
    GroupAgency,
    GroupAttendance,
    GroupMeeting,
    PartnerGroup,
    Protocol,
    ProtocolAgency,
    ProtocolReview,
    SystemicIssue,
)
from supervision.models.policies import Policy, PolicyReading, PolicyVersion
from supervision.models.training import Training

__all__ = [
    "AgendaCase",
    "Arrangement",
    "CaseReview",
    "ClinicalSession",
    "GroupAction",
    "GroupAgency",
    "GroupAttendance",
    "GroupMeeting",
    "LeftItem",
    "ManagementSession",
    "OptOut",
    "PartnerGroup",
    "Policy",
    "PolicyReading",
    "PolicyVersion",
    "Protocol",
    "ProtocolAgency",
    "ProtocolReview",
    "SupervisionAction",
    "SystemicIssue",
    "Training",
]

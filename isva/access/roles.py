"""Who may do what: the roles of a service and the permissions each one carries."""

from enum import StrEnum

from django.db import models
from django.utils.translation import gettext_lazy as _


class Role(models.TextChoices):
    ISVA = "isva", _("ISVA")
    TRAINEE = "trainee", _("Trainee ISVA")
    COORDINATOR = "coordinator", _("Support coordinator")
    MANAGER = "manager", _("Manager")
    CLINICAL_SUPERVISOR = "clinical_supervisor", _("Clinical supervisor")
    COMMISSIONER = "commissioner", _("Commissioner")
    RECORDS_LEAD = "records_lead", _("Records lead")


class Permission(StrEnum):
    """What a door asks for. The first two are held on a case, the others on a service."""

    VIEW_CASE = "view_case"
    CHANGE_CASE = "change_case"
    HOLD_CASES = "hold_cases"
    HANDLE_INTAKE = "handle_intake"
    SEE_ALL_CASES = "see_all_cases"
    ALLOCATE = "allocate"
    APPROVE_CLOSURE = "approve_closure"
    PUBLISH_REPORT = "publish_report"
    READ_REPORTS = "read_reports"
    SUPERVISE = "supervise"
    GIVE_CLINICAL_SUPERVISION = "give_clinical_supervision"
    SEE_WORKFORCE = "see_workforce"
    KEEP_RECORDS = "keep_records"


#: Permissions that guardian keeps on a service, with the words a refusal uses.
SERVICE_PERMISSIONS = {
    Permission.HOLD_CASES: _("carry a caseload"),
    Permission.HANDLE_INTAKE: _("handle referrals, triage and the waiting list"),
    Permission.SEE_ALL_CASES: _("see every case of the service"),
    Permission.ALLOCATE: _("allocate cases"),
    Permission.APPROVE_CLOSURE: _("approve step-down and closure"),
    Permission.PUBLISH_REPORT: _("publish reports"),
    Permission.READ_REPORTS: _("read reports for a commissioner"),
    Permission.SUPERVISE: _("supervise staff"),
    Permission.GIVE_CLINICAL_SUPERVISION: _("give clinical supervision"),
    Permission.SEE_WORKFORCE: _("see the workforce"),
    Permission.KEEP_RECORDS: _("keep staff accounts and records"),
}

ROLE_PERMISSIONS: dict[str, frozenset[Permission]] = {
    Role.ISVA: frozenset({Permission.HOLD_CASES}),
    Role.TRAINEE: frozenset({Permission.HOLD_CASES}),
    Role.COORDINATOR: frozenset({Permission.HANDLE_INTAKE}),
    Role.MANAGER: frozenset(
        {
            Permission.SEE_ALL_CASES,
            Permission.ALLOCATE,
            Permission.APPROVE_CLOSURE,
            Permission.PUBLISH_REPORT,
            Permission.SUPERVISE,
            Permission.SEE_WORKFORCE,
        }
    ),
    Role.CLINICAL_SUPERVISOR: frozenset({Permission.GIVE_CLINICAL_SUPERVISION}),
    Role.COMMISSIONER: frozenset({Permission.READ_REPORTS}),
    Role.RECORDS_LEAD: frozenset({Permission.KEEP_RECORDS}),
}


#: With any of these somebody comes to see records: by their role, by what they are given, or in an emergency.
SIGHT = frozenset({Permission.HOLD_CASES, Permission.HANDLE_INTAKE, Permission.SEE_ALL_CASES})


def permissions_of(roles) -> frozenset[Permission]:
    """The permissions that a set of roles adds up to (roles add up: a small service has people in two)."""
    return frozenset().union(*(ROLE_PERMISSIONS[role] for role in roles))


def roles_with(*permissions: Permission) -> list[str]:
    """The roles that carry any of ``permissions``."""
    return [role for role, held in ROLE_PERMISSIONS.items() if held.intersection(permissions)]


#: The roles of those who carry cases.
HOLDERS = roles_with(Permission.HOLD_CASES)

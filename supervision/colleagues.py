"""The colleagues who can be asked to do something: members of today who do casework, by name."""

from isva.access.acting import ActingPerson
from isva.access.roles import ROLE_PERMISSIONS, Permission
from isva.accounts.models import Membership

CASEWORK = (Permission.HOLD_CASES, Permission.HANDLE_INTAKE, Permission.SEE_ALL_CASES)
_ROLES = [role for role, permissions in ROLE_PERMISSIONS.items() if permissions & set(CASEWORK)]


def colleagues(person: ActingPerson):
    """The memberships, live today, of everybody who does casework in the service of ``person``."""
    return members_with(person.service, _ROLES)


def members_with(service, roles):
    """The memberships of a service, live today, of people who hold one of ``roles``; by name."""
    members = Membership.objects.filter(service=service, roles__overlap=list(roles)).live()
    return members.select_related("user").order_by("user__name", "pk")

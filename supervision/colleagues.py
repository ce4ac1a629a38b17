"""The colleagues who can be asked to do something: members of today who do casework, by name."""

from django.db.models import Q

from isva.access.acting import ActingPerson
from isva.access.roles import ROLE_PERMISSIONS, Permission
from isva.accounts.models import Membership
from isva.clock.moment import today

CASEWORK = (Permission.HOLD_CASES, Permission.HANDLE_INTAKE, Permission.SEE_ALL_CASES)
_ROLES = [role for role, permissions in ROLE_PERMISSIONS.items() if permissions & set(CASEWORK)]


def colleagues(person: ActingPerson):
    """The memberships, live today, of everybody who does casework in the service of ``person``."""
    return members_with(person.service, _ROLES)


def members_with(service, roles):
    """The memberships of a service, live today, of people who hold one of ``roles``; by name."""
    day = today()
    return (
        Membership.objects.filter(service=service, user__is_active=True, starts_on__lte=day, roles__overlap=list(roles))
        .filter(Q(ends_on__isnull=True) | Q(ends_on__gte=day))
        .select_related("user")
        .order_by("user__name", "pk")
    )  # fmt: skip

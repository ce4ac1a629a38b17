"""guardian's permissions on a service: written from the roles of a membership, read once per request."""

from guardian.shortcuts import assign_perm, remove_perm

from isva.access.roles import SERVICE_PERMISSIONS, permissions_of
from isva.accounts.models import Membership, Service, ServiceUserObjectPermission, User


def service_permissions(user: User, service: Service) -> frozenset[str]:
    """The permissions that ``user`` holds on ``service`` (one query, no superuser or global exception)."""
    return frozenset(held_on(user, service).values_list("permission__codename", flat=True))


def held_on(user, service):
    """The names of the permissions that ``user`` holds on ``service``, as a query."""
    return ServiceUserObjectPermission.objects.filter(user=user, content_object=service).values(
        "permission__codename"
    )


def agree_with_roles(membership: Membership, *, live: bool) -> None:
    """Make guardian's rows on the service say exactly what the roles say; none of them when not ``live``."""
    wanted = permissions_of(membership.roles) if live else frozenset()
    held = service_permissions(membership.user, membership.service)
    for permission in SERVICE_PERMISSIONS:
        if permission in wanted and permission not in held:
            assign_perm(permission.value, membership.user, membership.service)
        elif permission in held and permission not in wanted:
            remove_perm(permission.value, membership.user, membership.service)

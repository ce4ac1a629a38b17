"""Cases that nobody who decides can see: every manager is walled off, or nobody of them is named. Told without identity."""

from django.db import transaction
from django.db.models import Q

from casework import access
from casework.models import Case, Client, Conflict, Restriction
from isva.access.roles import ROLE_PERMISSIONS, Permission
from isva.access.system import SystemUser, act_as_system
from isva.accounts.models import Membership

#: Roles whose people see every case, and so decide.
_DECIDE = [role for role, held in ROLE_PERMISSIONS.items() if Permission.SEE_ALL_CASES in held]


def unseen_clients(service) -> int:
    """How many people with an open case no manager of the service can see. They need a manager from outside."""
    with act_as_system(SystemUser.GUARD, service):
        walled = Client.objects.filter(
            Q(pk__in=Conflict.objects.filter(service=service, lifted_at__isnull=True).values("client"))
            | Q(pk__in=Restriction.objects.filter(service=service, lifted_at__isnull=True).values("client")),
            pk__in=Case.objects.filter(service=service).open().values("client"),
        )
        return sum(not is_seen(client) for client in walled)


def is_seen(client) -> bool:
    """Whether a manager of the service may see a client."""
    managers = Membership.objects.filter(service=client.service_id, roles__overlap=_DECIDE).live()
    return managers.exclude(access.kept_away(client)).exists()


def tell_if_unseen(client) -> None:
    """Queue the letter that a case needs somebody from outside, where no manager can see this client any more."""
    if not is_seen(client):
        transaction.on_commit(lambda: _queue(str(client.service_id)), robust=True)


def _queue(service_id: str) -> None:
    from casework.tasks import tell_of_unseen

    tell_of_unseen.apply_async((service_id,), retry=False)

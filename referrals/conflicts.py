"""The conflict check: staff and their households against client and suspect, before anyone's first view."""

from django.db.models import Exists
from django.utils.translation import gettext_lazy as _
from rapidfuzz import fuzz, utils

from casework.access import declare_conflict
from casework.models import Case, Conflict, SafeContact
from isva.access.system import SystemUser, act_as_system
from isva.accounts.models import DeclaredConnection, Membership
from isva.clock.moment import today

#: How alike two names have to be (of 100, word order set aside). A wall too many is lifted by a manager; one too few is not seen.
ALIKE = 88
#: What the check found, as it stands on the conflict.
_THE_CLIENT = _("Conflict check at referral: a declared connection has the client’s name")
_THE_SUSPECT = _("Conflict check at referral: a declared connection has the suspect’s name")
_CLOSE = _("Conflict check at referral: a declared connection is close to the client")


def check_conflicts(case: Case, *, by) -> list:
    """Wall off every member of staff who has declared to know the client, their household or the suspect.

    Called in the transaction that makes the case, so that nobody has seen it before. Returns the conflicts.
    """
    names = _names_in(case)
    if not names:
        return []
    found = {}
    for connection in _declared(case.service):
        for name, reason in names:
            if _alike(connection.name, name):
                user = connection.membership.user
                found.setdefault(user.pk, (user, reason))
    return [declare_conflict(case.client, user=user, reason=reason, by=by) for user, reason in found.values()]


def check_connection(connection: DeclaredConnection, *, by) -> list:
    """The same for a connection that is declared later: the cases that are open already are looked at, at once.

    Whoever declares may see none of them, so the service's *guard* looks. Returns the conflicts.
    """
    user = connection.membership.user
    with act_as_system(SystemUser.GUARD, connection.service) as guard:
        walled = Conflict.objects.filter(user=user, lifted_at__isnull=True).values("client")
        cases = Case.objects.filter(service=connection.service).open().exclude(client__in=walled)
        households: dict = {}
        contacts = SafeContact.objects.filter(client__in=cases.values("client")).exclude(person_name="")
        for client, name in contacts.values_list("client", "person_name"):
            households.setdefault(client, []).append(name)
        found = {}
        for case in cases.select_related("client", "referral"):
            for name, reason in _names_in(case, households.get(case.client_id, [])):
                if _alike(connection.name, name):
                    found.setdefault(case.client_id, (case.client, reason))
        return [
            declare_conflict(client, user=user, reason=reason, by=guard.user)
            for client, reason in found.values()
        ]


def advises_restriction(case: Case) -> bool:
    """Whether the client seems to be a member of staff, or close to one: then a manager may restrict them."""
    day = today()
    found = Conflict.objects.filter(
        client=case.client_id, lifted_at__isnull=True, reason__in=[str(_THE_CLIENT), str(_CLOSE)]
    )
    members = Membership.objects.filter(service=case.service_id).exclude(ends_on__lt=day)
    names = [name for name in (case.client.name, case.client.known_as) if len(name.split()) > 1]
    staff = list(members.values_list("user__name", Exists(found)))
    return any(close or any(_alike(one, name) for name in names) for one, close in staff)


def _names_in(case, household=None) -> list[tuple[str, str]]:
    client, referral = case.client, getattr(case, "referral", None)
    if household is None:
        contacts = SafeContact.objects.filter(client=client).exclude(person_name="")
        household = contacts.values_list("person_name", flat=True)
    names = [
        (client.name, _THE_CLIENT),
        (client.known_as, _THE_CLIENT),
        (referral.suspect_name if referral else "", _THE_SUSPECT),
        *((name, _CLOSE) for name in household),
    ]
    return [(name, str(reason)) for name, reason in names if len(name.split()) > 1]


def _declared(service):
    here = Membership.objects.filter(service=service).live()
    return DeclaredConnection.objects.filter(service=service, membership__in=here).select_related(
        "membership__user"
    )


def _alike(one: str, other: str) -> bool:
    return fuzz.token_sort_ratio(one, other, processor=utils.default_process) >= ALIKE

"""The conflict check: staff and their households against client, suspect and household, before anyone's first view."""

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
#: Whose name it is.
_THE_CLIENT, _THE_SUSPECT, _CLOSE = "client", "suspect", "close"
#: What the check found, as it stands on the conflict: of somebody whom a colleague has declared to know, and of colleagues themselves.
_KNOWS = {
    _THE_CLIENT: _("Conflict check at referral: a declared connection has the client’s name"),
    _THE_SUSPECT: _("Conflict check at referral: a declared connection has the suspect’s name"),
    _CLOSE: _("Conflict check at referral: a declared connection is close to the client"),
}
_IS = {
    _THE_CLIENT: _("Conflict check at referral: the client has this colleague’s own name"),
    _THE_SUSPECT: _("Conflict check at referral: the suspect has this colleague’s own name"),
    _CLOSE: _("Conflict check at referral: somebody close to the client has this colleague’s own name"),
}


def check_conflicts(case: Case, *, by) -> list:
    """Wall off every member of staff who is, or has declared to know, the client, somebody of their household or the suspect.

    That a name is the same says enough: who only shares it is let in again by a manager. Called in the transaction that
    makes the case, so that nobody has seen it before. Returns the conflicts.
    """
    names = _names_in(case)
    if not names:
        return []
    found: dict = {}
    for connection in _declared(case.service):
        if whose := _whose(connection.name, names):
            user = connection.membership.user
            found.setdefault(user.pk, (user, str(_KNOWS[whose])))
    for membership in _colleagues(case.service).select_related("user"):
        if whose := _whose(membership.user.name, names):
            found.setdefault(membership.user_id, (membership.user, str(_IS[whose])))
    return [declare_conflict(case.client, user=user, reason=reason, by=by) for user, reason in found.values()]


def check_connection(connection: DeclaredConnection, *, by) -> list:
    """The same for a connection that is declared later: the cases that are open already are looked at, at once.

    Whoever declares may see none of them, so the service's *guard* looks. Returns the conflicts.
    """
    return _wall_off(connection.membership, name=connection.name, words=_KNOWS)


def check_colleague(membership: Membership) -> list:
    """The same for somebody who joins: the cases that are open already are looked at for their own name."""
    return _wall_off(membership, name=membership.user.name, words=_IS)


def _wall_off(membership: Membership, *, name: str, words: dict) -> list:
    """Wall a member of staff off from every open case in which somebody is called ``name``."""
    user, service = membership.user, membership.service
    with act_as_system(SystemUser.GUARD, service) as guard:
        walled = Conflict.objects.filter(user=user, lifted_at__isnull=True).values("client")
        cases = Case.objects.filter(service=service).open().exclude(client__in=walled)
        households: dict = {}
        contacts = SafeContact.objects.filter(client__in=cases.values("client")).exclude(person_name="")
        for client, person_name in contacts.values_list("client", "person_name"):
            households.setdefault(client, []).append(person_name)
        found: dict = {}
        for case in cases.select_related("client", "referral"):
            if whose := _whose(name, _names_in(case, households.get(case.client_id, []))):
                found.setdefault(case.client_id, (case.client, str(words[whose])))
        return [
            declare_conflict(client, user=user, reason=reason, by=guard.user)
            for client, reason in found.values()
        ]


def advises_restriction(case: Case) -> bool:
    """Whether the client seems to be a member of staff, or close to one: then a manager may restrict them.

    That a colleague is the suspect, or knows them, does not say so.
    """
    close = [str(words[whose]) for words in (_KNOWS, _IS) for whose in (_THE_CLIENT, _CLOSE)]
    found = Conflict.objects.filter(client=case.client_id, lifted_at__isnull=True, reason__in=close)
    names = [name for name in (case.client.name, case.client.known_as) if len(name.split()) > 1]
    staff = list(_colleagues(case.service_id).values_list("user__name", Exists(found)))
    return any(walled or any(_alike(one, name) for name in names) for one, walled in staff)


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
    return [(name, whose) for name, whose in names if len(name.split()) > 1]


def _whose(name: str, names) -> str | None:
    """Whose of ``names`` it is that ``name`` is like, the first one; None where it is like none."""
    return next((whose for one, whose in names if _alike(name, one)), None)


def _colleagues(service):
    """The memberships of a service that have not ended, those of people who are still to begin among them."""
    return Membership.objects.filter(service=service).exclude(ends_on__lt=today())


def _declared(service):
    here = Membership.objects.filter(service=service).live()
    return DeclaredConnection.objects.filter(service=service, membership__in=here).select_related(
        "membership__user"
    )


def _alike(one: str, other: str) -> bool:
    return fuzz.token_sort_ratio(one, other, processor=utils.default_process) >= ALIKE

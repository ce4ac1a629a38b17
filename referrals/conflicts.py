"""The conflict check: staff and their households against client and suspect, before anyone's first view."""

from django.db.models import Q
from django.utils.translation import gettext as _
from rapidfuzz import fuzz, utils

from casework.access import declare_conflict
from casework.models import Case, SafeContact
from isva.accounts.models import DeclaredConnection
from isva.clock.moment import today

#: How alike two names have to be (of 100, word order set aside). A wall too many is lifted by a manager; one too few is not seen.
ALIKE = 88


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


def _names_in(case) -> list[tuple[str, str]]:
    client, referral = case.client, case.referral
    household = (
        SafeContact.objects.filter(client=client)
        .exclude(person_name="")
        .values_list("person_name", flat=True)
    )
    names = [
        (client.name, _("Conflict check at referral: a declared connection has the client’s name")),
        (client.known_as, _("Conflict check at referral: a declared connection has the client’s name")),
        (
            referral.suspect_name,
            _("Conflict check at referral: a declared connection has the suspect’s name"),
        ),
    ]
    names += [
        (name, _("Conflict check at referral: a declared connection is close to the client"))
        for name in household
    ]
    return [(name, reason) for name, reason in names if len(name.split()) > 1]


def _declared(service):
    day = today()
    return (
        DeclaredConnection.objects.filter(service=service, membership__starts_on__lte=day)
        .filter(Q(membership__ends_on__isnull=True) | Q(membership__ends_on__gte=day))
        .select_related("membership__user")
    )


def _alike(one: str, other: str) -> bool:
    return fuzz.token_sort_ratio(one, other, processor=utils.default_process) >= ALIKE

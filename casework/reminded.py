"""Who is told of what is due on a case: who covers it now, and whom a wall keeps away from it."""

from casework.models import Case, Conflict, Grant, NamedPerson, Restriction
from casework.querysets import live
from isva.clock.moment import now


def covers(service, cases) -> dict:
    """The keys of the people who cover each of these cases now, by case. One query."""
    grants = live(Grant.objects.filter(service=service, case__in=cases, why=Grant.Why.COVER), now())
    found: dict = {}
    for case, user in grants.values_list("case", "user"):
        found.setdefault(case, set()).add(user)
    return found


def kept_away(service, cases, people) -> set[tuple]:
    """The pairs (case, person) between whom a conflict stands, or a restriction that does not name them. Three queries."""
    conflicts = Conflict.objects.filter(service=service, lifted_at__isnull=True, client__cases__in=cases)
    found = set(conflicts.values_list("client__cases", "user"))
    named: dict = {}
    for restriction, user in NamedPerson.objects.filter(
        service=service, restriction__lifted_at__isnull=True, ended_at__isnull=True
    ).values_list("restriction", "user"):
        named.setdefault(restriction, set()).add(user)
    restrictions = Restriction.objects.filter(service=service, lifted_at__isnull=True).values_list(
        "client", "pk"
    )
    restricted = dict(restrictions)
    for case, client in Case.objects.filter(pk__in=cases, client__in=list(restricted)).values_list(
        "pk", "client"
    ):
        found |= {(case, person) for person in people if person not in named.get(restricted[client], ())}
    return found

"""Whom a case can be given to while it waits: who keeps in touch, and which manager answers for an urgent one."""

import datetime as dt

from django.db.models import Count, Exists, OuterRef

from casework import access
from casework.models import Case
from isva.access.roles import Permission, Role, permissions_of
from isva.accounts.models import Leave, Membership
from isva.clock.moment import today
from triage.models import UrgentAllocation

#: Roles in which somebody may keep in touch with a person who waits.
_KEEPS_IN_TOUCH = [Role.ISVA, Role.TRAINEE, Role.COORDINATOR, Role.MANAGER]
#: Roles that see people who wait without a grant of their own.
_SEES_INTAKE = {Permission.HANDLE_INTAKE, Permission.SEE_ALL_CASES}


def who_may_keep_in_touch(case: Case):
    """The members of the service who may be named as the interim worker of a case, with their user, by name.

    Left out: people who are away today, and people walled off from the client (report, Annex B).
    """
    return _members(case, _KEEPS_IN_TOUCH).filter(away=False).order_by("user__name")


def needs_a_grant(membership: Membership) -> bool:
    """Whether this member sees a person who waits only by a grant of their own."""
    return not permissions_of(membership.roles) & _SEES_INTAKE


def manager_for(case: Case):
    """The manager who answers for an urgent allocation: at work today, with the fewest open ones; None without any.

    Where every manager is away, one who is away is named all the same: an urgent case is never nobody's.
    """
    open_ones = UrgentAllocation.objects.filter(service=case.service, done_at__isnull=True)
    counts = dict(open_ones.order_by().values_list("manager").annotate(Count("pk")))
    managers = list(_members(case, [Role.MANAGER]))
    if not managers:
        return None
    return min(managers, key=lambda one: (one.away, counts.get(one.user_id, 0), one.user.name)).user


def _members(case: Case, roles):
    day: dt.date = today()
    away = Leave.objects.filter(membership=OuterRef("pk"), first_day__lte=day, last_day__gte=day)
    return (
        Membership.objects.filter(service=case.service_id, roles__overlap=roles)
        .live(day)
        .exclude(access.kept_away(case.client_id))
        .annotate(away=Exists(away))
        .select_related("user")
    )

"""What becomes of cases when a member of staff leaves, or does no casework any more: their sight ends, and what they carry
needs somebody else.

Who belongs to no service any more is signed out.
"""

from casework.access import end_all_grants_of
from casework.models import Case, Grant
from isva.access.roles import SIGHT, permissions_of, roles_with
from isva.access.system import SystemUser, act_as_system, with_sight_of
from isva.accounts import membership as memberships
from isva.accounts import visits
from isva.accounts.models import Membership, Service, User
from isva.clock.moment import today

_OTHER_ROLES = "does no casework any more"


def end_membership(membership: Membership, *, last_day, by: User, seen: str | None = None) -> Membership:
    """End somebody's membership with ``last_day``; once that day is over, their sight of every case, and their sessions
    where they belong to no other service.

    Where the day lies ahead, the clock ends both. The cases they carry stay theirs in name until a
    manager reallocates them. Raises accounts.membership.CannotGo, in words, and ChangedMeanwhile where the last day is
    not the one that was ``seen``.
    """
    ended = memberships.end_membership(membership, last_day=last_day, by=by, seen=seen)
    if not memberships.is_live(ended):
        with with_sight_of(SystemUser.CLOCK, membership.service):
            end_all_grants_of(membership.user, service=membership.service, by=by, reason="left the service")
        visits.end_of_who_left()
    return ended


def let_go_in_other_roles(membership: Membership, *, by: User) -> int:
    """End somebody's sight of every case where none of their roles does casework any more; returns how many grants ended.

    Called when their roles have changed, by a records lead perhaps, who sees none of the cases. They stay theirs in
    name until a manager reallocates them.
    """
    if permissions_of(membership.roles) & SIGHT:
        return 0
    with with_sight_of(SystemUser.CLOCK, membership.service):
        return end_all_grants_of(membership.user, service=membership.service, by=by, reason=_OTHER_ROLES)


def let_go(service: Service) -> int:
    """End the sight that people who have left a service, or do no casework any more, still hold.

    Called every hour by the clock; idempotent. Returns how many grants ended.
    """
    members = Membership.objects.filter(service=service)
    gone = members.filter(ends_on__lt=today())
    in_other_roles = members.exclude(roles__overlap=roles_with(*SIGHT))
    ended = 0
    with act_as_system(SystemUser.CLOCK, service) as clock:
        for who, reason in ((gone, "left the service"), (in_other_roles, _OTHER_ROLES)):
            for user in _holding(service, who):
                ended += end_all_grants_of(user, service=service, by=clock.user, reason=reason)
    return ended


def _holding(service: Service, members):
    """The people of these memberships who hold a grant in the service that was not ended."""
    held = Grant.objects.filter(service=service, ended_at__isnull=True, user__in=members.values("user"))
    return User.objects.filter(pk__in=held.values("user"))


def references_carried_by(user: User, *, service: Service) -> list[str]:
    """The references of the open cases that somebody carries: for whoever ends their membership.

    References only, since the records lead may see no case: they say nothing about anybody.
    """
    with with_sight_of(SystemUser.CLOCK, service):
        return list(
            Case.objects.filter(service=service, lead_isva=user)
            .open()
            .order_by("reference")
            .values_list("reference", flat=True)
        )

"""What becomes of cases when a member of staff leaves: their sight ends, and what they carry needs somebody else.

Who belongs to no service any more is signed out.
"""

from casework.access import end_all_grants_of
from casework.models import Case, Grant
from isva.access.system import SystemUser, act_as_system, with_sight_of
from isva.accounts import membership as memberships
from isva.accounts import visits
from isva.accounts.models import Membership, Service, User
from isva.clock.moment import today


def end_membership(membership: Membership, *, last_day, by: User) -> Membership:
    """End somebody's membership with ``last_day``; once that day is over, their sight of every case, and their sessions
    where they belong to no other service.

    Where the day lies ahead, the clock ends both. The cases they carry stay theirs in name until a
    manager reallocates them. Raises accounts.membership.CannotGo, in words.
    """
    ended = memberships.end_membership(membership, last_day=last_day, by=by)
    if not memberships.is_live(ended):
        with with_sight_of(SystemUser.CLOCK, membership.service):
            end_all_grants_of(membership.user, service=membership.service, by=by, reason="left the service")
        visits.end_of_who_left()
    return ended


def let_go(service: Service) -> int:
    """End the sight that people who have left a service still hold; returns how many grants ended.

    Called every hour by the clock; idempotent.
    """
    gone = Membership.objects.filter(service=service, ends_on__lt=today())
    holding = User.objects.filter(
        pk__in=Grant.objects.filter(
            service=service, ended_at__isnull=True, user__in=gone.values("user")
        ).values("user")
    )  # fmt: skip
    ended = 0
    with act_as_system(SystemUser.CLOCK, service) as clock:
        for user in holding:
            ended += end_all_grants_of(user, service=service, by=clock.user, reason="left the service")
    return ended


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

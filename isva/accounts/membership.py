"""Who belongs to which service: beginning, changing and ending a membership, and which one is at work now."""

from django.db.models import Q

from isva.accounts.models import Membership, Service, User
from isva.accounts.permissions import agree_with_roles
from isva.clock.moment import today


def live_memberships(user: User):
    """The memberships of ``user`` that have begun and not ended, with their service."""
    day = today()
    return (
        Membership.objects.filter(user=user, user__is_active=True, starts_on__lte=day)
        .filter(Q(ends_on__isnull=True) | Q(ends_on__gte=day))
        .select_related("service")
        .order_by("service__name")
    )


def active_membership(user: User, service_id) -> tuple[Membership | None, bool]:
    """The membership that ``user`` acts under, and whether there are several to choose from.

    One membership needs no choice. With several, the chosen service decides; without a valid choice, None.
    """
    memberships = list(live_memberships(user))
    if len(memberships) == 1:
        return memberships[0], False
    chosen = [m for m in memberships if str(m.service_id) == str(service_id)]
    return (chosen[0] if chosen else None), len(memberships) > 1


def begin_membership(*, user: User, service: Service, roles, starts_on=None, by: User | None) -> Membership:
    """Make ``user`` a member of ``service`` in ``roles``, with the permissions that these add up to."""
    membership = Membership(user=user, service=service, roles=list(roles), starts_on=starts_on or today())
    membership.save(force_insert=True)
    agree_with_roles(membership, live=True)
    return membership


def change_roles(membership: Membership, *, roles, by: User) -> Membership:
    """Change what a member is in the service; their permissions follow at once."""
    membership.roles = list(roles)
    membership.save(update_fields=["roles"])
    agree_with_roles(membership, live=is_live(membership))
    return membership


def end_membership(membership: Membership, *, last_day, by: User) -> Membership:
    """End a membership with ``last_day``; past it the person reaches nothing of the service."""
    membership.ends_on = last_day
    membership.save(update_fields=["ends_on"])
    agree_with_roles(membership, live=is_live(membership))
    return membership


def is_live(membership: Membership) -> bool:
    """Whether the membership has begun and not ended today."""
    day = today()
    return membership.starts_on <= day and (membership.ends_on is None or membership.ends_on >= day)

"""Who belongs to which service: beginning, changing and ending a membership, and which one is at work now."""

import datetime as dt

from django.contrib.postgres.expressions import ArraySubquery
from django.db import transaction
from django.db.models import OuterRef, Q
from django.utils.translation import gettext as _

from isva.access.roles import Role
from isva.accounts.models import Membership, Service, User
from isva.accounts.permissions import agree_with_roles, held_on
from isva.clock.moment import today
from isva.refusal import Refusal
from isva.stale import refuse_stale

#: Roles without which a service cannot go on: somebody decides, and somebody lets people in and out.
NEVER_EMPTY = (Role.RECORDS_LEAD, Role.MANAGER)


class CannotGo(Refusal):
    """A change of staff that would leave the service, or the person making it, locked out. Its text says why."""


def live_memberships(user: User):
    """The memberships of ``user`` that have begun and not ended, with their service and the permissions ``held`` on it."""
    return (
        Membership.objects.filter(user=user)
        .live()
        .select_related("service")
        .annotate(held=ArraySubquery(held_on(OuterRef("user"), OuterRef("service"))))
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
    """Make ``user`` a member of ``service`` in ``roles``, with the permissions that these add up to.

    Somebody who was a member before and comes back keeps the one row; its history tells both times.
    """
    membership = Membership.objects.filter(service=service, user=user).first()
    if membership is None:
        membership = Membership(user=user, service=service)
    membership.roles = list(roles)
    membership.starts_on = starts_on or today()
    membership.ends_on = None
    membership.save()
    agree_with_roles(membership, live=is_live(membership))
    return membership


@transaction.atomic
def end_membership(
    membership: Membership, *, last_day: dt.date, by: User, seen: str | None = None
) -> Membership:
    """End a membership with ``last_day``; past it the person reaches nothing of the service.

    ``seen`` is the mark of the last day on the page; raises ChangedMeanwhile where it is another by now, CannotGo for
    the last manager or records lead, and for one's own membership.
    """
    if membership.user_id == by.pk:
        raise CannotGo(_("You cannot end your own membership. Ask another records lead."))
    locked = (
        Membership.objects.select_for_update(of=("self",))
        .select_related("user", "service")
        .get(pk=membership.pk)
    )
    refuse_stale(locked, ("ends_on",), seen=seen)
    refuse_to_empty(locked, set(locked.roles), after=last_day)
    locked.ends_on = last_day
    locked.save(update_fields=["ends_on"])
    agree_with_roles(locked, live=is_live(locked))
    return locked


def is_live(membership: Membership) -> bool:
    """Whether the membership has begun and not ended today."""
    day = today()
    return membership.starts_on <= day and (membership.ends_on is None or membership.ends_on >= day)


def keep_permissions_in_time() -> int:
    """Make the permissions on every service follow the calendar: people who begin today, people who have left.

    Returns how many memberships it looked at. Called every hour by the clock; idempotent.
    """
    memberships = list(Membership.objects.select_related("user", "service"))
    for membership in memberships:
        agree_with_roles(membership, live=is_live(membership))
    return len(memberships)


def refuse_to_empty(membership: Membership, roles, *, after: dt.date) -> None:
    """Raise CannotGo where nobody else would hold one of ``roles`` on the days after ``after``."""
    needed = [role for role in NEVER_EMPTY if role in roles]
    if not needed:
        return
    # Two people leaving at the same moment wait for each other here.
    Service.objects.select_for_update().get(pk=membership.service_id)
    others = (
        Membership.objects.filter(service=membership.service_id, user__is_active=True, starts_on__lte=after)
        .filter(Q(ends_on__isnull=True) | Q(ends_on__gt=after))
        .exclude(pk=membership.pk)
        .values_list("roles", flat=True)
    )
    held = {role for theirs in others for role in theirs}
    for role in needed:
        if role not in held:
            raise CannotGo(
                _("This is the last %(role)s of the service. Give somebody else that role first.")
                % {"role": str(role.label).lower()}
            )

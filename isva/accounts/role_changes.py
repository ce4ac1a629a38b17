"""What somebody is in a service: changed by a records lead, never to see more of it oneself, and told to who should know."""

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext as _

from isva.access.roles import Permission, Role, permissions_of
from isva.accounts import letters
from isva.accounts.membership import CannotGo, is_live, refuse_to_empty
from isva.accounts.models import Membership, RoleChange, User
from isva.accounts.permissions import agree_with_roles
from isva.clock.moment import now, today
from isva.stale import refuse_stale

#: With any of these somebody comes to see records: by their role, by what they are given, or in an emergency.
_SIGHT = {Permission.HOLD_CASES, Permission.HANDLE_INTAKE, Permission.SEE_ALL_CASES}
#: Changes are listed this far back.
LOOK_BACK = dt.timedelta(days=90)


@transaction.atomic
def change_roles(membership: Membership, *, roles, by: User, seen: str | None = None) -> Membership:
    """Change what a member is in the service; their permissions follow at once.

    ``seen`` is the mark of what the page said; raises ChangedMeanwhile where it says something else by now. Raises
    CannotGo where the service would be left without a manager or a records lead, where somebody gives themselves a
    role with sight of records, and where somebody takes the keeping of records from themselves (another records
    lead does either: nobody lets themselves in, and nobody locks themselves out by a slip).
    """
    locked = (
        Membership.objects.select_for_update(of=("self",))
        .select_related("user", "service")
        .get(pk=membership.pk)
    )
    refuse_stale(locked, ("roles",), seen=seen)
    before = list(locked.roles)
    given_up = set(before) - set(roles)
    if locked.user_id == by.pk:
        _refuse_own(taken_on=set(roles) - set(before), given_up=given_up)
    refuse_to_empty(locked, given_up, after=today())
    locked.roles = list(roles)
    locked.save(update_fields=["roles"])
    agree_with_roles(locked, live=is_live(locked))
    if set(before) != set(roles):
        _tell(locked, before=before, by=by)
    return locked


def note_joined(membership: Membership, *, by: User) -> None:
    """Tell managers and records leads that somebody joined the service, and in which roles."""
    _tell(membership, before=[], by=by)


def changes_in(service):
    """Who joined a service or was given other roles in the last 90 days, by whom; the latest first."""
    found = RoleChange.objects.filter(service=service, changed_at__gte=now() - LOOK_BACK)
    return found.select_related("user", "changed_by").order_by("-changed_at", "pk")


def _refuse_own(*, taken_on: set, given_up: set) -> None:
    if permissions_of(taken_on) & _SIGHT:
        raise CannotGo(_("You cannot give yourself a role that sees records. Ask another records lead."))
    if Role.RECORDS_LEAD in given_up:
        raise CannotGo(_("You cannot take the role of records lead from yourself. Ask another records lead."))


def _tell(membership: Membership, *, before, by: User) -> None:
    change = RoleChange(
        service=membership.service, user=membership.user, before=before, after=membership.roles, changed_by=by,
        changed_at=now(),
    )  # fmt: skip
    change.save(force_insert=True)
    letters.tell_role_change(change)

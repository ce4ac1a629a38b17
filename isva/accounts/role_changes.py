"""What somebody is in a service: changed by a records lead, never to see more of it oneself, and told to who should know."""

import datetime as dt
from collections.abc import Callable

from django.db import transaction
from django.utils.translation import gettext as _

from isva.access.roles import SIGHT, Role, permissions_of
from isva.accounts import letters
from isva.accounts.membership import CannotGo, is_live, refuse_to_empty
from isva.accounts.models import Membership, RoleChange, User
from isva.accounts.permissions import agree_with_roles
from isva.clock.moment import now, today
from isva.stale import refuse_stale

#: Changes are listed this far back.
LOOK_BACK = dt.timedelta(days=90)

_before_giving: list[Callable] = []
_after_changing: list[Callable] = []


def before_giving(check: Callable) -> None:
    """Have ``check(service, user, roles)`` asked before roles are given (said once, at the start).

    It gives, for each role that somebody should not have yet, why not, in words (``user`` is None for somebody new).
    Such a role is given with a reason only. Supervision asks for the training that a role needs.
    """
    if check not in _before_giving:
        _before_giving.append(check)


def after_changing(act: Callable) -> None:
    """Have ``act(membership, by=)`` called when the roles of a member have changed (said once, at the start).

    Casework ends the sight of whoever does no casework any more; people and places need not know of any case.
    """
    if act not in _after_changing:
        _after_changing.append(act)


def missing_before(service, user: User | None, roles) -> dict[str, str]:
    """For each of ``roles`` that somebody should not be given without a reason: why not, in words."""
    found: dict[str, str] = {}
    for check in _before_giving:
        found |= check(service, user, roles)
    return found


def refuse_without_reason(service, user: User | None, roles, *, reason: str) -> str:
    """The reason, where one is needed to give ``roles``; empty where none is. Raises CannotGo where it is missing."""
    missing = missing_before(service, user, roles)
    if missing and not reason.strip():
        raise CannotGo(
            *(
                _("%(why)s. Say why the role is given all the same.") % {"why": why}
                for why in missing.values()
            )
        )
    return reason.strip() if missing else ""


@transaction.atomic
def change_roles(
    membership: Membership, *, roles, by: User, seen: str | None = None, reason: str = ""
) -> Membership:
    """Change what a member is in the service; their permissions follow at once, and what else hangs on their roles.

    ``reason`` is why a role is given to somebody who lacks what it needs (``before_giving``). ``seen`` is the mark of what the page said; raises ChangedMeanwhile where it says something else by now. Raises
    CannotGo where such a reason is missing, where the service would be left without a manager or a records lead, where somebody gives themselves a
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
    reason = refuse_without_reason(locked.service, locked.user, set(roles) - set(before), reason=reason)
    locked.roles = list(roles)
    locked.save(update_fields=["roles"])
    agree_with_roles(locked, live=is_live(locked))
    if set(before) != set(roles):
        for act in _after_changing:
            act(locked, by=by)
        _tell(locked, before=before, by=by, reason=reason)
    return locked


def note_joined(membership: Membership, *, by: User, reason: str = "") -> None:
    """Tell managers and records leads that somebody joined the service, and in which roles."""
    _tell(membership, before=[], by=by, reason=reason)


def changes_in(service):
    """Who joined a service or was given other roles in the last 90 days, by whom; the latest first."""
    found = RoleChange.objects.filter(service=service, changed_at__gte=now() - LOOK_BACK)
    return found.select_related("user", "changed_by").order_by("-changed_at", "pk")


def _refuse_own(*, taken_on: set, given_up: set) -> None:
    if permissions_of(taken_on) & SIGHT:
        raise CannotGo(_("You cannot give yourself a role that sees records. Ask another records lead."))
    if Role.RECORDS_LEAD in given_up:
        raise CannotGo(_("You cannot take the role of records lead from yourself. Ask another records lead."))


def _tell(membership: Membership, *, before, by: User, reason: str = "") -> None:
    change = RoleChange(
        service=membership.service, user=membership.user, before=before, after=membership.roles, changed_by=by,
        changed_at=now(), reason=reason,
    )  # fmt: skip
    change.save(force_insert=True)
    letters.tell_role_change(change)

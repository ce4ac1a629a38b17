"""What a service knows about its staff: working profile, absences, whom they know, and the service's own numbers."""

from collections.abc import Callable

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from isva.accounts.membership import CannotGo
from isva.accounts.models import (
    DeclaredConnection,
    Leave,
    Membership,
    ReturnTalk,
    Service,
    StaffProfile,
    User,
)
from isva.stale import refuse_stale

_when_declared: list[Callable] = []


def when_declared(act: Callable) -> None:
    """Have ``act(connection, by=)`` called when a connection is declared (said once, at the start).

    The front door looks at the open cases then; people and places need not know of any case.
    """
    if act not in _when_declared:
        _when_declared.append(act)


class AwayAlready(CannotGo):
    """An absence that overlaps another one of the same person."""


def edit_profile(profile: StaffProfile, *, by: User, seen: str | None = None, **values) -> StaffProfile:
    """Change what allocation knows about a member of staff: hours, cap, what they can do, and where.

    ``seen`` is the mark of what the page said; raises ChangedMeanwhile where it says something else by now.
    """
    if profile._state.adding:  # nothing was filled in about them yet
        profile, _made = StaffProfile.objects.get_or_create(
            membership=profile.membership, defaults={"service": profile.service}
        )
    return _edit(StaffProfile, profile, seen, values)


def keep_home_postcode(
    profile: StaffProfile, *, postcode: str, by: User, seen: str | None = None
) -> StaffProfile:
    """Keep where somebody lives, or forget it, as they say themselves (design: an alert for the postcode of a colleague).

    Raises CannotGo for anybody else's: nobody but the person themselves says it, or is shown it.
    """
    if profile.membership.user_id != by.pk:
        raise CannotGo(_("Only the person themselves says where they live."))
    return edit_profile(profile, by=by, seen=seen, home_postcode=postcode)


def add_leave(membership: Membership, *, kind: str, first_day, last_day, by: User) -> Leave:
    """Enter days on which a member of staff is away. Raises AwayAlready where they overlap others."""
    leave = Leave(
        service=membership.service, membership=membership, kind=kind, first_day=first_day, last_day=last_day
    )
    try:
        with transaction.atomic():
            leave.save(force_insert=True)
    except IntegrityError:
        raise AwayAlready(_("They are already away on some of these days.")) from None
    return leave


def cancel_leave(leave: Leave, *, by: User) -> None:
    """Take an absence back; its history is kept. Raises CannotGo where a talk after it is recorded."""
    if ReturnTalk.objects.filter(leave=leave).exists():
        raise CannotGo(_("A talk after this absence is recorded: it stays."))
    leave.delete()


def declare_connection(
    membership: Membership, *, name: str, relationship: str, by: User
) -> DeclaredConnection:
    """Declare somebody whom a member of staff or their household knows (domain: conflict check).

    Referrals are checked against it before their first view; the cases that are open already, at once.
    """
    connection = DeclaredConnection(
        service=membership.service, membership=membership, name=name, relationship=relationship
    )
    connection.save(force_insert=True)
    for act in _when_declared:
        act(connection, by=by)
    return connection


def remove_connection(connection: DeclaredConnection, *, by: User) -> None:
    """Take back a declared connection: it was a mistake, or the person is no longer known."""
    connection.delete()


def edit_service(service: Service, *, by: User, seen: str | None = None, **values) -> Service:
    """Change the service's public details and its own numbers; what is due from now on follows them.

    ``seen`` is the mark of what the page said; raises ChangedMeanwhile where it says something else by now.
    """
    return _edit(Service, service, seen, values)


@transaction.atomic
def _edit(model, row, seen: str | None, values: dict):
    locked = model.objects.select_for_update(of=("self",)).get(pk=row.pk)
    refuse_stale(locked, values, seen=seen)
    for name, value in values.items():
        setattr(locked, name, value)
    locked.save(update_fields=list(values))
    return locked

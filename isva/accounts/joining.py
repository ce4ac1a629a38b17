"""How somebody joins a service: invited by its records lead, by a secret link that is good for a week."""

import datetime as dt
import hashlib
import secrets
from collections.abc import Callable

from django.db import transaction
from django.utils.translation import gettext as _

from isva.access.acting import act
from isva.accounts import letters
from isva.accounts.directory import user_with
from isva.accounts.membership import CannotGo, begin_membership
from isva.accounts.models import Invitation, Membership, Service, User
from isva.accounts.role_changes import note_joined, refuse_without_reason
from isva.clock.moment import now

GOOD_FOR = dt.timedelta(days=7)

_when_joined: list[Callable] = []


def when_joined(act: Callable) -> None:
    """Have ``act(membership)`` called when somebody has taken up an invitation (said once, at the start).

    The front door looks then whether an open case is about them.
    """
    if act not in _when_joined:
        _when_joined.append(act)


def invite_member(
    *, service: Service, email: str, name: str, roles, by: User, reason: str = "", by_letter: bool = True
) -> tuple[Invitation, str]:
    """Invite somebody into a service; returns the invitation and the token of its link.

    ``reason`` is why a role is given to somebody who lacks the training it needs; raises CannotGo where it is missing.

    Only a hash of the token is kept, so the link is shown once. It goes out by e-mail, and the records lead
    can pass it on as well. Where it is not ``by_letter``, passing it on is the only way.
    """
    reason = refuse_without_reason(service, user_with(email), roles, reason=reason)
    token = secrets.token_urlsafe(32)
    invitation = Invitation(
        service=service, email=email.lower(), name=name, roles=list(roles), token_hash=_hash(token), invited_by=by,
        invited_at=now(), expires_at=now() + GOOD_FOR, reason=reason,
    )  # fmt: skip
    invitation.save(force_insert=True)
    # A mail server that is down loses the letter, not the invitation: the link stands on the page as well.
    if by_letter:
        transaction.on_commit(lambda: letters.send_invitation(invitation, token), robust=True)
    return invitation, token


def withdraw_invitation(invitation: Invitation, *, by: User) -> Invitation:
    """Take an invitation back: its link stops working at once."""
    invitation.withdrawn_at = now()
    invitation.save(update_fields=["withdrawn_at"])
    return invitation


def invitation_for(token: str, *, lock: bool = False) -> Invitation | None:
    """The invitation whose link this is, if it still works; None otherwise, whatever the reason.

    ``lock`` holds it until the transaction ends, so that two tabs cannot both take it up.
    """
    invitations = Invitation.objects.filter(
        token_hash=_hash(token), accepted_at__isnull=True, withdrawn_at__isnull=True, expires_at__gt=now()
    )
    if lock:
        invitations = invitations.select_for_update()
    else:
        invitations = invitations.select_related("service")
    return invitations.first()


def accept_invitation(token: str, *, name: str = "", password: str = "", by: User | None) -> Membership:
    """Take up an invitation: the membership begins today, in the roles it names.

    ``by`` is the person signed in; where nobody is, an account is made with ``name`` and ``password``.
    Raises CannotGo, in words, where the link has stopped working or belongs to somebody else.
    """
    invitation = invitation_for(token, lock=True)
    if invitation is None:
        raise CannotGo(_("This invitation no longer works. Ask for a new one."))
    user = by or _new_user(invitation, name=name, password=password)
    if user.email.lower() != invitation.email.lower():
        raise CannotGo(_("This invitation is for another e-mail address."))
    with act(user, invitation.service):
        invitation.accepted_at = now()
        invitation.save(update_fields=["accepted_at"])
        membership = begin_membership(user=user, service=invitation.service, roles=invitation.roles, by=user)
        note_joined(membership, by=invitation.invited_by, reason=invitation.reason)
        for tell in _when_joined:
            tell(membership)
        return membership


def _new_user(invitation: Invitation, *, name: str, password: str) -> User:
    if user_with(invitation.email):
        raise CannotGo(_("You have an account already. Sign in first, then open the link again."))
    return User.objects.create_user(email=invitation.email, name=name, password=password)


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()

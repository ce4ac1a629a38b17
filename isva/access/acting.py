"""The acting person: who is at work, in which service, and what they may do there.

One person acts in one service at a time. Every row that is read through a door and every history row
that is written names the acting person; where nobody acts, nobody sees anything.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from isva.access.roles import Permission

if TYPE_CHECKING:
    from isva.accounts.models import Service, User

_acting: ContextVar[ActingPerson | None] = ContextVar("acting_person", default=None)


class NobodyIsActing(Exception):
    """An audited record was about to be written with nobody to name for it."""


@dataclass(frozen=True)
class ActingPerson:
    """The person at work, the service they act in, and the permissions they hold on it."""

    user: User
    service: Service
    permissions: frozenset[str] = field(default_factory=frozenset)

    def can(self, permission: Permission) -> bool:
        """Whether the acting person holds a permission on the service they act in."""
        return permission in self.permissions


def acting_person() -> ActingPerson | None:
    """Who acts now, or None."""
    return _acting.get()


@contextmanager
def act(
    user: User, service: Service, *, permissions: frozenset[str] | None = None, whole: bool = False
) -> Iterator[ActingPerson]:
    """Act as ``user`` in ``service`` until the block ends; the person who acted before acts again after it.

    The permissions are read once, so that one request sees one answer from beginning to end. The database is told
    too (the second wall): what it shows and takes is fixed for the act. Opens a transaction where there is none.
    ``permissions`` are those that were read already, together with the membership. A ``whole`` act can be undone by
    itself (``transaction.set_rollback``), as a request that failed is.
    """
    from isva.access.system import nothing_lent
    from isva.accounts.permissions import service_permissions
    from isva.db.wall import context

    with nothing_lent(), context.acting(user_id=user.pk, service_id=service.pk, whole=whole):
        held = service_permissions(user, service) if permissions is None else permissions
        person = ActingPerson(user=user, service=service, permissions=held)
        token = _acting.set(person)
        try:
            yield person
        finally:
            _acting.reset(token)


@contextmanager
def act_by_link(kind: str, token_hash: str, *, as_user) -> Iterator[ActingPerson | None]:
    """Act as ``as_user`` for whoever holds a secret link, for the one case behind it; yields None where there is none.

    ``kind`` is *status* (reads) or *answer* (also writes).
    """
    from isva.accounts.models import Service
    from isva.db.wall import context

    with context.acting_by_link(kind, token_hash) as service:
        if service is None:
            yield None
            return
        person = ActingPerson(user=as_user, service=Service.objects.get(pk=service))
        token = _acting.set(person)
        try:
            yield person
        finally:
            _acting.reset(token)


@contextmanager
def nobody() -> Iterator[None]:
    """Nobody acts until the block ends: no record is shown, whoever acted before."""
    from isva.db.wall import context

    with context.nobody_acting():
        token = _acting.set(None)
        try:
            yield
        finally:
            _acting.reset(token)


def acting_user() -> User:
    """The user who acts now.

    Raises NobodyIsActing where there is none: a change without a name is a defect, never a default.
    """
    person = _acting.get()
    if person is None:
        raise NobodyIsActing("Every change names a person: act(user, service) before writing.")
    return person.user

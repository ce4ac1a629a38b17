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
def act(user: User, service: Service) -> Iterator[ActingPerson]:
    """Act as ``user`` in ``service`` until the block ends; the person who acted before acts again after it.

    The permissions are read once, so that one request sees one answer from beginning to end.
    """
    from isva.accounts.permissions import service_permissions

    person = ActingPerson(user=user, service=service, permissions=service_permissions(user, service))
    token = _acting.set(person)
    try:
        yield person
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

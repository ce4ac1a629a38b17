"""Named system users: who acts when no member of staff does."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from enum import StrEnum

from isva.access.acting import ActingPerson, act


class SystemUser(StrEnum):
    INTAKE = "intake"  # the public forms of a service
    CLOCK = "clock"  # the jobs that end what has run out
    GUARD = (
        "guard"  # the walls inside a service: emergency openings, conflicts found later, who can see nothing
    )
    MATCHING = "matching"  # who is known already, and who must not see: asked for people who may see neither
    REPORTS = (
        "reports"  # who counts for reports, over the whole of a service: reads, and writes nothing of it
    )
    OPERATOR = "operator"  # who runs the machine: opens a service, and sees nothing of any


_NAMES = {
    SystemUser.INTAKE: "Public form",
    SystemUser.CLOCK: "Clock",
    SystemUser.GUARD: "Guard",
    SystemUser.MATCHING: "Matching",
    SystemUser.REPORTS: "Reports",
    SystemUser.OPERATOR: "Whoever runs the machine",
}
#: Whose sight is lent at the moment, and in which service.
_sight: ContextVar[tuple | None] = ContextVar("lent_sight", default=None)


def system_user(name: SystemUser):
    """The user row that stands for ``name``; made at its first use. It has no password and cannot sign in."""
    from isva.accounts.models import User

    user, _made = User.objects.get_or_create(
        email=f"{name.value}@system.invalid", defaults={"name": _NAMES[name], "is_system": True}
    )
    return user


@contextmanager
def act_as_system(name: SystemUser, service) -> Iterator[ActingPerson]:
    """Act as a named system user in one service until the block ends."""
    with act(system_user(name), service) as person:
        yield person


@contextmanager
def with_sight_of(name: SystemUser, service) -> Iterator[None]:
    """Until the block ends, the database shows and takes what a system user may; whoever acts is still named.

    For the few questions whose answer does not depend on the sight of the person who asks (is this person known
    already? whose sight ends with this membership?). The answer, not the rows, is what may be told to them.
    """
    from isva.db.wall import context

    sight = (name, service.pk)
    if _sight.get() == sight:
        yield
        return
    token = _sight.set(sight)
    try:
        with context.acting(user_id=f"system:{name.value}", service_id=service.pk):
            yield
    finally:
        _sight.reset(token)


@contextmanager
def nothing_lent() -> Iterator[None]:
    """Somebody else begins to act: what was lent to who acted before is not theirs."""
    token = _sight.set(None)
    try:
        yield
    finally:
        _sight.reset(token)


def is_lent() -> bool:
    """Whether the sight of a system user is lent at the moment to who acts."""
    return _sight.get() is not None

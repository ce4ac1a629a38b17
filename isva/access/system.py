"""Named system users: who acts when no member of staff does."""

from collections.abc import Iterator
from contextlib import contextmanager
from enum import StrEnum

from isva.access.acting import ActingPerson, act


class SystemUser(StrEnum):
    INTAKE = "intake"  # the public forms of a service
    CLOCK = "clock"  # the jobs that end what has run out
    GUARD = (
        "guard"  # the walls inside a service: emergency openings, conflicts found later, who can see nothing
    )


_NAMES = {SystemUser.INTAKE: "Public form", SystemUser.CLOCK: "Clock", SystemUser.GUARD: "Guard"}


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

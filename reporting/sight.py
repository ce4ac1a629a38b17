"""Whose records a figure is counted from: those that somebody may see, or all of a service for what is published.

Restricted clients count in what is published, suppressed like all others, and not on the screens of people who may not
see them: a dashboard counts what its reader could open.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from casework.models import Case
from isva.access.system import SystemUser, with_sight_of

if TYPE_CHECKING:
    from isva.accounts.models import Service, User


@dataclass(frozen=True)
class Sight:
    """The sight of ``user``; without one, that of the reports: every record of the service, to be counted."""

    user: "User | None" = None

    def cases(self, service: "Service"):
        """The cases of a service that are counted."""
        cases = Case.objects.all() if self.user is None else Case.objects.visible_to(self.user)
        return cases.filter(service=service)

    @contextmanager
    def looking(self, service: "Service") -> Iterator[None]:
        """Until the block ends, the database shows what this sight shows."""
        if self.user is not None:
            yield
            return
        with with_sight_of(SystemUser.REPORTS, service):
            yield


#: What published figures are counted from.
WHOLE_SERVICE = Sight()

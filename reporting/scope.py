"""For whom and over which time a number is counted."""

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from reporting.periods import Period

if TYPE_CHECKING:
    from isva.accounts.models import Service
    from reporting.models import Contract


@dataclass(frozen=True)
class Scope:
    """A service (or one ``area`` of it) over a period; with a contract, by what its commissioner agreed to count.

    ``planned`` are the reasons of closure that count as planned: the service's own, unless a contract moves one.
    """

    service: "Service"
    period: Period
    area: str | None = None
    contract: "Contract | None" = None
    planned: tuple[str, ...] = field(default=())

    def over(self, period: Period) -> "Scope":
        """The same over another period."""
        return replace(self, period=period)

    @property
    def key(self) -> str:
        """What is the same for two scopes exactly where both count the same records in the same way."""
        ours = "+".join(sorted(self.planned)) if self.planned else ""
        return f"{self.service.pk}|{self.area or ''}|{self.period.key}|{ours}"

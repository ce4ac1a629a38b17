"""What somebody asked of the figures: which quarter, which people, broken down by what. Anything unknown is not asked."""

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from isva.accounts.models import Service
from isva.clock.moment import today
from reporting.figures import NOT_RECORDED
from reporting.measures import DIMENSIONS, Measure, dimension_of
from reporting.periods import LOOKED_BACK, Quarter
from reporting.scope import Scope

#: Breakdowns by which everything on a page can be narrowed down; none that changes from quarter to quarter.
NARROWED_BY = ("cohort", "source", "recency")


@dataclass(frozen=True)
class Asked:
    """A quarter, an area, lines of breakdowns to narrow down to, and what to break down by."""

    quarter: Quarter
    area: str = ""
    only: Mapping[str, str] = ()  # type: ignore[assignment]
    by: str = ""

    @classmethod
    def read(cls, query, service: Service, measure: Measure | None = None) -> "Asked":
        """From the parameters of an address."""
        quarter = Quarter.named(query.get("quarter", ""))
        area, by = query.get("area", ""), query.get("by", "")
        only = {}
        for key in NARROWED_BY:
            value = query.get(key, "")
            if value in dict(DIMENSIONS[key].lines):
                only[key] = value
        return cls(
            quarter=quarter if quarter in quarters_offered() else quarters_offered()[0],
            area=area if area in service.areas else "",
            only=only,
            by=by if measure and dimension_of(measure, by) else "",
        )

    def scope(self, service: Service, quarter: Quarter | None = None) -> Scope:
        """What is counted."""
        return Scope(service=service, period=(quarter or self.quarter).period, area=self.area or None)

    def scopes(self, service: Service) -> list[tuple[str, str, Scope]]:
        """The quarters of a trend, oldest first: key, words, scope."""
        return [(one.key, one.short, self.scope(service, one)) for one in self.quarter.back()]

    def query(self, **changed: str) -> str:
        """The same as parameters of an address, with some of them changed."""
        told = {"quarter": self.quarter.key, "area": self.area, **self.only, "by": self.by} | changed
        return urlencode({key: value for key, value in told.items() if value})

    @property
    def is_over(self) -> bool:
        """Whether the quarter has ended."""
        return self.quarter.period.last_day < today()


def quarters_offered() -> tuple[Quarter, ...]:
    """The quarters that can be chosen, the present one first."""
    return tuple(reversed(Quarter.of(today()).back(LOOKED_BACK + 1)))


def lines_asked(query, measure: Measure) -> dict[str, str]:
    """The lines of breakdowns that a figure was under, from the parameters of an address: what it is drilled down to."""
    found = {}
    for place in ("row", "column"):
        by, line = query.get(f"{place}_by", ""), query.get(f"{place}_line", "")
        dimension = dimension_of(measure, by)
        if (
            dimension is not None and line and len(line) <= 80 and "\0" not in line
        ):  # the database takes no such text
            found[by] = "" if line == NOT_RECORDED else line
    return found

"""What is true of made-up services: the rates they were drawn by, and what came of them, reckoned from the lives alone.

Nothing here asks a record or a measure: a measure that says the same has counted right.
"""

import dataclasses
from collections.abc import Iterator
from dataclasses import dataclass

from isva.synthesis.profiles import Profile
from isva.synthesis.rates import PUBLISHED, Rates, draw_rates
from isva.synthesis.writing import Pen

_WEEKS = "extract(epoch FROM closed_at - allocated_at)::float8 / 604800"
_ENDED = "closed_why IS NOT NULL"
_MEDIAN = "percentile_cont(0.5) WITHIN GROUP (ORDER BY {0}) FILTER (WHERE {1})"
_PLANNED = "closed_why IN ('work_done', 'justice_ended', 'needs_met_elsewhere')"
_COUNTED = {
    "received": "count(*)",
    "from_police": "count(*) FILTER (WHERE source = 'police')",
    "from_themselves": "count(*) FILTER (WHERE source = 'self')",
    "decided": "count(triaged_at)",
    "advised": "count(triaged_at) FILTER (WHERE outcome = 'advice')",
    "began": "count(allocated_at)",
    "wait": _MEDIAN.format(
        "extract(epoch FROM allocated_at - opened_at)::float8 / 86400", "allocated_at IS NOT NULL"
    ),
    "ended": f"count(*) FILTER (WHERE {_ENDED})",
    "ended_as_planned": f"count(*) FILTER (WHERE {_PLANNED})",
    "carried": "count(*) FILTER (WHERE stage IN ('active', 'stepped_down'))",
    **{
        f"weeks_{justice}": _MEDIAN.format(_WEEKS, f"{_ENDED} AND justice = '{justice}'")
        for justice in ("not_reported", "nfa", "court")
    },
}


@dataclass(frozen=True)
class Truth:
    """One service: what it was drawn by, and what came of it.

    Counts of people; ``wait`` is a median of days from referral to support, the weeks are medians of support that ended,
    None where none did.
    """

    service: str
    years: int
    drawn: Rates
    isvas: int
    received: int
    from_police: int
    from_themselves: int
    decided: int
    advised: int
    began: int
    wait: float | None
    ended: int
    ended_as_planned: int
    carried: int
    weeks_not_reported: float | None
    weeks_nfa: float | None
    weeks_court: float | None

    @property
    def realised(self) -> dict[str, float | None]:
        """What came of each rate that services publish, by its key in ``PUBLISHED``."""
        return {
            "referrals": self.received / self.years,
            "police": _share(self.from_police, self.received),
            "self_referred": _share(self.from_themselves, self.received),
            "advice": _share(self.advised, self.decided),
            "wait": self.wait,
            "caseload": self.carried / self.isvas,
            "planned": _share(self.ended_as_planned, self.ended),
            "weeks_not_reported": self.weeks_not_reported,
            "weeks_nfa": self.weeks_nfa,
            "weeks_court": self.weeks_court,
        }

    @property
    def outside(self) -> Iterator[str]:
        """The keys of rates that came out where no service publishes one; what there was nobody for is left out."""
        for key, value in self.realised.items():
            least, most = PUBLISHED[key]
            if value is not None and not least <= value <= most:
                yield key

    @property
    def as_data(self) -> dict:
        """The same as plain data, for a file."""
        return dataclasses.asdict(self) | {"realised": self.realised}


def read_truth(pen: Pen, profile: Profile) -> list[Truth]:
    """What is true of each service, from the lives that were drawn (``life`` and ``team``), in the order of services."""
    chosen = ", ".join(f"{sql} AS {name}" for name, sql in _COUNTED.items())
    pen.cursor.execute(
        f"SELECT team.isvas, {chosen} FROM team JOIN life USING (s) GROUP BY team.s, team.isvas ORDER BY team.s"
    )
    names = [column[0] for column in pen.cursor.description]
    return [
        Truth(
            service=f"made-up-{number + 1}",
            years=profile.years,
            drawn=rates,
            **dict(zip(names, row, strict=True)),
        )
        for number, (rates, row) in enumerate(zip(draw_rates(profile), pen.cursor.fetchall(), strict=True))
    ]


def _share(part: int, whole: int) -> float | None:
    return part / whole if whole else None

"""What a made-up service is like: rates drawn for it inside the ranges that services publish, and so known to be true.

Sources: service delivery report (referrals a year, shares by source, triage, waits, caseloads, closures, weeks of
support by how justice ended).
"""

import math
import random
from dataclasses import dataclass

from isva.synthesis.profiles import REFERRALS, Profile

#: By rate: the least and the most that a service publishes. Shares; days of waiting; cases of an ISVA; weeks of support.
PUBLISHED: dict[str, tuple[float, float]] = {
    "referrals": REFERRALS,
    "police": (0.04, 0.47),
    "self_referred": (0.11, 0.80),
    "advice": (0.07, 0.40),
    "wait": (21, 243),
    "caseload": (27, 51),
    "planned": (0.27, 0.76),
    "weeks_not_reported": (3, 28),
    "weeks_nfa": (25, 60),
    "weeks_court": (70, 110),
}
#: Police and self-referrals together: somebody else refers too.
_BOTH_AT_MOST = 0.94
#: What a share is reckoned from at least, as a part of all referrals; and how many standard errors it is kept inside.
_COUNTED_FROM = {"police": 1.0, "self_referred": 1.0, "advice": 0.9, "planned": 0.2}
_ERRORS = 3
#: How far inside the range of a length its median is drawn, as a part of the range: supports that last as long as the
#: records reach back have often not ended yet, and what has ended is a little shorter.
_INSIDE = {"wait": 0.05, "caseload": 0.1, "weeks_not_reported": 0.15, "weeks_nfa": 0.15, "weeks_court": 0.15}


@dataclass(frozen=True)
class Rates:
    """What is true of one service: shares from 0 to 1; the median of days from referral to support; cases of an ISVA;
    and the medians of weeks of support, by how the justice process ended."""

    cases: int
    police: float
    self_referred: float
    advice: float
    wait: float
    caseload: float
    planned: float
    weeks_not_reported: float
    weeks_nfa: float
    weeks_court: float


def draw_rates(profile: Profile) -> list[Rates]:
    """The rates of each service of a profile: the same for the same seed.

    They lie so far inside the published ranges that what comes of them, by chance, lies inside too.
    """
    return [_drawn(profile, number, cases) for number, cases in enumerate(profile.sizes)]


def _drawn(profile: Profile, number: int, cases: int) -> Rates:
    rng = random.Random(f"{profile.seed}:{number}:rates")  # noqa: S311 - stories, not secrets
    shares = {}
    for key, part in _COUNTED_FROM.items():
        least, most = (
            end + side * _ERRORS * math.sqrt(end * (1 - end) / (cases * part))
            for side, end in zip((1, -1), PUBLISHED[key], strict=True)
        )
        if key == "self_referred":
            most = min(most, _BOTH_AT_MOST - shares["police"])
        middle = sum(PUBLISHED[key]) / 2
        shares[key] = rng.uniform(min(least, middle), max(most, min(least, middle)))
    lengths = {}
    for key, part in _INSIDE.items():
        least, most = PUBLISHED[key]
        inside = part * (most - least)
        lengths[key] = rng.uniform(least + inside, most - inside)
    return Rates(cases=cases, **shares, **lengths)

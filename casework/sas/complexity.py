"""How complex a case is: a documented measure with each service's own weights, kept with its parts.

No national measure exists; this one is ours. It adds up, from what the record says at one moment:

* the latest Safety and Support review: every point of risk, every point of unmet need, less something for every
  point of protective factors (this sum alone is never below nothing);
* a safeguarding concern that is open;
* the agencies involved (consent given, or an onward referral that stands), up to a most;
* a justice process that is under way, and, weighing most, a trial within 8 weeks;
* a client who is a child or young person (under 18); an interpreter;
* how often there was contact in the last 6 weeks, up to a most.

Each service may change the weights (``COMPLEXITY_WEIGHTS`` names them and gives the defaults) and where the bands
*medium* and *higher* begin. The measure informs allocation; it never decides by itself.
"""

import datetime as dt
from decimal import Decimal

from casework.models import (
    AgencyConsent,
    Case,
    ComplexityReading,
    Contact,
    OnwardReferral,
    SafeguardingConcern,
    SasScore,
)
from casework.sas.history import latest_review
from casework.standing import carry
from isva.clock.moment import LONDON, now
from isva.codes import COMPLEXITY_WEIGHTS, JUSTICE_UNDER_WAY, Complexity

#: Days before a trial within which it counts (8 weeks).
TRIAL_DAYS = 56
#: Weeks over which contact is counted.
CONTACT_WEEKS = 6


def reckon_complexity(
    case: Case, *, by, at: dt.datetime | None = None, keep: bool = False
) -> ComplexityReading:
    """Work out the complexity of a case at ``at`` (now), and carry it on the case.

    A reading is kept when anything in it changed since the last one, and always with ``keep`` (at reviews);
    otherwise the last reading is returned as it stands.
    """
    moment = at or now()
    parts = complexity_parts(case, at=moment)
    score = sum(part["points"] for part in parts.values())
    band = band_of(score, weights_of(case.service))
    last = ComplexityReading.objects.filter(case=case).order_by("-at", "-recorded_at").first()
    if last and not keep and (last.parts, last.band) == (parts, band):
        return last
    reading = ComplexityReading(case=case, at=moment, score=score, band=band, parts=parts, recorded_by=by)
    reading.save(force_insert=True)
    if last is None or last.at <= moment:
        carry(case, complexity=band, complexity_score=score)
    return reading


def weights_of(service) -> dict:
    """The weights of a service: its own, and the default for any it does not name."""
    return {**COMPLEXITY_WEIGHTS, **(service.complexity_weights or {})}


def band_of(score: int, weights: dict) -> str:
    """The band in which a score lies."""
    if score >= weights["higher_from"]:
        return Complexity.HIGHER.value
    return Complexity.MEDIUM.value if score >= weights["medium_from"] else Complexity.LOWER.value


def complexity_parts(case: Case, *, at: dt.datetime) -> dict[str, dict]:
    """What makes a case complex: for each part that counts, how many (``count``) and what it adds (``points``).

    ``most`` stands where a part was held at its most. Parts that add nothing are left out.
    """
    weights = weights_of(case.service)
    day = at.astimezone(LONDON).date()
    parts = _sas_parts(case, weights)
    if SafeguardingConcern.objects.filter(case=case, closed_on__isnull=True).exists():
        _add(parts, "open_safeguarding", count=1, points=weights["open_safeguarding"])
    agencies = len(agencies_involved(case))
    _add(
        parts, "agencies", count=agencies, points=agencies * weights["agency"], most=weights["agencies_most"]
    )
    if case.justice_stage in JUSTICE_UNDER_WAY:
        _add(parts, "in_justice_process", count=1, points=weights["in_justice_process"])
    if case.trial_on and 0 <= (case.trial_on - day).days <= TRIAL_DAYS:
        _add(parts, "trial_within_8_weeks", count=1, points=weights["trial_within_8_weeks"])
    if case.client.is_child_on(day):
        _add(parts, "child_or_young_person", count=1, points=weights["child_or_young_person"])
    if case.client.interpreter_needed:
        _add(parts, "interpreter", count=1, points=weights["interpreter"])
    contacts = _contacts_lately(case, at)
    _add(
        parts, "contacts", count=contacts, points=_whole(Decimal(contacts) / CONTACT_WEEKS * _exact(weights["contacts_per_week"])),
        most=weights["contact_points_most"],
    )  # fmt: skip
    return parts


def agencies_involved(case: Case) -> set:
    """Keys of the agencies that work with the client: consent given and not taken back, or a referral that stands."""
    answers: dict = {}
    for agency, answer in (
        AgencyConsent.objects.filter(case=case)
        .order_by("dated_on", "recorded_at")
        .values_list("agency_id", "answer")
    ):
        answers[agency] = answer
    consented = {agency for agency, answer in answers.items() if answer == AgencyConsent.Answer.GIVEN}
    referred = OnwardReferral.objects.filter(
        case=case,
        agency__isnull=False,
        answer__in=[OnwardReferral.Answer.WAITING, OnwardReferral.Answer.ACCEPTED],
    )
    return consented | set(referred.values_list("agency_id", flat=True))


def _sas_parts(case: Case, weights: dict) -> dict[str, dict]:
    """Points of the latest review: protective factors lessen risk and need, and never anything else."""
    parts: dict[str, dict] = {}
    review = latest_review(case)
    if review is None:
        return parts
    scores = list(SasScore.objects.filter(review=review).values_list("risk", "need", "protective"))
    risk, need, protective = (sum(score[place] for score in scores) for place in range(3))
    _add(parts, "risk_points", count=risk, points=risk * weights["risk_point"])
    _add(parts, "need_points", count=need, points=need * weights["need_point"])
    against = sum(part["points"] for part in parts.values())
    less = _whole(protective * _exact(weights["protective_point"]))
    if protective and less:
        parts["protective_points"] = {"count": protective, "points": max(less, -against)}
    return parts


def _contacts_lately(case: Case, at: dt.datetime) -> int:
    """How many contacts took place in the last 6 weeks."""
    return Contact.objects.filter(
        case=case,
        attendance=Contact.Attendance.ATTENDED,
        at__gt=at - dt.timedelta(weeks=CONTACT_WEEKS),
        at__lte=at,
    ).count()


def _add(parts: dict, name: str, *, count: int, points, most=None) -> None:
    points = _whole(points)
    held = most is not None and points > most
    if held:
        points = _whole(most)
    if count and points:
        parts[name] = {"count": count, "points": points, **({"most": points} if held else {})}


def _exact(weight) -> Decimal:
    return Decimal(str(weight))


def _whole(points) -> int:
    """Points are whole numbers; a half is rounded up."""
    return int(_exact(points).to_integral_value(rounding="ROUND_HALF_UP"))

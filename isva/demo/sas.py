"""Safety and Support reviews of the fictional cases, and the complexity they come to."""

import datetime as dt
from decimal import Decimal

from casework.models import ComplexityReading, SasReview, SasScore
from casework.sas.complexity import CONTACT_WEEKS, TRIAL_DAYS, band_of, weights_of
from isva.codes import JUSTICE_UNDER_WAY, Risk
from isva.demo import texts
from isva.demo.stage import Life, day_of

#: How much of a case's severity shows in each domain, at most.
WEIGHT = {
    "safety": 1.0, "wellbeing": 1.15, "health": 0.6, "justice": 0.8, "home": 0.5, "money": 0.55, "family": 0.5,
    "friends": 0.5, "identity": 0.3, "substances": 0.3, "victimisation": 0.35, "services": 0.4,
}  # fmt: skip
SCREENED = ("safety", "wellbeing", "health", "justice", "home", "family")


def risk_of(severity: float) -> Risk:
    """The overall risk of a case as severe as this (0 to 1)."""
    if severity > 0.68:
        return Risk.HIGH
    return Risk.MEDIUM if severity > 0.38 else Risk.STANDARD


def review(life: Life, *, kind: str, at: dt.datetime, by) -> SasReview:
    """A review at a moment, with its scores and the complexity that followed; the case carries its risk from then on."""
    ground, rng = life.ground, life.ground.rng
    screening = kind == SasReview.Kind.SCREENING
    row = SasReview(
        case=life.case, instrument=ground.instrument, kind=kind, reviewed_at=at, risk=risk_of(life.severity).value,
        client_view=rng.choice(texts.CLIENT_VIEWS), judgement="" if screening else rng.choice(texts.JUDGEMENTS),
    )  # fmt: skip
    life.add(row, at=at, by=by)
    total = {"risk": 0, "need": 0, "protective": 0}
    for domain in SCREENED if screening else WEIGHT:
        level = life.severity * WEIGHT[domain] * 3
        scores = {
            "risk": _score(level + rng.gauss(-0.25, 0.5)),
            "need": _score(level + rng.gauss(-0.1, 0.6)),
            "protective": _score(1.8 - level + rng.gauss(-0.6, 0.6)),
        }
        life.add(SasScore(case=life.case, review=row, domain=domain, **scores), at=at, by=by)
        for name in total:
            total[name] += scores[name]
    life.sas = row
    life.case.risk = row.risk
    life.scores = total
    reckon(life, at=at, by=by)
    return row


def reckon(life: Life, *, at: dt.datetime, by) -> None:
    """The complexity of the case at a moment, by the service's own measure, as far as it is known then."""
    weights = weights_of(life.ground.service)
    points = {
        "risk_points": life.scores["risk"] * weights["risk_point"],
        "need_points": life.scores["need"] * weights["need_point"],
    }
    counts = {"risk_points": life.scores["risk"], "need_points": life.scores["need"]}
    less = life.scores["protective"] * weights["protective_point"]
    if less:
        counts["protective_points"] = life.scores["protective"]
        points["protective_points"] = max(less, -sum(points.values()))
    day = day_of(at)
    if life.case.justice_stage in JUSTICE_UNDER_WAY:
        counts["in_justice_process"], points["in_justice_process"] = 1, weights["in_justice_process"]
    if life.case.trial_on and 0 <= (life.case.trial_on - day).days <= TRIAL_DAYS:
        counts["trial_within_8_weeks"], points["trial_within_8_weeks"] = 1, weights["trial_within_8_weeks"]
    if life.case.client.is_child_on(day):
        counts["child_or_young_person"], points["child_or_young_person"] = 1, weights["child_or_young_person"]
    if life.case.client.interpreter_needed:
        counts["interpreter"], points["interpreter"] = 1, weights["interpreter"]
    lately = sum(1 for one in life.sessions if at - dt.timedelta(weeks=CONTACT_WEEKS) < one <= at)
    if lately:
        counts["contacts"] = lately
        points["contacts"] = min(
            int(
                (Decimal(lately) / CONTACT_WEEKS * weights["contacts_per_week"]).to_integral_value(
                    "ROUND_HALF_UP"
                )
            ),
            weights["contact_points_most"],
        )
    parts = {name: {"count": counts[name], "points": points[name]} for name in counts if points[name]}
    score = sum(part["points"] for part in parts.values())
    band = band_of(score, weights)
    life.add(ComplexityReading(case=life.case, at=at, score=score, band=band, parts=parts), at=at, by=by)
    life.case.complexity, life.case.complexity_score = band, score


def _score(level: float) -> int:
    return max(0, min(3, round(level)))

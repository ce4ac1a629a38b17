"""Recording a Safety and Support review, and what follows from it: risk, complexity, the day of the next one.

Sources: report, Annex A (SaS at each stage); sister guidance: risk is reviewed at least every 6 to 8 weeks.
"""

import datetime as dt

from django.utils.translation import gettext as _

from casework.models import Case, ReviewPoint, SasInstrument, SasReview, SasScore
from casework.sas.complexity import reckon_complexity
from casework.sas.history import latest_review
from casework.sas.instruments import instrument_in_use
from casework.standing import bring_review_forward, carry, finish_review, set_review_point
from casework.waiting import it_got_worse
from isva.clock.moment import LONDON, now, today
from isva.clock.terms import number_now, terms_of
from isva.codes import RISK_ORDER, Risk
from isva.pathway import Stage, WrongStage

MEASURES = ("risk", "need", "protective")


def record_sas(
    case: Case, *, kind, risk, scores: dict, client_view: str = "", judgement: str = "", by, reviewed_at=None
) -> SasReview:
    """Record a review with its scores under the instrument in use.

    ``scores`` maps a domain's key to ``{"risk": 0–3, "need": 0–3, "protective": 0–3, "note": ""}``. Where it is the
    latest review of the case, its risk becomes the risk of the case and complexity is reckoned anew; an active case
    gets its next review point by the service's days for that risk, a stepped-down one its next step-down review; for
    somebody who waits, a risk that rose is told to whoever keeps the list.

    Raises WrongStage on a closed case, ValueError for a domain or a score that the instrument does not have.
    """
    if case.stage == Stage.CLOSED.value:
        raise WrongStage(_("This case is closed. A Safety and Support review belongs to an open case."))
    instrument = instrument_in_use()
    _check(scores, instrument)
    moment = _not_before_the_last(case, reviewed_at or now())
    review = SasReview(
        case=case, instrument=instrument, kind=SasReview.Kind(kind), reviewed_at=moment, risk=Risk(risk),
        client_view=client_view, judgement=judgement, recorded_by=by,
    )  # fmt: skip
    review.save(force_insert=True)
    for domain, score in scores.items():
        SasScore(
            case=case, review=review, domain=domain, note=score.get("note", ""), recorded_by=by,
            **{measure: score.get(measure, 0) for measure in MEASURES},
        ).save(force_insert=True)  # fmt: skip
    if latest_review(case) == review:
        before = case.risk
        carry(case, risk=review.risk)
        reckon_complexity(case, by=by, at=moment, keep=True)
        _set_next_review(case, review, by=by)
        if RISK_ORDER[Risk(review.risk)] > RISK_ORDER[Risk(before)]:
            it_got_worse(case, reason=_rose(before, review.risk), by=by)
    return review


def _not_before_the_last(case: Case, moment: dt.datetime) -> dt.datetime:
    """Moments are typed to the minute: a review of the same minute as the last one came after it, and is heeded."""
    last = latest_review(case)
    if last and last.reviewed_at.replace(second=0, microsecond=0) <= moment < last.reviewed_at:
        return last.reviewed_at
    return moment


def _rose(before: str, risk: str) -> str:
    return _("Risk rose from %(before)s to %(now)s.") % {
        "before": str(Risk(before).label).lower(),
        "now": str(Risk(risk).label).lower(),
    }


def next_kind(case: Case) -> str:
    """The kind of review that a case is ready for: screening before support, full once, then reviews."""
    if case.stage not in (Stage.ACTIVE.value, Stage.STEPPED_DOWN.value):
        return SasReview.Kind.SCREENING.value
    had_full = SasReview.objects.filter(
        case=case, kind__in=[SasReview.Kind.FULL, SasReview.Kind.REVIEW, SasReview.Kind.FINAL]
    ).exists()
    return SasReview.Kind.REVIEW.value if had_full else SasReview.Kind.FULL.value


def review_after_change(case: Case, *, why: str, by) -> ReviewPoint | None:
    """Something changed (a contact says so, a safeguarding concern, a justice outcome): review risk within days.

    A review that is due sooner stays as it is. Returns the point, or None for a case that no ISVA supports
    (those who wait are re-screened at their interim review). ``why`` is shown with the date.
    """
    if case.stage not in (Stage.ACTIVE.value, Stage.STEPPED_DOWN.value):
        return None
    due_on = day_after_a_change(case.service)
    return bring_review_forward(case, kind=ReviewPoint.Kind.SAS, due_on=due_on, why=why, by=by)


def day_after_a_change(service) -> dt.date:
    """The day by which risk and need are looked at again after something changed today."""
    reckoning = terms_of(service).now()
    return reckoning.working_day(today(), reckoning["sas_after_change_days"])


def review_days(service, risk: str) -> int:
    """Days after one review within which the next one falls due, by risk."""
    return number_now(service, f"sas_days_{Risk(risk).value}")


def _set_next_review(case: Case, review: SasReview, *, by) -> None:
    day = review.reviewed_at.astimezone(LONDON).date()
    if case.stage == Stage.ACTIVE.value:
        set_review_point(
            case, kind=ReviewPoint.Kind.SAS, due_on=day + dt.timedelta(days=review_days(case.service, review.risk)),
            why=_("%(risk)s risk at the last review") % {"risk": Risk(review.risk).label}, by=by,
        )  # fmt: skip
    elif case.stage == Stage.STEPPED_DOWN.value:
        set_review_point(
            case, kind=ReviewPoint.Kind.STEP_DOWN, due_on=day + dt.timedelta(days=number_now(case.service, "step_down_days")),
            why=_("reviewed while stepped down"), by=by,
        )  # fmt: skip
        finish_review(case, kind=ReviewPoint.Kind.SAS, by=by)


def _check(scores: dict, instrument: SasInstrument) -> None:
    known = {domain["key"] for domain in instrument.domains}
    unknown = set(scores) - known
    if unknown:
        raise ValueError(f"Not a domain of {instrument}: {sorted(unknown)}")
    for domain, score in scores.items():
        for measure in MEASURES:
            if score.get(measure, 0) not in (0, 1, 2, 3):
                raise ValueError(f"{domain}, {measure}: a score is 0, 1, 2 or 3")

"""What the screens of triage and the waiting list read: everything through sight, nothing row by row."""

from django.db.models import Case as When_Then
from django.db.models import IntegerField, Subquery, Value, When

from casework.models import Case, StageEntry
from isva.clock.moment import today
from isva.codes import RISK_ORDER
from isva.pathway import WAITING_STAGES, Stage
from triage.models import ContactAttempt, InterimReview, TriageAssessment, UrgentAllocation
from triage.stages import attempts

#: The order of the waiting list: urgent first, then risk, then who has waited longest.
WAITING_ORDER = ("place", "waits_since", "id")

_RISKS = [risk.value for risk in sorted(RISK_ORDER, key=RISK_ORDER.__getitem__, reverse=True)]
_WAITING = sorted(stage.value for stage in WAITING_STAGES)


def waiting(
    user, *, risk: str = "", stage: str = "", specialism: str = "", overdue: bool = False, kept_by=None
):
    """The people who wait and whom ``user`` may see, with their client and who keeps in touch.

    ``place`` orders them: 0 for urgent at high risk and on to standard risk. Unknown values of a filter do not filter.
    """
    cases = Case.objects.visible_to(user).filter(stage__in=[stage] if stage in _WAITING else _WAITING)
    if risk in _RISKS:
        cases = cases.filter(risk=risk)
    if specialism:
        cases = cases.filter(specialisms_needed__contains=[specialism])
    if overdue:
        cases = cases.filter(next_review_on__lt=today())
    if kept_by is not None:
        cases = cases.filter(interim_worker=kept_by)
    return cases.with_wait().annotate(place=_place()).select_related("client", "interim_worker")


def _place():
    whens = [
        When(urgent=urgent, risk=risk, then=Value(position))
        for position, (urgent, risk) in enumerate(
            (urgent, risk) for urgent in (True, False) for risk in _RISKS
        )
    ]
    return When_Then(*whens, default=Value(len(whens)), output_field=IntegerField())


def overdue_count(user) -> int:
    """How many of those who wait should have been looked at by now."""
    return waiting(user, overdue=True).order_by().count()


def last_check_ins(cases) -> dict:
    """The latest check-in of each of these cases, by case key. One query."""
    rows = (
        InterimReview.objects.filter(case__in=[case.pk for case in cases])
        .order_by("case", "-at")
        .distinct("case")
    )
    return {review.case_id: review for review in rows.select_related("recorded_by")}


def urgent_tasks(cases) -> dict:
    """The urgent allocation still to be made for each of these cases, by case key. One query."""
    rows = UrgentAllocation.objects.filter(case__in=[case.pk for case in cases], done_at__isnull=True)
    return {task.case_id: task for task in rows.select_related("manager", "acknowledged_by")}


def check_ins_of(case: Case, *, most: int = 10) -> list[InterimReview]:
    """The latest check-ins of a case, newest first."""
    return list(InterimReview.objects.filter(case=case).select_related("recorded_by").order_by("-at")[:most])


def attempts_of(case: Case, *, most: int = 50) -> list[ContactAttempt]:
    """The attempts to reach a person, newest first; each knows when the case was last reopened (``reopened_at``)."""
    closed = StageEntry.objects.filter(case=case, stage=Stage.CLOSED, left_at__isnull=False)
    rows = ContactAttempt.objects.filter(case=case).select_related("recorded_by")
    rows = rows.annotate(reopened_at=Subquery(closed.order_by("-left_at").values("left_at")[:1]))
    return list(rows.order_by("-at", "-recorded_at")[:most])


def events_of(tried: list[ContactAttempt]) -> list[attempts.Event]:
    """Those attempts, and the reopening, as the rule for *unable to contact* takes them.

    For a case in triage that is all: its check-ins, if any, lie before it was reopened.
    """
    reopened_at = getattr(tried[0], "reopened_at", None) if tried else None
    reopened = [(reopened_at, "", True)] if reopened_at else []
    return [attempts.event_of(one) for one in tried] + reopened


def assessments_of(case: Case) -> list[TriageAssessment]:
    """The triages of a case, newest first (more than one where it was reopened, or left the waiting list)."""
    return list(
        TriageAssessment.objects.filter(case=case)
        .select_related("recorded_by", "screening")
        .order_by("-completed_at")
    )


def is_in_triage(case: Case) -> bool:
    """Whether a triage can be completed now."""
    return case.stage == Stage.TRIAGE.value


def is_waiting(case: Case) -> bool:
    """Whether the person waits for an ISVA."""
    return case.stage in _WAITING

"""Whether the fictional services hold what the product promises of any service: looked at once they are built."""

from itertools import pairwise

from django.apps import apps
from django.db.models import Count, F, Q

from casework.access import grants_and_guardian_disagree
from casework.models import CARRIED_COLUMNS, Case, Grant, ReviewPoint, StageEntry
from isva.accounts.models import Service
from isva.clock.moment import now
from isva.db.records import CaseRecord
from isva.pathway import CARRIED_STAGES, REVIEWED_STAGES, WAITING_STAGES, Stage, may_move
from triage import standing
from triage.models import Allocation

#: Worked out by the product as it goes on; reckoned from the same rows, but not again here.
_NOT_AGAIN = ("complexity", "complexity_score")


def what_is_wrong(service: Service, *, sample: int = 40) -> list[str]:
    """Everything about a service's cases that should not be, in words; empty when all is well.

    The carried columns of ``sample`` cases are worked out anew from their rows; the rest is asked of all.
    """
    cases = Case._base_manager.filter(service=service)
    return [
        *_stages(cases),
        *_reviews(cases),
        *_sight(service, cases),
        *_carried(cases.order_by("reference")[:sample]),
        *_nothing_to_come(service),
    ]


def _stages(cases) -> list[str]:
    wrong = []
    entries: dict = {}
    for entry in StageEntry._base_manager.filter(case__in=cases).order_by(
        "case", "entered_at", "recorded_at"
    ):
        entries.setdefault(entry.case_id, []).append(entry)
    for case in cases:
        stays = entries.get(case.pk, [])
        if not stays or stays[0].stage != Stage.REFERRAL.value or stays[0].entered_at != case.opened_at:
            wrong.append(f"{case}: does not begin with its referral")
            continue
        if stays[-1].left_at is not None or stays[-1].stage != case.stage:
            wrong.append(f"{case}: is not where its last entry says")
        if stays[-1].entered_at != case.stage_since:
            wrong.append(f"{case}: is there since another moment than its last entry says")
        for one, following in pairwise(stays):
            if one.left_at != following.entered_at:
                wrong.append(f"{case}: a gap between {one.stage} and {following.stage}")
            if not may_move(here=one.stage, to=following.stage):
                wrong.append(f"{case}: no way from {one.stage} to {following.stage}")
    return wrong


def _reviews(cases) -> list[str]:
    reviewed = sorted(stage.value for stage in {*REVIEWED_STAGES, *WAITING_STAGES, *CARRIED_STAGES})
    wrong = [
        f"{case}: {case.stage} without a review ahead"
        for case in cases.filter(stage__in=reviewed).annotate(
            ahead=Count("reviewpoint", filter=Q(reviewpoint__done_on__isnull=True))
        )
        if not case.ahead
    ]
    closed = ReviewPoint._base_manager.filter(
        case__in=cases, done_on__isnull=True, case__stage=Stage.CLOSED.value
    )
    return wrong + [f"{point.case}: closed, with a review ahead" for point in closed.select_related("case")]


def _sight(service, cases) -> list[str]:
    wrong = [f"grants and guardian differ: {row}" for row in grants_and_guardian_disagree(service)]
    carried = cases.filter(stage__in=sorted(stage.value for stage in CARRIED_STAGES))
    live = Grant._base_manager.filter(case__in=carried, ended_at__isnull=True, why=Grant.Why.ALLOCATION)
    seen = set(live.filter(user=F("case__lead_isva")).values_list("case_id", flat=True))
    allocated = Allocation._base_manager.filter(
        case__in=carried, ended_at__isnull=True, isva=F("case__lead_isva")
    )
    held = set(allocated.values_list("case_id", flat=True))
    for case in carried:
        if case.pk not in seen:
            wrong.append(f"{case}: its ISVA has no sight of it")
        if case.pk not in held:
            wrong.append(f"{case}: its ISVA has no allocation")
    left = Grant._base_manager.filter(case__in=cases, ended_at__isnull=True, case__stage=Stage.CLOSED.value)
    return wrong + [
        f"{grant.case}: closed, and somebody still sees it" for grant in left.select_related("case")
    ]


def _carried(cases) -> list[str]:
    wrong = []
    for case in cases:
        for name, value in standing.recompute(case).items():
            if name in CARRIED_COLUMNS and name not in _NOT_AGAIN and getattr(case, name) != value:
                wrong.append(f"{case}: carries {name} {getattr(case, name)}, its rows say {value}")
    return wrong


def _nothing_to_come(service) -> list[str]:
    """Nothing was recorded at a moment that is still to come."""
    return [
        f"{count} of {model._meta.verbose_name} recorded in the future"
        for model in apps.get_models()
        if issubclass(model, CaseRecord)
        and (count := model._base_manager.filter(service=service, recorded_at__gt=now()).count())
    ]

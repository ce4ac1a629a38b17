"""What looking at a person again brings to light: a SaS screening, and concerns about a child or an adult at risk."""

import datetime as dt
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from casework.models import Case, SafeguardingConcern, SasReview
from casework.safeguarding import raise_safeguarding
from casework.sas.recording import record_sas
from isva.clock.moment import now
from triage.refusals import Refused


@dataclass(frozen=True)
class Screening:
    """Overall risk, and by domain ``{"risk", "need", "protective": 0–3, "note"}``, with both views of it."""

    risk: str
    scores: dict = field(default_factory=dict)
    client_view: str = ""
    judgement: str = ""


@dataclass(frozen=True)
class Concern:
    """A safeguarding concern: who is at risk (one row for each), what, and to whom it was referred or why not."""

    who: tuple[str, ...]
    what: str
    referred_to: str = ""
    referred_at: dt.datetime | None = None
    not_referred_why: str = ""


def record_screening(case: Case, screening: Screening, *, by, at: dt.datetime | None = None) -> SasReview:
    """Record a SaS screening; the case carries its risk and its complexity from now on (report, Annex A 2 and 3).

    Raises Refused for a screening that looked at no domain.
    """
    if not screening.scores:
        raise Refused(_("Score at least one domain: the overall risk rests on them."))
    return record_sas(
        case, kind=SasReview.Kind.SCREENING, risk=screening.risk, scores=screening.scores,
        client_view=screening.client_view, judgement=screening.judgement, by=by, reviewed_at=at,
    )  # fmt: skip


def record_concern(case: Case, concern: Concern, *, by, manager=None) -> list[SafeguardingConcern]:
    """Record a concern, open until its outcome is known (quality standard: safeguarding).

    ``manager`` is who is told by this very act, where it raises an urgent allocation.
    """
    return [
        raise_safeguarding(
            case, who=who, what=concern.what, raised_at=now(), referred_to=concern.referred_to,
            referred_at=concern.referred_at, not_referred_why=concern.not_referred_why, manager_told=manager,
            manager_told_at=now() if manager else None, by=by,
        )
        for who in concern.who
    ]  # fmt: skip

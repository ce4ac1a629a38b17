"""What the allocation board shows: who waits, who is in interim support, and whose ISVA is no longer there.

Everything goes through the reader's own sight; the loads beside it are numbers and show nobody.
"""

import datetime as dt

from django.db import models
from django.db.models import Count, Exists, IntegerField, OuterRef, Q, Value, When

from casework.models import Case
from casework.querysets import person_kept_away
from isva.access.roles import HOLDERS
from isva.accounts.models import Membership
from isva.clock.moment import today
from isva.codes import RISK_ORDER, Complexity, Risk, Specialism
from isva.pathway import CARRIED_STAGES, Stage
from triage.load import NEAR_TRIAL_WEEKS
from triage.models import TriageAssessment

#: The lists of the board, by the word in the address.
WAITING, INTERIM, ANOTHER = LISTS = ("waiting", "interim", "another")
#: Urgent first, then by risk, then whoever has waited longest.
ORDER = ("urgency_rank", "risk_rank", "waits_since", "id")

_CARRIED = sorted(stage.value for stage in CARRIED_STAGES)


def people_on_board(
    user, *, show: str, risk: str = "", specialism: str = "", area: str = "", complexity: str = ""
):
    """The cases of one list of the board that ``user`` may see, filtered, with what ``ORDER`` sorts by.

    A filter that is no known risk, specialism or complexity is as if it were not set.
    """
    cases = (
        Case.objects.visible_to(user)
        .filter(_belongs(show))
        .select_related("client", "lead_isva", "interim_worker")
    )
    if risk in Risk.values:
        cases = cases.filter(risk=risk)
    if complexity in Complexity.values:
        cases = cases.filter(complexity=complexity)
    if specialism in Specialism.values:
        cases = cases.filter(_needs(specialism))
    if area:
        cases = cases.filter(client__area=area)
    if show == ANOTHER:
        cases = cases.annotate(lead_walled_off=person_kept_away("lead_isva"))
    return cases.with_wait().annotate(
        urgency_rank=models.Case(When(urgent=True, then=Value(0)), default=Value(1), output_field=IntegerField()),
        risk_rank=models.Case(
            *(When(risk=key, then=Value(-order)) for key, order in RISK_ORDER.items()), default=Value(-9),
            output_field=IntegerField(),
        ),
    )  # fmt: skip


def counts_on_board(user) -> dict[str, int]:
    """How many cases each list of the board has for ``user``. One query."""
    return (
        Case.objects.visible_to(user)
        .filter(_belongs(WAITING) | _belongs(INTERIM) | _belongs(ANOTHER))
        .order_by()
        .aggregate(**{show: Count("pk", filter=_belongs(show)) for show in (WAITING, INTERIM, ANOTHER)})
    )


def _belongs(show: str) -> Q:
    if show == INTERIM:
        return Q(stage=Stage.INTERIM.value)
    if show == ANOTHER:
        return Q(stage__in=_CARRIED) & (~Q(Exists(_lead_is_here())) | person_kept_away("lead_isva"))
    return Q(stage=Stage.ALLOCATION.value)


def _lead_is_here():
    """The membership by which the ISVA of a case carries it: live, and in a role that holds cases."""
    theirs = Membership.objects.filter(service=OuterRef("service"), user=OuterRef("lead_isva"))
    return theirs.filter(roles__overlap=HOLDERS).live()


def _needs(specialism: str) -> Q:
    needed = Q(specialisms_needed__contains=[specialism])
    if specialism != Specialism.CHILDREN:
        return needed
    day = today()
    born_after = _eighteen_years_before(day)
    return (
        needed
        | Q(client__date_of_birth__gt=born_after)
        | Q(client__date_of_birth__isnull=True, client__age_given__lt=18)
    )


def _eighteen_years_before(day: dt.date) -> dt.date:
    """Whoever was born after this day is under 18 on ``day``."""
    try:
        return day.replace(year=day.year - 18)
    except ValueError:  # 29 February
        return day.replace(year=day.year - 18, day=28)


def is_near_trial(case: Case) -> bool:
    """Whether the trial of this case is within 8 weeks."""
    return bool(case.trial_on and 0 <= (case.trial_on - today()).days <= NEAR_TRIAL_WEEKS * 7)


def triage_of(case: Case) -> TriageAssessment | None:
    """The latest triage assessment of a case, or None."""
    return TriageAssessment.objects.filter(case=case).order_by("-completed_at").first()

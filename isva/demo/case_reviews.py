"""Case reviews of the fictional service: most long cases were looked at, some are due, a few were forgotten."""

import datetime as dt

from casework.models import Case
from isva.access.acting import act
from isva.access.roles import Role
from isva.clock.moment import at as at_moment
from isva.demo.stage import Ground, day_of
from isva.pathway import CARRIED_STAGES
from supervision.case_reviews import review_case

#: Of so many long cases one is left unreviewed.
ONE_IN = 12
WEEKS = 26
DECIDED = (
    "Support goes on in the same rhythm. The plan is brought up to date with the client at the next session.",
    "The court date has moved twice. Sessions every fortnight until it stands; pre-trial visit asked for again.",
    "Counselling has begun, and sessions become shorter. Step-down is spoken of with the client in spring.",
    "Three agencies wait for one another. The manager calls housing; the ISVA calls a meeting of all of them.",
    "Heavy case beside two others near trial: the manager takes over the letters to agencies for six weeks.",
)
NOT_NEEDED = "Closure is planned with the client for next month."


def give(ground: Ground) -> None:
    """Review the long cases of a service, as its first manager, with whoever carries each."""
    manager = ground.cast(Role.MANAGER)[0]
    since = ground.now - dt.timedelta(weeks=WEEKS)
    stages = [stage.value for stage in CARRIED_STAGES]
    with act(manager, ground.service):
        cases = list(
            Case.objects.visible_to(manager)
            .filter(stage__in=stages, opened_at__lt=since)
            .select_related("lead_isva")
            .order_by("opened_at", "reference")
        )
    for number, case in enumerate(cases):
        if number % ONE_IN != 3:
            _review(ground, case, number, by=manager)


def _review(ground: Ground, case: Case, number: int, *, by) -> None:
    ago = 1 + number * 7 % min(160, max(2, (ground.now - case.opened_at).days - 30))
    moment = ground.now - dt.timedelta(days=ago)
    ends = number % 15 == 7
    with at_moment(moment), act(by, ground.service):
        review_case(
            case, reviewed_on=day_of(moment), why="complex" if case.complexity == "higher" else "long",
            took_part=case.lead_isva.name if case.lead_isva else "", decided=DECIDED[number % len(DECIDED)],
            next_on=None if ends else day_of(moment) + dt.timedelta(weeks=WEEKS), no_next_why=NOT_NEEDED if ends else "",
            by=by,
        )  # fmt: skip

"""Who may see the fictional cases: given by the product's own functions, at the moments when it would have been given."""

import datetime as dt

from casework import access
from casework.models import Grant
from isva.access.roles import Role
from isva.clock.moment import at as at_moment
from isva.clock.moment import today
from isva.demo.stage import Ground, Life
from isva.pathway import Stage

#: How many cases of somebody on leave are covered by a colleague.
COVERED = 5


def give(ground: Ground) -> None:
    """Give every ISVA sight of what they carry, and end it where a case was closed."""
    for lives in ground.lives.values():
        for life in lives:
            _of_the_isva(life)
            _of_who_keeps_in_touch(life)
    _cover(ground)


def _of_the_isva(life: Life) -> None:
    if life.isva is None:
        return
    manager = life.ground.cast(Role.MANAGER)[0]
    with at_moment(life.isva_since):
        access.grant(life.case, to=life.isva, why=Grant.Why.ALLOCATION, by=manager, reason="allocated")
    if life.case.stage == Stage.CLOSED.value:
        with at_moment(life.at):
            access.end_grants(life.case, by=manager, reason="the case was closed")


def _of_who_keeps_in_touch(life: Life) -> None:
    worker = life.case.interim_worker
    if worker is not None and worker in life.ground.cast(Role.ISVA):
        with at_moment(life.interim_since or life.at):
            access.grant(
                life.case, to=worker, why=Grant.Why.INTERIM, by=life.ground.cast(Role.COORDINATOR)[0],
                reason="named interim worker",
            )  # fmt: skip


def _cover(ground: Ground) -> None:
    """Colleagues cover for whoever is on leave, until the leave ends."""
    away = ground.people.get("isva_on_leave")
    carried = [life for life in ground.lives["active"] if life.isva == away][:COVERED]
    until = dt.datetime.combine(today() + dt.timedelta(days=11), dt.time(), tzinfo=dt.UTC)
    for life in carried:
        access.grant(
            life.case, to=ground.people["isva"], why=Grant.Why.COVER, by=ground.cast(Role.MANAGER)[0],
            reason="cover during leave", until=until,
        )  # fmt: skip

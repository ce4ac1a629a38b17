"""Who may see the fictional cases: given by the product's own functions, at the moments when it would have been given."""

import datetime as dt

from casework import access, emergency, restricting
from casework.models import EmergencyReview, Grant
from isva.access.acting import act
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
    _walls(ground)


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


def _walls(ground: Ground) -> None:
    """What stands around some cases: a restricted client, a conflict, and two emergency openings, one of them reviewed."""
    if ground.key != "rowan":
        return
    manager, second = ground.cast(Role.MANAGER)[:2]
    isva, other = ground.people["isva"], ground.people["second_isva"]
    theirs = [life.case for life in ground.lives["active"] if life.isva == isva]
    others = [life.case for life in ground.lives["active"] if life.isva == other]
    if len(theirs) < 3 or len(others) < 2:
        return
    restricting.restrict_client(
        theirs[0].client,
        reason="The sister of a colleague who left last year.",
        named=[isva, second],
        by=manager,
    )
    access.declare_conflict(
        theirs[1].client, user=other, reason="Lives in the same street and knows the family.", by=manager
    )
    yesterday = ground.at_work(ground.now - dt.timedelta(days=6))
    with at_moment(yesterday):
        _emergency(
            ground,
            other,
            theirs[2],
            "unreachable",
            "The client called in distress; Iris is in court all day.",
        )
    with at_moment(yesterday + dt.timedelta(hours=3)), act(manager, ground.service):
        emergency.review_emergency(
            EmergencyReview.objects.get(case=theirs[2]), verdict="justified", by=manager,
            note="Iris was in court. Imran read the safety plan and called back within ten minutes.",
        )  # fmt: skip
    with at_moment(ground.now - dt.timedelta(hours=2)):
        _emergency(
            ground, ground.cast(Role.COORDINATOR)[0], others[1], "safeguarding",
            "Children’s services called about a strategy meeting this afternoon.",
        )  # fmt: skip
    access.keep_grants_in_time(ground.service)  # both hours are over


def _emergency(ground: Ground, user, case, category: str, reason: str) -> None:
    with act(user, ground.service) as person:
        emergency.open_in_emergency(person, reference=case.reference, category=category, reason=reason)

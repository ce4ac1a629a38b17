"""Supervision in the fictional service: a supervisor from outside, a year of sessions, and one person without for a quarter."""

import datetime as dt

from isva.access.acting import act
from isva.access.roles import Role
from isva.accounts.models import Membership
from isva.clock.moment import at as at_moment
from isva.demo.stage import Ground, day_of
from supervision import arranging, clinical, management, opting_out
from supervision.models import Arrangement, ClinicalSession

PROVIDER = "Thistle Counselling Practice"
#: For each person, the days since their sessions; a negative one was cancelled.
SESSIONS: dict[str, tuple[int, ...]] = {
    "isva": (299, 257, 215, -173, 166, 124, 82, 40),
    "second_isva": (307, 265, 223, 181, 118, -76, -62, -20),
    "chisva": (286, 244, 202, 160, 118, 76, 34),
    "isva_on_leave": (271, 229, 187, 145, -103, 96, 47),
    "trainee": (96, 68, 40, 12),
}
#: Why the sessions of each were cancelled, in turn.
WHY = ("court", "court", "caseload")


def give(ground: Ground) -> None:
    """Arrange supervision and record what was held: management supervision of everybody, clinical where there is a supervisor."""
    _manage(ground)
    _opt_out(ground)
    supervisors = ground.cast(Role.CLINICAL_SUPERVISOR)
    if not supervisors:
        return
    supervisor, manager = supervisors[0], ground.cast(Role.MANAGER)[0]
    for key, days in SESSIONS.items():
        membership = Membership.objects.get(user=ground.people[key], service=ground.service)
        with (
            at_moment(ground.now - dt.timedelta(days=max(abs(day) for day in days) + 42)),
            act(manager, ground.service),
        ):
            arrangement = arranging.arrange(membership, Arrangement.Kind.CLINICAL, supervisor=supervisor, provider=PROVIDER, every_days=28 if key == "trainee" else None,
                by=manager,
            )  # fmt: skip
        cancelled = iter(WHY)
        for day in days:
            _record(
                ground, arrangement, days_ago=abs(day), why=next(cancelled) if day < 0 else "", by=supervisor
            )


#: Who opted out, for so many days from 20 days ago, and why.
OPTED_OUT = {"fourth_isva": (150, "elsewhere")}


def _opt_out(ground: Ground) -> None:
    for key, (days, why) in OPTED_OUT.items():
        user, moment = ground.people[key], ground.now - dt.timedelta(days=20)
        membership = Membership.objects.filter(user=user, service=ground.service).first()
        if membership is not None:
            with at_moment(moment), act(user, ground.service) as person:
                opting_out.opt_out(
                    person, membership, why=why, until=day_of(moment) + dt.timedelta(days=days)
                )


#: Days since the last management supervision of each, and what was decided: what, whether the manager does it, days until.
HELD: dict[str, tuple[int, tuple]] = {
    "isva": (19, (("Move two sessions so that Thursday mornings stay free for writing up", False, 3),)),
    "second_isva": (33, (("Ask the court for the listing of next month in good time", True, -2),)),
    "trainee": (9, (("Shadow a pre-trial visit", False, 12),)),
    "harbour_isva": (12, ()),
}


def _manage(ground: Ground) -> None:
    manager = ground.cast(Role.MANAGER)[0]
    for key, (days_ago, decided) in HELD.items():
        user, moment = ground.people[key], ground.now - dt.timedelta(days=days_ago)
        membership = Membership.objects.filter(user=user, service=ground.service).first()
        if membership is None:
            continue
        with at_moment(moment - dt.timedelta(days=28)), act(manager, ground.service):
            arranging.arrange(
                membership, Arrangement.Kind.MANAGEMENT, supervisor=manager, every_days=None, by=manager
            )
        with at_moment(moment), act(manager, ground.service) as person:
            decisions = [
                management.Decision(
                    what, manager if theirs else user, day_of(ground.now) + dt.timedelta(days=days)
                )
                for what, theirs, days in decided
            ]
            management.hold_supervision(person, membership, held_on=day_of(moment), decisions=decisions)


def _record(ground: Ground, arrangement, *, days_ago: int, why: str, by) -> None:
    moment = ground.now - dt.timedelta(days=days_ago)
    outcomes, formats = ClinicalSession.Outcome, ClinicalSession.Format
    with at_moment(moment), act(by, ground.service):
        clinical.record_clinical_session(
            arrangement, held_on=day_of(moment), outcome=outcomes.CANCELLED if why else outcomes.ATTENDED,
            format=formats.GROUP if days_ago % 4 == 0 else formats.INDIVIDUAL, cancelled_why=why, by=by,
        )  # fmt: skip

"""What waits for somebody today: the inbox, triage, escalations, proposals, open concerns, the diary."""

import datetime as dt

from casework.models import Appointment, ReviewPoint
from casework.stages.closure import retain_until
from isva.access.roles import Role
from isva.accounts.models import DeclaredConnection
from isva.clock.moment import LONDON
from isva.clock.working_days import add_working_days
from isva.codes import ContactMode, NoConsentBasis, ReferralSource, SafetyConcern, YesNo, YesNoUnknown
from isva.demo import support
from isva.demo.intake import receive, take_into_triage, try_to_reach
from isva.demo.sas import review
from isva.demo.stage import Ground, Life, day_of
from isva.pathway import Stage
from referrals.conflicts import check_conflicts
from referrals.duplicates import look_for_duplicates
from triage.models import TriageAssessment, UrgentAllocation

#: Somebody whom a member of staff has declared to know, and who is named as a suspect in one referral.
DECLARED = "Cuthbert Inventleigh"
#: The inbox of a day: hours since receipt, and what is special about each referral.
INBOX: tuple[tuple[int, dict], ...] = (
    (1, {"source": ReferralSource.SARC, "danger": True}), (3, {"source": ReferralSource.SELF}),
    (5, {"source": ReferralSource.POLICE, "gaps": True}), (20, {"source": ReferralSource.EDUCATION, "child": True}),
    (23, {"source": ReferralSource.POLICE, "again": True}), (26, {"source": ReferralSource.SELF, "danger": True}),
    (30, {"source": ReferralSource.MENTAL_HEALTH, "gaps": True}), (47, {"source": ReferralSource.POLICE}),
    (49, {"source": ReferralSource.ADULT_SOCIAL_CARE, "without": True}), (70, {"source": ReferralSource.SELF}),
    (75, {"source": ReferralSource.POLICE, "suspect": DECLARED}), (290, {"source": ReferralSource.GP, "gaps": True}),
)  # fmt: skip


def inbox(ground: Ground, count: int, *, known: list[Life]) -> list[Life]:
    """Referrals that nobody has taken into triage yet: urgent, incomplete, a child, one known already, one overdue."""
    lives = []
    for number in range(count):
        hours, special = INBOX[number % len(INBOX)]
        at = ground.now - dt.timedelta(hours=hours, minutes=ground.rng.randint(1, 50))
        life = receive(ground, at=at, child="child" in special, source=special["source"], **_told(special))
        life.severity = 0.5
        client = life.case.client
        if "gaps" in special:
            client.area, client.unreachable_plan, client.welfare_check = "", "", ""
        if "again" in special and known:
            client.name, client.date_of_birth = known[0].case.client.name, known[0].case.client.date_of_birth
        lives.append(life)
    return lives


def _told(special: dict) -> dict:
    told = {}
    if "danger" in special:
        told = {
            "safety_answer": YesNoUnknown.YES, "safety_concerns": [SafetyConcern.THREATS, SafetyConcern.ONGOING_CONTACT],
            "safety_note": "Do not visit. Text first.",
        }  # fmt: skip
    else:
        told = {"safety_answer": YesNoUnknown.NO, "safety_concerns": []}
    if "gaps" in special:
        told |= {"consents": "", "violence_type": "", "safety_answer": ""}
    if "without" in special:
        told |= {
            "consents": YesNo.NO, "client_knows": YesNo.NO, "no_consent_basis": NoConsentBasis.SAFEGUARDING,
            "no_consent_reason": "An adult at risk, discussed with the safeguarding lead.",
        }  # fmt: skip
    if "suspect" in special:
        told["suspect_name"] = special["suspect"]
    return told


def in_triage(ground: Ground, count: int) -> list[Life]:
    """Referrals in triage: some reached, some tried in vain, one whose five days are over."""
    lives = []
    for number in range(count):
        days = (1, 2, 3, 4, 9, 2)[number % 6]
        life = receive(ground, at=ground.at_work(ground.now - dt.timedelta(days=days + 1)))
        take_into_triage(life, after=dt.timedelta(hours=5))
        if life.at < ground.now - dt.timedelta(hours=6):
            try_to_reach(life, told=number % 3 == 1, missed=(1, 0, 3, 0, 3, 1)[number % 6])
        lives.append(life)
    return lives


def leave_the_list(life: Life, *, at: dt.datetime) -> None:
    """Somebody who waited wants no support any more; their record is closed and counts as work done."""
    coordinator = life.ground.cast(Role.COORDINATOR)[0]
    reason = "Has found other support and does not want to wait."
    life.add(
        TriageAssessment(
            case=life.case, outcome=TriageAssessment.Outcome.DECLINED, outcome_reason=reason, completed_at=at,
            referrer_told_at=at,
        ), at=at, by=coordinator,
    )  # fmt: skip
    kept = retain_until(life.case, closed_on=day_of(at))
    life.go(
        Stage.CLOSED, at=at, by=coordinator, reason=f"The client declined: {reason}", retain_until=kept,
        interim_worker=None, urgent=False,
    )  # fmt: skip
    life.finish_review(ReviewPoint.Kind.INTERIM, at=at, by=coordinator)


def what_is_open(ground: Ground, lives: dict[str, list[Life]]) -> None:
    """Put today's work on the cases: an escalation, proposals that wait for a manager, open concerns."""
    _escalate(ground, lives)
    settled = [life for life in lives["active"] if _is_settled(life)]
    # In turns, so that a small service has each of them too, on a day when few are settled.
    closing, pausing, worrying = _propose_closure, support.propose_step_down, support.raise_concern
    turns = (closing, pausing, worrying, closing, worrying, closing, pausing, worrying, closing)
    for number, (life, happens) in enumerate(zip(settled, turns, strict=False)):
        happens(life, at=ground.at_work(ground.now - dt.timedelta(days=(1, 2, 3, 5)[number % 4])))
    _let_reviews_run_over(ground, lives)


def _propose_closure(life: Life, *, at: dt.datetime) -> None:
    support.propose_closure(life, at=at, reason=support.Reason.WORK_DONE)


def _is_settled(life: Life) -> bool:
    """Supported for a while, nothing ahead in court, and seen lately."""
    begun = life.ground.now - dt.timedelta(days=100)
    return bool(life.isva_since and life.isva_since < begun and life.case.trial_on is None and life.sessions)


def _escalate(ground: Ground, lives: dict[str, list[Life]]) -> None:
    """The risk of one person who waits rose at a check-in: an urgent allocation for a named manager."""
    life = lives["allocation"][0]
    at = max(life.at + dt.timedelta(minutes=5), ground.now - dt.timedelta(hours=3))
    coordinator, manager = ground.cast(Role.COORDINATOR)[0], ground.cast(Role.MANAGER)[0]
    reason = "Risk rose from medium to high at a check-in."
    life.severity = 0.8
    review(life, kind="screening", at=at, by=coordinator)
    life.add(
        UrgentAllocation(case=life.case, manager=manager, reason=reason, raised_at=at), at=at, by=coordinator
    )
    ground.ledger.change(life.case, at=at, by=coordinator, urgent=True)


def _let_reviews_run_over(ground: Ground, lives: dict[str, list[Life]]) -> None:
    """A few of the reviews ahead are overdue, as in any service; the others lie ahead."""
    overdue = {"waiting": 5, "stepped_down": 6, "active": 11}
    day = day_of(ground.now)
    for kind, few in overdue.items():
        # A review that was set today cannot be late by today, at whatever hour the story is told.
        set_earlier = [
            life
            for life in lives[kind]
            if life.ahead and all(day_of(point.recorded_at) < day for point in life.ahead.values())
        ]
        late_ones = {id(life) for life in set_earlier[1::few] or set_earlier[:1]}
        for life in lives[kind]:
            late = id(life) in late_ones
            for point in life.ahead.values():
                if late and point.due_on >= day:
                    point.due_on = max(
                        day_of(point.recorded_at), day - dt.timedelta(days=ground.rng.randint(1, 6))
                    )
                elif not late and point.due_on < day:
                    point.due_on = day + dt.timedelta(days=ground.rng.randint(0, 5))


def appointments(ground: Ground) -> None:
    """The diary: sessions today, court tomorrow, and the fortnight ahead."""
    day = day_of(ground.now)
    for isva in [*ground.cast(Role.ISVA), *ground.cast(Role.TRAINEE)]:
        if isva == ground.people.get("isva_on_leave"):
            continue
        carried = [life for life in ground.lives["active"] if life.isva == isva]
        for number, life in enumerate(carried[:8]):
            on = day if number < 3 else add_working_days(day, number - 2)
            mode = (ContactMode.IN_PERSON, ContactMode.PHONE, ContactMode.VIDEO)[number % 3]
            _plan_appointment(ground, life, on=on, clock=dt.time(9 + 2 * (number % 4), 30), mode=mode)
        in_court = [life for life in carried if life.case.trial_on] or carried[:1]
        for life in in_court[: 2 if isva == ground.people["isva"] else 1]:
            _plan_appointment(
                ground, life, on=add_working_days(day, 1), clock=dt.time(10), mode=ContactMode.COURT, minutes=240,
                place="Crown Court, public entrance by the river", purpose="Pre-trial visit",
            )  # fmt: skip


def _plan_appointment(ground: Ground, life: Life, *, on: dt.date, clock: dt.time, mode: str, **what) -> None:
    made = ground.now - dt.timedelta(days=3, hours=ground.rng.randint(1, 6))
    what = {
        "minutes": 60,
        "place": "Room 2" if mode == ContactMode.IN_PERSON else "",
        "purpose": "Session",
        **what,
    }
    at = dt.datetime.combine(on, clock, tzinfo=LONDON)
    life.add(Appointment(case=life.case, at=at, mode=mode, worker=life.isva, **what), at=made, by=life.isva)


def after_writing(ground: Ground) -> None:
    """What the product itself finds in the inbox: likely duplicates, and members of staff who know somebody."""
    if ground.key == "rowan":
        knows = ground.people["second_isva"].memberships.get(service=ground.service)
        DeclaredConnection(
            service=ground.service, membership=knows, name=DECLARED, relationship="Neighbour of my parents"
        ).save(force_insert=True)
    for life in ground.lives["inbox"]:
        check_conflicts(life.case, by=ground.intake)
        look_for_duplicates(life.case, by=ground.intake)

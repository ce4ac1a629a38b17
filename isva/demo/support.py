"""Active support of the fictional cases: sessions, reviews, plan, agencies, the justice process, and how it ended."""

import datetime as dt

from casework.models import (
    Agency,
    AgencyConsent,
    ClientAgreement,
    Closure,
    Contact,
    Decision,
    JusticeUpdate,
    Note,
    OnwardReferral,
    PlanAction,
    ReviewPoint,
    SafeguardingConcern,
    SasReview,
    StepDown,
    SupportPlan,
)  # fmt: skip
from casework.stages.closure import retain_until
from isva.clock.terms import number_now
from isva.codes import ContactMode, JusticeStage
from isva.demo import texts
from isva.demo.sas import reckon, review
from isva.demo.stage import Ground, Life, day_of
from isva.pathway import Stage

J, Attendance, Purpose, Reason = JusticeStage, Contact.Attendance, Contact.Purpose, Closure.Reason

#: How the justice process went, as shares of the time from allocation to the end of the story.
COURSES = {
    "none": (),
    "investigation": ((0.15, J.INTERVIEWED),),
    "nfa": ((0.1, J.INTERVIEWED), (0.85, J.NFA_POLICE)),
    "cps": ((0.1, J.INTERVIEWED), (0.8, J.WITH_CPS)),
    "awaiting_trial": ((0.08, J.INTERVIEWED), (0.5, J.WITH_CPS), (0.7, J.CHARGED), (0.85, J.AWAITING_TRIAL)),
    "trial": ((0.08, J.INTERVIEWED), (0.4, J.WITH_CPS), (0.5, J.CHARGED), (0.6, J.AWAITING_TRIAL), (0.9, J.CONVICTED)),
    "acquitted": ((0.08, J.INTERVIEWED), (0.4, J.WITH_CPS), (0.5, J.CHARGED), (0.6, J.AWAITING_TRIAL),
                  (0.9, J.ACQUITTED)),
    "withdrew": ((0.5, J.WITHDREW),),
}  # fmt: skip
#: Months of support, at least and at most, by how the justice process went.
MONTHS = {
    "none": (3, 9), "nfa": (6, 15), "withdrew": (3, 8), "trial": (13, 22), "acquitted": (13, 21),
    "investigation": (1, 15), "cps": (6, 16), "awaiting_trial": (8, 22),
}  # fmt: skip


def support(life: Life, *, until: dt.datetime, course: str) -> None:
    """Everything that an ISVA recorded from the first session until a moment."""
    ground, isva = life.ground, life.isva
    life.until = until
    first = ground.at_work(life.isva_since + dt.timedelta(days=ground.rng.randint(1, 7)))
    _set_sas(
        life, on=day_of(life.isva_since) + dt.timedelta(days=21), at=life.isva_since, why="full assessment"
    )
    if first >= until:
        return
    _session(life, at=first, purpose=Purpose.FIRST_SESSION)
    _agree(life, at=first)
    turns = _turns(life, course=course, until=until)
    full = ground.at_work(first + dt.timedelta(days=ground.rng.randint(5, 13)))
    reviewed = False
    at, next_review = first, full
    while True:
        at = ground.at_work(at + dt.timedelta(days=ground.rng.choice((6, 7, 9, 12, 14, 14, 18, 21))))
        while turns and turns[0][0] <= min(at, until):
            (turn_at, stage), turns = turns[0], turns[1:]
            _justice(life, turn_at, stage, next_at=turns[0][0] if turns else None)
        if next_review < min(at, until):
            _session(life, at=next_review, purpose=Purpose.REVIEW)
            _drift(life)
            row = review(life, kind="review" if reviewed else "full", at=next_review, by=isva)
            if not reviewed:
                _plan(life, at=next_review)
                _onward(life, at=next_review)
            reviewed = True
            days = number_now(ground.service, f"sas_days_{row.risk}")
            _set_sas(
                life, on=day_of(next_review) + dt.timedelta(days=days), at=next_review, why=f"{row.risk} risk"
            )
            late = ground.rng.choice((-4, -2, -1, 0, 0, 1, 5))
            next_review = ground.at_work(next_review + dt.timedelta(days=days + late))
        if at >= until or at >= ground.now - dt.timedelta(hours=1):
            break
        _session(life, at=at)
    renewed = ground.at_work(first + dt.timedelta(days=350))
    if renewed < until and ground.maybe(0.9):
        life.add(_agreement(life, on=day_of(renewed)), at=renewed, by=isva)
    if ground.maybe(0.12):
        _concern(life, at=ground.at_work(first + (until - first) * 0.4), closed=True)
    if ground.maybe(0.4):
        at = ground.at_work(first + (until - first) * 0.7)
        life.add(Note(case=life.case, text=ground.rng.choice(texts.CASE_NOTES)), at=at, by=isva)


def propose_closure(life: Life, *, at: dt.datetime, reason: str) -> Closure:
    """The final review, and the ISVA's proposal that support ends."""
    ground = life.ground
    if reason == Closure.Reason.LOST_CONTACT:
        for days, mode in ((20, ContactMode.PHONE), (13, ContactMode.LETTER), (6, ContactMode.PHONE)):
            tried = ground.at_work(at - dt.timedelta(days=days))
            if not life.sessions or tried > life.sessions[-1]:
                _missed(life, at=tried, mode=mode)
    final = review(life, kind=SasReview.Kind.FINAL, at=at, by=life.isva)
    lost = reason in (Closure.Reason.LOST_CONTACT, Closure.Reason.DISENGAGED)
    closure = Closure(
        case=life.case, sas_review=final, reason=reason, what_changed=ground.rng.choice(texts.CHANGED),
        onward_support="" if lost else "Counselling is in place." if ground.maybe(0.5) else "None wanted at present.",
        return_explained=not lost, feedback_invited=not lost,
        agencies_told="The officer in the case" if life.case.justice_stage != J.NOT_REPORTED else "",
        other_service_tried="The surgery passed on a message." if lost else "",
        welfare_decision="No welfare check, as the client wished." if lost else "",
    )  # fmt: skip
    return life.add(closure, at=at, by=life.isva)


def close(life: Life, *, at: dt.datetime, reason: str) -> None:
    """Support ended: proposed by the ISVA, signed off by a manager a few days later."""
    ground = life.ground
    proposed = ground.at_work(at - dt.timedelta(days=ground.rng.randint(2, 9)))
    closure = propose_closure(life, at=proposed, reason=reason)
    manager = ground.rng.choice(ground.cast("manager"))
    at = max(ground.at_work(at), proposed + dt.timedelta(hours=2))
    ground.ledger.change(
        closure, at=at, by=manager, decision=Decision.APPROVED, decided_by=manager, decided_at=at
    )
    kept = retain_until(life.case, closed_on=day_of(at))
    life.go(Stage.CLOSED, at=at, by=manager, reason="Closure signed off", retain_until=kept)
    for kind in ReviewPoint.Kind:
        life.finish_review(kind, at=at, by=manager)


def propose_step_down(life: Life, *, at: dt.datetime) -> StepDown:
    """The ISVA's proposal that support pauses, after a review."""
    ground = life.ground
    row = review(life, kind="review", at=at, by=life.isva)
    days = number_now(ground.service, "step_down_days")
    paused = StepDown(
        case=life.case, sas_review=row, reason=ground.rng.choice(texts.STEP_DOWN_REASONS), contact_every_days=28,
        review_on=day_of(at) + dt.timedelta(days=days - ground.rng.randint(0, 14)),
        milestones=ground.rng.choice(texts.MILESTONES),
    )  # fmt: skip
    return life.add(paused, at=at, by=life.isva)


def step_down(life: Life, *, at: dt.datetime) -> None:
    """Support paused, with the manager's approval."""
    ground = life.ground
    paused = propose_step_down(life, at=ground.at_work(at - dt.timedelta(days=3)))
    manager = ground.rng.choice(ground.cast("manager"))
    at = max(ground.at_work(at), paused.recorded_at + dt.timedelta(hours=3))
    ground.ledger.change(
        paused, at=at, by=manager, decision=Decision.APPROVED, decided_by=manager, decided_at=at
    )
    life.set_review(
        ReviewPoint.Kind.STEP_DOWN, on=paused.review_on, at=at, by=manager, why="agreed at step-down"
    )
    life.finish_review(ReviewPoint.Kind.SAS, at=at, by=manager)
    life.go(Stage.STEPPED_DOWN, at=at, by=manager, reason="Step-down approved")
    check_in = ground.at_work(at + dt.timedelta(days=28))
    if check_in < ground.now - dt.timedelta(hours=1):
        _session(life, at=check_in, purpose=Purpose.CHECK_IN)


def raise_concern(life: Life, *, at: dt.datetime) -> SafeguardingConcern:
    """A safeguarding concern that is still open."""
    concern = _concern(life, at=at, closed=False)
    reckon(life, at=at, by=life.isva)
    return concern


def _session(life: Life, *, at: dt.datetime, purpose: str = "") -> None:
    ground = life.ground
    purpose = purpose or ground.pick(
        {Purpose.SUPPORT: 40, Purpose.PRACTICAL: 16, Purpose.JUSTICE: 14, Purpose.SAFETY: 7, Purpose.ADVOCACY: 10,
         Purpose.CHECK_IN: 12, Purpose.CRISIS: 1}
    )  # fmt: skip
    must = purpose in (Purpose.FIRST_SESSION, Purpose.REVIEW, Purpose.CRISIS)
    if not must and ground.maybe(0.14):
        _missed(life, at=at, mode=ContactMode.PHONE)
        return
    child = life.case.client.is_child_on(day_of(at))
    with_whom = Contact.With.AGENCY if purpose == Purpose.ADVOCACY else Contact.With.CLIENT
    if child and with_whom == Contact.With.CLIENT and ground.maybe(0.3):
        with_whom = Contact.With.SAFE_PARENT
    mode = ground.pick({ContactMode.PHONE: 52, ContactMode.IN_PERSON: 34, ContactMode.VIDEO: 8,
                        ContactMode.TEXT: 6 if life.may_text else 0})  # fmt: skip
    recent = at > ground.now - dt.timedelta(days=10)
    contact = Contact(
        case=life.case, at=at, minutes=ground.rng.choice((15, 20, 30, 45, 50, 60)), mode=mode, with_whom=with_whom,
        attendance=Attendance.ATTENDED, purpose=purpose, note=ground.rng.choice(texts.NOTES[purpose]),
        plan_answer="" if recent and ground.maybe(0.2) else _whether_it_changed(life),
        risk_answer="unchanged",
    )  # fmt: skip
    if purpose == Purpose.CRISIS:
        contact.crisis_actions = "Stayed on the phone; a plan for the evening; rang back at nine."
        contact.crisis_told = "The manager on duty"
        contact.debrief_offered = True
    life.add(contact, at=at, by=life.isva)
    if contact.plan_answer == "changed" and not (recent and ground.maybe(0.3)):
        later = at + dt.timedelta(minutes=40)
        ground.ledger.change(life.plan, at=later, by=life.isva, reviewed_at=later)
    life.sessions.append(at)
    if with_whom in (Contact.With.CLIENT, Contact.With.SAFE_PARENT):
        life.reached.append(at)


def _whether_it_changed(life: Life) -> str:
    """Now and then a contact changes the plan, once there is one."""
    return "changed" if life.ground.maybe(0.1) and life.plan is not None else "unchanged"


def _missed(life: Life, *, at: dt.datetime, mode: str) -> None:
    ground = life.ground
    contact = Contact(
        case=life.case, at=at, mode=mode, attendance=Attendance.DID_NOT_ATTEND, purpose=Purpose.SUPPORT,
        note=ground.rng.choice(texts.MISSED[:2]), plan_answer="unchanged", risk_answer="unchanged",
    )  # fmt: skip
    life.add(contact, at=at, by=life.isva)


def _drift(life: Life) -> None:
    """Most people fare better with support; some have a setback on the way."""
    change = life.ground.rng.gauss(-0.02, 0.07)
    life.severity = max(0.03, min(0.97, life.severity + change))


def _set_sas(life: Life, *, on: dt.date, at: dt.datetime, why: str) -> None:
    life.set_review(ReviewPoint.Kind.SAS, on=on, at=at, by=life.isva, why=why)


def _turns(life: Life, *, course: str, until: dt.datetime) -> list[tuple]:
    span = until - life.isva_since
    return [(life.isva_since + span * share, stage) for share, stage in COURSES[course]]


def _justice(life: Life, at: dt.datetime, stage: JusticeStage, *, next_at: dt.datetime | None) -> None:
    ground = life.ground
    at = ground.at_work(at)
    trial = None
    if stage == J.AWAITING_TRIAL:
        trial = day_of(next_at or ground.now + dt.timedelta(days=ground.rng.randint(12, 160)))
    life.add(
        JusticeUpdate(case=life.case, stage=stage, since=day_of(at), trial_on=trial), at=at, by=life.isva
    )
    ground.ledger.change(life.case, at=at, by=life.isva, justice_stage=stage.value, trial_on=trial)


def _agree(life: Life, *, at: dt.datetime) -> None:
    life.add(_agreement(life, on=day_of(at)), at=at, by=life.isva)
    _consents(life, at=at)


def _agreement(life: Life, *, on: dt.date) -> ClientAgreement:
    ground, day = life.ground, on
    trainee = life.isva in ground.cast("trainee")
    agreement = ClientAgreement(
        case=life.case, agreed_on=day, how=ground.pick({"signed": 5, "verbal": 4, "accessible": 1}), role_explained=True,
        confidentiality_explained=True, records_explained=True, complaints_explained=ground.maybe(0.9),
        ending_discussed=ground.maybe(0.8), trainee_disclosed=trainee, single_point_of_contact=ground.maybe(0.6),
        contact_preferences="Phone, in the agreed hours.", nfa_wish="By phone, by their ISVA.",
    )  # fmt: skip
    if life.case.client.is_child_on(day):
        agreement.who_decides = ClientAgreement.Decides.SAFE_PARENT
        agreement.authority_seen = True
    return agreement


def _consents(life: Life, *, at: dt.datetime) -> None:
    ground, day = life.ground, day_of(at)
    kinds = [Agency.Kind.POLICE] if life.case.justice_stage != J.NOT_REPORTED else []
    for agency in [one for one in ground.agencies if one.kind in kinds or ground.maybe(0.09)]:
        consent = AgencyConsent(
            case=life.case, agency=agency, answer=ground.pick({"given": 9, "refused": 1}), dated_on=day,
            route="Secure e-mail", frequency="After each change", told_on=day if ground.maybe(0.8) else None,
        )  # fmt: skip
        life.add(consent, at=at, by=life.isva)


def _plan(life: Life, *, at: dt.datetime) -> None:
    ground, rng = life.ground, life.ground.rng
    plan = SupportPlan(
        case=life.case, goals=rng.choice(texts.GOALS), safety_plan=rng.choice(texts.SAFETY_PLANS),
        what_if=rng.choice(texts.WHAT_IFS), planned_ending=rng.choice(texts.ENDINGS) if ground.maybe(0.85) else "",
        contact_every_days=14, reviewed_at=at, shared_on=day_of(at) if ground.maybe(0.7) else None,
    )  # fmt: skip
    life.plan = life.add(plan, at=at, by=life.isva)
    for domain in rng.sample(sorted(texts.ACTIONS), k=rng.randint(3, 6)):
        due = day_of(at) + dt.timedelta(days=rng.randint(10, 60))
        action = PlanAction(
            case=life.case, domain=domain, what=rng.choice(texts.ACTIONS[domain]),
            doer=ground.pick({"isva": 5, "client": 3, "agency": 1}), due_on=due,
        )  # fmt: skip
        life.add(action, at=at, by=life.isva)
        meant = _morning(due) + dt.timedelta(days=rng.randint(-6, 6))
        closed = ground.at_work(meant)
        long_past = due < day_of(ground.now) - dt.timedelta(days=30)  # nobody forgets an action for months
        happened = at < closed < life.until and meant < ground.now
        if happened and (long_past or ground.maybe(0.92)):
            outcome = PlanAction.Outcome.DONE if ground.maybe(0.88) else PlanAction.Outcome.NOT_DONE
            why = "" if outcome == PlanAction.Outcome.DONE else "They changed their mind, which is fine."
            ground.ledger.change(
                action, at=closed, by=life.isva, outcome=outcome, closed_on=day_of(closed), why_not=why
            )


def _onward(life: Life, *, at: dt.datetime) -> None:
    ground, rng = life.ground, life.ground.rng
    for domain in rng.sample(sorted(texts.NEEDS), k=ground.pick({0: 5, 1: 4, 2: 2})):
        agencies = [one for one in ground.agencies if one.kind != Agency.Kind.POLICE]
        agency = rng.choice(agencies) if ground.maybe(0.88) else None
        sent = day_of(at)
        referral = OnwardReferral(
            case=life.case, domain=domain, need=texts.NEEDS[domain], agency=agency, consented=True,
            sent_on=sent if agency else None, answer="waiting" if agency else "no_service",
        )  # fmt: skip
        life.add(referral, at=at, by=life.isva)
        answered = ground.at_work(at + dt.timedelta(days=rng.randint(5, 70)))
        if agency and at < answered < life.until:
            answer = ground.pick({"accepted": 8, "declined": 2})
            outcome = "An appointment is made." if answer == "accepted" else "Their list is closed."
            ground.ledger.change(
                referral,
                at=answered,
                by=life.isva,
                answer=answer,
                answered_on=day_of(answered),
                outcome=outcome,
            )


def _concern(life: Life, *, at: dt.datetime, closed: bool) -> SafeguardingConcern:
    ground = life.ground
    child = life.case.client.is_child_on(day_of(at))
    manager = ground.rng.choice(ground.cast("manager"))
    concern = SafeguardingConcern(
        case=life.case, what=texts.SAFEGUARDING[1 if child else ground.rng.choice((0, 2))], raised_at=at,
        who="client_child" if child else ground.pick({"other_child": 3, "other_adult": 1}),
        referred_to="Countywide Children and Families", referred_at=at, manager_told=manager, manager_told_at=at,
        client_informed=True,
    )  # fmt: skip
    life.add(concern, at=at, by=life.isva)
    ended = ground.at_work(at + dt.timedelta(days=ground.rng.randint(10, 40)))
    if closed and at < (ended := min(ended, life.until)):
        ground.ledger.change(
            concern, at=ended, by=life.isva, outcome="A family worker is in place; no further action.",
            closed_on=day_of(ended),
        )  # fmt: skip
    return concern


def why_it_ends(ground: Ground, course: str) -> str:
    """A reason for closure: about half are planned, as in most services (27 to 76 % in the national review)."""
    if ground.maybe(0.53):
        if course in ("nfa", "trial", "acquitted"):
            return Reason.JUSTICE_ENDED
        return ground.pick({Reason.WORK_DONE: 7, Reason.NEEDS_MET_ELSEWHERE: 3})
    return ground.pick(
        {Reason.DISENGAGED: 9, Reason.LOST_CONTACT: 5, Reason.MOVED: 3, Reason.DECLINED: 4, Reason.ILL_HEALTH: 1,
         Reason.CUSTODY: 1}
    )  # fmt: skip


def _morning(day: dt.date) -> dt.datetime:
    return dt.datetime.combine(day, dt.time(9), tzinfo=dt.UTC)

"""Referral, triage and waiting, as the fictional cases went through them.

The mix follows what services told the national review: 4 to 47 % of referrals from the police, 11 to 80 % by people
themselves, 7 to 40 % resolved at triage, waits of three weeks to eight months.
"""

import datetime as dt
import hashlib

from casework.models import Case, Client, ReviewPoint, SafeContact
from casework.stages.closure import retain_until
from isva.clock.terms import number_now
from isva.codes import (
    ClientSex,
    Ethnicity,
    Format,
    JusticeStage,
    Language,
    Recency,
    ReferralSource,
    Relationship,
    Reported,
    SafetyConcern,
    Specialism,
    ViolenceType,
    WorkerSex,
    YesNo,
    YesNoUnknown,
)  # fmt: skip
from isva.demo import names, texts
from isva.demo.sas import review
from isva.demo.stage import Ground, Life, day_of
from isva.pathway import Stage
from referrals.models import Referral, StatusLink
from triage.models import Allocation, ContactAttempt, InterimReview, TriageAssessment

SOURCES = {
    ReferralSource.POLICE: 32, ReferralSource.SELF: 26, ReferralSource.SARC: 11, ReferralSource.GP: 4,
    ReferralSource.MENTAL_HEALTH: 5, ReferralSource.SEXUAL_HEALTH: 3, ReferralSource.CHILDREN_SOCIAL_CARE: 5,
    ReferralSource.ADULT_SOCIAL_CARE: 3, ReferralSource.EDUCATION: 4, ReferralSource.VOLUNTARY: 3,
    ReferralSource.DOMESTIC_ABUSE: 3, ReferralSource.FAMILY: 1,
}  # fmt: skip
_REFERENCE = "234679ACDEFGHJKMNPQRTWXYZ"
_ROLES = {
    ReferralSource.POLICE: "Officer in the case",
    ReferralSource.SARC: "Crisis worker",
    ReferralSource.GP: "GP",
}
_FORCE = {"rowan": "northumbria", "harbour": "dorset"}


def receive(
    ground: Ground,
    *,
    at: dt.datetime,
    child: bool = False,
    reported: bool | None = None,
    source: str = "",
    **told,
) -> Life:
    """A referral came in at ``at``. ``told`` are fields of the referral that must be as given."""
    rng = ground.rng
    source = source or ground.pick(SOURCES)
    by = ground.intake if ground.maybe(0.85) else ground.cast("coordinator")[0]
    client = ground.ledger.add(_client(ground, at=at, child=child), at=at, by=by)
    safe = _safe_contacts(ground, client, child=child, at=at)
    for contact in safe:
        contact.client = client
        ground.ledger.add(contact, at=at, by=by)
    if reported is None:
        reported = source in (ReferralSource.POLICE, ReferralSource.SARC) or ground.maybe(0.35)
    stage = JusticeStage.INVESTIGATION if reported else ground.pick(
        {JusticeStage.NOT_REPORTED: 6, JusticeStage.CONSIDERING: 3, JusticeStage.UNKNOWN: 1}
    )  # fmt: skip
    case = Case(
        service=ground.service, client=client, reference="".join(rng.choices(_REFERENCE, k=6)), stage=Stage.REFERRAL.value,
        stage_since=at, opened_at=at, justice_stage=stage, specialisms_needed=_specialisms(ground, client, child),
    )  # fmt: skip
    case.reference = f"{case.reference[:2]}-{case.reference[2:]}"
    ground.ledger.add(case, at=at, by=by)
    life = Life(ground, case, severity=rng.betavariate(2.4, 2.2), may_text=safe[0].safe_to_text)
    life.go(Stage.REFERRAL, at=at, by=by, reason="Referral received")
    referral = _referral(ground, life, source=source, reported=reported, child=child, by=by)
    for name, value in told.items():
        setattr(referral, name, value)
    life.add(referral, at=at, by=by)
    secret = hashlib.sha256(rng.randbytes(32)).hexdigest()
    life.add(StatusLink(case=case, token_hash=secret, expires_at=at + dt.timedelta(days=180)), at=at, by=by)
    return life


def _client(ground: Ground, *, at, child: bool) -> Client:
    rng = ground.rng
    name, sex = next(ground.names)
    age = rng.randint(9, 17) if child else min(84, int(18 + rng.expovariate(1 / 14)))
    born = day_of(at) - dt.timedelta(days=age * 365 + rng.randint(10, 350))
    language = ground.pick({Language.ENGLISH: 91, Language.POLISH: 2, Language.URDU: 2, Language.PUNJABI: 1,
                            Language.ARABIC: 1, Language.ROMANIAN: 1, Language.WELSH: 1, Language.BSL: 1})  # fmt: skip
    return Client(
        service=ground.service, name=name, date_of_birth=born, sex=sex if ground.maybe(0.85) else ClientSex.NOT_ASKED,
        pronouns={"female": "she/her", "male": "he/him"}.get(sex, "they/them") if ground.maybe(0.6) else "",
        area=rng.choice(ground.service.areas), language=language,
        interpreter_needed=language not in (Language.ENGLISH, Language.WELSH) and ground.maybe(0.7),
        ethnicity=ground.pick({Ethnicity.WHITE_BRITISH: 68, Ethnicity.PAKISTANI: 5, Ethnicity.INDIAN: 3,
                               Ethnicity.AFRICAN: 4, Ethnicity.CARIBBEAN: 3, Ethnicity.OTHER_WHITE: 6,
                               Ethnicity.NOT_SAID: 5, Ethnicity.NOT_ASKED: 6}),
        preferred_worker_sex=ground.pick({WorkerSex.NO_PREFERENCE: 55, WorkerSex.FEMALE: 40, WorkerSex.MALE: 5}),
        disability=ground.pick({"": 40, "none": 34, "limited_a_little": 14, "limited_a_lot": 7, "not_said": 5}),
        formats=[Format.EASY_READ] if ground.maybe(0.04) else [],
        access_needs="Ground floor, please." if ground.maybe(0.08) else "",
        unreachable_plan=rng.choice(("Text on a weekday morning.", "Wait a week, then try again.", "")),
        welfare_check=ground.pick({YesNo.NO: 5, YesNo.YES: 3, "": 2}),
        who_must_not_know="anybody at home" if ground.maybe(0.2) else "",
        suspect_at_home=ground.maybe(0.05),
    )  # fmt: skip


def _safe_contacts(ground: Ground, client: Client, *, child: bool, at) -> list[SafeContact]:
    rng = ground.rng
    phone = SafeContact(
        kind=SafeContact.Kind.PHONE, value=next(ground.phones), safe_to_call=True, safe_to_text=ground.maybe(0.75),
        safe_to_leave_message=ground.maybe(0.4), last_confirmed_on=day_of(at),
        safe_times=rng.choice(("weekday mornings", "after 5 in the evening", "any time on weekdays", "at lunchtime", "")),
        code_word=rng.choice(("", "", "", "library", "gardening club")),
    )  # fmt: skip
    if child:
        phone.whose = SafeContact.Whose.SAFE_PARENT
        phone.person_name = f"{rng.choice(names.WOMEN)} {client.name.split()[-1]}"
        phone.person_relationship = rng.choice(("mother", "aunt", "grandmother", "foster carer"))
    found = [phone]
    if ground.maybe(0.35):
        found.append(
            SafeContact(kind=SafeContact.Kind.EMAIL, value=names.address_of(client.name), safe_to_write=True)
        )
    return found


def _specialisms(ground: Ground, client: Client, child: bool) -> list[str]:
    found: list[str] = [Specialism.CHILDREN] if child else []
    if client.sex == "male" and not child:
        found.append(Specialism.MALE)
    found += [one for one, chance in ((Specialism.MENTAL_HEALTH, 0.12), (Specialism.BY_AND_FOR, 0.06),
                                      (Specialism.LGBT, 0.05), (Specialism.TECHNOLOGY, 0.05)) if ground.maybe(chance)]  # fmt: skip
    return found


def _referral(ground: Ground, life: Life, *, source, reported: bool, child: bool, by) -> Referral:
    rng, at = ground.rng, life.case.opened_at
    alone = source == ReferralSource.SELF
    typed = by is not ground.intake
    route = Referral.Route.PHONE if typed else Referral.Route.SELF if alone else Referral.Route.PROFESSIONAL
    if source == ReferralSource.FAMILY and not typed:
        route = Referral.Route.PARENT
    referral = Referral(
        case=life.case, route=route, source=source, received_at=at, acknowledged_at=at + dt.timedelta(minutes=1),
        client_knows=YesNo.YES, consents=YesNo.YES, client_has_seen="" if alone else YesNo.YES,
        share_isva_name=ground.maybe(0.6),
        violence_type=ground.pick({ViolenceType.RAPE: 45, ViolenceType.SEXUAL_ASSAULT: 22,
                                   ViolenceType.CHILD_SEXUAL_ABUSE: 14, ViolenceType.DOMESTIC: 8,
                                   ViolenceType.EXPLOITATION: 4, ViolenceType.IMAGES: 4, ViolenceType.NOT_SAID: 3}),
        recency=ground.pick({Recency.LAST_7_DAYS: 10, Recency.LAST_YEAR: 45, Recency.NON_RECENT: 42, Recency.ONGOING: 3}),
        relationship=ground.pick({Relationship.EX_PARTNER: 22, Relationship.ACQUAINTANCE: 20, Relationship.FAMILY: 14,
                                  Relationship.FRIEND: 12, Relationship.STRANGER: 8, Relationship.DATE: 8,
                                  Relationship.PARTNER: 8, Relationship.NOT_SAID: 8}),
        reported=Reported.YES if reported else Reported.NO, safety_answer=YesNoUnknown.NO,
        support_wanted=rng.choice(texts.SUPPORT_WANTED),
    )  # fmt: skip
    if reported:
        referral.police_force = _FORCE[ground.key]
        referral.officer = rng.choice(names.OFFICERS)
        referral.crime_reference = f"FIC/{rng.randint(10000, 99999)}/{at:%y}"
    if life.severity > 0.78:
        referral.safety_answer = YesNoUnknown.YES
        referral.safety_concerns = [rng.choice([SafetyConcern.ONGOING_CONTACT, SafetyConcern.THREATS,
                                                SafetyConcern.STALKING, SafetyConcern.SELF_HARM])]  # fmt: skip
    if child:
        referral.child_consents = referral.parent_consents = YesNoUnknown.YES
    if not alone:
        referral.referrer_name = rng.choice(names.REFERRERS)
        referral.referrer_role = _ROLES.get(source, "Practitioner")
        referral.referrer_agency = f"{ReferralSource(source).label}, {names.TOWNS[ground.key]}"
        referral.referrer_email = names.address_of(referral.referrer_name)
        referral.referrer_phone = next(ground.phones)
    return referral


def take_into_triage(life: Life, *, after: dt.timedelta | None = None) -> None:
    """The coordinator took the referral into triage, within hours or a day or two."""
    ground = life.ground
    wait = after or dt.timedelta(hours=ground.rng.choice((2, 4, 6, 20, 24, 28, 44)))
    at = ground.at_work(life.case.opened_at + wait)
    life.go(Stage.TRIAGE, at=at, by=ground.cast("coordinator")[0], reason="Taken into triage")


def try_to_reach(life: Life, *, told: bool, missed: int) -> None:
    """Attempts to reach the person: ``missed`` without an answer, and, where ``told``, the one that is first contact."""
    ground, at = life.ground, life.at
    methods = [ContactAttempt.Method.PHONE, ContactAttempt.Method.TEXT, ContactAttempt.Method.PHONE]
    outcomes = {
        ContactAttempt.Outcome.NO_ANSWER: 6,
        ContactAttempt.Outcome.MESSAGE: 3,
        ContactAttempt.Outcome.SPOKE: 1,
    }
    for number in range(missed + told):
        at = ground.at_work(at + dt.timedelta(hours=1 if number == 0 else ground.rng.choice((3, 22, 26, 45))))
        last = told and number == missed
        attempt = ContactAttempt(
            case=life.case, at=at, method=ContactAttempt.Method.PHONE if last else methods[number % 3],
            outcome=ContactAttempt.Outcome.TOLD if last else ground.pick(outcomes),
        )  # fmt: skip
        attempt.message_was_safe = attempt.outcome == ContactAttempt.Outcome.MESSAGE
        if attempt.method == ContactAttempt.Method.TEXT and not last:
            attempt.outcome = ContactAttempt.Outcome.MESSAGE
        life.add(attempt, at=at, by=ground.cast("coordinator")[0])
        if last:
            life.reached.append(at)
    life.attempts.append(at)


def triage(life: Life, *, outcome: TriageAssessment.Outcome) -> None:
    """The assessment with its outcome; the case goes where that leads."""
    ground = life.ground
    coordinator = ground.cast("coordinator")[0]
    unable = outcome == TriageAssessment.Outcome.UNABLE
    try_to_reach(
        life, told=not unable, missed=ground.rng.randint(3, 5) if unable else ground.pick({0: 5, 1: 3, 2: 2})
    )
    at = ground.at_work(life.attempts[-1] + dt.timedelta(hours=ground.rng.choice((1, 2, 20, 44))))
    without = (TriageAssessment.Outcome.UNABLE, TriageAssessment.Outcome.DECLINED)
    screening = None if outcome in without else review(life, kind="screening", at=at, by=coordinator)
    closing = outcome in TriageAssessment.CLOSING
    assessment = TriageAssessment(
        case=life.case, screening=screening, safeguarding=TriageAssessment.Safeguarding.NONE,
        justice_stage=life.case.justice_stage, readiness=TriageAssessment.Readiness.ALONE,
        urgency=TriageAssessment.Urgency.URGENT if outcome == TriageAssessment.Outcome.ALLOCATE_NOW
        else TriageAssessment.Urgency.SOON if life.case.risk == "high" else TriageAssessment.Urgency.ROUTINE,
        specialisms=life.case.specialisms_needed, outcome=outcome, outcome_reason=texts.TRIAGE_REASONS[outcome],
        client_choice="Wants to be called by the same person." if not unable else "",
        where_to=ground.rng.choice(texts.WHERE_TO) if outcome in ("advice", "not_this_service") else "",
        completed_at=at, referrer_told_at=at if closing else None,
    )  # fmt: skip
    life.add(assessment, at=at, by=coordinator)
    reason = f"{TriageAssessment.Outcome(outcome).label}: {assessment.outcome_reason}"
    if closing:
        kept = retain_until(life.case, closed_on=day_of(at))
        life.go(Stage.CLOSED, at=at, by=coordinator, reason=reason, retain_until=kept)
    elif outcome == TriageAssessment.Outcome.INTERIM:
        _next_interim_review(life, at=at, by=coordinator)
        worker = coordinator if ground.maybe(0.8) else _who_waits_with(ground)
        life.go(Stage.INTERIM, at=at, by=coordinator, reason=reason, interim_worker=worker)
        life.interim_since = at
    else:
        _next_interim_review(life, at=at, by=coordinator)
        urgent = outcome == TriageAssessment.Outcome.ALLOCATE_NOW
        life.go(Stage.ALLOCATION, at=at, by=coordinator, reason=reason, urgent=urgent)


def wait(life: Life, *, until: dt.datetime) -> None:
    """Check-ins of a person who waits, at the rhythm of their risk, until a moment."""
    ground = life.ground
    by = life.case.interim_worker or ground.cast("coordinator")[0]
    while True:
        due = life.ahead[ReviewPoint.Kind.INTERIM.value].due_on
        at = ground.at_work(_noon(due) - dt.timedelta(days=ground.rng.choice((0, 0, 0, 1, 1, -2))))
        if at >= until or at <= life.at:
            return
        reached = ground.maybe(0.8)
        before = life.case.risk
        screening = None
        if reached:
            life.severity = max(0.02, life.severity - ground.rng.uniform(0, 0.02))
            screening = review(life, kind="screening", at=at, by=by)
            life.reached.append(at)
        _next_interim_review(life, at=at, by=by)
        life.add(
            InterimReview(
                case=life.case, at=at, method=InterimReview.Method.PHONE, reached=reached, screening=screening,
                risk_before=before, risk=life.case.risk, information_pack_sent=ground.maybe(0.3),
                signposted_to="The national helpline" if ground.maybe(0.2) else "",
                note=ground.rng.choice(texts.INTERIM_NOTES) if reached else texts.INTERIM_NOTES[2],
                next_review_on=life.ahead[ReviewPoint.Kind.INTERIM.value].due_on,
            ), at=at, by=by,
        )  # fmt: skip


def send_to_allocation(life: Life, *, at: dt.datetime) -> None:
    """A place may be free: the manager decides next."""
    life.go(Stage.ALLOCATION, at=at, by=life.ground.cast("coordinator")[0], reason="A place may be free")


def allocate(life: Life, *, isva, at: dt.datetime) -> None:
    """The manager gave the case to an ISVA, whose support begins."""
    ground = life.ground
    manager = ground.rng.choice(ground.cast("manager"))
    reason = ground.rng.choice(texts.ALLOCATION_REASONS)
    others = [one for one in ground.cast("isva") if one != isva][:2]
    points = ground.rng.randint(38, 60)
    suggestions = [
        {"isva": str(one.pk), "name": one.name, "points": points - 9 * place, "open": ground.rng.randint(12, 34),
         "weighted": f"{ground.rng.randint(30, 90) / 2:.1f}",
         "reasons": [{"points": points - 9 * place, "text": "room for one more"}]}
        for place, one in enumerate([isva, *others])
    ]  # fmt: skip
    life.add(
        Allocation(
            case=life.case, isva=isva, allocated_at=at, reason=reason,
            ranking={"suggestions": suggestions, "excluded": []}, first_session_due_on=day_of(at) + dt.timedelta(days=7),
        ), at=at, by=manager,
    )  # fmt: skip
    life.go(Stage.ACTIVE, at=at, by=manager, reason=reason, lead_isva=isva, interim_worker=None, urgent=False)
    life.finish_review(ReviewPoint.Kind.INTERIM, at=at, by=manager)
    life.isva, life.isva_since = isva, at


def _who_waits_with(ground: Ground):
    return ground.rng.choice(ground.cast("isva")[:3])


def _next_interim_review(life: Life, *, at, by) -> None:
    days = number_now(life.ground.service, f"interim_days_{life.case.risk}")
    life.set_review(
        ReviewPoint.Kind.INTERIM,
        on=day_of(at) + dt.timedelta(days=days),
        at=at,
        by=by,
        why=f"{life.case.risk} risk",
    )


def _noon(day: dt.date) -> dt.datetime:
    return dt.datetime.combine(day, dt.time(9), tzinfo=dt.UTC)

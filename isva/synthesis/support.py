"""What is recorded while made-up people are supported: contacts, assessments, plans, the justice process, other services."""

from casework.models import (
    Agency,
    Appointment,
    ClientAgreement,
    ComplexityReading,
    Contact,
    JusticeUpdate,
    OnwardReferral,
    PlanAction,
    SafeguardingConcern,
    SasInstrument,
    SasReview,
    SasScore,
    SupportPlan,
)  # fmt: skip
from isva.synthesis.names import NOTES
from isva.synthesis.profiles import Profile
from isva.synthesis.writing import Pen, record, texts

SUPPORTED = "life WHERE allocated_at IS NOT NULL"
_DAY = "(({0}) AT TIME ZONE 'Europe/London')::date"
_PURPOSES = (
    ("support", 45),
    ("practical", 18),
    ("justice", 16),
    ("check_in", 9),
    ("advocacy", 6),
    ("safety", 5),
    ("crisis", 1),
)
_MODES = (("phone", 44), ("in_person", 28), ("text", 14), ("video", 8), ("email", 5), ("meeting", 1))
_ATTENDANCES = (
    ("attended", 80), ("did_not_attend", 11), ("cancelled_client", 6), ("cancelled_service", 2), ("cancelled_other", 1),
)  # fmt: skip
_AGENCIES = (
    "health",
    "mental_health",
    "counselling",
    "housing",
    "money",
    "legal",
    "substances",
    "domestic_abuse",
)


def write_contacts(pen: Pen, profile: Profile, latest: str) -> int:
    """Contacts spread evenly over the support that was given so far, so many a case as the profile says."""
    pen.cursor.execute(
        f"SELECT sum(extract(epoch FROM supported_until - allocated_at) / 86400)::float8 FROM {SUPPORTED}"
    )
    a_day = profile.contacts_per_case * profile.cases / (pen.cursor.fetchone()[0] or 1)
    number = "(life.n * 4096 + k)"
    days = "extract(epoch FROM supported_until - allocated_at)::float8 / 86400"
    source = (
        f"(SELECT life.*, greatest(1, floor({days} * {a_day} + {pen.chance('one more')}))::int AS many FROM {SUPPORTED}) life, "
        "generate_series(1, many) AS k"
    )
    at = (
        f"CASE WHEN k = 1 THEN least(allocated_at + (0.5 + 7 * {pen.chance('first session')}) * interval '1 day', supported_until) "
        f"ELSE allocated_at + ((k - {pen.chance('contact at', number)}) / many)::float8 * (supported_until - allocated_at) END"
    )
    court = f"justice = 'court' AND {pen.chance('at court', number)} < 0.04"
    return pen.insert(
        Contact, source, **record("isva", f"least({at} + interval '1 hour', {latest})"), id=pen.key("contact", number),
        at=at, minutes=f"15 + 15 * floor(5 * {pen.chance('minutes', number)})::int",
        mode=f"CASE WHEN {court} THEN 'court' ELSE {pen.weighted('mode', _MODES, number)} END",
        with_whom=pen.weighted("with", (("client", 86), ("agency", 9), ("supporter", 3), ("safe_parent", 2)), number),
        attendance=pen.weighted("attended", _ATTENDANCES, number),
        purpose=f"CASE WHEN k = 1 THEN 'first_session' ELSE {pen.weighted('purpose', _PURPOSES, number)} END",
        note=pen.pick("note", NOTES, number), plan_answer="'unchanged'",
        risk_answer=f"CASE WHEN closed_at IS NOT NULL AND {pen.chance('answered', number)} < 0.01 THEN '' ELSE 'unchanged' END",
    )  # fmt: skip


def write_justice(pen: Pen, latest: str) -> int:
    """Each step of the justice process of people supported who have reported, as far as it has come."""
    lasts = "(ends_at - begins_at)"
    decides = pen.pick("decided by", ("nfa_police", "nfa_police", "nfa_police", "nfa_cps"))
    source = f"""(
        SELECT life.*, place, step, moved_at FROM life, LATERAL (VALUES
            (1, 'investigation', opened_at),
            (2, 'interviewed', opened_at + (10 + 20 * {pen.chance("interviewed")}) * interval '1 day'),
            (3, CASE WHEN justice = 'court' OR {decides} = 'nfa_cps' THEN 'with_cps' END, begins_at + 0.35 * {lasts}),
            (4, CASE justice WHEN 'nfa' THEN {decides} WHEN 'court' THEN 'charged' WHEN 'withdrew' THEN 'withdrew' END,
                begins_at + CASE justice WHEN 'court' THEN 0.45 ELSE 0.75 END * {lasts}),
            (5, CASE justice WHEN 'court' THEN 'plea_hearing' END, begins_at + 0.55 * {lasts}),
            (6, CASE justice WHEN 'court' THEN {pen.weighted("verdict", (("convicted", 6), ("acquitted", 4)))} END,
                begins_at + 0.88 * {lasts})
        ) AS way (place, step, moved_at)
        WHERE reported AND begins_at IS NOT NULL AND step IS NOT NULL AND moved_at < {latest}) life"""
    return pen.insert(
        JusticeUpdate, source, **record("coalesce(isva, coordinator)", "moved_at"), id=pen.key("justice", "(life.n * 8 + place)"),
        stage="step", since=_DAY.format("moved_at"),
    )  # fmt: skip


def write_assessments(pen: Pen, profile: Profile, instrument: SasInstrument, band: str) -> int:
    """The full assessment of everybody supported and the final review of everybody whose support has ended.

    Scores of open cases, and of so many closed ones as the profile says; ``band`` is SQL for how complex a case is.
    """
    full_at, final_at = "allocated_at + interval '6 hours'", "closed_at - interval '1 day'"
    supported, ended = f"{SUPPORTED} AND {full_at} < supported_until", "life WHERE closed_why IS NOT NULL"
    count = pen.insert(
        SasReview, supported, **record("isva", full_at), id=pen.key("full"), instrument_id=f"{instrument.pk}",
        kind="'full'", reviewed_at=full_at, risk="risk", judgement="'made up'",
    )  # fmt: skip
    count += pen.insert(
        SasReview, ended, **record("isva", final_at), id=pen.key("final"), instrument_id=f"{instrument.pk}",
        kind="'final'", reviewed_at=final_at, risk="risk", judgement="'made up'",
    )  # fmt: skip
    number, domains = "(life.n * 64 + place)", [one["key"] for one in instrument.domains]
    asked = f"unnest({texts(domains)}) WITH ORDINALITY AS asked (domain, place)"
    kept = f"{pen.chance('scored')} < {profile.scored}"
    before = {one: f"floor(4 * {pen.chance(f'points of {one}', number)})::int" for one in ("risk", "need")}
    pen.insert(
        SasScore, f"(SELECT * FROM {supported} AND (closed_at IS NULL OR {kept})) life, {asked}", **record("isva", full_at),
        id=pen.key("score", number), review_id=pen.key("full"), domain="domain", **before,
    )  # fmt: skip
    less = f"CASE WHEN {pen.chance('better', number)} < 0.55 THEN 1 ELSE 0 END"
    pen.insert(
        SasScore, f"(SELECT * FROM {ended} AND {kept}) life, {asked}", **record("isva", final_at),
        id=pen.key("final score", number), review_id=pen.key("final"), domain="domain",
        **{one: f"greatest(0, {sql} - {less})" for one, sql in before.items()},
    )  # fmt: skip
    pen.insert(
        ComplexityReading, SUPPORTED, **record("isva", "allocated_at"), id=pen.key("reading"), at="allocated_at",
        score="score", band=band,
    )  # fmt: skip
    return count


def write_support(pen: Pen, instrument: SasInstrument, latest: str) -> None:
    """Agreements, plans, safeguarding concerns, what other services were asked, and days at court that fell through."""
    agreed_at = f"allocated_at + (1 + 10 * {pen.chance('agreed')}) * interval '1 day'"
    pen.insert(
        ClientAgreement, f"{SUPPORTED} AND {agreed_at} < supported_until AND {pen.chance('agrees')} < 0.9",
        **record("isva", agreed_at), id=pen.key("agreement"), agreed_on=_DAY.format(agreed_at), how="'signed'",
        role_explained="true", confidentiality_explained="true", records_explained="true", complaints_explained="true",
    )  # fmt: skip
    pen.insert(
        SupportPlan, SUPPORTED, **record("isva", "allocated_at"), id=pen.key("plan"), goals="'To feel safe at home.'",
        safety_plan="'Made up.'", contact_every_days="7", reviewed_at="allocated_at",
    )  # fmt: skip
    pen.insert(
        PlanAction, f"{SUPPORTED} AND {agreed_at} < supported_until AND {pen.chance('acts')} < 0.85", **record("isva", agreed_at),
        id=pen.key("action"), what="'made up'", doer="'isva'", due_on=f"{_DAY.format(agreed_at)} + 14", outcome="'done'",
        closed_on=_DAY.format(agreed_at),
    )  # fmt: skip
    _concerns(pen)
    _other_services(pen, instrument, latest)
    at = "(allocated_at + 0.8 * (supported_until - allocated_at))"
    pen.insert(
        Appointment, f"{SUPPORTED} AND justice = 'court' AND {pen.chance('fell through')} < 0.3", **record("isva", f"{at} - interval '9 days'"),
        id=pen.key("appointment"), at=at, mode="'court'", worker_id="isva", cancelled_why="'The trial was moved.'",
        cancelled_at=f"{at} - {pen.chance('fell through late')} * interval '4 days'",
    )  # fmt: skip


def _concerns(pen: Pen) -> None:
    raised = f"(allocated_at + {pen.chance('concern at')} * (supported_until - allocated_at))"
    days = f"CASE WHEN {pen.chance('referred late')} < 0.1 THEN 1 ELSE 0 END"
    pen.insert(
        SafeguardingConcern, f"{SUPPORTED} AND closed_at IS NOT NULL AND {pen.chance('concern')} < 0.08", **record("isva", raised),
        id=pen.key("concern"), who=pen.weighted("at risk", (("client_adult", 4), ("other_child", 4), ("client_child", 2))),
        what="'made up'", raised_at=raised, referred_to="'Social care'", referred_at=f"{raised} + {days} * interval '1 day'",
        manager_told_id="manager", manager_told_at=raised, taken_by_id="manager", taken_at=raised, client_informed="true",
        outcome="'made up'", closed_on=_DAY.format("closed_at"),
    )  # fmt: skip


def _other_services(pen: Pen, instrument: SasInstrument, latest: str) -> None:
    pen.insert(
        Agency, f"place, unnest({texts(_AGENCIES)}) WITH ORDINALITY AS known (kind, number)",
        id=pen.key("agency", "(place.s * 64 + number)"), service_id="place.service_id", kind="known.kind",
        name="'Made-up agency ' || number",
    )  # fmt: skip
    number = "(life.n * 4 + k)"
    sent = f"(allocated_at + (0.1 + 0.6 * {pen.chance('sent', number)}) * (supported_until - allocated_at))"
    source = f"(SELECT life.*, k FROM {SUPPORTED.replace('life', 'life, generate_series(0, 1) AS k', 1)} AND {pen.chance('needs', number)} < 0.4) life"
    unmet = f"{pen.chance('unmet', number)} < 0.1"
    answered = f"{_DAY.format(sent)} + 3 + floor(40 * {pen.chance('answer', number)})::int"
    is_answered = f"NOT {unmet} AND {answered} < {_DAY.format(latest)}"
    agency = f"(life.s * 64 + 1 + floor({len(_AGENCIES)} * {pen.chance('agency', number)})::int)"
    pen.insert(
        OnwardReferral, source, **record("isva", sent), id=pen.key("onward", number), need="'made up'",
        domain=pen.pick("need of", [one["key"] for one in instrument.domains], number),
        agency_id=f"CASE WHEN NOT {unmet} THEN {pen.key('agency', agency)} END", consented="true",
        sent_on=f"CASE WHEN NOT {unmet} THEN {_DAY.format(sent)} END",
        answer=f"CASE WHEN {unmet} THEN 'no_service' WHEN {is_answered} THEN "
        f"{pen.weighted('taken', (('accepted', 8), ('declined', 2)), number)} ELSE 'waiting' END",
        answered_on=f"CASE WHEN {is_answered} THEN {answered} END",
    )  # fmt: skip

"""Everything that is recorded about the made-up cases, table by table, from the course of each (``life``)."""

import datetime as dt

from django.apps import apps

from casework.models import (
    Case,
    CaseUserObjectPermission,
    Client,
    Closure,
    ComplexityReading,
    Conflict,
    Contact,
    Grant,
    ReviewPoint,
    SafeContact,
    SasInstrument,
    SasReview,
    SasScore,
    StageEntry,
    SupportPlan,
)  # fmt: skip
from isva.codes import COMPLEXITY_WEIGHTS, JusticeStage, ReferralSource, ViolenceType
from isva.db.records import CaseRecord, ClientRecord
from isva.synthesis.lives import LEAST_DAYS, MORE_DAYS
from isva.synthesis.names import NOTES
from isva.synthesis.profiles import Profile
from isva.synthesis.writing import Pen, texts
from referrals.models import Referral
from triage.models import Allocation, ContactAttempt, TriageAssessment

#: Of all contacts, how many have their history row written too: it is there to weigh, not to be read.
CONTACTS_WITH_HISTORY = 0.1
#: Cases that come to be supported, about; and the days they have been on average.
_SUPPORTED, _AVERAGE_DAYS = 0.62, LEAST_DAYS + MORE_DAYS * 0.4
BAND = (
    "CASE WHEN life.score >= {higher_from} THEN 'higher' WHEN life.score >= {medium_from} THEN 'medium' ELSE 'lower' END"
).format(**COMPLEXITY_WEIGHTS)
SUPPORTED = "life WHERE allocated_at IS NOT NULL"


def tables() -> list[str]:
    """The tables that are filled by the hundred thousand, histories included."""
    models = [
        model
        for model in apps.get_models()
        if model in (Case, Client) or issubclass(model, (CaseRecord, ClientRecord))
    ]
    found = {model._meta.db_table for model in models}
    found |= {model.history.model._meta.db_table for model in models if hasattr(model, "history")}
    return sorted(found | {CaseUserObjectPermission._meta.db_table, "casework_searchtoken"})


def write_records(
    pen: Pen, profile: Profile, instrument: SasInstrument, *, until: dt.datetime
) -> dict[str, int]:
    """Write all of it, assessed with ``instrument``; returns how many rows of each table.

    Reads nothing but through the pen: while keys are taken off, every other connection waits for them.
    """
    latest = f"timestamptz '{until.isoformat()}'"
    rows = {
        "clients": _clients(pen),
        "contacts": _contacts(pen, profile, latest),
        "cases": _cases(pen, latest),
        "stage entries": _stages(pen),
    }
    _referrals(pen)
    _triage(pen, instrument)
    rows["reviews"] = _reviews(pen, instrument)
    _sight(pen)
    _endings(pen)
    pen.remember(
        Client, at="life.opened_at", by="life.intake", source="JOIN life ON life.client_id = made.id"
    )
    pen.remember(Case, at="life.opened_at", by="life.intake", source="JOIN life ON life.case_id = made.id")
    pen.remember(Contact, at="made.recorded_at", by="made.recorded_by_id", share=CONTACTS_WITH_HISTORY)
    return rows


def _record(by: str, at: str, **values: str) -> dict[str, str]:
    """The columns that every case record has."""
    return {
        "case_id": "life.case_id",
        "service_id": "life.service_id",
        "recorded_by_id": by,
        "recorded_at": at,
    } | values


def _clients(pen: Pen) -> int:
    count = pen.insert(
        Client, "life", id="client_id", service_id="service_id", name="name", known_as="known_as",
        date_of_birth=f"(life.opened_at - (13 + 50 * power({pen.chance('born')}, 2)) * interval '365 days')::date",
    )  # fmt: skip
    pen.insert(
        SafeContact, "life", id=pen.key("phone"), service_id="service_id", client_id="client_id", kind="'phone'",
        value="'07700 900' || lpad(mod(n, 1000)::text, 3, '0')", safe_to_call="true",
        safe_to_text=f"{pen.chance('text')} < 0.6", standing="'in_use'", recorded_by_id="intake", recorded_at="opened_at",
    )  # fmt: skip
    return count


def _contacts(pen: Pen, profile: Profile, latest: str) -> int:
    """Contacts spread evenly over the support that was given so far."""
    a_day = profile.contacts_per_case / _SUPPORTED / _AVERAGE_DAYS
    number = "(life.n * 4096 + k)"
    at = f"(allocated_at + ((k - {pen.chance('contact at', number)}) / many)::float8 * (supported_until - allocated_at))"
    supported = "extract(epoch FROM supported_until - allocated_at) / 86400"
    source = (
        f"(SELECT life.*, greatest(1, ceil({supported} * {a_day}))::int AS many FROM {SUPPORTED}) life, "
        "generate_series(1, many) AS k"
    )
    attended = pen.chance("attended", number)
    return pen.insert(
        Contact, source, **_record("isva", f"least({at} + interval '1 hour', {latest})"), id=pen.key("contact", number),
        at=at, minutes=f"15 + 15 * floor(5 * {pen.chance('minutes', number)})::int",
        mode=pen.pick("mode", ("phone", "phone", "in_person", "video", "text"), number), with_whom="'client'",
        attendance=f"CASE WHEN {attended} < 0.8 THEN 'attended' WHEN {attended} < 0.93 THEN 'did_not_attend' "
        "ELSE 'cancelled_client' END",
        purpose="CASE WHEN k = 1 THEN 'first_session' ELSE " + pen.pick("purpose", ("support", "practical", "justice"), number) + " END",
        note=pen.pick("note", NOTES, number), plan_answer="'unchanged'", risk_answer="'unchanged'",
    )  # fmt: skip


def _cases(pen: Pen, latest: str) -> int:
    last = (
        "(SELECT case_id, max(at) AS at FROM casework_contact WHERE attendance = 'attended' AND with_whom = 'client' "
        "GROUP BY case_id)"
    )
    return pen.insert(
        Case, f"life LEFT JOIN {last} reached USING (case_id)", id="case_id", service_id="life.service_id",
        client_id="client_id", reference="reference", stage="stage", stage_since="stage_since", opened_at="opened_at",
        lead_isva_id="CASE WHEN allocated_at IS NOT NULL THEN isva END", urgent="urgent",
        justice_stage=pen.pick("justice", _justice(), even=False), risk="risk",
        complexity=f"CASE WHEN allocated_at IS NULL THEN 'lower' ELSE {BAND} END",
        complexity_score="CASE WHEN allocated_at IS NULL THEN 0 ELSE score END", first_contact_at="triaged_at",
        last_contact_at="coalesce(reached.at, triaged_at)", next_review_on=_due_on(pen, latest),
    )  # fmt: skip


def _justice() -> list[str]:
    return [one.value for one in JusticeStage if one not in (JusticeStage.TRIAL, JusticeStage.AWAITING_TRIAL)]


def _due_on(pen: Pen, latest: str) -> str:
    """The day of the next review: most of them ahead, some late; none where nobody waits or is carried."""
    days = f"floor(50 * {pen.chance('review')})::int - 6"
    return (
        "CASE WHEN stage IN ('interim', 'allocation', 'active', 'stepped_down') "
        f"THEN ({latest} AT TIME ZONE 'Europe/London')::date + {days} END"
    )


def _stages(pen: Pen) -> int:
    """One row a stay; together they tile the time of a case."""
    stays = """(
        SELECT life.*, stay, entered_at, lead(entered_at) OVER (PARTITION BY life.n ORDER BY place) AS left_at, place
        FROM life, LATERAL (VALUES (1, 'referral', opened_at), (2, 'triage', triage_at),
            (3, 'interim', CASE WHEN NOT turned_away AND NOT urgent THEN triaged_at END), (4, 'allocation', sent_at),
            (5, 'active', allocated_at), (6, 'stepped_down', paused_at), (7, 'closed', closed_at)
        ) AS way (place, stay, entered_at) WHERE entered_at IS NOT NULL) life"""
    by = "CASE WHEN stay = 'referral' THEN intake WHEN stay IN ('active', 'closed') THEN manager ELSE coordinator END"
    return pen.insert(
        StageEntry, stays, **_record(by, "entered_at"), id=pen.key("stay", "(life.n * 8 + place)"), stage="stay",
        entered_at="entered_at", left_at="left_at", reason="'made up'",
    )  # fmt: skip


def _referrals(pen: Pen) -> None:
    pen.insert(
        Referral, "life", **_record("intake", "opened_at"), id=pen.key("referral"),
        route=f"CASE WHEN {pen.chance('route')} < 0.3 THEN 'self' ELSE 'professional' END",
        source=f"CASE WHEN {pen.chance('route')} < 0.3 THEN 'self' ELSE "
        + pen.pick("source", [one.value for one in ReferralSource][1:8]) + " END",
        received_at="opened_at", violence_type=pen.pick("type", [one.value for one in ViolenceType][:6]),
        consents="'yes'", acknowledged_at="opened_at + interval '1 minute'",
    )  # fmt: skip


def _triage(pen: Pen, instrument: SasInstrument) -> None:
    triaged = "life WHERE triaged_at IS NOT NULL"
    pen.insert(
        ContactAttempt, triaged, **_record("coordinator", "triaged_at"), id=pen.key("attempt"), at="triaged_at",
        method="'phone'", outcome="'told'",
    )  # fmt: skip
    pen.insert(
        SasReview, triaged, **_record("coordinator", "triaged_at"), id=pen.key("screening"), instrument_id=f"{instrument.pk}",
        kind="'screening'", reviewed_at="triaged_at", risk="risk",
    )  # fmt: skip
    pen.insert(
        TriageAssessment, triaged, **_record("coordinator", "triaged_at"), id=pen.key("triage"),
        screening_id=pen.key("screening"), completed_at="triaged_at", outcome_reason="'made up'",
        outcome="CASE WHEN turned_away THEN 'advice' WHEN urgent THEN 'allocate_now' ELSE 'interim' END",
    )  # fmt: skip


def _reviews(pen: Pen, instrument: SasInstrument) -> int:
    """The full assessment of everybody supported, the reviews that lie ahead, and what they rest on."""
    full_at = "allocated_at + interval '6 hours'"
    supported = f"{SUPPORTED} AND {full_at} < supported_until"
    count = pen.insert(
        SasReview, supported, **_record("isva", full_at), id=pen.key("full"), instrument_id=f"{instrument.pk}",
        kind="'full'", reviewed_at=full_at, risk="risk", judgement="'made up'",
    )  # fmt: skip
    # Scores of open cases only: those of closed ones are read one at a time, if ever, and would be half of all rows.
    number, domains = "(life.n * 64 + place)", [one["key"] for one in instrument.domains]
    scored = f"{supported} AND closed_at IS NULL"
    pen.insert(
        SasScore, f"(SELECT * FROM {scored}) life, unnest({texts(domains)}) WITH ORDINALITY AS asked (domain, place)",
        **_record("isva", full_at), id=pen.key("score", number), review_id=pen.key("full"), domain="domain",
        risk=f"floor(4 * {pen.chance('points of risk', number)})::int", need=f"floor(4 * {pen.chance('need', number)})::int",
    )  # fmt: skip
    pen.insert(
        ComplexityReading, SUPPORTED, **_record("isva", "allocated_at"), id=pen.key("reading"), at="allocated_at",
        score="score", band=BAND,
    )  # fmt: skip
    pen.insert(
        ReviewPoint, "life JOIN casework_case ON casework_case.id = life.case_id WHERE casework_case.next_review_on IS NOT NULL",
        **_record("coordinator", "life.stage_since"), id=pen.key("point"), due_on="casework_case.next_review_on",
        kind="CASE life.stage WHEN 'active' THEN 'sas' WHEN 'stepped_down' THEN 'step_down' ELSE 'interim' END",
    )  # fmt: skip
    pen.insert(
        SupportPlan, SUPPORTED, **_record("isva", "allocated_at"), id=pen.key("plan"), goals="'To feel safe at home.'",
        safety_plan="'Made up.'", contact_every_days="7", reviewed_at="allocated_at",
    )  # fmt: skip
    return count


def _sight(pen: Pen) -> None:
    """Allocations, the grants that follow from them, guardian's rows for those that live, and some conflicts."""
    ended = "CASE WHEN closed_at IS NOT NULL THEN 'the case was closed' ELSE '' END"
    pen.insert(
        Allocation, SUPPORTED, **_record("manager", "allocated_at"), id=pen.key("allocation"), isva_id="isva",
        allocated_at="allocated_at", ended_at="closed_at", end_reason=ended,
    )  # fmt: skip
    pen.insert(
        Grant, SUPPORTED, **_record("manager", "allocated_at"), id=pen.key("grant"), user_id="isva", why="'allocation'",
        reason="'allocated'", starts_at="allocated_at", ended_at="closed_at", end_reason=ended,
    )  # fmt: skip
    pen.insert(
        CaseUserObjectPermission,
        f"(SELECT * FROM {SUPPORTED} AND closed_at IS NULL) life, auth_permission permission "
        "JOIN django_content_type kind ON kind.id = permission.content_type_id "
        "WHERE kind.app_label = 'casework' AND kind.model = 'case' AND permission.codename IN ('view_case', 'change_case')",
        user_id="isva", content_object_id="case_id", permission_id="permission.id",
    )  # fmt: skip
    for part, one_in in (("manager", 1501), ("coordinator", 997), ("isva", 397)):
        # Somebody who is not at work on the case: the next of their kind.
        pen.insert(
            Conflict, f"life JOIN staff ON staff.s = life.s AND staff.part = '{part}' AND staff.k = 0 "
            f"WHERE mod(life.n, {one_in}) = {one_in // 2} AND staff.user_id NOT IN (life.isva, life.manager, life.coordinator)",
            id=pen.key(f"conflict of {part}"), service_id="life.service_id", client_id="client_id", user_id="staff.user_id",
            reason="'A neighbour.'", recorded_by_id="life.coordinator", recorded_at="opened_at",
        )  # fmt: skip


def _endings(pen: Pen) -> None:
    pen.insert(
        Closure, f"{SUPPORTED} AND closed_at IS NOT NULL", **_record("isva", "closed_at - interval '1 day'"),
        id=pen.key("closure"), sas_review_id=pen.key("full"), decision="'approved'", decided_by_id="manager",
        decided_at="closed_at", reason="'work_done'", what_changed="'made up'", return_explained="true",
    )  # fmt: skip

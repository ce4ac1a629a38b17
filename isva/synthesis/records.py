"""The spine of the made-up cases from the course of each (``life``): the case, its stays, and who sees it."""

import datetime as dt

from django.apps import apps

from casework.models import (
    Case,
    CaseUserObjectPermission,
    Client,
    Conflict,
    Contact,
    Grant,
    SasInstrument,
    StageEntry,
)  # fmt: skip
from isva.codes import COMPLEXITY_WEIGHTS
from isva.db.records import CaseRecord, ClientRecord
from isva.synthesis import beginnings, endings, support, waiting, workforce
from isva.synthesis.profiles import Profile
from isva.synthesis.writing import Pen, record
from triage.models import Allocation

#: Of all contacts, how many have their history row written too: it is there to weigh, not to be read.
CONTACTS_WITH_HISTORY = 0.1
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
    rows = {"clients": beginnings.write_clients(pen)}
    rows["contacts"] = support.write_contacts(pen, profile, latest)
    rows["justice updates"] = support.write_justice(pen, latest)
    rows["check-ins"] = waiting.write_check_ins(pen, latest)
    rows["cases"] = _cases(pen, latest)
    rows["stage entries"] = _stages(pen)
    beginnings.write_beginnings(pen, instrument)
    waiting.write_reviews_ahead(pen)
    rows["assessments"] = support.write_assessments(pen, profile, instrument, BAND)
    support.write_support(pen, instrument, latest)
    _sight(pen)
    endings.write_closures(pen)
    workforce.write_workforce(pen, profile, until)
    pen.remember(
        Client, at="life.opened_at", by="life.intake", source="JOIN life ON life.client_id = made.id"
    )
    pen.remember(Case, at="life.opened_at", by="life.intake", source="JOIN life ON life.case_id = made.id")
    pen.remember(
        Contact, at="made.recorded_at", by="made.recorded_by_id", source="JOIN life ON life.case_id = made.case_id",
        share=CONTACTS_WITH_HISTORY,
    )  # fmt: skip
    return rows


def _cases(pen: Pen, latest: str) -> int:
    met = (
        "(SELECT case_id, max(at) AS at FROM casework_contact WHERE attendance = 'attended' "
        "AND with_whom IN ('client', 'safe_parent') GROUP BY case_id)"
    )
    checked = "(SELECT case_id, max(at) AS at FROM triage_interimreview WHERE reached GROUP BY case_id)"
    stood = "(SELECT DISTINCT ON (case_id) case_id, stage FROM casework_justiceupdate ORDER BY case_id, since DESC, recorded_at DESC)"
    source = (
        f"life LEFT JOIN {met} met USING (case_id) LEFT JOIN {checked} checked USING (case_id) "
        f"LEFT JOIN {stood} stood USING (case_id)"
    )
    first = "CASE WHEN outcome <> 'unable' THEN told_at END"
    return pen.insert(
        Case, source, id="case_id", service_id="life.service_id", client_id="client_id", reference="reference",
        stage="life.stage", stage_since="stage_since", opened_at="opened_at",
        lead_isva_id="CASE WHEN allocated_at IS NOT NULL THEN isva END", urgent="urgent",
        justice_stage=f"coalesce(stood.stage, {beginnings.justice_at_first(pen)})", risk="risk",
        complexity=f"CASE WHEN allocated_at IS NULL THEN 'lower' ELSE {BAND} END",
        complexity_score="CASE WHEN allocated_at IS NULL THEN 0 ELSE score END", first_contact_at=first,
        last_contact_at=f"greatest(met.at, checked.at, {first})", next_review_on=_due_on(pen, latest),
    )  # fmt: skip


def _due_on(pen: Pen, latest: str) -> str:
    """The day of the next review: most of them ahead, some late; none where nobody waits or is carried."""
    days = f"floor(50 * {pen.chance('review')})::int - 6"
    return (
        "CASE WHEN life.stage IN ('interim', 'allocation', 'active', 'stepped_down') "
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
        StageEntry, stays, **record(by, "entered_at"), id=pen.key("stay", "(life.n * 8 + place)"), stage="stay",
        entered_at="entered_at", left_at="left_at", reason="'made up'",
    )  # fmt: skip


def _sight(pen: Pen) -> None:
    """Allocations, the grants that follow from them, guardian's rows for those that live, and some conflicts."""
    ended = "CASE WHEN closed_at IS NOT NULL THEN 'the case was closed' ELSE '' END"
    pen.insert(
        Allocation, SUPPORTED, **record("manager", "allocated_at"), id=pen.key("allocation"), isva_id="isva",
        allocated_at="allocated_at", ended_at="closed_at", end_reason=ended,
        override_reason=f"CASE WHEN {pen.chance('against advice')} < 0.1 THEN 'made up' ELSE '' END",
        first_session_due_on="(allocated_at AT TIME ZONE 'Europe/London')::date + 7",
    )  # fmt: skip
    pen.insert(
        Grant, SUPPORTED, **record("manager", "allocated_at"), id=pen.key("grant"), user_id="isva", why="'allocation'",
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

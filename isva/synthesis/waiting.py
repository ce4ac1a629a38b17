"""What is recorded while made-up people wait: check-ins, the reviews that they were due for, and what became urgent."""

from casework.models import ReviewPoint
from isva.synthesis.writing import Pen, record
from triage.models import InterimReview, UrgentAllocation

#: Days between check-ins, by risk; of ten, how many are done on their day, and of all, how many reach the person.
_EVERY = "CASE risk WHEN 'high' THEN 14 ELSE 28 END"
ON_TIME, REACHED = 0.85, 0.8
#: People who wait and become urgent.
ESCALATED = 0.03


def write_check_ins(pen: Pen, latest: str) -> int:
    """The check-ins of everybody who waits or waited, each with the review it was due for; returns how many."""
    number = "(life.n * 64 + k)"
    ends = f"coalesce(sent_at, {latest})"
    waited = f"extract(epoch FROM {ends} - triaged_at) / 86400"
    late = f"{pen.chance('late', number)} >= {ON_TIME}"
    # The latest that one is done is three days after it is due: so it is over before the wait is.
    source = f"""(
        SELECT life.*, k, triaged_at + k * every * interval '1 day' AS due_at,
            triaged_at + (k * every + CASE WHEN {late} THEN 1.5 ELSE -0.5 END) * interval '1 day' AS at
        FROM (SELECT life.*, {_EVERY} AS every FROM life WHERE NOT turned_away AND NOT urgent AND triaged_at IS NOT NULL) life,
            generate_series(1, floor(({waited} - 3) / every)::int) AS k) life"""
    count = pen.insert(
        InterimReview, source, **record("coordinator", "life.at"), id=pen.key("check-in", number), at="life.at",
        method=pen.weighted("check-in", (("phone", 7), ("text", 2), ("email", 1)), number),
        reached=f"{pen.chance('reached', number)} < {REACHED}", risk_before="risk", risk="risk",
        next_review_on="(due_at AT TIME ZONE 'Europe/London')::date + every",
    )  # fmt: skip
    pen.insert(
        ReviewPoint, source, **record("coordinator", "triaged_at"), id=pen.key("reviewed", number), kind="'interim'",
        due_on="(due_at AT TIME ZONE 'Europe/London')::date", done_on="(life.at AT TIME ZONE 'Europe/London')::date",
    )  # fmt: skip
    return count


def write_reviews_ahead(pen: Pen) -> None:
    """The review that lies ahead of everybody who waits or is carried, and the waits that became urgent."""
    pen.insert(
        ReviewPoint, "life JOIN casework_case ON casework_case.id = life.case_id WHERE casework_case.next_review_on IS NOT NULL",
        **record("coordinator", "life.stage_since"), id=pen.key("point"), due_on="casework_case.next_review_on",
        kind="CASE life.stage WHEN 'active' THEN 'sas' WHEN 'stepped_down' THEN 'step_down' ELSE 'interim' END",
    )  # fmt: skip
    raised = "(sent_at - (sent_at - triaged_at) / 10)"
    escalated = (
        f"life WHERE allocated_at IS NOT NULL AND NOT urgent AND {pen.chance('escalated')} < {ESCALATED}"
    )
    pen.insert(
        UrgentAllocation, escalated, **record("coordinator", raised), id=pen.key("urgent"), manager_id="manager",
        reason="'made up'", raised_at=raised, acknowledged_by_id="manager", acknowledged_at=raised, done_at="allocated_at",
    )  # fmt: skip

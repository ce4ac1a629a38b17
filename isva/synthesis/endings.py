"""How made-up support ends: signed off by a manager, for the reason that the life says."""

from casework.models import Closure
from isva.synthesis.writing import Pen, record


def write_closures(pen: Pen) -> None:
    """The closure of every case whose support has ended."""
    pen.insert(
        Closure, "life WHERE closed_why IS NOT NULL", **record("isva", "closed_at - interval '1 day'"),
        id=pen.key("closure"), sas_review_id=pen.key("final"), decision="'approved'", decided_by_id="manager",
        decided_at="closed_at", reason="closed_why", what_changed="'made up'",
        onward_support=f"CASE WHEN {pen.chance('support from now on')} < 0.4 THEN 'A group.' ELSE '' END",
        return_explained=f"{pen.chance('told how to come back')} < 0.85",
        feedback_invited=f"{pen.chance('feedback')} < 0.6",
    )  # fmt: skip

"""The pathway of a case: seven places it can be, and every way from one to the next.

This is the whole map, in plain Python, so that a manager can read it. Nothing in the product moves a
case except along this map (report, "ISVA service support pathway"; Annex A).
"""

from enum import StrEnum

from isva.refusal import Refusal


class Stage(StrEnum):
    """Where a case is. A case is in exactly one stage at any moment."""

    REFERRAL = "referral"  # received, not yet looked at by triage
    TRIAGE = "triage"  # being assessed: risk, need, urgency, suitability
    INTERIM = "interim"  # waiting, with check-ins and a review point
    ALLOCATION = "allocation"  # waiting for the manager's decision
    ACTIVE = "active"  # supported by an ISVA
    STEPPED_DOWN = "stepped_down"  # paused, still open, one click from active
    CLOSED = "closed"


ONWARD: dict[Stage, frozenset[Stage]] = {
    Stage.REFERRAL: frozenset({Stage.TRIAGE, Stage.CLOSED}),
    Stage.TRIAGE: frozenset({Stage.INTERIM, Stage.ALLOCATION, Stage.CLOSED}),
    Stage.INTERIM: frozenset({Stage.ALLOCATION, Stage.CLOSED}),
    Stage.ALLOCATION: frozenset({Stage.ACTIVE, Stage.INTERIM, Stage.CLOSED}),
    Stage.ACTIVE: frozenset({Stage.STEPPED_DOWN, Stage.ALLOCATION, Stage.CLOSED}),
    Stage.STEPPED_DOWN: frozenset({Stage.ACTIVE, Stage.CLOSED}),
    Stage.CLOSED: frozenset({Stage.TRIAGE}),  # reopened within the service's window
}

#: Stages in which a coordinator works with the record.
INTAKE_STAGES = frozenset({Stage.REFERRAL, Stage.TRIAGE, Stage.INTERIM, Stage.ALLOCATION, Stage.STEPPED_DOWN})
#: Stages in which a person waits for an ISVA.
WAITING_STAGES = frozenset({Stage.INTERIM, Stage.ALLOCATION})
#: Stages in which an ISVA carries the case.
CARRIED_STAGES = frozenset({Stage.ACTIVE, Stage.STEPPED_DOWN})
#: Stages that may not be without a review date.
REVIEWED_STAGES = frozenset({Stage.INTERIM, Stage.ALLOCATION, Stage.STEPPED_DOWN})
OPEN_STAGES = frozenset(Stage) - {Stage.CLOSED}


class WrongStage(Refusal):
    """A move that the map does not have, or an act that belongs to another stage. Its text says why."""


def may_move(*, here: Stage | str, to: Stage | str) -> bool:
    """Whether the map has a way from ``here`` to ``to``."""
    return Stage(to) in ONWARD[Stage(here)]

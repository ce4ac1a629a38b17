"""Every measure of the service, each defined once: what it counts, of whom, by which query, and who asks for it."""

from reporting.measures import (
    access,
    allocation,
    caseload,
    closures,
    demand,
    justice,
    need,
    onward,
    outcomes,
    support,
    triaging,
    waiting,
    workforce,
)
from reporting.measures.dimensions import DIMENSIONS, EQUALITY
from reporting.measures.kinds import Dimension, Keyed, Measure, MoreIs, Section, Source

__all__ = ["DIMENSIONS", "EQUALITY", "MEASURES", "Dimension", "Keyed", "Measure", "MoreIs", "Section", "Source",
           "dimension_of", "measure_named"]  # fmt: skip

#: By key, in the order of a report.
MEASURES: dict[str, Measure] = {
    measure.key: measure
    for part in (demand, access, triaging, waiting, allocation, caseload, support, need, onward, justice, closures,
                 outcomes, workforce)
    for measure in part.MEASURES
}  # fmt: skip


def measure_named(key: str) -> Measure | None:
    """The measure with this key; None where there is none."""
    return MEASURES.get(key)


def dimension_of(measure: Measure, key: str) -> Dimension | None:
    """A breakdown that a measure has, its own ones first; None where it has none of this key."""
    for one in measure.own:
        if one.key == key:
            return one
    return DIMENSIONS.get(key) if key in measure.by else None

"""Brings cases to where an ending can be proposed, the way the service does it."""

from casework.sas.instruments import instrument_in_use
from casework.sas.recording import record_sas
from casework.stages.closure import Ending, propose_closure
from isva.pathway import Stage
from tests.factories import make_case


def scores(risk=1, need=1, protective=2):
    """The same score in every domain."""
    return {
        domain["key"]: {"risk": risk, "need": need, "protective": protective, "note": ""}
        for domain in instrument_in_use().domains
    }


def supported(people, rowan, *, stage=Stage.ACTIVE, **fields):
    """A case that Iris carries."""
    return make_case(rowan, by=people["manager"], stage=stage, isva=people["isva"], **fields)


def review(case, by, kind="review", risk="standard", **score):
    """A review of a case."""
    return record_sas(case, kind=kind, risk=risk, scores=scores(**score), judgement="steady", by=by)


ENDING = Ending(reason="work_done", what_changed="She sleeps again.", return_explained=True)


def closure_proposed(case, by, ending=ENDING):
    """A final review, and a closure proposed on it."""
    review(case, by, kind="final")
    return propose_closure(case, ending, by=by)

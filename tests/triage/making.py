"""What the tests of triage and the waiting list make again and again."""

import datetime as dt

from casework.models import Case
from isva.clock.moment import LONDON, at, now
from isva.codes import Risk
from triage.stages.attempts import record_attempt
from triage.stages.interim import check_in
from triage.stages.screening import Concern, Screening

#: A Wednesday morning on which most of these tests play.
WEDNESDAY = dt.datetime(2027, 3, 3, 10, 0, tzinfo=LONDON)


def screening(risk: str = Risk.STANDARD, need: int = 1) -> Screening:
    """A screening of one domain, with this overall risk."""
    return Screening(risk=risk, scores={"safety": {"risk": 1, "need": need, "protective": 1, "note": ""}})


def concern() -> Concern:
    """A safeguarding concern about another child, referred."""
    return Concern(
        who=("other_child",), what="A younger sister at the same address.", referred_to="Children’s services",
        referred_at=WEDNESDAY,
    )  # fmt: skip


def tried_enough(case: Case, *, by) -> None:
    """Three attempts in vain, two methods, three different times; the last one is now."""
    for days_ago, method in ((2, "phone"), (1, "text"), (0, "phone")):
        moment = WEDNESDAY - dt.timedelta(days=days_ago)
        with at(moment):
            record_attempt(
                case, at=moment, method=method, outcome="no_answer", contact=phone_of(case), by=by,
                against_rule="Asked for by the client on the phone.",
            )  # fmt: skip


def phone_of(case: Case):
    """The client's safe number."""
    return case.client.safecontact_set.get(kind="phone")


def reached(case: Case, *, by, risk: str = Risk.STANDARD, **answers):
    """A check-in by phone, now, with a re-screening."""
    return check_in(case, at=now(), method="phone", reached=True, screening=screening(risk), by=by, **answers)

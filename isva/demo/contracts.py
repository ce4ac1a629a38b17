"""The contracts of the fictional services: one commissioner each, what was agreed, and what is asked of which measure."""

import datetime as dt
from decimal import Decimal

from casework.models import Closure
from isva.access.roles import Role
from isva.demo.stage import Ground, day_of
from reporting import contracts, local, population
from reporting.contracts import Terms
from reporting.models.contract import usual_planned
from reporting.periods import Quarter

#: What a commissioner asks beside the usual report, in its own words: measure, breakdown, wording, bound, value.
LOCAL = (
    ("supported", "age", "People helped, by age", "", None),
    ("planned_closures", "", "Support that came to an agreed end", "at_least", Decimal(50)),
)
QUESTION = "What did the service do this quarter to reach people who seldom come forward?"
#: What each contract asks: measure, bound, value.
TARGETS = (
    ("contact_within_standard", "at_least", "95"),
    ("contact_within_target", "at_least", "80"),
    ("planned_closures", "at_least", "50"),
    ("days_to_support", "at_most", "56"),
)


#: Made-up shares of the made-up county, in percent.
LIVE_HERE = {
    "sex": {"female": "51.1", "male": "48.9"},
    "age": {"0": "14.3", "13": "5.8", "18": "8.2", "25": "12.9", "35": "13.0", "45": "13.2", "55": "13.1", "65": "19.5"},
    "disability": {"limited_a_lot": "7.6", "limited_a_little": "10.4", "not_limited": "6.9", "none": "75.1"},
    "ethnicity": {
        "w1": "79.4", "w2": "0.8", "w3": "0.2", "w5": "0.2", "w9": "5.3", "m1": "0.9", "m2": "0.4", "m3": "0.7", "m9": "0.7", "a1": "2.6",
        "a2": "2.9", "a3": "0.8", "a4": "0.5", "a9": "1.1", "b1": "0.7", "b2": "1.4", "b9": "0.3", "o2": "0.3", "o9": "0.8",
    },
}  # fmt: skip


def give(ground: Ground) -> None:
    """Make the contracts of a service and their targets, by its manager."""
    manager = ground.cast(Role.MANAGER)[0]
    since = Quarter.of(day_of(ground.now)).before(6).period.first_day
    _say_who_lives_here(ground, manager)
    readers = list(contracts.commissioners_of(ground.service))
    for terms in _terms(ground.key, since):
        contract = contracts.make_contract(ground.service, terms, readers=readers, by=manager)
        for measure, bound, value in TARGETS:
            contracts.set_target(contract, measure=measure, bound=bound, value=Decimal(value), by=manager)
        if not contract.area:
            _ask_locally(contract, manager)


def _say_who_lives_here(ground: Ground, manager) -> None:
    if ground.key != "rowan":
        return  # the smaller service has not come to it yet
    for characteristic, shares in LIVE_HERE.items():
        population.give_population(
            ground.service, area="", characteristic=characteristic, shares={key: Decimal(value) for key, value in shares.items()},
            source="Fictional census of Rowanshire", year=2021, by=manager,
        )  # fmt: skip


def _ask_locally(contract, manager) -> None:
    for measure, rows, wording, bound, value in LOCAL:
        local.add_measure(
            contract, measure=measure, rows=rows, wording=wording, bound=bound, value=value, by=manager
        )
    local.add_question(contract, question=QUESTION, by=manager)


def _terms(key: str, since: dt.date) -> list[Terms]:
    if key == "rowan":
        return [
            Terms(commissioner="Rowanshire Police and Crime Commissioner", name="ISVA service, whole county", starts_on=since),
            # This council also counts as planned what ends because somebody moved away.
            Terms(
                commissioner="Eastmere Council", name="ISVA support in Eastmere", area="Eastmere", starts_on=since,
                planned_reasons=[*usual_planned(), Closure.Reason.MOVED.value],
            ),
        ]  # fmt: skip
    return [Terms(commissioner="Harbour Integrated Care Board", name="Adult ISVA service", starts_on=since)]

"""The contracts of the fictional services: one commissioner each, what was agreed, and what is asked of which measure."""

import datetime as dt
from decimal import Decimal

from casework.models import Closure
from isva.access.roles import Role
from isva.demo.stage import Ground, day_of
from reporting import contracts, local
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


def give(ground: Ground) -> None:
    """Make the contracts of a service and their targets, by its manager."""
    manager = ground.cast(Role.MANAGER)[0]
    since = Quarter.of(day_of(ground.now)).before(6).period.first_day
    readers = list(contracts.commissioners_of(ground.service))
    for terms in _terms(ground.key, since):
        contract = contracts.make_contract(ground.service, terms, readers=readers, by=manager)
        for measure, bound, value in TARGETS:
            contracts.set_target(contract, measure=measure, bound=bound, value=Decimal(value), by=manager)
        if not contract.area:
            _ask_locally(contract, manager)


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

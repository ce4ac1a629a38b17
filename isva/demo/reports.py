"""Quarterly reports of the fictional services: two that are out, and one that is being written."""

import datetime as dt

from isva.access.acting import act
from isva.access.roles import Role
from isva.clock.moment import LONDON
from isva.clock.moment import at as at_moment
from isva.clock.working_days import add_working_days
from isva.demo.stage import Ground, day_of
from reporting.models import Contract
from reporting.periods import Quarter
from reporting.reports import building, drafting, publishing
from reporting.reports.content import Promise

#: What the manager says in every report: section → text.
SAID = {
    drafting.WHOLE: (
        "More people came to us than in the quarter before, and we held the time to first contact. Waiting is where we fall "
        "short: two of our ISVAs carried cases near trial and could take on nobody new."
    ),
    "access": "Everybody who was not reached in time was tried at least three times. Calls after five in the afternoon help most.",
    "waiting": "Nobody waited without a review. We ask commissioners to look at this section first.",
}
#: What the manager answers to the question of a contract.
ANSWERED = (
    "We held a drop-in at two women’s centres and one mosque, and met the disability forum. What we said there is printed in "
    "six languages now. We will tell next time whether more people came."
)
PROMISES = (
    ("Keep two late afternoons a week for first calls", 60),
    ("Review the waiting list with the police hub", 35),
)
#: Working days after the end of the quarter on which a report goes out.
OUT_AFTER = 12


def give(ground: Ground, *, quarters: int) -> None:
    """Publish the reports of so many quarters before the last one, and begin that of the last; of the earlier quarters
    one report each, of the latest one for every contract."""
    if not quarters:
        return
    manager, last = ground.cast(Role.MANAGER)[0], Quarter.last_ended(day_of(ground.now))
    contracts = list(
        Contract.objects.filter(service=ground.service).order_by("area", "name").select_related("service")
    )
    for ago in range(quarters, 0, -1):
        for contract in contracts if 1 == ago < quarters else contracts[:1]:
            _publish(ground, contract, last.before(ago), manager)
    moment = _after(last)
    with at_moment(min(moment, ground.now)), act(manager, ground.service):
        for contract in contracts[:1]:
            draft = _write(contract, last, manager)
            building.ask_for_build(draft, by=manager)  # the worker builds it as soon as there is one


def _publish(ground: Ground, contract: Contract, quarter: Quarter, manager) -> None:
    with at_moment(min(_after(quarter), ground.now)), act(manager, ground.service):
        draft = _write(contract, quarter, manager)
        build = building.ask_for_build(draft, by=manager)
        building.run_build(build.pk, prints=False)
        publishing.publish_report(draft, by=manager)


def _write(contract: Contract, quarter: Quarter, manager):
    draft = drafting.begin_report(contract, quarter, by=manager)
    for section, text in SAID.items():
        drafting.write_passage(draft, section, text=text, by=manager)
    for question in drafting.questions_of(draft):
        drafting.write_passage(draft, question, text=ANSWERED, by=manager)
    ended = quarter.period.last_day
    promises = [Promise(what, ended + dt.timedelta(days=days)) for what, days in PROMISES]
    drafting.set_changes(draft, promises, by=manager)
    return draft


def _after(quarter: Quarter) -> dt.datetime:
    day = add_working_days(quarter.period.last_day, OUT_AFTER)
    return dt.datetime.combine(day, dt.time(15), tzinfo=LONDON)

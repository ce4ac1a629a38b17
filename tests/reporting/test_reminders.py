"""When the quarterly report of a contract falls due: written out by hand, not reckoned."""

import datetime as dt

import pytest

from isva.access.acting import act
from isva.access.system import SystemUser, act_as_system
from isva.clock.models import OneOffDay
from isva.clock.moment import LONDON, at
from isva.clock.rules import Scope, ask, rule_named
from isva.clock.settings import change_numbers
from isva.clock.terms import forget
from isva.clock.working_days import end_of_day
from reporting.periods import Quarter
from reporting.reports.asked_for import not_published
from tests.reporting.reports import a_contract, published

pytestmark = pytest.mark.django_db

#: The quarter that ended on Thursday 31 December 2026; the day after is a bank holiday.
AUTUMN = Quarter(2026, 3)
DUE = dt.date(2027, 1, 22)


@pytest.fixture
def contract(people, rowan):
    return a_contract(rowan, people["manager"])


def due(rowan, moment):
    with at(moment), act_as_system(SystemUser.CLOCK, rowan):
        return [
            (one.due_on, one.is_overdue)
            for one in ask([rule_named("quarterly_report")], Scope(rowan, moment + dt.timedelta(days=60)))
        ]


def out(contract, quarter, people, moment):
    with at(moment):
        return published(contract, quarter, people["manager"])


def test_a_report_falls_due_15_working_days_after_its_quarter_and_is_red_past_it(contract, people, rowan):
    out(contract, AUTUMN.before(1), people, dt.datetime(2026, 10, 9, 12, tzinfo=LONDON))
    last = end_of_day(DUE)
    for moment, late in ((last, False), (last + dt.timedelta(seconds=1), True)):
        assert due(rowan, moment) == [(DUE, late)]
    out(contract, AUTUMN, people, last)
    assert due(rowan, last) == []


def test_a_report_that_was_never_published_stays_due_while_the_next_quarter_runs(contract, people, rowan):
    """What is due is that of July to September; its day was 15 working days after 30 September."""
    assert due(rowan, end_of_day(DUE)) == [(dt.date(2026, 10, 21), True)]


def test_a_contract_that_did_not_run_owes_nothing(contract, people, rowan):
    contract.starts_on, contract.ends_on = dt.date(2025, 4, 1), dt.date(2026, 6, 30)
    with act(people["manager"], rowan):
        contract.save()
    assert due(rowan, end_of_day(DUE)) == []


def test_the_page_of_reports_and_the_clock_name_the_same_day_after_a_change_and_a_day_off(
    contract, people, rowan
):
    """The number in force when the quarter ended holds for its report, and a day that the service has off is not counted."""
    manager = people["manager"]
    with at(dt.datetime(2027, 1, 4, 12, tzinfo=LONDON)), act(manager, rowan):
        change_numbers(rowan, numbers={"quarterly_report_days": 20}, from_day=dt.date(2027, 1, 4), by=manager)
        OneOffDay(service=rowan, day=dt.date(2027, 1, 11), name="Away day", recorded_by=manager).save()
        forget(rowan)
    out(contract, AUTUMN.before(1), people, dt.datetime(2026, 10, 9, 12, tzinfo=LONDON))
    moment = dt.datetime(2027, 1, 13, 12, tzinfo=LONDON)
    with at(moment), act(manager, rowan) as person:
        asked = [(one.quarter, one.due_on) for one in not_published(person)]
    assert asked == [(AUTUMN, dt.date(2027, 1, 25))]
    assert due(rowan, moment) == [(dt.date(2027, 1, 25), False)]

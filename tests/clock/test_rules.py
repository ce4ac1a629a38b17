"""Every rule of the clock at one second before, at and after its time; and what a closed case is asked for."""

import datetime as dt

import pytest

from casework.moving import move
from casework.views.due import when_due
from isva.access.system import SystemUser, act_as_system
from isva.clock.models import OneOffDay
from isva.clock.moment import at
from isva.clock.numbers import all_numbers
from isva.clock.rules import About, Due, Scope, all_rules, ask, rule_named
from isva.clock.terms import terms_of
from isva.pathway import Stage
from tests.clock.making import CASES, ONE, WEDNESDAY, Making, moment

pytestmark = pytest.mark.django_db


@pytest.fixture
def make(people, rowan):
    """It is Wednesday noon, and the clock is at work, which sees every case."""
    with at(WEDNESDAY), act_as_system(SystemUser.CLOCK, rowan):
        yield Making(people, rowan)


def due_by(name: str, service, case=None):
    """What is due on a case by one rule, however far ahead."""
    scope = Scope(service, WEDNESDAY + dt.timedelta(days=3650), cases=[case.pk] if case else None)
    return ask([rule_named(name)], scope)


def test_every_rule_about_cases_has_one_here_and_none_is_left_over():
    """The rules about staff are asked in ``tests/supervision/test_reminders.py``."""
    assert set(CASES) == {rule.name for rule in all_rules(about=About.CASE) if rule.page}


@pytest.mark.parametrize("name", CASES)
def test_a_rule_is_kept_until_its_last_second_and_late_one_second_after(name, make, rowan):
    case = CASES[name][0](make)
    due_at, rule = moment(CASES[name][1]), rule_named(name)
    with at(WEDNESDAY):
        assert [(one.due_at, one.record is not None) for one in due_by(name, rowan, case)] == [(due_at, True)]
    for instant, late in ((due_at - ONE, False), (due_at, False), (due_at + ONE, rule.turns_red)):
        with at(instant):
            found = due_by(name, rowan, case)
            assert [one.is_overdue for one in found] == [late] or (not found and not rule.turns_red)


@pytest.mark.parametrize(
    "name", sorted(set(CASES) - {"retention", "emergency_review", "safeguarding_after_closing"})
)
def test_a_closed_case_is_asked_for_nothing(name, make, rowan, people):
    case = CASES[name][0](make)
    if case.stage != Stage.CLOSED:
        move(case, to=Stage.CLOSED, by=people["manager"], reason="closed in a test")
    assert due_by(name, rowan, case) == []


@pytest.mark.parametrize("name", sorted(CASES))
def test_a_rule_asks_its_whole_service_in_one_query(name, make, rowan, django_assert_num_queries):
    for _twice in range(2):
        CASES[name][0](make) if name != "information" else None
    due_by(name, rowan)
    with django_assert_num_queries(1):
        due_by(name, rowan)


def test_every_number_has_words_and_a_default_within_its_limits():
    for number in all_numbers().values():
        assert str(number.words)
        assert number.is_tick or number.lowest <= number.default <= number.highest


def test_every_rule_says_itself_in_a_sentence_and_safety_is_never_without_red():
    for rule in all_rules():
        assert str(rule.says).endswith("."), rule.name
        assert rule.turns_red or not rule.safety, rule.name
        assert rule.rank < 9 or not rule.safety, rule.name


@pytest.mark.parametrize(
    ("rule", "due_at", "amber_at"),
    [
        ("action", "2027-03-17", "2027-03-17"),  # by the end of a Wednesday: as that day begins
        ("action", "2027-03-14", "2027-03-12"),  # by the end of a Sunday: on Friday
        ("action", "2027-03-29", "2027-03-25"),  # by the end of Easter Monday: before Good Friday
        ("training_expiry", "2027-03-30", "2027-01-29"),  # 60 days before its end is a Saturday
        ("court_ahead", "2027-03-17 10:00", "2027-03-16"),  # at a moment: as the day before begins
        ("court_ahead", "2027-03-15 10:00", "2027-03-12"),
        ("court_ahead", "2027-03-15 00:00", "2027-03-12"),
    ],
)
def test_a_rule_is_amber_from_the_beginning_of_a_working_day_in_london(rule, due_at, amber_at, rowan):
    due = Due(rule_named(rule), None, None, moment(due_at), None)
    assert due.amber_at(terms_of(rowan).now()) == moment(f"{amber_at} 00:00")


def test_a_day_off_of_the_service_is_none_on_which_anybody_is_told(make, rowan, people):
    make.saved(OneOffDay(service=rowan, day=dt.date(2027, 3, 16), name="Away day"))
    due = Due(rule_named("court_ahead"), None, None, moment("2027-03-17 10:00"), None)
    assert due.amber_at(terms_of(rowan).now()) == moment("2027-03-15 00:00")


def test_what_never_turns_red_is_never_shown_as_overdue():
    a_month_ago = WEDNESDAY - dt.timedelta(days=30)
    for rule in all_rules(about=About.CASE):
        if rule.page and rule.asks:
            with at(WEDNESDAY):
                shown = str(when_due(Due(rule, None, None, a_month_ago, None)))
            assert rule.turns_red or ("Since" in shown and "Overdue" not in shown), rule.name

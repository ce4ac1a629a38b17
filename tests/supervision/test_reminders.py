"""The rules of supervision at one second before, at and after their time."""

import datetime as dt

import pytest

from casework import worklists
from isva.access.acting import act
from isva.access.system import SystemUser, act_as_system
from isva.clock.models import Letter, ServiceReminder
from isva.clock.moment import at
from isva.clock.rules import About, Scope, all_rules, ask, rule_named
from isva.clock.settings import change_numbers
from isva.clock.tick import tick
from isva.clock.working_days import end_of_day
from supervision.arranging import arrange
from tests.supervision.conftest import BEGAN, member_of

pytestmark = pytest.mark.django_db

ONE = dt.timedelta(seconds=1)


def due_by(name, service):
    """What is due by one rule, however far ahead."""
    return ask([rule_named(name)], Scope(service, BEGAN + dt.timedelta(days=3650)))


def days_later(days: int) -> dt.datetime:
    return end_of_day(BEGAN.date() + dt.timedelta(days=days))


@pytest.mark.parametrize(
    ("name", "days"), [("clinical_supervision", 42), ("clinical_supervision_breach", 91)]
)
def test_a_rule_is_kept_until_its_last_second_and_late_one_second_after(arranged, rowan, name, days):
    arrangement = arranged("isva")
    with act_as_system(SystemUser.CLOCK, rowan):
        for instant, late in (
            (days_later(days) - ONE, False),
            (days_later(days), False),
            (days_later(days) + ONE, True),
        ):
            with at(instant):
                assert [(one.due_at, one.record, one.is_overdue) for one in due_by(name, rowan)] == [
                    (days_later(days), arrangement.membership_id, late)
                ]


def test_only_a_session_that_was_attended_moves_the_day(arranged, held, rowan):
    arrangement = arranged("isva")
    held(arrangement, "2027-02-01", outcome="missed")
    held(arrangement, "2027-02-02", outcome="cancelled", cancelled_why="court")
    with act_as_system(SystemUser.CLOCK, rowan):
        assert [one.due_on for one in due_by("clinical_supervision", rowan)] == [dt.date(2027, 2, 15)]
        held(arrangement, "2027-02-03")
        assert [one.due_on for one in due_by("clinical_supervision", rowan)] == [dt.date(2027, 3, 17)]
        assert [one.due_on for one in due_by("clinical_supervision_breach", rowan)] == [dt.date(2027, 5, 5)]


def test_the_cadence_of_the_person_goes_before_that_of_the_service(arranged, rowan):
    arranged("isva")
    arranged("trainee", every_days=28)
    with act_as_system(SystemUser.CLOCK, rowan):
        days = {one.record: (one.due_on - BEGAN.date()).days for one in due_by("clinical_supervision", rowan)}
    assert sorted(days.values()) == [28, 42]


def test_a_change_of_the_services_number_moves_no_day_that_stands(arranged, held, rowan, people):
    first, second = arranged("isva"), arranged("second_isva")
    held(first, "2027-02-01")
    with at(BEGAN + dt.timedelta(days=40)), act(people["manager"], rowan):
        change_numbers(
            rowan,
            numbers={"clinical_supervision_days": 28},
            from_day=dt.date(2027, 2, 13),
            by=people["manager"],
        )
    held(second, "2027-02-15")
    with act_as_system(SystemUser.CLOCK, rowan):
        assert sorted(one.due_on for one in due_by("clinical_supervision", rowan)) == [
            dt.date(2027, 3, 15),  # 42 days after 1 February, 28 after 15 February
            dt.date(2027, 3, 15),
        ]


def test_a_change_of_supervisor_does_not_begin_the_quarter_anew(arranged, held, rowan, people, services):
    held(arranged("isva"), "2027-02-01")
    with at(BEGAN + dt.timedelta(days=60)), act(people["manager"], rowan):
        membership = member_of(people["isva"], rowan)
        now = membership.supervised.get(ended_on__isnull=True)
        arrange(membership, "clinical", supervisor=people["second_manager"], provider="", every_days=None, by=people["manager"],
            seen=str(now.pk),
        )  # fmt: skip
    with act_as_system(SystemUser.CLOCK, rowan):
        assert [one.due_on for one in due_by("clinical_supervision_breach", rowan)] == [dt.date(2027, 5, 3)]


def test_whoever_has_left_is_waited_for_no_more(arranged, rowan, people):
    membership = arranged("isva").membership
    membership.ends_on = BEGAN.date() + dt.timedelta(days=10)
    with act(people["records_lead"], rowan):
        membership.save()
    with at(BEGAN + dt.timedelta(days=10)), act_as_system(SystemUser.CLOCK, rowan):
        assert len(due_by("clinical_supervision", rowan)) == 1
    with at(BEGAN + dt.timedelta(days=11)), act_as_system(SystemUser.CLOCK, rowan):
        assert due_by("clinical_supervision", rowan) == []


def test_whoever_carries_cases_no_more_is_waited_for_no_more_in_either_supervision(arranged, people, rowan):
    membership = arranged("isva").membership
    with at(BEGAN), act(people["manager"], rowan):
        arrange(membership, "management", supervisor=people["manager"], every_days=None, by=people["manager"])
    names = ("clinical_supervision", "clinical_supervision_breach", "management_supervision")

    def waited_for():
        with at(BEGAN + dt.timedelta(days=100)), act_as_system(SystemUser.CLOCK, rowan):
            return {name for name in names if due_by(name, rowan)}

    assert waited_for() == set(names)
    for roles, still in (["coordinator"], set()), (["coordinator", "isva"], set(names)):
        membership.roles = roles
        with act(people["records_lead"], rowan):
            membership.save()
        assert waited_for() == still


@pytest.mark.parametrize("name", sorted(rule.name for rule in all_rules(about=About.SERVICE)))
def test_a_rule_about_staff_asks_its_whole_service_in_one_query(
    name, arranged, rowan, django_assert_num_queries
):
    arranged("isva")
    arranged("second_isva")
    with act_as_system(SystemUser.CLOCK, rowan):
        due_by(name, rowan)
        with django_assert_num_queries(1):
            due_by(name, rowan)


def test_managers_are_told_by_a_digest_that_says_nothing_of_anybody(arranged, rowan, people):
    arranged("isva")
    with at(dt.datetime(2027, 4, 6, 10, tzinfo=dt.UTC)):
        tick(rowan)
        letters = [
            one for one in Letter.objects.filter(service=rowan, kind="digest") if any(one.counts.values())
        ]
        assert {letter.to.name for letter in letters} == {"Meera Maple", "Morgan Mallow"}
        assert all("Iris" not in str(letter.counts) for letter in letters)
    assert {one.rule: one.red_at is not None for one in ServiceReminder.objects.filter(service=rowan)} == {
        "clinical_supervision": True,
        "clinical_supervision_breach": True,
    }


def test_a_quarter_without_clinical_supervision_says_it_all_and_hides_no_late_management_supervision(
    arranged, people, rowan
):
    arranged("isva")
    with at(BEGAN), act(people["manager"], rowan):
        member = member_of(people["isva"], rowan)
        arrange(member, "management", supervisor=people["manager"], every_days=None, by=people["manager"])

    def red(days):
        with at(BEGAN + dt.timedelta(days=days)), act(people["manager"], rowan):
            found = worklists.red_beside_cases(rowan)
            return {due.kind for due in found if due.record == member.pk}

    assert red(50) == {"clinical_supervision", "management_supervision"}
    assert red(95) == {"clinical_supervision_breach", "management_supervision"}

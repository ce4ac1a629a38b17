"""Case review: when a long case falls due, who records and who reads it, and what the agenda says of it."""

import datetime as dt

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from casework import restricting
from isva.access.acting import act
from isva.access.system import SystemUser, act_as_system
from isva.clock.moment import at, today
from isva.clock.rules import Scope, ask, rule_named
from isva.clock.working_days import end_of_day
from isva.pathway import Stage
from supervision import agenda, case_reviews
from supervision.models import CaseReview
from tests.factories import make_case
from tests.supervision.conftest import day

pytestmark = pytest.mark.django_db
DAY = dt.datetime(2027, 3, 3, 12, tzinfo=dt.UTC)


@pytest.fixture(autouse=True)
def a_wednesday_in_march(time_machine):
    time_machine.move_to(DAY)


@pytest.fixture
def opened(people, rowan):
    """``opened(200)`` – a case of Iris Ivy that was opened so many days ago."""

    def make(days: int, **told):
        usual = {"stage": Stage.ACTIVE, "isva": people["isva"], "name": "Ada Testperson"}
        with at(DAY - dt.timedelta(days=days)):
            return make_case(rowan, by=people["second_manager"], **usual | told)

    return make


@pytest.fixture
def reviewed(people, rowan):
    """``reviewed(case, next_on=…)`` – a review of today, by Meera Maple."""

    def review(case, **told):
        usual = {
            "reviewed_on": today(),
            "why": "long",
            "took_part": "Iris Ivy",
            "decided": "It goes on.",
            "next_on": None,
        }
        with act(people["manager"], rowan):
            return case_reviews.review_case(case, by=people["manager"], **usual | told)

    return review  # fmt: skip


def due(rowan):
    with act_as_system(SystemUser.CLOCK, rowan):
        return ask([rule_named("long_case_review")], Scope(rowan, DAY + dt.timedelta(days=3650)))


def test_a_review_moves_the_day_to_the_one_it_sets_or_ends_the_waiting(opened, reviewed, rowan):
    case = opened(200)
    assert [one.due_on for one in due(rowan)] == [DAY.date() - dt.timedelta(days=200 - 182)]
    reviewed(case, next_on=dt.date(2027, 5, 4))
    for instant, late in (
        (end_of_day(dt.date(2027, 5, 4)), False),
        (end_of_day(dt.date(2027, 5, 4)) + dt.timedelta(seconds=1), True),
    ):
        with at(instant):
            assert [(one.due_on, one.is_overdue) for one in due(rowan)] == [(dt.date(2027, 5, 4), late)]
    with at(DAY + dt.timedelta(days=1)):
        reviewed(case, no_next_why="It ends next week.")
    assert due(rowan) == []  # fmt: skip


def test_only_a_case_that_somebody_carries_is_waited_for(opened, rowan):
    opened(300, stage=Stage.INTERIM)
    opened(300, stage=Stage.CLOSED)
    paused = opened(300, stage=Stage.STEPPED_DOWN)
    assert [one.case_id for one in due(rowan)] == [paused.pk]


@pytest.mark.parametrize(
    ("told", "words"),
    [
        ({"reviewed_on": dt.date(2027, 3, 4)}, "lies in the last month"),
        ({"reviewed_on": dt.date(2027, 1, 1)}, "lies in the last month"),
        ({}, "or why no other review is needed"),
        ({"next_on": dt.date(2027, 5, 1), "no_next_why": "x"}, "or why no other review is needed"),
        ({"next_on": dt.date(2027, 3, 3)}, "comes after this one"),
    ],
)
def test_what_does_not_fit_is_refused_in_words(told, words, opened, reviewed):
    case = opened(200)
    with pytest.raises(case_reviews.CannotReview, match=words):
        reviewed(case, **told)
    assert not CaseReview._base_manager.exists()


def test_the_database_keeps_no_next_day_before_its_review(opened, reviewed, people, rowan):
    review = reviewed(opened(200), next_on=dt.date(2027, 5, 1))
    with act(people["manager"], rowan):
        review.next_on = today()
        with pytest.raises(IntegrityError), transaction.atomic():
            review.save()
        review.next_on, review.no_next_why = dt.date(2027, 5, 1), "x"
        with pytest.raises(IntegrityError), transaction.atomic():
            review.save()


def test_a_manager_records_it_and_the_isva_reads_it_on_the_timeline(opened, signed_in, people, rowan):
    case = opened(200)
    manager, page = signed_in("manager"), reverse("review_case", args=[case.pk])
    assert page in manager.get(reverse("show_case", args=[case.pk])).content.decode()
    told = {"why": "complex", "took_part": "Iris Ivy", "decided": "A meeting of everybody.", "again": "yes"}
    answer = manager.post(page, told | day("reviewed_on", today()) | day("next_on", dt.date(2027, 6, 2)))
    assert answer.headers["Location"] == reverse("show_case", args=[case.pk])
    isva = signed_in("isva")
    shown = isva.get(reverse("show_case", args=[case.pk])).content.decode()
    assert "Case review: complex" in shown
    assert "A meeting of everybody." in shown
    assert "Next review: 2 June 2027" in shown
    assert page not in shown
    assert isva.get(page).status_code == 403
    assert "A meeting of everybody." in manager.get(page).content.decode()


def test_the_list_holds_what_is_due_and_what_is_complex_in_two_queries(opened, reviewed, people, rowan):
    long, _new = opened(200), opened(20, name="Newt Testperson")
    complex_one = opened(30, name="Cleo Testperson")
    complex_one.complexity = "higher"
    with act(people["second_manager"], rowan):
        complex_one.save()
    with act(people["manager"], rowan) as person:
        case_reviews.candidates(person)
        with CaptureQueriesContext(connection) as queries:
            found = case_reviews.candidates(person)
        assert len(queries) == 2
    assert [(one.case.pk, one.is_complex) for one in found] == [(long.pk, False), (complex_one.pk, True)]
    reviewed(long, next_on=dt.date(2027, 9, 1))
    reviewed(complex_one, why="complex", next_on=dt.date(2027, 9, 1))
    with act(people["manager"], rowan) as person:
        assert case_reviews.candidates(person) == []


def test_a_restricted_client_is_on_no_list_of_whoever_is_not_named(opened, people, rowan, signed_in):
    case = opened(200, name="Hidden Testperson")
    with act(people["second_manager"], rowan):
        restricting.restrict_client(
            case.client,
            reason="a colleague",
            named=[people["second_manager"], people["isva"]],
            by=people["second_manager"],
        )
    for key, seen in (("manager", False), ("second_manager", True)):
        shown = signed_in(key).get(reverse("list_case_reviews")).content.decode()
        assert ("Hidden" in shown) == seen, key


def test_the_agenda_says_of_a_long_case_when_it_was_reviewed(opened, reviewed, people, rowan, signed_in):
    case = opened(200)
    with act(people["manager"], rowan) as person:
        assert agenda.prepare(person, people["isva"]).points[0].reviewed_on is None
    reviewed(case, next_on=dt.date(2027, 9, 1))
    with act(people["manager"], rowan) as person:
        assert agenda.prepare(person, people["isva"]).points[0].reviewed_on == today()


def test_a_case_that_is_not_due_by_then_is_not_read(opened, reviewed, rowan):
    """A list that reads so many rows at most is not filled with cases that are due in months."""
    opened(200)
    opened(10, name="Newt Testperson")
    reviewed(opened(300, name="Otis Testperson"), next_on=dt.date(2027, 9, 1))
    rule, scope = rule_named("long_case_review"), Scope(rowan, DAY + dt.timedelta(days=7))
    with act_as_system(SystemUser.CLOCK, rowan):
        assert rule.rows(scope).count() == len(ask([rule], scope)) == 1


def test_the_isva_is_told_that_a_review_is_due_and_offered_no_page_that_they_may_not_open(opened, signed_in):
    case = opened(200)
    page = reverse("review_case", args=[case.pk])
    for name in ("show_case", "show_due"):
        address = reverse(name, args=[case.pk])
        assert "Case review" in signed_in("isva").get(address).content.decode()
        assert page not in signed_in("isva").get(address).content.decode()
        assert page in signed_in("manager").get(address).content.decode()

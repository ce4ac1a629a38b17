"""Who is told of what is due: whoever covers the case now, and nobody whom a wall keeps away from it."""

import datetime as dt

import pytest

from casework import access, reminded, restricting
from casework.models import Grant
from isva.access.acting import act
from isva.clock.moment import now
from isva.pathway import Stage
from tests.factories import make_case

pytestmark = pytest.mark.django_db

PEOPLE = ("isva", "trainee", "second_isva", "chisva", "manager")


@pytest.fixture
def case(people, rowan):
    return make_case(rowan, by=people["manager"], stage=Stage.ACTIVE, isva=people["isva"])


@pytest.fixture
def managing(people, rowan):
    with act(people["manager"], rowan):
        yield people["manager"]


@pytest.fixture
def kept(people, rowan, case, managing):
    """The people of the cast who are kept away from the case, by key."""

    def ask():
        keys = {people[key].pk: key for key in PEOPLE}
        return {keys[user] for _case, user in reminded.kept_away(rowan, [case.pk], list(keys))}

    return ask


def test_whoever_stands_in_a_conflict_is_kept_away_until_it_is_lifted(case, people, managing, kept):
    access.declare_conflict(case.client, user=people["trainee"], reason="a cousin", by=managing)
    access.lift_conflict(
        access.declare_conflict(case.client, user=people["chisva"], reason="no", by=managing), by=managing
    )
    assert kept() == {"trainee"}


def test_whoever_is_not_named_or_no_longer_is_kept_away_until_the_restriction_is_lifted(
    case, people, managing, kept
):
    restriction = restricting.restrict_client(
        case.client, reason="a colleague", named=[people["isva"], people["chisva"]], by=managing
    )
    assert kept() == {"trainee", "second_isva"}
    restricting.change_named(restriction, named=[people["isva"]], by=managing)
    assert kept() == {"trainee", "second_isva", "chisva"}
    restricting.lift_restriction(restriction, by=managing)
    assert kept() == set()


def test_a_case_is_covered_by_whoever_covers_it_now(case, people, rowan, managing):
    hour = dt.timedelta(hours=1)
    access.grant(case, to=people["trainee"], why=Grant.Why.COVER, by=managing, until=now() + hour)
    access.grant(case, to=people["chisva"], why=Grant.Why.COVER, by=managing, starts_at=now() + hour)
    access.grant(case, to=people["second_isva"], why=Grant.Why.COVER, by=managing)
    access.end_grants(case, user=people["second_isva"], by=managing, reason="back")
    assert reminded.covers(rowan, [case.pk]) == {case.pk: {people["trainee"].pk}}


def test_the_pairs_told_to_the_clock_say_what_is_said_of_each_person(case, people, rowan, managing, kept):
    """Who is denied is said in one place for one person, and here for many at once: both say the same."""
    another = make_case(rowan, by=managing, stage=Stage.ACTIVE, isva=people["chisva"])
    access.declare_conflict(case.client, user=people["trainee"], reason="a cousin", by=managing)
    restricting.restrict_client(
        another.client, reason="a colleague", named=[people["isva"], managing], by=managing
    )
    told = reminded.kept_away(rowan, [case.pk, another.pk], [people[key].pk for key in PEOPLE])
    assert told == {
        (one.pk, people[key].pk)
        for one in (case, another)
        for key in PEOPLE
        if access.is_walled_off(people[key], client=one.client)
    }
    assert len(told) > 1

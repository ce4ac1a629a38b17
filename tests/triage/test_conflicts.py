"""Who stands in conflict with a client, and of whom that can still be declared."""

import datetime as dt

import pytest

from casework import access
from isva.access.acting import act
from isva.accounts.models import Membership
from isva.clock.moment import today
from isva.pathway import Stage
from tests.factories import make_case
from triage import conflicts

pytestmark = pytest.mark.django_db


@pytest.fixture
def case(people, rowan):
    return make_case(rowan, by=people["manager"], stage=Stage.ACTIVE, isva=people["isva"])


def test_a_conflict_is_told_of_its_own_client_while_it_stands(case, people, rowan):
    manager = people["manager"]
    other = make_case(rowan, by=manager, stage=Stage.ACTIVE, isva=people["isva"], name="Bea Birch")
    with act(manager, rowan):
        standing = access.declare_conflict(case.client, user=people["trainee"], reason="a cousin", by=manager)
        access.declare_conflict(other.client, user=people["chisva"], reason="a friend", by=manager)
        access.lift_conflict(
            access.declare_conflict(case.client, user=people["coordinator"], reason="no", by=manager),
            by=manager,
        )
        assert list(conflicts.conflicts_with(case.client)) == [standing]


def test_a_conflict_is_declared_of_whoever_works_here_and_stands_in_none_yet(case, people, rowan):
    manager, other = people["manager"], make_case(rowan, by=people["manager"], name="Bea Birch")
    with act(manager, rowan):
        assert people["harbour_isva"] not in conflicts.who_may_conflict(case)
        assert {people[key] for key in ("isva", "trainee", "coordinator", "second_isva")} <= set(
            conflicts.who_may_conflict(case)
        )
        access.declare_conflict(case.client, user=people["trainee"], reason="a cousin", by=manager)
        access.declare_conflict(other.client, user=people["isva"], reason="a cousin", by=manager)
        access.lift_conflict(
            access.declare_conflict(case.client, user=people["coordinator"], reason="no", by=manager),
            by=manager,
        )
        people["second_isva"].is_active = False
        people["second_isva"].save()
        left = Membership.objects.get(user=people["chisva"])
        left.ends_on = today() - dt.timedelta(days=1)
        left.save()
        may = conflicts.who_may_conflict(case)
    assert {people["isva"], people["coordinator"]} <= set(may)
    assert not {people[key] for key in ("trainee", "second_isva", "chisva")} & set(may)

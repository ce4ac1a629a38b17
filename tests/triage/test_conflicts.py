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


def test_what_is_left_undone_is_told_of_the_cases_that_this_person_had_with_this_client(case, people, rowan):
    manager, isva, coordinator = people["manager"], people["isva"], people["coordinator"]
    waits = make_case(rowan, by=coordinator, stage=Stage.INTERIM, name="Bea Birch")
    colleagues = make_case(
        rowan, by=manager, stage=Stage.ACTIVE, isva=people["second_isva"], name="Cam Cedar"
    )
    over = make_case(rowan, by=manager, stage=Stage.CLOSED, isva=isva, name="Dee Dogwood")
    with act(manager, rowan):
        waits.interim_worker, waits.lead_isva = coordinator, isva  # given back: it waits again
        waits.save()
        # The one who kept in touch before an ISVA took it on, or before it ended, is not missed any more.
        for one in (case, over):
            one.interim_worker = coordinator
            one.save()
        told = {
            (client, user): conflicts.left_without(of.client, people[user])
            for client, of in {"case": case, "waits": waits, "colleagues": colleagues, "over": over}.items()
            for user in ("isva", "coordinator")
        }
    assert told.pop(("case", "isva")) == [
        "Iris Ivy carried this case and no longer sees it: it needs another ISVA."
    ]
    [kept] = told.pop(("waits", "coordinator"))
    assert kept.startswith("Cora Clover kept in touch while they wait")
    assert set(map(tuple, told.values())) == {()}


def test_several_cases_of_a_client_are_told_together(case, people, rowan):
    second = make_case(rowan, by=people["manager"], stage=Stage.ACTIVE, isva=people["isva"])
    with act(people["manager"], rowan):
        second.client = case.client
        second.save()
        [told] = conflicts.left_without(case.client, people["isva"])
    assert "2 cases of this client" in told

"""Cases that nobody carries any more: whose ISVA has left, has other roles, or must not see them; and who then records what."""

import datetime as dt

import pytest

from casework import access, restricting
from casework.models import Appointment, Grant
from isva.access.acting import act
from isva.accounts.models import Membership
from isva.clock.moment import LONDON, at, day_of, now, today
from isva.clock.rules import Scope, ask, rule_named
from isva.pathway import Stage
from tests.factories import make_case

pytestmark = pytest.mark.django_db

#: Some days of March, each at noon: a Monday, the Wednesday after, and the Friday.
MONDAY, WEDNESDAY, FRIDAY = (dt.datetime(2027, 3, day, 12, tzinfo=LONDON) for day in (1, 3, 5))


@pytest.fixture
def managing(people, rowan):
    with at(MONDAY), act(people["manager"], rowan):
        yield people["manager"]


@pytest.fixture
def case(people, rowan, managing):
    return make_case(rowan, by=managing, stage=Stage.ACTIVE, isva=people["isva"])


@pytest.fixture
def another(people, rowan, managing):
    return make_case(rowan, by=managing, stage=Stage.ACTIVE, isva=people["isva"], name="Bea Birch")


@pytest.fixture
def due(rowan):
    """``due("walled_off")`` – the cases that this rule asks for, each with the day on which it falls due."""

    def ask_(name):
        found = ask([rule_named(name)], Scope(rowan, now() + dt.timedelta(days=30)))
        return {one.case_id: day_of(one.due_at) for one in found}

    return ask_


def test_a_conflict_of_its_isva_asks_for_another_from_the_day_it_was_declared(
    case, another, people, managing, due
):
    iris, thursday = people["isva"], dt.date(2027, 3, 4)
    access.declare_conflict(case.client, user=people["trainee"], reason="a cousin", by=managing)
    access.lift_conflict(
        access.declare_conflict(case.client, user=iris, reason="a slip", by=managing), by=managing
    )
    assert due("walled_off") == {}
    with at(WEDNESDAY):
        conflict = access.declare_conflict(case.client, user=iris, reason="a cousin", by=managing)
        assert due("walled_off") == {case.pk: thursday}
    with at(FRIDAY):
        access.declare_conflict(case.client, user=people["chisva"], reason="a neighbour", by=managing)
        access.declare_conflict(another.client, user=people["chisva"], reason="a neighbour", by=managing)
        assert due("walled_off") == {case.pk: thursday}
        access.lift_conflict(conflict, by=managing)
        assert due("walled_off") == {}


def test_a_restriction_without_its_isva_asks_for_another_while_it_stands(
    case, another, people, managing, due
):
    iris = people["isva"]
    restricting.lift_restriction(
        restricting.restrict_client(case.client, reason="a slip", named=[], by=managing), by=managing
    )
    restricting.restrict_client(another.client, reason="a colleague", named=[iris], by=managing)
    assert due("walled_off") == {}
    with at(WEDNESDAY):
        restriction = restricting.restrict_client(
            case.client, reason="a colleague", named=[iris], by=managing
        )
        assert due("walled_off") == {}
        restricting.change_named(restriction, named=[people["chisva"]], by=managing)
        assert due("walled_off") == {case.pk: dt.date(2027, 3, 4)}
        restricting.lift_restriction(restriction, by=managing)
        assert due("walled_off") == {}


@pytest.mark.parametrize("how", ["left", "other roles", "begins again later"])
def test_a_case_is_left_behind_where_its_isva_carries_none_here_whatever_they_do_elsewhere(
    how, case, another, people, services, managing, due
):
    iris = people["isva"]
    here = Membership.objects.filter(user=iris, service=case.service)
    Membership.objects.create(
        user=iris, service=services["harbour"], roles=["isva"], starts_on=today() - dt.timedelta(days=30)
    )
    another.lead_isva = people["chisva"]
    another.save(update_fields=["lead_isva"])
    assert due("left_behind") == {}
    access.declare_conflict(another.client, user=iris, reason="a cousin", by=managing)
    if how == "left":
        here.update(ends_on=today() - dt.timedelta(days=1))
    elif how == "other roles":
        here.update(roles=["records_lead"])
    else:
        here.update(starts_on=today() + dt.timedelta(days=1))
    assert list(due("left_behind")) == [case.pk]
    access.declare_conflict(case.client, user=iris, reason="a cousin", by=managing)
    assert due("walled_off") == {}, "it is left behind already"


def test_an_appointment_is_recorded_by_who_held_it_unless_their_sight_has_ended(
    case, people, managing, rowan
):
    iris, isla = people["isva"], people["chisva"]
    access.grant(case, to=isla, why=Grant.Why.COVER, by=managing, until=FRIDAY)

    def holder(worker):
        held = Appointment(
            case=case, at=now() - dt.timedelta(hours=1), mode="phone", worker=worker, recorded_by=managing
        )
        held.save(force_insert=True)
        found = ask([rule_named("appointment_open")], Scope(rowan, FRIDAY))
        return next(one.holder for one in found if one.record == held.pk)

    assert holder(isla) == isla.pk
    access.end_grants(case, user=isla, by=managing, reason="back")
    assert holder(isla) == iris.pk
    assert holder(managing) == managing.pk, "a manager sees it by their role, and never had a grant"

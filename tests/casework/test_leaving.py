# ruff: noqa: F811 (the open wall is a fixture here too)
"""Whoever leaves a service loses sight there, and keeps what they hold elsewhere."""

import datetime as dt

import pytest

from casework import access, leaving
from isva.access.acting import act
from isva.accounts.models import Membership
from isva.clock.moment import today
from isva.pathway import Stage
from tests.access.test_each_wall_alone import no_second_wall  # noqa: F401 (a fixture)
from tests.factories import make_case, seeing_all

pytestmark = pytest.mark.django_db


def test_whoever_left_one_service_keeps_their_sight_in_the_other(people, services):
    hal, harbour = people["harbour_isva"], services["harbour"]
    case = make_case(harbour, by=people["harbour_manager"], stage=Stage.ACTIVE, isva=hal)
    long_ago = today() - dt.timedelta(days=30)
    Membership(
        user=hal, service=services["rowan"], roles=["isva"], starts_on=long_ago, ends_on=long_ago + dt.timedelta(days=9)
    ).save()  # fmt: skip
    assert [leaving.let_go(service) for service in services.values()] == [0, 0]
    left = Membership.objects.get(user=hal, service=harbour)
    left.starts_on, left.ends_on = long_ago, today() - dt.timedelta(days=1)
    left.save()
    assert leaving.let_go(services["rowan"]) == 0
    assert leaving.let_go(harbour) == 1
    with act(people["harbour_manager"], harbour), seeing_all(harbour):
        assert not access.live_grants(case).exists()


def test_the_references_of_whoever_leaves_are_of_their_own_open_cases_in_this_service(
    people, services, no_second_wall
):
    rowan, iris = services["rowan"], people["isva"]
    own = make_case(rowan, by=people["manager"], stage=Stage.ACTIVE, isva=iris)
    make_case(rowan, by=people["manager"], stage=Stage.ACTIVE, isva=people["chisva"])
    make_case(services["harbour"], by=people["harbour_manager"], stage=Stage.ACTIVE, isva=iris)
    with act(people["records_lead"], rowan):
        assert leaving.references_carried_by(iris, service=rowan) == [own.reference]

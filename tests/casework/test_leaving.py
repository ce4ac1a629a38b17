# ruff: noqa: F811 (the open wall is a fixture here too)
"""Whoever leaves a service loses sight there, and keeps what they hold elsewhere."""

import datetime as dt

import pytest
from django.urls import reverse

from casework import access, leaving
from casework.models import Grant
from isva.access.acting import act
from isva.accounts.models import Membership
from isva.accounts.role_changes import change_roles
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


@pytest.mark.parametrize(
    ("roles", "ends"),
    [(["records_lead"], True), (["commissioner", "clinical_supervisor"], True), (["coordinator"], False),
     (["manager", "records_lead"], False), (["trainee"], False)],
)  # fmt: skip
def test_whoever_does_no_casework_any_more_loses_what_they_were_granted_at_once(
    roles, ends, people, services
):
    rowan, iris, lead = services["rowan"], people["isva"], people["records_lead"]
    case = make_case(rowan, by=people["manager"], stage=Stage.ACTIVE, isva=iris)
    others = make_case(rowan, by=people["manager"], stage=Stage.ACTIVE, isva=people["chisva"])
    elsewhere = make_case(services["harbour"], by=people["harbour_manager"], stage=Stage.ACTIVE, isva=iris)
    with act(lead, rowan):
        change_roles(Membership.objects.get(user=iris, service=rowan), roles=roles, by=lead, reason="for now")
    with act(people["manager"], rowan), seeing_all(rowan):
        assert access.live_grants(case).filter(user=iris).exists() != ends
        assert [one.end_reason for one in Grant.objects.filter(case=case)] == [
            "does no casework any more" if ends else ""
        ]
        assert access.live_grants(others).exists()
        assert access.grants_and_guardian_disagree(rowan) == []
    with act(people["harbour_manager"], services["harbour"]), seeing_all(services["harbour"]):
        assert access.live_grants(elsewhere).exists()


def test_an_isva_who_became_a_records_lead_reaches_no_record_by_its_address(people, rowan, signed_in):
    case = make_case(rowan, by=people["manager"], stage=Stage.ACTIVE, isva=people["isva"])
    address = reverse("show_case", kwargs={"case_id": case.pk})
    assert signed_in("isva").get(address).status_code == 200
    with act(people["records_lead"], rowan):
        member = Membership.objects.get(user=people["isva"], service=rowan)
        change_roles(member, roles=["records_lead"], by=people["records_lead"])
    assert signed_in("isva").get(address).status_code == 404


def test_what_whoever_does_no_casework_still_holds_ends_within_the_hour(people, services):
    rowan, iris = services["rowan"], people["isva"]
    case = make_case(rowan, by=people["manager"], stage=Stage.ACTIVE, isva=iris)
    make_case(
        services["harbour"], by=people["harbour_manager"], stage=Stage.ACTIVE, isva=people["harbour_isva"]
    )
    Membership.objects.filter(user=iris).update(roles=["commissioner"])
    assert leaving.let_go(services["harbour"]) == 0
    assert [leaving.let_go(rowan), leaving.let_go(rowan)] == [1, 0]
    with act(people["manager"], rowan), seeing_all(rowan):
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

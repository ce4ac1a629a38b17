# ruff: noqa: F811 (the open wall is a fixture here too)
"""Unusual looks, each condition by itself: what would be told, or counted, if it were not asked."""

import datetime as dt

import pytest

from casework import alerts, contacts
from casework.access import declare_conflict
from casework.models import Grant, SafeContact
from isva.access.acting import act
from isva.access.roles import Permission
from isva.accounts.models import DeclaredConnection, Membership, StaffProfile
from isva.accounts.staffing import keep_home_postcode
from isva.audit.models import AccessAlert, AccessEntry
from isva.clock.moment import at, now
from isva.pathway import Stage
from tests.access.test_each_wall_alone import no_second_wall  # noqa: F401 (a fixture)
from tests.casework.test_alerts import LONG_AGO, Kind, case, looked, raised  # noqa: F401 (a fixture among them)
from tests.factories import make_case

pytestmark = pytest.mark.django_db

DAY = dt.timedelta(days=1)
#: A noon ahead, so that what was granted when the test began holds on the day before it too.
NOON = now().replace(hour=12, minute=0) + 3 * DAY


@pytest.fixture
def another(rowan, people):
    return make_case(rowan, by=people["manager"], stage=Stage.ACTIVE, isva=people["isva"], name="Bea Birch")


def test_only_looks_of_this_service_since_then_and_at_somebody_are_judged(case, people, services):
    harbour = make_case(
        services["harbour"], by=people["harbour_manager"], stage=Stage.ACTIVE, isva=people["harbour_isva"]
    )
    looked(harbour, people["harbour_manager"], why="break_glass", at=NOON)
    looked(case, people["second_isva"], why="break_glass", what="sent", at=NOON)
    looked(case, people["second_isva"], why="break_glass", at=NOON - 2 * DAY)
    AccessEntry(
        at=NOON, service=case.service, user=people["isva"], what="opened", why="", page="search"
    ).save(force_insert=True)
    assert alerts.raise_alerts(case.service, since=NOON - DAY) == 0


def looks(case, user, times, **told):
    for _time in range(times):
        looked(case, user, **({"at": NOON} | told))


def test_often_is_one_person_on_one_case_on_one_day_by_opening_it(case, another, people):
    looks(case, people["isva"], 3)
    looks(case, people["manager"], 3, why="role")
    looks(another, people["isva"], 3)
    looks(case, people["isva"], 3, what="printed")
    for days in (-1, 1):
        looks(case, people["isva"], 3, at=NOON + days * DAY)
    assert raised(case) == []


@pytest.mark.parametrize("days", [-1, 1])
def test_what_was_written_on_another_day_explains_nothing(days, case, people, acting):
    with at(NOON + days * DAY), acting("isva"):
        contacts.write_note(case, text="Called back.", by=people["isva"])
    looks(case, people["isva"], 6)
    assert raised(case) == [Kind.OFTEN]


def test_what_was_written_on_another_case_or_by_somebody_else_explains_nothing(case, another, people, acting):
    with at(NOON), acting("isva"):
        contacts.write_note(another, text="Called back.", by=people["isva"])
    with at(NOON), acting("manager"):
        contacts.write_note(case, text="Read.", by=people["manager"])
    looks(case, people["isva"], 6)
    assert raised(case) == [Kind.OFTEN]


def test_a_connection_declared_in_another_service_is_not_known_in_this_one(case, people, services):
    elsewhere = Membership(
        user=people["isva"], service=services["harbour"], roles=["isva"], starts_on=now().date()
    )
    elsewhere.save()
    DeclaredConnection(service=services["harbour"], membership=elsewhere, name="Tom Testperson").save(
        force_insert=True
    )
    looked(case, people["isva"])
    assert raised(case) == []


def lives_at(user, service, postcode):
    profile = StaffProfile.objects.get(membership__user=user, service=service)
    with act(user, service):
        keep_home_postcode(profile, postcode=postcode, by=user)


def test_a_postcode_that_was_given_in_another_service_is_not_known_in_this_one(case, people, services):
    elsewhere = Membership(
        user=people["isva"], service=services["harbour"], roles=["isva"], starts_on=now().date()
    )
    elsewhere.save()
    StaffProfile(membership=elsewhere, service=services["harbour"], home_postcode="ZZ1 4AB").save(
        force_insert=True
    )
    an_address(case, "address", "12 Low Lane, zz1 4ab")
    looked(case, people["isva"])
    assert raised(case) == []


def test_only_an_address_says_where_a_client_lives(case, people, rowan):
    lives_at(people["isva"], rowan, "ZZ1 4AB")
    an_address(case, "email", "zz1 4ab@example.org")
    looked(case, people["isva"])
    assert raised(case) == []


def an_address(case, kind, value):
    with act(case.lead_isva, case.service):
        SafeContact(client=case.client, kind=kind, value=value, recorded_by=case.lead_isva).save(
            force_insert=True
        )


def test_the_cases_behind_alerts_are_for_managers_who_see_them(case, another, people, rowan, no_second_wall):
    looked(case, people["second_isva"], why="break_glass")
    looked(another, people["second_isva"], why="break_glass")
    raised(case)
    first, second = (AccessAlert.objects.get(case=one.pk) for one in (case, another))
    with act(people["manager"], rowan) as manager:
        assert alerts.cases_of([first], manager) == {case.pk: case}
        declare_conflict(case.client, user=people["manager"], reason="a cousin", by=people["manager"])
        assert alerts.cases_of([first, second], manager) == {another.pk: another}
    both = frozenset({Permission.HOLD_CASES, Permission.KEEP_RECORDS})
    assert Grant.objects.filter(case=case, user=people["isva"]).exists()
    with act(people["isva"], rowan, permissions=both) as keeps_records_too:
        assert alerts.cases_of([first, second], keeps_records_too) == {}

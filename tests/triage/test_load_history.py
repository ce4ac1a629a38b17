"""How caseloads developed: derived from what stands, kept once a day, and above the cap for weeks told to managers."""

import datetime as dt
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from casework.models import ComplexityReading
from isva.access.acting import act
from isva.access.system import SystemUser, act_as_system
from isva.accounts.models import Membership
from isva.clock.moment import at, today
from isva.clock.rules import Scope, ask, rule_named
from isva.clock.tick import tick
from isva.clock.working_days import end_of_day
from isva.pathway import Stage
from tests.factories import make_case
from triage.load import caseloads
from triage.load_history import developments, keep_loads, overloaded
from triage.models import LoadReading

pytestmark = pytest.mark.django_db
NOW = dt.datetime(2027, 3, 3, 12, tzinfo=dt.UTC)
DAY = dt.timedelta(days=1)


@pytest.fixture(autouse=True)
def a_wednesday(time_machine):
    time_machine.move_to(NOW)


@pytest.fixture
def carried(people, rowan):
    """``carried(40, band="lower")`` – a case that Iris Ivy has carried for so many days, read as lower from then on."""

    def make(days: int, *, band: str = "", **told):
        moment = NOW - dt.timedelta(days=days)
        with at(moment):
            case = make_case(
                rowan, by=people["second_manager"], **{"stage": Stage.ACTIVE, "isva": people["isva"]} | told
            )
        if band:
            with act(people["second_manager"], rowan):
                ComplexityReading(
                    case=case, at=moment, score=1, band=band, recorded_by=people["isva"], recorded_at=moment
                ).save()
                case.complexity = band
                case.save()
        return case

    return make  # fmt: skip


def kept(rowan) -> int:
    with act_as_system(SystemUser.CLOCK, rowan):
        return keep_loads(rowan)


def of(people, **told):
    return LoadReading.objects.get(membership__user=people["isva"], **told)


def capped(people, rowan, cap: int) -> None:
    profile = Membership.objects.get(user=people["isva"], service=rowan).profile
    profile.caseload_cap = cap
    with act(people["records_lead"], rowan):
        profile.save()


def test_every_day_is_told_as_it_began_from_what_stood_then(carried, people, rowan):
    carried(40, band="lower")
    carried(10, band="higher")
    carried(3, stage=Stage.STEPPED_DOWN, band="higher")
    assert kept(rowan) == 19  # eight days, and the Mondays of twelve weeks, of which one is among them
    days = {1: (3, "3.50"), 5: (2, "3.00"), 16: (1, "1.00"), 44: (0, "0.00")}
    for ago, (count, weighted) in days.items():
        one = of(people, day=today() - dt.timedelta(days=ago))
        assert (one.open_count, one.weighted) == (count, Decimal(weighted)), ago


def test_what_is_derived_of_today_is_what_the_board_counts(carried, people, rowan):
    for band in ("lower", "medium", "higher"):
        carried(8, band=band)
    carried(8)  # nobody read it: it counts as lower
    carried(8, stage=Stage.CLOSED)
    kept(rowan)
    with act(people["manager"], rowan):
        load = caseloads(rowan, only=people["isva"])[0]
    one = of(people, day=today())
    assert (one.open_count, one.weighted) == (load.open_count, load.weighted) == (4, Decimal("5.5"))


def test_a_day_is_kept_once_and_days_without_a_round_are_filled_in(carried, people, rowan):
    carried(40)
    kept(rowan)
    before = LoadReading.objects.count()
    with act_as_system(SystemUser.CLOCK, rowan), CaptureQueriesContext(connection) as queries:
        assert keep_loads(rowan) == 0
    assert len(queries) == 1
    assert LoadReading.objects.count() == before
    with at(NOW + 5 * DAY):
        assert kept(rowan) == 5
        tick(rowan)
    assert {one.day for one in LoadReading.objects.all()} >= {today() + n * DAY for n in range(6)}


def test_what_another_service_kept_leaves_no_day_out_in_this_one(carried, people, services):
    carried(40)
    with act_as_system(SystemUser.CLOCK, services["harbour"]):
        assert keep_loads(services["harbour"]) == 19
    assert kept(services["rowan"]) == 19
    assert of(people, day=today()).open_count == 1


def test_loads_are_the_persons_own_and_for_who_allocates_those_of_the_service(people, services):
    for service in services.values():
        kept(service)
    for key, service, seen in (
        ("manager", "rowan", {"rowan"}), ("harbour_manager", "harbour", {"harbour"}), ("isva", "rowan", {"rowan"}),
    ):  # fmt: skip
        with act(people[key], services[service]):
            rows = LoadReading.objects.visible_to(people[key])
            assert {one.service for one in rows} == {services[name] for name in seen}
            if key == "isva":
                assert {one.membership.user for one in rows} == {people["isva"]}


def test_days_are_kept_of_who_carries_cases_in_this_service_and_still_signs_in(people, services):
    people["second_isva"].is_active = False
    people["second_isva"].save()
    kept(services["rowan"])
    keys = {"isva", "chisva", "isva_on_leave", "trainee", "fourth_isva"}
    assert set(LoadReading.objects.values_list("membership__user", flat=True)) == {
        people[key].pk for key in keys
    }


def test_the_queries_do_not_grow_with_cases_and_people(carried, people, rowan):
    carried(40)
    kept(rowan)
    with act(people["manager"], rowan) as person:
        developments(person)
        with CaptureQueriesContext(connection) as few:
            developments(person)
        for _more in range(3):
            carried(20)
        with CaptureQueriesContext(connection) as many:
            developments(person)
    assert len(few) == len(many) <= 6


def test_four_weeks_above_the_cap_are_red_one_second_after_their_end(carried, people, rowan):
    capped(people, rowan, 1)
    carried(40)
    carried(20)
    kept(rowan)
    since = today() - dt.timedelta(days=16)  # the first Monday that began with both
    last = end_of_day(since + dt.timedelta(weeks=4))
    for instant, late in ((last, False), (last + dt.timedelta(seconds=1), True)):
        with at(instant), act_as_system(SystemUser.CLOCK, rowan):
            due = ask([rule_named("sustained_overload")], Scope(rowan, NOW + 60 * DAY))
            assert [(one.due_at, one.detail, one.is_overdue) for one in due] == [(last, "Iris Ivy", late)]


def test_an_overload_ends_with_the_role_of_whoever_carries_cases_no_more(carried, people, rowan):
    capped(people, rowan, 1)
    carried(40)
    carried(20)
    kept(rowan)

    def told():
        with act_as_system(SystemUser.CLOCK, rowan):
            due = ask([rule_named("sustained_overload")], Scope(rowan, NOW + 60 * DAY))
        return [one.detail for one in due]

    assert told() == ["Iris Ivy"]
    member = Membership.objects.get(service=rowan, user=people["isva"])
    member.roles = ["coordinator"]
    with act(people["records_lead"], rowan):
        member.save()
    assert told() == []


def test_a_day_within_the_cap_begins_the_weeks_anew(carried, people, rowan):
    capped(people, rowan, 0)
    carried(30)
    kept(rowan)
    within = of(people, day=today() - 6 * DAY)
    within.is_over = False
    within.save()
    member = overloaded(Membership.objects.filter(service=rowan)).get()
    assert (member.user, member.over_since) == (people["isva"], today() - 5 * DAY)
    capped(people, rowan, 5)
    with at(NOW + DAY):
        kept(rowan)
    assert not overloaded(Membership.objects.filter(service=rowan)).exists()


def test_managers_see_everybody_and_an_isva_their_own(carried, people, rowan, signed_in):
    capped(people, rowan, 1)
    for _each in range(2):
        carried(40)
    kept(rowan)
    manager = signed_in("manager")
    page = manager.get(reverse("list_caseloads")).content.decode()
    assert "Sustained" in page
    key = Membership.objects.get(user=people["isva"], service=rowan).pk
    assert reverse("show_caseload", args=[key]) in page
    assert "Weighted load by week" in manager.get(reverse("show_caseload", args=[key])).content.decode()
    own = signed_in("isva").get(reverse("show_load")).content.decode()
    assert "You carry more than your cap." in own
    assert "Open cases by week" in own
    for key in ("isva", "coordinator"):
        assert signed_in(key).get(reverse("list_caseloads")).status_code == 403
    with act(people["second_isva"], rowan):
        assert (
            not LoadReading.objects.visible_to(people["second_isva"])
            .filter(membership__user=people["isva"])
            .exists()
        )


def test_whoever_carries_no_cases_has_no_chart(people, rowan, signed_in):
    key = Membership.objects.get(user=people["coordinator"], service=rowan).pk
    assert signed_in("manager").get(reverse("show_caseload", args=[key])).status_code == 404

"""Who carries how much: counted, weighted, and what else takes somebody's time."""

import datetime as dt
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from casework.access import declare_conflict
from casework.models import Appointment
from casework.standing import carry
from isva.access.acting import act
from isva.access.system import SystemUser, act_as_system
from isva.accounts.models import Leave
from isva.clock.moment import now, today
from isva.pathway import Stage
from tests.factories import make_case
from triage import load as loads

pytestmark = pytest.mark.django_db


@pytest.fixture
def give(people, rowan):
    """``give("isva", "higher", stage=…)`` – a case of that complexity in somebody's hands."""

    def one(key, complexity="lower", *, stage=Stage.ACTIVE, trial_in=None):
        case = make_case(rowan, by=people["manager"], stage=stage, isva=people[key])
        carry(case, complexity=complexity)
        if trial_in is not None:
            with act(people["manager"], rowan):
                case.trial_on = today() + dt.timedelta(days=trial_in)
                case.save(update_fields=["trial_on"])
        return case

    return one


def caseloads(service, **how):
    """The loads as somebody of the service reads them: they count what that person may not see."""
    with act_as_system(SystemUser.CLOCK, service):
        return loads.caseloads(service, **how)


def load_of(people, service, key, **how):
    return next(one for one in caseloads(service, **how) if one.user == people[key])


def book(case, worker, *, days, mode="court", cancelled=False):
    with act(worker, case.service):
        Appointment(
            case=case, at=now() + dt.timedelta(days=days), mode=mode, worker=worker, recorded_by=worker,
            cancelled_at=now() if cancelled else None,
        ).save(force_insert=True)  # fmt: skip


def test_everybody_who_carries_cases_has_a_load_and_nobody_else(people, rowan):
    names = [one.name for one in caseloads(rowan)]
    assert names == sorted(names)
    assert set(names) == {
        "Iris Ivy", "Imran Ilex", "Isla Indigo", "Ivor Ironwood", "Ida Inkberry", "Isaac Iceplant",
    }  # fmt: skip


def test_a_case_counts_by_its_complexity_and_a_quarter_once_stepped_down(people, rowan, give):
    for complexity in ("lower", "medium", "higher"):
        give("isva", complexity)
    give("isva", "higher", stage=Stage.STEPPED_DOWN)
    load = load_of(people, rowan, "isva")
    assert (load.open_count, load.active, load.stepped_down) == (4, 3, 1)
    assert load.weighted == Decimal("1") + Decimal("1.5") + 2 + Decimal("0.5")
    assert (load.cap, load.capacity) == (40, 60)


def test_the_weights_are_the_services_own(people, rowan, give):
    give("isva", "higher")
    rowan.weight_higher = Decimal("3.25")
    rowan.save()
    assert load_of(people, rowan, "isva").weighted == Decimal("3.25")


def test_waiting_and_closed_cases_weigh_on_nobody(people, rowan, give):
    for stage in (Stage.INTERIM, Stage.ALLOCATION, Stage.CLOSED):
        give("isva", stage=stage)
    assert load_of(people, rowan, "isva").open_count == 0


def test_trials_within_eight_weeks_are_counted(people, rowan, give):
    for days in (0, 56, 57, -1):
        give("isva", trial_in=days)
    assert load_of(people, rowan, "isva").near_trial == 2


def test_days_at_court_in_the_next_two_weeks_are_counted_once_each(people, rowan, give):
    case, iris = give("isva"), people["isva"]
    for days in (3, 3, 5, 15):
        book(case, iris, days=days)
    book(case, iris, days=7, mode="phone")
    book(case, iris, days=8, cancelled=True)
    assert load_of(people, rowan, "isva").court_days == 2


def test_leave_is_told_with_its_last_day_and_leave_to_come_with_its_first(people, rowan):
    membership = people["isva"].memberships.get()
    Leave.objects.create(
        service=rowan, membership=membership, kind="annual", first_day=today() + dt.timedelta(days=9),
        last_day=today() + dt.timedelta(days=20),
    )  # fmt: skip
    away = Leave.objects.get(membership__user=people["isva_on_leave"])
    assert away.last_day > today()
    assert load_of(people, rowan, "isva_on_leave").leave_until == away.last_day
    iris = load_of(people, rowan, "isva")
    assert (iris.leave_until, iris.leave_from) == (None, today() + dt.timedelta(days=9))
    then = load_of(people, rowan, "isva", on=today() + dt.timedelta(days=10))
    assert then.leave_until == today() + dt.timedelta(days=20)


def test_a_conflict_is_told_for_the_client_who_is_asked_about(people, rowan, give):
    case = give("isva")
    with act(people["manager"], rowan):
        declare_conflict(case.client, user=people["second_isva"], reason="a neighbour", by=people["manager"])
    told = {one.user: one.conflicted for one in caseloads(rowan, client=case.client)}
    assert [user for user, conflicted in told.items() if conflicted] == [people["second_isva"]]
    assert not any(one.conflicted for one in caseloads(rowan))


def test_the_profile_comes_with_the_load(people, rowan):
    ida, imran = load_of(people, rowan, "trainee"), load_of(people, rowan, "second_isva")
    assert (ida.trainee, ida.cap) == (True, 15)
    assert (imran.sex, imran.areas, "urdu" in imran.languages) == ("male", {"Westbeck"}, True)
    assert load_of(people, rowan, "fourth_isva").hours == Decimal("22.5")


def test_somebody_without_a_profile_has_the_usual_cap(people, rowan):
    people["isva"].memberships.get().profile.delete()
    assert load_of(people, rowan, "isva").cap == 35


def test_who_left_or_has_not_begun_is_not_shown(people, rowan):
    left = people["isva"].memberships.get()
    left.ends_on = today() - dt.timedelta(days=1)
    left.save()
    coming = people["second_isva"].memberships.get()
    coming.starts_on = today() + dt.timedelta(days=1)
    coming.save()
    assert not {"Iris Ivy", "Imran Ilex"} & {one.name for one in caseloads(rowan)}


def test_another_service_weighs_nothing_here(people, services):
    make_case(services["harbour"], by=people["harbour_manager"], stage=Stage.ACTIVE, isva=people["isva"])
    assert load_of(people, services["rowan"], "isva").open_count == 0


def test_loads_take_three_queries_however_many_there_are(people, rowan, give):
    asked = []
    for _round in range(2):
        with act_as_system(SystemUser.CLOCK, rowan), CaptureQueriesContext(connection) as queries:
            loads.caseloads(rowan)
        asked.append(len(queries))
        for key in ("isva", "chisva", "trainee"):
            give(key, "medium")
    assert asked == [3, 3]

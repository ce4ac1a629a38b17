"""What people who have left, or are away, left undone: the nightly sweep, the manager's page, and giving it on."""

import datetime as dt

import pytest
from django.conf import settings
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from casework import restricting
from casework.models import Appointment
from isva.access.acting import act
from isva.access.system import SystemUser, act_as_system
from isva.accounts.membership import begin_membership
from isva.accounts.models import Leave, Membership, User
from isva.clock.moment import at, today
from isva.clock.rules import Scope, ask, rule_named
from isva.clock.working_days import end_of_day
from isva.pathway import Stage
from supervision import groups, left, management, tasks
from supervision.arranging import arrange
from supervision.management import Decision
from supervision.models import GroupAction, LeftItem, SupervisionAction
from tests.factories import make_case
from tests.supervision.conftest import member_of

pytestmark = pytest.mark.django_db

DAY = dt.datetime(2027, 3, 3, 12, tzinfo=dt.UTC)
ONE = dt.timedelta(seconds=1)
ONE_DAY = dt.timedelta(days=1)


@pytest.fixture(autouse=True)
def a_wednesday_in_march(time_machine):
    time_machine.move_to(DAY)


@pytest.fixture
def taken_on(people, rowan):
    """``taken_on("trainee")`` – an action from a group that they are to do by 10 March."""

    def make(key, due_on=dt.date(2027, 3, 10), number=1):
        with act(people["manager"], rowan) as person:
            group = groups.groups_that_meet(person.user).first() or groups.add_group(
                person, by=person.user, agencies=[], name="Group", kind="other"
            )
            groups.record_meeting(
                group, by=person.user, held_on=today() - dt.timedelta(days=number), attended=[], concluded="x",
                decisions=[Decision(f"Write to them {number}", people[key], due_on)],
            )  # fmt: skip
        return GroupAction.objects.get(what=f"Write to them {number}")

    return make


@pytest.fixture
def leaves(people, rowan):
    """``leaves("trainee")`` – their last day was yesterday."""

    def end(key, last_day=None):
        membership = member_of(people[key], rowan)
        membership.ends_on = last_day or today() - dt.timedelta(days=1)
        with act(people["records_lead"], rowan):
            membership.save()

    return end


def items() -> list[tuple]:
    return list(LeftItem.objects.order_by("pk").values_list("kind", "why", "settled_how"))


def test_an_action_of_somebody_who_has_left_is_found_once(taken_on, leaves, rowan):
    action = taken_on("trainee")
    assert left.sweep(rowan) == (0, 0)
    leaves("trainee", last_day=today())
    assert left.sweep(rowan) == (0, 0)
    with at(DAY + dt.timedelta(days=1)):
        assert left.sweep(rowan) == (1, 0)
        assert left.sweep(rowan) == (0, 0)
    assert items() == [("group", "gone", "")]
    assert LeftItem.objects.get().record == action.pk


def test_the_sweep_of_one_service_finds_and_settles_nothing_of_another(people, services):
    harbour, manager = services["harbour"], people["harbour_manager"]
    worker = member_of(people["harbour_isva"], harbour)
    with act(manager, harbour) as person:
        group = groups.add_group(person, by=manager, agencies=[], name="Group", kind="other")
        groups.record_meeting(
            group, by=manager, held_on=today(), attended=[], concluded="x",
            decisions=[Decision("Write to them", manager, dt.date(2027, 3, 10))],
        )  # fmt: skip
        arrange(worker, "clinical", supervisor=manager, provider="", every_days=None, by=manager)
    Membership.objects.filter(service=harbour, user=manager).update(ends_on=today() - ONE_DAY)
    assert left.sweep(services["rowan"]) == (0, 0)
    assert left.sweep(harbour) == (2, 0)
    assert left.sweep(services["rowan"]) == (0, 0)
    assert {settled for _kind, _why, settled in items()} == {""}


def test_who_works_or_is_away_elsewhere_works_here_or_has_left_all_the_same(
    taken_on, leaves, rowan, people, services
):
    taken_on("trainee")
    elsewhere = begin_membership(
        user=people["trainee"], service=services["harbour"], roles=["isva"], starts_on=today(), by=None
    )
    Leave(
        service=services["harbour"], membership=elsewhere, kind="annual", first_day=today(),
        last_day=today() + 60 * ONE_DAY,
    ).save(force_insert=True)  # fmt: skip
    assert left.sweep(rowan) == (0, 0)
    leaves("trainee")
    assert left.sweep(rowan) == (1, 0)


def test_who_begins_only_later_is_not_there_yet(taken_on, rowan, people):
    taken_on("trainee")
    Membership.objects.filter(user=people["trainee"]).update(starts_on=today() + ONE_DAY)
    assert left.sweep(rowan) == (1, 0)


def test_the_sweep_changes_no_record_but_its_own_notes(taken_on, leaves, rowan):
    action = taken_on("trainee")
    leaves("trainee")
    left.sweep(rowan)
    assert action.history.count() == 1
    assert GroupAction.objects.get().owner_id == action.owner_id
    assert [one.history_user.name for one in LeftItem.objects.get().history.all()] != ["Meera Maple"]


def test_somebody_whose_account_is_shut_has_left_too(taken_on, rowan, people):
    taken_on("trainee")
    user = User.objects.get(pk=people["trainee"].pk)
    user.is_active = False
    user.save()
    left.sweep(rowan)
    assert items() == [("group", "gone", "")]


@pytest.mark.parametrize(
    ("last_day", "found"), [(dt.date(2027, 3, 10), []), (dt.date(2027, 3, 11), [("group", "away", "")])]
)
def test_whoever_is_away_until_after_it_is_due_leaves_it_and_has_it_again_when_back(
    taken_on, rowan, people, last_day, found
):
    taken_on("trainee")
    leave = Leave(
        service=rowan, membership=member_of(people["trainee"], rowan), kind="sick", first_day=dt.date(2027, 3, 2),
        last_day=last_day,
    )  # fmt: skip
    leave.save()
    left.sweep(rowan)
    assert items() == found
    leave.delete()
    left.sweep(rowan)
    assert items() == [(kind, why, "back") for kind, why, _how in found]


def test_what_is_done_or_changed_elsewhere_is_settled(taken_on, leaves, rowan, people):
    action = taken_on("trainee")
    leaves("trainee")
    left.sweep(rowan)
    with act(people["manager"], rowan):
        groups.close_group_action(action, by=people["manager"])
    left.sweep(rowan)
    assert items() == [("group", "gone", "ended")]


def test_supervision_that_its_supervisor_left_and_its_actions_are_found(leaves, rowan, people, signed_in):
    with act(people["manager"], rowan) as person:
        membership = member_of(people["isva"], rowan)
        arrange(
            membership, "management", supervisor=people["second_manager"], every_days=None, by=person.user
        )
        management.hold_supervision(
            person, membership, held_on=today(), decisions=[Decision("x", people["second_manager"], today())]
        )
    leaves("second_manager")
    left.sweep(rowan)
    assert sorted(items()) == [("supervision", "gone", ""), ("supervisor", "gone", "")]
    page = signed_in("manager").get(reverse("list_left_behind")).content.decode()
    assert reverse("arrange_management", args=[membership.pk]) in page
    item = LeftItem.objects.get(kind="supervision")
    signed_in("manager").post(reverse("give_left_item", args=[item.pk]), {"to": str(people["isva"].pk)})
    assert SupervisionAction.objects.get().owner == people["isva"]


@pytest.mark.parametrize(
    ("meanwhile", "how"),
    [("comes back", "back"), ("is arranged anew", "ended"), ("is not needed", "ended")],
)
def test_supervision_whose_supervisor_left_is_settled(leaves, rowan, people, meanwhile, how):
    def supervised_by(supervisor, seen=""):
        with act(people["manager"], rowan) as person:
            member = member_of(people["isva"], rowan)
            return arrange(
                member, "clinical", supervisor=supervisor, every_days=None, by=person.user, seen=seen
            )

    before = supervised_by(people["supervisor"])
    leaves("supervisor")
    assert left.sweep(rowan) == (1, 0)
    if meanwhile == "comes back":
        Membership.objects.filter(user=people["supervisor"]).update(ends_on=None)
    elif meanwhile == "is not needed":
        Membership.objects.filter(pk=before.membership_id).update(roles=["coordinator"])
    else:
        supervised_by(people["second_manager"], seen=str(before.pk))
    assert left.sweep(rowan) == (0, 1)
    assert items() == [("supervisor", "gone", how)]


def test_the_managers_are_told_until_the_next_working_day(taken_on, leaves, rowan):
    taken_on("trainee")
    leaves("trainee")
    left.sweep(rowan)
    due_at = end_of_day(dt.date(2027, 3, 4))
    for moment, late in ((due_at - ONE, False), (due_at, False), (due_at + ONE, True)):
        with at(moment), act_as_system(SystemUser.CLOCK, rowan):
            found = ask([rule_named("left_item")], Scope(rowan, DAY + dt.timedelta(days=3650)))
            assert [(one.due_at, one.holder, one.is_overdue) for one in found] == [(due_at, None, late)]


def test_a_manager_gives_it_to_somebody_and_that_is_kept(taken_on, leaves, rowan, people, signed_in):
    action = taken_on("trainee")
    leaves("trainee")
    left.sweep(rowan)
    item = LeftItem.objects.get()
    manager, address = signed_in("manager"), reverse("give_left_item", args=[item.pk])
    page = manager.get(reverse("list_left_behind")).content.decode()
    assert "Write to them 1" in page
    assert "Ida Inkberry" in page
    assert f'value="{people["trainee"].pk}"' not in manager.get(address).content.decode()
    assert signed_in("isva").get(reverse("list_left_behind")).status_code == 403
    assert manager.post(address, {"to": str(people["trainee"].pk)}).status_code == 200
    manager.post(address, {"to": str(people["isva"].pk)})
    item.refresh_from_db()
    assert (item.settled_how, item.given_to, item.given_by) == ("given", people["isva"], people["manager"])
    states = [(one.owner_id, one.history_user.name) for one in action.history.order_by("history_date")]
    assert states == [(people["trainee"].pk, "Meera Maple"), (people["isva"].pk, "Meera Maple")]
    assert "Action from a group" in signed_in("isva").get(reverse("my_day")).content.decode()
    assert manager.get(address).status_code == 404
    page = manager.get(reverse("list_left_behind")).content.decode()
    assert "Given on in the last 30 days" in page


def test_nothing_is_given_to_somebody_who_is_away(taken_on, leaves, rowan, people, signed_in):
    taken_on("trainee")
    leaves("trainee")
    left.sweep(rowan)
    Leave(
        service=rowan, membership=member_of(people["second_isva"], rowan), kind="annual", first_day=today(), last_day=today()
    ).save()  # fmt: skip
    address = reverse("give_left_item", args=[LeftItem.objects.get().pk])
    page = signed_in("manager").post(address, {"to": str(people["second_isva"].pk)})
    assert page.status_code == 200
    assert "Imran Ilex" not in page.content.decode()
    assert items() == [("group", "gone", "")]


def test_what_somebody_took_meanwhile_cannot_be_given_again(taken_on, leaves, rowan, people):
    action = taken_on("trainee")
    leaves("trainee")
    left.sweep(rowan)
    with act(people["manager"], rowan):
        groups.close_group_action(action, by=people["manager"])
        with pytest.raises(left.CannotGive):
            left.give_left_item(LeftItem.objects.get(), to=people["isva"], by=people["manager"])


def test_the_same_thing_cannot_be_noted_twice_while_it_is_open(taken_on, leaves, rowan, people):
    taken_on("trainee")
    leaves("trainee")
    left.sweep(rowan)
    again = LeftItem.objects.get()
    with act(people["manager"], rowan), pytest.raises(IntegrityError), transaction.atomic():
        LeftItem(
            service=rowan,
            kind=again.kind,
            record=again.record,
            owner=again.owner,
            why="gone",
            found_on=today(),
        ).save(force_insert=True)


def test_cases_that_are_left_behind_stand_on_the_page_for_whoever_may_see_them(
    leaves, rowan, people, signed_in
):
    names = {"Carried Testperson": {"stage": Stage.ACTIVE, "isva": people["trainee"]}, "Waiting Testperson": {"stage": Stage.INTERIM},
             "Booked Testperson": {"stage": Stage.ACTIVE, "isva": people["isva"]}}  # fmt: skip
    cases = {
        name: make_case(rowan, by=people["second_manager"], name=name, **how) for name, how in names.items()
    }
    with act(people["second_manager"], rowan):
        cases["Waiting Testperson"].interim_worker = people["trainee"]
        cases["Waiting Testperson"].save()
        Appointment(
            case=cases["Booked Testperson"], at=DAY + dt.timedelta(days=9), mode="phone", worker=people["trainee"],
            recorded_by=people["isva"],
        ).save()  # fmt: skip
    address = reverse("list_left_behind")
    assert "Testperson" not in signed_in("manager").get(address).content.decode()
    leaves("trainee")
    page = signed_in("manager").get(address).content.decode()
    for name in names:
        assert name in page
    carried = cases["Carried Testperson"]
    assert reverse("reallocate_case", args=[carried.pk]) in page
    with act(people["second_manager"], rowan):
        restricting.restrict_client(
            carried.client, reason="a colleague", named=[people["isva"]], by=people["second_manager"]
        )
    assert "Carried Testperson" not in signed_in("manager").get(address).content.decode()


def test_the_page_costs_no_more_with_more_on_it(taken_on, leaves, rowan, people, signed_in):
    manager, address = signed_in("manager"), reverse("list_left_behind")
    taken_on("trainee")
    make_case(rowan, by=people["manager"], stage=Stage.ACTIVE, isva=people["trainee"])
    leaves("trainee")
    left.sweep(rowan)
    manager.get(address)
    with CaptureQueriesContext(connection) as few:
        manager.get(address)
    for number in range(2, 6):
        taken_on("trainee", number=number)
        make_case(rowan, by=people["manager"], stage=Stage.ACTIVE, isva=people["trainee"])
    left.sweep(rowan)
    with CaptureQueriesContext(connection) as many:
        manager.get(address)
    assert len(few) == len(many) <= 18


def test_the_night_sweeps_every_service_and_one_that_fails_stops_no_other(
    taken_on, leaves, rowan, monkeypatch
):
    taken_on("trainee")
    leaves("trainee")
    assert settings.CELERY_BEAT_SCHEDULE["sweep-what-was-left"]["task"] == tasks.sweep_what_was_left.name
    whole = left.sweep

    def failing(service):
        if service.pk != rowan.pk:
            raise ValueError("a record")
        return whole(service)

    monkeypatch.setattr(left, "sweep", failing)
    with pytest.raises(RuntimeError, match="1 sweeps failed"):
        tasks.sweep_what_was_left()
    assert items() == [("group", "gone", "")]

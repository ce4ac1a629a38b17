"""Management supervision: the agenda prepares itself, is frozen, and names a case only to whoever may see it."""

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from casework import access, restricting, worklists
from casework.models import Appointment, ComplexityReading, OnwardReferral
from isva.access.acting import act
from isva.access.system import SystemUser, act_as_system
from isva.clock.moment import at, now, today
from isva.clock.rules import Scope, ask, rule_named
from isva.clock.working_days import end_of_day
from isva.codes import Complexity
from isva.pathway import Stage
from supervision import agenda, management
from supervision.arranging import arrange
from supervision.models import AgendaCase, ManagementSession, SupervisionAction
from supervision.views.agenda_pieces import figure_rows
from tests.access.test_each_wall_alone import no_second_wall  # noqa: F401 (a fixture)
from tests.factories import make_case
from tests.supervision.conftest import BEGAN, member_of
from triage.load_history import keep_loads
from triage.models import LoadReading

pytestmark = pytest.mark.django_db

DAY = dt.datetime(2027, 3, 3, 12, tzinfo=dt.UTC)


@pytest.fixture(autouse=True)
def a_wednesday_in_march(time_machine):
    time_machine.move_to(DAY)


@pytest.fixture
def managed(people, rowan):
    """``managed("isva")`` – Meera Maple supervises them, since 4 January 2027."""

    def make(key: str):
        with at(BEGAN), act(people["manager"], rowan):
            return arrange(
                member_of(people[key], rowan), "management", supervisor=people["manager"], every_days=None,
                by=people["manager"],
            ).membership  # fmt: skip

    return make


@pytest.fixture
def held_by_manager(people, rowan):
    """``held_by_manager(membership)`` – management supervision, held today by Meera Maple."""

    def hold(membership, *decisions, day=None):
        with act(people["manager"], rowan) as person:
            return management.hold_supervision(
                person, membership, held_on=day or today(), decisions=list(decisions)
            )

    return hold


def carried(rowan, people, name="Ada Testperson", days=200, stage=Stage.ACTIVE):
    with at(DAY - dt.timedelta(days=days)):
        return make_case(rowan, by=people["second_manager"], stage=stage, isva=people["isva"], name=name)


def whys(points) -> set:
    return {(point.case.client.name, point.why) for point in points}


def prepared(people, rowan, reader="manager"):
    with act(people[reader], rowan) as person:
        return agenda.prepare(person, people["isva"])


def test_the_agenda_holds_what_stands_at_this_moment(rowan, people):
    long = carried(rowan, people, "Long Testperson")
    carried(rowan, people, "Paused Testperson", days=10, stage=Stage.STEPPED_DOWN)
    carried(rowan, people, "Quiet Testperson", days=10)
    with act(people["manager"], rowan):
        Appointment(
            case=long, at=now() + dt.timedelta(days=3), mode="court", worker=people["isva"], recorded_by=people["isva"]
        ).save()  # fmt: skip
        OnwardReferral(
            case=long, need="x", answer="no_service", unheld_risk=True, recorded_by=people["isva"]
        ).save()
    found = prepared(people, rowan)
    assert whys(found.points) == {
        ("Long Testperson", "long"), ("Long Testperson", "court"), ("Long Testperson", "unheld_risk"),
        ("Paused Testperson", "paused"),
    }  # fmt: skip
    assert found.points[0].why == "unheld_risk"
    assert (found.figures["open"], found.figures["court_days"], found.figures["long"]) == (3, 1, 1)
    assert found.figures["weeks"] == []  # the clock has not gone round yet


def kept(people, rowan):
    """The agenda, after the clock went round."""
    with act_as_system(SystemUser.CLOCK, rowan):
        LoadReading.objects.all().delete()
        keep_loads(rowan)
    return prepared(people, rowan).figures


def test_an_overload_of_more_than_four_weeks_is_told_with_its_day_and_a_shorter_one_is_not(rowan, people):
    profile = member_of(people["isva"], rowan).profile
    profile.caseload_cap = 1
    with act(people["records_lead"], rowan):
        profile.save()
    carried(rowan, people)
    carried(rowan, people, days=27)
    figures = kept(people, rowan)
    assert (figures["overloaded"], figures["over_since"], figures["weeks"]) == (
        False,
        "2027-02-08",
        [1, 2, 2, 2, 2],
    )
    carried(rowan, people, days=36)
    figures = kept(people, rowan)
    assert (figures["overloaded"], figures["over_since"], figures["weeks"]) == (
        True,
        "2027-02-01",
        [2, 3, 3, 3, 3],
    )


def test_one_case_too_heavy_for_weeks_is_an_overload_too(rowan, people):
    profile = member_of(people["isva"], rowan).profile
    profile.caseload_cap = 1
    with act(people["records_lead"], rowan):
        profile.save()
    case = carried(rowan, people)
    assert kept(people, rowan)["overloaded"] is False
    with act(people["manager"], rowan):
        ComplexityReading(
            case=case,
            at=DAY - dt.timedelta(days=60),
            score=40,
            band=Complexity.HIGHER.value,
            recorded_by=people["isva"],
        ).save()
    figures = kept(people, rowan)
    assert (figures["overloaded"], figures["open"], figures["cap"]) == (True, 1, 1)
    assert set(figures["weighted_weeks"]) == {f"{rowan.weight_higher:.2f}"}
    page = "".join(str(one["value"]) for one in figure_rows(figures))
    assert "Above the cap, by number or by weight, since" in page


def test_the_agenda_is_frozen_with_the_session(rowan, people, managed, held_by_manager, signed_in):
    case = carried(rowan, people, "Long Testperson")
    session = held_by_manager(managed("isva"))
    with act(people["second_manager"], rowan):
        case.client.name = "Renamed Testperson"
        case.client.save()
    carried(rowan, people, "Later Testperson")
    with act(people["manager"], rowan):
        stood = agenda.read_back(session, people["manager"])
    assert whys(stood.points) == {("Renamed Testperson", "long")}
    assert stood.figures["open"] == 1
    page = signed_in("manager").get(reverse("show_supervision", args=[session.pk])).content.decode()
    assert "Renamed Testperson" in page
    assert "Later Testperson" not in page


def test_everybody_has_their_own_dates(managed, people, rowan):
    for key in ("isva", "second_isva", "trainee"):
        managed(key)
    for key in ("isva", "second_isva", "trainee"):
        with act(people[key], rowan) as person:
            assert management.dates_of(person).membership == member_of(people[key], rowan)


def test_the_filter_alone_keeps_a_walled_case_off_the_agenda(
    rowan,
    people,
    managed,
    held_by_manager,
    no_second_wall,  # noqa: F811
):
    case = carried(rowan, people, "Long Testperson")
    session = held_by_manager(managed("isva"))
    with act(people["second_manager"], rowan):
        access.declare_conflict(
            case.client, user=people["manager"], reason="a cousin", by=people["second_manager"]
        )
    with act(people["manager"], rowan):
        assert agenda.read_back(session, people["manager"]).points == ()
    with act(people["second_manager"], rowan):
        assert whys(agenda.read_back(session, people["second_manager"]).points) == {
            ("Long Testperson", "long")
        }


def test_the_figures_of_a_session_name_no_case(rowan, people, managed, held_by_manager):
    case = carried(rowan, people, "Long Testperson")
    session = held_by_manager(managed("isva"))
    for secret in (str(case.pk), case.reference, "Testperson"):
        assert secret not in str(session.figures)


def test_an_agenda_names_a_case_only_to_whoever_may_see_it(
    rowan, people, managed, held_by_manager, signed_in
):
    case = carried(rowan, people, "Walled Testperson")
    membership = managed("isva")
    session = held_by_manager(membership)
    with act(people["second_manager"], rowan):
        restricting.restrict_client(
            case.client, reason="a colleague", named=[people["isva"]], by=people["second_manager"]
        )
    assert prepared(people, rowan).points == ()
    assert prepared(people, rowan).figures["open"] == 1
    address = reverse("show_supervision", args=[session.pk])
    assert "Walled Testperson" not in signed_in("manager").get(address).content.decode()
    assert "Walled Testperson" in signed_in("isva").get(address).content.decode()
    for reader, seen in (("manager", 0), ("isva", 1), ("second_isva", 0)):
        with act(people[reader], rowan):
            assert AgendaCase._base_manager.count() == seen  # the database alone


def test_a_session_is_the_persons_and_the_managers_and_nobody_elses(managed, held_by_manager, signed_in):
    address = reverse("show_supervision", args=[held_by_manager(managed("isva")).pk])
    answers = {key: signed_in(key).get(address).status_code for key in ("manager", "isva", "second_isva")}
    assert answers == {"manager": 200, "isva": 200, "second_isva": 404}
    for key, back in (("manager", "list_supervision"), ("isva", "my_supervision")):
        assert f'href="{reverse(back)}">Back to supervision' in signed_in(key).get(address).content.decode()
    assert signed_in("supervisor").get(address).status_code == 403


def told(people, **answers) -> dict:
    return {
        "held_on_day": "3", "held_on_month": "3", "held_on_year": "2027", "what_1": "Free Thursday mornings",
        "owner_1": str(people["isva"].pk), "due_on_1_day": "10", "due_on_1_month": "3", "due_on_1_year": "2027",
    } | answers  # fmt: skip


def test_a_decision_becomes_an_action_on_my_day_until_it_is_done(managed, people, signed_in):
    address = reverse("hold_supervision", args=[managed("isva").pk])
    page = signed_in("manager").post(address, told(people, owner_1=""))
    assert "Select who does it from the list" in page.content.decode()
    assert not ManagementSession.objects.exists()
    assert signed_in("manager").post(address, told(people)).status_code == 302
    action = SupervisionAction.objects.get()
    iris = signed_in("isva")
    assert "Action from supervision" in iris.get(reverse("my_day")).content.decode()
    assert "Action from supervision" not in signed_in("second_isva").get(reverse("my_day")).content.decode()
    assert "Free Thursday mornings" in iris.get(reverse("list_actions")).content.decode()
    done = {"action": str(action.pk)}
    assert signed_in("second_isva").post(reverse("close_supervision_action"), done).status_code == 404
    assert iris.post(reverse("close_supervision_action"), done).status_code == 302
    assert "Action from supervision" not in iris.get(reverse("my_day")).content.decode()


@pytest.mark.parametrize(
    ("key", "lands_on"), [("coordinator", "inbox"), ("manager", "service_today"), ("isva", "my_day")]
)
def test_whoever_has_an_action_finds_it_where_they_land_and_can_do_it(
    managed, held_by_manager, people, signed_in, key, lands_on
):
    held_by_manager(managed("isva"), management.Decision("Write to them", people[key], today()))
    browser, done = signed_in(key), {"action": str(SupervisionAction.objects.get().pk)}
    page = browser.get(reverse(lands_on)).content.decode()
    assert "Yours beside cases" in page
    assert reverse("list_actions") in page.split("<main", 1)[-1]
    assert "Write to them" in browser.get(reverse("list_actions")).content.decode()
    other = signed_in("chisva")
    assert "Write to them" not in other.get(reverse("list_actions")).content.decode()
    assert other.post(reverse("close_supervision_action"), done).status_code == 404
    assert browser.post(reverse("close_supervision_action"), done).status_code == 302
    assert "Yours beside cases" not in browser.get(reverse(lands_on)).content.decode()


def test_done_is_offered_to_whose_action_it_is_and_to_managers(managed, held_by_manager, people, signed_in):
    held_by_manager(managed("isva"), management.Decision("Write to them", people["coordinator"], today()))
    key = str(SupervisionAction.objects.get().pk)
    for who, offered in (("isva", False), ("coordinator", True), ("second_manager", True)):
        page = signed_in(who).get(reverse("list_actions")).content.decode()
        assert "Write to them" in page, who
        assert (key in page) is offered, who


def test_however_much_is_due_of_others_ones_own_is_listed(
    managed, held_by_manager, people, rowan, monkeypatch
):
    membership = managed("isva")
    held_by_manager(
        membership, *(management.Decision(f"Write {n}", people["isva"], today()) for n in range(3)),
        management.Decision("Ring them", people["coordinator"], today() + dt.timedelta(days=1)),
    )  # fmt: skip
    monkeypatch.setattr(worklists, "MOST_ROWS", 2)
    with act(people["coordinator"], rowan):
        found = worklists.due_beside_cases(people["coordinator"], rowan)
    assert [one.kind for one in found if one.kind == "supervision_action"] == ["supervision_action"]


def test_a_late_action_of_a_manager_stands_once_on_service_today(
    managed, held_by_manager, people, signed_in, time_machine
):
    held_by_manager(managed("isva"), management.Decision("Write to them", people["manager"], today()))
    time_machine.move_to(DAY + dt.timedelta(days=7))
    for key, caption in (("manager", "Yours beside cases"), ("second_manager", "Late for the staff")):
        page = signed_in(key).get(reverse("service_today")).content.decode().split("<main", 1)[-1]
        assert page.count("Action from supervision") == 1
        assert caption in page


def test_a_session_needs_a_supervisor_and_stands_once_a_day(managed, held_by_manager, people, rowan):
    with pytest.raises(management.CannotHold):
        held_by_manager(member_of(people["chisva"], rowan))
    membership = managed("isva")
    held_by_manager(membership)
    with pytest.raises(management.CannotHold):
        held_by_manager(membership)


def due_by(name, service):
    return ask([rule_named(name)], Scope(service, BEGAN + dt.timedelta(days=3650)))


def test_supervision_is_due_28_days_after_the_last_and_told_to_the_supervisor(
    managed, held_by_manager, people, rowan
):
    membership = managed("isva")
    due_at = end_of_day(BEGAN.date() + dt.timedelta(days=28))
    with act_as_system(SystemUser.CLOCK, rowan):
        for moment, late in ((due_at, False), (due_at + dt.timedelta(seconds=1), True)):
            with at(moment):
                found = due_by("management_supervision", rowan)
                assert [(one.due_at, one.holder, one.is_overdue) for one in found] == [
                    (due_at, people["manager"].pk, late)
                ]
    held_by_manager(membership)
    with act_as_system(SystemUser.CLOCK, rowan):
        assert [one.due_on for one in due_by("management_supervision", rowan)] == [dt.date(2027, 3, 31)]


def test_an_action_is_due_by_the_end_of_its_day(managed, held_by_manager, people, rowan):
    held_by_manager(managed("isva"), management.Decision("x", people["isva"], dt.date(2027, 3, 10)))
    due_at = end_of_day(dt.date(2027, 3, 10))
    with act_as_system(SystemUser.CLOCK, rowan):
        for moment, late in ((due_at, False), (due_at + dt.timedelta(seconds=1), True)):
            with at(moment):
                found = due_by("supervision_action", rowan)
                assert [(one.due_at, one.holder, one.is_overdue) for one in found] == [
                    (due_at, people["isva"].pk, late)
                ]


def test_an_agenda_costs_no_more_with_more_cases(rowan, people, managed, signed_in):
    address = reverse("hold_supervision", args=[managed("isva").pk])
    browser = signed_in("manager")
    carried(rowan, people)
    browser.get(address)
    with CaptureQueriesContext(connection) as few:
        browser.get(address)
    for _number in range(5):
        carried(rowan, people)
    with CaptureQueriesContext(connection) as many:
        browser.get(address)
    assert len(few) == len(many)
    assert len(many) <= 26

"""Protocols, groups and systemic issues: what is agreed and raised with partners, and when it falls due."""

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from casework import onward
from isva.access.acting import act
from isva.access.system import SystemUser, act_as_system
from isva.clock.moment import at, now, today
from isva.clock.rules import Scope, ask, rule_named
from isva.clock.terms import terms_of
from isva.clock.working_days import end_of_day
from supervision import groups, issues, protocols
from supervision.management import Decision
from supervision.models import GroupAction, GroupMeeting, Protocol, SystemicIssue

pytestmark = pytest.mark.django_db

DAY = dt.datetime(2027, 3, 3, 12, tzinfo=dt.UTC)
ONE = dt.timedelta(seconds=1)


@pytest.fixture(autouse=True)
def a_wednesday_in_march(time_machine):
    time_machine.move_to(DAY)


@pytest.fixture
def manager(people, rowan):
    with act(people["manager"], rowan) as person:
        yield person


@pytest.fixture
def police(manager, rowan):
    return onward.add_agency(rowan, by=manager.user, name="Eastmere Police", kind="police")


@pytest.fixture
def protocol(manager, police):
    return protocols.add_protocol(
        manager, by=manager.user, agencies=[police], title="Sharing with the police", reference="Shared drive",
        signed_on=dt.date(2026, 3, 10), review_due_on=dt.date(2027, 3, 10),
    )  # fmt: skip


@pytest.fixture
def group(manager, police):
    """``group("strategic")`` – a group in which the police sit, written down today."""

    def make(kind="scrutiny", **told):
        return groups.add_group(
            manager, by=manager.user, agencies=[police], name=f"The {kind} group", kind=kind, **told
        )

    return make


def day(name, when: dt.date) -> dict:
    return {f"{name}_day": when.day, f"{name}_month": when.month, f"{name}_year": when.year}


def due_by(name, service):
    with act_as_system(SystemUser.CLOCK, service):
        return ask([rule_named(name)], Scope(service, DAY + dt.timedelta(days=3650)))


def kept_until(name, service, due_on: dt.date, holder=None):
    """Whether one thing is due by a rule on a day: not late at its last moment, late one second after."""
    for moment, late in (
        (end_of_day(due_on) - ONE, False),
        (end_of_day(due_on), False),
        (end_of_day(due_on) + ONE, True),
    ):
        with at(moment):
            found = [(one.due_at, one.holder, one.is_overdue) for one in due_by(name, service)]
            if found != [(end_of_day(due_on), holder, late)]:
                return found
    return True


# Protocols


def is_amber(due, service) -> bool:
    return due.amber_at(terms_of(service).now()) <= now()


def test_a_protocol_is_due_by_its_own_day_and_told_30_days_before(protocol, rowan):
    assert kept_until("protocol_review", rowan, dt.date(2027, 3, 10)) is True
    with at(end_of_day(dt.date(2027, 2, 8)) + ONE):
        assert [is_amber(one, rowan) for one in due_by("protocol_review", rowan)] == [True]
    with at(end_of_day(dt.date(2027, 2, 8)) - ONE):
        assert [is_amber(one, rowan) for one in due_by("protocol_review", rowan)] == [False]


def test_a_review_moves_the_day_and_stays_with_who_made_it(protocol, rowan, signed_in):
    address = reverse("review_protocol", args=[protocol.pk])
    told = day("reviewed_on", today()) | {"outcome": "Unchanged"}
    page = (
        signed_in("manager").post(address, told | day("next_review_on", dt.date(2027, 3, 3))).content.decode()
    )
    assert "There is a problem" in page
    assert signed_in("isva").post(address, told).status_code == 403
    signed_in("manager").post(address, told | day("next_review_on", dt.date(2028, 3, 1)))
    assert [one.due_on for one in due_by("protocol_review", rowan)] == [dt.date(2028, 3, 1)]
    page = signed_in("isva").get(reverse("show_protocol", args=[protocol.pk])).content.decode()
    assert "Meera Maple" in page
    assert "Unchanged" in page
    assert address not in page


def test_a_protocol_that_has_ended_is_waited_for_no_more(protocol, manager, police, rowan):
    protocols.change_protocol(protocol, by=manager.user, agencies=[police], ended_on=today())
    assert due_by("protocol_review", rowan) == []
    with pytest.raises(protocols.CannotAgree):
        protocols.review_protocol(
            protocol, by=manager.user, reviewed_on=today(), next_review_on=today() + dt.timedelta(days=9)
        )


def test_a_protocol_is_signed_with_somebody_and_reviewed_after(manager, police):
    told = {
        "title": "x",
        "reference": "y",
        "signed_on": today(),
        "review_due_on": today() + dt.timedelta(days=9),
    }
    for wrong in (
        {"agencies": []},
        {"review_due_on": today()},
        {"signed_on": today() + dt.timedelta(days=1)},
    ):
        with pytest.raises(protocols.CannotAgree):
            protocols.add_protocol(manager, by=manager.user, **({"agencies": [police]} | told | wrong))


def test_a_manager_writes_a_protocol_down_and_the_agency_shows_it(signed_in, police):
    told = {"title": "Sharing", "reference": "Drive", "agencies": [str(police.pk)]}
    told |= day("signed_on", dt.date(2027, 1, 4)) | day("review_due_on", dt.date(2028, 1, 4))
    assert signed_in("coordinator").post(reverse("add_protocol"), told).status_code == 403
    assert signed_in("manager").post(reverse("add_protocol"), told).status_code == 302
    address = reverse("show_protocol", args=[Protocol.objects.get().pk])
    assert address in signed_in("isva").get(reverse("show_agency", args=[police.pk])).content.decode()
    assert signed_in("harbour_manager").get(address).status_code == 404


# Groups


@pytest.mark.parametrize(
    ("kind", "due_on"), [("strategic", dt.date(2027, 9, 3)), ("scrutiny", dt.date(2027, 6, 3))]
)
def test_a_group_meets_twice_a_year_or_each_quarter(group, rowan, kind, due_on):
    group(kind)
    assert kept_until(f"{kind}_group", rowan, due_on) is True


def test_a_meeting_begins_the_quarter_anew(group, manager, rowan):
    one = group(next_on=dt.date(2027, 4, 1))
    with at(dt.datetime(2027, 4, 2, 12, tzinfo=dt.UTC)):
        meeting = groups.record_meeting(
            one, by=manager.user, held_on=dt.date(2027, 4, 2), attended=[manager.user], concluded="x", next_on=dt.date(2027, 6, 1)
        )  # fmt: skip
        assert (meeting.planned_on, meeting.held_on) == (dt.date(2027, 4, 1), dt.date(2027, 4, 2))
        assert [one.due_on for one in due_by("scrutiny_group", rowan)] == [dt.date(2027, 7, 2)]
        one.refresh_from_db()
        assert one.next_on == dt.date(2027, 6, 1)
        with pytest.raises(groups.CannotMeet):
            groups.record_meeting(
                one, by=manager.user, held_on=dt.date(2027, 4, 2), attended=[], concluded="x"
            )


def test_another_group_and_one_that_has_ended_are_waited_for_by_no_rule(group, manager, rowan):
    group("other")
    groups.change_group(group("strategic"), by=manager.user, agencies=[], ended_on=today())
    assert due_by("strategic_group", rowan) == due_by("scrutiny_group", rowan) == []


def meeting(people, **answers) -> dict:
    return day("held_on", today()) | {
        "attended": [str(people["isva"].pk)], "concluded": "Files wait too long.", "what_1": "Send our figures",
        "owner_1": str(people["isva"].pk), **day("due_on_1", dt.date(2027, 3, 10)),
    } | answers  # fmt: skip


def test_what_is_taken_on_in_a_meeting_stands_on_my_day_until_it_is_done(group, people, signed_in, rowan):
    one = group()
    address = reverse("record_meeting", args=[one.pk])
    page = signed_in("manager").post(address, meeting(people, owner_1="")).content.decode()
    assert "Select who does it from the list" in page
    assert not GroupMeeting.objects.exists()
    assert signed_in("manager").post(address, meeting(people)).status_code == 302
    iris, action = signed_in("isva"), GroupAction.objects.get()
    assert "Action from a group" in iris.get(reverse("my_day")).content.decode()
    page = iris.get(reverse("show_group", args=[one.pk])).content.decode()
    assert "Files wait too long." in page
    assert "Iris Ivy" in page
    done = {"action": str(action.pk)}
    assert signed_in("second_isva").post(reverse("close_group_action"), done).status_code == 404
    assert iris.post(reverse("close_group_action"), done).status_code == 302
    assert "Action from a group" not in iris.get(reverse("my_day")).content.decode()


def test_an_action_is_its_owners_and_two_working_days_later_the_managers_too(
    group, manager, people, rowan, signed_in
):
    groups.record_meeting(
        group(), by=manager.user, held_on=today(), attended=[], concluded="x",
        decisions=[Decision("x", people["isva"], dt.date(2027, 3, 10))],
    )  # fmt: skip
    assert kept_until("group_action", rowan, dt.date(2027, 3, 10), people["isva"].pk) is True
    for moment, shown in (
        (dt.datetime(2027, 3, 12, 12, tzinfo=dt.UTC), False),
        (dt.datetime(2027, 3, 13, 12, tzinfo=dt.UTC), True),
    ):
        with at(moment):
            page = signed_in("manager").get(reverse("service_today")).content.decode()
            assert ("Action from a group" in page) is shown


def test_a_list_costs_no_more_with_more_groups_and_protocols(group, protocol, manager, police, signed_in):
    browser = signed_in("isva")
    pages = [reverse(name) for name in ("list_groups", "list_protocols", "list_issues")]
    group("other")
    issues.raise_issue(
        manager, by=manager.user, title="x", level="management", raised_on=today(), agency=police
    )

    def cost():
        counts = []
        for page in pages:
            browser.get(page)
            with CaptureQueriesContext(connection) as asked:
                browser.get(page)
            counts.append(len(asked))
        return counts

    few = cost()
    for number in range(4):
        groups.add_group(manager, by=manager.user, agencies=[police], name=f"Group {number}", kind="scrutiny")
        protocols.add_protocol(
            manager, by=manager.user, agencies=[police], title=f"P {number}", reference="x", signed_on=today(),
            review_due_on=today() + dt.timedelta(days=9),
        )  # fmt: skip
        issues.raise_issue(
            manager, by=manager.user, title="y", level="strategic", raised_on=today(), agency=police
        )
    assert cost() == few
    assert max(few) <= 14


# Systemic issues


def raised(**answers) -> dict:
    return (
        {"title": "Phones are kept for a year", "level": "management"} | day("raised_on", today()) | answers
    )


def test_an_issue_is_raised_by_anybody_in_casework_and_filtered(signed_in, police):
    iris = signed_in("isva")
    page = iris.get(reverse("raise_issue")).content.decode()
    assert "Name no client" in page
    iris.post(reverse("raise_issue"), raised(agency=str(police.pk)))
    for query, shown in (
        ({}, True), ({"agency": str(police.pk)}, True), ({"level": "strategic"}, False), ({"status": "open"}, True),
        ({"status": "changed"}, False), ({"status": "rubbish", "agency": "rubbish"}, True),
    ):  # fmt: skip
        page = iris.get(reverse("list_issues"), query).content.decode()
        assert ("Phones are kept for a year" in page) is shown, query
    assert "Phones are kept" not in signed_in("harbour_isva").get(reverse("list_issues")).content.decode()


def test_an_issue_that_ended_says_what_changed_and_since_when(signed_in, manager):
    one = issues.raise_issue(manager, by=manager.user, title="x", level="management", raised_on=today())
    address = reverse("change_issue", args=[one.pk])
    page = signed_in("isva").post(address, raised(status="changed")).content.decode()
    assert "Enter what changed" in page
    signed_in("isva").post(address, raised(status="changed", what_changed="A month, by a new rule"))
    one.refresh_from_db()
    assert (one.status, one.ended_on, one.what_changed) == ("changed", today(), "A month, by a new rule")
    signed_in("isva").post(address, raised(status="worked_on"))
    assert SystemicIssue.objects.get().ended_on is None

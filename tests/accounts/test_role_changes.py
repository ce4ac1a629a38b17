"""What somebody is in a service: nobody lets themselves in, two records leads do not overwrite each other, and it is told."""

import datetime as dt

import pytest
from django.core import mail
from django.urls import reverse

from isva.access.acting import act
from isva.access.roles import Permission, Role
from isva.accounts import joining
from isva.accounts.directory import who_lets_in
from isva.accounts.letters import send_role_change
from isva.accounts.membership import CannotGo
from isva.accounts.models import Membership, RoleChange, User
from isva.accounts.permissions import service_permissions
from isva.accounts.role_changes import change_roles, changes_in
from isva.clock.moment import at, today
from isva.stale import ChangedMeanwhile, as_seen

pytestmark = pytest.mark.django_db

DAY = dt.timedelta(days=1)
SEEING = [Role.ISVA, Role.TRAINEE, Role.COORDINATOR, Role.MANAGER]


@pytest.fixture
def lead(signed_in, rowan):
    return signed_in("records_lead", rowan)


@pytest.fixture
def member(people, rowan):
    """``member("isva")`` – somebody's membership, as it stands now."""
    return lambda key: Membership.objects.select_related("user", "service").get(
        user=people[key], service=rowan
    )


def send(browser, member, roles, **more):
    told = {"roles": roles, "why_coordinator": "x", "why_manager": "x", **more}
    return browser.post(reverse("change_member", args=[member.pk]), told)


@pytest.mark.parametrize("role", SEEING)
def test_a_records_lead_gives_themselves_no_role_that_sees_records(role, lead, member, people, rowan):
    answer = send(lead, member("records_lead"), ["records_lead", role])
    assert (
        "You cannot give yourself a role that sees records. Ask another records lead."
        in answer.content.decode()
    )
    assert member("records_lead").roles == ["records_lead"]
    assert service_permissions(people["records_lead"], rowan) == {Permission.KEEP_RECORDS}
    assert not RoleChange.objects.exists()


def test_another_records_lead_gives_it_and_what_shows_no_record_one_gives_oneself(
    lead, member, people, rowan
):
    assert send(lead, member("records_lead"), ["records_lead", "commissioner"]).status_code == 302
    with act(people["manager"], rowan):
        change_roles(member("manager"), roles=["manager", "records_lead"], by=people["records_lead"])
        change_roles(
            member("records_lead"), roles=["records_lead", "manager"], by=people["manager"], reason="for now"
        )
    assert Permission.SEE_ALL_CASES in service_permissions(people["records_lead"], rowan)


def test_whoever_is_both_already_goes_on_with_both(member, people, rowan):
    with act(people["manager"], rowan):
        change_roles(member("manager"), roles=["manager", "records_lead"], by=people["records_lead"])
        change_roles(
            member("manager"), roles=["manager", "records_lead", "clinical_supervisor"], by=people["manager"]
        )
        with pytest.raises(CannotGo, match="give yourself"):
            change_roles(member("manager"), roles=["manager", "records_lead", "isva"], by=people["manager"])


def test_of_two_records_leads_the_second_is_told_and_keeps_their_choice(lead, member, people, rowan):
    shown = lead.get(reverse("change_member", args=[member("isva").pk])).context["form"]
    with act(people["manager"], rowan):
        change_roles(member("isva"), roles=["coordinator"], by=people["manager"], reason="for now")
    answer = send(
        lead, member("isva"), ["isva", "manager"], seen=shown["seen"].value(), why_manager="for now"
    )
    assert "Somebody changed this while you were writing" in answer.content.decode()
    assert answer.context["form"]["roles"].value() == ["isva", "manager"]
    assert member("isva").roles == ["coordinator"]
    with act(people["manager"], rowan), pytest.raises(ChangedMeanwhile):
        change_roles(member("isva"), roles=["isva"], by=people["manager"], seen="another mark")
    seen = as_seen(member("isva"), ("roles",))
    assert send(lead, member("isva"), ["isva"], seen=seen).status_code == 302
    assert member("isva").roles == ["isva"]


def test_the_person_and_all_who_let_people_in_are_told_without_a_name(
    lead, member, people, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        send(lead, member("isva"), ["isva", "coordinator"])
    told = sorted(one for letter in mail.outbox for one in letter.to)
    assert told == sorted(people[key].email for key in ("isva", "manager", "second_manager"))
    for letter in mail.outbox:
        said = (letter.subject + letter.body).lower()
        for secret in ("iris", "rhona", "isva", "coordinator", "rowan isva service"):
            assert secret not in said.replace("rowan.example", "")
    change = RoleChange.objects.get()
    assert (change.before, change.after, change.changed_by) == (
        ["isva"],
        ["isva", "coordinator"],
        people["records_lead"],
    )
    assert not send_role_change(change)  # a courier that comes twice brings nothing
    assert len(mail.outbox) == 3


def test_who_is_not_there_today_or_cannot_sign_in_is_not_told_who_comes_in(people, rowan):
    def told():
        return {one.email for one in who_lets_in(rowan)}

    manager = people["second_manager"]
    mine = Membership.objects.filter(user=manager, service=rowan)
    assert manager.email in told()
    for changes in ({"starts_on": today() + DAY}, {"starts_on": today() - 9 * DAY, "ends_on": today() - DAY}):
        mine.update(**changes)
        assert manager.email not in told(), changes
    mine.update(ends_on=today())
    assert manager.email in told()
    User.objects.filter(pk=manager.pk).update(is_active=False)
    assert manager.email not in told()
    assert people["isva"].email not in told()


def test_the_same_roles_again_are_no_change(lead, member):
    send(lead, member("isva"), ["isva"])
    assert not RoleChange.objects.exists()


def test_who_joins_is_told_to_the_managers_too(people, rowan, django_capture_on_commit_callbacks):
    with act(people["records_lead"], rowan):
        _invitation, token = joining.invite_member(
            service=rowan,
            email="nell.newcomer@rowan.example",
            name="Nell",
            roles=["manager"],
            by=people["records_lead"],
            reason="for now",
        )
    with django_capture_on_commit_callbacks(execute=True):
        joining.accept_invitation(token, name="Nell Newcomer", password="quiet harbour lantern", by=None)
    assert sorted(one for letter in mail.outbox for one in letter.to) == sorted(
        people[key].email for key in ("manager", "second_manager")
    )
    change = RoleChange.objects.get()
    assert (change.user, change.before, change.after) == (
        User.objects.get(email="nell.newcomer@rowan.example"),
        [],
        ["manager"],
    )


def test_managers_and_the_records_lead_read_who_changed_what(lead, member, signed_in, services):
    send(lead, member("isva"), ["isva", "coordinator"])
    for browser in (lead, signed_in("manager")):
        shown = browser.get(reverse("list_role_changes")).content.decode()
        for words in ("Iris Ivy", "ISVA and Support coordinator", "Rhona Rowan"[:5]):
            assert words in shown
    assert "Iris Ivy" not in signed_in("harbour_manager").get(reverse("list_role_changes")).content.decode()
    assert signed_in("isva").get(reverse("list_role_changes")).status_code == 403


def test_changes_of_the_last_ninety_days_are_read_and_older_ones_are_not(member, people, rowan):
    with act(people["manager"], rowan):
        change_roles(member("isva"), roles=["trainee"], by=people["records_lead"])
    change = RoleChange.objects.get()
    with at(change.changed_at + 90 * DAY):
        assert list(changes_in(rowan)) == [change]
    with at(change.changed_at + 90 * DAY + dt.timedelta(seconds=1)):
        assert list(changes_in(rowan)) == []

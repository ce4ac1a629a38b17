"""The staff of a service: invited, given roles, and let go; and the service never without who it needs."""

import datetime as dt

import pytest
from django.core import mail
from django.db import connection
from django.test import Client as Browser
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from casework import leaving
from casework.access import grants_and_guardian_disagree
from casework.models import Case, Grant
from isva.access.acting import act
from isva.access.roles import Permission, Role
from isva.accounts import joining, membership, role_changes
from isva.accounts.models import Invitation, Membership, User
from isva.accounts.permissions import service_permissions
from isva.clock.moment import at, now, today
from isva.pathway import Stage
from tests.entering import enrol
from tests.factories import make_case
from tests.sent import as_sent

pytestmark = pytest.mark.django_db

PASSWORD = "quiet harbour lantern"


@pytest.fixture
def lead(signed_in, services):
    return signed_in("records_lead", services["rowan"])


def member_of(user, service):
    return Membership.objects.select_related("user", "service").get(user=user, service=service)


def invite(browser, **data):
    data = {"name": "Nell Newcomer", "email": "nell.newcomer@rowan.example", "roles": ["isva"], **data}
    data = {"why_coordinator": "x", "why_manager": "x", **data}
    return browser.post(reverse("invite_member"), data)


def link_of(page) -> str:
    text = page.content.decode()
    start = text.index("/join/")
    return text[start : text.index("/", start + 6) + 1]


def test_an_invitation_leads_a_new_colleague_into_the_service(
    lead, rowan, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        page = invite(lead, roles=["isva", "coordinator"], why_coordinator="x")
    link = link_of(page)
    # the letter carries the link and nothing else of anybody
    letter = mail.outbox[0]
    assert letter.to == ["nell.newcomer@rowan.example"]
    assert link in letter.body
    assert not any(word in letter.body + letter.subject for word in ("Nell", "Rowan", "Rhona", "ISVA"))
    assert "Nell Newcomer" in lead.get(reverse("list_members")).content.decode()

    visitor = Browser()
    assert "Rowan ISVA Service" in visitor.get(link).content.decode()
    assert (
        "too short"
        in visitor.post(
            link, {"name": "Nell Newcomer", "new_password": "short", "again": "short"}
        ).content.decode()
    )
    answer = visitor.post(link, {"name": "Nell Newcomer", "new_password": PASSWORD, "again": PASSWORD})
    # a second step comes before any other page
    assert answer.headers["Location"] == reverse("set_up_app")
    assert visitor.get(reverse("my_account")).headers["Location"] == reverse("set_up_app")
    enrol(visitor)
    assert visitor.get(reverse("my_account")).status_code == 200

    nell = User.objects.get(email="nell.newcomer@rowan.example")
    assert service_permissions(nell, rowan) == {Permission.HOLD_CASES, Permission.HANDLE_INTAKE}
    # the link works once
    assert Browser().get(link).status_code == 404


def test_a_link_stops_working_after_a_week_or_when_it_is_withdrawn(lead, rowan, people):
    link = link_of(invite(lead))
    with at(now() + dt.timedelta(days=7, minutes=1)):
        assert joining.invitation_for(link.split("/")[2]) is None
    invitation = Invitation.objects.get()
    assert lead.post(reverse("withdraw_invitation"), {"invitation": str(invitation.pk)}).status_code == 302
    assert Browser().get(link).status_code == 404
    assert lead.post(reverse("withdraw_invitation"), {"invitation": str(invitation.pk)}).status_code == 404


def test_somebody_with_an_account_signs_in_first_and_joins_with_it(signed_in, services, people):
    link = link_of(
        invite(
            signed_in("records_lead", services["harbour"]), email=people["isva"].email, roles=["coordinator"]
        )
    )
    page = Browser().get(link).content.decode()
    assert "Sign in, and this page opens again" in page
    assert "new_password" not in page
    # a password sent all the same makes no second account and takes over no first one
    Browser().post(link, {"name": "X", "new_password": PASSWORD, "again": PASSWORD})
    assert not people["isva"].check_password(PASSWORD)
    assert "this invitation is for" in signed_in("manager").get(link).content.decode()

    browser = signed_in("isva")
    assert browser.post(link, {}).headers["Location"] == reverse("home")
    assert {m.service.slug for m in membership.live_memberships(people["isva"])} == {"rowan", "harbour"}


def test_nobody_is_invited_twice_or_while_they_are_a_member(lead, people):
    invite(lead)
    assert "invited already" in invite(lead, email="NELL.newcomer@rowan.example").content.decode()
    assert (
        "a member of the service already" in invite(lead, email=people["isva"].email.upper()).content.decode()
    )
    assert Invitation.objects.count() == 1


def test_an_invitation_sent_twice_is_made_once(lead):
    once = "11111111-1111-4111-8111-111111111111"
    assert invite(lead, once=once).status_code == 200
    assert invite(lead, once=once, email="other@rowan.example").headers["Location"] == reverse("list_members")
    assert Invitation.objects.count() == 1


@pytest.mark.parametrize(
    "data",
    [
        {"roles": []},
        {"roles": ["superuser"]},
        {"roles": ["isva", "trainee"]},
        {"email": "\x00"},
        {"name": "x" * 999},
    ],
)
def test_a_wrong_invitation_is_told_in_words_and_loses_nothing(lead, data):
    page = invite(lead, **data).content.decode()
    assert "There is a problem" in page
    assert Invitation.objects.count() == 0
    if "name" not in data:
        assert "Nell Newcomer" in page


def test_permissions_follow_the_roles_at_once(lead, people, rowan):
    member = member_of(people["isva"], rowan)
    lead.post(reverse("change_member", args=[member.pk]), {"roles": ["isva", "manager"], "why_manager": "x"})
    assert service_permissions(people["isva"], rowan) >= {Permission.HOLD_CASES, Permission.SEE_ALL_CASES}
    lead.post(reverse("change_member", args=[member.pk]), {"roles": ["coordinator"], "why_coordinator": "x"})
    assert service_permissions(people["isva"], rowan) == {Permission.HANDLE_INTAKE}
    told = member.history.order_by("-history_id").first()
    assert (told.roles, told.history_user) == (["coordinator"], people["records_lead"])


def test_two_who_end_one_membership_do_not_overwrite_each_other_unseen(people, rowan, signed_in):
    member, lead = member_of(people["isva"], rowan), signed_in("records_lead", rowan)
    address = reverse("end_membership", args=[member.pk])
    sent = as_sent(lead.get(address)) | day("last_day", today() + dt.timedelta(days=30))
    theirs = today() + dt.timedelta(days=5)
    with act(people["records_lead"], rowan):
        membership.end_membership(member, last_day=theirs, by=people["manager"])
    refused = lead.post(address, sent)
    assert "while you were writing" in refused.content.decode()
    member.refresh_from_db()
    assert member.ends_on == theirs
    assert lead.post(address, sent | {"seen": refused.context["form"]["seen"].value()}).status_code == 302
    member.refresh_from_db()
    assert member.ends_on == today() + dt.timedelta(days=30)


def test_the_last_records_lead_and_the_last_manager_cannot_go(people, services, signed_in):
    harbour = services["harbour"]
    mina, rhona = (member_of(people[key], harbour) for key in ("harbour_manager", "records_lead"))
    browser = signed_in("records_lead", harbour)
    page = browser.post(reverse("change_member", args=[mina.pk]), {"roles": ["isva"]})
    assert "the last manager" in page.content.decode()
    page = browser.post(reverse("end_membership", args=[mina.pk]), day("last_day", today()))
    assert "the last manager" in page.content.decode()

    with act(people["harbour_manager"], harbour):
        mina = role_changes.change_roles(
            mina, roles=[Role.MANAGER, Role.RECORDS_LEAD], by=people["records_lead"]
        )
        with pytest.raises(membership.CannotGo, match="from yourself"):
            role_changes.change_roles(rhona, roles=[Role.COMMISSIONER], by=people["records_lead"])
        role_changes.change_roles(rhona, roles=[Role.ISVA], by=people["harbour_manager"])
        with pytest.raises(membership.CannotGo, match="last records lead"):
            membership.end_membership(mina, last_day=today(), by=people["records_lead"])
        with pytest.raises(membership.CannotGo, match="your own membership"):
            membership.end_membership(mina, last_day=today(), by=people["harbour_manager"])


def test_a_manager_who_is_leaving_does_not_count_as_one_who_stays(people, rowan):
    meera, morgan = (member_of(people[key], rowan) for key in ("manager", "second_manager"))
    lead = people["records_lead"]
    with act(lead, rowan):
        leaving.end_membership(meera, last_day=today() + dt.timedelta(days=10), by=lead)
        leaving.end_membership(morgan, last_day=today() + dt.timedelta(days=9), by=lead)
    with act(lead, rowan), pytest.raises(membership.CannotGo):
        leaving.end_membership(morgan, last_day=today() + dt.timedelta(days=10), by=lead)


def day(name, date):
    return {f"{name}_day": date.day, f"{name}_month": date.month, f"{name}_year": date.year}


def test_an_ended_membership_reaches_nothing(people, rowan, lead, signed_in):
    iris = people["isva"]
    case = make_case(rowan, by=people["manager"], stage=Stage.ACTIVE, isva=iris)
    browser = signed_in("isva")
    assert browser.get(reverse("my_account")).status_code == 200

    member = member_of(iris, rowan)
    page = lead.get(reverse("end_membership", args=[member.pk])).content.decode()
    assert case.reference in page
    assert case.client.name not in page
    lead.post(reverse("end_membership", args=[member.pk]), day("last_day", today() - dt.timedelta(days=1)))

    assert browser.get(reverse("my_account")).status_code == 403
    assert service_permissions(iris, rowan) == frozenset()
    assert not Grant.objects.filter(user=iris, ended_at__isnull=True).exists()
    assert grants_and_guardian_disagree(rowan) == []
    with act(iris, rowan):
        assert not Case.objects.visible_to(iris).exists()


def test_a_last_day_ahead_leaves_everything_until_it_is_over(people, rowan):
    iris, lead = people["isva"], people["records_lead"]
    make_case(rowan, by=people["manager"], stage=Stage.ACTIVE, isva=iris)
    with act(lead, rowan):
        leaving.end_membership(member_of(iris, rowan), last_day=today(), by=lead)
    assert membership.active_membership(iris, None)[0] is not None
    assert leaving.let_go(rowan) == 0

    with at(now() + dt.timedelta(days=1)):
        assert membership.active_membership(iris, None) == (None, False)
        membership.keep_permissions_in_time()
        assert service_permissions(iris, rowan) == frozenset()
        assert [leaving.let_go(rowan), leaving.let_go(rowan)] == [1, 0]
        assert grants_and_guardian_disagree(rowan) == []


def test_somebody_who_left_can_be_invited_back(people, rowan, lead):
    iris = people["isva"]
    member = member_of(iris, rowan)
    with act(people["records_lead"], rowan):
        leaving.end_membership(member, last_day=today() - dt.timedelta(days=1), by=people["records_lead"])
    link = link_of(invite(lead, email=iris.email, roles=["trainee"]))
    joining.accept_invitation(link.split("/")[2], by=iris)
    again = member_of(iris, rowan)
    assert (again.pk, again.roles, again.ends_on) == (member.pk, ["trainee"], None)


def test_the_records_lead_of_one_service_knows_nothing_of_the_other(people, services, lead):
    theirs = member_of(people["harbour_isva"], services["harbour"])
    for name in ("change_member", "end_membership", "edit_profile", "add_leave"):
        assert lead.get(reverse(name, args=[theirs.pk])).status_code == 404


def test_the_staff_list_costs_the_same_with_thirty_more_people(lead, rowan, people):
    def queries():
        with CaptureQueriesContext(connection) as seen:
            assert lead.get(reverse("list_members")).status_code == 200
        return len([q for q in seen.captured_queries if not q["sql"].startswith(("SAVEPOINT", "RELEASE"))])

    before = queries()
    for number in range(30):
        user = User.objects.create_user(
            email=f"many.{number}@rowan.example", name=f"Many Number {number:02d}"
        )
        membership.begin_membership(user=user, service=rowan, roles=[Role.ISVA], by=people["records_lead"])
    assert queries() == before <= 8


def test_the_staff_list_narrows_by_role_and_by_who_has_left(lead, people, rowan):
    page = lead.get(reverse("list_members"), {"role": "coordinator"}).content.decode()
    assert "Cora Clover" in page
    assert "Iris Ivy" not in page
    page = lead.get(
        reverse("list_members"), {"standing": "left", "role": "\x00", "after": "rubbish"}
    ).content.decode()
    assert "Nobody here" in page


def test_a_membership_does_not_end_before_it_began(lead, people, rowan):
    member = member_of(people["isva"], rowan)
    url = reverse("end_membership", args=[member.pk])
    page = lead.post(url, day("last_day", member.starts_on - dt.timedelta(days=1)))
    assert "on or after the day they began" in page.content.decode()
    assert "Enter their last day" in lead.post(url, {}).content.decode()
    assert member_of(people["isva"], rowan).ends_on is None


@pytest.mark.parametrize(
    ("first", "last", "is_open", "counts"),
    [(-9, None, True, True), (0, 0, True, True), (-9, -1, True, False), (1, None, True, False), (-9, None, False, False)],
    ids=["begun", "on the only day", "left yesterday", "begins tomorrow", "account shut"],
)  # fmt: skip
def test_a_membership_is_live_from_its_first_day_to_its_last(people, rowan, first, last, is_open, counts):
    mine = Membership.objects.filter(user=people["isva"], service=rowan)
    mine.update(
        starts_on=today() + dt.timedelta(days=first),
        ends_on=None if last is None else today() + dt.timedelta(days=last),
    )
    User.objects.filter(pk=people["isva"].pk).update(is_active=is_open)
    assert mine.live().exists() == counts
    assert mine.live(today() + dt.timedelta(days=1)).exists() == (is_open and (last is None))

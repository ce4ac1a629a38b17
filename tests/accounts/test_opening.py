"""How a service begins: a command opens it, its first records lead comes in by the link, and lets the manager in."""

import io
import re

import pytest
from django.core import mail
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client as Browser
from django.urls import NoReverseMatch, reverse

from isva.access.acting import act
from isva.access.roles import Permission, Role
from isva.access.system import SystemUser, system_user
from isva.accounts import joining
from isva.accounts.models import Invitation, Membership, Service, User
from isva.accounts.permissions import service_permissions
from isva.db.checks import why_privileged
from tests.access.table import TABLE, Staff
from tests.entering import enrol, sign_in
from tests.referrals.conftest import SELF, Visitor

pytestmark = pytest.mark.django_db

PASSWORD = "quiet harbour lantern"
LEAD = "lena.larch@willow.example"
TOLD = {
    "name": "Willow ISVA Service", "slug": "willow", "phone": "01632 960300", "records_lead": LEAD,
    "lead_name": "Lena Larch",
}  # fmt: skip


def open_it(**other) -> str:
    """What the command says."""
    said = io.StringIO()
    call_command("open_service", stdout=said, **(TOLD | other))
    return said.getvalue()


def link_in(said: str) -> str:
    return re.search(r"/join/[^/\s]+/", said)[0]


@pytest.fixture
def willow(nobody) -> Service:
    """A service that was just opened on an empty stage."""
    open_it()
    return Service.objects.get()


def test_the_first_records_lead_comes_in_by_the_link_that_the_command_shows(
    nobody, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        said = open_it()
    assert mail.outbox == []  # the link is passed on by hand: there may be no mail yet
    assert "/refer/willow/" in said
    link, visitor = link_in(said), Browser()
    page = visitor.get(link).content.decode()
    assert "Willow ISVA Service" in page
    assert "Lena Larch" in page
    answer = visitor.post(link, {"name": "Lena Larch", "new_password": PASSWORD, "again": PASSWORD})
    assert answer.headers["Location"] == reverse("set_up_app")
    enrol(visitor)
    assert "Lena Larch" in visitor.get(reverse("list_members")).content.decode()
    assert "Whoever runs the machine" in visitor.get(reverse("list_role_changes")).content.decode()
    lead, service = User.objects.get(email=LEAD), Service.objects.get()
    assert service_permissions(lead, service) == {Permission.KEEP_RECORDS}
    assert lead.check_password(PASSWORD)
    assert Browser().get(link).status_code == 404


def test_the_command_is_run_as_the_plain_role_and_names_who_ran_it(willow):
    assert why_privileged() == ""
    operator = system_user(SystemUser.OPERATOR)
    assert willow.history.get().history_user == operator
    assert Invitation.objects.get().invited_by == operator


def test_whoever_runs_the_machine_sees_and_writes_nothing_of_a_service(willow):
    with act(system_user(SystemUser.OPERATOR), willow) as person, connection.cursor() as cursor:
        assert person.permissions == frozenset()
        cursor.execute("SELECT " + ", ".join(f"wall.acting_may('{power}')" for power in "awig"))
        assert not any(cursor.fetchone())


def test_a_service_that_was_just_opened_takes_referrals_and_serves_its_manager(willow):
    case = Visitor("self", "willow").sent(SELF)
    assert case.service == willow
    assert Browser().get("/refer/willow/professional/").status_code == 200
    lead, manager = (_comes_in(willow, role) for role in (Role.RECORDS_LEAD, Role.MANAGER))
    wrong = []
    for browser, permissions in (
        (lead, {Permission.KEEP_RECORDS}),
        (manager, {Permission.SEE_ALL_CASES, Permission.SEE_WORKFORCE, Permission.PUBLISH_REPORT}),
    ):
        for name, rule in TABLE.items():
            if isinstance(rule, Staff) and (not rule.permissions or permissions & set(rule.permissions)):
                answer = _look(browser, name)
                if answer is not None and answer.status_code not in (200, 302, 405):
                    wrong.append(f"{name}: {answer.status_code}")
    assert wrong == []
    assert case.reference in manager.get(reverse("inbox")).content.decode()


def _comes_in(service, role) -> Browser:
    """Somebody who was invited as the records lead, or by them as the manager; signed in."""
    lead = User.objects.filter(email=LEAD).first()
    by = lead or system_user(SystemUser.OPERATOR)
    with act(by, service):
        _invitation, token = joining.invite_member(
            service=service, email=f"{role}@willow.example" if lead else LEAD, name="Somebody", roles=[role],
            by=by, reason="the first of the service",
        )  # fmt: skip
    joining.accept_invitation(token, name="Somebody", password=PASSWORD, by=None)
    return sign_in(Browser(), Membership.objects.get(service=service, roles=[role]).user)


def _look(browser, name):
    """A page without a key in its address, looked at; None for one that has a key."""
    try:
        return browser.get(reverse(name))
    except NoReverseMatch:
        return None


def test_somebody_who_has_an_account_keeps_the_records_of_a_second_service_with_it(people, signed_in):
    link = link_in(open_it(records_lead=people["records_lead"].email.upper()))
    assert "Sign in, and this page opens again" in Browser().get(link).content.decode()
    assert signed_in("records_lead").post(link, {}).headers["Location"] == reverse("home")
    assert Permission.KEEP_RECORDS in service_permissions(
        people["records_lead"], Service.objects.get(slug="willow")
    )


@pytest.mark.parametrize(
    ("other", "said"),
    [
        ({"slug": "rowan"}, "Another service has this address"),
        ({"slug": "Rowan"}, "Another service has this address"),
        ({"slug": "will/ow"}, "slug: Enter a valid"),
        ({"slug": ""}, "slug: This field cannot be blank"),
        ({"name": " "}, "name: This field cannot be blank"),
        ({"phone": "0" * 41}, "phone: Ensure this value has at most 40 characters"),
        ({"records_lead": "lena"}, "is not one"),
        ({"records_lead": f"lena@{'a.' * 124}example"}, "too long|is not one"),
        ({"records_lead": "guard@system.invalid"}, "is closed"),
        ({"records_lead": "iris.ivy@rowan.example"}, "is closed"),
        ({"lead_name": ""}, "Give the name of the records lead"),
    ],
)
def test_what_cannot_be_opened_is_refused_in_words_and_nothing_is_made(other, said, people):
    system_user(SystemUser.GUARD)
    people["isva"].is_active = False
    people["isva"].save()
    with pytest.raises(CommandError, match=said):
        open_it(**other)
    assert not Service.objects.filter(phone=TOLD["phone"]).exists()
    assert not Invitation.objects.exists()


def test_a_service_without_its_invitation_is_not_left_behind(people, monkeypatch):
    def fail(**_told):
        raise RuntimeError

    monkeypatch.setattr("isva.accounts.opening.invite_member", fail)
    with pytest.raises(RuntimeError):
        open_it()
    assert not Service.objects.filter(slug="willow").exists()

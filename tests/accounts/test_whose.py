"""Whose is it: what is found of one person, or of one service, is theirs and nobody else's, and only while it stands."""

import datetime as dt
import uuid

import pytest
from allauth.mfa.models import Authenticator
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from isva.access.acting import act
from isva.access.roles import Role
from isva.access.system import SystemUser, system_user
from isva.accounts import directory, factors, halfway, joining, membership, passwords
from isva.accounts.models import FactorReset, Leave, Membership
from isva.accounts.role_changes import change_roles
from isva.clock.moment import at, now, today
from isva.drafts import keeping
from tests.entering import code_of, give_app

pytestmark = pytest.mark.django_db

DAY = dt.timedelta(days=1)


@pytest.fixture
def member(people):
    """``member("isva")`` – the one membership of somebody, or the one in a named service."""

    def of(key, service=None):
        found = Membership.objects.filter(user=people[key])
        return (found.filter(service=service) if service else found).get()

    return of


def away(one):
    leave = Leave(membership=one, service=one.service, kind="annual", first_day=today(), last_day=today())
    leave.save(force_insert=True)
    return leave


def test_absences_are_those_of_the_member_and_of_the_service(member, people, rowan):
    iris, imran, harbour = (away(member(key)) for key in ("isva", "second_isva", "harbour_isva"))
    assert list(directory.leave_of(member("isva"))) == [iris]
    with act(people["manager"], rowan) as person:
        assert {imran, iris} <= set(directory.leave_in(person))
        assert harbour not in directory.leave_in(person)


def test_invitations_are_those_of_the_service_that_still_wait(people, services, rowan):
    lead = people["records_lead"]

    def invite(name, service=rowan):
        return joining.invite_member(
            service=service, email=f"{name}@example.org", name=name.title(), roles=[Role.ISVA], by=lead
        )

    waiting, _token = invite("nell")
    invite("hal", services["harbour"])
    withdrawn, _token = invite("will")
    joining.withdraw_invitation(withdrawn, by=lead)
    _taken, token = invite("tom")
    joining.accept_invitation(token, name="Tom Taken", password="eleven-quiet-rivers", by=None)
    with act(lead, rowan) as person:
        assert list(directory.open_invitations(person)) == [waiting]
    names = ("nell", "hal", "will", "tom")
    assert [name for name in names if directory.is_invited(rowan, f"{name}@example.org")] == ["nell"]
    with at(now() + 8 * DAY):
        assert not directory.is_invited(rowan, "nell@example.org")


def test_a_link_opens_its_own_invitation_and_is_held_only_while_it_is_taken_up(people, rowan):
    lead = people["records_lead"]
    made = [
        joining.invite_member(
            service=rowan, email=f"{name}@example.org", name=name, roles=[Role.ISVA], by=lead
        )
        for name in ("ann", "bob")
    ]
    assert [joining.invitation_for(token) for _invitation, token in made] == [one for one, _token in made]
    assert joining.invitation_for("no-such-link") is None
    for lock in (False, True):
        with CaptureQueriesContext(connection) as asked:
            joining.invitation_for(made[0][1], lock=lock)
        assert ("FOR UPDATE" in asked[0]["sql"]) == lock


def test_an_invitation_is_taken_up_by_nobody_else_and_makes_no_second_account(people, rowan):
    invitation, token = joining.invite_member(
        service=rowan, email=people["harbour_isva"].email, name="Somebody", roles=[Role.ISVA], by=people["records_lead"]
    )  # fmt: skip
    with pytest.raises(membership.CannotGo, match="another e-mail address"):
        joining.accept_invitation(token, by=people["isva"])
    with pytest.raises(membership.CannotGo, match="have an account"):
        joining.accept_invitation(token, name="Somebody", password="eleven-quiet-rivers", by=None)
    joining.withdraw_invitation(invitation, by=people["records_lead"])
    with pytest.raises(membership.CannotGo, match="no longer works"):
        joining.accept_invitation(token, by=people["harbour_isva"])


def test_accounts_are_found_by_whoever_may_still_use_them(people, rowan):
    assert directory.user_with(system_user(SystemUser.GUARD).email) is None
    iris, lead = people["isva"], people["records_lead"]
    assert directory.user_by_key(str(iris.pk)) == iris
    assert lead in directory.records_leads_of(iris)
    for one in (iris, lead):
        one.is_active = False
        one.save()
    assert directory.user_by_key(str(iris.pk)) is None
    assert lead not in directory.records_leads_of(people["second_isva"])


def test_resets_of_a_second_step_are_those_of_the_person_in_the_service(member, people, services):
    lead = people["records_lead"]

    def reset(key, service):
        one = FactorReset(
            service=services[service], user=people[key], checked="phone", reset_by=lead, reset_at=now()
        )
        one.save(force_insert=True)
        return one

    wanted = reset("isva", "rowan")
    reset("isva", "harbour")
    reset("second_isva", "rowan")
    assert list(directory.resets_of(member("isva"))) == [wanted]


def test_a_second_step_is_the_persons_own(people):
    iris, imran = people["isva"], people["second_isva"]
    for one in (imran, iris):
        give_app(one)
        factors.recovery_codes(one)
    codes = factors.recovery_codes(imran)
    assert {factors.app_of(one).user for one in (iris, imran)} == {iris, imran}
    assert [[factor.user for factor in factors.factors_of(one)] for one in (iris, imran)] == [[iris], [imran]]
    assert factors.what_fits(iris, codes[0]) is None
    assert factors.what_fits(imran, codes[0]) is not None
    assert (factors.codes_left(iris), factors.codes_left(imran)) == (10, 9)
    seed = factors.new_seed()
    assert factors.set_up_app(iris, seed=seed, code=code_of(seed), by=iris)
    factors.renew_recovery_codes(iris, by=iris)
    factors.take_all_away(iris)
    assert not Authenticator.objects.filter(user=iris).exists()
    assert factors.app_of(imran) is not None
    assert factors.codes_left(imran) == 9


def test_whoever_was_switched_off_between_the_steps_is_nobody(people, rf, client):
    request = rf.get("/")
    request.session = client.session
    halfway.note(request, people["isva"], wanted="")
    assert halfway.who(request) == people["isva"]
    people["isva"].is_active = False
    people["isva"].save()
    assert halfway.who(request) is None


def test_a_membership_begins_on_the_day_that_was_named(people, rowan):
    begun = membership.begin_membership(
        user=people["harbour_isva"], service=rowan, roles=[Role.ISVA], starts_on=today() + DAY, by=None
    )
    assert (begun.starts_on, membership.is_live(begun)) == (today() + DAY, False)


def test_a_records_lead_may_change_their_other_roles(member, people, rowan):
    lead = member("records_lead", rowan)
    with act(people["records_lead"], rowan):
        changed = change_roles(lead, roles=[*lead.roles, Role.COMMISSIONER], by=people["records_lead"])
        changed = change_roles(changed, roles=[Role.RECORDS_LEAD], by=people["records_lead"])
    assert changed.roles == [Role.RECORDS_LEAD]


def test_who_was_switched_off_or_has_not_begun_is_not_one_who_stays(member, people, rowan):
    meera, morgan, lead = member("manager"), member("second_manager"), people["records_lead"]
    with act(lead, rowan):
        people["second_manager"].is_active = False
        people["second_manager"].save()
        with pytest.raises(membership.CannotGo, match="last manager"):
            membership.end_membership(meera, last_day=today(), by=lead)
        people["second_manager"].is_active = True
        people["second_manager"].save()
        morgan.starts_on = today() + DAY
        morgan.save()
        with pytest.raises(membership.CannotGo, match="last manager"):
            membership.end_membership(meera, last_day=today(), by=lead)
        assert membership.end_membership(meera, last_day=today() + DAY, by=lead).ends_on


def test_a_link_for_a_new_password_is_of_no_use_for_a_user_that_is_nobody(people):
    assert passwords.person_of(passwords.token_of(people["isva"])) == people["isva"]
    assert passwords.person_of(passwords.token_of(system_user(SystemUser.GUARD))) is None


def test_a_manager_is_led_back_to_the_staff_list_and_not_to_a_page_of_the_records_lead(member, signed_in):
    page = signed_in("manager").get(reverse("edit_profile", args=[member("isva").pk]))
    assert page.context["back_url"] == reverse("list_workforce")


def test_what_is_kept_while_it_is_typed_is_the_writers_and_lapses(people, services, rowan):
    iris, imran, page = people["isva"], people["second_isva"], uuid.uuid4()
    keeping.keep_draft(service=rowan, user=imran, form="typed", about=page, data={"a": ["1"]})
    assert list(keeping.subjects_of(user=imran, form="typed")) == [page]
    assert list(keeping.subjects_of(user=iris, form="typed")) == []
    assert keeping.draft_of(service=rowan, user=iris, form="typed", about=page) is None
    keeping.keep_public_draft(service=rowan, form="refer_self", key="k", data={"a": "1"})
    assert keeping.public_draft(service=rowan, form="refer_self", key="k") == {"a": "1"}
    assert keeping.public_draft(service=services["harbour"], form="refer_self", key="k") is None
    keeping.keep_public_file(service=rowan, form="refer_self", key="k", content=b"a file")
    assert keeping.public_file(service=rowan, form="refer_self", key="k") == b"a file"
    assert keeping.public_file(service=services["harbour"], form="refer_self", key="k") is None
    with at(now() + keeping.STAFF_LIFE):
        assert list(keeping.subjects_of(user=imran, form="typed")) == []
        assert keeping.draft_of(service=rowan, user=imran, form="typed", about=page) is None
        assert keeping.public_draft(service=rowan, form="refer_self", key="k") is None
        assert keeping.public_file(service=rowan, form="refer_self", key="k") is None

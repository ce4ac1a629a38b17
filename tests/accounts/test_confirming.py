"""Before something that reaches far, the person confirms once more that it is them; nothing typed is lost."""

import pytest
from django.conf import settings
from django.core import mail
from django.core.cache import cache
from django.core.management import CommandError, call_command
from django.urls import reverse

from isva.access.doors import came_from
from isva.access.roles import Role
from isva.accounts import factors, losing, throttle
from isva.accounts.models import FactorReset, Invitation, Membership, Visit
from tests.entering import code_of, give_app
from tests.guards.test_records import routes
from tests.personas import PASSWORD

pytestmark = pytest.mark.django_db

#: Routes that ask again, whoever comes.
ASK_AGAIN = {
    "save_data_set", "save_measure",
    "invite_member", "change_member", "end_membership", "reset_factor", "end_sessions", "end_session", "end_other_sessions",
    "set_up_app", "add_passkey", "remove_app", "remove_passkey", "rename_passkey", "recovery_codes",
    "renew_recovery_codes", "edit_service", "restrict_client", "change_named", "lift_restriction", "lift_conflict",
    "publish_report", "correct_report",
}  # fmt: skip
#: Of them: those that may be looked at without, and those that set up the first second step.
LOOKED_AT_WITHOUT = {
    "change_member", "edit_service", "restrict_client", "change_named", "lift_restriction", "lift_conflict",
}  # fmt: skip
SETS_UP_THE_FIRST = {"set_up_app", "add_passkey"}


@pytest.fixture(autouse=True)
def no_tries_yet():
    cache.clear()
    yield
    cache.clear()


@pytest.fixture
def lead(signed_in, services):
    """The records lead, who has not confirmed of late."""
    browser = signed_in("records_lead", services["rowan"])
    session = browser.session
    session["entry"] = {**session["entry"], "confirmed": None}
    session.save()
    return browser


@pytest.fixture
def iris(people, rowan):
    return Membership.objects.get(user=people["isva"], service=rowan)


def confirm(browser, **answers):
    return browser.post(reverse("confirm_it_is_me"), answers)


def test_roles_invitations_leaving_and_second_factors_ask_again():
    asking = {pattern.name for _route, pattern in routes() if getattr(pattern.callback, "asks_again", False)}
    assert asking == ASK_AGAIN


def led_by(view, request):
    """Where the part of a door that asks again leads somebody; empty where it lets them through."""
    while "asks_again" not in vars(view.__wrapped__):
        view = view.__wrapped__
    while hasattr(view, "__wrapped__") and "only_to_send" not in view.__code__.co_freevars:
        view = view.__wrapped__
    through = view.__closure__[view.__code__.co_freevars.index("view")]
    room, through.cell_contents = through.cell_contents, lambda request: None
    try:
        answer = view(request)
    finally:
        through.cell_contents = room
    return "" if answer is None else answer.url


def test_each_of_them_asks_whoever_sends_and_whoever_looks_where_looking_reaches_far(people, rf):
    wrong = []
    for _route, pattern in routes():
        if pattern.name in ASK_AGAIN:
            for method in ("GET", "HEAD", "POST", "PUT"):
                for proof in ("app", None):
                    request = rf.generic(method, "/a-page/")
                    request.user, request.session = (
                        people["isva"],
                        {"entry": {"proof": proof, "confirmed": None}},
                    )
                    looks = method in ("GET", "HEAD") and pattern.name in LOOKED_AT_WITHOUT
                    first = proof is None and pattern.name in SETS_UP_THE_FIRST
                    if led_by(pattern.callback, request).startswith(reverse("confirm_it_is_me")) == (
                        looks or first
                    ):
                        wrong.append(f"{pattern.name}, {method}, {proof}")
    assert wrong == []


@pytest.mark.parametrize(
    ("method", "referer", "page"),
    [
        ("GET", "http://testserver/elsewhere/", "/staff/?page=2"),
        ("HEAD", "http://testserver/elsewhere/", "/staff/?page=2"),
        ("POST", "http://testserver/the-form/?x=1", "/the-form/"),
        ("POST", "http://testserver", "/staff/"),
        ("POST", "http://elsewhere.example/the-form/", "/staff/"),
        ("POST", "", "/staff/"),
    ],
)
def test_afterwards_one_is_led_back_to_the_page_one_was_on_and_to_no_other_site(rf, method, referer, page):
    assert came_from(rf.generic(method, "/staff/?page=2", headers={"Referer": referer})) == page


def test_signing_in_does_not_count_as_confirming(people, client):
    seed = give_app(people["records_lead"])
    client.post(reverse("sign_in"), {"email": people["records_lead"].email, "password": PASSWORD})
    client.post(reverse("second_step"), {"code": code_of(seed)})
    client.post(
        reverse("choose_service"), {"service": str(people["records_lead"].memberships.first().service_id)}
    )
    assert client.get(reverse("invite_member")).headers["Location"].startswith(reverse("confirm_it_is_me"))


def test_after_confirming_the_person_is_back_on_the_page_for_five_minutes(lead, clock):
    page = reverse("invite_member")
    asked = lead.get(page).headers["Location"]
    assert asked == f"{reverse('confirm_it_is_me')}?next=%2Fstaff%2Finvite%2F"
    assert confirm(lead, password=PASSWORD, next=page).headers["Location"] == page
    assert lead.get(page).status_code == 200
    clock.shift(settings.CONFIRMED_FOR_MINUTES * 60)
    assert lead.get(page).status_code == 302


def test_what_was_sent_before_confirming_is_offered_again(lead):
    page = reverse("invite_member")
    answers = {"name": "Nell Newcomer", "email": "nell.newcomer@rowan.example", "roles": ["isva"]}
    assert lead.post(page, answers).headers["Location"].startswith(reverse("confirm_it_is_me"))
    assert not Invitation.objects.exists()
    confirm(lead, password=PASSWORD, next=page)
    shown = lead.get(page).content.decode()
    assert 'value="Nell Newcomer"' in shown
    assert "It is not saved yet" in shown
    assert lead.post(page, answers).status_code == 200
    assert Invitation.objects.count() == 1


def test_a_member_may_be_looked_at_without_and_changed_only_after_confirming(lead, iris):
    page = reverse("change_member", args=[iris.pk])
    assert lead.get(page).status_code == 200
    assert (
        lead.post(page, {"roles": [Role.MANAGER]}).headers["Location"].startswith(reverse("confirm_it_is_me"))
    )
    iris.refresh_from_db()
    assert iris.roles == [Role.ISVA]


def test_a_wrong_password_is_told_and_tries_are_counted(lead):
    assert "That is not your password" in confirm(lead, password="wrong").content.decode()
    for _try in range(throttle.TRIES_OF_A_CODE):
        confirm(lead, password="wrong")
    assert "Too many tries" in confirm(lead, password=PASSWORD).content.decode()
    assert lead.get(reverse("invite_member")).status_code == 302


def test_a_code_of_the_app_confirms_and_a_recovery_code_does_not(lead, people):
    seed = give_app(people["records_lead"])
    assert "Enter your password, or a code" in confirm(lead).content.decode()
    recovery = factors.recovery_codes(people["records_lead"])[0]
    assert confirm(lead, code=recovery).status_code == 200
    assert confirm(lead, code=code_of(seed)).status_code == 302


def test_confirming_gives_the_session_a_new_key(lead):
    before = lead.session.session_key
    confirm(lead, password=PASSWORD)
    assert lead.session.session_key != before


def test_the_present_password_is_not_guessed_where_it_is_changed(lead, people):
    answers = {"new_password": "quiet harbour lantern", "again": "quiet harbour lantern"}
    for _try in range(throttle.TRIES_OF_A_CODE):
        lead.post(reverse("change_password"), {"old_password": "wrong", **answers})
    page = lead.post(reverse("change_password"), {"old_password": PASSWORD, **answers}, follow=True)
    assert "Too many tries" in page.content.decode()
    people["records_lead"].refresh_from_db()
    assert people["records_lead"].check_password(PASSWORD)


def test_no_other_site_is_led_to_after_confirming(lead):
    for elsewhere in ("//elsewhere.example", "foo", "search"):
        assert confirm(lead, password=PASSWORD, next=elsewhere).headers["Location"] == reverse("home")


def test_a_lost_second_step_is_reset_told_and_kept(lead, people, iris, django_capture_on_commit_callbacks):
    seed = give_app(people["isva"])
    Visit.objects.create(
        user=people["isva"],
        session_key="x" * 32,
        began_at=people["isva"].memberships.get().starts_on.strftime("%Y-%m-%dT00:00Z"),
        device="",
    )
    page = reverse("reset_factor", args=[iris.pk])
    assert lead.get(page).headers["Location"].startswith(reverse("confirm_it_is_me"))
    confirm(lead, password=PASSWORD)
    assert "Select" in lead.post(page, {}).content.decode()
    with django_capture_on_commit_callbacks(execute=True):
        assert lead.post(page, {"checked": "phone"}).status_code == 302
    assert not factors.has_factor(people["isva"])
    assert factors.what_fits(people["isva"], code_of(seed)) is None
    assert not Visit.objects.filter(user=people["isva"]).exists()
    reset = FactorReset.objects.get()
    assert (reset.user, reset.reset_by, reset.checked) == (people["isva"], people["records_lead"], "phone")
    assert reset.history.filter(history_type="+").count() == 1
    assert {address for letter in mail.outbox for address in letter.to} == {
        people["isva"].email, people["records_lead"].email,
    }  # fmt: skip
    assert "By phone" in lead.get(reverse("change_member", args=[iris.pk])).content.decode()


def test_nobody_resets_their_own_second_step(lead, people, rowan):
    own = Membership.objects.get(user=people["records_lead"], service=rowan)
    confirm(lead, password=PASSWORD)
    assert (
        "Ask another records lead"
        in lead.post(reverse("reset_factor", args=[own.pk]), {"checked": "phone"}).content.decode()
    )
    with pytest.raises(losing.OwnFactor):
        losing.reset_factor(own, checked="phone", by=people["records_lead"])


def test_whoever_runs_the_machine_resets_the_only_records_lead_in_a_colleagues_name(people, capsys):
    lead, manager = people["records_lead"], people["manager"]
    give_app(lead)
    for by in (lead.email, people["harbour_isva"].email + ".x"):
        with pytest.raises(CommandError):
            call_command("reset_second_step", lead.email, by=by, checked="in_person")
    colleague = next(
        one
        for one in (manager, people["harbour_manager"])
        if one.memberships.get().service == lead.memberships.order_by("service__name").first().service
    )
    call_command("reset_second_step", lead.email, by=colleague.email, checked="in_person")
    assert not factors.has_factor(lead)
    assert FactorReset.objects.get().reset_by == colleague


def test_a_press_whose_page_nobody_knows_leads_to_words_and_was_not_done(lead):
    page = reverse("end_other_sessions")
    asked = lead.post(page).headers["Location"]
    wanted = confirm(lead, password=PASSWORD, next=page).headers["Location"]
    answer = lead.get(wanted)
    assert asked.endswith("next=%2F" + page.strip("/").replace("/", "%2F") + "%2F")
    assert (wanted, answer.status_code, answer.headers["Allow"]) == (page, 405, "POST")
    assert "Nothing was done" in answer.content.decode()

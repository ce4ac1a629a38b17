"""Signing in and out, the password, and the choice of a service."""

import pytest
from django.contrib.auth.hashers import MD5PasswordHasher
from django.core.cache import cache
from django.test import Client as Browser
from django.urls import reverse

from casework.models import Case
from isva.accounts import throttle
from isva.accounts.models import User
from tests.entering import code_of, enrol, give_app
from tests.factories import make_case
from tests.personas import PASSWORD

pytestmark = pytest.mark.django_db

IRIS = "iris.ivy@rowan.example"


@pytest.fixture(autouse=True)
def no_tries_yet():
    cache.clear()
    yield
    cache.clear()


@pytest.fixture
def seed(people):
    """Iris has an app."""
    return give_app(people["isva"])


def enter(browser, email=IRIS, password=PASSWORD, **more):
    """The first step: address and password."""
    return browser.post(reverse("sign_in"), {"email": email, "password": password, **more})


def show(browser, code):
    """The second step."""
    return browser.post(reverse("second_step"), {"code": code})


def test_somebody_signs_in_in_any_case_of_their_address_and_lands_on_their_work(seed, client):
    answer = enter(client, email=" Iris.IVY@rowan.example ")
    assert answer.headers["Location"] == reverse("second_step")
    assert show(client, code_of(seed)).headers["Location"] == reverse("home")
    assert client.get(reverse("home")).headers["Location"] == "/my-day/"


def test_the_key_of_the_session_changes_at_both_steps(seed, client):
    session = client.session
    session["service"] = "left behind by somebody else"
    session.save()
    keys = [client.session.session_key]
    enter(client)
    keys.append(client.session.session_key)
    show(client, code_of(seed))
    keys.append(client.session.session_key)
    assert len(set(keys)) == 3
    assert "service" not in client.session


def test_every_mistake_at_sign_in_reads_the_same(people, client):
    User.objects.create_user(email="not.yet@rowan.example", name="Not Yet")
    pages = [
        enter(client, email=email, password=password).content.decode()
        for email, password in (
            (IRIS, "wrong"),
            ("nobody@rowan.example", "wrong"),
            ("not.yet@rowan.example", ""),
            ("not.yet@rowan.example", "x"),
        )
    ]
    words = "The e-mail address or the password is not right"
    assert [words in page for page in pages] == [True, True, False, True]


def test_who_tries_too_often_has_to_wait_whether_or_not_the_account_exists(people, client):
    for email in (IRIS, "nobody@rowan.example"):
        for _try in range(throttle.TRIES_OF_A_PAIR):
            enter(client, email=email, password="wrong")
        assert "Too many tries" in enter(client, email=email, password=PASSWORD).content.decode()
    # from elsewhere, the person themselves gets in
    elsewhere = Browser(REMOTE_ADDR="203.0.113.7")
    assert enter(elsewhere).status_code == 302


def test_a_page_behind_sign_in_is_reached_after_signing_in_and_no_other_site_is(seed, client):
    wanted = reverse("my_account")
    assert client.get(wanted).headers["Location"] == f"/sign-in/?next={wanted}"
    enter(client, next=wanted)
    assert show(client, code_of(seed)).headers["Location"] == wanted
    for later, elsewhere in ((1, "https://elsewhere.example/"), (-1, "//elsewhere.example")):
        visitor = Browser()
        enter(visitor, next=elsewhere)
        assert show(visitor, code_of(seed, later=later)).headers["Location"] == reverse("home")


@pytest.mark.parametrize("nowhere", ["foo", "search", "my_account", "javascript:1", "./x"])
def test_what_is_no_address_of_ours_leads_to_ones_work(signed_in, nowhere):
    answer = signed_in("isva").get(reverse("sign_in"), {"next": nowhere})
    assert answer.headers["Location"] == reverse("home")


@pytest.mark.parametrize(
    "data", [{}, {"email": "\x00", "password": "\x00"}, {"email": "x" * 5000, "password": "y" * 5000}]
)
def test_rubbish_at_sign_in_is_told_in_words(people, client, data):
    answer = client.post(reverse("sign_in"), data)
    assert answer.status_code == 200
    assert "There is a problem" in answer.content.decode()


def test_signing_out_takes_a_press_and_ends_the_session(people, signed_in):
    browser = signed_in("isva")
    assert browser.get(reverse("sign_out")).status_code == 405
    browser.post(reverse("sign_out"))
    assert browser.get(reverse("my_account")).status_code == 302


def test_a_changed_password_keeps_this_session_and_ends_the_others(people, signed_in):
    here, elsewhere = signed_in("isva"), signed_in("isva")
    new = "quiet harbour lantern"
    data = {"old_password": PASSWORD, "new_password": new, "again": new}
    assert here.post(reverse("change_password"), data).headers["Location"] == reverse("my_account")
    assert here.get(reverse("my_account")).status_code == 200
    assert elsewhere.get(reverse("my_account")).status_code == 302
    assert enter(Browser(), password=new).status_code == 302


@pytest.mark.parametrize(
    ("old", "new", "again", "words"),
    [
        ("wrong", "quiet harbour lantern", "quiet harbour lantern", "not the password you have now"),
        (PASSWORD, "short", "short", "too short"),
        (PASSWORD, "iris.ivy@rowan.example", "iris.ivy@rowan.example", "too similar"),
        (PASSWORD, "quiet harbour lantern", "another one here", "The two passwords differ"),
        ("", "", "", "Enter the password you have now"),
    ],
)
def test_a_weak_or_mistyped_password_is_told_at_its_question(signed_in, people, old, new, again, words):
    browser = signed_in("isva")
    page = browser.post(
        reverse("change_password"), {"old_password": old, "new_password": new, "again": again}
    )
    assert words in page.content.decode()
    assert User.objects.get(email=IRIS).check_password(PASSWORD)


def test_one_press_signs_in_as_a_persona_in_the_demo_and_nowhere_else(people, client, settings):
    persona = {"persona": IRIS}
    assert client.post(reverse("demo_sign_in"), persona).status_code == 404
    assert "Iris Ivy" not in client.get(reverse("sign_in")).content.decode()
    settings.DEMO = True
    assert "Iris Ivy" in client.get(reverse("sign_in")).content.decode()
    assert client.get(reverse("demo_sign_in")).status_code == 405
    assert client.post(reverse("demo_sign_in"), {"persona": "nobody@rowan.example"}).status_code == 404
    assert client.post(reverse("demo_sign_in"), persona).headers["Location"] == reverse("home")
    assert client.get(reverse("my_account")).status_code == 200


def test_in_the_demo_only_the_cast_is_signed_in_by_a_press(people, client, settings):
    settings.DEMO = True
    User.objects.create_user(email="real.person@rowan.example", name="Real Person", password=PASSWORD)
    assert client.post(reverse("demo_sign_in"), {"persona": "real.person@rowan.example"}).status_code == 404


def test_somebody_in_two_services_chooses_and_sees_one_at_a_time(people, services, signed_in, acting):
    rhona = people["records_lead"]
    from isva.accounts.role_changes import change_roles

    for membership in rhona.memberships.select_related("service", "user"):
        change_roles(membership, roles=[*membership.roles, "manager"], by=people["manager"], reason="x")
    cases = {key: make_case(services[key], by=people[who], name=f"{key} Testperson")
             for key, who in (("rowan", "manager"), ("harbour", "harbour_manager"))}  # fmt: skip

    browser = signed_in("records_lead")
    assert browser.get(reverse("list_members")).headers["Location"] == reverse("choose_service")
    assert "Rowan ISVA Service" in browser.get(reverse("choose_service")).content.decode()
    for key, other in (("rowan", "harbour"), ("harbour", "rowan")):
        browser.post(reverse("choose_service"), {"service": str(services[key].pk)})
        page = browser.get(reverse("list_members")).content.decode()
        colleague = {"rowan": "Iris Ivy", "harbour": "Ingrid Irisroot"}
        assert colleague[key] in page
        assert colleague[other] not in page
        with acting("records_lead", key):
            assert list(Case.objects.visible_to(rhona)) == [cases[key]]


def test_a_service_one_does_not_belong_to_cannot_be_chosen(people, services, signed_in):
    browser = signed_in("isva")
    for chosen in (str(services["harbour"].pk), "rubbish", "\x00", ""):
        browser.post(reverse("choose_service"), {"service": chosen})
        assert "Rowan ISVA Service" in browser.get(reverse("my_account")).content.decode()


def test_who_belongs_to_no_service_is_told_so_and_can_sign_out(services, client):
    User.objects.create_user(email="nobody.yet@rowan.example", name="Nobody Yet", password=PASSWORD)
    enter(client, email="nobody.yet@rowan.example")
    enrol(client)
    page = client.get(reverse("home"))
    assert page.status_code == 403
    assert "You do not belong to a service now" in page.content.decode()
    assert client.get(reverse("choose_service")).status_code == 403
    assert client.post(reverse("sign_out")).status_code == 302


def test_an_account_that_is_not_there_costs_as_much_as_one_that_is(people, client, monkeypatch):
    User.objects.create_user(email="not.yet@rowan.example", name="Not Yet")
    hashed = []
    real = MD5PasswordHasher.encode
    monkeypatch.setattr(MD5PasswordHasher, "encode", lambda *told: hashed.append(1) or real(*told))
    counts = set()
    for email in (IRIS, "nobody@rowan.example", "not.yet@rowan.example"):
        hashed.clear()
        enter(client, email=email, password="wrong wrong wrong")
        counts.add(len(hashed))
    assert counts == {1}


def test_the_log_tells_what_happened_to_which_account_and_nothing_else(people, seed, client, caplog):
    caplog.set_level("INFO", logger="isva.sign_in")
    enter(client, password="wrong")
    enter(client, email="nobody@rowan.example", password="wrong")
    enter(client)
    show(client, "000000")
    code = code_of(seed)
    show(client, code)
    client.post(reverse("sign_out"))
    iris = people["isva"].pk
    assert [record.getMessage() for record in caplog.records] == [
        f"wrong password: {iris}", "wrong password: no such account", f"wrong code: {iris}",
        f"signed in (app): {iris}", f"signed out: {iris}",
    ]  # fmt: skip
    assert not any(told in caplog.text for told in (IRIS, PASSWORD, code, "nobody@"))

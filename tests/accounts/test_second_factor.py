"""The second step: nobody reaches a page without it, every way of showing it works once, and seeds are sealed."""

import contextlib

import pytest
from allauth.mfa.models import Authenticator
from django.core import mail
from django.core.cache import cache
from django.test import Client as Browser
from django.urls import NoReverseMatch, reverse

from isva.access import entry
from isva.accounts import factors, throttle
from tests.access.table import TABLE, Public
from tests.entering import code_of, enrol, give_app, sign_in
from tests.guards.test_records import routes
from tests.personas import PASSWORD

pytestmark = pytest.mark.django_db

IRIS = "iris.ivy@rowan.example"
#: What somebody may do who has given the password and has no second factor yet.
OPEN = {"set_up_app", "add_passkey", "sign_out", "stay_signed_in", "time_left"}


@pytest.fixture(autouse=True)
def no_tries_yet():
    cache.clear()
    yield
    cache.clear()


@pytest.fixture
def seed(people):
    """Iris has an app."""
    return give_app(people["isva"])


def password_only(email=IRIS) -> Browser:
    browser = Browser()
    browser.post(reverse("sign_in"), {"email": email, "password": PASSWORD})
    return browser


def show(browser, code):
    return browser.post(reverse("second_step"), {"code": code})


def addresses():
    """An address of every route that takes no key, by name."""
    found = {}
    for _route, pattern in routes():
        with contextlib.suppress(NoReverseMatch):
            found[pattern.name] = reverse(pattern.name)
    return found


def test_a_password_alone_opens_no_page_but_the_one_that_sets_up_the_second_step(people):
    browser, wrong = password_only(), []
    for name, address in addresses().items():
        for method in ("GET", "POST"):
            answer = browser.generic(method, address)
            led = answer.headers.get("Location") == reverse("set_up_app")
            if led == (name in OPEN or isinstance(TABLE[name], Public)):
                wrong.append(f"{method} {name}: {answer.status_code}")
            if name == "sign_out" and method == "POST":
                browser = password_only()
    assert wrong == []


def test_a_password_alone_is_led_there_from_an_address_that_does_not_exist_too(people):
    assert password_only().get("/no-such-page/").headers["Location"] == reverse("set_up_app")


def test_between_password_and_code_nobody_is_signed_in(seed):
    browser = password_only()
    answer = browser.get(reverse("my_account"))
    assert answer.headers["Location"].startswith(reverse("sign_in"))
    assert "_auth_user_id" not in browser.session


def test_a_new_colleague_sets_up_an_app_and_gets_recovery_codes(people):
    browser = password_only()
    page = browser.get(reverse("set_up_app")).content.decode()
    assert "<svg" in page
    assert "navigation" not in page
    assert (
        "That code is not right" in browser.post(reverse("set_up_app"), {"code": "000000"}).content.decode()
    )
    enrol(browser)
    codes = factors.recovery_codes(people["isva"])
    page = browser.get(reverse("recovery_codes")).content.decode()
    assert len(codes) == 10
    assert all(code in page for code in codes)
    assert browser.get(reverse("my_day")).status_code == 200


def test_seeds_are_sealed_in_the_database_and_in_the_session(people, client):
    browser = password_only()
    browser.get(reverse("set_up_app"))
    sealed = browser.session["seed"]
    seed = enrol(browser)
    assert seed not in sealed
    for row in Authenticator.objects.all():
        assert seed not in str(row.data)
        secret = row.data.get("secret") or row.data.get("seed")
        assert secret.startswith("gAAAA")  # Fernet, with our keys
        assert factors.SealedFactors().decrypt(secret) not in str(row.data)


def test_a_code_counts_once(seed):
    code = code_of(seed)
    assert show(password_only(), code).headers["Location"] == reverse("home")
    assert "used already" in show(password_only(), code).content.decode()


def test_the_code_that_set_up_the_app_does_not_count_again(people):
    browser = password_only()
    seed = enrol(browser)
    assert "used already" in show(password_only(), code_of(seed)).content.decode()


def test_a_code_of_a_while_ago_is_not_taken(seed):
    assert show(password_only(), code_of(seed, later=-3)).status_code == 200
    assert show(password_only(), code_of(seed, later=3)).status_code == 200


def test_a_recovery_code_counts_once_and_says_how_many_are_left(people, seed):
    code, other = factors.recovery_codes(people["isva"])[:2]
    browser = password_only()
    assert show(browser, f" {code[:5]} {code[5:]} ").headers["Location"] == reverse("home")
    assert "You have 9 left" in browser.get(reverse("my_day")).content.decode()
    assert show(password_only(), code).status_code == 200
    assert show(password_only(), other).status_code == 302


def test_codes_cannot_be_guessed_from_however_many_places(seed):
    for number in range(throttle.TRIES_OF_A_CODE):
        browser = Browser(REMOTE_ADDR=f"203.0.113.{number}")
        browser.post(reverse("sign_in"), {"email": IRIS, "password": PASSWORD})
        show(browser, "000000")
    assert "Too many tries" in show(password_only(), code_of(seed)).content.decode()


def test_the_second_step_waits_ten_minutes_and_not_for_a_changed_password(people, seed, clock):
    browser, other = password_only(), password_only()
    people["isva"].set_password("quiet harbour lantern")
    people["isva"].save()
    assert show(browser, code_of(seed)).headers["Location"] == reverse("sign_in")
    people["isva"].set_password(PASSWORD)
    people["isva"].save()
    other = password_only()
    clock.shift(11 * 60)
    assert show(other, code_of(seed)).headers["Location"] == reverse("sign_in")


def test_the_last_second_step_cannot_be_removed(people, signed_in, seed):
    browser = signed_in("isva")
    page = browser.post(reverse("remove_app"), follow=True).content.decode()
    assert "your only second step" in page
    assert factors.has_factor(people["isva"])


def test_a_new_app_takes_the_place_of_the_old_one_ends_other_sessions_and_is_told(
    people, seed, django_capture_on_commit_callbacks
):
    here, elsewhere = password_only(), password_only()
    show(here, code_of(seed))
    show(elsewhere, code_of(seed, later=1))
    assert here.get(reverse("set_up_app")).headers["Location"].startswith(reverse("confirm_it_is_me"))
    here.post(reverse("confirm_it_is_me"), {"password": PASSWORD})
    with django_capture_on_commit_callbacks(execute=True):
        page = here.get(reverse("set_up_app") + "?new=1").content.decode()
        fresh = page.split('isva-seed__key">')[1].split("<")[0].replace(" ", "")
        assert here.post(reverse("set_up_app"), {"code": code_of(fresh)}).status_code == 302
    assert here.get(reverse("my_account")).status_code == 200
    assert elsewhere.get(reverse("my_account")).status_code == 302
    assert show(password_only(), code_of(seed, later=-1)).status_code == 200
    assert mail.outbox[-1].to == [IRIS]
    assert "was changed" in mail.outbox[-1].body


def test_a_session_of_somebody_who_was_only_force_signed_in_is_not_proven(people, client):
    client.force_login(people["manager"], backend="django.contrib.auth.backends.ModelBackend")
    assert client.get(reverse("service_today")).headers["Location"].startswith(reverse("sign_in"))


def test_renewed_recovery_codes_replace_the_old_ones(people, seed, signed_in):
    old = factors.recovery_codes(people["isva"])
    signed_in("isva").post(reverse("renew_recovery_codes"))
    assert not set(old) & set(factors.recovery_codes(people["isva"]))
    assert factors.what_fits(people["isva"], old[0]) is None


@pytest.mark.parametrize(
    "answer", ["", "{}", "rubbish", "[]", '{"id": "x", "rawId": "y", "response": {}}', "\x00"]
)
def test_rubbish_in_place_of_a_passkey_is_told_in_words(people, seed, answer):
    browser = password_only()
    page = browser.post(reverse("second_step"), {"credential": answer, "code": ""})
    assert page.status_code == 200
    assert "There is a problem" in page.content.decode()
    inside = sign_in(Browser(), people["isva"])
    assert inside.post(reverse("add_passkey"), {"credential": answer, "name": "x"}).status_code == 200


def test_what_a_session_was_begun_with_is_known(people, seed):
    browser = password_only()
    show(browser, code_of(seed))
    assert entry.is_proven(browser.session)
    assert browser.session["entry"]["proof"] == "app"

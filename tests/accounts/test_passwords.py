"""Passwords: what is refused, and how a forgotten one is replaced."""

import re

import pytest
from django.contrib.auth.password_validation import validate_password
from django.core import mail
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.test import Client as Browser
from django.urls import reverse

from isva.accounts import known_passwords, throttle
from isva.accounts.models import User
from isva.accounts.passwords import person_of, token_of
from tests.entering import give_app, sign_in
from tests.personas import PASSWORD

pytestmark = pytest.mark.django_db

IRIS = "iris.ivy@rowan.example"
NEW = "quiet harbour lantern"


@pytest.fixture(autouse=True)
def no_tries_yet():
    cache.clear()
    yield
    cache.clear()


@pytest.mark.parametrize(
    "password",
    [
        "1234567891234", "PASSWORDPASSWORD", "qwertyuiop123", "Password2026!", "!!!sunshine2024", "monkeymonkey",
        "isva-service-1", "Welcome-Survivor-9", "123456789012", "short",
    ],
)  # fmt: skip
def test_a_password_that_others_try_first_is_refused(password):
    with pytest.raises(ValidationError):
        validate_password(password)


@pytest.mark.parametrize(
    "password",
    [NEW, PASSWORD, "seven-fictional-hedges", "ein Satz, den keiner kennt", "ŵyn a blaidd ar y bryn"],
)
def test_a_password_that_nobody_else_has_is_taken(password):
    validate_password(password)


def test_the_list_holds_the_long_passwords_of_a_million():
    assert len(known_passwords.known()) > 40_000
    assert len(known_passwords.LIST.read_bytes()) < 300_000


def ask(browser, email, capture):
    with capture(execute=True):
        return browser.post(reverse("ask_new_password"), {"email": email})


def link_in(letter) -> str:
    return re.search(r"/sign-in/new-password/\S+", letter.body)[0]


def test_a_forgotten_password_is_replaced_by_a_link_and_the_second_step_still_asked(
    people, client, django_capture_on_commit_callbacks
):
    give_app(people["isva"])
    inside = sign_in(Browser(), people["isva"])
    ask(client, "Iris.Ivy@rowan.example", django_capture_on_commit_callbacks)
    link = link_in(mail.outbox[0])
    assert mail.outbox[0].to == [IRIS]
    assert "Iris" not in mail.outbox[0].body
    with django_capture_on_commit_callbacks(execute=True):
        answer = client.post(link, {"new_password": NEW, "again": NEW})
    assert answer.headers["Location"] == reverse("sign_in")
    assert "was changed" in mail.outbox[1].body
    assert inside.get(reverse("my_day")).status_code == 302
    assert client.get(link).status_code == 404  # it works once
    step = client.post(reverse("sign_in"), {"email": IRIS, "password": NEW})
    assert step.headers["Location"] == reverse("second_step")


def test_whether_there_is_such_an_account_does_not_show(people, client, django_capture_on_commit_callbacks):
    def page(email):
        text = ask(client, email, django_capture_on_commit_callbacks).content.decode()
        return re.sub(r'value="[^"]{64}"', "", text)

    assert page(IRIS) == page("nobody@rowan.example")
    assert [letter.to for letter in mail.outbox] == [[IRIS]]


def test_a_letter_box_is_not_filled(people, client, django_capture_on_commit_callbacks):
    for _time in range(throttle.LETTERS_OF_AN_ACCOUNT + 2):
        ask(client, IRIS, django_capture_on_commit_callbacks)
    assert len(mail.outbox) == throttle.LETTERS_OF_AN_ACCOUNT


def test_a_link_works_for_an_hour_and_for_nobody_who_has_left(people, clock):
    token = token_of(people["isva"])
    assert person_of(token) == people["isva"]
    assert person_of(token[:-1]) is None
    for rubbish in ("", ".", "x.y", "\x00.", "é.ü"):
        assert person_of(rubbish) is None
    User.objects.filter(pk=people["isva"].pk).update(is_active=False)
    assert person_of(token) is None
    User.objects.filter(pk=people["isva"].pk).update(is_active=True)
    clock.shift(60 * 60 + 1)
    assert person_of(token) is None


def test_a_weak_new_password_is_told(people, client):
    link = reverse("choose_new_password", args=[token_of(people["isva"])])
    page = client.post(
        link, {"new_password": "password password", "again": "password password"}
    ).content.decode()
    assert "There is a problem" in page
    people["isva"].refresh_from_db()
    assert people["isva"].check_password(PASSWORD)

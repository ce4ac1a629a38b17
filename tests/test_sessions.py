"""Sessions are looked for under keys of our own making: a cookie that cannot be one is as none."""

import pytest
from django.conf import settings
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from isva.sessions import SessionStore

pytestmark = pytest.mark.django_db

#: A NUL comes through quoted, as \000: the database refuses it.
NO_KEYS = [
    r'"\000aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"',
    "short",
    "x" * 4000,
    "' OR 1=1 -- aaaaaaaaaaaaaaaaaaaaa",
    "A" * 32,
]


@pytest.mark.parametrize("cookie", NO_KEYS)
def test_a_cookie_that_cannot_be_a_key_is_answered_as_none_and_never_looked_for(client, cookie):
    with CaptureQueriesContext(connection) as asked:
        answer = client.get(reverse("sign_in"), HTTP_COOKIE=f"{settings.SESSION_COOKIE_NAME}={cookie}")
    assert answer.status_code == 200
    assert not [one for one in asked.captured_queries if "django_session" in one["sql"]]


def test_a_key_that_django_draws_is_one():
    kept = SessionStore()
    kept["who"] = "somebody"
    kept.save()
    assert SessionStore(session_key=kept.session_key)["who"] == "somebody"


@pytest.mark.parametrize("key", ["\x00" * 32, "a" * 31, "a" * 33, "a" * 31 + "\n", "", None])
def test_what_cannot_be_a_key_is_not_taken_for_one(key):
    assert SessionStore(session_key=key).session_key is None

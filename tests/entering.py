"""How the tests let somebody in without the front door: signed in with both factors, confirmed, and for as long as it takes."""

import re
import time

from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, generate_totp_secret, hotp_value
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.urls import reverse

from isva.access.entry import Proof
from isva.accounts.visits import BACKEND

#: Sessions of tests outlast every limit, also where a test travels in time; tests of the limits begin their own.
THE_YEAR_3000 = 32_503_680_000


def let_into(session, user, *, service=None) -> None:
    """Make a session one of ``user``, as if they had come through the front door; ``service`` is the one they chose."""
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = BACKEND
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session["entry"] = {
        "at": THE_YEAR_3000, "seen": THE_YEAR_3000, "proof": Proof.APP.value, "confirmed": THE_YEAR_3000,
    }  # fmt: skip
    if service is not None:
        session["service"] = str(service.pk)
    session.save()


def sign_in(browser, user, *, service=None):
    """Sign a test client in; returns it."""
    browser.force_login(user, backend=BACKEND)
    let_into(browser.session, user, service=service)
    return browser


def give_app(user) -> str:
    """Set up an authenticator app for somebody; returns its seed."""
    seed = generate_totp_secret()
    TOTP.activate(user, seed)
    return seed


def code_of(seed: str, *, later: int = 0) -> str:
    """The code that an app with this seed shows now, or so many half minutes later."""
    return format_hotp_value(hotp_value(seed, int(time.time()) // 30 + later))


def enrol(browser) -> str:
    """Set up an app as the page asks somebody who signed in by password alone; returns its seed."""
    page = browser.get(reverse("set_up_app")).content.decode()
    seed = re.search(r"isva-seed__key\">([A-Z2-7 ]+)<", page)[1].replace(" ", "")
    answer = browser.post(reverse("set_up_app"), {"code": code_of(seed)})
    assert answer.headers["Location"] == reverse("recovery_codes")
    return seed

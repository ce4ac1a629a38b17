"""What journeys share: an hour that passes for the whole service, and somebody who has to confirm that it is them."""

import datetime as dt
from types import SimpleNamespace

import pytest
from django.conf import settings
from django.utils import timezone

from isva.clock import moment
from isva.sessions import SessionStore


@pytest.fixture
def time_passes(monkeypatch):
    """``time_passes(minutes=60)`` – it is so much later from now on, in the threads of the server too."""

    def later(**how_long):
        ahead = dt.timedelta(**how_long)
        told = SimpleNamespace(now=lambda: timezone.now() + ahead, is_naive=timezone.is_naive)
        monkeypatch.setattr(moment, "timezone", told)

    return later


@pytest.fixture
def must_confirm():
    """``must_confirm(page)`` – the visitor of this page has not confirmed of late that it is them."""

    def forget(page):
        (cookie,) = [one for one in page.context.cookies() if one["name"] == settings.SESSION_COOKIE_NAME]
        session = SessionStore(session_key=cookie["value"])
        session["entry"] = {**session["entry"], "confirmed": None}
        session.save()

    return forget

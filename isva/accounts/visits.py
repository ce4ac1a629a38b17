"""Where people are signed in: beginning a session, listing a person's sessions in words, ending them."""

import datetime as dt
from dataclasses import dataclass
from importlib import import_module

from django.conf import settings
from django.contrib.auth import login, update_session_auth_hash
from django.db import models
from django.utils.translation import gettext as _

from isva.access import entry
from isva.access.visitor import ip_address_of
from isva.accounts.models import Membership, User, Visit
from isva.accounts.noting import note
from isva.clock.moment import now
from isva.drafts import typed

BACKEND = "django.contrib.auth.backends.ModelBackend"
_BROWSERS = (
    ("Edg", "Edge"),
    ("OPR", "Opera"),
    ("Firefox", "Firefox"),
    ("Chrom", "Chrome"),
    ("Safari", "Safari"),
)
_SYSTEMS = (
    ("iPhone", "iPhone"), ("iPad", "iPad"), ("Android", "Android"), ("CrOS", "Chromebook"), ("Windows", "Windows"),
    ("Macintosh", "Mac"), ("Linux", "Linux"),
)  # fmt: skip


@dataclass(frozen=True)
class Seen:
    """One of a person's sessions, as the list shows it."""

    visit: Visit
    last_seen: dt.datetime
    here: bool
    same_network: bool


def begin(request, user: User, *, proof: entry.Proof | None) -> None:
    """Begin a session of ``user``: a new key, and nothing carried over from whoever was here before."""
    old_key = request.session.session_key
    request.session.flush()
    login(request, user, backend=BACKEND)
    entry.begin(request.session, proof=proof)
    note(f"signed in ({proof.value if proof else 'password alone'})", user)
    typed.remember(request.session, user=user)
    if old_key:
        forget(old_key)
    Visit.objects.create(
        user=user, session_key=_key(request.session), began_at=now(),
        device=device_words(request.headers.get("User-Agent", "")), address=ip_address_of(request),
    )  # fmt: skip


def change_key(request) -> None:
    """Give this session a new key, as after every gain of trust; its place in the person's list stays."""
    old_key = request.session.session_key
    request.session.cycle_key()
    _follow(old_key, request.session)


def survive_new_password(request) -> None:
    """Let this session outlive the change of its person's password; all their others end with the old one."""
    old_key = request.session.session_key
    update_session_auth_hash(request, request.user)
    _follow(old_key, request.session)
    end_others(request.user, but=request.session.session_key)


def sessions_of(request) -> list[Seen]:
    """The sessions in which the person of this request is signed in now, the one used last first."""
    here, found = ip_address_of(request), []
    for visit in Visit.objects.filter(user=request.user):
        store = _store(visit.session_key)
        if store.get("_auth_user_id") != str(request.user.pk) or entry.why_over(store):
            _end(visit)
            continue
        seen = dt.datetime.fromtimestamp(entry.last_seen(store) or 0, tz=dt.UTC)
        is_here = visit.session_key == request.session.session_key
        found.append(Seen(visit, seen, is_here, bool(here) and visit.address == here))
    return sorted(found, key=lambda one: (one.here, one.last_seen), reverse=True)


def visits_of(user: User) -> models.QuerySet:
    """The sessions of a person, ready to be found by key."""
    return Visit.objects.filter(user=user)


def end(visit: Visit, *, by: User) -> None:
    """End one session: whoever works in it is at the sign-in page with their next click."""
    _end(visit)
    note("session ended from elsewhere", visit.user)


def end_others(user: User, *, but: str | None = None) -> int:
    """End every session of ``user`` but the one with this key; returns how many there were."""
    others = list(Visit.objects.filter(user=user).exclude(session_key=but or ""))
    for visit in others:
        _end(visit)
    return len(others)


def end_all(user: User, *, by: User) -> int:
    """End every session of ``user``, as ``by`` of their service asks; returns how many there were."""
    ended = end_others(user)
    note(f"signed out everywhere by {by.pk}", user)
    return ended


def end_of_who_left() -> int:
    """End every session of people who belong to no service any more; returns how many there were."""
    here = Membership.objects.filter(user=models.OuterRef("user")).live()
    left = list(Visit.objects.filter(~models.Exists(here)))
    for visit in left:
        _end(visit)
    return len(left)


def forget(session_key: str | None) -> None:
    """Forget a session that has ended by itself."""
    Visit.objects.filter(session_key=session_key or "").delete()


def forget_ended() -> int:
    """Remove what is left of sessions that can no longer be used; returns how many of our own rows."""
    _engine().clear_expired()
    oldest = now() - dt.timedelta(hours=settings.LONGEST_HOURS)
    return Visit.objects.filter(began_at__lte=oldest).delete()[0]


def device_words(told: str) -> str:
    """A device in words from what its browser says of itself (`Firefox on Windows`); the rest of it is not kept."""
    browser = next((name for sign, name in _BROWSERS if sign in told), _("A browser"))
    system = next((name for sign, name in _SYSTEMS if sign in told), "")
    return _("%(browser)s on %(system)s") % {"browser": browser, "system": system} if system else browser


def _end(visit: Visit) -> None:
    _store(visit.session_key).delete()
    visit.delete()


def _follow(old_key: str | None, session) -> None:
    for visit in Visit.objects.filter(session_key=old_key or ""):
        visit.session_key = _key(session)
        visit.save(update_fields=["session_key"])


def _key(session) -> str:
    if session.session_key is None:
        session.create()
    return session.session_key


def _engine():
    return import_module(settings.SESSION_ENGINE).SessionStore


def _store(session_key: str):
    return _engine()(session_key)

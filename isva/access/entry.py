"""What a session knows of its beginning: when somebody signed in, by which second factor, last seen, last confirmed.

The facts stand in the session itself, so that asking them costs no query. Times are whole seconds since 1970.
"""

from enum import StrEnum

from django.conf import settings

from isva.clock.moment import now

_FACTS = "entry"
#: How often the moment of the last request is written down; an idle session may end so much early, never late.
WRITTEN_EVERY = 30


class Proof(StrEnum):
    """What a person showed beside the password."""

    APP = "app"
    PASSKEY = "passkey"
    RECOVERY_CODE = "recovery_code"
    DEMO = "demo"  # one press in the demo; there is no such thing elsewhere


class Over(StrEnum):
    """Why a session has ended by itself."""

    IDLE = "idle"
    LONG = "long"


def begin(session, *, proof: Proof | None) -> None:
    """Note that somebody signs in now; ``proof`` is None while they have no second factor yet."""
    moment = _seconds()
    session[_FACTS] = {"at": moment, "seen": moment, "proof": proof and proof.value, "confirmed": None}


def prove(session, proof: Proof) -> None:
    """Note that the person of this session has shown, or just set up, a second factor."""
    session[_FACTS] = {**session.get(_FACTS, {}), "proof": proof.value}


def is_proven(session) -> bool:
    """Whether the session was begun with both factors; one begun by a password alone reaches no record."""
    return bool(session.get(_FACTS, {}).get("proof"))


def confirm(session) -> None:
    """Note that the person has just confirmed once more that it is them."""
    session[_FACTS] = {**session.get(_FACTS, {}), "confirmed": _seconds()}


def confirmed_lately(session) -> bool:
    """Whether the person confirmed within the last minutes (``CONFIRMED_FOR_MINUTES``) that it is them.

    Signing in does not count: it says who sits down, a confirmation says that they are still there and mean this.
    """
    at = session.get(_FACTS, {}).get("confirmed")
    return at is not None and _seconds() - at < settings.CONFIRMED_FOR_MINUTES * 60


def why_over(session) -> Over | None:
    """Why the session has ended: nobody was at work for ``IDLE_MINUTES``, or ``LONGEST_HOURS`` since signing in."""
    facts, moment = session.get(_FACTS, {}), _seconds()
    if moment - facts.get("at", 0) >= settings.LONGEST_HOURS * 3600:
        return Over.LONG
    return Over.IDLE if moment - facts.get("seen", 0) >= settings.IDLE_MINUTES * 60 else None


def seconds_left(session) -> int:
    """How long the session lasts if nothing more happens in it."""
    facts, moment = session.get(_FACTS, {}), _seconds()
    left = min(
        facts.get("seen", 0) + settings.IDLE_MINUTES * 60, facts.get("at", 0) + settings.LONGEST_HOURS * 3600
    )
    return max(0, left - moment)


def was_seen(session) -> None:
    """Note that somebody is at work in the session (written at most twice a minute)."""
    facts, moment = session.get(_FACTS, {}), _seconds()
    if moment - facts.get("seen", 0) >= WRITTEN_EVERY:
        session[_FACTS] = {**facts, "seen": moment}


def last_seen(session) -> int | None:
    """When somebody was last at work in the session."""
    return session.get(_FACTS, {}).get("seen")


def _seconds() -> int:
    return int(now().timestamp())

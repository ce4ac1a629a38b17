"""Slows down whoever tries passwords: by account and address together, and by address alone."""

from django.core.cache import cache
from django.utils.crypto import salted_hmac

from isva.access.visitor import address_of

MINUTES = 15
TRIES_OF_A_PAIR = 5
TRIES_OF_AN_ADDRESS = 50


def is_held_back(request, email: str) -> bool:
    """Whether this account at this address, or this address at all, has failed too often of late."""
    found = cache.get_many([_pair(request, email), _address(request)])
    return (
        found.get(_pair(request, email), 0) >= TRIES_OF_A_PAIR
        or found.get(_address(request), 0) >= TRIES_OF_AN_ADDRESS
    )


def note_failure(request, email: str) -> None:
    """Count a failed try; the count is forgotten a quarter of an hour after the first one."""
    for key in (_pair(request, email), _address(request)):
        if not cache.add(key, 1, MINUTES * 60):
            try:
                cache.incr(key)
            except ValueError:  # it lapsed between the two
                cache.set(key, 1, MINUTES * 60)


def forget_failures(request, email: str) -> None:
    """Forget the failed tries of an account that has signed in."""
    cache.delete(_pair(request, email))


def _pair(request, email: str) -> str:
    return _key("pair", f"{email.strip().lower()}|{address_of(request)}")


def _address(request) -> str:
    return _key("address", address_of(request))


def _key(kind: str, what: str) -> str:
    # Cache keys hold nothing personal: neither who tried nor from where can be read from them.
    return f"sign-in:{kind}:{salted_hmac('isva.accounts.throttle', what).hexdigest()}"

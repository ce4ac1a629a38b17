"""Slows down whoever tries passwords and codes: by account and address together, by account, and by address.

A try is counted before it is judged, so that many at the same moment count as many. Counts stand in the shared cache
and are forgotten a quarter of an hour after the first one.
"""

from django.core.cache import cache
from django.utils.crypto import salted_hmac

from isva.access.visitor import address_of

MINUTES = 15
TRIES_OF_A_PAIR = 5
#: From everywhere together. High, because it can lock the person out as well: the second factor stands behind it.
TRIES_OF_AN_ACCOUNT = 40
TRIES_OF_AN_ADDRESS = 50
#: Six figures can be guessed; five tries a quarter of an hour make that a matter of decades.
TRIES_OF_A_CODE = 5
LETTERS_OF_AN_ACCOUNT = 3


def take_a_try(request, email: str) -> bool:
    """Count a try at this account's password; whether it may be judged at all. The same for accounts that do not exist."""
    here = address_of(request)
    counts = [
        (_count("pair", f"{_account(email)}|{here}"), TRIES_OF_A_PAIR),
        (_count("account", _account(email)), TRIES_OF_AN_ACCOUNT),
        (_count("address", here), TRIES_OF_AN_ADDRESS),
    ]
    return all(count <= most for count, most in counts)


def forget_tries(request, email: str) -> None:
    """Forget the tries of somebody who has signed in; those of the address are one fewer."""
    here = address_of(request)
    cache.delete_many([_key("pair", f"{_account(email)}|{here}"), _key("account", _account(email))])
    _uncount("address", here)


def take_a_code(user) -> bool:
    """Count a try at a code, or at the password of somebody signed in; whether it may be judged at all."""
    return _count("code", str(user.pk)) <= TRIES_OF_A_CODE


def forget_codes(user) -> None:
    """Forget the tries of somebody whose code was right."""
    cache.delete(_key("code", str(user.pk)))


def may_write_to(request, email: str) -> bool:
    """Count a letter with the link of a new password; whether one more may go to this address."""
    counts = [
        (_count("letter", _account(email)), LETTERS_OF_AN_ACCOUNT),
        (_count("letters-from", address_of(request)), TRIES_OF_AN_ADDRESS),
    ]
    return all(count <= most for count, most in counts)


def _account(email: str) -> str:
    return email.strip().lower()


def _count(kind: str, what: str) -> int:
    """One more of these; how many there are now."""
    key = _key(kind, what)
    if cache.add(key, 1, MINUTES * 60):
        return 1
    try:
        return cache.incr(key)
    except ValueError:  # it lapsed between the two
        cache.set(key, 1, MINUTES * 60)
        return 1


def _uncount(kind: str, what: str) -> None:
    try:
        cache.decr(_key(kind, what))
    except ValueError:
        pass


def _key(kind: str, what: str) -> str:
    # Cache keys hold nothing personal: neither who tried nor from where can be read from them.
    return f"sign-in:{kind}:{salted_hmac('isva.accounts.throttle', what, algorithm='sha256').hexdigest()}"

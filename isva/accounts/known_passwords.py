"""Passwords that others try first: those known from breaches, common ones dressed up, and words of this trade.

Asked offline. The breach list holds the first bytes of the SHA-256 of each password of 12 characters or more (shorter
ones are refused by their length) in lower case, sorted; ``manage.py list_known_passwords`` makes it anew.
"""

import hashlib
import re
from functools import cache
from pathlib import Path

from django.contrib.auth.password_validation import CommonPasswordValidator
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

LIST = Path(__file__).with_name("known_passwords.bin")
SHORTEST = 12
#: Bytes kept of each digest: with 44,000 entries one password in 25 million is refused by mistake.
BYTES = 5
#: Words that somebody who attacks this product tries.
OF_THE_TRADE = (
    "isva",
    "password",
    "service",
    "support",
    "adviser",
    "advisor",
    "survivor",
    "welcome",
    "police",
    "court",
)


def digest(password: str) -> bytes:
    """What the list keeps of a password."""
    return hashlib.sha256(password.lower().encode("utf-8", "replace")).digest()[:BYTES]


def write_list(passwords) -> int:
    """Write the list anew from passwords, one after the other; returns how many it holds."""
    kept = sorted({digest(one) for one in passwords if len(one) >= SHORTEST})
    LIST.write_bytes(b"".join(kept))
    known.cache_clear()
    return len(kept)


@cache
def known() -> frozenset[bytes]:
    """The digests of the list."""
    data = LIST.read_bytes()
    return frozenset(data[at : at + BYTES] for at in range(0, len(data), BYTES))


def is_known(password: str) -> bool:
    """Whether a password is in the list of breaches, or is a common one with figures and signs around it, or doubled."""
    return digest(password) in known() or _bare(password) in _common()


def is_of_the_trade(password: str) -> bool:
    """Whether hardly anything is left of a password without the words of this work."""
    letters = re.sub(r"[^a-z]", "", password.lower())
    rest = re.sub("|".join(OF_THE_TRADE), "", letters)
    return rest != letters and len(rest) < 4


class KnownPasswordValidator:
    """Refuses passwords that others would try first."""

    def validate(self, password, user=None):
        if is_known(password):
            raise ValidationError(
                _("This password is in lists of stolen passwords. Choose another one"), code="known"
            )
        if is_of_the_trade(password):
            raise ValidationError(
                _("This password is made of words that others would try here. Choose another one"),
                code="trade",
            )

    def get_help_text(self):
        return _("Not one that is in lists of stolen passwords.")


def _bare(password: str) -> str:
    """A password without figures and signs at its ends, and once where it stands there several times over."""
    word = re.sub(r"^[\W\d_]+|[\W\d_]+$", "", password.lower())
    found = re.fullmatch(r"(.{4,}?)\1+", word)
    return found[1] if found else word


@cache
def _common() -> frozenset[str]:
    return frozenset(CommonPasswordValidator().passwords)

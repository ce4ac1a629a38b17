"""References such as ``K7-4PQ2``: they can be read out on the phone and say nothing about anybody."""

import secrets

from isva.db.wall.questions import reference_is_free

#: No letter or digit that is mistaken for another when spoken or written (no 0/O, 1/I/L, 5/S, 8/B, U/V).
ALPHABET = "234679ACDEFGHJKMNPQRTWXYZ"


def new_reference() -> str:
    """A reference that no case has (about 244 million are possible)."""
    while True:
        letters = "".join(secrets.choice(ALPHABET) for _ in range(6))
        reference = f"{letters[:2]}-{letters[2:]}"
        if reference_is_free(reference):
            return reference


def read_reference(text: str) -> str | None:
    """The reference that somebody typed, in any case and with or without the dash; None if it is none."""
    letters = "".join(letter for letter in text.upper() if letter.isalnum())
    if len(letters) != 6 or any(letter not in ALPHABET for letter in letters):
        return None
    return f"{letters[:2]}-{letters[2:]}"

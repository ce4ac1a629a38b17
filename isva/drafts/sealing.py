"""Sealing: drafts are encrypted with the product's field key before they reach the database."""

import json

from cryptography.fernet import Fernet, MultiFernet
from django.conf import settings


def _cipher() -> MultiFernet:
    return MultiFernet([Fernet(key) for key in settings.FIELD_KEYS])


def seal(data: dict) -> bytes:
    """Encrypt what somebody typed (the newest key first; older keys still open what they sealed)."""
    return _cipher().encrypt(json.dumps(data).encode())


def unseal(sealed: bytes | memoryview) -> dict:
    """Decrypt a draft. Raises cryptography's InvalidToken where it was tampered with or the key is gone."""
    return json.loads(_cipher().decrypt(bytes(sealed)))


def seal_text(text: str) -> str:
    """Encrypt one secret (the seed of a second factor) as text that a column holds."""
    return _cipher().encrypt(text.encode()).decode("ascii")


def unseal_text(sealed: str) -> str:
    """Decrypt a secret. Raises cryptography's InvalidToken where it was tampered with or the key is gone."""
    return _cipher().decrypt(sealed.encode("ascii")).decode()

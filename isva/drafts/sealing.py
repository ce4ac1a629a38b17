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

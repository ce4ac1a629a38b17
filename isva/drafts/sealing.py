"""Sealing: drafts and files are encrypted with the product's field key before they reach database or disk."""

import json

from cryptography.fernet import Fernet, MultiFernet
from django.conf import settings


def _cipher() -> MultiFernet:
    return MultiFernet([Fernet(key) for key in settings.FIELD_KEYS])


def seal(data: dict) -> bytes:
    """Encrypt what somebody typed (the newest key first; older keys still open what they sealed)."""
    return seal_bytes(json.dumps(data).encode())


def unseal(sealed: bytes | memoryview) -> dict:
    """Decrypt a draft. Raises cryptography's InvalidToken where it was tampered with or the key is gone."""
    return json.loads(unseal_bytes(bytes(sealed)))


def seal_bytes(content: bytes) -> bytes:
    """Encrypt a file."""
    return _cipher().encrypt(content)


def unseal_bytes(sealed: bytes) -> bytes:
    """Decrypt a file. Raises cryptography's InvalidToken where it was tampered with or the key is gone."""
    return _cipher().decrypt(sealed)


def seal_text(text: str) -> str:
    """Encrypt one secret (the seed of a second factor) as text that a column holds."""
    return _cipher().encrypt(text.encode()).decode("ascii")


def unseal_text(sealed: str) -> str:
    """Decrypt a secret. Raises cryptography's InvalidToken where it was tampered with or the key is gone."""
    return _cipher().decrypt(sealed.encode("ascii")).decode()

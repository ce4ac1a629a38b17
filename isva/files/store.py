"""Where files lie: outside everything that is served, encrypted, under a name that says nothing."""

import os
import uuid
from pathlib import Path

from cryptography.fernet import InvalidToken
from django.conf import settings

from isva.drafts.sealing import seal_bytes, unseal_bytes


class Lost(Exception):
    """A file that should be there is not, or is not what was kept: it was removed or changed past the product."""


def keep(content: bytes) -> uuid.UUID:
    """Encrypt and keep a file; returns the name it lies under.

    It lies there before the row that names it is saved. Where that fails, nobody can read what is left: the name
    is known to nothing, and it is encrypted.
    """
    name = uuid.uuid4()
    path = _path(name)
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as file:
        file.write(seal_bytes(content))
        file.flush()
        os.fsync(file.fileno())
    return name


def read(name: uuid.UUID) -> bytes:
    """The file as it was kept. Raises Lost."""
    try:
        return unseal_bytes(_path(name).read_bytes())
    except (OSError, InvalidToken):
        raise Lost(str(name)) from None


def forget(name: uuid.UUID) -> None:
    """Remove a file that no row names."""
    _path(name).unlink(missing_ok=True)


def _path(name: uuid.UUID) -> Path:
    return settings.DOCUMENTS_ROOT / name.hex[:2] / f"{name.hex}.sealed"

"""What the application signs towards the database: who acts, in which service, for this connection and a few seconds."""

import hashlib
import hmac
import time

from django.conf import settings

#: How long a signature is good for, in seconds: from this process to the database and no longer.
LIFE = 30


def real_time() -> float:
    """The time of the machine, which the database compares with its own: no moment of the service's clock."""
    return time.time()


def application_key() -> bytes:
    """The key the application signs with (32 bytes); the database keeps the same one where only the definer reads it."""
    return hashlib.sha256(b"isva.db.wall|" + settings.SECRET_KEY.encode()).digest()


def sign(*parts: str) -> str:
    """HMAC-SHA-256 of the parts, in hexadecimal."""
    return hmac.new(application_key(), "|".join(parts).encode(), hashlib.sha256).hexdigest()


def expiry() -> str:
    """When a signature made now runs out, in seconds of the system's clock."""
    return str(int(real_time()) + LIFE)

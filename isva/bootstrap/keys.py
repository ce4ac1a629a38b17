"""The secrets of a service run by this machine itself: made once, kept in one file only its owner reads."""

import base64
import json
import os
import secrets

from isva.bootstrap import places


def keys() -> dict[str, str]:
    """The generated secrets, made at the first call.

    `secret_key` signs sessions, `field_key` encrypts narrative fields (Fernet form), the others are passwords
    of the servers run on this machine.
    """
    path = places.prepare() / "secrets"
    if not path.exists():
        made = {
            "secret_key": secrets.token_urlsafe(64),
            "field_key": base64.urlsafe_b64encode(secrets.token_bytes(32)).decode(),
            **{name: secrets.token_hex(24) for name in ("postgres", "owner", "app", "redis")},
        }
        fresh = path.with_suffix(f".{os.getpid()}")
        handle = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(handle, "w") as file:
            json.dump(made, file)
        os.replace(fresh, path)
    return json.loads(path.read_text())

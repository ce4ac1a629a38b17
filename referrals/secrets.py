"""Secret links for people who are nobody here: unguessable, kept as a hash, made again when they are to be shown.

A token is derived from the key of its record and the product's secret, so that neither the database nor a task's
arguments ever hold one that could be used.
"""

import base64
import hashlib

from django.utils.crypto import salted_hmac

LONGEST_TOKEN = 100


def token_of(record) -> str:
    """The token of a record's link (43 characters, 256 bits)."""
    digest = salted_hmac(
        f"referrals.link.{record._meta.model_name}", str(record.pk), algorithm="sha256"
    ).digest()
    return base64.urlsafe_b64encode(digest).decode().rstrip("=")


def hash_of(token: str) -> str:
    """What is kept of a token."""
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()

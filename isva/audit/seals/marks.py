"""The marks that make a chain: a digest over a batch of rows, and the keyed hash of a seal.

The key is derived from ``FIELD_KEYS`` and is not in the database: whoever can write to every table there can still
not make a seal that holds.
"""

import datetime as dt
import hashlib
import hmac
import json
from functools import lru_cache

from django.conf import settings

FORMAT = 1


class KeyGone(Exception):
    """A seal was made with a key that is not among ``FIELD_KEYS`` any more."""


@lru_cache(maxsize=4)
def _keys(field_keys: tuple[str, ...]) -> dict[str, bytes]:
    found = {}
    for key in field_keys:
        derived = hmac.digest(key.encode(), b"isva.audit.seals", "sha256")
        found[hashlib.sha256(derived).hexdigest()[:12]] = derived
    return found


def key_in_use() -> str:
    """The name of the key that seals now: the first of ``FIELD_KEYS``."""
    return next(iter(_keys(tuple(settings.FIELD_KEYS))))


def keyed(key_name: str, text: str) -> str:
    """The keyed hash of a text. Raises KeyGone."""
    key = _keys(tuple(settings.FIELD_KEYS)).get(key_name)
    if key is None:
        raise KeyGone
    return hmac.new(key, text.encode(), "sha256").hexdigest()


def digest_of_batch(batch) -> str:
    """The digest over what a batch covers: its own key, its table, its columns, every key and every row's digest."""
    found = hashlib.sha256(
        json.dumps([str(batch.id), str(batch.seal_id), batch.table, batch.part, batch.columns]).encode()
    )
    for key, digest in zip(batch.keys, batch.digests, strict=True):
        found.update(f"{len(key)}:{key}".encode())
        found.update(bytes(digest))
    return found.hexdigest()


def hash_of_seal(seal, batch_digests: list[list]) -> str:
    """The hash of a seal over everything it says, the seal before it, and its batches. Raises KeyGone.

    ``batch_digests`` are (table, part, digest), in that order.
    """
    moment = seal.at.astimezone(dt.UTC).isoformat(timespec="microseconds")
    said = [FORMAT, str(seal.id), seal.scope, seal.number, moment, seal.rows, seal.previous, seal.key_name]
    return keyed(seal.key_name, json.dumps([*said, batch_digests]))

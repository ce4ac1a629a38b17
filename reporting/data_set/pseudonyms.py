"""What stands for a case in the minimum data set: the same in every file of a service, and nothing to reckon it back with.

A keyed hash of the case's key. The key of a case stands in addresses, so that a plain hash of it could be tried out by
whoever saw one; with a random key of the service, which no page and no file shows, it cannot.
"""

import hashlib
import hmac
import secrets
import uuid
from collections.abc import Callable

from django.db import IntegrityError, transaction

from isva.accounts.models import Service
from isva.clock.moment import now
from reporting.models import PseudonymKey

#: Bytes of the service's key.
LENGTH = 32


def pseudonyms(service: Service) -> Callable[[uuid.UUID], str]:
    """The function that makes the pseudonym of a case of this service out of the case's key."""
    key = _key_of(service)

    def pseudonym(case_id: uuid.UUID) -> str:
        return hmac.new(key, case_id.bytes, hashlib.sha256).hexdigest()[:32]

    return pseudonym


def _key_of(service: Service) -> bytes:
    """The key of a service: made when it is first needed, and never changed."""
    found = PseudonymKey.objects.filter(service=service).first()
    if found is None:
        found = PseudonymKey(service=service, at=now(), key=secrets.token_bytes(LENGTH))
        try:
            with transaction.atomic():
                found.save(force_insert=True)
        except IntegrityError:  # another file was made at the same moment
            found = PseudonymKey.objects.get(service=service)
    return bytes(found.key)

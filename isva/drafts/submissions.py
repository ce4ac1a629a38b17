"""A double submit makes one record: each form carries a token that can be claimed once."""

import datetime as dt
import uuid

from django.db import IntegrityError, transaction

from isva.clock.moment import now
from isva.drafts.models import Submission


def new_token() -> uuid.UUID:
    """A token for a form that is about to be shown."""
    return uuid.uuid4()


def claim(token: uuid.UUID) -> bool:
    """Claim a form's token; False when it was claimed before.

    Two presses at the same moment wait for each other: the second sees the first one's answer. Where the
    first fails, its claim goes with it and the second is the first.
    """
    try:
        with transaction.atomic():
            Submission.objects.create(token=token, claimed_at=now())
    except IntegrityError:
        return False
    return True


def was_claimed(token: uuid.UUID) -> bool:
    """Whether a form with this token was sent already (a draft that arrives late belongs to nothing any more)."""
    return Submission.objects.filter(token=token).exists()


def sent_already(text: str) -> bool:
    """``was_claimed`` for a token as a browser sends it; what is no token was never claimed."""
    try:
        return was_claimed(uuid.UUID(text))
    except ValueError:
        return False


def forget_old_claims() -> int:
    """Remove tokens claimed more than a day ago; returns how many."""
    return Submission.objects.filter(claimed_at__lt=now() - dt.timedelta(days=1)).delete()[0]

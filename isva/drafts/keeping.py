"""Keeping, finding and forgetting drafts."""

import datetime as dt
import hashlib
import secrets

from cryptography.fernet import InvalidToken

from isva.clock.moment import now
from isva.drafts.models import Draft
from isva.drafts.sealing import seal, seal_bytes, unseal, unseal_bytes

PUBLIC_LIFE = dt.timedelta(hours=1)
STAFF_LIFE = dt.timedelta(days=3)


def _hash(key: str) -> str:
    return hashlib.sha256(key.encode()).hexdigest()


def new_key() -> str:
    """A key for a visitor's draft: unguessable, kept in their cookie only."""
    return secrets.token_urlsafe(32)


def _opened(draft: Draft | None) -> dict | None:
    if draft is None:
        return None
    try:
        return unseal(draft.sealed)
    except InvalidToken:
        return None


def _file_hash(key: str) -> str:
    """Under which the file of a visitor's draft lies: a row of its own, so that a step does not write it again."""
    return _hash(f"{key}:file")


def keep_public_draft(*, service, form: str, key: str, data: dict) -> None:
    """Keep what a visitor has filled in so far; it is gone an hour after their last step, and a file with it."""
    moment = now()
    if data.get("file"):
        Draft.objects.filter(key_hash=_file_hash(key)).update(expires_at=moment + PUBLIC_LIFE)
    Draft.objects.update_or_create(
        key_hash=_hash(key),
        defaults={
            "service": service, "form": form, "sealed": seal(data),
            "kept_at": moment, "expires_at": moment + PUBLIC_LIFE,
        },
    )  # fmt: skip


def public_draft(*, service, form: str, key: str, lock: bool = False) -> dict | None:
    """A visitor's draft of this form, or None. ``lock`` holds it until the transaction ends (sending)."""
    drafts = Draft.objects.filter(key_hash=_hash(key), service=service, form=form, expires_at__gt=now())
    return _opened((drafts.select_for_update() if lock else drafts).first())


def keep_public_file(*, service, form: str, key: str, content: bytes) -> None:
    """Keep the file that belongs to a visitor's draft, in place of one before it."""
    moment = now()
    Draft.objects.update_or_create(
        key_hash=_file_hash(key),
        defaults={
            "service": service, "form": form, "sealed": seal_bytes(content),
            "kept_at": moment, "expires_at": moment + PUBLIC_LIFE,
        },
    )  # fmt: skip


def public_file(*, service, form: str, key: str) -> bytes | None:
    """The file that belongs to a visitor's draft; None where there is none any more."""
    draft = Draft.objects.filter(
        key_hash=_file_hash(key), service=service, form=form, expires_at__gt=now()
    ).first()
    try:
        return unseal_bytes(bytes(draft.sealed)) if draft else None
    except InvalidToken:
        return None


def forget_public_file(*, key: str) -> None:
    """Remove the file of a visitor's draft."""
    Draft.objects.filter(key_hash=_file_hash(key)).delete()


def forget_public_draft(*, key: str) -> None:
    """Remove a visitor's draft and its file: it was sent, or they left."""
    Draft.objects.filter(key_hash__in=[_hash(key), _file_hash(key)]).delete()


def keep_draft(*, service, user, form: str, about=None, data: dict) -> dt.datetime:
    """Keep what a member of staff has typed into a form about a case; returns when."""
    moment = now()
    Draft.objects.update_or_create(
        service=service, user=user, form=form, about=about,
        defaults={"sealed": seal(data), "kept_at": moment, "expires_at": moment + STAFF_LIFE},
    )  # fmt: skip
    return moment


def draft_of(*, service, user, form: str, about=None) -> tuple[dict, dt.datetime] | None:
    """The draft that ``user`` left in this form, and when it was kept; None where there is none."""
    draft = Draft.objects.filter(
        service=service, user=user, form=form, about=about, expires_at__gt=now()
    ).first()
    data = _opened(draft)
    return (data, draft.kept_at) if draft and data is not None else None


def subjects_of(*, user, form: str) -> list:
    """What the drafts are about that ``user`` left in this form, in any service."""
    drafts = Draft.objects.filter(user=user, form=form, expires_at__gt=now())
    return list(drafts.values_list("about", flat=True))


def forget_draft(*, service, user, form: str, about=None) -> None:
    """Remove a member of staff's draft: it was saved, or they threw it away."""
    Draft.objects.filter(service=service, user=user, form=form, about=about).delete()


def forget_lapsed_drafts() -> int:
    """Remove every draft whose life has ended; returns how many."""
    return Draft.objects.filter(expires_at__lte=now()).delete()[0]

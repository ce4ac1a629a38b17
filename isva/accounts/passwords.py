"""Passwords: set by the person themselves, kept as argon2 hashes; a forgotten one is replaced by a secret link."""

import base64
import binascii
import uuid

from django.contrib.auth.tokens import default_token_generator

from isva.accounts.models import User
from isva.accounts.noting import note


def change_password(user: User, password: str, *, by: User) -> User:
    """Give ``user`` a new password; every session of theirs but the caller's own ends with the old one."""
    user.set_password(password)
    user.save(update_fields=["password"])
    note("password changed", user)
    return user


def token_of(user: User) -> str:
    """The token of a link for a new password: good for an hour, and until the password changes."""
    key = base64.urlsafe_b64encode(user.pk.bytes).decode().rstrip("=")
    return f"{key}.{default_token_generator.make_token(user)}"


def person_of(token: str) -> User | None:
    """Whose link this is, if it still works; None otherwise, whatever the reason."""
    key, _dot, secret = token.partition(".")
    try:
        pk = uuid.UUID(bytes=base64.urlsafe_b64decode(key + "=" * (-len(key) % 4)))
    except (ValueError, binascii.Error):
        return None
    user = User.objects.filter(pk=pk, is_active=True, is_system=False).first()
    return user if user is not None and default_token_generator.check_token(user, secret) else None

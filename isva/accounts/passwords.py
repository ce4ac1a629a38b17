"""Passwords: set by the person themselves, kept as argon2 hashes."""

from isva.accounts.models import User


def change_password(user: User, password: str, *, by: User) -> User:
    """Give ``user`` a new password; every other session of theirs ends with the old one."""
    user.set_password(password)
    user.save(update_fields=["password"])
    return user

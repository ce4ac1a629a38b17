"""Between password and second step: whom the password was right for, kept in the session; nobody is signed in yet."""

from isva.accounts.models import User
from isva.clock.moment import now

_KEY = "halfway"
MINUTES = 10


def note(request, user: User, *, wanted: str) -> None:
    """Note that the password of ``user`` was right, under a new key of the session; ``wanted`` is where they were going."""
    request.session.cycle_key()
    request.session[_KEY] = {
        "user": str(user.pk), "hash": user.get_session_auth_hash(), "at": int(now().timestamp()), "wanted": wanted,
    }  # fmt: skip


def who(request) -> User | None:
    """Who has given the password within the last minutes; None where nobody has, or it was changed since."""
    facts = request.session.get(_KEY)
    if not facts or now().timestamp() - facts["at"] > MINUTES * 60:
        return None
    user = User.objects.filter(pk=facts["user"], is_active=True).first()
    return user if user is not None and user.get_session_auth_hash() == facts["hash"] else None


def wanted(request) -> str:
    """Where the person was going."""
    return request.session.get(_KEY, {}).get("wanted", "")

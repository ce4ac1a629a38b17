"""Where sessions are kept: in the database and before it in the cache, as Django does, under keys of our own making only."""

import re

from django.contrib.sessions.backends.cached_db import SessionStore as CachedStore

#: What Django draws a key from, and how many characters it takes.
_KEY = re.compile(r"[0-9a-z]{32}")


class SessionStore(CachedStore):
    """Asks neither the cache nor the database for a key that cannot be one: a character in it that the database does not
    take (NUL) would be an error of ours. A visitor with such a cookie is one with none.
    """

    def _validate_session_key(self, key: str | None) -> bool:
        return isinstance(key, str) and _KEY.fullmatch(key) is not None

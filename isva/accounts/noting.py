"""The log of signing in: what happened to which account, by its key alone; no address, no name, no code."""

import logging

log = logging.getLogger("isva.sign_in")


def note(what: str, user=None) -> None:
    """Write one line: what happened, and to which account; without one, the account is not known here."""
    log.info("%s: %s", what, getattr(user, "pk", None) or "no such account")

"""Two people at one form: who saves second is told so, what they typed is kept, and nothing is overwritten unseen.

A page that shows what a row says now sends a mark of it along. Whoever saves compares the mark with the row, in
the same breath in which they lock it: of two who save at the same moment the second is told too.
"""

import hashlib

from django.utils.translation import gettext as _

from isva.refusal import Refusal


class ChangedMeanwhile(Refusal):
    """Somebody changed the row while it was being edited. ``now`` is the mark of what it says now."""

    def __init__(self, *reasons: object, now: str):
        super().__init__(*reasons)
        self.now = now


def as_seen(row, names) -> str:
    """A mark of what these fields of a row say now: another one as soon as somebody has changed one of them."""
    told = repr([getattr(row, name) for name in sorted(names)])
    return hashlib.sha256(told.encode()).hexdigest()[:32]


def refuse_stale(row, names, *, seen: str | None) -> None:
    """Raise ChangedMeanwhile where ``row``, as locked, is not what the writer saw. Without a mark nothing is asked."""
    current = as_seen(row, names)
    if seen is not None and seen != current:
        raise ChangedMeanwhile(
            _("Somebody changed this while you were writing. What you typed is below: check it against theirs (open "
              "the page in another tab), then save again."),
            now=current,
        )  # fmt: skip

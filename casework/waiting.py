"""What follows when things get worse for somebody who waits: the part of the service that keeps the list says what.

Casework tells it, whichever page the news comes in by; it never needs to know who listens.
"""

from collections.abc import Callable

from casework.models import Case
from isva.pathway import WAITING_STAGES

_listeners: list[Callable] = []


def when_worse(act: Callable) -> None:
    """Have ``act(case, reason=, by=)`` called when things get worse for somebody who waits (said once, at the start)."""
    if act not in _listeners:
        _listeners.append(act)


def it_got_worse(case: Case, *, reason: str, by) -> None:
    """Things got worse: a risk rose, or a child or an adult is at risk (report, Annex A 3). ``reason`` is in words.

    Nothing follows for a case that does not wait: an ISVA carries it, or triage has it in hand.
    """
    if case.stage in WAITING_STAGES:
        for act in _listeners:
            act(case, reason=reason, by=by)

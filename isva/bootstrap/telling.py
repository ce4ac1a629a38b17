"""What the person at the terminal sees while the service sets itself up: one line a step, and what to do if it fails."""

import contextlib
import os
import sys
import time
from collections.abc import Iterator


class Stop(Exception):
    """A step failed in a way the person can do something about: what happened, and what to do."""

    def __init__(self, what: str, advice: str = "") -> None:
        super().__init__(what)
        self.what = what
        self.advice = advice


class Step:
    """The step under way; `note` is what it found or did, shown when it ends."""

    def __init__(self) -> None:
        self.note = "ready"


def quiet() -> bool:
    """True for ordinary commands, whose output must stay their own; `demo` and `test` show each step."""
    return os.environ.get("ISVA_SHOW_STEPS") != "1"


def say(text: str) -> None:
    """Show one line at once. Standard error, so that a command's own output can be piped."""
    print(text, file=sys.stderr, flush=True)


@contextlib.contextmanager
def step(title: str) -> Iterator[Step]:
    """Show a step, what came of it and how long it took."""
    began = time.monotonic()
    current = Step()
    yield current
    if not quiet():
        say(f"  {title:<14} {current.note:<58} {time.monotonic() - began:5.1f} s")


def report(problem: Stop) -> None:
    """Show why the start ended and what would help."""
    say(f"\n{problem.what}")
    if problem.advice:
        say(f"What to do: {problem.advice}")

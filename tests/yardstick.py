"""How much work something is, whatever the machine: measured in the same moment against work that never changes."""

import time


def yards(act) -> float:
    """The processor time that ``act()`` takes, in yards: one is what adding up a million numbers takes here and now."""
    return _took(act) / min(_took(_a_yard) for _again in range(3))


def _a_yard() -> None:
    total = 0
    for number in range(1_000_000):
        total += number


def _took(act) -> float:
    began = time.thread_time()  # of the processor: others may keep this machine busy
    act()
    return time.thread_time() - began

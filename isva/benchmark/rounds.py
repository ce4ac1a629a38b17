"""Times the same work done in two ways, in turns, so that what else the machine does falls on both."""

import contextlib
import gc
import os
import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from django.db import connection

_TICK = os.sysconf("SC_CLK_TCK")


@dataclass
class Times:
    """What one piece of work took, each time it was done, in milliseconds: in all, and of processors."""

    elapsed: list[float] = field(default_factory=list)
    processor: list[float] = field(default_factory=list)

    @property
    def median(self) -> float:
        """The middle of the times it took."""
        return statistics.median(self.elapsed)

    @property
    def cpu(self) -> float:
        """Processor time of this process and, where it runs on this machine, of its database, for one time."""
        return statistics.median(self.processor)

    def as_multiple_of(self, other: "Times") -> tuple[float, float]:
        """Processor time, and time that passed, as multiples of another way's: the middle of what each round gives.

        The two ways of a round stand close together: a machine that is slower for a while is so for both.
        """
        return _middle_ratio(self.processor, other.processor), _middle_ratio(self.elapsed, other.elapsed)


def _middle_ratio(these: list[float], those: list[float]) -> float:
    return statistics.median(this / that for this, that in zip(these, those, strict=True))


def in_turns(
    ways: dict[str, Callable], work: dict[str, Callable], *, rounds: int, times: int
) -> dict[str, dict[str, Times]]:
    """Do each piece of ``work`` so many ``times`` in a row, each way, in so many ``rounds``; the times by way and work.

    ``ways`` are context managers, entered once a round. What a way has to warm up (plans, caches) is done before it
    is timed. Every second round goes through the ways backwards.
    """
    found = {way: {name: Times() for name in work} for way in ways}
    for number in range(rounds):
        for way in list(ways) if number % 2 == 0 else reversed(ways):
            with ways[way]():
                for name, do in work.items():
                    do()
                    do()
                    _time(do, found[way][name], times)
    return found


def _time(do: Callable, into: Times, times: int) -> None:
    gc.collect()
    gc.disable()
    try:
        worked = time.process_time() + of_database()
        for _number in range(times):
            began = time.perf_counter()
            do()
            into.elapsed.append((time.perf_counter() - began) * 1000)
        into.processor.append((time.process_time() + of_database() - worked) * 1000 / times)
    finally:
        gc.enable()


def of_database() -> float:
    """Seconds of processor time that the database has spent on this connection; 0 where it runs elsewhere."""
    if connection.connection is None:
        return 0.0
    process = Path(f"/proc/{connection.connection.info.backend_pid}")
    with contextlib.suppress(OSError, ValueError, IndexError):
        return int((process / "schedstat").read_text().split()[0]) / 1e9
    with contextlib.suppress(OSError, ValueError, IndexError):  # a kernel that only counts its ticks
        told = (process / "stat").read_text().rpartition(")")[2].split()
        return (int(told[11]) + int(told[12])) / _TICK
    return 0.0

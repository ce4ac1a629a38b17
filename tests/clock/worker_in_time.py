"""A worker or a beat of the real queue, in a process of its own, in which it is the moment that a file says.

    python -m tests.clock.worker_in_time FILE worker|beat [FOLDER]

The file holds a moment in ISO form; it is read anew before each task.
"""

import datetime as dt
import os
import sys
from pathlib import Path

import time_machine
from celery.signals import task_postrun, task_prerun

BEATS = 2.0  # seconds between two rounds


def main(file: str, part: str, folder: str = "") -> None:
    """Serve until killed."""
    os.environ["DJANGO_SETTINGS_MODULE"] = "isva.settings"
    from isva.celery import app

    app.conf.task_always_eager = False
    if part == "beat":
        app.conf.beat_schedule = {"tick": {"task": "isva.clock.tasks.tick", "schedule": BEATS}}
        app.conf.beat_max_loop_interval = BEATS
        app.start(["beat", "--loglevel", "error", "--pidfile", "", "--schedule", str(Path(folder) / "beat")])
        return

    travelling = []

    @task_prerun.connect(weak=False)
    def it_is_that_moment(**_signal):
        travelling.append(time_machine.travel(dt.datetime.fromisoformat(Path(file).read_text()), tick=True))
        travelling[-1].start()

    @task_postrun.connect(weak=False)
    def it_is_now_again(**_signal):
        travelling.pop().stop()

    app.worker_main(["worker", "--pool", "solo", "--loglevel", "error", "--without-gossip", "--without-mingle",
                     "--without-heartbeat"])  # fmt: skip


if __name__ == "__main__":
    main(*sys.argv[1:])

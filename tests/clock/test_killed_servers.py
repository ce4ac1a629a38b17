"""Days of the service with a queue, a worker and a beat of their own, each killed, frozen or emptied at random.

What ``test_chaos.py`` says of rounds and letters within one process, said of real ones: Redis loses everything in it, the
worker dies in the middle of whatever it does. The clock is the file that all of them read; a few hours pass in a second.
"""

import contextlib
import datetime as dt
import os
import random
import re
import signal
import subprocess
import sys
import time

import pytest
from celery import Celery
from django.db import transaction

from isva.access.system import SystemUser, act_as_system
from isva.bootstrap import broker, places, postgres
from isva.clock.models import Letter, Tick
from isva.clock.moment import LONDON, at
from isva.pathway import Stage
from tests.clock.making import Making
from tests.clock.test_chaos import BEGINS, Days, still_open
from tests.database import address_of
from triage.stages.urgent import raise_urgent_allocation

#: Days, hours in a step, how long a step takes, and for how many hours at most nobody is there who could go round.
DAYS, STEP, SECONDS, LONGEST = 30, 2, 0.4, 6
PATIENCE = 180  # seconds
PASSWORD = "for-this-test-alone"


class Servers:
    """Redis, worker and beat; whatever is down is started again by ``mend``."""

    def __init__(self, folder):
        self.folder, self.running = folder, {}
        self.port = postgres.free_port()
        self.url = f"redis://:{PASSWORD}@127.0.0.1:{self.port}/0"
        self.moment, self.mails = folder / "moment", folder / "mails"
        self.mails.mkdir()
        self.env = os.environ | {
            "DATABASE_URL": address_of("default"), "DATABASE_OWNER_URL": address_of("owner"), "REDIS_URL": self.url,
            "EMAIL_URL": f"filemail:///{self.mails}", "ISVA_BOOTSTRAP": "off",
        }  # fmt: skip

    def it_is(self, moment: dt.datetime) -> None:
        """From now on it is this moment, for the worker's next task."""
        new = self.moment.with_suffix(".new")
        new.write_text(moment.isoformat())
        new.replace(self.moment)

    def mend(self) -> None:
        """Start what is not running."""
        for part in ("redis", "worker", "beat"):
            if part not in self.running or self.running[part].poll() is not None:
                self.running[part] = self._redis() if part == "redis" else self._celery(part)

    def _redis(self):
        program = broker.system_program() or broker.wheel_program(postgres.servers_home(postgres.runner()))
        started = subprocess.Popen(
            [program, "-"], stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd=self.folder
        )  # fmt: skip
        started.stdin.write(
            f'bind 127.0.0.1\nport {self.port}\nrequirepass {PASSWORD}\nsave ""\nappendonly no\n'.encode()
        )
        started.stdin.close()
        return started

    def _celery(self, part: str):
        with (self.folder / f"{part}.log").open("a") as log:
            return subprocess.Popen(
                [sys.executable, "-m", "tests.clock.worker_in_time", str(self.moment), part, str(self.folder)],
                cwd=places.ROOT, env=self.env, stdout=log, stderr=log,
            )  # fmt: skip

    def until(self, so_far) -> None:
        """Wait until something is so, and start what is not running meanwhile."""
        patience = time.monotonic() + PATIENCE
        while not so_far():
            assert time.monotonic() < patience, "The servers do not come to an end of it."
            self.mend()
            time.sleep(0.2)

    def strike(self, part: str, how: int) -> None:
        """Send a signal to a part that may be gone already."""
        with contextlib.suppress(ProcessLookupError):
            self.running[part].send_signal(how)
        if how == signal.SIGKILL:
            self.running[part].wait()

    def flush(self) -> None:
        """Empty the queue."""
        owner = broker.Broker(PASSWORD)
        owner.ask(self.port, "FLUSHALL")

    def written(self) -> int:
        """How many e-mails were sent."""
        return sum(
            len(re.findall(r"^Subject: ", one.read_text(), re.MULTILINE)) for one in self.mails.iterdir()
        )

    def stop(self) -> None:
        """End everything."""
        for part in self.running:
            self.strike(part, signal.SIGCONT)
            self.strike(part, signal.SIGKILL)


@pytest.fixture
def servers(tmp_path, transactional_db):
    """The servers, stopped at the end."""
    having = Servers(tmp_path)
    yield having
    having.stop()


class ServedDays(Days):
    """The same days, with rounds and letters left to the servers, and something going wrong every few steps."""

    def __init__(self, *args, servers: Servers, rng: random.Random, **how):
        super().__init__(*args, chaos=None, **how)
        self.servers, self.rng = servers, rng
        self.struck = dict.fromkeys(
            ("kill worker", "kill beat", "kill redis", "freeze redis", "flush", "twice"), 0
        )

    def live(self) -> None:
        client = Celery(broker=self.servers.url)
        client.conf.broker_transport_options = {"socket_timeout": 2, "socket_connect_timeout": 1}
        for hour in self.hours:
            self.hour, moment = hour, BEGINS + dt.timedelta(hours=hour)
            with at(moment):
                self.people_do(hour)
            self.servers.it_is(moment)
            self.servers.mend()
            if self.rng.random() < 0.3:
                self.go_wrong_with(self.rng.choice(list(self.struck)), client)
            time.sleep(SECONDS)
            self.longest_gap = max(self.longest_gap, hour - self.last_hour())
            self.servers.until(lambda: self.hour - self.last_hour() <= LONGEST)
        self.servers.mend()
        self.wait_for_the_end(BEGINS + dt.timedelta(hours=self.hours[-1], minutes=30))

    def go_wrong_with(self, what: str, client) -> None:
        """One of the things that go wrong."""
        servers, self.struck[what] = self.servers, self.struck[what] + 1
        if what == "flush":
            servers.flush()
        elif what == "freeze redis":
            servers.strike("redis", signal.SIGSTOP)
            time.sleep(self.rng.uniform(0.2, 2.5))
            servers.strike("redis", signal.SIGCONT)
        elif what == "twice":
            for key in Letter.objects.order_by("?").values_list("pk", flat=True)[:5]:
                with contextlib.suppress(Exception):  # the queue may be down just now
                    client.send_task("isva.clock.tasks.send_letter", [str(key)], retry=False)
        else:
            time.sleep(self.rng.uniform(0, 0.5))
            servers.strike(what.removeprefix("kill "), signal.SIGKILL)

    def last_hour(self) -> float:
        """The hour of the last round."""
        last = (
            Tick.objects.filter(service=self.service, ended_at__isnull=False)
            .values_list("began_at", flat=True)
            .first()
        )
        # In London's own hours, as the days are counted: one night has an hour less.
        return (last.astimezone(LONDON) - BEGINS).total_seconds() / 3600 if last else -LONGEST

    def wait_for_the_end(self, moment: dt.datetime) -> None:
        """Until a round went by the last moment and no letter waits."""
        self.servers.it_is(moment)
        over = (moment - BEGINS).total_seconds() / 3600
        self.servers.until(
            lambda: self.last_hour() >= over and not Letter.objects.filter(sent_at__isnull=True).exists()
        )


def pytest_generate_tests(metafunc):
    """Some minutes of days: in full alone."""
    if "seed" in metafunc.fixturenames:
        full = metafunc.config.getoption("--full-attack")
        why = pytest.mark.skip(reason="a quarter of an hour: with --full-attack")
        metafunc.parametrize("seed", [1] if full else [pytest.param(1, marks=why)])


def test_whatever_is_killed_the_reminders_end_the_same_and_no_letter_is_lost(seed, people, rowan, servers):
    with at(BEGINS - dt.timedelta(days=1)), act_as_system(SystemUser.CLOCK, rowan):
        make = Making(people, rowan)
        cases = [make.case().pk for _number in range(6)]
        make.case(Stage.INTERIM)
        raise_urgent_allocation(make.case(Stage.ALLOCATION), reason="A threat.", by=make.by)
        make.case(Stage.REFERRAL)
    steady = Days(rowan, people, cases, days=DAYS, step=STEP, chaos=None)
    with transaction.atomic():
        steady.live()
        kept, told = steady.kept(), steady.outcome()
        transaction.set_rollback(True)

    lived = ServedDays(rowan, people, cases, days=DAYS, step=STEP, servers=servers, rng=random.Random(seed))
    lived.live()
    other_kept, other_told = lived.kept(), lived.outcome()
    sent = Letter.objects.filter(service=rowan, tries__gt=0, sent_at__isnull=False).count()
    twice = servers.written() - sent
    print(
        f"struck {lived.struck}, {sent} letters, {twice} of them twice, {lived.longest_gap:.0f} h the longest gap"
    )
    assert still_open(other_kept) == still_open(kept)
    assert still_open(other_kept - kept) == {}
    for name in kept - other_kept:
        told_as_open = name.rsplit(" satisfied", 1)[0] + " open"
        assert steady.last_seen[told_as_open] - steady.first_seen[told_as_open] <= lived.longest_gap, name
    assert set(other_told) == set(told)
    assert 0 <= twice <= lived.struck["kill worker"]
    assert min(lived.struck.values()) > 5

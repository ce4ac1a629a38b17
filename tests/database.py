"""The test database: the owner makes and migrates it once a run, and copies it for the other processes of the run."""

import contextlib
import fcntl
import time
from collections.abc import Callable, Iterator
from copy import deepcopy
from pathlib import Path
from unittest import mock

from django.db import connections
from django.db.models import Field
from django.test.utils import setup_databases, teardown_databases

PATIENCE = 5  # seconds


def address_of(role: str) -> str:
    """Where a process that a test starts finds the tests' database: as this role (``default`` or ``owner``)."""
    told = connections[role].settings_dict
    return f"postgres://{told['USER']}:{told['PASSWORD']}@{told['HOST']}:{told['PORT']}/{told['NAME']}"


@contextlib.contextmanager
def own(*, set_the_stage: Callable[[], None], take: bool, keep: bool, verbosity: int) -> Iterator[None]:
    """A database for a run in one process, with everybody in their place.

    With ``take`` it is the one that an earlier run kept, brought up to date; with ``keep`` it stays for the next.
    """
    made = _make(take=take, verbosity=verbosity)
    set_the_stage()
    yield
    if not keep:
        _take_down(made, verbosity=verbosity)


@contextlib.contextmanager
def one_of_several(
    *, set_the_stage: Callable[[], None], take: bool, keep: bool, verbosity: int, worker: dict, folder: Path
) -> Iterator[None]:
    """A database for one of the processes that share a run; they share ``folder`` too.

    Whoever comes first makes one and a copy for each of the others, which costs them a moment instead of all
    migrations, and keeps two of them from changing roles and rights in one server at the same moment.
    """
    me = worker["workerid"]
    others = {f"gw{number}" for number in range(worker["workercount"])} - {me}
    with (folder / "database.lock").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        copies = folder / "copies"
        is_first = not copies.exists()
        if not is_first and me not in copies.read_text().split():  # takes the place of one that crashed
            connections["owner"].settings_dict["TEST"]["NAME"] += f"_{me}"
            is_first, others = True, set()
        if is_first:
            before = _make(take=take, verbosity=verbosity)
            set_the_stage()
            _copy_for(others, take=take)
            copies.write_text(" ".join(sorted(others)))
        else:
            before = [(connections["owner"], connections["owner"].settings_dict["NAME"], True)]
            _take_copy(me)
    yield
    if not keep:
        _take_down(before, verbosity=verbosity)


def _make(*, take: bool, verbosity: int) -> list:
    """Make and migrate. Two thirds of the time Django draws models anew, most of it taking fields apart and putting them
    together again; what a migration keeps of a field belongs to no model yet, so that a copy is the same."""
    with mock.patch.object(Field, "clone", deepcopy):
        return setup_databases(
            verbosity=verbosity,
            interactive=False,
            aliases=set(connections),
            serialized_aliases=(),
            keepdb=take,
        )


def _copy_for(others: set[str], *, take: bool) -> None:
    connections.close_all()  # nobody may be at work in what is copied
    for other in sorted(others):
        connections["owner"].creation.clone_test_db(other, verbosity=0, keepdb=take)


def _take_copy(me: str) -> None:
    owner = connections["owner"]
    name = f"{owner.settings_dict['TEST']['NAME']}_{me}"
    connections.close_all()
    for connection in connections.all():
        connection.settings_dict["NAME"] = name


def _take_down(made: list, *, verbosity: int) -> None:
    """Remove a database as soon as the last page that was being served in it has let go of it, or was made to."""
    connections.close_all()
    with connections["owner"].cursor() as cursor:
        for _again in range(PATIENCE * 10):
            cursor.execute(f"SELECT count(*) {_OTHERS}")
            if cursor.fetchone() == (0,):
                break
            time.sleep(0.1)
    for role in ("default", "owner"):
        with connections[role].cursor() as cursor:
            cursor.execute(f"SELECT pg_terminate_backend(pid, 1000) {_OTHERS} AND usename = current_user")
        connections[role].close()
    teardown_databases(made, verbosity=verbosity)


#: Other sessions in the database: of the browser's server, kept open by a page that hangs, or of a process that a
#: test started and that is just going. A role may end its own.
_OTHERS = "FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"

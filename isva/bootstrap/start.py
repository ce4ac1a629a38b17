"""What `manage.py` does before Django: have an environment, step into it, have servers, hand over."""

import fcntl
import os
import re
import subprocess
import sys
import time
from pathlib import Path

from isva.bootstrap import environment, places, servers
from isva.bootstrap.telling import Stop, report, step

SHOWN = ("demo", "test")
MOST_PROCESSES = 4  # each runs a browser of its own


def main(argv: list[str]) -> int:
    """Run one command of manage.py; returns its exit code."""
    command = argv[1] if len(argv) > 1 else "help"
    if os.environ.get("ISVA_BOOTSTRAP") == "off":
        return run_django(argv)
    os.environ.setdefault("ISVA_STARTED", str(time.time()))
    if command in SHOWN:
        os.environ["ISVA_SHOW_STEPS"] = "1"
    try:
        enter_environment("tests" if command in ("test", "tool") else "runtime", argv)
        if command == "demo":
            from isva.bootstrap import demo

            return demo.main(argv[2:])
        if command == "test":
            return run_tests(argv[2:])
        if command == "tool":
            return run_tool(argv[2:])
        return run_command(argv)
    except Stop as problem:
        report(problem)
        return 1
    except KeyboardInterrupt:
        return 130


def enter_environment(kind: str, argv: list[str]) -> None:
    """Build the environment if it is missing or out of date, and start again inside it; returns once inside."""
    ready = environment.is_ready(kind)
    if environment.inside() and ready:
        return
    with step("Environment") as shown:
        if not ready:
            places.prepare()
            shown.note = environment.build(kind)
    script = str(Path(argv[0]).absolute())
    sys.stdout.flush()
    sys.stderr.flush()
    os.execv(environment.python(), [str(environment.python()), script, *argv[1:]])  # noqa: S606 - our own interpreter


def have_assets() -> None:
    """Have the front-end assets in their folder."""
    from isva.bootstrap import assets

    with step("Front end") as shown:
        shown.note = assets.ensure()


def run_command(argv: list[str]) -> int:
    """Run a Django command with servers and settings in place."""
    have_assets()
    with servers.in_use() as running:
        adopt(running, demo=False)
        return run_django(argv)


def run_tests(arguments: list[str]) -> int:
    """Run pytest on a database of its own; its exit code."""
    have_assets()
    with servers.in_use() as running:
        adopt(running, demo=False)
        os.environ["ISVA_TESTING"] = "1"
        slot = test_slot()
        os.environ.setdefault("TEST_DATABASE_NAME", "test_isva" if slot == 1 else f"test_isva_{slot}")
        os.chdir(places.ROOT)
        import pytest

        return int(pytest.main([*side_by_side(arguments, processors()), *arguments]))


#: Words for pytest after which one process serves better: a choice of tests, a look inside, or how to spread them.
ALONE = ("-k", "-m", "-n", "-s", "-x", "-p", "--pdb", "--trace", "--lf", "--last-failed", "--ff", "--failed-first",
         "--sw", "--stepwise", "--nf", "--co", "--collect-only", "--capture", "--numprocesses", "--dist", "--tx",
         "--deselect", "--help", "-h", "--version", "-V", "--fixtures", "--markers")  # fmt: skip


def side_by_side(arguments: list[str], processors: int) -> list[str]:
    """What makes pytest use every processor for the whole suite; nothing where the person chose some tests or a way."""
    chosen = [
        word
        for word in arguments
        if (places.ROOT / word.partition("::")[0]).exists()
        or word.partition("=")[0] in ALONE
        or re.match(r"-[kmnpsx]", word)
    ]
    if processors < 2 or chosen:
        return []
    return ["-n", str(min(processors, MOST_PROCESSES)), "--dist", "worksteal"]


def processors() -> int:
    """How many processors this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def run_tool(arguments: list[str]) -> int:
    """Run a linter or type checker from the tests' environment (`ruff`, `djlint`, `mypy`), or renew the locks."""
    if arguments == ["lock"]:
        environment.renew_locks()
        return 0
    program = environment.python().with_name(arguments[0]) if arguments else None
    if program is None or not program.exists():
        raise Stop("Which tool?", "python3 manage.py tool ruff check . (or djlint, mypy, coverage, lock)")
    # The type checker reads the settings, and the settings name a database.
    with servers.in_use() as running:
        adopt(running, demo=False)
        return subprocess.run([program, *arguments[1:]], cwd=places.ROOT).returncode


def test_slot() -> int:
    """A number no other running test process of this folder holds, so that each has a database to itself."""
    for number in range(1, 100):
        # Left open on purpose: the lock lasts as long as this process.
        handle = os.open(places.home() / "run" / f"test-{number}.lock", os.O_RDWR | os.O_CREAT, 0o644)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(handle)
            continue
        return number
    raise Stop("Too many test runs at once.", "wait for one to end.")


def adopt(running: servers.Running, *, demo: bool, port: int = 8000) -> None:
    """Make the settings that follow from the servers this process's own."""
    from isva.bootstrap.keys import keys

    os.environ.update(servers.compose(os.environ, urls=running.urls, made=keys(), demo=demo, port=port))


def run_django(argv: list[str]) -> int:
    """Hand over to Django; migrations go to the role that owns the tables unless told otherwise."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "isva.settings")
    from django.core.management import execute_from_command_line

    execute_from_command_line(as_owner(argv))
    return 0


def as_owner(argv: list[str]) -> list[str]:
    """The command line, with the owner's connection for the commands that change tables."""
    told = any(word == "--database" or word.startswith("--database=") for word in argv)
    if len(argv) > 1 and argv[1] in ("migrate", "flush", "sqlflush") and not told:
        return [*argv, "--database", "owner"]
    return argv

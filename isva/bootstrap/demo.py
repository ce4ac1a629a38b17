"""The demonstration: a fictional service on this machine, with web server, worker and clock, until Ctrl-C."""

import argparse
import contextlib
import ctypes
import fcntl
import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

from isva.bootstrap import filling, pango, places, postgres, servers, start
from isva.bootstrap.telling import Stop, say, step

PARTS = ("web", "worker", "beat")


def main(arguments: list[str]) -> int:
    """Set everything up, show it step by step, serve it; returns the exit code."""
    parser = argparse.ArgumentParser(
        prog="manage.py demo", description="Run a fictional service on this machine."
    )
    parser.add_argument("--port", type=port_number, default=8000, help="port to serve on (8000)")
    parser.add_argument("--reset", action="store_true", help="start the fictional service afresh")
    told = parser.parse_args(arguments)
    signal.signal(signal.SIGTERM, leave)
    signal.signal(signal.SIGHUP, leave)
    with alone():
        sweep()
        ask_for_port(told.port)
        start.have_assets()
        with step("Printing") as shown:
            shown.note = pango.ensure()
        with servers.in_use(wipe=told.reset) as running:
            start.adopt(running, demo=True, port=told.port)
            people = filling.fill(reset=told.reset and running.database is None)
            with serving(told.port) as children:
                welcome(told.port, people)
                return watch(children)


def port_number(text: str) -> int:
    """A port from the command line."""
    number = int(text)
    if not 1 <= number <= 65535:
        raise argparse.ArgumentTypeError("a port is a number from 1 to 65535")
    return number


def leave(number: int, _frame: object) -> None:
    """End as if the person had pressed Ctrl-C."""
    raise KeyboardInterrupt


@contextlib.contextmanager
def alone() -> Iterator[None]:
    """Refuse a second demonstration from the same folder while one runs."""
    with (places.prepare() / "run" / "demo.lock").open("a") as handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise Stop(
                "The demonstration is already running from this folder.",
                "use the one that runs, or stop it with Ctrl-C in its terminal; "
                "for a second one beside it set ISVA_HOME to another folder.",
            ) from None
        yield


def ask_for_port(port: int) -> None:
    """Raise Stop when somebody else listens on the port."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except PermissionError:
            raise Stop(
                f"Port {port} may only be used by root.", "choose one above 1023: --port 8001"
            ) from None
        except OSError:
            raise Stop(
                f"Port {port} is in use by another program.",
                f"choose another: python3 manage.py demo --port {port + 1}",
            ) from None


def commands(port: int) -> dict[str, list[str]]:
    """What is started: the pages, the worker, the clock."""
    here = places.home() / "run"
    return {
        "web": ["gunicorn", "isva.wsgi", "--preload", "--bind", f"127.0.0.1:{port}", "--workers", "2", "--threads", "4",
                "--worker-tmp-dir", str(here), "--timeout", "60", "--graceful-timeout", "5", "--log-level", "warning"],
        "worker": ["celery", "--quiet", "-A", "isva.celery", "worker", "--concurrency", "1", "--loglevel", "warning"],
        "beat": ["celery", "--quiet", "-A", "isva.celery", "beat", "--loglevel", "warning", "--pidfile", "",
                 "--schedule", str(here / "beat")],
    }  # fmt: skip


@contextlib.contextmanager
def serving(port: int) -> Iterator[dict[str, subprocess.Popen]]:
    """Run the three for as long as the block lasts, and leave none of them behind."""
    children: dict[str, subprocess.Popen] = {}
    try:
        with step("Web, worker") as shown:
            for name, command in commands(port).items():
                children[name] = launch(name, command)
                if name == "web":  # the others start more slowly, and nobody waits for them
                    wait_for_pages(port, children)
            shown.note = "serving"
        yield children
    finally:
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, signal.SIG_IGN)
        say("\nStopping.")
        stop(children)


def launch(name: str, command: list[str]) -> subprocess.Popen:
    """Start one part with a log of its own, in a session of its own so that Ctrl-C reaches it through us alone."""
    with (places.home() / "logs" / f"{name}.log").open("w") as log:
        child = subprocess.Popen(
            [sys.executable, "-m", *command],
            cwd=places.ROOT, stdin=subprocess.DEVNULL, stdout=log, stderr=subprocess.STDOUT,
            start_new_session=True, preexec_fn=end_with_parent if sys.platform == "linux" else None,
        )  # fmt: skip
    note(name).write_text(json.dumps({"pid": child.pid, "born": born(child.pid)}))
    return child


def end_with_parent() -> None:
    """Ask the kernel to end this part when the launcher dies, even by kill -9."""
    set_parent_death_signal = 1
    ctypes.CDLL(None).prctl(set_parent_death_signal, signal.SIGTERM)


def note(name: str) -> Path:
    """Where the number of a started part is kept, for the start after a kill."""
    return places.home() / "run" / f"{name}.pid"


def born(pid: int) -> str:
    """When a living process began, in the kernel's own count: tells it from a later one with the same number."""
    if postgres.is_zombie(pid):
        return ""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[19]
    except (OSError, IndexError):
        return ""


def sweep() -> None:
    """End what a killed start left running."""
    for name in PARTS:
        try:
            kept = json.loads(note(name).read_text())
        except (OSError, ValueError):
            continue
        pid = kept.get("pid", 0)
        if pid and kept.get("born") and kept["born"] == born(pid):
            for number, patience in ((signal.SIGTERM, 8.0), (signal.SIGKILL, 2.0)):
                with contextlib.suppress(ProcessLookupError):
                    os.killpg(pid, number)
                if gone(pid, kept["born"], patience):
                    break
        note(name).unlink(missing_ok=True)


def gone(pid: int, when: str, patience: float) -> bool:
    """Wait for a process to end, so many seconds at most."""
    deadline = time.monotonic() + patience
    while time.monotonic() < deadline:
        if born(pid) != when:
            return True
        time.sleep(0.05)
    return False


def wait_for_pages(port: int, children: dict[str, subprocess.Popen]) -> None:
    """Return once the first page is answered. Raises Stop when a part dies first or a minute passes."""
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        fail_if_dead(children)
        try:
            urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=20).close()
            return
        except urllib.error.HTTPError as answer:
            if answer.code < 500:
                return
            raise Stop(
                f"The first page answers with an error ({answer.code}).\n{tail('web')}", "see the log above."
            ) from None
        except OSError:
            time.sleep(0.05)
    raise Stop("The pages did not come up within a minute.", f"look at {places.home()}/logs/web.log")


def fail_if_dead(children: dict[str, subprocess.Popen]) -> None:
    """Raise Stop with the end of its log when a part has ended."""
    for name, child in children.items():
        if child.poll() is not None:
            raise Stop(
                f"The {name} process ended by itself.\n{tail(name)}",
                f"look at {places.home()}/logs/{name}.log, then start again.",
            )


def tail(name: str) -> str:
    """The end of a part's log."""
    try:
        return (places.home() / "logs" / f"{name}.log").read_text(errors="replace")[-2000:].strip()
    except OSError:
        return ""


def welcome(port: int, people: str) -> None:
    """Show who can sign in, and where."""
    began = float(os.environ.get("ISVA_STARTED", time.time()))
    say("")
    print(people, flush=True)
    say(
        f"\nReady after {time.time() - began:.0f} s. Open http://127.0.0.1:{port}   (Ctrl-C stops everything)"
    )


def watch(children: dict[str, subprocess.Popen]) -> int:
    """Wait until the person leaves; a part that dies ends the whole, loudly."""
    try:
        while True:
            fail_if_dead(children)
            time.sleep(0.3)
    except KeyboardInterrupt:
        return 0


def stop(children: dict[str, subprocess.Popen]) -> None:
    """End every part with all its own children: kindly first."""
    for child in children.values():
        with contextlib.suppress(ProcessLookupError):
            child.terminate()
    deadline = time.monotonic() + 8
    for name, child in children.items():
        try:
            child.wait(max(0.1, deadline - time.monotonic()))
        except subprocess.TimeoutExpired:
            pass
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(child.pid, signal.SIGKILL)
        child.wait()
        note(name).unlink(missing_ok=True)

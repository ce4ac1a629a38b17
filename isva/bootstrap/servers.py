"""Which database and broker the service runs on, who started them, and the settings that follow from it."""

import contextlib
import fcntl
import os
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from isva.bootstrap import broker, places, postgres
from isva.bootstrap.keys import keys
from isva.bootstrap.telling import Stop, step


class Choice(NamedTuple):
    """Where database and broker come from: "given" (by address) or "own" (run by us)."""

    database: str
    broker: str


def choose(environ: Mapping[str, str]) -> Choice:
    """Decide from the environment alone. Raises Stop when only one of the two database addresses is given."""
    have = [bool(environ.get(name)) for name in ("DATABASE_URL", "DATABASE_OWNER_URL")]
    if any(have) and not all(have):
        missing = "DATABASE_URL" if have[1] else "DATABASE_OWNER_URL"
        raise Stop(
            f"{missing} is not set, but its counterpart is: the service needs both.",
            "set DATABASE_URL to the plain role that serves pages and DATABASE_OWNER_URL to the role that owns the "
            "tables (docker/roles.sql makes both), or unset both to run on a database of this machine's own.",
        )
    return Choice("given" if have[0] else "own", "given" if environ.get("REDIS_URL") else "own")


def compose(
    environ: Mapping[str, str], *, urls: Mapping[str, str], made: Mapping[str, str], demo: bool, port: int
) -> dict[str, str]:
    """The settings for everything started here: what the environment says wins over what is made up."""
    address = f"http://127.0.0.1:{port}"
    settings = {
        "DJANGO_SETTINGS_MODULE": "isva.settings",
        "SECRET_KEY": made["secret_key"],
        "FIELD_KEY": made["field_key"],
        "ALLOWED_HOSTS": "127.0.0.1,localhost",
        "SITE_URL": address,
        "INSECURE_COOKIES": "1",
        "DEBUG": "0",
        "ISVA_ASSETS": str(places.home() / "assets"),
        "STATIC_ROOT": str(places.home() / "static"),
        "DOCUMENTS_ROOT": str(places.home() / "documents"),
        **urls,
    }
    settings |= {name: environ[name] for name in settings if environ.get(name)}
    if demo:
        settings["ISVA_DEMO"] = "1"
        settings["SITE_URL"] = environ.get("SITE_URL") or address
    return settings


class Running:
    """The servers this start uses, and those of them that are this machine's own."""

    def __init__(self) -> None:
        self.urls: dict[str, str] = {}
        self.database: postgres.Server | None = None
        self.broker: broker.Broker | None = None

    def stop(self) -> None:
        """Stop the servers that are our own."""
        if self.broker:
            self.broker.stop()
        if self.database:
            self.database.stop()


@contextlib.contextmanager
def in_use(*, wipe: bool = False) -> Iterator[Running]:
    """Have the servers running for as long as the block lasts; the last one out stops them.

    Every process that uses them holds a shared lock, which the system takes back even from a killed one. So a start
    after a kill finds servers without users and adopts them, and nobody stops servers under somebody else's feet.
    """
    chosen = choose(os.environ)
    running = Running()
    with (places.prepare() / "run" / "users.lock").open("a") as users:
        with places.locked("servers"):
            fcntl.flock(users, fcntl.LOCK_SH)
            start(running, chosen, wipe=wipe)
        try:
            yield running
        finally:
            with places.locked("servers"):
                try:
                    fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
                except BlockingIOError:
                    pass
                else:
                    running.stop()
                fcntl.flock(users, fcntl.LOCK_UN)


def start(running: Running, chosen: Choice, *, wipe: bool) -> None:
    """Start or adopt what the choice asks for."""
    made = keys()
    embedded = os.environ.get("ISVA_EMBEDDED") == "1"
    with step("Database") as shown:
        if chosen.database == "given":
            shown.note = "as DATABASE_URL says"
        else:
            who = postgres.runner()
            base = postgres.servers_home(who)
            programs = (None if embedded else postgres.system_programs()) or postgres.wheel_programs(base)
            passwords = {name: made[name] for name in ("postgres", "owner", "app")}
            running.database = postgres.Server(programs, base, who, passwords)
            if wipe:
                running.database.wipe()
            port, said = running.database.start()
            running.urls |= running.database.urls(port)
            kind = "installed" if programs.source == "system" else "fetched"
            shown.note = f"{kind} PostgreSQL {programs.major} {said}, port {port}"
    with step("Cache, queue") as shown:
        if chosen.broker == "given":
            shown.note = "as REDIS_URL says"
        else:
            running.broker = broker.Broker(made["redis"])
            program = None if embedded else broker.system_program()
            if not program and not running.broker.running_port():
                program = broker.wheel_program(postgres.servers_home(postgres.runner()))
            port, said = running.broker.start(program or "")
            if wipe:
                running.broker.forget()
            running.urls |= running.broker.urls(port)
            shown.note = f"{said}, port {port}"

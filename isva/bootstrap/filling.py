"""Brings the demo's tables up to date and fills them; a start that finds all as the last one left it asks Django nothing."""

import hashlib
import json
import os
import subprocess
import sys
from pathlib import Path

from isva.bootstrap import places
from isva.bootstrap.telling import Stop, step

#: What the tables, the fictional service and its people are made from.
SOURCES = ("docker/roles.sql", "requirements/runtime.txt")
CODE = (".py", ".json", ".sql")


def fill(*, reset: bool) -> str:
    """Have tables and a fictional service; returns who can sign in. Raises Stop when a step fails."""
    kept = read_note()
    if not reset and kept.get("made_from") == made_from() and kept.get("state") and kept["state"] == state():
        for title in ("Tables", "People, cases"):
            with step(title) as shown:
                shown.note = "as the last start left them"
        return kept["people"]
    note().unlink(missing_ok=True)
    people = prepare(reset=reset)
    note().write_text(json.dumps({"made_from": made_from(), "state": state(), "people": people}))
    return people


def prepare(*, reset: bool) -> str:
    """Let Django do it, step by step in one process; returns who can sign in."""
    command = [
        sys.executable,
        str(places.ROOT / "manage.py"),
        "prepare_demo",
        *(["--reset"] if reset else []),
    ]
    log = places.home() / "logs" / "prepare.log"
    with (
        log.open("w") as errors,
        subprocess.Popen(
            command, cwd=places.ROOT, env=dict(os.environ, ISVA_BOOTSTRAP="off"), stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE, stderr=errors, text=True,
        ) as child,
    ):  # fmt: skip
        assert child.stdout  # noqa: S101 - for the type checker: it is a pipe
        with step("Tables") as shown:
            shown.note = child.stdout.readline().strip() or fail(child, log)
        with step("People, cases") as shown:
            shown.note = child.stdout.readline().strip()[:58] or fail(child, log)
        people = child.stdout.read().strip()
    return people if child.returncode == 0 else fail(child, log)


def fail(child: subprocess.Popen, log: Path) -> str:
    """Raise Stop with what Django said."""
    child.wait()
    raise Stop(
        f"The demo's tables could not be made ready:\n{log.read_text(errors='replace').strip()[-3000:]}",
        "if the data on this machine are from another version, start afresh: python3 manage.py demo --reset",
    )


def note() -> Path:
    """Where it is kept what the last start made."""
    return places.home() / "run" / "filled.json"


def read_note() -> dict:
    """What the last start made; nothing after the first."""
    try:
        return json.loads(note().read_text())
    except (OSError, ValueError):
        return {}


def made_from() -> str:
    """Digest of everything that decides what is in the tables of a fresh demo."""
    digest = hashlib.sha256()
    for folder in sorted(part for part in places.ROOT.iterdir() if (part / "__init__.py").exists()):
        if folder.name == "tests":
            continue
        for path in sorted(part for part in folder.rglob("*") if part.suffix in CODE):
            digest.update(f"\n{path.relative_to(places.ROOT)}\n".encode() + path.read_bytes())
    for name in SOURCES:
        digest.update((places.ROOT / name).read_bytes())
    return digest.hexdigest()


def state() -> list | None:
    """The database as it stands: which one it is, its migrations, whether a service is in it; None if it is empty."""
    import psycopg

    question = """
        SELECT (SELECT system_identifier FROM pg_control_system())::text,
               (SELECT oid FROM pg_database WHERE datname = current_database())::text,
               (SELECT count(*) FROM django_migrations), (SELECT max(id) FROM django_migrations),
               EXISTS (SELECT FROM accounts_service)
    """
    try:
        with psycopg.connect(os.environ["DATABASE_OWNER_URL"], connect_timeout=10) as connection:
            found = connection.execute(question).fetchone()
    except psycopg.Error:
        return None
    return list(found) if found and found[-1] else None

"""Where the service keeps what it builds for itself: one hidden folder, and the locks that keep two starts apart."""

import contextlib
import fcntl
import os
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
REQUIREMENTS = ROOT / "requirements"


def home() -> Path:
    """The folder that holds the environment, servers' data, assets, logs and keys.

    `ISVA_HOME` chooses another one, so that two people can run side by side from one checkout.
    """
    return Path(os.environ.get("ISVA_HOME") or ROOT / ".isva").expanduser().absolute()


def prepare() -> Path:
    """Make the hidden folder and keep git and other people's eyes out of what matters in it."""
    here = home()
    for folder in (here, here / "run", here / "logs", here / "static"):
        folder.mkdir(parents=True, exist_ok=True)
    ignore = here / ".gitignore"
    if not ignore.exists():
        ignore.write_text("*\n")
    return here


@contextlib.contextmanager
def locked(name: str) -> Iterator[None]:
    """Hold the named lock; whoever comes second waits, and a killed holder frees it."""
    with (prepare() / "run" / f"{name}.lock").open("a") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        try:
            yield
        finally:
            fcntl.flock(handle, fcntl.LOCK_UN)

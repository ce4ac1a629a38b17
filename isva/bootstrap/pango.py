"""Pango, which sets the type of printed reports: found on the machine, installed, or unpacked into the hidden folder."""

import ctypes
import ctypes.util
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from xml.sax.saxutils import escape

from isva.bootstrap import places

# The libraries WeasyPrint opens, each with the others it leans on before it.
WANTED = ("libpango-1.0.so.0", "libpangoft2-1.0.so.0", "libharfbuzz-subset.so.0")
PACKAGES = ("libpango-1.0-0", "libpangoft2-1.0-0", "libharfbuzz-subset0", "fonts-dejavu-core")
# On every Debian and Ubuntu, and not to be had twice in one process.
NEVER = ("libc6", "libgcc-s1", "gcc-*-base", "libcrypt1", "debconf", "ucf", "sensible-utils")


def ensure() -> str:
    """Make printing possible if this machine allows; returns what was found or done. Never fails the start."""
    if load() and has_font():
        return "ready"
    if not shutil.which("apt-get"):
        return f"not here, printing is off until you run: {install_line()}"
    try:
        how = install_as_root() if os.geteuid() == 0 else unpack_for_oneself()
    except (OSError, subprocess.SubprocessError):
        how = ""
    if how and load() and has_font():
        return how
    return f"not here, printing is off until you run: {install_line()}"


def install_line() -> str:
    """The command a person with the right to install would type on this system."""
    if sys.platform == "darwin":
        return "brew install pango"
    for program, line in (
        ("apt-get", "sudo apt-get install " + " ".join(PACKAGES)),
        ("dnf", "sudo dnf install pango"),
        ("pacman", "sudo pacman -S pango"),
        ("apk", "sudo apk add pango"),
    ):
        if shutil.which(program):
            return line
    return "your system's package manager, for the package `pango`"


def load() -> bool:
    """Open the libraries WeasyPrint needs, the machine's own or those in the hidden folder; call before `import weasyprint`.

    WeasyPrint asks for them by name, and a library already open under that name is the one it gets.
    """
    try:
        for name in WANTED:
            ctypes.CDLL(name)
        return True
    except OSError:
        pass
    waiting = sorted(folder().glob("usr/lib/**/*.so.*"), key=lambda path: (len(path.name), path.name))
    if waiting:
        os.environ.setdefault("FONTCONFIG_FILE", str(folder() / "fonts.conf"))
    opened = set()
    # Each pass opens what has everything it leans on open already; two libraries deep is common, six is the most seen.
    for _turn in range(10):
        left = []
        for path in waiting:
            try:
                ctypes.CDLL(str(path), mode=ctypes.RTLD_GLOBAL)
                opened.add(path.name)
            except OSError:
                left.append(path)
        if len(left) == len(waiting):
            break
        waiting = left
    return all(name in opened for name in WANTED)


def has_font() -> bool:
    """Whether there is a font to set type with: Pango without any does not complain, it crashes."""
    places_of_fonts = (
        Path("/usr/share/fonts"),
        Path("/usr/local/share/fonts"),
        Path("/Library/Fonts"),
        folder(),
    )
    return any(next(place.glob(f"**/*.{kind}"), None) for place in places_of_fonts for kind in ("ttf", "otf"))


def folder() -> Path:
    """Where an ordinary user's copy is unpacked."""
    return places.home() / "pango"


def install_as_root() -> str:
    """Install the packages with apt-get."""
    apt = ["apt-get", "-qq", "-o", "DPkg::Lock::Timeout=30"]
    env = dict(os.environ, DEBIAN_FRONTEND="noninteractive")
    install = [*apt, "install", "-y", "--no-install-recommends", *PACKAGES]
    for command in (install, [*apt, "update"], install):
        done = subprocess.run(command, env=env, capture_output=True, stdin=subprocess.DEVNULL, timeout=240)
        if command is install and done.returncode == 0:
            return "installed with apt-get"
    return ""


def unpack_for_oneself() -> str:
    """Download the packages and those they need that are not installed, and unpack them into the hidden folder."""
    simulated = subprocess.run(
        ["apt-get", "install", "--simulate", "--no-install-recommends", *PACKAGES],
        capture_output=True, text=True, timeout=60, env=dict(os.environ, LC_ALL="C"),
    )  # fmt: skip
    names = packages_to_unpack(simulated.stdout)
    if not names:
        return ""
    store = folder() / "packages"
    store.mkdir(parents=True, exist_ok=True)
    done = subprocess.run(["apt-get", "-qq", "download", *names], cwd=store, capture_output=True, timeout=240)
    if done.returncode:
        return ""
    for package in sorted(store.glob("*.deb")):
        subprocess.run(
            ["dpkg", "-x", str(package), str(folder())], check=True, capture_output=True, timeout=60
        )
    shutil.rmtree(store)
    (folder() / "fonts.conf").write_text(
        "<?xml version='1.0'?><!DOCTYPE fontconfig SYSTEM 'urn:fontconfig:fonts.dtd'><fontconfig>"
        f"<dir>{escape(str(folder() / 'usr/share/fonts'))}</dir><dir>/usr/share/fonts</dir>"
        f"<cachedir>{escape(str(folder() / 'cache'))}</cachedir></fontconfig>"
    )
    return f"{len(names)} packages unpacked into the hidden folder"


def packages_to_unpack(simulated: str) -> list[str]:
    """Names of the packages apt-get says it would install, without those every system has."""
    names = re.findall(r"^Inst (\S+) \(", simulated, re.MULTILINE)
    return sorted({name for name in names if not any(Path(name).match(never) for never in NEVER)})

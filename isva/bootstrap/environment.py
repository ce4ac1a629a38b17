"""The Python environment the service runs in: built from the hash-locked requirements, by uv where it can be had, else by pip."""

import hashlib
import io
import json
import os
import platform
import re
import shutil
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

from isva.bootstrap import places, registries
from isva.bootstrap.telling import Stop, say

# A kind of environment and the kinds that hold all it needs.
SERVED_BY = {"runtime": ("runtime", "tests"), "tests": ("tests",)}


def folder() -> Path:
    """The virtual environment's folder."""
    return places.home() / "venv"


def python() -> Path:
    """The environment's interpreter."""
    return folder() / "bin" / "python"


def inside() -> bool:
    """True when this very process runs in the environment."""
    return Path(sys.prefix).resolve() == folder().resolve()


def lock_digest(kind: str) -> str:
    """Digest of a committed requirements file; a changed lock means a changed environment."""
    return hashlib.sha256((places.REQUIREMENTS / f"{kind}.txt").read_bytes()).hexdigest()


def stamp_is_good(stamp: dict, kind: str, *, version: str, digests: dict[str, str]) -> bool:
    """Whether an environment with this stamp serves for `kind` under this Python and these locks."""
    held = stamp.get("kind")
    return held in SERVED_BY[kind] and stamp.get("python") == version and stamp.get("lock") == digests[held]


def is_ready(kind: str) -> bool:
    """Whether the environment stands and matches the committed locks."""
    try:
        stamp = json.loads((folder() / "isva.json").read_text())
    except (OSError, ValueError):
        return False
    digests = {name: lock_digest(name) for name in SERVED_BY}
    return python().exists() and stamp_is_good(
        stamp, kind, version=platform.python_version(), digests=digests
    )


def build(kind: str) -> str:
    """Build or refresh the environment so that it holds everything `kind` needs; returns what was done."""
    with places.locked("environment"):
        if is_ready(kind):
            return "ready"
        stamp = folder() / "isva.json"
        had = json.loads(stamp.read_text()).get("kind") if stamp.is_file() else None
        kind = "tests" if had == "tests" else kind
        stamp.unlink(missing_ok=True)
        base = getattr(sys, "_base_executable", sys.executable)
        uv = find_uv()
        if uv:
            if not works(python()):
                run(
                    [uv, "venv", "--quiet", "--clear", "--no-project", "--python", base, folder()],
                    env=uv_environment(),
                )
            install_with_uv(uv, "sync", kind)
            how = "uv"
        else:
            build_with_pip(base, kind)
            how = "pip"
        stamp.write_text(
            json.dumps({"kind": kind, "python": platform.python_version(), "lock": lock_digest(kind)})
        )
        return f"built with {how}, Python {platform.python_version()}"


def install_apart(kind: str, target: Path) -> None:
    """Install a requirements file into a folder of its own, outside the environment (the embedded servers)."""
    uv = find_uv()
    if uv:
        install_with_uv(uv, "install", kind, "--no-deps", "--target", target)
    else:
        pip = [
            *pip_command(),
            "install",
            "--quiet",
            "--no-deps",
            "--only-binary",
            ":all:",
            "--require-hashes",
        ]
        run([*pip, "--target", target, "-r", places.REQUIREMENTS / f"{kind}.txt"])


def install_with_uv(uv: str, verb: str, kind: str, *more: str | Path) -> None:
    """Let uv install a requirements file, refusing anything whose hash is not in it."""
    command = [uv, "pip", verb, "--quiet", "--require-hashes", "--python", python(), *more]
    run(
        [*command, *(["-r"] if verb == "install" else []), places.REQUIREMENTS / f"{kind}.txt"],
        env=uv_environment(),
    )


def uv_environment() -> dict[str, str]:
    """Environment for uv, which reads neither pip.conf nor pip's variables."""
    env = dict(os.environ)
    env.setdefault("UV_SYSTEM_CERTS", "1")
    env.setdefault("UV_NATIVE_TLS", "1")
    env.setdefault("UV_CACHE_DIR", str(places.home() / "cache" / "uv"))
    env.setdefault("UV_NO_CONFIG", "1")
    env.pop("VIRTUAL_ENV", None)
    bundle = registries.certificates()
    if bundle:
        env.setdefault("SSL_CERT_FILE", bundle)
    index = registries.package_index()
    if index != registries.PUBLIC_INDEX and not (env.get("UV_DEFAULT_INDEX") or env.get("UV_INDEX_URL")):
        env["UV_DEFAULT_INDEX"] = index
    return env


def find_uv() -> str | None:
    """A uv that works here: the one on PATH, the one fetched before, or the locked wheel; None if there is none."""
    if os.environ.get("ISVA_INSTALLER") == "pip":
        return None
    for known in (shutil.which("uv"), places.home() / "tools" / f"uv-{locked_release('uv')[0]}"):
        if known and works(known):
            return str(known)
    try:
        return str(fetch_uv())
    except Stop as problem:
        say(f"  uv could not be had ({problem.what}) - going on with pip.")
        return None


def locked_release(name: str) -> tuple[str, set[str]]:
    """Version and accepted sha256 digests of a tool in the committed lock."""
    text = (places.REQUIREMENTS / "tools.txt").read_text()
    found = re.search(rf"^{name}==(\S+)((?:\s*\\\s*--hash=sha256:[0-9a-f]{{64}})+)", text, re.MULTILINE)
    if not found:
        raise Stop(f"requirements/tools.txt names no {name}.", "restore the file from version control.")
    return found.group(1), set(re.findall(r"sha256:([0-9a-f]{64})", found.group(2)))


def fetch_uv() -> Path:
    """Fetch the locked uv wheel from the package index, check it, and unpack its one program."""
    name, body = fetch_wheel("uv")
    version = locked_release("uv")[0]
    target = places.home() / "tools" / f"uv-{version}"
    target.parent.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(io.BytesIO(body)) as wheel:
        member = next((entry for entry in wheel.namelist() if entry.endswith(".data/scripts/uv")), None)
        if member is None:
            raise Stop(f"{name} holds no uv program.")
        with tempfile.NamedTemporaryFile(dir=target.parent, delete=False) as handle:
            handle.write(wheel.read(member))
    os.chmod(handle.name, 0o755)  # noqa: S103 - a program is there to be run
    os.replace(handle.name, target)
    if not works(target):
        target.unlink()
        raise Stop("The fetched uv does not run on this machine.")
    return target


def fetch_wheel(name: str) -> tuple[str, bytes]:
    """The locked wheel of a tool for this machine: file name and checked body. Raises Stop."""
    version, digests = locked_release(name)
    offered = registries.files_of(name)
    chosen = choose_wheel(
        name, version, offered, system=sys.platform, machine=platform.machine(), libc=platform.libc_ver()
    )
    if chosen is None:
        raise Stop(
            f"The package index offers no {name} {version} for {sys.platform} on {platform.machine()}."
        )
    body, _kind = registries.download(offered[chosen])
    if hashlib.sha256(body).hexdigest() not in digests:
        raise Stop(f"{chosen} is not the file this project has locked: its sha256 differs.")
    return chosen, body


def choose_wheel(
    name: str, version: str, offered: dict[str, str], *, system: str, machine: str, libc: tuple[str, str]
) -> str | None:
    """The offered wheel of that version that runs on this system, processor and C library, or None."""
    arch = {"AMD64": "x86_64", "arm64": "aarch64"}.get(machine, machine)
    for filename in sorted(offered):
        if not filename.startswith(f"{name}-{version}-") or not filename.endswith(".whl"):
            continue
        for tag in filename[: -len(".whl")].rsplit("-", 1)[-1].split("."):
            if tag == "any" or tag_fits(tag, system=system, arch=arch, libc=libc):
                return filename
    return None


def tag_fits(tag: str, *, system: str, arch: str, libc: tuple[str, str]) -> bool:
    """Whether one platform tag of a wheel names this machine."""
    if system == "linux":
        found = re.fullmatch(r"(many|musl)linux_(\d+)_(\d+)_(\w+)", tag)
        if not found or found.group(4) != arch or (found.group(1) == "many") != (libc[0] == "glibc"):
            return False
        if libc[0] != "glibc":
            return True
        have = tuple(int(part) for part in re.findall(r"\d+", libc[1])[:2])
        return have >= (int(found.group(2)), int(found.group(3)))
    if system == "darwin":
        return tag.startswith("macosx_") and tag.endswith("_arm64" if arch == "aarch64" else f"_{arch}")
    return False


def build_with_pip(base: str, kind: str) -> None:
    """Build the environment with the standard library's venv and a pip, the machine's own or the locked wheel."""
    shutil.rmtree(folder(), ignore_errors=True)
    run([base, "-m", "venv", "--without-pip", folder()])
    run([*pip_command(), "install", "--quiet", "--require-hashes", "-r", places.REQUIREMENTS / f"{kind}.txt"])


def pip_command() -> list[str | Path]:
    """How to call the locked pip inside the environment: straight out of its wheel, nothing is installed for it."""
    kept = places.home() / "tools" / f"pip-{locked_release('pip')[0]}-py3-none-any.whl"
    if not kept.exists():
        kept.parent.mkdir(parents=True, exist_ok=True)
        kept.write_bytes(fetch_wheel("pip")[1])
    return [python(), kept / "pip", "--disable-pip-version-check"]


def works(program: str | Path) -> bool:
    """Whether a program starts at all."""
    try:
        return subprocess.run([program, "--version"], capture_output=True, timeout=30).returncode == 0
    except (OSError, subprocess.TimeoutExpired):
        return False


def run(command: list, *, env: dict[str, str] | None = None, folder: Path | None = None) -> None:
    """Run an installer; its own words are shown if it fails."""
    done = subprocess.run(
        [str(part) for part in command], env=env, cwd=folder, capture_output=True, text=True
    )
    if done.returncode:
        words = (done.stderr or done.stdout).strip()[-2000:]
        raise Stop(
            f"The environment could not be built: {Path(str(command[0])).name} says\n{words}",
            f"check the network and the package index, then start again; to begin anew delete {places.home() / 'venv'}.",
        )


def renew_locks() -> None:
    """Lock the newest versions that pyproject.toml allows, with their hashes and without any address.

    A maintainer's act, never part of a start.
    """
    uv = find_uv()
    if uv is None:
        raise Stop("Locks are renewed with uv, and it could not be had here.")
    say("  requirements: runtime, tests, servers, tools")
    compile_lock(uv, "runtime", "pyproject.toml")
    compile_lock(
        uv, "tests", "pyproject.toml", "--group", "tests", "--constraint", "requirements/runtime.txt"
    )
    compile_lock(uv, "servers", "--group", "servers", "--no-deps")
    compile_lock(uv, "tools", "--group", "tools")


def compile_lock(uv: str, kind: str, *what: str) -> None:
    """Write one requirements file for every platform at once."""
    quiet = ["--quiet", "--no-header", "--no-annotate", "--no-emit-index-url", "--no-emit-find-links"]
    command = [uv, "pip", "compile", *what, "--universal", "--generate-hashes", "--upgrade", *quiet]
    env = uv_environment()
    env.pop("UV_NO_CONFIG")
    run([*command, "--python", python(), "-o", f"requirements/{kind}.txt"], env=env, folder=places.ROOT)

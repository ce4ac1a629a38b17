"""The front end's borrowed parts: fetched from the npm registry by a committed lock, checked, stripped of what is not ours to show."""

import base64
import hashlib
import io
import json
import os
import re
import shutil
import sys
import tarfile
from pathlib import Path

from isva.bootstrap import places, registries
from isva.bootstrap.telling import Stop, report

LOCK = Path(__file__).with_name("assets.json")
# GDS Transport and the crest are licensed for GOV.UK alone; the service is not a government one.
OUR_TYPEFACE = "Atkinson Hyperlegible"


def ensure(*, tests: bool = True) -> str:
    """Have every locked package's files in the assets folder; returns what was done."""
    fetched = 0
    with places.locked("assets"):
        for package in json.loads(LOCK.read_text()):
            if package.get("tests_only") and not tests:
                continue
            target = assets_folder() / package["folder"]
            mark = hashlib.sha256(json.dumps([package, recipe()], sort_keys=True).encode()).hexdigest()
            stamp = target / ".lock"
            if stamp.exists() and stamp.read_text() == mark:
                continue
            unpack(package, target, mark)
            fetched += 1
    return f"{fetched} packages fetched" if fetched else "ready"


def assets_folder() -> Path:
    """Folder from which the pages' borrowed files are served."""
    return Path(os.environ.get("ISVA_ASSETS") or places.home() / "assets")


def recipe() -> str:
    """Digest of this module: files cleaned by an older recipe are fetched again."""
    return hashlib.sha256(Path(__file__).read_bytes()).hexdigest()


def tarball(package: dict) -> str:
    """Address of a package's archive in the npm registry."""
    name = package["name"]
    return f"{registries.npm_registry()}/{name}/-/{name.rpartition('/')[2]}-{package['version']}.tgz"


def verify(body: bytes, integrity: str, what: str) -> None:
    """Raise Stop unless the body has the locked digest ("sha512-" and base64, as npm writes it)."""
    algorithm, _, wanted = integrity.partition("-")
    if algorithm != "sha512" or base64.b64encode(hashlib.sha512(body).digest()).decode() != wanted:
        raise Stop(
            f"{what} is not the file this project has locked: its sha512 differs.",
            "do not use it; ask who changed it.",
        )


def unpack(package: dict, target: Path, mark: str) -> None:
    """Fetch one package and lay out the files the service uses, all of them or none."""
    what = f"{package['name']} {package['version']}"
    body, _kind = registries.download(tarball(package))
    verify(body, package["integrity"], what)
    fresh = target.with_name(f".{target.name}.new")
    shutil.rmtree(fresh, ignore_errors=True)
    with tarfile.open(fileobj=io.BytesIO(body)) as archive:
        for inner, outer in package["files"].items():
            try:
                member = archive.extractfile(f"package/{inner}")
            except KeyError:
                member = None
            if member is None:
                raise Stop(f"{what} holds no {inner}.", "correct isva/bootstrap/assets.json.")
            content = member.read()
            path = fresh / outer
            path.parent.mkdir(parents=True, exist_ok=True)
            if path.suffix in (".css", ".js"):
                content = clean(content.decode(), path.suffix, set(package["files"].values())).encode()
            path.write_bytes(content)
    (fresh / ".lock").write_text(mark)
    shutil.rmtree(target, ignore_errors=True)
    fresh.rename(target)


def clean(text: str, suffix: str, kept: set[str]) -> str:
    """A stylesheet or script without what the service does not have or may not show.

    Source maps go; so do font faces and pictures that are not among the kept files (the crest, GDS Transport);
    what is kept is addressed relative to the stylesheet.
    """
    if suffix == ".js":
        return re.sub(r"//# sourceMappingURL=\S+", "", text)
    text = re.sub(r"/\*# sourceMappingURL=.*?\*/", "", text)
    text = re.sub(r"@font-face\s*\{[^}]*\}", lambda face: our_face(face.group(), kept), text)
    text = text.replace("GDS Transport", OUR_TYPEFACE)
    return re.sub(r"url\(\s*(['\"]?)([^)'\"]*)\1\s*\)", lambda found: our_url(found.group(2), kept), text)


def our_face(face: str, kept: set[str]) -> str:
    """A font face with the sources the service keeps, or nothing if it keeps none."""
    sources = [
        f"url({path}) format('{path.rpartition('.')[2]}')"
        for path in (relative(url) for url in re.findall(r"url\(['\"]?([^)'\"]+)", face))
        if path in kept
    ]
    return re.sub(r"src:[^;}]*", f"src: {', '.join(sources)}", face) if sources else ""


def our_url(address: str, kept: set[str]) -> str:
    """The address of a picture the service keeps, relative to the stylesheet; `none` for any other file."""
    if address.startswith(("data:", "#")):
        return f'url("{address}")'
    return f"url({relative(address)})" if relative(address) in kept else "none"


def relative(address: str) -> str:
    """An address as the packages write it, in the form the lock's files have."""
    return address.removeprefix("/assets/").removeprefix("./")


if __name__ == "__main__":
    # The image build calls this: `python -m isva.bootstrap.assets`.
    try:
        print(ensure(tests=False))
    except Stop as problem:
        report(problem)
        sys.exit(1)

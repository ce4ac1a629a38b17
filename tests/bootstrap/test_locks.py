"""Nothing is installed or served that the committed locks do not name."""

import base64
import hashlib
import json
import re

import pytest

from isva.bootstrap import assets, environment, places, registries
from isva.bootstrap.telling import Stop

GLIBC = {"system": "linux", "machine": "x86_64", "libc": ("glibc", "2.36")}
OFFERED = dict.fromkeys(
    (
        "uv-1.2.3.tar.gz",
        "uv-1.2.3-py3-none-macosx_11_0_arm64.whl",
        "uv-1.2.3-py3-none-manylinux_2_17_x86_64.manylinux2014_x86_64.whl",
        "uv-1.2.3-py3-none-manylinux_2_28_aarch64.whl",
        "uv-1.2.3-py3-none-musllinux_1_1_x86_64.whl",
        "uv-1.2.30-py3-none-manylinux_2_17_x86_64.whl",
    ),
    "",
)


@pytest.mark.parametrize(
    ("machine", "ending"),
    [
        (GLIBC, "manylinux_2_17_x86_64.manylinux2014_x86_64.whl"),
        (GLIBC | {"machine": "aarch64"}, "manylinux_2_28_aarch64.whl"),
        (GLIBC | {"libc": ("", "")}, "musllinux_1_1_x86_64.whl"),
        ({"system": "darwin", "machine": "arm64", "libc": ("", "")}, "macosx_11_0_arm64.whl"),
    ],
)
def test_the_wheel_for_this_very_machine_is_chosen(machine, ending):
    assert environment.choose_wheel("uv", "1.2.3", OFFERED, **machine) == f"uv-1.2.3-py3-none-{ending}"


@pytest.mark.parametrize(
    "machine",
    [
        GLIBC | {"machine": "riscv64"},
        GLIBC | {"machine": "aarch64", "libc": ("glibc", "2.27")},
        {"system": "sunos5", "machine": "x86_64", "libc": ("", "")},
    ],
)
def test_no_wheel_is_better_than_a_wrong_one(machine):
    assert environment.choose_wheel("uv", "1.2.3", OFFERED, **machine) is None


def test_a_tool_whose_digest_is_not_locked_is_refused(monkeypatch):
    version = environment.locked_release("uv")[0]
    name = f"uv-{version}-py3-none-any.whl"
    monkeypatch.setattr(registries, "files_of", lambda project: {name: "https://index.example/file"})
    monkeypatch.setattr(registries, "download", lambda address: (b"something else", "application/zip"))
    with pytest.raises(Stop, match="its sha256 differs"):
        environment.fetch_wheel("uv")


def test_an_asset_whose_digest_is_not_locked_is_refused():
    good = "sha512-" + base64.b64encode(hashlib.sha512(b"right").digest()).decode()
    assets.verify(b"right", good, "package")
    for body, integrity in ((b"wrong", good), (b"right", "sha1-" + good[7:]), (b"right", "")):
        with pytest.raises(Stop):
            assets.verify(body, integrity, "package")


@pytest.mark.parametrize("kind", ["runtime", "tests", "servers", "tools"])
def test_every_requirement_is_pinned_and_hashed_and_names_no_address(kind):
    text = (places.REQUIREMENTS / f"{kind}.txt").read_text()
    entries = re.findall(r"^([a-z0-9][^\s]*)", text, re.MULTILINE)
    assert entries
    assert all("==" in entry for entry in entries)
    assert len(re.findall(r"^\S+==.*\\\n\s+--hash=sha256:", text, re.MULTILINE)) == len(entries)
    assert "://" not in text


def test_tests_run_on_the_versions_that_are_served():
    def versions(kind):
        return set(
            re.findall(r"^(\S+==\S+)", (places.REQUIREMENTS / f"{kind}.txt").read_text(), re.MULTILINE)
        )

    assert versions("runtime") <= versions("tests")


def test_every_asset_is_locked_by_version_and_sha512():
    for package in json.loads(assets.LOCK.read_text()):
        assert re.fullmatch(r"\d+\.\d+\.\d+", package["version"])
        assert len(base64.b64decode(package["integrity"].removeprefix("sha512-"))) == 64


def test_an_environment_serves_while_python_and_lock_are_the_same():
    digests = {"runtime": "r1", "tests": "t1"}
    stamp = {"kind": "tests", "python": "3.11.2", "lock": "t1"}
    good = environment.stamp_is_good
    assert good(stamp, "tests", version="3.11.2", digests=digests)
    assert good(stamp, "runtime", version="3.11.2", digests=digests)
    assert not good(stamp, "tests", version="3.12.0", digests=digests)
    assert not good(stamp, "tests", version="3.11.2", digests=digests | {"tests": "t2"})
    assert not good(stamp | {"kind": "runtime", "lock": "r1"}, "tests", version="3.11.2", digests=digests)
    assert not good({}, "runtime", version="3.11.2", digests=digests)


def test_the_index_is_the_one_this_machine_is_set_up_for(tmp_path):
    index = registries.package_index
    assert (
        index({"UV_DEFAULT_INDEX": "https://a.example/simple/", "PIP_INDEX_URL": "https://b.example"})
        == "https://a.example/simple"
    )
    assert index({"UV_DEFAULT_INDEX": "own=https://a.example/simple?x=1"}) == "https://a.example/simple?x=1"
    assert index({"PIP_INDEX_URL": "https://b.example/simple"}) == "https://b.example/simple"
    settings = tmp_path / ".config/pip/pip.conf"
    settings.parent.mkdir(parents=True)
    settings.write_text("[global]\nindex-url = https://c.example/%40/simple/\n")
    assert index({"HOME": str(tmp_path)}) == "https://c.example/%40/simple"
    assert index({"PIP_CONFIG_FILE": str(tmp_path / "none")}) == registries.PUBLIC_INDEX


def test_the_npm_registry_is_the_one_this_machine_is_set_up_for(tmp_path):
    assert registries.npm_registry({"npm_config_registry": "https://a.example/"}) == "https://a.example"
    (tmp_path / ".npmrc").write_text("fund=false\nregistry = https://b.example/npm/\n")
    assert registries.npm_registry({"HOME": str(tmp_path)}) == "https://b.example/npm"
    assert registries.npm_registry({"HOME": str(tmp_path / "none")}) == registries.PUBLIC_NPM


def test_an_index_that_speaks_html_is_understood(monkeypatch):
    page = b'<a href="../../files/uv-1.whl#sha256=00">uv-1.whl</a> <a href="https://x.example/uv-2%2B1.whl">'
    monkeypatch.setenv("UV_DEFAULT_INDEX", "https://index.example/root/simple")
    monkeypatch.setattr(registries, "download", lambda address, accept: (page, "text/html"))
    assert registries.files_of("uv") == {
        "uv-1.whl": "https://index.example/root/files/uv-1.whl",
        "uv-2+1.whl": "https://x.example/uv-2%2B1.whl",
    }

"""Where Pango comes from when the machine has none."""

from isva.bootstrap import pango

SIMULATED = """\
Reading package lists...
Inst libfribidi0 (1.0.8-2.1 Debian:12.5/stable [amd64])
Inst libpango-1.0-0 (1.50.12+ds-1 Debian:12.5/stable [amd64]) []
Inst gcc-12-base (12.2.0-14 Debian:12.5/stable [amd64])
Inst libc6 (2.36-9 Debian:12.5/stable [amd64])
Conf libfribidi0 (1.0.8-2.1 Debian:12.5/stable [amd64])
"""


def test_only_what_is_missing_is_unpacked_and_never_the_system_library():
    assert pango.packages_to_unpack(SIMULATED) == ["libfribidi0", "libpango-1.0-0"]


def test_a_machine_without_apt_is_told_the_exact_line(monkeypatch):
    monkeypatch.setattr(pango, "load", lambda: False)
    monkeypatch.setattr(pango.sys, "platform", "linux")
    monkeypatch.setattr(pango.shutil, "which", lambda name: "/usr/bin/dnf" if name == "dnf" else None)
    assert pango.ensure() == "not here, printing is off until you run: sudo dnf install pango"

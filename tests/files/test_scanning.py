"""The virus scanner: asked as clamd wants to be asked, and nothing is kept where it finds something or is silent."""

import socket
import struct
import threading

import pytest

from isva.files.scanning import Scan, scan
from isva.refusal import Refusal


class Scanner(threading.Thread):
    """A clamd that answers what it is told to, and keeps what it was given."""

    def __init__(self, answer: bytes | None):
        super().__init__(daemon=True)
        self.answer, self.given, self.command = answer, b"", b""
        self.door = socket.create_server(("127.0.0.1", 0))
        self.address = f"127.0.0.1:{self.door.getsockname()[1]}"
        self.start()

    def run(self):
        line, _where = self.door.accept()
        with line, line.makefile("rb") as told:
            self.command = told.read(10)
            while length := struct.unpack("!I", told.read(4))[0]:
                self.given += told.read(length)
            if self.answer is not None:
                line.sendall(self.answer)


@pytest.fixture
def scanner(settings):
    def answering(answer):
        made = Scanner(answer)
        settings.CLAMD_ADDRESS = made.address
        return made

    return answering


def test_without_a_scanner_a_file_is_marked_as_not_scanned(settings):
    settings.CLAMD_ADDRESS = ""
    assert scan(b"anything") is Scan.NOT_SCANNED


def test_a_clean_file_was_given_whole(scanner):
    clamd = scanner(b"stream: OK\0")
    content = bytes(range(256)) * 1000
    assert scan(content) is Scan.CLEAN
    assert clamd.command == b"zINSTREAM\0"
    assert clamd.given == content


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (b"stream: Win.Test.EICAR_HDB-1 FOUND\0", "found something"),
        (b"INSTREAM size limit exceeded. ERROR\0", "does not answer"),
        (b"", "does not answer"),
        (None, "does not answer"),
        (b"stream: OK but not really\0", "does not answer"),
    ],
)
def test_anything_but_a_plain_yes_keeps_nothing(scanner, answer, words):
    scanner(answer)
    with pytest.raises(Refusal, match=words):
        scan(b"X5O!P%@AP")


@pytest.mark.parametrize("address", ["127.0.0.1:1", "/nowhere/clamd.sock", "nonsense"])
def test_a_scanner_that_is_down_takes_nothing_in(settings, address):
    settings.CLAMD_ADDRESS = address
    with pytest.raises(Refusal, match="does not answer"):
        scan(b"anything")

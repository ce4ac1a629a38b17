"""The virus scanner, where one is set up: a file is handed to clamd and kept only where it finds nothing.

Fails shut: a scanner that is set up and does not answer takes no file in. (Protocol: clamd(8), INSTREAM.)
"""

import contextlib
import socket
import struct
from enum import Enum

from django.conf import settings
from django.utils.translation import gettext as _

from isva.refusal import Refusal

SECONDS = 30
_CHUNK = 64 * 1024
_LONGEST_ANSWER = 4096


class Scan(Enum):
    """What the scanner said of a file that was kept."""

    CLEAN = "clean"
    NOT_SCANNED = "not_scanned"


class Infected(Refusal):
    """The scanner found something in a file. Whoever took the file in notes that it came, and from whom."""


def scan(content: bytes) -> Scan:
    """Whether a scanner has looked and found nothing.

    Raises Infected, in words, where it found something, and Refusal where it does not answer.
    """
    address = settings.CLAMD_ADDRESS
    if not address:
        return Scan.NOT_SCANNED
    try:
        answer = _ask(address, content)
    except (OSError, ValueError):
        answer = ""
    if answer == "stream: OK":
        return Scan.CLEAN
    if answer.endswith(" FOUND"):
        raise Infected(
            _("The virus scanner found something in this file. It was not kept. Tell whoever sent it to you")
        )
    raise Refusal(_("The virus scanner does not answer, so no file can be taken just now. Try again later"))


def _ask(address: str, content: bytes) -> str:
    """What clamd says of these bytes; ``address`` is ``host:port`` or the path of its socket."""
    with contextlib.closing(_connected(address)) as line:
        line.sendall(b"zINSTREAM\0")
        for start in range(0, len(content), _CHUNK):
            chunk = content[start : start + _CHUNK]
            line.sendall(struct.pack("!I", len(chunk)) + chunk)
        line.sendall(struct.pack("!I", 0))
        answer = b""
        while not answer.endswith(b"\0") and len(answer) < _LONGEST_ANSWER:
            more = line.recv(_LONGEST_ANSWER)
            if not more:
                break
            answer += more
    return answer.rstrip(b"\0\n").decode("utf-8", "replace").strip()


def _connected(address: str) -> socket.socket:
    if address.startswith("/"):
        line = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        line.settimeout(SECONDS)
        line.connect(address)
        return line
    host, _colon, port = address.rpartition(":")
    return socket.create_connection((host, int(port)), timeout=SECONDS)

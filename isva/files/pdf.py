"""PDF files: what may not be in one that the service keeps.

Names are looked for as a viewer would read them, escapes undone, and also in the streams that hold objects.
"""

import re
import zlib

from django.utils.translation import gettext as _

from isva.refusal import Refusal

#: What runs, starts, fetches or brings along something by itself.
ACTIVE = {
    b"JavaScript", b"Launch", b"EmbeddedFile", b"EmbeddedFiles", b"RichMedia", b"GoToE", b"GoToR", b"SubmitForm",
    b"ImportData", b"XFA", b"Movie", b"Sound", b"U3D", b"PRC",
}  # fmt: skip
#: Ways of packing that nobody uses for objects, except to hide them.
UNUSUAL = {
    b"LZWDecode",
    b"LZW",
    b"ASCIIHexDecode",
    b"AHx",
    b"ASCII85Decode",
    b"A85",
    b"RunLengthDecode",
    b"RL",
    b"Crypt",
}
#: What object streams may grow to, all together, and how many there may be; beyond it the file is refused.
MOST_UNPACKED, MOST_STREAMS = 50 * 1024 * 1024, 20_000


def _spelt(words) -> re.Pattern[bytes]:
    """Any of these names, each letter as itself or as ``#6a``, as a viewer would read it."""
    ways = (b"".join(b"(?:%c|#(?i:%02x))" % (letter, letter) for letter in word) for word in sorted(words))
    return re.compile(rb"/(?:" + b"|".join(ways) + rb")(?=[\x00\t\n\x0c\r ()<>\[\]{}/%]|$)")


_ACTIVE, _LOCKED = _spelt(ACTIVE), _spelt({b"Encrypt"})
_STREAM = re.compile(rb"(?<!end)stream\r?\n")
_NAME = re.compile(rb"/([^\x00\t\n\x0c\r ()<>\[\]{}/%]{1,127})")
_ESCAPE = re.compile(rb"#([0-9A-Fa-f]{2})")


def check_pdf(content: bytes) -> None:
    """Raise Refusal, in words, where a PDF is locked, incomplete, or holds something that acts by itself."""
    if b"%%EOF" not in content[-2048:] or b"obj" not in content:
        raise Refusal(_("The PDF is not complete. Save it again and try once more"))
    if _LOCKED.search(content):
        raise Refusal(_("The PDF is locked with a password. Save it without one and try again"))
    if _ACTIVE.search(content) or any(_ACTIVE.search(piece) for piece in _object_streams(content)):
        raise Refusal(
            _(
                "The PDF holds a programme, a form that sends itself, or other files. Print it to a new PDF and try again"
            )
        )


def _names(piece: bytes) -> set[bytes]:
    """The names in a piece of a PDF, with ``#6a`` read as the letter that it stands for."""
    names = {found[1] for found in _NAME.finditer(piece)}
    return {
        _ESCAPE.sub(lambda code: bytes([int(code[1], 16)]), name) if b"#" in name else name for name in names
    }


def _object_streams(content: bytes):
    """The unpacked streams that hold objects.

    Raises Refusal where they grow beyond all measure, or are packed so that one cannot look into them. What
    describes a stream stands before it; it is read back to the stream before, so that each byte is read once.
    """
    grown = count = read = 0
    for found in _STREAM.finditer(content):
        says = _names(content[max(read, found.start() - 4000) : found.start()])
        read = found.end()
        if b"ObjStm" not in says:
            continue
        count += 1
        piece = _unpacked(
            content[found.end() : content.find(b"endstream", found.end())], says, MOST_UNPACKED - grown
        )
        grown += len(piece)
        if grown >= MOST_UNPACKED or count > MOST_STREAMS:
            raise Refusal(_("The PDF is too large inside. Print it to a new PDF and try again"))
        yield piece


def _unpacked(packed: bytes, says: set[bytes], most: int) -> bytes:
    if not says & {b"FlateDecode", b"Fl"} and not says & UNUSUAL:
        return packed
    opening = zlib.decompressobj()
    try:
        piece = opening.decompress(packed, most) if not says & UNUSUAL else b""
    except zlib.error:
        piece = b""
    if not opening.eof and len(piece) < most:
        raise Refusal(
            _("The PDF is packed in a way that we cannot look into. Print it to a new PDF and try again")
        )
    return piece

"""Documents of Word and OpenDocument: packed folders, looked into without being opened.

What is refused: macros, programmes and other documents inside, templates fetched from elsewhere, and what grows
beyond all measure when it is unpacked.
"""

import io
import re
import zipfile

from django.utils.translation import gettext as _

from isva.refusal import Refusal

MOST_PARTS = 2_000
MOST_UNPACKED = 100 * 1024 * 1024
#: A part that grows more than this many times is no text and no picture.
MOST_GROWTH = 200
LARGEST_LIST = 1024 * 1024

_ACTIVE_PARTS = re.compile(
    r"vbaproject|vbadata|macros?/|activex|/embeddings/|\.bin$|\.exe$|\.dll$|\.js$|\.vbs$|\.ole$|^basic/|^scripts/|^object ",
    re.IGNORECASE,
)
_FETCHED = re.compile(
    rb"""attachedTemplate|oleObject|frame"|subDocument|relationships/(?:image|settings|externalLink)["'][^>]*TargetMode\s*=\s*["']External""",
    re.IGNORECASE,
)


def office_kind(content: bytes) -> str:
    """``docx`` or ``odt``. Raises Refusal, in words, for any other packed folder and for what acts by itself."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as folder:
            return _look_into(folder)
    except (zipfile.BadZipFile, zipfile.LargeZipFile, RuntimeError, EOFError, OSError):
        raise _unreadable() from None


def _look_into(folder: zipfile.ZipFile) -> str:
    parts = folder.infolist()
    if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > MOST_UNPACKED:
        raise Refusal(_("The document is too large inside. Save it again, or as a PDF"))
    names = [part.filename for part in parts]
    if len(set(names)) != len(names):
        raise _unreadable()
    for part in parts:
        if part.flag_bits & 0x1:
            raise Refusal(_("The document is locked with a password. Save it without one and try again"))
        if part.file_size > LARGEST_LIST and part.file_size > MOST_GROWTH * max(part.compress_size, 1):
            raise Refusal(_("The document is too large inside. Save it again, or as a PDF"))
        if part.filename.startswith("/") or ".." in part.filename.split("/") or "\\" in part.filename:
            raise _unreadable()
        if _ACTIVE_PARTS.search(part.filename):
            raise _acts()
    if (
        "mimetype" in names
        and _read(folder, "mimetype").strip() == b"application/vnd.oasis.opendocument.text"
    ):
        return _opendocument(folder, names)
    if {"[Content_Types].xml", "word/document.xml"} <= set(names):
        return _word(folder, names)
    raise Refusal(_("The document must be one of Word (.docx) or OpenDocument (.odt)"))


def _opendocument(folder, names) -> str:
    if not {"content.xml", "META-INF/manifest.xml"} <= set(names):
        raise _unreadable()
    if b"encryption-data" in _read(folder, "META-INF/manifest.xml"):
        raise Refusal(_("The document is locked with a password. Save it without one and try again"))
    return "odt"


def _word(folder, names) -> str:
    kinds = _read(folder, "[Content_Types].xml")
    if (
        b"macroEnabled" in kinds
        or b"vbaProject" in kinds
        or b"wordprocessingml.document.main+xml" not in kinds
    ):
        raise _acts()
    if any(_FETCHED.search(_read(folder, name)) for name in names if name.endswith(".rels")):
        raise Refusal(
            _(
                "The document fetches something from elsewhere when it is opened. Save it as a PDF and try again"
            )
        )
    return "docx"


def _read(folder, name: str) -> bytes:
    """A small part, read no further than a list of parts can be long."""
    with folder.open(name) as part:
        read = part.read(LARGEST_LIST + 1)
    if len(read) > LARGEST_LIST:
        raise _unreadable()
    return read


def _acts() -> Refusal:
    return Refusal(_("The document holds macros or other files. Save it as a PDF and try again"))


def _unreadable() -> Refusal:
    return Refusal(_("The document could not be read. Save it again, or as a PDF"))

"""What a file is, read from what is in it and never from its name; and whether the service takes it.

Taken are PDF, JPEG, PNG, plain text, and documents of Word and OpenDocument. Pictures are drawn afresh, so that
nothing of where and with what they were taken is left in them, nor anything hidden behind them. Whatever can run
by itself when it is opened is refused. This is a sieve and no proof: whatever was taken is only ever handed out as
a download, never shown in the browser, and scanned where a scanner is set up.
"""

from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from isva.files.office import office_kind
from isva.files.pdf import check_pdf
from isva.files.pictures import drawn_afresh
from isva.files.receiving import LARGEST
from isva.refusal import Refusal

PDF, JPEG, PNG, TEXT = "application/pdf", "image/jpeg", "image/png", "text/plain"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
ODT = "application/vnd.oasis.opendocument.text"
#: How each kind is called when it is downloaded, and in words.
ENDINGS = {PDF: "pdf", JPEG: "jpg", PNG: "png", TEXT: "txt", DOCX: "docx", ODT: "odt"}
KINDS = {PDF: "PDF", JPEG: "JPEG", PNG: "PNG", TEXT: gettext_lazy("Text"), DOCX: "Word", ODT: "OpenDocument"}
#: For the browser's own choice of files; what is taken is decided by what is in it.
ACCEPTED = ".pdf,.jpg,.jpeg,.png,.txt,.docx,.odt"


def kind_and_size(media_type: str, size: int) -> str:
    """A file in words that tell nothing of anybody: what it is and how large; ``size`` is in bytes."""
    kilobytes = max(1, round(size / 1024))
    words = (
        _("%(n)d kB") % {"n": kilobytes} if kilobytes < 1000 else _("%(n).1f MB") % {"n": kilobytes / 1024}
    )
    return f"{KINDS[media_type]}, {words}"


class NotTaken(Refusal):
    """A file that the service does not take; the reason is in words."""


@dataclass(frozen=True)
class Checked:
    """A file that may be kept: what it is, and its content as it will be handed out."""

    media_type: str
    content: bytes


def check_file(content: bytes) -> Checked:
    """The file as it may be kept. Raises NotTaken, in words."""
    if not content:
        raise NotTaken(_("The file is empty"))
    if len(content) > LARGEST:
        raise NotTaken(_("The file must be smaller than %(size)d MB") % {"size": LARGEST // 1024**2})
    try:
        return _read(content)
    except Refusal as refusal:
        raise NotTaken(*refusal.reasons) from None
    except Exception as trouble:  # a reader that fails on a malformed file, however it fails
        raise NotTaken(_("The file could not be read. Save it again and try once more")) from trouble


def _read(content: bytes) -> Checked:
    if content.startswith(b"%PDF-"):
        check_pdf(content)
        return Checked(PDF, content)
    if content.startswith(b"\xff\xd8\xff"):
        return Checked(JPEG, drawn_afresh(content, "JPEG"))
    if content.startswith(b"\x89PNG\r\n\x1a\n"):
        return Checked(PNG, drawn_afresh(content, "PNG"))
    if content.startswith(b"PK\x03\x04"):
        return Checked(DOCX if office_kind(content) == "docx" else ODT, content)
    return Checked(TEXT, _plain_text(content))


def _plain_text(content: bytes) -> bytes:
    """Text is what reads as text: no control characters, and none of what a browser or a shell would begin to run."""
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise _unknown() from None
    if any(ord(letter) < 32 and letter not in "\t\r\n" for letter in text) or "\x7f" in text:
        raise _unknown()
    if text.lstrip()[:2] in ("<!", "<?", "#!", "MZ") or text.lstrip()[:5].lower() in (
        "<html",
        "<svg ",
        "<svg>",
        "{\\rtf",
    ):
        raise _unknown()
    return content


def _unknown() -> NotTaken:
    return NotTaken(
        _(
            "The file must be a PDF, a picture (JPEG or PNG), plain text, or a document of Word or OpenDocument"
        )
    )

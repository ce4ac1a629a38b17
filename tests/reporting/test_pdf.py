"""The PDF of a report, taken apart: it can be listened to, it loads nothing of others, and its numbers are the page's."""

import io
import itertools
from dataclasses import replace

import pikepdf
import pytest

from isva.clock.moment import at
from reporting import pdf
from reporting.models import PublishedReport, ReportFile
from reporting.reports import publishing
from reporting.reports.paper import Standing, paper_of
from tests.once import once_a_module
from tests.reporting.reports import LAST, NOW, a_contract, cases_in, published

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.skipif(not pdf.is_available(), reason="There is no Pango on this machine."),
]


def _print(people, services):
    rowan, manager = services["rowan"], people["manager"]
    with at(NOW):
        for quarter in (LAST.before(1), LAST):
            cases_in(rowan, manager, many=9, quarter=quarter)
        return published(a_contract(rowan, manager), LAST, manager, prints=True).pk


report_in_print = once_a_module(_print)


@pytest.fixture
def printed(report_in_print, db, time_machine):
    """A published report and its PDF."""
    time_machine.move_to(NOW)
    report = PublishedReport.objects.get(pk=report_in_print)
    return report, pikepdf.open(io.BytesIO(publishing.pdf_of(report)))


def structure(document):
    """Every element of the tags, as (name, element), in the order in which it is read."""

    def walk(element):
        if isinstance(element, pikepdf.Array):
            for one in element:
                yield from walk(one)
        elif isinstance(element, pikepdf.Dictionary):
            if "/S" in element:
                yield str(element["/S"])[1:], element
            if "/K" in element:
                yield from walk(element["/K"])

    yield from walk(document.Root.StructTreeRoot["/K"])


def test_the_pdf_can_be_listened_to(printed):
    _report, document = printed
    found = list(structure(document))
    names = [name for name, _element in found]
    assert document.Root.MarkInfo.Marked
    assert str(document.Root.Lang).lower().startswith("en")
    assert str(document.docinfo["/Title"]) == "Quarterly report April to June 2027, Rowan ISVA Service"
    assert document.Root.ViewerPreferences.DisplayDocTitle
    with document.open_metadata() as data:
        assert data["pdfuaid:part"] == "1"
    assert names.count("H1") == 1
    assert names.count("H2") > 10
    assert names.count("H3") > 20
    assert names.count("Table") > 20
    assert names.count("TH") > names.count("Table")
    assert "TD" in names
    figures = [element for name, element in found if name == "Figure"]
    assert figures
    assert all(str(element.get("/Alt", "")) for element in figures)
    headers = {str(element["/ID"]) for name, element in found if name == "TH"}
    for name, element in found:
        if name == "TD":
            heard = [str(one) for one in element["/A"]["/Headers"]]
            assert heard
            assert set(heard) <= headers


def test_no_heading_is_skipped_and_the_outline_leads_to_every_section(printed):
    _report, document = printed
    levels = [int(name[1]) for name, _element in structure(document) if name in ("H1", "H2", "H3", "H4")]
    assert levels[0] == 1
    assert all(after - before <= 1 for before, after in itertools.pairwise(levels))
    with document.open_outline() as outline:
        sections = [one.title for one in outline.root[0].children]
    assert {"Contents", "Summary", "Demand", "Waiting", "Equality", "Definitions"} <= set(sections)


def test_every_font_is_in_the_file(printed):
    _report, document = printed
    fonts = [font for page in document.pages for font in page.Resources.get("/Font", {}).values()]
    assert fonts
    for font in fonts:
        for inner in font.get("/DescendantFonts", [font]):
            assert any(key in inner.FontDescriptor for key in ("/FontFile", "/FontFile2", "/FontFile3"))


def test_the_pdf_is_made_once_and_is_the_file_that_was_kept(printed):
    report, _document = printed
    assert not publishing.print_report(report.pk)
    assert ReportFile.objects.filter(report=report).count() == 1
    assert report.pk not in publishing.without_pdf()


@pytest.mark.parametrize(
    "address", ["file:///etc/passwd", "http://127.0.0.1:1/x.png", "https://static.invalid/../../etc/passwd.css",
                "https://static.invalid/css/report.txt", "https://elsewhere.example/a.svg", "ftp://127.0.0.1/a.css"],
)  # fmt: skip
def test_nothing_is_loaded_that_is_not_ours(address):
    with pytest.raises(pdf.NotOurs):
        pdf.fetcher().fetch(address)


def test_what_is_ours_is_loaded():
    assert b"@page" in pdf.fetcher().fetch("https://static.invalid/css/report.css").read()
    assert pdf.fetcher().fetch("data:text/plain,abc").read() == b"abc"


def test_commentary_stays_text_on_paper(people, rowan, time_machine):
    time_machine.move_to(NOW)
    report = published(a_contract(rowan, people["manager"], name="Another"), LAST, people["manager"])
    content = publishing.content_as_signed(PublishedReport.objects.get(pk=report.pk))
    page = paper_of(replace(content, passage='<img src="file:///etc/passwd"><script>x</script>'), Standing())
    assert "<script>" not in page
    assert "&lt;img" in page


def test_without_pango_a_report_is_published_all_the_same(
    people, rowan, time_machine, monkeypatch, signed_in
):
    time_machine.move_to(NOW)
    monkeypatch.setattr(pdf, "is_available", lambda: False)
    report = published(
        a_contract(rowan, people["manager"], name="Another"), LAST, people["manager"], prints=True
    )
    assert publishing.pdf_of(report) is None
    page = signed_in("manager").get(f"/reports/{report.pk}/").content.decode()
    assert "This machine cannot make a PDF. Print this page instead." in page
    with pytest.raises(pdf.CannotPrint):
        pdf.make_pdf("<p>x</p>")

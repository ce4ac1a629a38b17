"""The pages of figures: dashboards, a measure, its records, its files; what they cost, and whom they show."""

import pytest
import tablib
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from casework import restricting
from isva.access.acting import act
from isva.audit.models import AccessEntry
from isva.clock.moment import today
from reporting import figures, saving
from reporting.dashboards import DASHBOARDS
from reporting.measures import MEASURES, measure_named
from reporting.periods import Period, Quarter
from reporting.scope import Scope
from reporting.sight import WHOLE_SERVICE
from reporting.tables import Figure, Kind, Line, Table
from reporting.words import figure_words
from tests.factories import make_case, seeing_all

pytestmark = pytest.mark.django_db


@pytest.fixture
def some_cases(rowan, people):
    return [
        make_case(
            rowan,
            by=people["manager"],
            stage=stage,
            isva=people["isva"],
            name=f"{stage} Person",
            area="Eastmere",
        )
        for stage in ("referral", "triage", "interim", "active", "closed")
    ]


@pytest.fixture
def browser(signed_in):
    return signed_in("manager")


@pytest.mark.parametrize("board", sorted(DASHBOARDS))
def test_every_dashboard_opens_with_its_panels(board, some_cases, browser):
    page = browser.get(reverse("show_figures"), {"board": board})
    assert page.status_code == 200
    assert page.content.decode().count('<svg class="chart"') == len(DASHBOARDS[board].panels)


#: One measure of each make: by kind, by whether it breaks down by itself, splits, counts staff, is recorded.
MAKES = {
    (one.kind, bool(one.own), one.always_split is not None, one.keyed, one.is_recorded): one.key
    for one in MEASURES.values()
}


@pytest.mark.parametrize("key", sorted(MAKES.values()))
def test_a_measure_of_every_make_has_a_page_by_what_it_can_be_broken_down_by(key, some_cases, browser):
    measure = MEASURES[key]
    for by in ("", *[one.key for one in measure.own][:1], *measure.by[:1]):
        page = browser.get(reverse("show_measure", args=[key]), {"by": by})
        assert page.status_code == 200, by
    if not measure.is_recorded:
        assert "Not recorded" in page.content.decode()
        assert str(measure.not_recorded) in page.content.decode()


def test_a_measure_that_there_is_not_is_not_there(browser):
    for name in ("show_measure", "list_records"):
        assert browser.get(reverse(name, args=["no-such-measure"])).status_code == 404


def test_rubbish_in_an_address_is_as_if_it_were_not_asked(browser, some_cases):
    rubbish = {
        "quarter": "1' OR 1=1",
        "area": "Nowhere",
        "cohort": "x'; --",
        "by": "client_id",
        "board": "../etc",
        "row_by": "name",
        "row_line": "x",
    }
    for name, args in (
        ("show_figures", []),
        ("show_measure", ["referrals"]),
        ("list_records", ["referrals"]),
        ("show_completeness", []),
    ):
        assert browser.get(reverse(name, args=args), rubbish).status_code == 200, name


def test_a_line_that_no_record_can_hold_is_as_if_it_were_not_asked(browser, some_cases):
    address = reverse("list_records", args=["open_cases"])
    asked = browser.get(
        address, {"row_by": "stage", "row_line": "a\x00", "column_by": "area", "column_line": "\x00"}
    )
    assert asked.status_code == 200
    assert "interim Person" in asked.content.decode()


def test_a_number_leads_to_its_records(some_cases, browser):
    page = browser.get(reverse("show_measure", args=["open_cases"]), {"by": "stage"}).content.decode()
    assert "row_line=active" in page
    listed = browser.get(
        reverse("list_records", args=["open_cases"]), {"row_by": "stage", "row_line": "active"}
    ).content.decode()
    assert "active Person" in listed
    assert "interim Person" not in listed
    everybody = browser.get(reverse("list_records", args=["open_cases"])).content.decode()
    assert "interim Person" in everybody
    assert "closed Person" not in everybody


def test_a_restricted_client_is_behind_no_number_of_who_is_not_named(some_cases, rowan, people, signed_in):
    hidden = some_cases[3]
    with act(people["manager"], rowan), seeing_all(rowan):
        restricting.restrict_client(hidden.client, reason="a colleague", named=[], by=people["manager"])
    for key, there in (("manager", True), ("second_manager", False)):
        listed = signed_in(key).get(reverse("list_records", args=["open_cases"])).content.decode()
        assert ("active Person" in listed) is there, key


def test_pages_cost_the_same_however_many_cases(some_cases, rowan, people, browser):
    def cost(name, *args, **query):
        with CaptureQueriesContext(connection) as queries:
            assert browser.get(reverse(name, args=args), query).status_code == 200
        return len(queries)

    addresses = (
        ("show_figures",),
        ("show_measure", "referrals"),
        ("list_records", "referrals"),
        ("show_completeness",),
        ("list_contracts",),
    )
    before = [cost(*one) for one in addresses]
    for _ in range(6):
        make_case(rowan, by=people["manager"])
    assert [cost(*one) for one in addresses] == before
    assert before[0] <= 14 + len(DASHBOARDS["overview"].panels)
    assert max(before[1:]) <= 16


def test_the_filter_narrows_every_figure_down(some_cases, rowan, people, browser):
    make_case(rowan, by=people["manager"], area="Westbeck", name="Somebody Else")
    all_of_them = browser.get(reverse("show_measure", args=["referrals"])).content.decode()
    eastmere = browser.get(reverse("show_measure", args=["referrals"]), {"area": "Eastmere"}).content.decode()
    assert ">6<" in all_of_them
    assert ">5<" in eastmere
    last = {"quarter": Quarter.last_ended().key}
    assert (
        "row_line"
        not in browser.get(
            reverse("show_measure", args=["referrals"]), last | {"by": "area"}
        ).content.decode()
    )


def test_a_file_is_saved_by_who_has_just_confirmed_and_noted(some_cases, browser):
    address = reverse("save_measure", args=["referrals"])
    saved = browser.get(address, {"by": "source", "form": "csv"})
    assert AccessEntry.objects.filter(page="save_measure", what="exported").count() == 1
    told = tablib.Dataset().load(saved.content.decode("utf-8-sig"), format="csv")
    assert told.headers == ["Measure", "Period", "Who referred", "People"]
    assert ["Referrals received", Quarter.of(today()).words, "All", "5"] in [list(row) for row in told]
    assert 'filename="figures-referrals-' in saved.headers["Content-Disposition"]
    sheet = browser.get(address, {"form": "xlsx"})
    assert tablib.Dataset().load(sheet.content, format="xlsx").height == 1
    assert browser.get(address, {"form": "exe"}).status_code == 404


def test_what_could_run_as_a_formula_is_kept_from_it(rowan):
    measure = measure_named("referrals")
    rows = (Line("=cmd|'/c calc'!A1", "=cmd|'/c calc'!A1"), Line("@x", "@x"), Line("+1", "+1"))
    table = Table(
        measure="referrals", kind=Kind.COUNT, unit="people", scope="x", rows=rows, rows_by="area", columns=(Line("all", "All"),),
        cells={(one.key, "all"): Figure(1) for one in rows},
    )  # fmt: skip
    told = saving.dataset(table, measure, over="-2026")
    for row in told:
        assert not any(str(cell).startswith(("=", "+", "-", "@")) for cell in row[:3])
    assert "\n=" not in saving.as_file(told, "csv").decode("utf-8-sig")


def test_figures_read_as_people_read_them():
    assert figure_words(Kind.COUNT, Figure(1234)) == "1,234"
    assert figure_words(Kind.SHARE, Figure(1, 3)) == "33.3% (1 of 3)"
    assert figure_words(Kind.SHARE, Figure(0, 0)) == "–"
    assert (
        figure_words(Kind.SPREAD, Figure(denominator=4, median=12.0, ninetieth=30.25))
        == "12 (9 of 10 within 30.2; 4 people)"
    )
    assert figure_words(Kind.AMOUNT, Figure(denominator=1, amount=2.5)) == "2.5 (1 person)"


def test_completeness_counts_what_is_filled(some_cases, rowan, people, browser):
    from reporting.completeness import completeness

    scope = Scope(service=rowan, period=Period(today(), today()))
    with act(people["manager"], rowan):
        counted = completeness(scope, sight=WHOLE_SERVICE)
        received = figures.count(measure_named("referrals"), scope, sight=WHOLE_SERVICE).figure().numerator
    assert counted.figure("area") == Figure(5, 5)
    assert counted.figure("ethnicity") == Figure(0, 5)
    assert counted.figure("safe_contact") == Figure(5, 5)
    assert received == 5

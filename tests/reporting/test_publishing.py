"""Published reports: frozen, signed, corrected by a new version, read by their commissioners and by nobody else."""

import csv
import io
import json
import uuid
from dataclasses import fields

import pytest
import tablib
from django.db import IntegrityError, ProgrammingError, connection, transaction
from django.urls import reverse

from isva.access.acting import act
from isva.accounts.models import Membership
from isva.audit.models import AccessEntry
from reporting.models import PublishedReport
from reporting.reports import building, drafting, publishing
from reporting.reports.content import Promise
from reporting.reports.freezing import as_data, checksum_of, content_of, of_table, table_of
from reporting.tables import Table
from tests.reporting.reports import BEFORE, LAST, NOW, a_contract, built, cases_in, published

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def a_tuesday_in_july(time_machine):
    time_machine.move_to(NOW)


@pytest.fixture
def carys(people, rowan):
    return Membership.objects.get(user=people["commissioner"], service=rowan)


@pytest.fixture
def contract(people, rowan, carys):
    return a_contract(rowan, people["manager"], readers=[carys])


@pytest.fixture
def manager(people):
    return people["manager"]


def corrected(report, manager, why="Two referrals had been entered late."):
    with act(manager, report.service):
        draft = drafting.correct_report(report, what_changed=why, by=manager)
        build = building.ask_for_build(draft, by=manager)
    building.run_build(build.pk, prints=False)
    with act(manager, report.service):
        return publishing.publish_report(draft, by=manager)


def test_what_was_signed_is_proven_by_its_checksum(contract, manager, rowan):
    cases_in(rowan, manager, many=7)
    report = PublishedReport.objects.get(pk=published(contract, LAST, manager).pk)
    assert (report.version, report.signed_by, report.checksum) == (1, manager, checksum_of(report.content))
    assert as_data(publishing.content_as_signed(report)) == report.content
    report.content["summary"] = ["Everything was well."]
    with pytest.raises(publishing.NotAsSigned):
        publishing.content_as_signed(report)


def test_the_database_lets_nobody_change_or_remove_what_is_published(contract, manager):
    published(contract, LAST, manager, prints=False)
    for sql in (
        "UPDATE reporting_publishedreport SET version = 9", "DELETE FROM reporting_publishedreport",
        "UPDATE reporting_reportfile SET data = ''", "TRUNCATE reporting_publishedreport CASCADE",
    ):  # fmt: skip
        with pytest.raises(ProgrammingError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(sql)


def test_one_version_goes_out_once_and_a_correction_says_what_changed(contract, manager):
    report = published(contract, LAST, manager)
    twice = {"service": report.service, "contract": contract, "quarter": report.quarter, "at": report.at, "signed_by": manager,
             "content": {}, "checksum": "x"}  # fmt: skip
    for wrong in ({"version": 1}, {"version": 2, "what_changed": ""}):
        with pytest.raises(IntegrityError), transaction.atomic():
            PublishedReport(**twice, **wrong).save(force_insert=True)
    with pytest.raises(drafting.CannotDraft, match="Correct it"):
        drafting.begin_report(contract, LAST, by=manager)


def test_a_correction_is_a_new_version_and_the_earlier_one_is_marked_as_replaced(
    contract, manager, rowan, signed_in
):
    cases_in(rowan, manager, many=8)
    draft = built(contract, LAST, manager)
    with act(manager, rowan):
        drafting.write_passage(draft, "demand", text="A busy spring.", by=manager)
        drafting.set_changes(draft, [Promise("Open later", NOW.date())], by=manager)
        first = publishing.publish_report(draft, by=manager)
    cases_in(rowan, manager, many=2)
    second = corrected(first, manager)
    content = publishing.content_as_signed(PublishedReport.objects.get(pk=second.pk))
    assert (second.version, content.promises[0].what) == (2, "Open later")
    assert next(one.passage for one in content.chapters if one.key == "demand") == "A busy spring."
    assert content.entry("referrals").table.figure().numerator == 10
    browser = signed_in("commissioner")
    old, new = (
        browser.get(reverse("show_report", args=[one.pk])).content.decode() for one in (first, second)
    )
    assert "This version was replaced" in old
    assert "entered late" in old
    assert "This version was replaced" not in new
    assert "Two referrals had been entered late." in new
    with pytest.raises(drafting.CannotDraft, match="later version"):
        drafting.correct_report(first, what_changed="Again", by=manager)


def test_a_report_built_before_another_went_out_is_built_again_first(contract, manager, rowan):
    other = a_contract(rowan, manager, name="Another")
    draft = built(contract, LAST, manager)
    published(other, LAST, manager)
    with act(manager, rowan), pytest.raises(publishing.CannotPublish, match="Build it again"):
        publishing.publish_report(draft, by=manager)


def test_nothing_is_published_that_was_not_built_and_nothing_twice(contract, manager, rowan):
    with act(manager, rowan):
        draft = drafting.begin_report(contract, LAST, by=manager)
        with pytest.raises(publishing.CannotPublish, match="Build the report first"):
            publishing.publish_report(draft, by=manager)
    built(contract, LAST, manager)
    with act(manager, rowan):
        publishing.publish_report(draft, by=manager)
        with pytest.raises(publishing.CannotPublish, match="already"):
            publishing.publish_report(draft, by=manager)
        with pytest.raises(drafting.CannotDraft, match="published"):
            drafting.write_passage(draft, "demand", text="Too late.", by=manager)


def test_a_trend_shows_earlier_quarters_as_they_were_published(contract, manager, rowan):
    cases_in(rowan, manager, many=9, quarter=BEFORE)
    published(contract, BEFORE, manager)
    cases_in(rowan, manager, many=3, quarter=BEFORE)  # entered late
    cases_in(rowan, manager, many=6)
    report = PublishedReport.objects.get(pk=published(contract, LAST, manager).pk)
    trend = content_of(report.content).entry("referrals", is_trend=True).table
    assert [trend.cells["all", key].numerator for key in (BEFORE.key, LAST.key)] == [9, 6]


def test_a_commissioner_reads_the_published_reports_of_their_contracts_and_nothing_else(
    contract, manager, rowan, signed_in
):
    theirs, other = (
        published(contract, BEFORE, manager),
        published(a_contract(rowan, manager, name="Another"), BEFORE, manager),
    )
    draft = built(contract, LAST, manager)
    browser = signed_in("commissioner")
    page = browser.get(reverse("list_reports")).content.decode()
    assert str(theirs.pk) in page
    assert str(other.pk) not in page
    assert "To be written" not in page
    assert browser.get(reverse("show_report", args=[theirs.pk])).status_code == 200
    assert browser.get(reverse("show_report", args=[other.pk])).status_code == 404
    assert browser.get(reverse("download_report", args=[other.pk, "csv"])).status_code == 404
    assert browser.get(reverse("show_draft", args=[draft.pk])).status_code == 403
    assert signed_in("harbour_commissioner").get(reverse("show_report", args=[theirs.pk])).status_code == 404
    assert signed_in("isva").get(reverse("show_report", args=[theirs.pk])).status_code == 403


def test_every_file_says_the_same_numbers_and_hides_the_same(contract, manager, rowan, signed_in):
    cases_in(rowan, manager, many=9)
    cases_in(rowan, manager, many=2, area="Westbeck")
    report = PublishedReport.objects.get(pk=published(contract, LAST, manager).pk)
    browser = signed_in("commissioner")
    files = {
        kind: b"".join(browser.get(reverse("download_report", args=[report.pk, kind]))) for kind in ("csv", "xlsx", "json")
    }  # fmt: skip
    told = json.loads(files["json"])["figures"]
    as_csv = list(csv.DictReader(io.StringIO(files["csv"].decode("utf-8-sig"))))
    sheet = tablib.Databook().load(files["xlsx"], "xlsx").sheets()[1].dict
    plain = [{key: "" if value is None else str(value) for key, value in row.items()} for row in told]
    assert as_csv == plain
    assert [
        {key: "" if value is None else str(value) for key, value in row.items()} for row in sheet
    ] == plain
    hidden = [row for row in told if row["standing"] == "not shown"]
    assert hidden
    assert any(row["by"] == "area" and row["line"] == "Westbeck" for row in hidden)
    for row in hidden:
        assert row["number"] is None or row["out_of"] is None
    small = [row for row in told if row["number"] in (1, 2, 3, 4) or row["people"] in (1, 2, 3, 4)]
    assert small == []
    raw = [
        figure.numerator
        for table in content_of(report.content).shown.tables
        for figure in table.cells.values()
    ]
    assert 2 in raw  # kept, so that later reports are protected against this one


def test_every_download_is_noted_and_no_file_is_named_after_anybody(contract, manager, signed_in, people):
    report = published(contract, LAST, manager)
    answer = signed_in("commissioner").get(reverse("download_report", args=[report.pk, "csv"]))
    assert answer["Content-Disposition"] == 'attachment; filename="report-2027-q1-version-1.csv"'
    noted = AccessEntry.objects.filter(user=people["commissioner"], what="downloaded").get()
    assert (noted.kind, noted.record, noted.case) == ("reporting.publishedreport", report.pk, None)
    assert (
        signed_in("commissioner").get(reverse("download_report", args=[report.pk, "exe"])).status_code == 404
    )


def test_publishing_asks_once_more_who_it_is(contract, manager, rowan, signed_in):
    draft = built(contract, LAST, manager)
    browser = signed_in("manager")
    assert (
        browser.post(reverse("publish_report", args=[draft.pk]), {}).status_code == 200
    )  # nothing confirmed in the form
    session = browser.session
    session["entry"] = {**session["entry"], "confirmed": None}
    session.save()
    answer = browser.post(reverse("publish_report", args=[draft.pk]), {"read": "on"})
    assert answer.headers["Location"].startswith(reverse("confirm_it_is_me"))
    assert not PublishedReport.objects.exists()


def test_a_manager_writes_and_publishes_by_the_pages(contract, manager, rowan, signed_in):
    browser = signed_in("manager")
    for nowhere in (f"{contract.pk} 2027-q9", f"{contract.pk}", "", f"{uuid.uuid4()} {LAST.key}"):
        assert browser.post(reverse("begin_report"), {"report": nowhere}).status_code == 404
    begun = browser.post(reverse("begin_report"), {"report": f"{contract.pk} {LAST.key}"})
    address = begun.headers["Location"]
    draft = drafting.ReportDraft.objects.get()
    assert address == reverse("show_draft", args=[draft.pk])
    browser.post(reverse("build_report", args=[draft.pk]))
    building.run_build(building.last_build(draft).pk, prints=False)
    browser.post(reverse("write_passage", args=[draft.pk, "access"]), {"text": "We called in the evening."})
    assert (
        "We called in the evening." in browser.get(reverse("preview_draft", args=[draft.pk])).content.decode()
    )
    answer = browser.post(reverse("publish_report", args=[draft.pk]), {"read": "on"})
    report = PublishedReport.objects.get()
    assert answer.headers["Location"] == reverse("show_report", args=[report.pk])
    assert browser.get(reverse("write_passage", args=[draft.pk, "access"])).status_code == 404


def test_what_a_colleague_wrote_meanwhile_is_not_written_over(contract, manager, rowan, signed_in):
    browser = signed_in("second_manager")
    with act(manager, rowan):
        draft = drafting.begin_report(contract, LAST, by=manager)
    pages = {
        "write_passage": (
            [draft.pk, "demand"], {"text": "Mine and only mine."},
            lambda: drafting.write_passage(draft, "demand", text="Theirs.", by=manager),
        ),
        "say_changes": (
            [draft.pk],
            {"what_1": "Mine and only mine.", "by_when_1_day": "1", "by_when_1_month": "9", "by_when_1_year": "2027"},
            lambda: drafting.set_changes(draft, [Promise("Open later", NOW.date())], by=manager),
        ),
    }  # fmt: skip
    for name, (keys, typed, change) in pages.items():
        address = reverse(name, args=keys)
        form = browser.get(address).context["form"]
        sent = typed | {hidden: form[hidden].value() for hidden in ("once", "seen")}
        with act(manager, rowan):
            change()
        answer = browser.post(address, sent)
        assert answer.status_code == 200, "it was saved over"
        assert "while you were writing" in answer.content.decode()
        assert "Mine and only mine." in answer.content.decode()
        renewed = sent | {"seen": answer.context["form"]["seen"].value()}
        assert browser.post(address, renewed).status_code == 302, "looked at, it can be saved"


def test_a_list_of_reports_asks_as_much_for_many_as_for_one(
    contract, manager, rowan, signed_in, django_assert_max_num_queries
):
    browser = signed_in("manager")
    for quarter in (LAST.before(2), BEFORE):
        published(contract, quarter, manager)
    browser.get(reverse("list_reports"))
    with django_assert_max_num_queries(20):
        browser.get(reverse("list_reports"))


def test_a_table_is_frozen_and_read_again_without_loss(contract, manager, rowan):
    cases_in(rowan, manager, many=5)
    draft = built(contract, LAST, manager)
    for table in content_of(building.last_done(draft).counted).shown.tables:
        assert table_of(of_table(table)) == table
    assert {one.name for one in fields(Table)} <= set(of_table(table))

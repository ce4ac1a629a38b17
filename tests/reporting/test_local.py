"""Local measures and questions of a contract: from the registry, protected with everything else, and never a query."""

import json
from decimal import Decimal

import pytest
from django.urls import reverse

from isva.access.acting import act
from isva.accounts.models import Membership
from reporting import contracts, local
from reporting.contracts import CannotKeep
from reporting.measures import MEASURES
from reporting.models import LocalMeasure, PublishedReport
from reporting.reports import building, drafting, publishing
from reporting.reports.content import Content
from reporting.reports.counting import count_report
from reporting.reports.layout import LOCAL, sections_of
from reporting.suppression import Shown, suppress
from tests.reporting.reader import Reader
from tests.reporting.reports import LAST, NOW, a_contract, built, cases_in

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def a_tuesday_in_july(time_machine):
    time_machine.move_to(NOW)


@pytest.fixture
def manager(people):
    return people["manager"]


@pytest.fixture
def contract(people, rowan, manager):
    carys = Membership.objects.get(user=people["commissioner"], service=rowan)
    return a_contract(rowan, manager, readers=[carys])


def ask(contract, manager, **what):
    with act(manager, contract.service):
        return local.add_measure(contract, by=manager, **what)


def only_local(contract, manager):
    """A contract with the smallest report there is: local measures, and equality."""
    with act(manager, contract.service):
        contract.sections = ["outcomes"]
        contract.save()
    return contract


def counted(contract, manager) -> Content:
    with act(manager, contract.service):
        return count_report(contract, LAST)


def test_a_local_measure_is_of_the_registry_and_what_is_not_is_refused(contract, manager):
    for wrong in (
        {"measure": "secrets"}, {"measure": "vacancies"}, {"measure": "referrals", "rows": "name"},
        {"measure": "referrals", "rows": "1; DROP TABLE casework_case"}, {"measure": "need_at_start", "rows": "cohort"},
        {"measure": "referrals", "bound": "at_least"}, {"measure": "referrals", "value": Decimal(3)},
        {"measure": "advice", "bound": "at_least", "value": Decimal(101)},
    ):  # fmt: skip
        with pytest.raises(CannotKeep):
            ask(contract, manager, **wrong)
    ask(contract, manager, measure="referrals", rows="route")
    with pytest.raises(CannotKeep, match="already"):
        ask(contract, manager, measure="referrals", rows="route")


def test_every_measure_offers_breakdowns_that_can_be_shown_as_one_table():
    for measure in (one for one in MEASURES.values() if one.is_recorded):
        keys = [key for key, _words in local.breakdowns_of(measure)]
        assert len(keys) == len(set(keys)) >= 1
        assert ("" in keys) is (measure.always_split is None)


def test_a_contract_has_so_many_local_measures_and_no_more(contract, manager):
    for rows in MEASURES["referrals"].by[: local.MOST]:
        ask(contract, manager, measure="referrals", rows=rows)
    with pytest.raises(CannotKeep, match="at most"):
        ask(contract, manager, measure="waiting")


def test_a_report_has_the_section_where_something_is_asked_and_not_elsewhere(contract, manager):
    assert LOCAL not in dict(sections_of(contract))
    one = ask(contract, manager, measure="referrals", rows="route")
    assert LOCAL in dict(sections_of(contract))
    with act(manager, contract.service):
        local.remove_measure(one, by=manager)
        assert LOCAL not in dict(sections_of(contract))
        question = local.add_question(contract, question="What was learnt?", by=manager)
        assert LOCAL in dict(sections_of(contract))
        local.end_question(question, by=manager)
        assert LOCAL not in dict(sections_of(contract))
        assert local.add_question(contract, question="Again?", by=manager).section == "question-2"


def small_groups(rowan, manager):
    """Some large groups and some small ones, by several traits at once."""
    cases_in(rowan, manager, many=9, sex="female", area="Eastmere", religion="none")
    cases_in(rowan, manager, many=2, sex="male", area="Eastmere", religion="none")
    cases_in(rowan, manager, many=6, sex="male", area="Westbeck", religion="muslim")
    cases_in(rowan, manager, many=3, sex="female", area="Westbeck", religion="sikh")


PRYING = (
    {"measure": "referrals", "rows": "area"}, {"measure": "referrals", "rows": "sex"},
    {"measure": "contact_within_standard", "rows": "religion"}, {"measure": "contact_within_standard", "rows": "area"},
    {"measure": "open_cases", "rows": "stage"},
)  # fmt: skip


def test_local_measures_are_suppressed_with_all_others_and_a_reader_with_a_solver_narrows_nothing_down(
    contract, manager, rowan
):
    small_groups(rowan, manager)
    only_local(contract, manager)
    for one in PRYING:
        ask(contract, manager, **one)
    content = counted(contract, manager)
    tables = [
        entry.table for chapter in content.chapters if chapter.key == LOCAL for entry in chapter.entries
    ]

    def small_ones_shown(shown):
        return [
            (table.measure, cell) for table in tables for cell, part, count in table.counts()
            if 1 <= count <= 4 and getattr(shown.figure(table, cell).figure, part) is not None
        ]  # fmt: skip

    assert small_ones_shown(content.shown) == []
    assert Reader([content.shown]).recovered() == []
    alone = suppress(table for table in content.shown.tables if table not in tables)
    assert small_ones_shown(Shown(content.shown.tables, alone.hidden)) != []


def test_a_local_measure_of_an_overlapping_contract_gives_nothing_of_an_earlier_report_away(
    contract, manager, rowan
):
    small_groups(rowan, manager)
    only_local(contract, manager)
    ask(contract, manager, measure="referrals", rows="sex")
    first = counted(contract, manager)
    other = only_local(a_contract(rowan, manager, name="Eastmere", area="Eastmere"), manager)
    ask(other, manager, measure="referrals", rows="sex")
    ask(other, manager, measure="contact_within_standard", rows="sex")
    with act(manager, rowan):
        second = count_report(other, LAST, earlier=[first])
    assert Reader([first.shown, second.shown]).recovered() == []


def test_a_report_shows_local_measures_in_the_commissioners_words_with_what_is_asked_and_the_answers(
    contract, manager, rowan, signed_in
):
    cases_in(rowan, manager, many=8)
    only_local(contract, manager)
    ask(contract, manager, measure="referrals", rows="route", wording="People who found us")
    ask(
        contract,
        manager,
        measure="contact_within_standard",
        wording="Met in time",
        bound="at_least",
        value=Decimal(80),
    )
    with act(manager, rowan):
        for question in ("What was learnt?", "What is next?"):
            local.add_question(contract, question=question, by=manager)
    draft = built(contract, LAST, manager)
    browser = signed_in("manager")
    answer = browser.post(
        reverse("write_passage", args=[draft.pk, "question-1"]), {"text": "To ask earlier.", "once": "x" * 22}
    )
    assert answer.status_code == 302, answer.content
    assert browser.get(reverse("write_passage", args=[draft.pk, "question-9"])).status_code == 404
    with act(manager, rowan):
        report = publishing.publish_report(draft, by=manager)
    reader = signed_in("commissioner")
    page = reader.get(reverse("show_report", args=[report.pk])).content.decode()
    for told in (
        "Local measures", "People who found us", "Referrals received: Every referral", "Met in time: asked is at least 80 percent of people.",
        "What was learnt?", "To ask earlier.", "What is next?", "Not answered for this quarter.",
    ):  # fmt: skip
        assert told in page, told
    files = {
        kind: reader.get(reverse("download_report", args=[report.pk, kind])).content
        for kind in ("csv", "json")
    }
    assert "People who found us" in files["csv"].decode("utf-8-sig")
    assert json.loads(files["json"])["answers"][0] == {
        "question": "What was learnt?",
        "answer": "To ask earlier.",
    }
    frozen = PublishedReport.objects.get(pk=report.pk)
    assert publishing.content_as_signed(frozen).chapters[-1].answers[0].text == "To ask earlier."
    with act(manager, rowan):
        again = drafting.correct_report(frozen, what_changed="One was entered late.", by=manager)
        assert drafting.passages_of(again)["question-1"] == "To ask earlier."


def test_a_report_says_what_its_contract_asks_of_a_measure(contract, manager, rowan, signed_in):
    with act(manager, rowan):
        contracts.set_target(
            contract, measure="contact_within_standard", bound="at_least", value=Decimal(95), by=manager
        )
    draft = built(contract, LAST, manager)
    page = signed_in("manager").get(reverse("preview_draft", args=[draft.pk])).content.decode()
    assert page.count("First contact within 5 working days: asked is at least 95 percent of people.") == 1


def test_a_question_asked_after_the_numbers_were_counted_is_in_the_report_all_the_same(
    contract, manager, rowan
):
    only_local(contract, manager)
    draft = built(contract, LAST, manager)
    with act(manager, rowan):
        local.add_question(contract, question="What was learnt?", by=manager)
        content = building.with_words(building.content_built(building.last_done(draft)), draft)
    assert [one.question for one in content.chapters[-1].answers] == ["What was learnt?"]


def test_a_manager_adds_and_removes_on_the_pages_of_the_contract(contract, signed_in, rowan):
    browser, page = signed_in("manager"), reverse("show_contract", args=[contract.pk])
    add = reverse("add_local_measure", args=[contract.pk])
    assert "Who referred" not in browser.get(add).content.decode()
    assert "Who referred" in browser.get(add, {"measure": "referrals"}).content.decode()
    assert "Who referred" not in browser.get(add, {"measure": "1; SELECT"}).content.decode()
    sent = {
        "rows": "source",
        "wording": "Who sent people",
        "bound": "at_most",
        "value": "500",
        "once": "y" * 22,
    }
    assert browser.post(f"{add}?measure=referrals", sent | {"rows": "name"}).status_code == 200
    assert browser.post(f"{add}?measure=referrals", sent).status_code == 302
    assert (
        browser.post(
            reverse("add_local_question", args=[contract.pk]), {"question": "Why?", "once": "z" * 22}
        ).status_code
        == 302
    )
    shown = browser.get(page).content.decode()
    for told in ("Who sent people", "at most 500 people", "Why?"):
        assert told in shown, told
    assert "Who sent people" in signed_in("commissioner").get(page).content.decode()
    one, question = LocalMeasure.objects.get(), local.questions_in(contract).get()
    assert browser.post(reverse("remove_local_measure", args=[contract.pk, one.pk])).status_code == 302
    assert browser.post(reverse("end_local_question", args=[contract.pk, question.pk])).status_code == 302
    assert "Who sent people" not in browser.get(page).content.decode()
    assert not local.questions_in(contract).exists()

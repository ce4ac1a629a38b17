"""The area's population: given by who keeps contracts, shown beside who is reached, and no way to a number that is hidden."""

from decimal import Decimal

import pytest
from django.urls import reverse

from isva.access.acting import act
from reporting import population
from reporting.models import AreaPopulation, PublishedReport
from reporting.population import CannotGive
from reporting.reports import handing_out, publishing
from reporting.reports.blocks import parts_of
from reporting.reports.content import Content
from reporting.reports.counting import count_report
from reporting.reports.freezing import as_data, content_of
from reporting.reports.paper import Standing
from tests.reporting.reader import Reader
from tests.reporting.reports import LAST, NOW, a_contract, built, cases_in
from tests.sent import as_sent

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def a_tuesday_in_july(time_machine):
    time_machine.move_to(NOW)


@pytest.fixture
def manager(people):
    return people["manager"]


@pytest.fixture
def contract(rowan, manager):
    return small(a_contract(rowan, manager), manager)


def small(contract, manager):
    """A contract with the smallest report there is: equality is in each."""
    with act(manager, contract.service):
        contract.sections = ["outcomes"]
        contract.save()
    return contract


def give(service, manager, **changed) -> AreaPopulation:
    told = {
        "area": "", "characteristic": "sex", "shares": {"female": Decimal("51.1"), "male": Decimal("48.9")},
        "source": "Census 2021", "year": 2021,
    }  # fmt: skip
    with act(manager, service):
        return population.give_population(service, by=manager, **told | changed)


def test_each_service_gives_its_own(rowan, manager, people, services):
    own = give(rowan, manager)
    theirs = give(services["harbour"], people["harbour_manager"], shares={"female": Decimal(60)})
    again = give(rowan, manager, shares={"female": Decimal(52)})
    assert (again.pk, again.shares) == (own.pk, {"female": 52.0})
    theirs.refresh_from_db()
    assert (theirs.service, theirs.shares) == (services["harbour"], {"female": 60.0})


def counted(contract, manager) -> Content:
    with act(manager, contract.service):
        return count_report(contract, LAST)


def block(content, by):
    return next(one for part in parts_of(content) for one in part.blocks if one.first == by)


def test_what_is_no_population_is_refused(rowan, manager):
    for wrong in (
        {"characteristic": "source"}, {"shares": {}}, {"shares": {"male": Decimal(101)}}, {"shares": {"not_said": Decimal(3)}},
        {"shares": {"female": Decimal(60), "male": Decimal(60)}}, {"shares": {"male": Decimal(-1)}}, {"area": "Nowhere"},
        {"source": " "}, {"year": 2050}, {"year": 1066},
    ):  # fmt: skip
        with pytest.raises(CannotGive):
            give(rowan, manager, **wrong)
    assert not AreaPopulation.objects.exists()


def test_a_report_shows_both_shares_beside_each_other_and_says_where_they_come_from(contract, manager, rowan):
    cases_in(rowan, manager, many=15, sex="female")
    cases_in(rowan, manager, many=5, sex="male")
    give(rowan, manager)
    content = counted(contract, manager)
    told = block(content, "Sex")
    assert told.head == ("People", "Share", "Of the population")
    cells = {row.label: row.cells for row in told.rows}
    assert cells["Female"] == ("15", "75%", "51.1%")
    assert cells["Male"] == ("5", "25%", "48.9%")
    assert cells["All"] == ("20", "100%", "–")
    assert "Population of the area: Census 2021 (2021)." in told.notes
    assert block(content, "Ethnic group").head == ("People",)


def test_a_group_of_whom_nobody_came_stands_beside_its_population(contract, manager, rowan):
    cases_in(rowan, manager, many=9, religion="none")
    give(rowan, manager, characteristic="religion", shares={"muslim": Decimal("6.5"), "none": Decimal(37)})
    rows = {row.label: row.cells for row in block(counted(contract, manager), "Religion or belief").rows}
    assert rows["Muslim"] == ("0", "0%", "6.5%")
    assert "Sikh" not in rows


def test_a_hidden_number_stays_hidden_whatever_population_stands_beside_it(contract, manager, rowan):
    cases_in(rowan, manager, many=12, sex="female")
    cases_in(rowan, manager, many=3, sex="male")
    before = counted(contract, manager)
    give(rowan, manager)
    content = counted(contract, manager)
    rows = {row.label: row.cells for row in block(content, "Sex").rows}
    assert rows["Male"] == ("not shown", "not shown", "48.9%")
    assert rows["Female"][:2] == ("not shown", "not shown")
    assert content.shown.hidden == before.shown.hidden
    assert Reader([content.shown]).recovered() == []
    for kind in ("csv", "json"):
        data, _media = handing_out.as_file(content, Standing(), kind)
        assert b"48.9" in data


def test_only_the_population_of_the_contracts_own_area_is_held_against_it(manager, rowan):
    cases_in(rowan, manager, many=9, sex="female", area="Eastmere")
    of_area = small(a_contract(rowan, manager, name="Eastmere", area="Eastmere"), manager)
    give(rowan, manager)
    assert "Of the population" not in block(counted(of_area, manager), "Sex").head
    give(rowan, manager, area="Eastmere", shares={"female": Decimal(52)})
    rows = {row.label: row.cells for row in block(counted(of_area, manager), "Sex").rows}
    assert rows["Female"][-1] == "52%"


def test_a_published_report_keeps_the_population_that_it_was_held_against(contract, manager, rowan):
    cases_in(rowan, manager, many=8, sex="female")
    given = give(rowan, manager)
    draft = built(contract, LAST, manager)
    with act(manager, rowan):
        report = PublishedReport.objects.get(pk=publishing.publish_report(draft, by=manager).pk)
        population.take_back(given, by=manager)
    content = publishing.content_as_signed(report)
    assert block(content, "Sex").head[-1] == "Of the population"
    assert as_data(content_of(as_data(content))) == as_data(content)


def test_a_manager_gives_changes_and_takes_back_on_the_pages(rowan, manager, signed_in):
    browser, page = signed_in("manager"), reverse("set_population", args=["sex"])
    sent = {"line_female": "51", "line_male": "49", "source": "Census 2021", "year": "2021", "once": "a" * 22}
    for wrong in ({"line_male": "60"}, {"source": ""}, {"year": "2090"}, {"line_female": "x"}):
        assert browser.post(page, sent | wrong).status_code == 200, wrong
    assert browser.post(page, sent).status_code == 302
    assert (
        browser.post(f"{page}?area=Eastmere", sent | {"line_male": "", "once": "b" * 22}).status_code == 302
    )
    assert {(one.area, len(one.shares)) for one in AreaPopulation.objects.all()} == {("", 2), ("Eastmere", 1)}
    assert "Census 2021 (2021)" in browser.get(reverse("list_populations")).content.decode()
    shown = browser.get(page).content.decode()
    assert 'value="51.0"' in shown or 'value="51"' in shown
    empty = {"line_female": "", "line_male": "", "source": "", "year": "", "once": "c" * 22}
    assert browser.post(page, empty).status_code == 302
    assert [one.area for one in AreaPopulation.objects.all()] == ["Eastmere"]
    assert browser.get(reverse("set_population", args=["source"])).status_code == 404


def test_the_dashboard_of_equality_holds_who_came_against_who_lives_there(rowan, manager, signed_in):
    quarter = {"board": "equality", "quarter": LAST.key}
    cases_in(rowan, manager, many=3, sex="female")
    cases_in(rowan, manager, many=1, sex="male")
    browser, address = signed_in("manager"), reverse("show_figures")
    assert "48.9%" not in browser.get(address, quarter).content.decode()
    give(rowan, manager)
    shown = browser.get(address, quarter).content.decode()
    for told in ("75%", "48.9%", "Population: Census 2021 (2021).", "Of the population"):
        assert told in shown, told
    for narrowed in ({"area": "Eastmere"}, {"cohort": "adult"}):
        assert "48.9%" not in browser.get(address, quarter | narrowed).content.decode()


def test_who_gives_a_population_over_a_colleagues_sees_theirs_first(rowan, manager, signed_in):
    browser, address = signed_in("manager"), reverse("set_population", args=["sex"])
    sent = as_sent(browser.get(address)) | {"line_female": "52", "source": "Mine", "year": "2021"}
    given = give(rowan, manager)
    refused = browser.post(address, sent)
    assert "while you were writing" in refused.content.decode()
    given.refresh_from_db()
    assert given.source == "Census 2021"
    seen = refused.context["form"]["seen"].value()
    emptied = {"line_female": "", "line_male": "", "seen": sent["seen"], "source": "", "year": ""}
    assert browser.post(address, emptied).status_code == 200, "nor is it taken back unseen"
    assert AreaPopulation.objects.filter(pk=given.pk).exists()
    assert browser.post(address, sent | {"seen": seen}).status_code == 302
    given.refresh_from_db()
    assert given.source == "Mine"


def test_taking_back_what_was_taken_back_already_changes_nothing(rowan, manager):
    given = give(rowan, manager)
    with act(manager, rowan):
        population.take_back(given, by=manager)
        population.take_back(given, by=manager, seen="anything")
    assert not AreaPopulation.objects.filter(pk=given.pk).exists()

"""Contracts: kept by a manager or the records lead, read by the commissioners they name, and no way to a client."""

import ast
import datetime as dt
from decimal import Decimal

import pytest
from django.db import connection
from django.urls import reverse

from isva.access.acting import act, acting_person
from isva.accounts.models import Membership
from isva.accounts.permissions import agree_with_roles
from isva.clock.moment import today
from isva.db.wall.tables import walled_tables
from reporting import contracts
from reporting.contracts import CannotKeep, Terms
from reporting.models import Contract, ContractReader, ContractTarget
from reporting.periods import Period, Quarter
from tests.factories import make_case
from tests.guards.reading import sources

pytestmark = pytest.mark.django_db


@pytest.fixture
def manager(people):
    return people["manager"]


def terms(**changed) -> Terms:
    return Terms(**{"commissioner": "A Council", "name": "Core", "starts_on": dt.date(2026, 4, 1)} | changed)


@pytest.fixture
def contract(rowan, manager):
    with act(manager, rowan):
        return contracts.make_contract(
            rowan, terms(), readers=list(contracts.commissioners_of(rowan)), by=manager
        )


def seen_by(user, service) -> list:
    with act(user, service):
        return list(contracts.contracts_seen_by(acting_person()))


def test_a_commissioner_sees_their_own_contracts_and_no_other(contract, rowan, people, manager):
    with act(manager, rowan):
        other = contracts.make_contract(rowan, terms(name="Another"), readers=[], by=manager)
    assert seen_by(people["commissioner"], rowan) == [contract]
    assert set(seen_by(manager, rowan)) == set(seen_by(people["records_lead"], rowan)) == {contract, other}
    for key in ("isva", "coordinator", "supervisor"):
        assert seen_by(people[key], rowan) == []


def test_who_no_longer_reads_a_contract_sees_it_no_more(contract, rowan, people, manager):
    with act(manager, rowan):
        contracts.set_readers(contract, [], by=manager)
    assert seen_by(people["commissioner"], rowan) == []
    assert ContractReader.objects.get(contract=contract).ended_on == today()
    with act(manager, rowan):
        contracts.set_readers(contract, list(contracts.commissioners_of(rowan)), by=manager)
    assert seen_by(people["commissioner"], rowan) == [contract]


def test_whoever_reads_a_contract_and_is_no_commissioner_any_more_sees_it_no_more(
    contract, rowan, people, manager
):
    target = _target(contract, manager)
    assert _rows_of(people["commissioner"], rowan) == ([contract], [target])
    Membership.objects.filter(user=people["commissioner"]).update(roles=["isva"])
    agree_with_roles(Membership.objects.get(user=people["commissioner"]), live=True)
    assert _rows_of(people["commissioner"], rowan) == ([], [])


def test_what_is_asked_of_a_contract_is_seen_where_the_contract_is(contract, rowan, people, manager):
    with act(manager, rowan):
        other = contracts.make_contract(rowan, terms(name="Another"), readers=[], by=manager)
    of_one, of_other = (_target(one, manager) for one in (contract, other))
    assert _rows_of(people["commissioner"], rowan) == ([contract], [of_one])
    seen, targets = _rows_of(manager, rowan)
    assert (set(seen), set(targets)) == ({contract, other}, {of_one, of_other})
    with act(people["commissioner"], rowan):
        assert not ContractTarget.objects.visible_to(manager).exists(), "asked for somebody who does not act"


def _target(contract, by):
    target = ContractTarget(
        service=contract.service, contract=contract, measure="referrals", bound="at_least", value=Decimal(10)
    )  # fmt: skip
    with act(by, contract.service):
        target.save(force_insert=True)
    return target


def _rows_of(user, service) -> tuple[list, list]:
    with act(user, service):
        return list(Contract.objects.visible_to(user)), list(ContractTarget.objects.visible_to(user))


def test_a_contract_of_another_service_is_not_there(contract, people, services):
    assert seen_by(people["harbour_manager"], services["harbour"]) == []
    assert seen_by(people["harbour_commissioner"], services["harbour"]) == []


def test_only_commissioners_of_the_service_are_named_as_readers(rowan, people, manager, services):
    isva = Membership.objects.get(user=people["isva"], service=rowan)
    elsewhere = Membership.objects.get(user=people["harbour_commissioner"], service=services["harbour"])
    with act(manager, rowan):
        for reader in (isva, elsewhere):
            with pytest.raises(CannotKeep):
                contracts.make_contract(rowan, terms(), readers=[reader], by=manager)
    assert not Contract.objects.exists()


def test_a_commissioner_who_has_left_is_not_named_as_reader(rowan, people, manager):
    reader = Membership.objects.get(user=people["commissioner"], service=rowan)
    Membership.objects.filter(pk=reader.pk).update(ends_on=today() - dt.timedelta(days=1))
    assert list(contracts.commissioners_of(rowan)) == []
    with act(manager, rowan), pytest.raises(CannotKeep):
        contracts.make_contract(rowan, terms(), readers=[reader], by=manager)


def test_a_contract_that_makes_no_sense_is_refused_in_words(contract, rowan, manager):
    with act(manager, rowan):
        for wrong in (
            {"ends_on": dt.date(2026, 3, 31)},
            {"area": "Atlantis", "name": "x"},
            {"sections": [], "name": "x"},
            {},
        ):
            with pytest.raises(CannotKeep) as why:
                contracts.make_contract(rowan, terms(**wrong), readers=[], by=manager)
            assert why.value.reasons[0].endswith(".")


def test_a_target_is_set_changed_and_taken_away(contract, rowan, manager):
    with act(manager, rowan):
        contracts.set_target(contract, measure="advice", bound="at_least", value=Decimal(10), by=manager)
        target = contracts.set_target(
            contract, measure="advice", bound="at_most", value=Decimal(40), by=manager
        )
        for measure, value in (("no-such", 5), ("advice", 101), ("referrals", -1)):
            with pytest.raises(CannotKeep):
                contracts.set_target(
                    contract, measure=measure, bound="at_most", value=Decimal(value), by=manager
                )
        assert [(one.measure, one.bound, one.value) for one in contracts.targets_of(contract)] == [
            ("advice", "at_most", 40)
        ]
        contracts.remove_target(target, by=manager)
        assert contracts.targets_of(contract) == []
    assert ContractTarget.history.filter(measure="advice").count() == 3


def test_a_report_of_a_contract_counts_its_area_and_the_days_on_which_it_ran(contract, rowan):
    quarter = Quarter(2026, 1).period
    assert contracts.scope_of(contract, quarter).period == quarter
    contract.area, contract.ends_on = "Eastmere", dt.date(2026, 5, 31)
    contract.planned_reasons = ["work_done", "moved"]
    scope = contracts.scope_of(contract, quarter)
    assert (scope.area, scope.period) == ("Eastmere", Period(dt.date(2026, 4, 1), dt.date(2026, 5, 31)))
    assert scope.planned == ("moved", "work_done")
    assert contracts.scope_of(contract, Quarter(2026, 2).period) is None
    assert contracts.scope_of(contract, Quarter(2025, 4).period) is None


def test_the_database_shows_a_commissioner_no_row_of_anybody(contract, rowan, people, manager):
    make_case(rowan, by=manager)
    with act(people["commissioner"], rowan), connection.cursor() as cursor:
        for row in walled_tables():
            cursor.execute(f'SELECT count(*) FROM "{row.table}"')
            assert cursor.fetchone() == (0,), row.table


def test_pages_for_commissioners_know_no_way_to_a_record():
    """What a commissioner's page imports, and what that imports of reports: nothing that asks for cases."""
    asks = (
        "reporting.figures",
        "reporting.asking",
        "reporting.drilling",
        "reporting.sight",
        "reporting.completeness",
    )
    for start in ("reporting/views/contracts.py", "reporting/views/definitions.py"):
        seen, waiting = set(), [start]
        while waiting:
            path = waiting.pop()
            seen.add(path)
            for node in ast.walk(sources()[path]):
                if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("reporting"):
                    names = [node.module, *(f"{node.module}.{one.name}" for one in node.names)]
                    assert not set(names) & set(asks), f"{path} imports {names}"
                    parts = [name.replace(".", "/") for name in names]
                    found = {f"{one}{end}" for one in parts for end in (".py", "/__init__.py")} & set(
                        sources()
                    )
                    waiting += found - seen
    assert len(seen) > 3


def test_a_commissioner_lands_on_their_reports_and_is_refused_every_figure(contract, signed_in):
    browser = signed_in("commissioner")
    assert browser.get(reverse("home")).headers["Location"] == reverse("list_reports")
    page = browser.get(reverse("list_contracts")).content.decode()
    assert "Core" in page
    assert "Add a contract" not in page
    assert (
        "Change the contract"
        not in browser.get(reverse("show_contract", args=[contract.pk])).content.decode()
    )
    assert browser.get(reverse("show_definitions")).status_code == 200
    for name, args in (("show_figures", []), ("show_measure", ["referrals"]), ("list_records", ["referrals"]),
                       ("save_measure", ["referrals"]), ("add_contract", []), ("change_contract", [contract.pk])):  # fmt: skip
        assert browser.get(reverse(name, args=args)).status_code == 403, name


def test_a_contract_is_made_and_changed_on_the_page_and_a_stale_change_is_told(
    contract, rowan, signed_in, people
):
    browser = signed_in("records_lead", service=rowan)
    reader = Membership.objects.get(user=people["commissioner"], service=rowan)
    typed = {
        "commissioner": "An ICB", "name": "Health", "area": "Eastmere", "starts_on_day": 1, "starts_on_month": 4, "starts_on_year": 2026,
        "parts": ["demand", "access"], "planned_reasons": ["work_done"], "readers": [str(reader.pk)],
    }  # fmt: skip
    assert browser.post(reverse("add_contract"), typed).status_code == 302
    made = Contract.objects.get(name="Health")
    assert (made.area, made.sections, made.moves_a_reason) == ("Eastmere", ["demand", "access"], True)
    assert [one.membership for one in contracts.readers_of(made)] == [reader]
    address = reverse("change_contract", args=[made.pk])
    seen = contracts.mark_of(made)
    assert browser.post(address, typed | {"name": "Health two", "seen": seen}).status_code == 302
    told = browser.post(address, typed | {"name": "Health three", "seen": seen})
    assert told.status_code == 200
    assert "Somebody changed this" in told.content.decode()
    made.refresh_from_db()
    assert made.name == "Health two"
    page = browser.get(reverse("show_contract", args=[made.pk])).content.decode()
    assert "Other than the service counts by itself" in page
    target = {"measure": "advice", "bound": "at_least", "value": "12.5"}
    assert browser.post(reverse("set_target", args=[made.pk]), target).status_code == 302
    one = made.targets.get()
    assert browser.post(reverse("remove_target", args=[made.pk, one.pk])).status_code == 302
    assert not made.targets.exists()

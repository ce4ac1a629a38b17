"""Each wall with the other taken down: what one of them forgets, the other still keeps."""

import uuid

import pytest
from django.db import connection
from django.urls import reverse

from casework import doors
from casework.models import Case, Client
from casework.querysets import CaseQuerySet, ClientQuerySet
from isva.db import records
from isva.db.wall.tables import walled_tables
from tests.access.scene import NAMES, read_anew, set_scene
from tests.access.table import TABLE, OnCase
from tests.access.test_database_wall import in_sight
from tests.access.test_every_url import HIDDEN, IN, answers, browser_of, parameters_of
from tests.once import once_a_module

pytestmark = pytest.mark.django_db

VISITORS = ("isva", "coordinator", "harbour_manager")
#: One case for each reason why somebody does not see one.
CASES = ("another's", "closed", "in conflict", "restricted", "harbour's")


cases_of_the_scene = once_a_module(set_scene)


@pytest.fixture
def stage(cases_of_the_scene, db):
    """The scene of the walk."""
    return read_anew(cases_of_the_scene)


def sees(visitor, name):
    """Whether somebody sees a case of the scene."""
    return name in in_sight(visitor)


ROUTES = sorted(name for name, rule in TABLE.items() if isinstance(rule, OnCase))
#: Lists and counts: pages that show many cases at once.
LISTS = ("list_cases", "inbox", "waiting_list", "allocation_board", "service_today", "my_day", "show_load")


def whole(self, user=None):
    return self.all()


@pytest.fixture
def no_first_wall(monkeypatch):
    """Every filter of ours returns all, and every door lets everybody in."""
    for queryset in (CaseQuerySet, ClientQuerySet, records.CaseRecordQuerySet, records.ClientRecordQuerySet,
                     records.OfServiceQuerySet):  # fmt: skip
        monkeypatch.setattr(queryset, "visible_to", whole)
    monkeypatch.setattr(CaseQuerySet, "changeable_by", whole)
    monkeypatch.setattr(doors, "require_any", lambda person, permissions: None)
    monkeypatch.setattr(doors, "_require", lambda request, case, permissions: None)


@pytest.fixture
def no_second_wall():
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL isva.wide_open = 'on'")


def hidden_addresses(scene, visitor, in_full):
    """Addresses about a case that is hidden from somebody: every one in full; else half for an ISVA, one in six for others."""
    for name in ROUTES if in_full else ROUTES[:: 2 if visitor == VISITORS[0] else 6]:
        for relation in CASES:
            if sees(visitor, relation):
                continue
            case = scene[relation]
            keys = {key: uuid.uuid4() for key in parameters_of(name) - {"case_id", "form"}}
            if "form" in parameters_of(name):
                keys["form"] = "write_note"
            yield relation, name, reverse(name, kwargs={"case_id": case.pk, **keys})


@pytest.mark.parametrize("visitor", VISITORS)
def test_without_the_first_wall_no_case_out_of_sight_has_a_page(
    visitor, stage, people, services, no_first_wall, in_full
):
    browser = browser_of(visitor, people, services)
    wrong = [
        f"{relation}, {name}, {method}: {found}"
        for relation, name, address in hidden_addresses(stage, visitor, in_full)
        for method, found in answers(browser, address, ("GET",))
        if found != HIDDEN
    ]
    assert wrong == []


def shown_in_lists(visitor, stage, people, services):
    """Cases out of sight that a list or a count of this visitor shows all the same."""
    browser = browser_of(visitor, people, services)
    hidden = {name: case for name, case in stage.items() if not sees(visitor, name)}
    for page in LISTS:
        response = browser.get(reverse(page), follow=True)
        if response.status_code == 200:
            html = response.content.decode()
            yield from (f"{page}: {name}" for name, case in hidden.items() if case.reference in html or NAMES[name] in html)  # fmt: skip


def found_by_search(visitor, stage, people, services):
    """Cases out of sight that a search of this visitor finds all the same."""
    browser = browser_of(visitor, people, services)
    hidden = {case.reference for name, case in stage.items() if not sees(visitor, name)}
    for text in (*NAMES.values(), *hidden):
        page = browser.post(reverse("search"), {"q": text}, follow=True).content.decode()
        yield from (case for case in hidden if f"/{case}" in page or f">{case}<" in page)


@pytest.mark.parametrize("visitor", VISITORS)
def test_without_the_first_wall_no_list_shows_a_case_out_of_sight(
    visitor, stage, people, services, no_first_wall
):
    assert list(shown_in_lists(visitor, stage, people, services)) == []


def test_without_the_first_wall_a_search_finds_nobody_out_of_sight(stage, people, services, no_first_wall):
    assert [
        found for visitor in VISITORS for found in found_by_search(visitor, stage, people, services)
    ] == []


@pytest.mark.parametrize("visitor", VISITORS)
def test_without_the_second_wall_no_list_and_no_search_shows_a_case_out_of_sight(
    visitor, stage, people, services, no_second_wall
):
    assert list(shown_in_lists(visitor, stage, people, services)) == []
    assert list(found_by_search(visitor, stage, people, services)) == []


@pytest.mark.parametrize("visitor", VISITORS)
def test_without_the_second_wall_no_case_out_of_sight_has_a_page(
    visitor, stage, people, services, no_second_wall, in_full
):
    browser = browser_of(visitor, people, services)
    wrong = [
        f"{relation}, {name}, {method}: {found}"
        for relation, name, address in hidden_addresses(stage, visitor, in_full)
        for method, found in answers(browser, address, ("GET",))
        if found != HIDDEN
    ]
    assert wrong == []


def test_without_the_second_wall_the_database_shows_everything(stage, no_second_wall):
    """The test above would prove nothing if the wall were still up."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT wall.nobody()")
    assert Case._base_manager.count() >= len(stage)
    assert Client._base_manager.count() >= len(stage)
    assert len(list(walled_tables())) > 50


def test_the_first_wall_is_really_down_in_these_tests(stage, people, services, no_first_wall, no_second_wall):
    """With both down, the case of somebody else opens: so each of them alone is what kept it shut above."""
    browser = browser_of("isva", people, services)
    address = reverse("show_case", kwargs={"case_id": stage["another's"].pk})
    assert [found for _method, found in answers(browser, address, ("GET",))] == [IN]

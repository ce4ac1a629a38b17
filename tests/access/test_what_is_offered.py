# ruff: noqa: F811 (the scene of the walk is a fixture here too)
"""No page offers what its reader would be refused: every link and every form of it leads where they may go."""

import re

import pytest
from django.urls import Resolver404, resolve, reverse

from tests.access import records
from tests.access.table import TABLE, VIEW, OnCase, Public, SignedIn
from tests.access.test_every_url import (
    IN,
    browser_of,
    cases_of_the_scene,  # noqa: F401 (a fixture)
    expected_on_case,
    expected_on_page,
    keys_of,
    scene,  # noqa: F401 (a fixture)
)

pytestmark = pytest.mark.django_db

#: Who reads what: each sees the case and may do less with it than somebody else.
READERS = (
    ("second_isva", "carried and covered"),
    ("isva", "opened in an emergency"),
    ("coordinator", "stepped down"),
    ("coordinator", "waiting"),
)
TABS = sorted(name for name, rule in TABLE.items() if rule == VIEW and "print" not in name and "download" not in name)  # fmt: skip
LISTS = ("my_day", "list_cases", "inbox", "waiting_list", "allocation_board", "service_today", "show_load",
         "list_emergencies", "list_members", "list_workforce", "my_account", "list_agencies",
         "my_policies", "list_left_behind", "list_protocols", "list_groups", "list_issues")  # fmt: skip
LEADS = re.compile(r'(?:href|action|formaction|data-progress-url)="(/[^"#?]*)')


def refused(html, visitor, case_name=None, case=None):
    """The routes that a page leads to although its reader would be refused there."""
    for address in set(LEADS.findall(html.split("<main", 1)[-1])):
        try:
            match = resolve(address)
        except Resolver404:
            continue
        rule = TABLE.get(match.url_name)
        if isinstance(rule, OnCase):
            here = case is not None and match.kwargs["case_id"] == case.pk
            expected = expected_on_case(match.url_name, visitor, case_name) if here else IN
        else:
            somebody = rule is None or isinstance(rule, Public | SignedIn)
            expected = IN if somebody else expected_on_page(rule, visitor)
        if expected != IN:
            yield match.url_name


def test_no_page_of_a_case_and_no_list_offers_what_its_reader_would_be_refused(scene, people, services):
    wrong = []
    for visitor, case_name in READERS:
        case, browser = scene[case_name], browser_of(visitor, people, services)
        records.records_on(case, set(records.ON_CASE) - {"assessment_id"}, by=people["second_manager"])
        for name in TABS:
            response = browser.get(reverse(name, kwargs=keys_of(name, case, people)))
            if response.status_code == 200:
                found = refused(response.content.decode(), visitor, case_name, case)
                wrong += [f"{name}, {visitor}, {case_name}: {one}" for one in found]
    for visitor in ("isva", "coordinator", "records_lead", "supervisor"):
        browser = browser_of(visitor, people, services)
        for name in LISTS:
            response = browser.get(reverse(name))
            if response.status_code == 200:
                wrong += [f"{name}, {visitor}: {one}" for one in refused(response.content.decode(), visitor)]
    assert wrong == []

"""Every route × every role × every relation to a case: in, refused with a reason, or not there at all."""

import uuid
from dataclasses import dataclass

import pytest
from django.db import transaction
from django.test import Client as Browser
from django.urls import reverse

from casework.access import declare_conflict, grant
from casework.models import Grant
from isva.access.acting import act
from isva.access.roles import ROLE_PERMISSIONS, Permission
from isva.demo.cast import PERSONAS
from isva.pathway import Stage
from tests.access.records import records_of, records_on
from tests.access.table import TABLE, OnCase, Public, SignedIn
from tests.entering import sign_in
from tests.factories import make_case
from tests.guards.test_records import routes

pytestmark = pytest.mark.django_db

#: One persona of every role, and nobody.
VISITORS = ("anonymous", "isva", "second_isva", "trainee", "coordinator", "manager", "supervisor", "commissioner",
            "records_lead", "harbour_manager", "harbour_isva")  # fmt: skip
ROLES = {persona.key: persona.parts for persona in PERSONAS}

#: Who sees which case of the stage, by what: everybody else must find nothing there.
SEES = {
    "carried": {"isva": "change", "second_isva": "read", "manager": "change"},
    "another's": {"manager": "change"},
    "in triage": {"coordinator": "change", "manager": "change"},
    "waiting": {"coordinator": "change", "manager": "change"},
    "stepped down": {"coordinator": "change", "manager": "change"},
    "closed": {"manager": "change"},
    "walled off": {"second_manager": "change"},
    "harbour's": {"harbour_isva": "change", "harbour_manager": "change"},
    "missing": {},
}
#: Pages that read from what is sent which record is meant: without it, there is nothing there.
SENT_ONLY = ("decide_duplicate", "undo_duplicate", "withdraw_safe_contact", "note_referrer_told")
NAMED_IN_BODY = ("cancel_leave", "remove_connection", "withdraw_invitation", "demo_sign_in", "end_session",
                 "remove_passkey")  # fmt: skip
IN, REFUSED, HIDDEN, SIGN_IN = "in", "refused", "not there", "sent to sign in"


@dataclass
class Scene:
    cases: dict
    people: dict


@pytest.fixture
def stage(people, services):
    """One case for each relation: carried by Iris with Imran covering read-only, another's, and so on."""
    rowan, harbour = services["rowan"], services["harbour"]
    manager, iris = people["manager"], people["isva"]
    cases = {
        "carried": make_case(rowan, by=manager, stage=Stage.ACTIVE, isva=iris),
        "another's": make_case(rowan, by=manager, stage=Stage.ACTIVE, isva=people["chisva"]),
        "in triage": make_case(rowan, by=manager, stage=Stage.TRIAGE),
        "waiting": make_case(rowan, by=manager, stage=Stage.INTERIM),
        "stepped down": make_case(rowan, by=manager, stage=Stage.STEPPED_DOWN, isva=people["chisva"]),
        "closed": make_case(rowan, by=manager, stage=Stage.CLOSED),
        "walled off": make_case(rowan, by=manager, stage=Stage.STEPPED_DOWN, isva=iris),
        "harbour's": make_case(
            harbour, by=people["harbour_manager"], stage=Stage.ACTIVE, isva=people["harbour_isva"]
        ),
    }
    with act(manager, rowan):
        grant(cases["carried"], to=people["second_isva"], why=Grant.Why.COVER, by=manager, read_only=True)
        for key in ("isva", "coordinator", "manager"):
            declare_conflict(cases["walled off"].client, user=people[key], reason="a relative", by=manager)
    return Scene(cases, people)


def test_the_table_knows_every_route_and_no_other():
    assert {pattern.name for _route, pattern in routes()} == set(TABLE)


def parameters_of(name):
    pattern = next(pattern for _route, pattern in routes() if pattern.name == name)
    return set(pattern.pattern.converters) or set(pattern.pattern.regex.groupindex)


def browser_of(visitor, people, services):
    browser = Browser()
    if visitor != "anonymous":
        sign_in(browser, people[visitor], service=services[next(iter(ROLES[visitor]))])
    return browser


def outcome(response):
    if response.status_code == 302 and response.url.startswith(reverse("sign_in") + "?next="):
        return SIGN_IN
    if response.status_code == 403:
        return REFUSED
    if response.status_code == 404:
        return HIDDEN
    assert response.status_code < 500, response.status_code
    return IN


def permissions_of(visitor):
    return frozenset().union(*(ROLE_PERMISSIONS[role] for roles in ROLES[visitor].values() for role in roles))


def expected_on_case(rule, visitor, relation):
    if visitor == "anonymous":
        return SIGN_IN
    sight = SEES[relation].get(visitor)
    if sight is None:
        return HIDDEN
    held = permissions_of(visitor)
    for permission in rule.permissions:
        if permission is Permission.VIEW_CASE:
            return IN
        if permission is Permission.CHANGE_CASE:
            if sight == "change":
                return IN
        elif permission in held:
            return IN
    return REFUSED


def answers(browser, address, methods=("GET", "POST")):
    """What a visitor gets for looking and for sending, each undone afterwards."""
    for method in methods:
        with transaction.atomic():
            yield method, outcome(browser.generic(method, address))
            transaction.set_rollback(True)


@pytest.mark.parametrize("name", sorted(name for name, rule in TABLE.items() if isinstance(rule, OnCase)))
def test_a_page_about_a_case_is_there_for_who_may_see_it_and_not_there_for_others(name, stage, services):
    wrong, rule = [], TABLE[name]
    addresses = {}
    for relation in SEES:
        case = stage.cases.get(relation)
        keys = records_on(case, parameters_of(name) - {"case_id"}, by=stage.people["second_manager"])
        addresses[relation] = reverse(name, kwargs={"case_id": case.pk if case else uuid.uuid4(), **keys})
    for visitor in VISITORS:
        browser = browser_of(visitor, stage.people, services)
        for relation, address in addresses.items():
            expected = expected_on_case(rule, visitor, relation)
            # The door stands before the method: where looking finds nothing, sending is tried on two relations.
            both = expected not in (HIDDEN, SIGN_IN) or relation in ("another's", "missing")
            for method, found in answers(browser, address, ("GET", "POST") if both else ("GET",)):
                if found != expected:
                    wrong.append(f"{visitor}, {relation}, {method}: {found}, not {expected}")
    assert wrong == []


def expected_on_page(rule, visitor):
    if isinstance(rule, Public):
        return IN
    if visitor == "anonymous":
        return SIGN_IN
    if isinstance(rule, SignedIn):
        return IN
    held = permissions_of(visitor)
    return IN if not rule.permissions or set(rule.permissions) & held else REFUSED


@pytest.mark.parametrize("name", sorted(name for name, rule in TABLE.items() if not isinstance(rule, OnCase)))
def test_any_other_page_is_there_for_its_roles(name, stage, services, settings):
    settings.DEMO = True  # the demo's own sign-in has no address elsewhere; a test of its own says so
    wrong, rule = [], TABLE[name]
    for visitor in VISITORS:
        browser = browser_of(visitor, stage.people, services)
        service = services[next(iter(ROLES[visitor]))] if visitor != "anonymous" else services["rowan"]
        keys = records_of(service, parameters_of(name), route=name, by=stage.people["second_manager"])
        expected = expected_on_page(rule, visitor)
        for method, found in answers(browser, reverse(name, kwargs=keys)):
            named_in_body = (
                method == "POST" and name in NAMED_IN_BODY and expected == found.replace(HIDDEN, IN)
            )
            if found != expected and not named_in_body:
                wrong.append(f"{visitor}, {method}: {found}, not {expected}")
    assert wrong == []


def test_out_of_sight_and_missing_are_the_same_answer(stage, services):
    browser = browser_of("isva", stage.people, services)
    hidden = browser.get(reverse("show_case", kwargs={"case_id": stage.cases["another's"].pk}))
    missing = browser.get(reverse("show_case", kwargs={"case_id": uuid.uuid4()}))
    assert (hidden.status_code, missing.status_code) == (404, 404)
    strip = [response.content.split(b"csrfmiddlewaretoken")[0] for response in (hidden, missing)]
    assert strip[0] == strip[1]


def test_a_refusal_says_why(stage, services):
    browser = browser_of("second_isva", stage.people, services)
    response = browser.get(reverse("record_contact", kwargs={"case_id": stage.cases["carried"].pk}))
    assert response.status_code == 403
    assert "not change it" in response.content.decode()


def test_a_record_of_one_case_is_not_found_under_another(stage, services):
    """A key of a record never opens it through a case that it does not belong to."""
    browser = browser_of("manager", stage.people, services)
    wrong = []
    for name, rule in TABLE.items():
        parameters = parameters_of(name) - {"case_id"}
        if not isinstance(rule, OnCase) or not parameters - {"form"}:
            continue
        foreign = records_on(stage.cases["harbour's"], parameters, by=stage.people["harbour_manager"])
        for case in (stage.cases["carried"], stage.cases["harbour's"]):
            for method, found in answers(browser, reverse(name, kwargs={"case_id": case.pk, **foreign})):
                if found != HIDDEN and not (method == "GET" and name in SENT_ONLY):
                    wrong.append(f"{name}, {method}: {found}")
    assert wrong == []

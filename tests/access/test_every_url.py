"""Every address × every role × every way of standing to a case: in, refused with a reason, or not there at all.

What is expected comes from two places and never from the doors: the table of addresses (``tests/access/table.py``)
and the matrix of the design (``isva/access/matrix.py``). Every combination is put to the real door of the address,
looking and sending; a thinner walk over the same addresses goes through the whole of the product, middleware and
rendering included.
"""

import re
import uuid
from collections import Counter
from contextlib import contextmanager
from difflib import unified_diff

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection, transaction
from django.http import Http404, HttpResponse
from django.test import Client as Browser
from django.test import RequestFactory
from django.test.utils import CaptureQueriesContext
from django.urls import ResolverMatch, resolve, reverse

from casework import doors
from isva.access.acting import act
from isva.access.matrix import Action, Answer, best
from isva.access.roles import Permission
from isva.accounts.models import Membership
from isva.clock.moment import at, now
from tests.access.records import records_of, records_on
from tests.access.scene import (
    NAMES,
    ROLES,
    STANDINGS,
    VISITORS,
    permissions_of,
    read_anew,
    service_of,
    set_scene,
)
from tests.access.table import TABLE, OnCase, Public, SignedIn
from tests.entering import sign_in
from tests.guards.test_records import routes
from tests.once import once_a_module

pytestmark = pytest.mark.django_db

ON_CASE = sorted(name for name, rule in TABLE.items() if isinstance(rule, OnCase))
#: The addresses in parts, so that they can be walked side by side.
PARTS = 4
METHODS = ("GET", "POST")
#: What leaves the screen.
TAKES_OUT = {"print_plan", "print_agreement", "download_document"}
#: Pages that read from what is sent which record is meant: without it, there is nothing there.
SENT_ONLY = ("decide_duplicate", "undo_duplicate", "withdraw_safe_contact", "note_referrer_told")
NAMED_IN_BODY = (
    "begin_report",
    "cancel_leave",
    "remove_one_off_day",
    "remove_connection",
    "withdraw_invitation",
    "demo_sign_in",
    "end_session",
    "remove_passkey",
    "remove_clinical_session",
    "close_supervision_action",
    "close_group_action",
    "read_policy",
)
#: Pages of one person's own: out of sight for their colleagues, whatever their role; managers see them all.
OF_ONE_PERSON = ("show_supervision", "show_training", "record_training", "change_training", "note_return")
IN, REFUSED, HIDDEN, SIGN_IN = "in", "refused", "not there", "sent to sign in"
#: What the matrix calls each permission that an address may ask for.
ACTIONS = {
    Permission.VIEW_CASE: Action.VIEW, Permission.CHANGE_CASE: Action.CHANGE, Permission.HANDLE_INTAKE: Action.INTAKE,
    Permission.ALLOCATE: Action.DECIDE, Permission.APPROVE_CLOSURE: Action.DECIDE,
    Permission.SEE_ALL_CASES: Action.DECIDE,
}  # fmt: skip


cases_of_the_scene = once_a_module(set_scene)


@pytest.fixture
def scene(cases_of_the_scene, db):
    return read_anew(cases_of_the_scene)


def test_the_table_knows_every_route_and_no_other():
    assert {pattern.name for _route, pattern in routes()} == set(TABLE)


def test_every_role_and_every_way_of_standing_to_a_case_is_walked():
    from isva.access.matrix import Relation
    from isva.access.roles import Role

    assert {role for visitor in VISITORS if visitor != "anonymous" for role in ROLES[visitor][service_of(visitor)]} == set(Role)  # fmt: skip
    assert {
        standing.of(visitor)
        for standing in STANDINGS.values()
        for visitor in VISITORS
        if visitor != "anonymous"
    } == set(Relation)


def expected_on_case(name, visitor, case_name):
    """What the table and the matrix say that a visitor is answered at an address about a case."""
    if visitor == "anonymous":
        return SIGN_IN
    relation = STANDINGS[case_name].of(visitor)
    roles = ROLES[visitor].get(service_of(visitor), ())
    answers = {best(roles, relation, ACTIONS[permission]) for permission in TABLE[name].permissions}
    if name in TAKES_OUT and Answer.YES in answers:
        answers = {best(roles, relation, Action.TAKE_OUT)}
    if Answer.YES in answers:
        return IN
    return REFUSED if Answer.REFUSED in answers else HIDDEN


def parameters_of(name):
    pattern = next(pattern for _route, pattern in routes() if pattern.name == name)
    return set(pattern.pattern.converters) or set(pattern.pattern.regex.groupindex)


def keys_of(name, case, people):
    """What the address of a page about a case needs beside it, and the key of the case (one that leads nowhere)."""
    keys = records_on(case, parameters_of(name) - {"case_id"}, by=people["second_manager"])
    return {"case_id": case.pk if case else uuid.uuid4(), **keys}


@contextmanager
def the_room_locked(view):
    """The door of a view with nothing behind it: whoever is let in is told so, and nothing else happens."""
    door = view
    while not hasattr(door, "__closure__") or "view" not in (door.__code__.co_freevars or ()):
        door = door.__wrapped__
    cell = door.__closure__[door.__code__.co_freevars.index("view")]
    room = cell.cell_contents
    cell.cell_contents = lambda *args, **kwargs: HttpResponse(IN)
    try:
        yield
    finally:
        cell.cell_contents = room


def at_the_door(view, request, keys):
    try:
        response = view(request, **keys)
    except Http404:
        return HIDDEN
    except PermissionDenied as why:
        return REFUSED if str(why) else "refused without a reason"
    return outcome(response)


@contextmanager
def sight_asked_once():
    """Sight does not know the address: asked once for each person and case, and answered alike at every door.

    Through the whole product (the test after this one) every page asks for itself.
    """
    asked, ask = {}, doors.find_case

    def find_case(user, case_id):
        if case_id not in asked:
            try:
                asked[case_id] = ask(user, case_id)
            except Http404:
                asked[case_id] = None
        if asked[case_id] is None:
            raise Http404
        return asked[case_id]

    doors.find_case = find_case
    try:
        yield
    finally:
        doors.find_case = ask


def walk(names, scene, people, services):
    """Everybody at the doors of these addresses, for every case of the scene: what was wrong, and the answers counted."""
    wrong, walked, factory = [], Counter(), RequestFactory()
    views = {pattern.name: pattern.callback for _route, pattern in routes()}
    keys = {
        name: {case_name: keys_of(name, scene.get(case_name), people) for case_name in STANDINGS}
        for name in names
    }
    for visitor in VISITORS[1:]:
        with act(people[visitor], services[service_of(visitor)]) as person, sight_asked_once():
            for name in names:
                with the_room_locked(views[name]):
                    for case_name, named in keys[name].items():
                        expected = expected_on_case(name, visitor, case_name)
                        for method in METHODS:
                            request = factory.generic(method, reverse(name, kwargs=named))
                            request.user, request.acting, request.session = people[visitor], person, {}
                            request.resolver_match = ResolverMatch(views[name], (), named, name)
                            found = at_the_door(views[name], request, named)
                            walked[expected] += 1
                            if found != expected:
                                wrong.append(
                                    f"{name}, {visitor}, {case_name}, {method}: {found}, not {expected}"
                                )
    return wrong, walked


@pytest.mark.parametrize("part", range(PARTS))
def test_every_address_about_a_case_answers_everybody_as_the_matrix_says(part, scene, people, services):
    """Walked: every address about a case × 11 people of every role × 11 cases × GET and POST, at its real door."""
    wrong, walked = walk(ON_CASE[part::PARTS], scene, people, services)
    assert wrong == []
    assert sum(walked.values()) == len(ON_CASE[part::PARTS]) * 11 * len(STANDINGS) * 2


#: Nobody, and one person of each role; a trainee's is an ISVA's.
ONE_OF_EACH = ("anonymous", "isva", "coordinator", "manager", "supervisor", "commissioner", "records_lead",
               "harbour_manager")  # fmt: skip


def browser_of(visitor, people, services):
    browser = Browser()
    if visitor != "anonymous":
        sign_in(browser, people[visitor], service=services[service_of(visitor)])
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


def answers(browser, address, methods=METHODS):
    """What a visitor gets for looking and for sending, each undone afterwards."""
    for method in methods:
        with transaction.atomic():
            yield method, outcome(browser.generic(method, address))
            transaction.set_rollback(True)


def first_of_each_kind(name, visitor):
    """The first case of the stage on which a visitor is answered in each of the ways there are, and who never came in."""
    found = {}
    for case_name in STANDINGS:
        found.setdefault(expected_on_case(name, visitor, case_name), case_name)
    return found


@pytest.mark.parametrize("part", range(PARTS))
def test_the_whole_product_answers_as_its_doors_do(part, scene, people, services, in_full):
    """Through middleware, view and template: every address × everybody × one case for each answer they get.

    One person of each role, every second one at each address, in turn; what is sent is sent by whoever comes in. That
    sending finds no more than looking, and that everybody is answered by their role everywhere, is asked at the doors (the
    walk above), and here with ``--full-attack``.
    """
    wrong = []
    visitors = VISITORS if in_full else ONE_OF_EACH
    browsers = {visitor: browser_of(visitor, people, services) for visitor in visitors}
    for turn, name in enumerate(ON_CASE[part::PARTS]):
        keys = {case_name: keys_of(name, scene.get(case_name), people) for case_name in STANDINGS}
        asked = list(browsers.items()) if in_full else list(browsers.items())[turn % 2 :: 2]
        for visitor, browser in asked:
            for expected, case_name in first_of_each_kind(name, visitor).items():
                methods = METHODS if in_full or expected == IN else METHODS[:1]
                for method, found in answers(browser, reverse(name, kwargs=keys[case_name]), methods):
                    if found != expected:
                        wrong.append(f"{name}, {visitor}, {case_name}, {method}: {found}, not {expected}")
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


OTHERS = sorted(set(TABLE) - set(ON_CASE))


def who_is_asked(name, in_full):
    """In full everybody; else nobody at all, and the first person of each answer there is: all are asked at the door."""
    if in_full:
        return VISITORS
    first = {}
    for visitor in (*ONE_OF_EACH, "trainee"):
        first.setdefault(expected_on_page(TABLE[name], visitor), visitor)
    return {"anonymous", *first.values()}


@pytest.mark.parametrize("part", range(PARTS))
def test_every_other_page_is_there_for_its_roles(part, scene, people, services, settings, in_full):
    """Through middleware, view and template. That every person is answered by their role is asked at the doors."""
    settings.DEMO = True  # the demo's own sign-in has no address elsewhere; a test of its own says so
    wrong = []
    everybody = {visitor: browser_of(visitor, people, services) for visitor in VISITORS}
    for name in OTHERS[part::PARTS]:
        browsers = {visitor: everybody[visitor] for visitor in who_is_asked(name, in_full)}
        for visitor, browser in browsers.items():
            if name == "sign_out":
                browser = browser_of(visitor, people, services)
            service = services[service_of(visitor)]
            keys = records_of(service, parameters_of(name), route=name, by=people["second_manager"])
            expected = expected_on_page(TABLE[name], visitor)
            for method, found in answers(browser, reverse(name, kwargs=keys)):
                named_in_body = (
                    method == "POST" and name in NAMED_IN_BODY and expected == found.replace(HIDDEN, IN)
                )
                of_another = (
                    name in OF_ONE_PERSON
                    and (found, expected) == (HIDDEN, IN)
                    and Permission.SUPERVISE not in permissions_of(visitor)
                )
                if found != expected and not named_in_body and not of_another:
                    wrong.append(f"{name}, {visitor}, {method}: {found}, not {expected}")
    assert wrong == []


def seen_by(browser, address):
    """What an answer is made of: status, page without its secrets, headers, and how many statements it cost."""
    with CaptureQueriesContext(connection) as queries:
        response = browser.get(address)
    page = re.sub(rb'(value|nonce)="[A-Za-z0-9+/=_-]{16,}"|data-left="\d+"', b"", response.content)
    headers = {key: value for key, value in response.headers.items() if key != "Content-Security-Policy"}
    return response.status_code, page.replace(address.encode(), b""), headers, len(queries)


def test_out_of_sight_and_missing_are_the_same_answer_at_the_same_cost(scene, people, services, in_full):
    """An address about a case, for whoever it is hidden from: status, body, headers and number of statements.

    One in three for an ISVA, some for others; every one with ``--full-attack``.
    """
    told_apart = []
    for visitor in ("isva", "coordinator", "manager", "commissioner"):
        browser = browser_of(visitor, people, services)
        for name in ON_CASE if in_full else ON_CASE[:: 3 if visitor == "isva" else len(ON_CASE) // 8]:
            hidden = [one for one in STANDINGS if expected_on_case(name, visitor, one) == HIDDEN]
            seen = {
                one: seen_by(browser, reverse(name, kwargs=keys_of(name, scene.get(one), people)))
                for one in hidden
            }
            told_apart += [f"{name}, {visitor}, {one}" for one in hidden if seen[one] != seen["missing"]]
    assert told_apart == []


#: Pages that list, count, search or lead on, and so could show what their reader may not see.
SECONDARY = ("my_day", "list_cases", "inbox", "waiting_list", "allocation_board", "service_today", "show_load",
             "list_agencies", "list_supervision", "my_supervision", "list_supervised", "list_emergencies", "list_members", "list_workforce", "my_account", "search",
             "show_calendar", "list_left_behind", "list_case_reviews", "list_caseloads", "list_actions", "show_figures",
             "show_completeness", "show_data_set", "show_measure", "list_records", "what_if")  # fmt: skip


def secondary(name):
    """The address of such a page; of figures, those about referrals."""
    return reverse(name, args=["referrals"] if name in ("show_measure", "list_records") else [])


def test_no_list_no_count_and_no_search_shows_what_is_out_of_sight(scene, people, services):
    shown = []
    for visitor in VISITORS[1:]:
        browser = browser_of(visitor, people, services)
        hidden = [one for one in scene if expected_on_case("show_case", visitor, one) == HIDDEN]
        pages = {name: browser.get(secondary(name)) for name in SECONDARY}
        for one in hidden:
            case = scene[one]
            for text in (NAMES[one], NAMES[one].split()[1], case.reference):
                pages[f"search for {text}"] = browser.post(reverse("search"), {"q": text})
            for name, response in pages.items():
                html = response.content.decode().split("<main", 1)[-1]
                if name.startswith("search for"):
                    html = re.sub(r'value="[^"]*"', "", html)  # what was typed stands in its box again
                if response.status_code < 300 and any(
                    text in html for text in (NAMES[one], case.reference, str(case.pk), str(case.client_id))
                ):
                    shown.append(f"{name}, {visitor}: {one}")
    assert shown == []


def test_a_case_out_of_sight_changes_no_count(people, services, rowan):
    """One more restricted client who waits, carried by nobody: the pages of whoever is not named stay as they were."""
    from casework import restricting
    from isva.pathway import Stage
    from tests.factories import make_case

    def pages():
        found = {}
        for visitor in ("isva", "coordinator", "manager", "records_lead"):
            browser = browser_of(visitor, people, services)
            for name in SECONDARY:
                html = browser.get(secondary(name)).content.decode()
                found[visitor, name] = re.sub(
                    r'(value|nonce)="[A-Za-z0-9+/=_-]{16,}"|data-left="\d+"|chart-\d+', "", html
                )
        return found

    with at(now()):  # else a minute that passes meanwhile changes how long somebody waits
        before = pages()
        hidden = make_case(rowan, by=people["second_manager"], stage=Stage.INTERIM, name="Zed Quillfeather")
        with act(people["second_manager"], rowan):
            restricting.restrict_client(
                hidden.client, reason="a colleague", named=[], by=people["second_manager"]
            )
        after = pages()
    changed = {
        where: list(unified_diff(before[where].splitlines(), html.splitlines(), n=0, lineterm=""))
        for where, html in after.items()
        if html != before[where]
    }
    assert changed == {}


def test_a_refusal_says_why(scene, people, services):
    browser = browser_of("second_isva", people, services)
    response = browser.get(reverse("record_contact", kwargs={"case_id": scene["carried and covered"].pk}))
    assert response.status_code == 403
    assert "not change it" in response.content.decode()


def test_a_record_of_one_case_is_not_found_under_another(scene, people, services):
    """A key of a record never opens it through a case that it does not belong to."""
    browser = browser_of("manager", people, services)
    wrong = []
    for name in ON_CASE:
        parameters = parameters_of(name) - {"case_id"}
        if not parameters - {"form"}:
            continue
        foreign = records_on(scene["harbour's"], parameters, by=people["harbour_manager"])
        for case in (scene["carried and covered"], scene["harbour's"]):
            for method, found in answers(browser, reverse(name, kwargs={"case_id": case.pk, **foreign})):
                if found != HIDDEN and not (method == "GET" and name in SENT_ONLY):
                    wrong.append(f"{name}, {method}: {found}")
    assert wrong == []


def test_whoever_belongs_to_two_services_sees_the_one_they_chose(scene, people, services):
    """A membership elsewhere opens nothing here: the same person, acting in the other service, finds nothing."""
    membership = Membership.objects.get(user=people["harbour_isva"])
    Membership.objects.create(
        user=people["harbour_isva"], service=services["rowan"], roles=["isva"], starts_on=membership.starts_on
    )
    browser = browser_of("harbour_isva", people, services)
    address = reverse("show_case", kwargs={"case_id": scene["harbour's"].pk})
    assert resolve(address).url_name == "show_case"
    assert browser.get(address).status_code == 200
    session = browser.session
    session["service"] = str(services["rowan"].pk)
    session.save()
    assert browser.get(address).status_code == 404

"""Who looked is noted before the page leaves; where it cannot be, no page leaves."""

import datetime as dt
import uuid

import pytest
from django.db import OperationalError, connections
from django.urls import reverse

from casework.access import declare_conflict, grant
from casework.contacts import write_note
from casework.models import Grant
from isva.access.acting import act
from isva.audit import reading
from isva.audit.hours import in_working_hours
from isva.audit.models import AccessEntry
from isva.clock.moment import LONDON, at, now
from isva.pathway import Stage
from tests.factories import make_case

pytestmark = pytest.mark.django_db

What, Why = AccessEntry.What, AccessEntry.Why
A_TUESDAY = dt.datetime(2027, 3, 2, 11, 0, tzinfo=LONDON)


@pytest.fixture
def case(rowan, people):
    return make_case(rowan, by=people["manager"], stage=Stage.ACTIVE, isva=people["isva"])


def address(name, case, **keys):
    return reverse(name, kwargs={"case_id": case.pk, **keys})


def entries():
    return list(AccessEntry.objects.order_by("pk"))


def test_opening_a_case_is_noted_with_who_which_when_from_where_and_why(case, people, signed_in):
    with at(A_TUESDAY):
        assert signed_in("isva").get(address("show_case", case), REMOTE_ADDR="192.0.2.7").status_code == 200
    (entry,) = entries()
    assert (entry.user_id, entry.service_id) == (people["isva"].pk, case.service_id)
    assert (entry.case, entry.client) == (case.pk, case.client_id)
    assert (entry.what, entry.why, entry.page) == (What.OPENED, Why.OWN, "show_case")
    assert (entry.at, entry.in_hours, entry.case_was_closed) == (A_TUESDAY, True, False)
    assert entry.address == "192.0.2.7"


def test_each_way_to_see_a_case_has_its_word(case, people, rowan, signed_in, acting):
    with acting("manager"):
        grant(case, to=people["second_isva"], why=Grant.Why.COVER, by=people["manager"], read_only=True)
    waiting = make_case(rowan, by=people["manager"], stage=Stage.INTERIM)
    for who, which in (("isva", case), ("second_isva", case), ("manager", case), ("coordinator", waiting)):
        signed_in(who).get(address("show_case", which))
    assert [entry.why for entry in entries()] == [Why.OWN, Why.COVER, Why.ROLE, Why.ROLE]


def test_sending_and_printing_are_told_from_opening(case, signed_in):
    browser = signed_in("isva")
    browser.get(address("show_plan", case))
    browser.get(address("print_plan", case))
    browser.post(address("write_note", case), {"text": ""})
    assert [(entry.what, entry.page) for entry in entries()] == [
        (What.OPENED, "show_plan"), (What.PRINTED, "print_plan"), (What.SENT, "write_note"),
    ]  # fmt: skip


def test_which_record_of_the_case_was_opened_is_noted_by_its_key(case, people, acting, signed_in):
    with acting("isva"):
        note = write_note(case, text="A word.", by=people["isva"])
    signed_in("isva").get(address("show_note", case, note_id=note.pk))
    (entry,) = entries()
    assert (entry.kind, entry.record, entry.page) == ("note", note.pk, "show_note")


def test_a_draft_that_keeps_itself_is_no_opening(case, signed_in):
    kept = signed_in("isva").post(address("keep_draft", case, form="write_note"), {"text": "Half a word"})
    assert kept.status_code == 204
    assert entries() == []


def test_a_search_is_noted_without_what_was_searched(people, signed_in):
    signed_in("isva").post(reverse("search"), {"q": "Ada"})
    (entry,) = entries()
    assert (entry.what, entry.case, entry.kind) == (What.SEARCHED, None, "")


def test_a_visitor_who_is_not_signed_in_leaves_no_entry(case, client):
    assert client.get(address("show_case", case)).status_code == 302
    assert entries() == []


@pytest.mark.parametrize("name", ["show_case", "print_plan", "write_note"])
def test_where_a_look_cannot_be_noted_no_page_leaves(name, case, signed_in, monkeypatch):
    def fails(*args, **kwargs):
        raise OperationalError("the disk is full")

    monkeypatch.setattr(AccessEntry, "save", fails)
    answer = signed_in("isva").get(address(name, case))
    shown = answer.content.decode()
    assert answer.status_code == 503
    assert "the record stays shut" in shown
    for word in ("Ada", "Testperson", case.reference, "07700", str(case.pk)):
        assert word not in shown


def test_a_refusal_that_cannot_be_noted_says_nothing_either(case, signed_in, monkeypatch):
    def fails(*args, **kwargs):
        raise OperationalError("the disk is full")

    monkeypatch.setattr(AccessEntry, "save", fails)
    answers = [
        signed_in("second_isva").get(reverse("show_case", kwargs={"case_id": key}))
        for key in (case.pk, uuid.uuid4())
    ]
    assert [answer.status_code for answer in answers] == [503, 503]
    assert answers[0].content == answers[1].content


def test_noting_a_look_is_one_statement(case, people, rf, django_assert_num_queries):
    request = rf.get("/")
    request.user, request.resolver_match = people["isva"], None
    with act(people["isva"], case.service) as request.acting, django_assert_num_queries(1):
        reading.note_opening(request, case=case, why=Why.OWN)


def test_openings_are_counted_with_the_share_of_emergency_access(case, people, services, rf):
    request = rf.get("/")
    request.user, request.resolver_match, request.acting = people["isva"], None, None
    began = now()
    for why in (Why.OWN, Why.OWN, Why.OWN, Why.BREAK_GLASS):
        reading.note_opening(request, case=case, why=why)
    reading.note_opening(request, case=case, what=What.PRINTED, why=Why.OWN)
    found = reading.opens(case.service, began, now() + dt.timedelta(seconds=1))
    assert (found.all, found.break_glass, found.share) == (4, 1, 0.25)
    assert reading.opens(services["harbour"], began, now() + dt.timedelta(seconds=1)).all == 0
    assert reading.opens(case.service, began - dt.timedelta(days=1), began).share == 0.0


@pytest.mark.parametrize(
    ("moment", "inside"),
    [
        ((2026, 3, 3, 7, 0), True),
        ((2026, 3, 3, 6, 59), False),
        ((2026, 3, 3, 20, 0), False),
        ((2026, 7, 1, 7, 30), True),
        ((2026, 3, 7, 11, 0), False),
        ((2026, 12, 25, 11, 0), False),
    ],
)
def test_working_hours_are_those_of_london_on_working_days(moment, inside):
    assert in_working_hours(dt.datetime(*moment, tzinfo=LONDON)) is inside


@pytest.mark.django_db(transaction=True, databases=["default", "owner", "log"])
def test_a_look_outlives_the_request_that_is_undone(people, rowan, signed_in, monkeypatch, settings):
    settings.ACCESS_LOG_ALIAS = "log"
    case = make_case(rowan, by=people["manager"], stage=Stage.ACTIVE, isva=people["isva"])

    def fails(*args, **kwargs):
        raise RuntimeError("something else")

    monkeypatch.setattr("casework.views.case.case_frame", fails)
    browser = signed_in("isva")
    browser.raise_request_exception = False
    assert browser.get(address("show_case", case)).status_code == 500
    assert [entry.what for entry in entries()] == [What.OPENED]


@pytest.mark.django_db(transaction=True, databases=["default", "owner", "log"])
def test_what_was_refused_is_noted_whether_it_exists_or_not(people, rowan, signed_in, acting, settings):
    settings.ACCESS_LOG_ALIAS = "log"
    case = make_case(rowan, by=people["manager"], stage=Stage.ACTIVE, isva=people["isva"])
    nothing = uuid.uuid4()
    browser = signed_in("second_isva")
    for key in (case.pk, nothing):  # out of sight, and not there
        assert browser.get(reverse("show_case", kwargs={"case_id": key})).status_code == 404
    assert signed_in("isva").get(address("allocate_case", case)).status_code == 403  # not for the role
    with acting("manager"):
        declare_conflict(case.client, user=people["isva"], reason="a neighbour", by=people["manager"])
    assert signed_in("isva").get(address("show_case", case)).status_code == 404  # behind a wall
    assert [(entry.what, entry.case, entry.client) for entry in entries()] == [
        (What.REFUSED, key, None) for key in (case.pk, nothing, case.pk, case.pk)
    ]


@pytest.mark.django_db(transaction=True, databases=["default", "owner", "log"])
def test_the_database_that_refuses_an_entry_shuts_the_record(people, rowan, signed_in, settings):
    settings.ACCESS_LOG_ALIAS = "log"
    case = make_case(rowan, by=people["manager"], stage=Stage.ACTIVE, isva=people["isva"])
    role = connections["default"].settings_dict["USER"]
    browser = signed_in("isva")
    with connections["owner"].cursor() as owner:
        owner.execute(f'REVOKE INSERT ON audit_accessentry FROM "{role}"')
        try:
            assert browser.get(address("show_case", case)).status_code == 503
        finally:
            owner.execute(f'GRANT INSERT ON audit_accessentry TO "{role}"')
    assert browser.get(address("show_case", case)).status_code == 200


def test_the_entries_connection_is_the_plain_role_with_transactions_of_its_own(settings):
    log, plain = settings.DATABASES["log"], settings.DATABASES["default"]
    assert (log["USER"], log["NAME"], log["HOST"]) == (plain["USER"], plain["NAME"], plain["HOST"])
    assert log["ATOMIC_REQUESTS"] is False

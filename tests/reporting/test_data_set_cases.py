"""The minimum data set of single cases: what a record tells, whose records are in a file, and who gets one."""

import datetime as dt
import hashlib
import json

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from casework import restricting
from isva.access.acting import act
from isva.audit.models import AccessEntry
from isva.clock.moment import LONDON, at, today
from reporting.data_set import files
from reporting.data_set.gathering import Span, records_of
from reporting.data_set.pseudonyms import pseudonyms
from reporting.data_set.schema import schema
from reporting.models import PseudonymKey
from reporting.periods import Period, Quarter
from reporting.sight import Sight
from tests.factories import make_case, seeing_all
from tests.reporting.data_sets import as_file, records

pytestmark = pytest.mark.django_db


@pytest.fixture
def harbour(services):
    return services["harbour"]


def test_an_area_that_the_service_does_not_name_is_elsewhere(rowan, people):
    for area in (rowan.areas[0], "Flat 3, Nowhere", ""):
        make_case(rowan, by=people["manager"], area=area)
    assert {one["area"] for one in records(rowan, people["manager"])} == {rowan.areas[0], "elsewhere", None}


def test_a_pseudonym_is_the_same_in_every_file_and_cannot_be_reckoned(rowan, harbour, people):
    case = make_case(rowan, by=people["manager"])
    first, second = (records(rowan, people["manager"])[0]["pseudonym"] for _ in range(2))
    assert first == second == records(rowan, people["second_manager"])[0]["pseudonym"]
    for plain in (case.pk.bytes, str(case.pk).encode(), case.pk.hex.encode(), case.reference.encode()):
        for name in ("sha256", "sha1", "md5"):
            assert hashlib.new(name, plain).hexdigest()[:32] != first
    with act(people["harbour_manager"], harbour):
        assert pseudonyms(harbour)(case.pk) != first
    assert PseudonymKey.objects.count() == 2
    assert all(len(bytes(one.key)) == 32 for one in PseudonymKey.objects.all())


def test_a_restricted_client_is_in_the_file_of_who_is_named_alone_and_no_file_says_how_many(rowan, people):
    seen, hidden = make_case(rowan, by=people["manager"]), make_case(rowan, by=people["manager"])
    before = json.loads(as_file(rowan, people["second_manager"], "json"))
    with act(people["manager"], rowan), seeing_all(rowan):
        restricting.restrict_client(hidden.client, reason="a colleague", named=[], by=people["manager"])
        named = pseudonyms(rowan)
    assert {one["pseudonym"] for one in records(rowan, people["manager"])} == {
        named(seen.pk),
        named(hidden.pk),
    }
    after = json.loads(as_file(rowan, people["second_manager"], "json"))
    assert [one["pseudonym"] for one in after["records"]] == [named(seen.pk)]
    assert {key: value for key, value in after.items() if key != "records"} == {
        key: value for key, value in before.items() if key != "records"
    }


def test_no_record_of_another_service_is_in_a_file(rowan, harbour, people):
    make_case(harbour, by=people["harbour_manager"])
    assert records(rowan, people["manager"]) == []


def test_a_record_tells_the_course_of_its_case(rowan, people):
    def moment(day, hour=12):
        return dt.datetime(2026, 4, day, hour, tzinfo=LONDON)

    with at(moment(2, 9)):
        case = make_case(rowan, by=people["manager"], date_of_birth=dt.date(2010, 4, 3), area="Eastmere")
    with at(moment(30)), act(people["manager"], rowan):
        (record,) = records_of(rowan, Span.of_quarter(Quarter(2026, 1)), sight=Sight(people["manager"]))
    told = {
        "course": 1, "referred_quarter": "2026-q1", "source": "self", "route": "self", "cohort": "child", "age": "13",
        "area": "Eastmere", "stage": "referral", "furthest_stage": "referral", "triage_outcome": None, "days_to_first_contact": None,
        "contact_in_standard": False, "contacts": {}, "contact_hours": 0, "sas_start": None, "ending": None, "weeks_open": None,
        "already_open": False, "referred_before": False,
    }  # fmt: skip
    assert {key: record[key] for key in told} == told
    with act(people["manager"], rowan):
        assert record["pseudonym"] == pseudonyms(rowan)(case.pk)
    with at(moment(30)):
        earlier = Span(Period(dt.date(2026, 4, 1), dt.date(2026, 4, 1)), "before it came")
        assert records(rowan, people["manager"], earlier) == []


def test_a_file_costs_the_same_number_of_statements_however_many_cases(rowan, people):
    def cost():
        with act(people["manager"], rowan), CaptureQueriesContext(connection) as queries:
            files.as_file(rowan, Span.until(today()), sight=Sight(people["manager"]), form="json")
        return len(queries)

    make_case(rowan, by=people["manager"])
    cost()
    before = cost()
    for _ in range(5):
        make_case(rowan, by=people["manager"])
    assert cost() == before <= 7


def test_a_file_is_for_who_has_just_confirmed_and_is_noted_before_it_leaves(rowan, people, signed_in):
    make_case(rowan, by=people["manager"])
    browser, address = signed_in("manager"), reverse("save_data_set")
    for form, kind in (("json", "application/json"), ("csv", "text/csv; charset=utf-8")):
        answer = browser.get(address, {"quarter": Quarter.of(today()).key, "form": form})
        assert answer.headers["Content-Type"] == kind
        assert answer.headers["Content-Disposition"].startswith('attachment; filename="data-set-')
    assert AccessEntry.objects.filter(page="save_data_set", what="exported").count() == 2
    end = Quarter.of(today()).before(1).period.last_day
    whole = browser.get(address, {"until": end.isoformat(), "form": "json"})
    assert json.loads(whole.content)["first_day"] is None
    for wrong in (
        {"quarter": "2199-q1", "form": "csv"},
        {"until": "soon", "form": "csv"},
        {
            "until": (end - dt.timedelta(days=1)).isoformat(),
            "form": "csv",
        },  # two days apart, two files tell a date
        {"until": "2026-01-01", "form": "exe"},
    ):
        assert browser.get(address, wrong).status_code == 404, wrong
    session = browser.session
    session["entry"] = session["entry"] | {"confirmed": 0}
    session.save()
    unconfirmed = browser.get(address, {"until": end.isoformat()})
    assert unconfirmed.url.startswith(reverse("confirm_it_is_me"))


def test_the_page_says_what_it_is_and_whose_it_is_not(rowan, signed_in):
    page = signed_in("manager").get(reverse("show_data_set")).content.decode()
    assert "not for commissioners" in page
    assert reverse("save_schema") in page
    assert signed_in("commissioner").get(reverse("save_data_set")).status_code == 403
    answer = signed_in("manager").get(reverse("save_schema"))
    assert json.loads(answer.content) == schema()

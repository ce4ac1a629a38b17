"""Sight that ends, ends at the next request: a cover, an allocation, a membership; and walls that go up late."""

import datetime as dt

import pytest
from django.core import mail
from django.db import connection
from django.http import HttpResponse
from django.urls import reverse

from casework import access, restricting, unseen
from casework.leaving import end_membership
from casework.models import Conflict, Grant
from isva.access.acting import act
from isva.accounts.models import Membership
from isva.accounts.staffing import declare_connection
from isva.clock.moment import at, now, today
from isva.pathway import Stage
from referrals import duplicates
from referrals.models import PossibleDuplicate
from tests.factories import make_case

pytestmark = pytest.mark.django_db

DAY = dt.timedelta(days=1)


@pytest.fixture
def case(people, rowan):
    return make_case(
        rowan, by=people["manager"], stage=Stage.ACTIVE, isva=people["isva"], name="Ada Aspenleaf"
    )


@pytest.fixture
def status(case, signed_in):
    """``status("isva")`` – what that person gets for the page of the case; each keeps their session."""
    browsers = {}

    def ask(key):
        browser = browsers.setdefault(key, signed_in(key))
        return browser.get(reverse("show_case", kwargs={"case_id": case.pk})).status_code

    return ask


@pytest.fixture
def managing(people, rowan):
    with act(people["manager"], rowan):
        yield people["manager"]


class TestEnds:
    def test_a_cover_ends_with_its_time_although_the_clock_has_not_run(self, case, people, managing, status):
        access.grant(
            case,
            to=people["second_isva"],
            why=Grant.Why.COVER,
            by=managing,
            until=now() + DAY,
            reason="leave",
        )
        assert status("second_isva") == 200
        with at(now() + DAY):
            assert status("second_isva") == 404

    def test_a_cover_that_is_ended_early_is_gone(self, case, people, managing, status):
        access.grant(case, to=people["second_isva"], why=Grant.Why.COVER, by=managing, until=now() + DAY)
        assert status("second_isva") == 200
        access.end_grants(case, user=people["second_isva"], by=managing, reason="back")
        assert status("second_isva") == 404

    def test_an_allocation_that_went_to_somebody_else_is_gone(self, case, people, managing, status):
        assert status("isva") == 200
        access.end_grants(
            case, user=people["isva"], why=Grant.Why.ALLOCATION, by=managing, reason="reallocated"
        )
        assert status("isva") == 404

    def test_a_membership_that_ended_opens_nothing(self, case, people, rowan, status):
        assert status("isva") == 200
        membership = Membership.objects.get(user=people["isva"], service=rowan)
        with act(people["records_lead"], rowan):
            end_membership(membership, last_day=today() - DAY, by=people["records_lead"])
        assert status("isva") == 403

    def test_a_membership_whose_last_day_is_over_opens_nothing_before_any_clock_has_run(
        self, people, rowan, status
    ):
        membership = Membership.objects.get(user=people["isva"], service=rowan)
        with act(people["records_lead"], rowan):
            end_membership(membership, last_day=today(), by=people["records_lead"])
        assert status("isva") == 200
        with at(now() + DAY):
            assert status("isva") == 403

    def test_somebody_who_was_switched_off_opens_nothing(self, people, status):
        assert status("isva") == 200
        people["isva"].is_active = False
        people["isva"].save()
        assert status("isva") in (302, 403)


class TestWallsThatGoUpLate:
    def test_a_connection_declared_later_walls_off_at_once_and_says_nothing(
        self, case, people, rowan, status, signed_in
    ):
        assert status("isva") == 200
        browser = signed_in("isva")
        form = browser.get(reverse("declare_connection")).context["form"]
        answer = browser.post(
            reverse("declare_connection"),
            {"once": form["once"].value(), "name": "Ada Aspenleaf", "relationship": "a cousin"},
            follow=True,
        )
        assert case.reference not in answer.content.decode()
        assert status("isva") == 404
        assert Conflict.objects.get(user=people["isva"]).client == case.client

    def test_a_connection_to_nobody_here_changes_nothing(self, case, people, rowan, status):
        membership = Membership.objects.get(user=people["isva"], service=rowan)
        with act(people["isva"], rowan):
            declare_connection(membership, name="Zoe Zinnia", relationship="a friend", by=people["isva"])
        assert status("isva") == 200

    def test_linking_a_referral_carries_its_walls_to_the_known_record(self, case, people, rowan, status):
        manager = people["manager"]
        fresh = make_case(rowan, by=manager, stage=Stage.TRIAGE, name="Ada Aspenleaf")
        with act(manager, rowan):
            access.declare_conflict(fresh.client, user=people["isva"], reason="a cousin", by=manager)
            restricting.restrict_client(fresh.client, reason="a colleague", named=[], by=manager)
            suggestion = PossibleDuplicate(
                case=fresh, own=fresh.client, other=case.client, score=80, recorded_by=manager
            )
            suggestion.save(force_insert=True)
            assert status("isva") == 200
            duplicates.decide_duplicate(suggestion, same=True, by=manager)
        assert status("isva") == 404
        assert status("second_manager") == 404
        assert status("manager") == 200


class TestNobodyLeft:
    def test_a_case_that_no_manager_can_see_is_told_without_identity(
        self, case, people, rowan, managing, signed_in, django_capture_on_commit_callbacks
    ):
        with django_capture_on_commit_callbacks(execute=True):
            access.declare_conflict(case.client, user=people["manager"], reason="a cousin", by=managing)
        assert mail.outbox == []
        with django_capture_on_commit_callbacks(execute=True):
            access.declare_conflict(
                case.client, user=people["second_manager"], reason="a friend", by=managing
            )
        assert {address for letter in mail.outbox for address in letter.to} == {
            people[key].email for key in ("manager", "second_manager", "records_lead")
        }
        told = "".join(letter.subject + letter.body for letter in mail.outbox)
        assert case.reference not in told
        assert case.client.name not in told
        assert unseen.unseen_clients(rowan) == 1
        html = signed_in("records_lead", service=rowan).get(reverse("list_emergencies")).content.decode()
        assert "1 person with an open case can be seen by no manager" in html


@pytest.mark.django_db(transaction=True, databases=["default", "owner", "log"])
@pytest.mark.parametrize("way", ["answers", "fails"])
def test_what_a_request_told_the_database_ends_with_it(people, rowan, signed_in, monkeypatch, way):
    told = []

    def look(*_args, **_kwargs):
        told.append(_who_acts())
        if way == "fails":
            raise RuntimeError("on purpose")
        return HttpResponse()

    browser = signed_in("isva")
    browser.raise_request_exception = False
    monkeypatch.setattr("isva.home.redirect", look)
    assert browser.get(reverse("home")).status_code == (200 if way == "answers" else 500)
    assert str(people["isva"].pk) in told[0]
    assert not _who_acts()


def _who_acts() -> str | None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('isva.who', true)")
        return cursor.fetchone()[0]

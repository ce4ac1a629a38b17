"""Policies: a version in force, its review, and who has read it."""

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from isva.access.acting import act
from isva.access.system import SystemUser, act_as_system
from isva.clock.moment import at, today
from isva.clock.rules import Scope, ask, rule_named
from isva.clock.working_days import end_of_day
from supervision import policies
from supervision.models import Policy, PolicyReading, PolicyVersion
from tests.supervision.conftest import member_of

pytestmark = pytest.mark.django_db

DAY = dt.datetime(2027, 3, 3, 12, tzinfo=dt.UTC)
ONE = dt.timedelta(seconds=1)
READ_BY = dt.date(2027, 3, 17)


@pytest.fixture(autouse=True)
def a_wednesday_in_march(time_machine):
    time_machine.move_to(DAY)


def told(**changed) -> dict:
    return {
        "version": "1.0", "reference": "Shared drive", "adopted_on": today(),
        "review_due_on": today() + dt.timedelta(days=365),
    } | changed  # fmt: skip


@pytest.fixture
def adopted(people, rowan):
    """``adopted("Speaking up")`` – a policy of this title, adopted today; ``policy=…``: its next version."""

    def make(title="Speaking up", *, policy=None, **changed):
        with act(people["manager"], rowan) as person:
            if policy is None:
                policy = policies.add_policy(
                    person, by=person.user, title=title, kind="other", **told(**changed)
                )
                return policy.versions.get()
            return policies.adopt_policy(policy, by=person.user, **told(**changed))

    return make


@pytest.fixture
def read(people, rowan):
    """``read(version, "isva")`` – they say that they have read it."""

    def say(version, *keys):
        for key in keys:
            with act(people[key], rowan):
                policies.read_policy(version, by=people[key])

    return say


def due_by(name, service):
    with act_as_system(SystemUser.CLOCK, service):
        return ask([rule_named(name)], Scope(service, DAY + dt.timedelta(days=3650)))


def days(name, service) -> dict:
    return {one.holder: one.due_on for one in due_by(name, service)}


def test_a_policy_is_reviewed_by_its_own_day(adopted, rowan):
    adopted(review_due_on=dt.date(2027, 6, 1))
    due_at = end_of_day(dt.date(2027, 6, 1))
    for moment, late in ((due_at - ONE, False), (due_at, False), (due_at + ONE, True)):
        with at(moment):
            found = due_by("policy_review", rowan)
            assert [(one.due_at, one.holder, one.is_overdue) for one in found] == [(due_at, None, late)]


def test_everybody_in_the_service_reads_it_within_ten_working_days(adopted, rowan, people):
    adopted()
    asked = days("policy_unread", rowan)
    outside = {people[key].pk for key in ("supervisor", "commissioner", "harbour_isva")}
    assert {people[key].pk for key in ("isva", "trainee", "coordinator", "manager", "records_lead")} <= set(
        asked
    )
    assert not outside & set(asked)
    assert set(asked.values()) == {READ_BY}
    due_at = end_of_day(READ_BY)
    for moment, late in ((due_at - ONE, False), (due_at, False), (due_at + ONE, True)):
        with at(moment):
            assert {one.is_overdue for one in due_by("policy_unread", rowan)} == {late}


def test_whoever_joins_later_counts_from_their_first_day(adopted, rowan, people):
    adopted()
    membership = member_of(people["trainee"], rowan)
    membership.starts_on = dt.date(2027, 4, 1)
    with act(people["records_lead"], rowan):
        membership.save()
    with at(dt.datetime(2027, 4, 1, 12, tzinfo=dt.UTC)):
        assert days("policy_unread", rowan)[people["trainee"].pk] == dt.date(2027, 4, 15)


def test_an_old_policy_written_down_today_is_late_for_nobody(adopted, rowan):
    adopted(adopted_on=dt.date(2025, 1, 6))
    assert set(days("policy_unread", rowan).values()) == {READ_BY}


def test_who_has_read_everything_is_waited_for_no_more_and_a_new_version_is_read_anew(
    adopted, read, rowan, people
):
    first, second = adopted(), adopted("Complaints")
    read(first, "isva")
    assert people["isva"].pk in days("policy_unread", rowan)
    read(second, "isva")
    assert people["isva"].pk not in days("policy_unread", rowan)
    with at(DAY + dt.timedelta(days=7)):
        adopted(policy=first.policy, version="1.1")
        assert days("policy_unread", rowan)[people["isva"].pk] == dt.date(2027, 3, 24)
        assert days("policy_unread", rowan)[people["trainee"].pk] == READ_BY
    first.refresh_from_db()
    assert first.replaced_on == dt.date(2027, 3, 10)


def test_i_say_that_i_have_read_it_and_it_stands_once_with_the_first_moment(
    adopted, signed_in, people, rowan
):
    with at(DAY - dt.timedelta(days=9)):
        version = adopted()
    iris = signed_in("isva")
    assert "Policies to read" in iris.get(reverse("my_day")).content.decode()
    page = iris.get(reverse("my_policies")).content.decode()
    assert "I have read it" in page
    assert reverse("list_policies") not in page
    for _twice in range(2):
        iris.post(reverse("read_policy"), {"version": str(version.pk)})
    reading = PolicyReading.objects.get()
    assert (reading.user, reading.read_at.date()) == (people["isva"], DAY.date())
    assert "You have read them all" in iris.get(reverse("my_policies")).content.decode()
    assert "Policies to read" not in iris.get(reverse("my_day")).content.decode()
    page = signed_in("manager").get(reverse("show_policy", args=[version.policy_id])).content.decode()
    assert page.count("Not yet") == len(policies.readers(rowan)) - 1


def test_nobody_reads_a_version_that_was_replaced_or_of_another_service(adopted, signed_in):
    version = adopted()
    adopted(policy=version.policy, version="2")
    said = {"version": str(version.pk)}
    assert signed_in("isva").post(reverse("read_policy"), said).status_code == 404
    newest = {"version": str(PolicyVersion.objects.get(version="2").pk)}
    assert signed_in("harbour_isva").post(reverse("read_policy"), newest).status_code == 404
    assert signed_in("supervisor").get(reverse("my_policies")).status_code == 403


def test_a_manager_adds_adopts_reviews_and_ends_a_policy(signed_in, rowan):
    manager = signed_in("manager")

    def typed(**changed) -> dict:
        day = {"adopted_on_day": "3", "adopted_on_month": "3", "adopted_on_year": "2027"}
        due = {"review_due_on_day": "3", "review_due_on_month": "3", "review_due_on_year": "2028"}
        return {"version": "1", "reference": "Drive"} | day | due | changed

    manager.post(reverse("add_policy"), typed(title="Speaking up", kind="whistleblowing"))
    policy = Policy.objects.get()
    assert (
        "There is a problem"
        in manager.post(reverse("adopt_policy", args=[policy.pk]), typed()).content.decode()
    )
    manager.post(reverse("adopt_policy", args=[policy.pk]), typed(version="2", what_is_new="Whom to ring"))
    assert list(policy.versions.order_by("version").values_list("version", "replaced_on")) == [
        ("1", today()), ("2", None),
    ]  # fmt: skip
    reviewed = {"reviewed_on_day": "3", "reviewed_on_month": "3", "reviewed_on_year": "2027"}
    due = {"review_due_on_day": "1", "review_due_on_month": "6", "review_due_on_year": "2028"}
    manager.post(reverse("review_policy", args=[policy.pk]), reviewed | due)
    assert [one.due_on for one in due_by("policy_review", rowan)] == [dt.date(2028, 6, 1)]
    assert "Speaking up" in manager.get(reverse("list_policies")).content.decode()
    assert signed_in("coordinator").post(reverse("end_policy", args=[policy.pk])).status_code == 403
    manager.post(reverse("end_policy", args=[policy.pk]))
    assert due_by("policy_review", rowan) == due_by("policy_unread", rowan) == []


def asked_by(browser, page) -> int:
    with CaptureQueriesContext(connection) as asked:
        browser.get(page)
    return len(asked)


def test_a_list_of_policies_costs_no_more_with_more_of_them(adopted, signed_in):
    manager = signed_in("manager")
    pages = [reverse("list_policies"), reverse("my_policies")]
    adopted()
    for page in pages:
        manager.get(page)
    few = [asked_by(manager, page) for page in pages]
    for number in range(4):
        adopted(f"Policy {number}")
    assert [asked_by(manager, page) for page in pages] == few
    assert max(few) <= 12


def test_each_person_says_for_themselves_that_they_have_read_it_and_says_it_once(adopted, read, people):
    version = adopted()
    read(version, "isva", "trainee")
    with at(DAY + dt.timedelta(days=1)):
        read(version, "isva")
    rows = PolicyReading.objects.filter(version=version).values_list("user", "read_at__date")
    assert sorted(rows) == sorted((people[key].pk, DAY.date()) for key in ("isva", "trainee"))

"""Training, qualifications and checks: who lacks what, what runs out, what was seen, and roles that need them first."""

import datetime as dt
from decimal import Decimal

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from isva.access.acting import act
from isva.access.system import SystemUser, act_as_system
from isva.accounts import role_changes
from isva.accounts.membership import CannotGo
from isva.accounts.models import RoleChange
from isva.clock.moment import at, today
from isva.clock.people import Rota, Told
from isva.clock.rules import Scope, ask, rule_named
from isva.clock.working_days import end_of_day
from supervision import training
from supervision.models import Training
from tests.supervision.conftest import BEGAN, day, member_of

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)


@pytest.fixture
def recorded(people, rowan):
    """``recorded("isva", kind="vetting")`` – a record of somebody's training, which a manager makes."""

    def make(key: str, *, by: str = "manager", **told) -> Training:
        usual = {"kind": "vetting", "status": "held", "taken_on": today() - 100 * DAY}
        with act(people[by], rowan) as person:
            return training.record_training(person, member_of(people[key], rowan), **usual | told)

    return make


def due(rowan, *, days: int = 3650):
    with act_as_system(SystemUser.CLOCK, rowan):
        return ask([rule_named("training_expiry")], Scope(rowan, end_of_day(today() + days * DAY)))


def test_what_runs_out_is_due_on_its_last_day_and_red_one_second_after(recorded, rowan):
    with at(BEGAN):
        recorded("isva", expires_on=dt.date(2027, 6, 1))
    last = end_of_day(dt.date(2027, 6, 1))
    for instant, late in ((last, False), (last + dt.timedelta(seconds=1), True)):
        with at(instant):
            assert [(one.due_at, one.is_overdue) for one in due(rowan)] == [(last, late)]


def test_the_person_and_the_managers_are_told_from_the_first_day_of_the_notice(recorded, rowan, people):
    with at(BEGAN):
        recorded("isva", expires_on=dt.date(2027, 6, 1))
        (one,) = due(rowan)
        with act_as_system(SystemUser.CLOCK, rowan):
            told = Rota(rowan).told([Told(one.record, one.rule, None, one.holder, False, one.due_at, False)])
    assert set(told) == {people[key].pk for key in ("isva", "manager", "second_manager")}
    assert (one.rule.notice, one.rule.shown_from) == (60, 60)


def test_what_was_renewed_is_waited_for_no_more_and_something_else_is_told_apart_by_its_name(recorded, rowan):
    old = recorded("isva", expires_on=today() + 10 * DAY)
    assert [one.record for one in due(rowan)] == [old.pk]
    new = recorded("isva", taken_on=today(), expires_on=today() + 700 * DAY)
    assert [one.record for one in due(rowan)] == [new.pk]
    recorded("isva", taken_on=today())  # one that does not run out
    assert due(rowan) == []
    first = recorded("isva", kind="other", title="First aid", expires_on=today() + 5 * DAY)
    second = recorded("isva", kind="other", title="Driving", expires_on=today() + 6 * DAY)
    assert [one.record for one in due(rowan)] == [first.pk, second.pk]


def test_whoever_has_left_is_waited_for_no_more(recorded, rowan, people):
    recorded("isva", expires_on=today() + 5 * DAY)
    member = member_of(people["isva"], rowan)
    member.ends_on = today() - DAY
    with act(people["records_lead"], rowan):
        member.save()
    assert due(rowan) == []


def test_everybody_stands_with_what_they_lack_and_the_queries_do_not_grow(recorded, people, rowan):
    recorded("coordinator", kind="triage")
    recorded("coordinator", kind="vetting", expires_on=today() - DAY)
    with act(people["manager"], rowan) as person:
        with CaptureQueriesContext(connection) as few:
            found = {one.membership.user.name: one for one in training.standings(person)}
        for key in ("isva", "trainee", "chisva"):
            training.record_training(
                person, member_of(people[key], rowan), kind="data", status="held", taken_on=today()
            )
        with CaptureQueriesContext(connection) as many:
            training.standings(person)
    assert len(few) == len(many) == 4
    assert found["Cora Clover"].lacking == ["safeguarding", "vetting", "data"]
    assert [one.kind for one in found["Cora Clover"].expired] == ["vetting"]
    assert "qualification" in found["Iris Ivy"].lacking
    assert "qualification" not in found["Ida Inkberry"].lacking
    assert "Sunita Sorrel" not in found
    assert "Carys Campion" not in found


def test_hours_lost_to_court_are_counted(recorded, people, rowan, signed_in):
    recorded("isva", kind="trauma", status="cancelled", cancelled_why="court", hours=Decimal("7.5"))
    recorded("isva", kind="trauma", status="cancelled", cancelled_why="provider", hours=Decimal(2))
    recorded("isva", kind="trauma", hours=Decimal(6))
    page = signed_in("manager").get(reverse("list_training")).content.decode()
    assert "lost in the last 12 months: 9.5, of these to court: 7.5" in page
    page = signed_in("isva").get(reverse("list_training")).content.decode()
    assert "A court date: 7.5 hours" in page
    assert "Training of everybody" not in page


def test_nobody_reads_the_training_of_a_colleague(recorded, people, rowan, signed_in):
    record = recorded("isva")
    isva, colleague = member_of(people["isva"], rowan), signed_in("second_isva")
    for name, key in (
        ("show_training", isva.pk),
        ("record_training", isva.pk),
        ("change_training", record.pk),
    ):
        assert colleague.get(reverse(name, args=[key])).status_code == 404
    assert signed_in("isva").get(reverse("show_training", args=[isva.pk])).status_code == 200
    assert signed_in("supervisor").get(reverse("list_training")).status_code == 403
    with act(people["second_isva"], rowan):
        assert not Training.objects.visible_to(people["second_isva"]).exists()
        assert not Training.objects.visible_to(people["isva"]).exists()  # somebody else asks


def test_evidence_is_seen_by_a_manager_and_by_nobody_of_their_own(people, rowan, signed_in):
    iris, mina = member_of(people["isva"], rowan), member_of(people["manager"], rowan)
    told = {"kind": "vetting", "status": "held", "evidence": "Certificate", **day("taken_on", today())}
    for key, member in (("isva", iris), ("manager", mina)):
        browser = signed_in(key)
        assert browser.post(reverse("record_training", args=[member.pk]), told).status_code == 302
    assert not Training.objects.filter(seen_by__isnull=False).exists()
    record = Training.objects.get(membership=iris)
    browser = signed_in("manager")
    page = reverse("change_training", args=[record.pk])
    browser.post(page, told | day("seen_on", today()))
    record.refresh_from_db()
    assert (record.evidence, record.seen_by, record.seen_on) == ("Certificate", people["manager"], today())
    own = signed_in("isva")
    assert "ask a manager to change it" in own.get(page).content.decode()
    assert "ask a manager to change it" in own.post(page, told).content.decode()


def test_of_two_who_change_a_record_the_second_is_told(recorded, people, rowan, signed_in):
    record = recorded("isva")
    page, browser = reverse("change_training", args=[record.pk]), signed_in("manager")
    seen = browser.get(page).context["form"]["seen"].value()
    told = {"kind": "vetting", "status": "held", "seen": seen, **day("taken_on", today())}
    assert browser.post(page, told | {"provider": "One"}).status_code == 302
    answer = browser.post(page, told | {"provider": "Two"})
    assert "Somebody changed this while you were writing" in answer.content.decode()
    record.refresh_from_db()
    assert record.provider == "One"


@pytest.mark.parametrize(
    ("told", "words"),
    [
        ({"kind": "other"}, "Enter what exactly it is"),
        ({"status": "cancelled"}, "Select why it was cancelled"),
        ({"seen_on_day": "1", "seen_on_month": "1", "seen_on_year": "2020"}, "Enter what you saw"),
        ({"taken_on_year": "2090"}, "choose “Planned” for a day to come"),
    ],
)
def test_what_does_not_fit_is_told_in_words(told, words, people, rowan, signed_in):
    page = reverse("record_training", args=[member_of(people["isva"], rowan).pk])
    usual = {"kind": "vetting", "status": "held", **day("taken_on", today())}
    assert words in signed_in("manager").post(page, usual | told).content.decode()
    assert not Training.objects.exists()


def test_the_database_keeps_no_cancelled_training_without_why_and_no_evidence_without_whose_eyes(recorded):
    record = recorded("isva")
    for name, value in (
        ("status", "cancelled"),
        ("evidence", "Seen it"),
        ("expires_on", today() - 200 * DAY),
    ):
        setattr(record, name, value)
        with pytest.raises(IntegrityError), transaction.atomic():
            record.save(update_fields=[name])
        record.refresh_from_db()


@pytest.mark.parametrize(("role", "kind"), [("coordinator", "triage"), ("manager", "management")])
def test_a_role_that_needs_training_is_given_without_it_only_with_a_reason(
    role, kind, recorded, people, rowan
):
    member = member_of(people["isva"], rowan)
    with act(people["records_lead"], rowan):
        with pytest.raises(CannotGo, match="Say why the role is given"):
            role_changes.change_roles(member, roles=["isva", role], by=people["records_lead"])
        role_changes.change_roles(
            member, roles=["isva", role], by=people["records_lead"], reason="Starts on Monday."
        )
        assert RoleChange.objects.get().reason == "Starts on Monday."
        role_changes.change_roles(member, roles=["isva"], by=people["records_lead"])
    recorded("isva", kind=kind, expires_on=today() - DAY)
    with act(people["records_lead"], rowan), pytest.raises(CannotGo):
        role_changes.change_roles(member, roles=["isva", role], by=people["records_lead"])
    recorded("isva", kind=kind, expires_on=today())
    with act(people["records_lead"], rowan):
        role_changes.change_roles(member, roles=["isva", role], by=people["records_lead"], reason="not kept")
    assert RoleChange.objects.latest("changed_at").reason == ""


def test_the_records_lead_is_asked_for_the_reason_on_the_page_and_managers_read_it(people, rowan, signed_in):
    member = member_of(people["isva"], rowan)
    lead, page = signed_in("records_lead", rowan), reverse("change_member", args=[member.pk])
    answer = lead.post(page, {"roles": ["isva", "coordinator"]}).content.decode()
    assert "No training in triage is recorded for them" in answer
    assert "Say why they are given the role without its training" in answer
    lead.post(page, {"roles": ["isva", "coordinator"], "why_coordinator": "The course is in May."})
    page = signed_in("manager").get(reverse("list_role_changes")).content.decode()
    assert "Without its training. Support coordinator: The course is in May." in page


def test_whoever_is_invited_into_such_a_role_needs_a_reason_too(people, rowan, signed_in):
    lead = signed_in("records_lead", rowan)
    told = {"name": "Nell", "email": "nell@rowan.example", "roles": ["manager"]}
    assert "Say why they are given" in lead.post(reverse("invite_member"), told).content.decode()
    answer = lead.post(reverse("invite_member"), told | {"why_manager": "From the next county."})
    assert "join" in answer.content.decode()


def test_who_is_no_manager_neither_vouches_for_a_colleague_nor_changes_what_was_vouched_for(
    recorded, people, rowan
):
    theirs = recorded("second_isva", evidence="certificate", seen_on=today())
    own = recorded("isva", evidence="certificate", seen_on=today())
    member = member_of(people["second_isva"], rowan)
    for key, may in (("isva", False), ("second_isva", False), ("manager", True)):
        with act(people[key], rowan) as person:
            assert training.may_see_evidence(person, member) == may, key
            assert training.may_change(person, theirs) == may, key
    with act(people["isva"], rowan) as person:
        assert not training.may_see_evidence(person, member_of(people["isva"], rowan))
        assert not training.may_change(person, own)


def test_a_training_that_another_service_keeps_opens_no_role_in_this_one(people, services):
    both = people["records_lead"]
    with act(people["harbour_manager"], services["harbour"]) as person:
        training.record_training(
            person, member_of(both, services["harbour"]), kind="triage", status="held", taken_on=today()
        )
        assert "coordinator" not in training.missing_before(services["harbour"], both, ["coordinator"])
    with act(people["manager"], services["rowan"]):
        assert "coordinator" in training.missing_before(services["rowan"], both, ["coordinator"])

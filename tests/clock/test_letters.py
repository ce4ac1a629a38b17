"""The e-mails of the clock: to whom, when, once each, and never a word about anybody."""

import datetime as dt
import re
import uuid

import pytest
from django.core import mail

from casework.access import declare_conflict, end_grants, grant
from casework.models import Appointment, Grant, SafeguardingConcern
from casework.moving import move
from casework.safeguarding import raise_safeguarding
from isva.access.acting import act
from isva.access.system import SystemUser, act_as_system
from isva.accounts.models import Leave, Membership, Service, StaffProfile, User
from isva.clock import letters
from isva.clock.models import CaseReminder, Letter, ServiceReminder
from isva.clock.moment import at
from isva.clock.rules import Scope, ask, rule_named
from isva.clock.tick import tick
from isva.pathway import Stage
from tests.clock.making import CASES, WEDNESDAY, Making, moment
from triage.stages.urgent import acknowledge_urgent

pytestmark = pytest.mark.django_db


@pytest.fixture
def make(people, rowan):
    with at(WEDNESDAY), act_as_system(SystemUser.CLOCK, rowan):
        yield Making(people, rowan)


@pytest.fixture
def round_at(rowan, django_capture_on_commit_callbacks):
    """``round_at("2027-03-04 09:00")`` – one round of the clock; gives who was written to, by kind of letter.

    The summary of the week is left out, unless it is asked for.
    """

    def go(instant: str, *, week: bool = False) -> dict[str, list[str]]:
        mail.outbox.clear()
        with at(moment(instant)), django_capture_on_commit_callbacks(execute=True):
            tick(Service.objects.get(pk=rowan.pk))
        kinds = {"What is due today": "digest", "Something cannot wait: sign in": "at_once"}
        found: dict[str, list[str]] = {}
        for letter in mail.outbox:
            name = letter.to[0].split(".")[0]
            found.setdefault(kinds.get(letter.subject, "week"), []).append(name)
        return {kind: sorted(names) for kind, names in found.items() if week == (kind == "week")}

    return go


def away(user, service, first: str, last: str) -> None:
    membership = Membership.objects.get(user=user, service=service)
    Leave(
        service=service, membership=membership, kind="annual", first_day=dt.date.fromisoformat(first),
        last_day=dt.date.fromisoformat(last),
    ).save()  # fmt: skip


def test_a_digest_comes_once_as_the_working_day_begins_to_whom_something_is_due(make, round_at):
    make.case()  # the first session is Iris's, due on the 10th
    assert round_at("2027-03-09 08:59") == {}
    assert round_at("2027-03-10 09:00") == {"digest": ["iris"]}
    assert "1 thing is due." in mail.outbox[0].body
    assert round_at("2027-03-10 09:01") == {}
    assert round_at("2027-03-10 16:00") == {}
    assert round_at("2027-03-11 09:30") == {"digest": ["iris"]}
    assert "1 of them is late." in mail.outbox[0].body


@pytest.mark.parametrize(
    ("hearing", "before", "told"),
    [
        ("2027-03-17 10:00", "2027-03-15", "2027-03-16"),  # a Wednesday: on Tuesday
        ("2027-03-15 10:00", "2027-03-11", "2027-03-12"),  # a Monday: on Friday
        (
            "2027-03-30 10:00",
            "2027-03-24",
            "2027-03-25",
        ),  # the Tuesday after Easter, and after the clocks change
    ],
)
def test_a_day_at_court_is_told_as_the_last_working_day_before_it_begins(
    make, round_at, rowan, hearing, before, told
):
    case = make.case(Stage.TRIAGE)  # nothing else on it is Iris's
    make.saved(Appointment(case=case, at=moment(hearing), mode="court", worker=make.isva))
    assert "iris" not in round_at(f"{before} 09:00").get("digest", [])
    assert "iris" in round_at(f"{told} 09:00")["digest"]
    with act_as_system(SystemUser.CLOCK, rowan):
        assert CaseReminder.objects.get(rule="court_ahead").amber_at == moment(f"{told} 00:00")


def test_nothing_is_sent_on_a_day_that_is_no_working_day(make, round_at):
    make.case()
    assert round_at("2027-03-13 10:00") == {}
    assert round_at("2027-03-26 10:00") == {}  # Good Friday
    assert "digest" in round_at("2027-03-30 10:00")


def test_a_digest_keeps_the_hours_of_the_person(make, round_at, people, rowan):
    profile = StaffProfile.objects.get(membership__user=people["isva"])
    profile.begins_at, profile.works_on = dt.time(11, 30), [3, 4]
    profile.save()
    make.case()
    assert round_at("2027-03-10 12:00") == {"digest": ["meera", "morgan"]}  # a Wednesday: Iris is not at work
    assert round_at("2027-03-11 11:29") == {}
    assert round_at("2027-03-11 11:30") == {"digest": ["iris"]}


def test_leave_passes_what_is_due_to_the_cover_and_without_one_to_the_managers(make, round_at, people, rowan):
    case = make.case()
    away(people["isva"], rowan, "2027-03-08", "2027-03-12")
    assert round_at("2027-03-10 10:00") == {"digest": ["meera", "morgan"]}
    grant(
        case, to=people["second_isva"], why=Grant.Why.COVER, by=make.by, reason="leave",
        until=moment("2027-03-12"),
    )  # fmt: skip
    assert round_at("2027-03-11 10:00") == {"digest": ["imran"]}
    assert round_at("2027-03-15 10:00")["digest"] == ["iris"]


def test_whoever_has_left_is_told_nothing_and_the_managers_are(make, round_at, people, rowan):
    make.case()
    Membership.objects.filter(user=people["isva"]).update(ends_on=dt.date(2027, 3, 9))
    assert round_at("2027-03-10 10:00") == {"digest": ["meera", "morgan"]}


def test_whoever_was_switched_off_is_told_nothing_and_the_managers_are(make, round_at, people):
    make.case()
    User.objects.filter(pk=people["isva"].pk).update(is_active=False)
    assert round_at("2027-03-10 10:00") == {"digest": ["meera", "morgan"]}


@pytest.mark.parametrize("how", ["switched off", "begins later", "has left"])
def test_no_letter_is_made_for_a_manager_who_is_not_there(how, make, round_at, people):
    make.case()
    morgan = people["second_manager"]
    if how == "switched off":
        User.objects.filter(pk=morgan.pk).update(is_active=False)
    else:
        when = (
            {"starts_on": dt.date(2027, 3, 16)}
            if how == "begins later"
            else {"ends_on": dt.date(2027, 3, 14)}
        )
        Membership.objects.filter(user=morgan).update(**when)
    assert set(round_at("2027-03-15 09:30", week=True)["week"]) == {"meera"}
    assert not Letter.objects.filter(to=morgan).exists()


def test_the_round_of_a_service_tells_and_ends_nothing_of_another(make, round_at, people, services):
    """Something is due to the managers of the other service, and Iris had her letter of that day from there."""
    make.case()
    harbour, due_at = services["harbour"], moment("2027-03-09 12:00")
    foreign = ServiceReminder(
        service=harbour,
        rule="return_to_work",
        record=uuid.uuid4(),
        due_at=due_at,
        amber_at=due_at,
        red_at=due_at,
    )
    foreign.save()
    done = ServiceReminder(
        service=harbour, rule="return_to_work", record=uuid.uuid4(), due_at=due_at, amber_at=due_at,
        state="satisfied", satisfied_at=due_at, satisfied_why="done",
    )  # fmt: skip
    done.save()
    had = {"service": harbour, "to": people["isva"], "made_at": due_at, "sent_at": due_at, "counts": {}}
    Letter(kind="digest", about="2027-03-10", **had).save()
    assert round_at("2027-03-10 09:00") == {"digest": ["iris"]}
    foreign.refresh_from_db()
    assert foreign.state == "open"
    assert set(round_at("2027-03-15 09:30", week=True)["week"]) == {"meera", "morgan"}
    told = Letter.objects.filter(kind="week").values_list("service__slug", "counts")
    assert {(slug, counts["done"]) for slug, counts in told} == {("rowan", 0)}
    assert Letter.objects.filter(kind="week", counts__late=1).count() == 2, "the one of this service alone"


def test_a_wall_between_a_person_and_a_client_is_kept_by_the_letters(make, round_at, people, rowan):
    case = make.case()
    declare_conflict(case.client, user=people["manager"], reason="a cousin", by=people["second_manager"])
    away(people["isva"], rowan, "2027-03-08", "2027-03-12")
    assert round_at("2027-03-10 10:00") == {"digest": ["morgan"]}


def test_what_is_due_of_somebody_whom_a_wall_keeps_away_comes_to_the_cover_and_without_one_to_the_managers(
    make, round_at, people
):
    case = make.case()
    declare_conflict(case.client, user=people["isva"], reason="a cousin", by=make.by)
    assert round_at("2027-03-10 10:00") == {"digest": ["meera", "morgan"]}
    grant(
        case, to=people["second_isva"], why=Grant.Why.COVER, by=make.by, reason="meanwhile",
        until=moment("2027-03-12"),
    )  # fmt: skip
    assert "imran" in round_at("2027-03-11 10:00")["digest"]


def test_an_urgent_allocation_comes_to_the_other_managers_where_a_wall_keeps_the_named_one_away(
    make, round_at, people
):
    case = CASES["urgent"][0](make)
    declare_conflict(case.client, user=people["manager"], reason="a cousin", by=people["manager"])
    assert round_at("2027-03-03 12:01") == {"at_once": ["morgan"]}


def test_an_urgent_allocation_is_told_at_once_and_again_in_working_time_until_somebody_takes_it(
    make, round_at, people
):
    task = CASES["urgent"][0](make).urgentallocation_set.get()
    assert round_at("2027-03-03 12:01") == {"at_once": ["meera"]}
    assert round_at("2027-03-03 12:30") == {}
    assert round_at("2027-03-03 12:31") == {"at_once": ["meera"]}
    assert round_at("2027-03-03 12:32") == {}
    assert round_at("2027-03-03 19:00") == {}
    assert round_at("2027-03-04 09:00") == {"at_once": ["meera"], "digest": ["meera"]}
    acknowledge_urgent(task, by=people["manager"])
    assert round_at("2027-03-04 10:00") == {}
    assert round_at("2027-03-05 08:00") == {"at_once": ["meera"]}  # it is red: taken, and not done
    assert "at_once" not in round_at("2027-03-05 11:00")


def test_a_concern_that_is_not_referred_reaches_isva_and_managers_until_a_manager_takes_it(
    make, round_at, people
):
    concern = CASES["safeguarding_refer"][0](make).safeguardingconcern_set.get()
    assert round_at("2027-03-03 12:01")["at_once"] == ["iris", "meera", "morgan"]
    assert round_at("2027-03-03 12:31")["at_once"] == ["iris", "meera", "morgan"]
    found = SafeguardingConcern.objects.get(pk=concern.pk)
    found.taken_by, found.taken_at = people["manager"], moment("2027-03-03 12:40")
    found.save()
    assert round_at("2027-03-03 13:10") == {}


def test_a_reason_for_not_referring_a_concern_keeps_it_from_nobody(make, round_at, people, rowan):
    with act(people["isva"], rowan):
        raise_safeguarding(
            make.case(), by=people["isva"], who="other_child", what="A worry.", raised_at=WEDNESDAY,
            not_referred_why="I ring this afternoon.",
        )  # fmt: skip
    assert round_at("2027-03-03 12:01")["at_once"] == ["iris", "meera", "morgan"]


@pytest.mark.parametrize(
    ("worker", "told"),
    [(None, ["cora", "meera", "morgan"]), ("second_isva", ["imran", "meera", "morgan"])],
)
def test_a_concern_about_somebody_who_waits_is_told_to_whoever_keeps_in_touch_or_the_coordinators(
    make, round_at, people, worker, told
):
    case = make.case(Stage.INTERIM)
    if worker:
        make.changed(case, interim_worker=people[worker])
    make.saved(SafeguardingConcern(case=case, who="other_child", what="A worry.", raised_at=WEDNESDAY))
    assert round_at("2027-03-03 12:01")["at_once"] == told


def test_a_concern_open_on_a_closed_case_is_told_to_the_managers_at_once(make, round_at):
    CASES["safeguarding_after_closing"][0](make)
    assert round_at("2027-03-03 12:01")["at_once"] == ["meera", "morgan"]


def test_a_referral_of_somebody_in_danger_is_told_to_the_coordinator_at_once_until_it_is_in_triage(
    make, round_at
):
    case = CASES["safety_now"][0](make)
    assert round_at("2027-03-03 12:01")["at_once"] == ["cora"]
    assert round_at("2027-03-03 12:31")["at_once"] == ["cora"]
    move(case, to=Stage.TRIAGE, by=make.by, reason="taken")
    assert round_at("2027-03-03 13:01") == {}


def test_an_appointment_nobody_recorded_is_told_to_whoever_carries_the_case_by_now(make, round_at, people):
    case = CASES["appointment_open"][0](make)
    assert round_at("2027-03-04 10:00") == {"digest": ["iris"]}
    end_grants(case, user=people["isva"], by=make.by, reason="given to another ISVA")
    grant(case, to=people["chisva"], why=Grant.Why.ALLOCATION, by=make.by)
    make.changed(case, lead_isva=people["chisva"])
    assert round_at("2027-03-05 10:00") == {"digest": ["isla"]}


def test_a_case_whose_isva_carries_cases_no_more_comes_to_the_managers(make, rowan):
    case = make.case()
    scope = Scope(rowan, WEDNESDAY + dt.timedelta(days=30))
    assert ask([rule_named("left_behind")], scope) == []
    Membership.objects.filter(user=make.isva).update(roles=["records_lead"])
    assert [one.case_id for one in ask([rule_named("left_behind")], scope)] == [case.pk]


def test_an_urgent_letter_is_never_lost_with_every_manager_away(make, round_at, people, rowan):
    CASES["urgent"][0](make)
    for key in ("manager", "second_manager"):
        away(people[key], rowan, "2027-03-01", "2027-03-12")
    assert round_at("2027-03-03 12:01") == {"at_once": ["meera", "morgan"]}


def test_managers_have_one_summary_a_week(make, round_at):
    make.case(Stage.REFERRAL)
    assert round_at("2027-03-12 09:00", week=True) == {
        "week": ["meera", "morgan"]
    }  # the first round of this week
    assert round_at("2027-03-12 10:00", week=True) == {}
    assert round_at("2027-03-15 08:59", week=True) == {}
    assert round_at("2027-03-15 09:00", week=True) == {"week": ["meera", "morgan"]}
    assert "2 things are late." in next(one.body for one in mail.outbox if "week" in one.subject)


def test_a_letter_is_sent_once_however_often_its_courier_comes(make, round_at, people):
    CASES["urgent"][0](make)
    round_at("2027-03-03 12:01")
    letter = Letter.objects.filter(kind="at_once").get()
    assert not letters.send(letter.pk)
    assert len([one for one in mail.outbox if "cannot wait" in one.subject]) == 1


def test_a_claim_that_was_left_behind_is_taken_up_and_a_fresh_one_is_not(make, round_at, people, rowan):
    with at(WEDNESDAY):
        letter = Letter(
            service=rowan, kind="digest", to=people["isva"], about="2027-03-03", counts={"due": 1, "late": 0},
            made_at=WEDNESDAY, claimed_at=WEDNESDAY,
        )  # fmt: skip
        letter.save()
        assert not letters.send(letter.pk)
    with at(WEDNESDAY + letters.STALE):
        assert letters.send(letter.pk)
    letter.refresh_from_db()
    assert letter.sent_at


def test_a_queue_that_is_down_loses_no_letter(
    make, round_at, monkeypatch, rowan, django_capture_on_commit_callbacks
):
    from isva.clock import tasks

    def down(*_args, **_kwargs):
        raise ConnectionError

    CASES["urgent"][0](make)
    with monkeypatch.context() as patch:
        patch.setattr(tasks.send_letter, "apply_async", down)
        assert round_at("2027-03-03 12:01") == {}
    assert round_at("2027-03-03 12:02")["at_once"] == ["meera"]


@pytest.mark.parametrize("kind", Letter.Kind.values)
def test_a_letter_says_how_many_and_where_and_nothing_about_anybody(kind, people, rowan):
    counts = {"due": 3, "late": 1, "safety": 1, "new": 2, "done": 5}
    subject, text = letters.written(Letter(service=rowan, kind=kind, to=people["isva"], counts=counts))
    said = f"{subject} {text}"
    for persona in people.values():
        assert persona.name not in said
        assert persona.email not in said
    assert rowan.name not in said
    assert not re.search(r"\b[A-Z0-9]{2}-[A-Z0-9]{4}\b", said)  # no reference
    assert re.findall(r"https?://\S+", said) == ["http://127.0.0.1:8000/"] or "/cases/" not in said

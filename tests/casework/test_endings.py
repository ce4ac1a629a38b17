"""Step-down, step-up, closure and reopening: what each asks for first, and who may decide."""

import datetime as dt
from dataclasses import replace

import pytest
from django.db import IntegrityError, connection, transaction

from casework.access import live_grants
from casework.models import (
    Appointment,
    Case,
    Closure,
    Contact,
    OnwardReferral,
    ReviewPoint,
    SafeguardingConcern,
    StageEntry,
    StepDown,
)  # fmt: skip
from casework.moving import move
from casework.sas.recording import review_after_change
from casework.stages.closure import (
    Ending,
    decide_closure,
    obstacles,
    propose_closure,
    ready_to_close,
    reopen_case,
    retain_until,
)  # fmt: skip
from casework.stages.proposals import NotReady
from casework.stages.step_down import decide_step_down, propose_step_down, step_up
from isva.clock.moment import at, now, today
from isva.clock.working_days import add_working_days
from isva.pathway import Stage
from tests.casework.endings import ENDING, closure_proposed, review, supported
from tests.factories import long_ago, make_case
from triage.models import Allocation, UrgentAllocation

pytestmark = pytest.mark.django_db


def pause(case, by, **other):
    values = {
        "reason": "things are calm", "contact_every_days": 28, "review_on": today() + dt.timedelta(days=56),
        "milestones": "the charging decision",
    } | other  # fmt: skip
    return propose_step_down(case, by=by, **values)


def paused(case, people, acting):
    """A step-down of the case that is in force."""
    with acting("isva"):
        review(case, people["isva"])
        proposal = pause(case, people["isva"])
    with acting("manager"):
        decide_step_down(proposal, approve=True, by=people["manager"])
    return proposal


@pytest.fixture
def case(people, rowan):
    return supported(people, rowan)


# Step-down


def test_step_down_asks_for_a_review_of_the_last_14_days(case, people, acting):
    with acting("isva"):
        with pytest.raises(NotReady, match="review first"):
            pause(case, people["isva"])
        with at(now() - dt.timedelta(days=15)):
            review(case, people["isva"])
        with pytest.raises(NotReady, match="review first"):
            pause(case, people["isva"])
        review(case, people["isva"])
        assert pause(case, people["isva"]).decision == "proposed"


def test_step_down_waits_for_a_review_that_was_called_for(case, people, acting):
    with acting("isva"):
        review(case, people["isva"])
        review_after_change(case, why="he was released", by=people["isva"])
        with pytest.raises(NotReady, match="he was released"):
            pause(case, people["isva"])


@pytest.mark.parametrize("days", [-1, 0, 57])
def test_the_step_down_review_lies_ahead_and_within_the_services_days(case, people, acting, days):
    with acting("isva"):
        review(case, people["isva"])
        with pytest.raises(NotReady, match="review must be"):
            pause(case, people["isva"], review_on=today() + dt.timedelta(days=days))


def test_a_step_down_is_proposed_once(case, people, acting):
    with acting("isva"):
        review(case, people["isva"])
        pause(case, people["isva"])
        with pytest.raises(NotReady, match="already"):
            pause(case, people["isva"])


def test_an_approved_step_down_moves_the_case_and_sets_its_review(case, people, acting):
    proposal = paused(case, people, acting)
    case.refresh_from_db()
    assert case.stage == Stage.STEPPED_DOWN
    assert case.next_review_on == proposal.review_on
    assert case.lead_isva == people["isva"]
    assert [p.kind for p in ReviewPoint.objects.filter(case=case, done_on__isnull=True)] == ["step_down"]
    assert live_grants(case).count() == 1


def test_coordinators_see_a_case_once_it_is_stepped_down(case, people, acting):
    with acting("coordinator"):
        assert not Case.objects.visible_to(people["coordinator"]).filter(pk=case.pk).exists()
    paused(case, people, acting)
    with acting("coordinator"):
        assert Case.objects.visible_to(people["coordinator"]).filter(pk=case.pk).exists()


def test_a_step_down_sent_back_needs_a_reason_and_leaves_the_case_where_it_is(case, people, acting):
    with acting("isva"):
        review(case, people["isva"])
        proposal = pause(case, people["isva"])
    with acting("manager"):
        with pytest.raises(NotReady, match="why"):
            decide_step_down(proposal, approve=False, reason=" ", by=people["manager"])
        decide_step_down(proposal, approve=False, reason="wait for the hearing", by=people["manager"])
    case.refresh_from_db()
    assert case.stage == Stage.ACTIVE
    assert StepDown.objects.get(case=case).decision_reason == "wait for the hearing"


def test_a_step_down_whose_review_date_has_passed_cannot_be_approved(case, people, acting):
    with acting("isva"):
        review(case, people["isva"])
        proposal = pause(case, people["isva"], review_on=today() + dt.timedelta(days=1))
    with acting("manager"), at(now() + dt.timedelta(days=2)), pytest.raises(NotReady, match="passed"):
        decide_step_down(proposal, approve=True, by=people["manager"])


def test_the_proposer_never_decides_not_even_past_the_functions(case, people, acting):
    with acting("manager"):
        review(case, people["manager"])
        proposal = pause(case, people["manager"])
        with pytest.raises(NotReady, match="another manager"):
            decide_step_down(proposal, approve=True, by=people["manager"])
        proposal.decided_by = people["manager"]
        with pytest.raises(IntegrityError), transaction.atomic():
            proposal.save()


def test_stepping_up_is_one_call_and_brings_a_review_within_two_working_days(people, rowan, acting):
    case = supported(people, rowan)
    proposal = paused(case, people, acting)
    with acting("coordinator"):
        step_up(case, by=people["coordinator"])
    case.refresh_from_db()
    proposal.refresh_from_db()
    assert case.stage == Stage.ACTIVE
    assert case.lead_isva == people["isva"]
    assert case.next_review_on == add_working_days(today(), 2)
    assert proposal.ended_at is not None
    assert [p.kind for p in ReviewPoint.objects.filter(case=case, done_on__isnull=True)] == ["sas"]


def test_stepping_up_withdraws_a_closure_that_waits(people, rowan, acting):
    case = supported(people, rowan, stage=Stage.STEPPED_DOWN)
    with acting("isva"):
        proposal = closure_proposed(case, people["isva"])
        step_up(case, by=people["isva"], reason="the case is going to court")
    proposal.refresh_from_db()
    assert proposal.decision == "withdrawn"


def test_only_a_stepped_down_case_is_stepped_up(case, people, acting):
    with acting("isva"), pytest.raises(NotReady):
        step_up(case, by=people["isva"])


# Closure


def test_closure_asks_for_the_final_review_first(case, people, acting):
    with acting("isva"):
        review(case, people["isva"], kind="review")
        with pytest.raises(NotReady, match="final"):
            propose_closure(case, ENDING, by=people["isva"])
        review(case, people["isva"], kind="final")
        assert propose_closure(case, ENDING, by=people["isva"]).is_planned


def test_a_review_after_the_final_one_asks_for_a_final_one_again(case, people, acting):
    with acting("isva"):
        review(case, people["isva"], kind="final")
        review(case, people["isva"], kind="review")
        with pytest.raises(NotReady, match="final"):
            ready_to_close(case)


@pytest.mark.parametrize("stage", [Stage.TRIAGE, Stage.INTERIM, Stage.ALLOCATION, Stage.CLOSED])
def test_only_a_case_that_an_isva_carries_is_closed_this_way(people, rowan, acting, stage):
    case = make_case(rowan, by=people["manager"], stage=stage)
    with acting("manager"), pytest.raises(NotReady):
        propose_closure(case, ENDING, by=people["manager"])


def make_safeguarding(case, by):
    SafeguardingConcern(case=case, who="other_child", what="x", raised_at=now(), recorded_by=by).save()


def make_urgent(case, by):
    UrgentAllocation(case=case, manager=by, reason="x", raised_at=now(), recorded_by=by).save()


def make_court(case, by):
    Appointment(case=case, at=now() + dt.timedelta(days=3), mode="court", worker=by, recorded_by=by).save()


def make_trial(case, by):
    case.trial_on = today()
    case.save(update_fields=["trial_on"])


def make_unheld(case, by):
    OnwardReferral(case=case, need="x", answer="no_service", unheld_risk=True, recorded_by=by).save()


OPEN_THINGS = [
    (make_safeguarding, "safeguarding concern is open"),
    (make_urgent, "urgent allocation"),
    (make_court, "court date is ahead"),
    (make_trial, "court date is ahead"),
    (make_unheld, "held by nobody"),
]


@pytest.mark.parametrize(("make", "words"), OPEN_THINGS)
def test_closure_is_refused_while_something_unsafe_is_open_and_says_what(case, people, acting, make, words):
    with acting("isva"):
        review(case, people["isva"], kind="final")
        make(case, people["isva"])
        with pytest.raises(NotReady, match=words):
            propose_closure(case, ENDING, by=people["isva"])
        assert not Closure.objects.exists()


def test_everything_that_is_open_is_named_at_once(case, people, acting):
    with acting("isva"):
        for make, _words in OPEN_THINGS:
            make(case, people["isva"])
        assert len(obstacles(case)) == 4


@pytest.mark.parametrize(("make", "words"), OPEN_THINGS)
def test_an_override_needs_a_reason_which_the_manager_reads(case, people, acting, make, words):
    with acting("isva"):
        review(case, people["isva"], kind="final")
        make(case, people["isva"])
        with pytest.raises(NotReady):
            propose_closure(case, replace(ENDING, override_reason="  "), by=people["isva"])
        closure = propose_closure(
            case, replace(ENDING, override_reason="held by the MASH"), by=people["isva"]
        )
    with acting("manager"):
        decide_closure(closure, approve=True, by=people["manager"])
    case.refresh_from_db()
    assert case.stage == Stage.CLOSED


def test_what_was_dealt_with_is_no_obstacle(case, people, acting):
    user = people["isva"]
    with acting("isva"):
        SafeguardingConcern(
            case=case, who="other_child", what="x", raised_at=now(), closed_on=today(), recorded_by=user
        ).save()
        UrgentAllocation(
            case=case, manager=user, reason="x", raised_at=now(), done_at=now(), recorded_by=user
        ).save()
        Appointment(case=case, at=long_ago(days=1), mode="court", worker=user, recorded_by=user).save()
        Appointment(
            case=case,
            at=now() + dt.timedelta(days=1),
            mode="court",
            worker=user,
            cancelled_at=now(),
            recorded_by=user,
        ).save()
        Appointment(
            case=case, at=now() + dt.timedelta(days=1), mode="phone", worker=user, recorded_by=user
        ).save()
        OnwardReferral(
            case=case, need="x", answer="no_service", unheld_risk=True, held_since=today(), recorded_by=user
        ).save()
        assert obstacles(case) == []


def test_something_unsafe_that_comes_up_after_the_proposal_stops_the_sign_off(case, people, acting):
    with acting("isva"):
        closure = closure_proposed(case, people["isva"])
        make_safeguarding(case, people["isva"])
    with acting("manager"):
        with pytest.raises(NotReady, match="come up"):
            decide_closure(closure, approve=True, by=people["manager"])
        decide_closure(closure, approve=False, reason="see to the concern", by=people["manager"])
    case.refresh_from_db()
    assert case.stage == Stage.ACTIVE


def test_the_client_is_told_how_to_come_back_unless_there_was_nobody_to_tell(case, people, acting):
    with acting("isva"):
        review(case, people["isva"], kind="final")
        with pytest.raises(NotReady, match="come back"):
            propose_closure(case, replace(ENDING, return_explained=False), by=people["isva"])
        ending = replace(ENDING, return_explained=False, reason="disengaged")
        assert not propose_closure(case, ending, by=people["isva"]).is_planned


def missed(case, by, *, days, mode="phone"):
    Contact(
        case=case,
        at=long_ago(days=days),
        mode=mode,
        attendance="did_not_attend",
        purpose="support",
        recorded_by=by,
    ).save()


LOST = Ending(
    reason="lost_contact",
    what_changed="not known",
    other_service_tried="the GP",
    welfare_decision="police asked",
)


@pytest.mark.parametrize(
    ("attempts", "words"),
    [
        ([], "at least 3 attempts"),
        ([(20, "phone"), (10, "text")], "at least 3 attempts"),
        ([(20, "phone"), (10, "phone"), (1, "phone")], "two different ways"),
        ([(3, "phone"), (2, "text"), (1, "email")], "over at least a week"),
    ],
)
def test_lost_contact_needs_varied_attempts_over_time(case, people, acting, attempts, words):
    with acting("isva"):
        review(case, people["isva"], kind="final")
        for days, mode in attempts:
            missed(case, people["isva"], days=days, mode=mode)
        with pytest.raises(NotReady, match=words):
            propose_closure(case, replace(LOST, override_reason="all the same"), by=people["isva"])


@pytest.mark.parametrize(
    ("name", "words"), [("other_service_tried", "other service"), ("welfare_decision", "welfare")]
)
def test_lost_contact_needs_another_services_help_and_a_welfare_decision(case, people, acting, name, words):
    with acting("isva"):
        review(case, people["isva"], kind="final")
        for days, mode in [(20, "phone"), (10, "text"), (1, "letter")]:
            missed(case, people["isva"], days=days, mode=mode)
        with pytest.raises(NotReady, match=words):
            propose_closure(case, replace(LOST, **{name: " "}), by=people["isva"])
        assert propose_closure(case, LOST, by=people["isva"]).reason == "lost_contact"


def test_attempts_before_the_client_was_last_reached_do_not_count_as_lost_contact(case, people, acting):
    with acting("isva"):
        review(case, people["isva"], kind="final")
        for days, mode in [(20, "phone"), (10, "text"), (1, "letter")]:
            missed(case, people["isva"], days=days, mode=mode)
        case.last_contact_at = long_ago(days=5)
        with pytest.raises(NotReady, match="there are 1"):
            propose_closure(case, LOST, by=people["isva"])


def test_the_proposer_never_signs_off_not_even_past_the_functions(case, people, acting):
    with acting("manager"):
        closure = closure_proposed(case, people["manager"])
        with pytest.raises(NotReady, match="another manager"):
            decide_closure(closure, approve=True, by=people["manager"])
        with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("update casework_closure set decided_by_id = recorded_by_id")


def test_a_closure_is_not_signed_off_once_the_case_has_moved_on(case, people, acting):
    with acting("isva"):
        closure = closure_proposed(case, people["isva"])
    with acting("manager"):
        move(case, to=Stage.ALLOCATION, by=people["manager"], reason="the ISVA left")
        with pytest.raises(NotReady, match="moved on"):
            decide_closure(closure, approve=True, by=people["manager"])
        decide_closure(closure, approve=False, reason="it was reallocated", by=people["manager"])
    assert case.stage == Stage.ALLOCATION


def test_a_decision_is_taken_once(case, people, acting):
    with acting("isva"):
        closure = closure_proposed(case, people["isva"])
    with acting("manager"):
        decide_closure(closure, approve=False, reason="a word is missing", by=people["manager"])
    with acting("second_manager"), pytest.raises(NotReady, match="decided already"):
        decide_closure(closure, approve=True, by=people["second_manager"])


def test_signing_off_closes_the_case_and_everything_that_hung_on_it(case, people, acting):
    user = people["isva"]
    with acting("isva"):
        Appointment(
            case=case, at=now() + dt.timedelta(days=2), mode="phone", worker=user, recorded_by=user
        ).save()
        Allocation(case=case, isva=user, allocated_at=now(), recorded_by=people["manager"]).save()
        closure = closure_proposed(case, user)
    with acting("manager"):
        decide_closure(closure, approve=True, by=people["manager"])
    case.refresh_from_db()
    assert case.stage == Stage.CLOSED
    assert case.retain_until == today().replace(year=today().year + 7)
    assert case.next_review_on is None
    assert live_grants(case).count() == 0
    assert not ReviewPoint.objects.filter(case=case, done_on__isnull=True).exists()
    assert not Appointment.objects.filter(case=case, cancelled_at__isnull=True).exists()
    assert not Allocation.objects.filter(case=case, ended_at__isnull=True).exists()
    with acting("isva"):
        assert not Case.objects.visible_to(user).filter(pk=case.pk).exists()


def test_the_record_of_a_child_is_kept_until_25_if_that_is_later(people, rowan):
    closed = dt.date(2027, 3, 1)
    child = supported(people, rowan, date_of_birth=dt.date(2016, 2, 29))
    adult = supported(people, rowan, date_of_birth=dt.date(2009, 3, 1))
    nearly = supported(people, rowan, date_of_birth=dt.date(2009, 3, 2))
    by_age = supported(people, rowan, age_given=10, age_given_on=dt.date(2027, 1, 15))
    assert retain_until(child, closed_on=closed) == dt.date(2041, 3, 1)
    assert retain_until(adult, closed_on=closed) == dt.date(2034, 3, 1)
    assert retain_until(nearly, closed_on=closed) == dt.date(2034, 3, 2)
    assert retain_until(by_age, closed_on=closed) == dt.date(2042, 1, 15)


# Reopening


def close(case, people, acting):
    with acting("isva"):
        closure = closure_proposed(case, people["isva"])
    with acting("manager"):
        return decide_closure(closure, approve=True, by=people["manager"])


def test_reopening_goes_on_with_the_same_record_and_keeps_the_earlier_closure(case, people, acting):
    closure = close(case, people, acting)
    with acting("manager"):
        reopen_case(case, reason="she asked to come back", by=people["manager"])
    case.refresh_from_db()
    closure.refresh_from_db()
    assert case.stage == Stage.TRIAGE
    assert (case.retain_until, case.lead_isva) == (None, None)
    assert closure.decision == "approved"
    assert closure.reopened_why == "she asked to come back"
    assert [e.stage for e in StageEntry.objects.filter(case=case)][-3:] == ["active", "closed", "triage"]


@pytest.mark.parametrize(("days", "allowed"), [(90, True), (91, False)])
def test_the_window_for_reopening_ends_on_its_last_day(case, people, acting, days, allowed):
    close(case, people, acting)
    with acting("manager"), at(now() + dt.timedelta(days=days)):
        if allowed:
            reopen_case(case, reason="x", by=people["manager"])
        else:
            with pytest.raises(NotReady, match="new case of the same client"):
                reopen_case(case, reason="x", by=people["manager"])


def test_a_case_closed_at_triage_can_be_reopened_too(people, rowan, acting):
    case = make_case(rowan, by=people["manager"], stage=Stage.CLOSED)
    with acting("manager"):
        reopen_case(case, reason="she called back", by=people["manager"])
    assert case.stage == Stage.TRIAGE


def test_an_open_case_is_not_reopened(case, people, acting):
    with acting("manager"), pytest.raises(NotReady):
        reopen_case(case, reason="x", by=people["manager"])


def test_a_reopened_case_can_be_closed_a_second_time(case, people, acting):
    close(case, people, acting)
    with acting("manager"):
        reopen_case(case, reason="x", by=people["manager"])
    assert Closure.objects.filter(case=case).count() == 1
    with acting("manager"), pytest.raises(NotReady):
        propose_closure(case, ENDING, by=people["manager"])


def test_what_ended_before_keeps_the_moment_at_which_it_ended(case, people, acting):
    """Closing and stepping up end what stands, and leave alone what had ended."""
    earlier = paused(case, people, acting)
    with acting("isva"):
        step_up(case, by=people["isva"])
    ended_at = StepDown.objects.get(pk=earlier.pk).ended_at
    with acting("manager"):
        allocation = Allocation(
            case=case, isva=people["isva"], allocated_at=long_ago(days=9), ended_at=long_ago(days=5), end_reason="moved",
            recorded_by=people["manager"],
        )  # fmt: skip
        allocation.save()
    with at(now() + dt.timedelta(days=20)):
        later = paused(case, people, acting)
        with acting("isva"):
            step_up(case, by=people["isva"])
        assert StepDown.objects.get(pk=later.pk).ended_at == now()
        assert StepDown.objects.get(pk=earlier.pk).ended_at == ended_at
    with at(now() + dt.timedelta(days=21)):
        close(case, people, acting)
    assert StepDown.objects.get(pk=earlier.pk).ended_at == ended_at
    allocation.refresh_from_db()
    assert allocation.end_reason == "moved"

"""Every outcome of triage leads to its stage, and says why where it cannot be chosen."""

import datetime as dt

import pytest
from django.db import IntegrityError, transaction

from casework import access
from casework.models import Case, Grant, JusticeUpdate, ReviewPoint, SafeguardingConcern, StageEntry
from isva.clock.moment import at
from isva.codes import JusticeStage, Risk, Specialism
from isva.pathway import Stage, WrongStage
from tests.factories import seeing_all
from tests.triage.making import WEDNESDAY, concern, screening, tried_enough
from triage.models import TriageAssessment, UrgentAllocation
from triage.refusals import Refused
from triage.stages import interim
from triage.stages.triage import Findings, close_waiting, complete_triage, note_referrer_told

pytestmark = pytest.mark.usefixtures("wednesday")

Outcome = TriageAssessment.Outcome


@pytest.fixture
def case(case_at, coordinator):
    return case_at(Stage.TRIAGE)


def complete(case, by, outcome, **more):
    more.setdefault("screening", screening())
    return complete_triage(case, outcome=outcome, reason="Spoken about with the client.", by=by, **more)


def standing_of(case) -> Case:
    return Case.objects.get(pk=case.pk)


def test_allocate_leads_to_the_managers_board(case, coordinator):
    complete(case, coordinator, Outcome.ALLOCATE, screening=screening(Risk.MEDIUM))
    found = standing_of(case)
    assert (found.stage, found.urgent, found.risk) == (Stage.ALLOCATION, False, Risk.MEDIUM)
    assert found.next_review_on == dt.date(2027, 3, 17)
    assert not UrgentAllocation.objects.exists()


def test_allocate_now_asks_a_named_manager(case, coordinator):
    complete(case, coordinator, Outcome.ALLOCATE_NOW, screening=screening(Risk.HIGH))
    found = standing_of(case)
    assert (found.stage, found.urgent) == (Stage.ALLOCATION, True)
    task = UrgentAllocation.objects.get(case=case)
    assert task.manager.name in ("Meera Maple", "Morgan Mallow")
    assert task.reason == "Spoken about with the client."


@pytest.mark.parametrize(("risk", "day"), [("high", 10), ("medium", 17), ("standard", 31)])
def test_interim_sets_a_review_by_risk_and_names_who_keeps_in_touch(case, coordinator, people, risk, day):
    complete(case, coordinator, Outcome.INTERIM, screening=screening(risk), interim_worker=coordinator)
    found = standing_of(case)
    assert (found.stage, found.interim_worker) == (Stage.INTERIM, coordinator)
    assert found.next_review_on == dt.date(2027, 3, day)
    assert ReviewPoint.objects.get(case=case, done_on__isnull=True).kind == ReviewPoint.Kind.INTERIM


def test_the_first_review_may_be_earlier_but_not_later_than_the_risk_allows(case, coordinator):
    how = {"screening": screening(Risk.HIGH), "interim_worker": coordinator}
    with pytest.raises(Refused, match="within 7 days"):
        complete(case, coordinator, Outcome.INTERIM, next_review_on=dt.date(2027, 3, 11), **how)
    assert standing_of(case).stage == Stage.TRIAGE
    assert not TriageAssessment.objects.exists()
    complete(case, coordinator, Outcome.INTERIM, next_review_on=dt.date(2027, 3, 5), **how)
    assert standing_of(case).next_review_on == dt.date(2027, 3, 5)


@pytest.mark.parametrize("outcome", [Outcome.ADVICE, Outcome.NOT_THIS_SERVICE, Outcome.DECLINED])
def test_an_outcome_that_ends_here_closes_the_record_with_a_retention_date(case, coordinator, outcome):
    assessment = complete(case, coordinator, outcome, where_to="A service in the next county.")
    found = standing_of(case)
    assert (found.stage, found.next_review_on, found.retain_until) == (
        Stage.CLOSED,
        None,
        dt.date(2034, 3, 3),
    )
    assert assessment.where_to == "A service in the next county."
    entry = StageEntry.objects.get(case=case, left_at__isnull=True)
    assert str(Outcome(outcome).label) in entry.reason


def test_not_this_service_says_where_to_go_instead(case, coordinator):
    with pytest.raises(Refused, match="nobody is turned away"):
        complete(case, coordinator, Outcome.NOT_THIS_SERVICE, where_to=" ")


def test_an_outcome_rests_on_a_screening_unless_there_was_nobody_to_ask(case, coordinator):
    with pytest.raises(Refused, match="Screen by domain"):
        complete(case, coordinator, Outcome.ALLOCATE, screening=None)
    complete(case, coordinator, Outcome.DECLINED, screening=None)
    assert standing_of(case).stage == Stage.CLOSED


def test_a_screening_looks_at_one_domain_at_least(case, coordinator):
    with pytest.raises(Refused, match="at least one domain"):
        complete(case, coordinator, Outcome.ALLOCATE, screening=type(screening())(risk="high"))


def test_unable_to_contact_is_refused_until_enough_was_tried(case, coordinator):
    with pytest.raises(Refused, match="0 of 3 attempts"):
        complete(case, coordinator, Outcome.UNABLE, screening=None)
    tried_enough(case, by=coordinator)
    assessment = complete(case, coordinator, Outcome.UNABLE, screening=None)
    assert standing_of(case).stage == Stage.CLOSED
    assert assessment.referrer_told_at is None


def test_that_the_referrer_was_told_is_noted_once(case, coordinator):
    tried_enough(case, by=coordinator)
    assessment = complete(case, coordinator, Outcome.UNABLE, screening=None)
    note_referrer_told(assessment, by=coordinator)
    with at(WEDNESDAY + dt.timedelta(days=1)):
        note_referrer_told(assessment, by=coordinator)
    assert assessment.referrer_told_at == WEDNESDAY


def test_what_was_found_stands_on_the_case(case, coordinator):
    findings = Findings(
        needs_beyond="Housing", justice_stage=JusticeStage.INVESTIGATION, readiness="alongside", urgency="soon",
        specialisms=[Specialism.COURT, Specialism.LGBT],
    )  # fmt: skip
    assessment = complete(case, coordinator, Outcome.ALLOCATE, findings=findings, concern=concern())
    found = standing_of(case)
    assert found.specialisms_needed == [Specialism.COURT, Specialism.LGBT]
    assert found.justice_stage == JusticeStage.INVESTIGATION
    assert JusticeUpdate.objects.get(case=case).since == WEDNESDAY.date()
    assert (assessment.needs_beyond, assessment.safeguarding) == (
        "Housing",
        TriageAssessment.Safeguarding.CHILD,
    )
    assert SafeguardingConcern.objects.get(case=case).closed_on is None


def test_a_justice_stage_that_did_not_change_leaves_no_update(case, coordinator):
    complete(case, coordinator, Outcome.ALLOCATE, findings=Findings(justice_stage=case.justice_stage))
    assert not JusticeUpdate.objects.filter(case=case).exists()


def test_a_manager_is_told_of_a_concern_where_the_case_is_urgent(case, coordinator):
    complete(case, coordinator, Outcome.ALLOCATE_NOW, concern=concern())
    raised = SafeguardingConcern.objects.get(case=case)
    assert raised.manager_told == UrgentAllocation.objects.get(case=case).manager


def test_a_triage_is_completed_once(case, coordinator):
    complete(case, coordinator, Outcome.ALLOCATE)
    with pytest.raises(WrongStage):
        complete(case, coordinator, Outcome.ALLOCATE)


@pytest.mark.parametrize("stage", [Stage.REFERRAL, Stage.ACTIVE, Stage.CLOSED])
def test_only_a_case_in_triage_is_triaged(case_at, coordinator, stage):
    case = case_at(stage)
    with seeing_all(case.service), pytest.raises(WrongStage):
        complete(case, coordinator, Outcome.ALLOCATE)


@pytest.mark.parametrize("stage", [Stage.INTERIM, Stage.ALLOCATION])
def test_somebody_who_waits_leaves_the_list_as_work_done(case_at, coordinator, stage):
    case = case_at(stage)
    interim.name_interim_worker(case, worker=coordinator, by=coordinator)
    interim.escalate_case(case, reason="Threats.", by=coordinator)
    close_waiting(case, outcome=Outcome.ADVICE, reason="Advice was enough.", by=coordinator)
    found = standing_of(case)
    assert (found.stage, found.interim_worker, found.urgent, found.next_review_on) == (
        Stage.CLOSED,
        None,
        False,
        None,
    )
    assert UrgentAllocation.objects.get(case=case).done_at == WEDNESDAY


def test_nobody_leaves_the_list_by_an_outcome_that_goes_on(case_at, coordinator):
    case = case_at(Stage.INTERIM)
    with pytest.raises(Refused):
        close_waiting(case, outcome=Outcome.ALLOCATE, reason="No.", by=coordinator)
    with pytest.raises(Refused, match="attempts"):
        close_waiting(case, outcome=Outcome.UNABLE, reason="No.", by=coordinator)


def test_the_interim_worker_loses_sight_when_the_record_is_closed(case_at, coordinator, people, acting):
    case = case_at(Stage.INTERIM)
    interim.name_interim_worker(case, worker=people["isva"], by=coordinator)
    with acting("isva"):
        assert Case.objects.visible_to(people["isva"]).filter(pk=case.pk).exists()
    close_waiting(case, outcome=Outcome.DECLINED, reason="They no longer wish it.", by=coordinator)
    with acting("isva"):
        assert not Case.objects.visible_to(people["isva"]).filter(pk=case.pk).exists()


@pytest.mark.parametrize("why", [Grant.Why.NAMED, Grant.Why.BREAK_GLASS, Grant.Why.COVER])
def test_a_coordinator_ends_every_grant_by_closing_whatever_it_was_given_for(case_at, people, acting, why):
    case = case_at(Stage.TRIAGE)
    with acting("manager"):
        access.grant(
            case, to=people["isva"], why=why, by=people["manager"], read_only=True, reason="a call",
            category="danger" if why is Grant.Why.BREAK_GLASS else "",
            until=None if why is Grant.Why.NAMED else WEDNESDAY + dt.timedelta(hours=1),
        )  # fmt: skip
    with acting("coordinator"):
        complete(case, people["coordinator"], Outcome.ADVICE)
    assert standing_of(case).stage == Stage.CLOSED
    with acting("isva"):
        assert not Case.objects.visible_to(people["isva"]).filter(pk=case.pk).exists()


def test_the_database_refuses_somebody_who_waits_without_a_review_date(case_at, coordinator):
    case = case_at(Stage.INTERIM)
    with pytest.raises(IntegrityError, match="nobody_waits_without_a_review_date"), transaction.atomic():
        Case.objects.filter(pk=case.pk).update(next_review_on=None)

"""Interim support: nobody waits unseen, and what gets worse is escalated."""

import datetime as dt

import pytest
from django.urls import reverse

from casework.access import declare_conflict
from casework.models import Case, Grant, ReviewPoint, SafeguardingConcern
from casework.safeguarding import raise_safeguarding
from casework.sas.recording import record_sas
from casework.stages.closure import reopen_case
from casework.standing import carry
from isva.accounts.models import Leave
from isva.clock.moment import at
from isva.codes import Risk
from isva.pathway import Stage, WrongStage
from isva.stale import ChangedMeanwhile, as_seen
from tests.factories import make_case, see_anew, seeing_all
from tests.triage.making import WEDNESDAY, concern, reached, screening
from triage.models import InterimReview, UrgentAllocation
from triage.people import manager_for, who_may_keep_in_touch
from triage.queries import waiting
from triage.refusals import Refused
from triage.stages import interim
from triage.stages.urgent import acknowledge_urgent
from triage.standing import recompute

pytestmark = pytest.mark.usefixtures("wednesday")


@pytest.fixture
def case(case_at, coordinator):
    return case_at(Stage.INTERIM)


def standing_of(case) -> Case:
    return Case.objects.get(pk=case.pk)


def test_a_check_in_screens_again_and_sets_the_next_review_by_risk(case, coordinator):
    review = reached(case, by=coordinator, information_pack_sent=True, signposted_to="A helpline")
    found = standing_of(case)
    assert (review.risk_before, review.risk, review.next_review_on) == (
        "standard",
        "standard",
        dt.date(2027, 3, 31),
    )
    assert (found.next_review_on, found.stage) == (review.next_review_on, Stage.INTERIM)
    assert review.screening.risk == Risk.STANDARD
    assert found.last_contact_at == found.first_contact_at == WEDNESDAY
    assert recompute(case)["next_review_on"] == found.next_review_on


def test_the_review_before_counts_as_done(case, coordinator):
    reached(case, by=coordinator)
    assert ReviewPoint.objects.filter(case=case, done_on=WEDNESDAY.date()).count() == 1
    assert ReviewPoint.objects.filter(case=case, done_on__isnull=True).count() == 1


def test_somebody_who_was_reached_is_screened(case, coordinator):
    with pytest.raises(Refused, match="Screen again"):
        interim.check_in(case, at=WEDNESDAY, method="phone", reached=True, by=coordinator)


def test_somebody_who_was_not_reached_keeps_their_risk_and_gets_a_new_day(case, coordinator):
    review = interim.check_in(case, at=WEDNESDAY, method="phone", reached=False, by=coordinator)
    assert (review.screening, review.risk) == (None, Risk.STANDARD)
    assert standing_of(case).last_contact_at is None


def test_a_check_in_that_breaks_the_clients_rule_needs_a_reason(case, coordinator):
    how = {"at": WEDNESDAY, "method": "text", "reached": False, "by": coordinator}
    with pytest.raises(Refused, match="safe to text"):
        interim.check_in(case, **how)
    assert (
        interim.check_in(case, **how, against_rule="They texted us first.").against_rule
        == "They texted us first."
    )


def test_no_review_is_put_beyond_what_the_risk_allows(case, coordinator):
    with pytest.raises(Refused, match="within 28 days"):
        reached(case, by=coordinator, next_review_on=dt.date(2027, 4, 1))
    with pytest.raises(Refused, match="today or later"):
        reached(case, by=coordinator, next_review_on=dt.date(2027, 3, 2))
    assert not InterimReview.objects.exists()
    assert reached(case, by=coordinator, next_review_on=dt.date(2027, 3, 4)).next_review_on == dt.date(
        2027, 3, 4
    )


def test_a_risk_that_rose_escalates_to_urgent_allocation(case, coordinator):
    reached(case, by=coordinator, risk=Risk.MEDIUM)
    found = standing_of(case)
    assert (found.stage, found.urgent, found.risk) == (Stage.ALLOCATION, True, Risk.MEDIUM)
    assert found.next_review_on == dt.date(2027, 3, 17)
    task = UrgentAllocation.objects.get(case=case)
    assert task.reason == "Risk rose from standard to medium."
    assert task.acknowledged_at is None


def test_a_risk_that_fell_escalates_nothing(case, coordinator):
    reached(case, by=coordinator, risk=Risk.HIGH)
    task = acknowledge_urgent(UrgentAllocation.objects.get(case=case), by=coordinator)
    with at(WEDNESDAY + dt.timedelta(days=1)):
        reached(case, by=coordinator, risk=Risk.STANDARD)
    task.refresh_from_db()
    assert task.acknowledged_at == WEDNESDAY


def test_a_new_safeguarding_concern_escalates_and_is_recorded(case, coordinator):
    review = reached(case, by=coordinator, concern=concern())
    assert review.new_safeguarding
    task = UrgentAllocation.objects.get(case=case)
    raised = SafeguardingConcern.objects.get(case=case)
    assert (raised.manager_told, raised.referred_to) == (task.manager, "Children’s services")
    assert standing_of(case).stage == Stage.ALLOCATION


def test_a_further_reason_is_added_to_the_one_task_and_asks_again(case, coordinator):
    reached(case, by=coordinator, risk=Risk.MEDIUM)
    acknowledge_urgent(UrgentAllocation.objects.get(case=case), by=coordinator)
    with at(WEDNESDAY + dt.timedelta(days=1)):
        reached(case, by=coordinator, risk=Risk.HIGH)
    task = UrgentAllocation.objects.get(case=case)
    assert task.reason.splitlines() == [
        "Risk rose from standard to medium.", "Risk rose from medium to high.",
    ]  # fmt: skip
    assert task.acknowledged_at is None


def test_somebody_can_be_made_urgent_by_hand(case, coordinator):
    task = interim.escalate_case(case, reason="Threats at the door.", by=coordinator)
    assert (task.recorded_by, task.reason) == (coordinator, "Threats at the door.")
    assert standing_of(case).urgent


def test_somebody_who_waits_for_allocation_stays_there_when_made_urgent(case_at, coordinator):
    case = case_at(Stage.ALLOCATION)
    interim.escalate_case(case, reason="Threats.", by=coordinator)
    assert (standing_of(case).stage, standing_of(case).urgent) == (Stage.ALLOCATION, True)


def test_the_manager_named_is_at_work_and_has_the_fewest_open(case_at, coordinator, people):
    first = interim.escalate_case(case_at(Stage.INTERIM), reason="One.", by=coordinator).manager
    second = interim.escalate_case(case_at(Stage.INTERIM), reason="Two.", by=coordinator).manager
    assert {first, second} == {people["manager"], people["second_manager"]}


def test_what_is_done_already_weighs_on_no_manager(case_at, coordinator, people, rowan):
    busy, idle = people["manager"], people["second_manager"]
    for manager, done_at in ((idle, WEDNESDAY), (idle, WEDNESDAY), (busy, None)):
        with seeing_all(rowan):
            UrgentAllocation(
                case=case_at(Stage.INTERIM), manager=manager, reason="One.", raised_at=WEDNESDAY, done_at=done_at,
                recorded_by=coordinator,
            ).save(force_insert=True)  # fmt: skip
    assert manager_for(case_at(Stage.INTERIM)) == idle


def test_a_manager_on_leave_is_not_asked_while_another_is_at_work(case, people, rowan):
    membership = people["manager"].memberships.get()
    Leave(
        service=rowan, membership=membership, kind=Leave.Kind.ANNUAL, first_day=WEDNESDAY.date(),
        last_day=WEDNESDAY.date(),
    ).save()  # fmt: skip
    assert manager_for(case) == people["second_manager"]


def test_a_manager_who_must_not_see_the_client_is_never_asked(case, people, coordinator):
    for key in ("manager", "second_manager"):
        declare_conflict(case.client, user=people[key], reason="A neighbour.", by=people[key])
    assert manager_for(case) is None
    with pytest.raises(Refused, match="no manager"):
        interim.escalate_case(case, reason="Threats.", by=coordinator)
    assert standing_of(case).stage == Stage.INTERIM


def test_an_isva_named_to_keep_in_touch_sees_the_record_until_another_is(case, people, coordinator, acting):
    interim.name_interim_worker(case, worker=people["isva"], by=coordinator)
    assert standing_of(case).interim_worker == people["isva"]
    interim.name_interim_worker(case, worker=people["second_isva"], by=coordinator)
    live = Grant.objects.filter(case=case, ended_at__isnull=True)
    assert [(grant.user, grant.why) for grant in live] == [(people["second_isva"], Grant.Why.INTERIM)]
    with acting("isva"):
        assert not Case.objects.visible_to(people["isva"]).filter(pk=case.pk).exists()


def test_who_names_somebody_over_a_colleagues_choice_is_told_so(case, people, coordinator):
    seen = as_seen(standing_of(case), ("interim_worker_id",))
    interim.name_interim_worker(case, worker=people["isva"], by=people["manager"], seen=seen)
    with pytest.raises(ChangedMeanwhile) as told:
        interim.name_interim_worker(case, worker=people["second_isva"], by=coordinator, seen=seen)
    assert standing_of(case).interim_worker == people["isva"]
    interim.name_interim_worker(case, worker=people["second_isva"], by=coordinator, seen=told.value.now)
    assert standing_of(case).interim_worker == people["second_isva"]


def test_somebody_who_sees_the_list_anyway_gets_no_grant(case, people, coordinator):
    interim.name_interim_worker(case, worker=people["manager"], by=coordinator)
    assert not Grant.objects.filter(case=case).exists()


def test_nobody_away_or_walled_off_or_of_another_service_keeps_in_touch(case, people, coordinator):
    declare_conflict(case.client, user=people["isva"], reason="A cousin.", by=people["isva"])
    Leave(
        service=case.service, membership=people["second_isva"].memberships.get(), kind=Leave.Kind.SICK,
        first_day=WEDNESDAY.date(), last_day=WEDNESDAY.date(),
    ).save()  # fmt: skip
    offered = {membership.user for membership in who_may_keep_in_touch(case)}
    assert people["trainee"] in offered
    for key in ("isva", "second_isva", "harbour_isva", "records_lead", "commissioner"):
        assert people[key] not in offered
        with pytest.raises(Refused):
            interim.name_interim_worker(case, worker=people[key], by=coordinator)


def test_a_case_sent_to_allocation_keeps_its_review_and_who_keeps_in_touch(case, coordinator):
    interim.name_interim_worker(case, worker=coordinator, by=coordinator)
    interim.send_to_allocation(case, reason="A place is free.", by=coordinator)
    found = standing_of(case)
    assert (found.stage, found.interim_worker) == (Stage.ALLOCATION, coordinator)
    assert found.next_review_on is not None


def test_an_urgent_case_is_put_back_by_a_managers_word_only(case, coordinator, people):
    interim.escalate_case(case, reason="Threats.", by=coordinator)
    with pytest.raises(Refused, match="Only a manager"):
        interim.return_to_interim(case, reason="Calm.", by=coordinator, may_allocate=False)
    interim.return_to_interim(case, reason="Calm.", by=people["manager"], may_allocate=True)
    found = standing_of(case)
    assert (found.stage, found.urgent, found.next_review_on) == (Stage.INTERIM, False, dt.date(2027, 3, 31))
    assert UrgentAllocation.objects.get(case=case).done_at == WEDNESDAY


@pytest.mark.parametrize("stage", [Stage.REFERRAL, Stage.TRIAGE, Stage.ACTIVE, Stage.CLOSED])
def test_nothing_of_this_is_done_to_somebody_who_does_not_wait(case_at, coordinator, stage):
    case = case_at(stage)
    for act in (
        lambda: reached(case, by=coordinator),
        lambda: interim.escalate_case(case, reason="No.", by=coordinator),
        lambda: interim.name_interim_worker(case, worker=coordinator, by=coordinator),
        lambda: interim.send_to_allocation(case, reason="No.", by=coordinator),
        lambda: interim.return_to_interim(case, reason="No.", by=coordinator, may_allocate=True),
    ):
        with seeing_all(case.service), pytest.raises(WrongStage):
            act()
    with seeing_all(case.service):
        assert standing_of(case).stage == stage


def test_the_list_is_ordered_by_urgency_then_risk_then_wait(case_at, coordinator, people, rowan):
    made = {}
    for name, risk, days in (
        ("calm", "standard", 9),
        ("old", "high", 8),
        ("new", "high", 2),
        ("middle", "medium", 30),
    ):
        with at(WEDNESDAY - dt.timedelta(days=days)):
            made[name] = make_case(rowan, by=coordinator, stage=Stage.INTERIM, name=name)
        carry(made[name], risk=risk)
    interim.escalate_case(made["calm"], reason="Threats.", by=coordinator)
    order = [case.client.name for case in waiting(coordinator).order_by("place", "waits_since", "id")]
    assert order == ["calm", "old", "new", "middle"]


def test_who_comes_back_waits_from_the_day_their_case_was_reopened(
    case_at, coordinator, people, rowan, signed_in
):
    manager = people["manager"]
    with at(WEDNESDAY - dt.timedelta(days=50)):
        back = make_case(rowan, by=coordinator, stage=Stage.CLOSED, name="Back Again")
    with at(WEDNESDAY - dt.timedelta(days=5)):
        make_case(rowan, by=coordinator, stage=Stage.INTERIM, name="Here Longer")
    with at(WEDNESDAY - dt.timedelta(days=2)):
        with seeing_all(rowan):
            reopen_case(back, reason="She rang.", by=manager)
        see_anew()
        interim.place_in_interim(back, worker=coordinator, reason="Nobody is free.", by=coordinator)
    order = [case.client.name for case in waiting(coordinator).order_by("place", "waits_since", "id")]
    assert order == ["Here Longer", "Back Again"]
    interim.send_to_allocation(back, reason="A place is free.", by=coordinator)
    for name, args in (("waiting_list", []), ("allocation_board", []), ("allocate_case", [back.pk])):
        page = signed_in("manager").get(reverse(name, args=args)).content.decode()
        assert "2 days" in page, name
        assert "7 weeks" not in page, name


def test_a_risk_that_rose_escalates_whichever_page_it_is_found_on(case, coordinator):
    record_sas(case, kind="screening", risk="high", scores=screening().scores, by=coordinator)
    found = standing_of(case)
    assert (found.stage, found.urgent) == (Stage.ALLOCATION, True)
    assert UrgentAllocation.objects.get(case=case).reason == "Risk rose from standard to high."


def test_a_concern_escalates_whichever_page_it_is_raised_on(case, coordinator):
    raise_safeguarding(
        case,
        who="other_child",
        what="A sister at home.",
        raised_at=WEDNESDAY,
        not_referred_why="Known.",
        by=coordinator,
    )
    assert UrgentAllocation.objects.get(case=case).reason == "A new safeguarding concern was raised."


def test_a_concern_about_somebody_who_is_supported_raises_no_urgent_allocation(case_at, coordinator):
    case = case_at(Stage.ACTIVE)
    with seeing_all(case.service):
        raise_safeguarding(
            case,
            who="other_child",
            what="A sister at home.",
            raised_at=WEDNESDAY,
            not_referred_why="Known.",
            by=coordinator,
        )
        record_sas(case, kind="full", risk="high", scores=screening().scores, by=coordinator)
        assert not UrgentAllocation.objects.exists()

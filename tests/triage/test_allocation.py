"""Allocation: what a manager may decide, what is kept of it, and what it gives and takes."""

import datetime as dt
import threading
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from casework import access
from casework.models import Appointment, Case, Grant, ReviewPoint, SasReview
from casework.standing import carry
from casework.timeline import entries
from isva.access.acting import act
from isva.accounts.models import Leave, Membership
from isva.clock.moment import LONDON, at, now, today
from isva.pathway import Stage, WrongStage
from tests.factories import make_case
from tests.racing import at_once
from triage import conflicts, cover
from triage.models import Allocation
from triage.refusals import Refused
from triage.stages import allocation, interim, urgent
from triage.stages.allocation import NeedsReason

pytestmark = pytest.mark.django_db

WEDNESDAY = dt.datetime(2027, 3, 3, 10, 0, tzinfo=LONDON)


@pytest.fixture
def manager(people, rowan):
    """Meera Maple, at work on a Wednesday morning."""
    with at(WEDNESDAY), act(people["manager"], rowan):
        yield people["manager"]


@pytest.fixture
def waiting(people, rowan, manager):
    """``waiting(preferred_worker_sex="female")`` – a case that waits for allocation; fields are the client's."""

    def make(**fields):
        return make_case(rowan, by=people["manager"], stage=Stage.ALLOCATION, **fields)

    return make


def first_choice(case):
    return allocation.advise(case).ranking.suggestions[0]


def give(case, isva, by, **how):
    return allocation.allocate_case(
        case,
        isva=isva,
        by=by,
        **{"reason": "Room, and the right area.", "override_reason": "Talked over.", **how},
    )


def sees(person, case):
    with act(person, case.service):
        return Case.objects.visible_to(person).filter(pk=case.pk).exists()


# The decision


def test_allocation_makes_support_active_and_sets_what_is_due(people, manager, waiting):
    case = waiting()
    made = give(case, people["isva"], manager)
    case.refresh_from_db()
    assert (case.stage, case.lead_isva, case.urgent, case.interim_worker) == (
        "active",
        people["isva"],
        False,
        None,
    )
    assert made.first_session_due_on == dt.date(2027, 3, 10)
    assert case.next_review_on == dt.date(2027, 3, 24)
    assert case.stageentry_set.get(left_at__isnull=True).reason == "Room, and the right area."


def test_the_ranking_the_reason_and_who_decided_are_kept(people, manager, waiting):
    case = waiting(area="Westbeck")
    access.declare_conflict(case.client, user=people["fourth_isva"], reason="a cousin", by=manager)
    made = give(case, people["isva"], manager, override_reason="Knows the school.")
    made.refresh_from_db()
    assert (made.recorded_by, made.reason, made.override_reason) == (
        manager, "Room, and the right area.", "Knows the school.",
    )  # fmt: skip
    assert made.ranking["suggestions"][0]["name"] == "Imran Ilex"
    assert any(one["name"] == "Isaac Iceplant" for one in made.ranking["excluded"])
    assert made.isva == people["isva"]


def test_the_isva_gains_sight_and_the_coordinator_loses_it(people, manager, waiting):
    case, iris, cora = waiting(), people["isva"], people["coordinator"]
    assert (sees(iris, case), sees(cora, case)) == (False, True)
    give(case, iris, manager)
    assert (sees(iris, case), sees(cora, case)) == (True, False)
    assert Grant.objects.get(case=case, ended_at__isnull=True).why == Grant.Why.ALLOCATION


def test_whoever_kept_in_touch_loses_what_it_gave_them(people, rowan, manager):
    case = make_case(rowan, by=manager, stage=Stage.INTERIM)
    interim.name_interim_worker(case, worker=people["second_isva"], by=manager)
    interim.send_to_allocation(case, reason="A place is free.", by=manager)
    assert sees(people["second_isva"], case)
    give(case, people["isva"], manager)
    assert not sees(people["second_isva"], case)
    assert access.grants_and_guardian_disagree(rowan) == []


def test_an_interim_worker_who_is_given_the_case_keeps_seeing_it(people, rowan, manager):
    case = make_case(rowan, by=manager, stage=Stage.INTERIM)
    interim.name_interim_worker(case, worker=people["isva"], by=manager)
    interim.send_to_allocation(case, reason="A place is free.", by=manager)
    give(case, people["isva"], manager)
    assert [one.why for one in access.live_grants(case)] == [Grant.Why.ALLOCATION]
    assert sees(people["isva"], case)


def test_waiting_is_over_its_review_is_done_and_the_urgent_task_too(people, rowan, manager):
    case = make_case(rowan, by=manager, stage=Stage.INTERIM)
    interim.escalate_case(case, reason="Threats.", by=manager)
    give(case, people["isva"], manager)
    assert not ReviewPoint.objects.filter(
        case=case, kind=ReviewPoint.Kind.INTERIM, done_on__isnull=True
    ).exists()
    assert urgent.open_urgent_allocation(case) is None
    assert ReviewPoint.objects.get(case=case, done_on__isnull=True).kind == ReviewPoint.Kind.SAS


@pytest.mark.parametrize(
    "stage", [Stage.REFERRAL, Stage.TRIAGE, Stage.INTERIM, Stage.STEPPED_DOWN, Stage.CLOSED]
)
def test_a_case_that_does_not_wait_for_allocation_cannot_be_allocated(people, rowan, manager, stage):
    case = make_case(rowan, by=manager, stage=stage, isva=people["chisva"])
    with pytest.raises(WrongStage, match="does not wait for allocation"):
        give(case, people["isva"], manager)
    case.refresh_from_db()
    assert case.stage == stage.value
    assert not Allocation.objects.filter(case=case).exists()


def test_the_second_manager_is_told_to_whom_the_case_went(people, manager, waiting):
    case = waiting()
    stale = Case.objects.get(pk=case.pk)
    give(case, people["isva"], manager)
    with pytest.raises(WrongStage, match="allocated in the meantime: to Iris Ivy, by Meera Maple"):
        give(stale, people["chisva"], people["second_manager"])
    assert not sees(people["chisva"], case)


def test_a_case_that_comes_back_to_allocation_is_allocated_anew_and_its_history_kept(
    people, rowan, manager, waiting
):
    from casework.moving import move

    case = waiting()
    give(case, people["isva"], manager)
    move(case, to=Stage.ALLOCATION, by=manager, reason="Iris leaves the service.")
    give(case, people["chisva"], manager)
    earlier, current = Allocation.objects.filter(case=case).order_by("recorded_at")
    assert earlier.ended_at
    assert (earlier.isva, current.isva, current.ended_at) == (people["isva"], people["chisva"], None)
    assert not sees(people["isva"], case)
    assert access.grants_and_guardian_disagree(rowan) == []


# What needs a reason, and what cannot be


def test_the_first_choice_needs_no_other_reason(people, manager, waiting):
    case = waiting()
    best = next(one for one in allocation.advise(case).loads if one.key == first_choice(case).worker.key)
    assert give(case, best.user, manager, override_reason="").override_reason == ""


def test_another_than_the_first_choice_needs_a_reason(people, manager, waiting):
    case = waiting(area="Eastmere")
    with pytest.raises(NeedsReason, match="Say why Imran Ilex, although the first suggestion is"):
        give(case, people["second_isva"], manager, override_reason="  ")
    assert give(case, people["second_isva"], manager).isva == people["second_isva"]


def test_a_preference_that_is_not_honoured_needs_a_reason(people, manager, waiting):
    case = waiting(preferred_worker_sex="female")
    with pytest.raises(NeedsReason, match="the client asked for a woman"):
        give(case, people["second_isva"], manager, override_reason="")


@pytest.mark.parametrize(
    ("key", "what"),
    [("isva_on_leave", "on leave until 13 March 2027"), ("isva", "at their cap: 1 open cases of 1"),
     ("trainee", "above their limit")],
)  # fmt: skip
def test_leave_cap_and_the_limit_of_a_trainee_can_be_overridden_with_a_reason(
    people, rowan, manager, waiting, key, what
):
    case = waiting()
    carry(case, complexity="medium")
    if key == "isva":
        profile = people["isva"].memberships.get().profile
        profile.caseload_cap = 1
        profile.save()
        make_case(rowan, by=manager, stage=Stage.ACTIVE, isva=people["isva"])
    if key == "isva_on_leave":
        Leave.objects.all().delete()
        Leave.objects.create(
            service=rowan, membership=people[key].memberships.get(), kind="annual", first_day=today(),
            last_day=today() + dt.timedelta(days=10),
        )  # fmt: skip
    with pytest.raises(NeedsReason, match=what):
        give(case, people[key], manager, override_reason="")
    assert give(case, people[key], manager).override_reason == "Talked over."


def test_a_conflict_can_never_be_overridden(people, manager, waiting):
    case = waiting()
    access.declare_conflict(case.client, user=people["isva"], reason="a cousin", by=manager)
    with pytest.raises(
        Refused, match="Iris Ivy cannot be given this case: a conflict is declared"
    ) as refusal:
        give(case, people["isva"], manager)
    assert not isinstance(refusal.value, NeedsReason)


@pytest.mark.parametrize("key", ["coordinator", "supervisor", "commissioner", "harbour_isva"])
def test_only_members_who_carry_cases_are_given_one(people, manager, waiting, key):
    with pytest.raises(Refused, match="does not carry cases in this service"):
        give(waiting(), people[key], manager)


def test_what_is_refused_leaves_nothing_behind(people, rowan, manager, waiting):
    case = waiting(preferred_worker_sex="female")
    with pytest.raises(NeedsReason):
        give(case, people["second_isva"], manager, override_reason="")
    case.refresh_from_db()
    assert case.stage == "allocation"
    assert not Grant.objects.filter(case=case).exists()
    assert not Allocation.objects.filter(case=case).exists()


def test_who_supported_the_person_before_comes_first(people, rowan, manager, waiting):
    case = waiting()
    give(case, people["fourth_isva"], manager)
    allocation.reallocate_case(
        case,
        isva=people["isva"],
        by=manager,
        reason="Hours changed.",
        handover_note="All well.",
        override_reason="x",
    )
    advice = allocation.advise(case)
    assert "Has supported this person before" in [
        reason.text for reason in advice.ranking.find(str(people["fourth_isva"].pk)).reasons
    ]


def test_the_effect_on_a_load_is_told_before_deciding(people, manager, waiting):
    case = waiting()
    carry(case, complexity="higher")
    advice = allocation.advise(case)
    before = advice.load(str(people["isva"].pk))
    count, weighted = advice.after(before)
    give(case, people["isva"], manager)
    then = allocation.advise(waiting()).load(str(people["isva"].pk))
    assert (count, weighted) == (then.open_count, then.weighted) == (1, Decimal(2))


def test_the_decision_is_on_the_timeline_with_its_reasons(people, manager, waiting):
    case = waiting(area="Westbeck")
    give(case, people["isva"], manager, override_reason="Knows the school.")
    told = next(one for one in entries(case) if one["kind_word"] == "Allocation")
    assert (told["headline"], told["by"]) == ("Allocated to Iris Ivy", "Meera Maple")
    assert "Why the advice was not followed: Knows the school." in told["body"]
    assert "First session due by 10 March 2027." in told["body"]


# Reallocation


@pytest.fixture
def carried(people, manager, waiting):
    """A case that Iris Ivy carries."""
    case = waiting()
    give(case, people["isva"], manager)
    return case


def hand_over(case, isva, by, **how):
    return allocation.reallocate_case(
        case, isva=isva, by=by,
        **{"reason": "Iris changes teams.", "handover_note": "A hearing in May.", "override_reason": "Talked over.", **how},
    )  # fmt: skip


def test_reallocation_changes_the_worker_and_not_the_stage(people, rowan, manager, carried):
    entered = carried.stage_since
    made, _appointments = hand_over(carried, people["chisva"], manager)
    carried.refresh_from_db()
    assert (carried.stage, carried.stage_since, carried.lead_isva) == ("active", entered, people["chisva"])
    assert made.handover_note == "A hearing in May."
    assert (sees(people["isva"], carried), sees(people["chisva"], carried)) == (False, True)
    assert access.grants_and_guardian_disagree(rowan) == []


def test_the_earlier_allocation_is_kept_with_why_it_ended(people, manager, carried):
    with at(WEDNESDAY + dt.timedelta(days=30)):
        hand_over(carried, people["chisva"], manager)
        moment = now()
    earlier = Allocation.objects.get(case=carried, isva=people["isva"])
    assert earlier.ended_at == moment
    assert earlier.end_reason == "Iris changes teams."
    told = [one["headline"] for one in entries(carried) if one["kind_word"] == "Allocation"]
    assert told == ["Given to another ISVA: Isla Indigo", "Allocated to Iris Ivy"]


def test_what_ended_before_keeps_its_day_and_its_reason(people, manager, carried):
    for days, key, reason in (
        (30, "chisva", "Iris changes teams."),
        (60, "second_isva", "Isla has too many."),
    ):
        with at(WEDNESDAY + dt.timedelta(days=days)):
            hand_over(carried, people[key], manager, reason=reason)
    told = Allocation.objects.filter(case=carried).order_by("allocated_at")
    assert [(one.isva, one.end_reason, one.ended_at and one.ended_at.date()) for one in told] == [
        (people["isva"], "Iris changes teams.", dt.date(2027, 4, 2)),
        (people["chisva"], "Isla has too many.", dt.date(2027, 5, 2)),
        (people["second_isva"], "", None),
    ]


def test_a_decision_makes_others_about_the_same_isva_wait_and_nobody_else(people, rowan, manager, waiting):
    case, theirs = waiting(), Membership.objects.get(user=people["isva"], service=rowan)
    with CaptureQueriesContext(connection) as asked:
        give(case, people["isva"], manager)
    [lock] = [
        one["sql"]
        for one in asked
        if "accounts_membership" in one["sql"] and "FOR NO KEY UPDATE" in one["sql"]
    ]
    assert list(Membership.objects.raw(lock)) == [theirs]
    assert all(key.hex in lock for key in (rowan.pk, people["isva"].pk))


def test_planned_appointments_go_with_the_case_and_past_ones_stay(people, manager, carried):
    for days in (-2, 2, 9):
        Appointment(
            case=carried,
            at=now() + dt.timedelta(days=days),
            mode="phone",
            worker=people["isva"],
            recorded_by=manager,
        ).save(force_insert=True)
    _made, appointments = hand_over(carried, people["chisva"], manager)
    assert appointments == 2
    assert list(carried.appointment_set.order_by("at").values_list("worker__name", flat=True)) == [
        "Iris Ivy", "Isla Indigo", "Isla Indigo",
    ]  # fmt: skip


def test_a_stepped_down_case_can_change_hands_and_weighs_a_quarter(people, rowan, manager):
    case = make_case(rowan, by=manager, stage=Stage.STEPPED_DOWN, isva=people["isva"])
    assert allocation.facts_of(case).weight == Decimal("0.25")
    hand_over(case, people["chisva"], manager)
    case.refresh_from_db()
    assert (case.stage, case.lead_isva) == ("stepped_down", people["chisva"])


def test_a_case_nobody_carries_cannot_be_reallocated(people, manager, waiting):
    with pytest.raises(WrongStage, match="Nobody carries this case"):
        hand_over(waiting(), people["isva"], manager)


def test_whoever_carries_the_case_is_not_given_it_again(people, manager, carried):
    with pytest.raises(WrongStage, match="Iris Ivy carries this case already"):
        hand_over(carried, people["isva"], manager)


# Cover


def plan(case, to, by, first=0, last=7, **how):
    return cover.cover_case(
        case, to=to, by=by, first_day=today() + dt.timedelta(days=first), last_day=today() + dt.timedelta(days=last),
        **{"reason": "Annual leave", **how},
    )  # fmt: skip


def test_cover_gives_sight_from_the_first_day_to_the_end_of_the_last(people, rowan, manager, carried):
    imran = people["second_isva"]
    given = plan(carried, imran, manager, first=2, last=3)
    assert (given.starts_at, given.until) == (
        dt.datetime(2027, 3, 5, tzinfo=LONDON), dt.datetime(2027, 3, 7, tzinfo=LONDON),
    )  # fmt: skip
    assert cover.last_day_of(given) == dt.date(2027, 3, 6)
    for moment, expected in ((4, False), (5, True), (6, True), (7, False)):
        with at(dt.datetime(2027, 3, moment, 9, 0, tzinfo=LONDON)):
            access.keep_grants_in_time(rowan)
            assert sees(imran, carried) == expected
    carried.refresh_from_db()
    assert carried.lead_isva == people["isva"]


def test_cover_from_today_is_seen_at_once_and_read_only_cover_cannot_write(people, rowan, manager, carried):
    plan(carried, people["second_isva"], manager, read_only=True)
    with act(people["second_isva"], rowan):
        assert Case.objects.visible_to(people["second_isva"]).exists()
        assert not Case.objects.changeable_by(people["second_isva"]).exists()


def test_new_days_take_the_place_of_a_cover_but_never_interrupt_it(people, manager, carried):
    imran = people["second_isva"]
    plan(carried, imran, manager, first=0, last=3)
    with pytest.raises(Refused, match="covers this case already: 3 to 6 March 2027"):
        plan(carried, imran, manager, first=2, last=9)
    longer = plan(carried, imran, manager, first=0, last=9)
    assert [one.pk for one in cover.covers_of(carried)] == [longer.pk]


def test_a_cover_without_an_end_is_shown_and_can_be_ended_too(people, rowan, manager, carried):
    given = access.grant(carried, to=people["chisva"], why=Grant.Why.COVER, by=manager)
    assert cover.days_of(given) == "from 3 March 2027"
    with pytest.raises(Refused, match="already: from 3 March 2027"):
        plan(carried, people["chisva"], manager, first=2)
    cover.end_cover(carried, cover=cover.covers_of(carried).get(), by=manager, reason="Enough.")
    assert not sees(people["chisva"], carried)


def test_two_people_may_cover_at_the_same_time(people, manager, carried):
    plan(carried, people["second_isva"], manager)
    plan(carried, people["chisva"], manager, first=3, last=20)
    assert [one.user.name for one in cover.covers_of(carried)] == ["Imran Ilex", "Isla Indigo"]


def test_a_cover_that_ends_early_takes_sight_at_once_and_is_on_the_timeline(people, manager, carried):
    given = plan(carried, people["second_isva"], manager)
    cover.end_cover(carried, cover=given, by=manager, reason="Iris is back.")
    assert not sees(people["second_isva"], carried)
    told = next(one for one in entries(carried) if one["kind_word"] == "Cover")
    assert told["headline"] == "Cover by Imran Ilex: 3 to 10 March 2027"
    assert "Ended early: Iris is back." in told["body"]


@pytest.mark.parametrize(
    "key", ["isva", "supervisor", "commissioner", "records_lead", "manager", "harbour_isva"]
)
def test_cover_is_for_colleagues_who_do_casework_and_do_not_have_the_case_already(
    people, manager, carried, key
):
    with pytest.raises(Refused, match="cannot cover this case"):
        plan(carried, people[key], manager)


def test_a_cover_that_has_not_begun_gives_way_to_other_days(people, manager, carried):
    plan(carried, people["second_isva"], manager, first=2, last=3)
    later = plan(carried, people["second_isva"], manager, first=5, last=9)
    assert [one.pk for one in cover.covers_of(carried)] == [later.pk]


def test_cover_is_offered_to_who_works_here_today(people, rowan, manager, carried):
    may = cover.who_may_cover(carried)
    assert {people[key] for key in ("second_isva", "chisva", "trainee")} <= set(may)
    people["second_isva"].is_active = False
    people["second_isva"].save()
    for key, change in (
        ("chisva", {"ends_on": today() - dt.timedelta(days=1)}),
        ("trainee", {"starts_on": today() + dt.timedelta(days=1)}),
    ):
        Membership.objects.filter(user=people[key], service=rowan).update(**change)
    gone = {people[key] for key in ("second_isva", "chisva", "trainee")}
    assert set(cover.who_may_cover(carried)) == set(may) - gone


def test_somebody_walled_off_cannot_cover(people, manager, carried):
    access.declare_conflict(carried.client, user=people["second_isva"], reason="a neighbour", by=manager)
    with pytest.raises(Refused, match="cannot cover"):
        plan(carried, people["second_isva"], manager)


@pytest.mark.parametrize(("first", "last"), [(-1, 3), (5, 4), (0, 400)])
def test_days_of_cover_that_cannot_be_are_refused_in_words(people, manager, carried, first, last):
    with pytest.raises(Refused):
        plan(carried, people["second_isva"], manager, first=first, last=last)


def test_a_closed_case_needs_no_cover(people, rowan, manager):
    with pytest.raises(WrongStage):
        plan(make_case(rowan, by=manager, stage=Stage.CLOSED), people["second_isva"], manager)


# Conflicts


def test_the_isva_who_is_walled_off_leaves_a_case_that_needs_another(people, manager, carried):
    access.declare_conflict(carried.client, user=people["isva"], reason="a cousin", by=manager)
    assert conflicts.left_without(carried.client, people["isva"]) == [
        "Iris Ivy carried this case and no longer sees it: it needs another ISVA."
    ]
    assert not sees(people["isva"], carried)


def test_whoever_kept_in_touch_and_is_walled_off_leaves_somebody_to_be_named(people, rowan, manager):
    case = make_case(rowan, by=manager, stage=Stage.INTERIM)
    interim.name_interim_worker(case, worker=people["second_isva"], by=manager)
    access.declare_conflict(case.client, user=people["second_isva"], reason="a neighbour", by=manager)
    assert "name somebody else" in conflicts.left_without(case.client, people["second_isva"])[0]


# Two at once


def deciding(case, isva, by):
    def one():
        with act(by, case.service):
            give(Case.objects.select_related("client", "service").get(pk=case.pk), isva, by)

    return one


@pytest.mark.usefixtures("transactional_db")
def test_two_managers_allocate_at_once_and_one_wins_and_the_other_is_told(people, rowan):
    case = make_case(rowan, by=people["manager"], stage=Stage.ALLOCATION)
    refused = at_once(
        deciding(case, people["isva"], people["manager"]),
        deciding(case, people["chisva"], people["second_manager"]),
    )
    assert [type(one) for one in refused] == [WrongStage]
    case.refresh_from_db()
    made = Allocation.objects.get(case=case)
    assert case.lead_isva == made.isva
    assert made.isva.name in str(refused[0])
    assert made.recorded_by.name in str(refused[0])
    assert [grant.user for grant in access.live_grants(case)] == [made.isva]
    assert access.grants_and_guardian_disagree(rowan) == []


@pytest.mark.usefixtures("transactional_db")
def test_two_cases_given_to_one_isva_at_once_see_each_others_weight(people, rowan):
    iris, by = people["isva"], people["manager"]
    profile = iris.memberships.get().profile
    with act(by, rowan):
        profile.caseload_cap = 1
        profile.save()
    cases = [make_case(rowan, by=by, stage=Stage.ALLOCATION) for _each in range(2)]

    assert at_once(*(deciding(case, iris, by) for case in cases)) == []
    kept = [
        one["why"]
        for made in Allocation.objects.all()
        for one in made.ranking["excluded"]
        if one["name"] == "Iris Ivy"
    ]
    assert kept == [["at their cap: 1 open cases of 1"]]  # the second saw what the first had done


@pytest.mark.usefixtures("transactional_db")
def test_a_record_that_is_added_meanwhile_does_not_stand_in_the_way_of_a_decision(people, rowan):
    """Both have written to the case before either decides: neither may wait for the other for ever."""
    case = make_case(rowan, by=people["manager"], stage=Stage.ALLOCATION)
    both_wrote = threading.Barrier(2)

    def writing_first(isva, by):
        decide = deciding(case, isva, by)

        def one():
            with act(by, rowan):
                case.note_set.model(case=case, text="Seen.", recorded_by=by).save(force_insert=True)
            both_wrote.wait(5)
            decide()

        return one

    refused = at_once(
        writing_first(people["isva"], people["manager"]),
        writing_first(people["chisva"], people["second_manager"]),
    )
    assert [type(one) for one in refused] == [WrongStage]
    assert SasReview.objects.count() == 0

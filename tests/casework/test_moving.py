"""How cases move: one map, one function, and stays that tile the time of a case."""

import datetime as dt
import itertools
import random

import pytest
from django.db import IntegrityError, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from casework.access import grant
from casework.models import Case, Grant, ReviewPoint, StageEntry
from casework.moving import move
from casework.opening import open_case
from casework.standing import set_review_point
from isva.access.acting import act
from isva.clock.moment import at, now, today
from isva.pathway import ONWARD, REVIEWED_STAGES, Stage, WrongStage, may_move
from tests.factories import make_case

pytestmark = pytest.mark.django_db


def go(case, to, by):
    """One move with what the stage asks for: a review point where one waits, an ISVA where one supports."""
    with_it = {}
    if to in REVIEWED_STAGES:
        kind = ReviewPoint.Kind.STEP_DOWN if to is Stage.STEPPED_DOWN else ReviewPoint.Kind.INTERIM
        set_review_point(case, kind=kind, due_on=today() + dt.timedelta(days=14), why="", by=by)
    if to is Stage.ACTIVE:
        with_it["lead_isva"] = by
    return move(case, to=to, by=by, reason="a walk", **with_it)


def assert_tiles(case):
    """The stays of a case follow one another without gap or overlap, and the last is the one it is in."""
    stays = list(StageEntry.objects.filter(case=case).order_by("entered_at", "recorded_at"))
    assert stays[0].stage == Stage.REFERRAL
    assert stays[0].entered_at == case.opened_at
    for earlier, later in itertools.pairwise(stays):
        assert earlier.left_at == later.entered_at
        assert may_move(here=earlier.stage, to=later.stage)
    assert [stay.left_at for stay in stays].count(None) == 1
    assert stays[-1].left_at is None
    row = Case.objects.get(pk=case.pk)
    assert row.stage == stays[-1].stage == case.stage
    assert row.stage_since == stays[-1].entered_at


#: Two thousand walks in all, by twenty walkers: what one transaction holds grows with each walk, and so does its price.
WALKERS, WALKS, STEPS = 20, 100, 3


@pytest.mark.parametrize("walker", range(WALKERS))
def test_thousands_of_random_walks_never_leave_the_map(people, services, walker):
    """Every walk tries moves at random, legal or not; the illegal ones are refused and change nothing."""
    manager, chance = people["manager"], random.Random(20261122 + walker)
    refused = moved = 0
    with act(manager, services["rowan"]):
        client = make_case(services["rowan"], by=manager).client
        for _ in range(WALKS):
            case = open_case(client=client, contacts=[], by=manager, reason="a walk begins")
            moment = now()
            for _ in range(STEPS):
                moment += dt.timedelta(minutes=chance.randint(0, 5000))
                here = Stage(case.stage)
                to = chance.choice([*Stage, *ONWARD[here], *ONWARD[here]])
                with at(moment):
                    if to in ONWARD[here]:
                        go(case, to, manager)
                        moved += 1
                    else:
                        with pytest.raises(WrongStage):
                            move(case, to=to, by=manager, reason="against the map")
                        refused += 1
            assert_tiles(case)
    assert moved > WALKS
    assert refused > WALKS / 2


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=st.lists(st.tuples(st.sampled_from(list(Stage)), st.integers(0, 10**6)), max_size=12))
def test_any_sequence_of_moves_leaves_one_current_stage_and_no_gap(people, services, steps):
    manager = people["manager"]
    with transaction.atomic(), act(manager, services["rowan"]):
        case = make_case(services["rowan"], by=manager)
        moment = now()
        for to, seconds in steps:
            moment += dt.timedelta(seconds=seconds)
            with at(moment):
                if may_move(here=case.stage, to=to):
                    go(case, to, manager)
        assert_tiles(case)
        transaction.set_rollback(True)


@pytest.mark.parametrize("here", list(Stage))
@pytest.mark.parametrize("to", list(Stage))
def test_a_case_moves_only_where_the_map_has_a_way(here, to, people, services):
    manager = people["manager"]
    case = make_case(services["rowan"], by=manager, stage=here, isva=people["isva"])
    with act(manager, services["rowan"]):
        if to in ONWARD[here]:
            go(case, to, manager)
            assert Case.objects.get(pk=case.pk).stage == to
        else:
            with pytest.raises(WrongStage) as refusal:
                move(case, to=to, by=manager, reason="")
            assert "cannot move" in str(refusal.value)
            assert Case.objects.get(pk=case.pk).stage == here


def test_a_case_cannot_be_allocated_before_triage(people, services):
    case = make_case(services["rowan"], by=people["manager"])
    with act(people["manager"], services["rowan"]), pytest.raises(WrongStage):
        move(case, to=Stage.ACTIVE, by=people["manager"], reason="", lead_isva=people["isva"])


def test_every_move_says_when_by_whom_and_why(people, services):
    case = make_case(services["rowan"], by=people["manager"])
    with act(people["coordinator"], services["rowan"]):
        move(case, to=Stage.TRIAGE, by=people["coordinator"], reason="It is my turn")
    entry = StageEntry.objects.get(case=case, left_at__isnull=True)
    assert (entry.recorded_by, entry.reason) == (people["coordinator"], "It is my turn")
    assert case.history.latest().history_user == people["coordinator"]


def test_the_database_refuses_two_stages_at_once(people, services):
    case = make_case(services["rowan"], by=people["manager"])
    with act(people["manager"], services["rowan"]), pytest.raises(IntegrityError), transaction.atomic():
        StageEntry(case=case, stage=Stage.TRIAGE.value, entered_at=now(), recorded_by=people["manager"]).save(
            force_insert=True
        )


def test_nothing_is_written_where_nobody_acts(people, services):
    from isva.access.acting import NobodyIsActing

    case = make_case(services["rowan"], by=people["manager"])
    with pytest.raises(NobodyIsActing), transaction.atomic():
        move(case, to=Stage.TRIAGE, by=people["manager"], reason="")


def test_a_grant_is_no_part_of_the_stage(people, services):
    case = make_case(services["rowan"], by=people["manager"], stage=Stage.TRIAGE)
    with act(people["manager"], services["rowan"]):
        grant(case, to=people["isva"], why=Grant.Why.COVER, by=people["manager"])
    assert Case.objects.get(pk=case.pk).stage == Stage.TRIAGE

"""The year played forward: a queue reckoned by hand, what must hold in every run, and what a change may and may not do."""

import random
from dataclasses import replace
from decimal import Decimal

import pytest

from reporting.lengths import lengths_of
from reporting.simulation import MONTH_ENDS, PACE, WEEKS, band, play, play_once, runs_for
from reporting.situation import Carried, Chances, Change, Kind, Situation, Worker, in_weeks
from tests.yardstick import yards

ONE = Decimal(1)
STANDARD, HIGH = Kind(False, 1, 0), Kind(False, 3, 0)
URGENT = Kind(True, 1, 0)
TEN_WEEKS = lengths_of([(10, True, 5)])


def queue(**told) -> Situation:
    """A service to which nobody comes, with one ISVA who may carry one case, and supports of ten weeks."""
    return Situation(
        **{
            "workers": (Worker(1),), "carried": (), "waiting": (), "in_triage": (), "arrivals": 0, "arrivals_weeks": 26,
            "joining": 0.0, "triage_weeks": 1.0, "kinds": ((STANDARD, 1),), "lengths": TEN_WEEKS, "leaving": 0.0,
            "weights": (ONE, ONE, ONE), "target": 12,
        } | told
    )  # fmt: skip


def made_up(seed: int, **told) -> Situation:
    """A service drawn at random, about as busy as its team can bear."""
    rng = random.Random(seed)
    workers = tuple(
        Worker(rng.randint(12, 40), rng.choice((2, 2, 2, 0)), rng.choice((0, 0, 6)))
        for _ in range(rng.randint(3, 8))
    )
    weights = (ONE, Decimal("1.5"), Decimal(2))
    carried = tuple(
        Carried(place, rng.choice(weights), rng.randrange(60))
        for place, one in enumerate(workers)
        for _ in range(int(one.cap * 0.9))
    )
    kind = lambda: Kind(rng.random() < 0.1, rng.randint(1, 3), rng.randrange(3))  # noqa: E731
    return Situation(
        **{
            "workers": workers, "carried": carried, "waiting": tuple((kind(), rng.uniform(0, 30)) for _ in range(30)),
            "in_triage": tuple(rng.uniform(0, 3) for _ in range(5)), "arrivals": rng.randint(60, 160), "arrivals_weeks": 26,
            "joining": 0.7, "triage_weeks": 1.4, "kinds": tuple((kind(), rng.randint(1, 9)) for _ in range(12)),
            "lengths": lengths_of(
                [(rng.randint(3, 90), True, 1) for _ in range(60)] + [(rng.randint(0, 120), False, 1) for _ in range(60)]
            ),
            "leaving": 0.01, "weights": weights, "target": 12,
        } | told
    )  # fmt: skip


CHANGES = [
    Change(), Change(leave=1), Change(join=2), Change(away=10, from_week=4), Change(referrals=40), Change(referrals=-60, cap=-3),
    Change(leave=2, join=1, away=3, referrals=10, cap=4, from_week=20), Change(cap=-50),
]  # fmt: skip


def test_a_queue_reckoned_by_hand():
    """One place. Its case has had 7 of 10 weeks and ends in week 3; then the higher risk, then who waited longer."""
    situation = queue(carried=(Carried(0, ONE, 7),), waiting=((STANDARD, 5.0), (HIGH, 2.0)))
    run = play_once(situation, Change(), Chances(situation, 1, 0))
    assert (run.taken, run.ended, run.supported, run.waiting) == (2, 3, 0, 0)
    assert run.weeks_waited == 3 + 13  # until weeks 3 and 13
    told = dict(zip(MONTH_ENDS, run.months, strict=True))
    #         waiting, half, nine of ten, part beyond 12 weeks, load, number beyond
    assert told[0] == (2, 2, 5, 0, 1, 0)
    assert told[4] == (1, 9, 9, 0, 1, 0)
    assert told[9] == (1, 14, 14, 1, 1, 1)
    assert told[13] == (0, 0, 0, 0, 1, 0)
    assert told[22] == (0, 0, 0, 0, 1, 0)
    assert told[26] == (0, 0, 0, 0, 0, 0)


def test_urgent_comes_before_risk_and_risk_before_the_wait():
    situation = queue(waiting=((STANDARD, 50.0), (HIGH, 20.0), (URGENT, 1.0)))
    run = play_once(situation, Change(), Chances(situation, 1, 0))
    waits = dict(zip(MONTH_ENDS, run.months, strict=True))
    assert waits[4][:2] == (2, 24)  # the urgent one is gone; 24 and 54 weeks
    assert waits[13][:2] == (1, 63)  # then the one at high risk; 50 + 13


def test_nobody_begins_with_more_people_in_a_week_than_the_pace():
    situation = queue(workers=(Worker(30),), waiting=tuple((STANDARD, 1.0) for _ in range(5)))
    run = play_once(situation, Change(), Chances(situation, 1, 0))
    assert run.weeks_waited == PACE * 1 + PACE * 2 + 3
    assert run.taken == 5


def test_a_heavy_case_waits_for_room_by_weight_and_a_lighter_one_goes_past_it():
    """Cap 2, so 3 points of room; 2 are taken. 2 more do not fit, 1 does, although it comes later in the order."""
    heavy, light = Kind(False, 3, 2), Kind(False, 1, 0)
    situation = queue(
        workers=(Worker(2),), carried=(Carried(0, Decimal(2), 4),), weights=(ONE, Decimal("1.5"), Decimal(2)),
        waiting=((heavy, 9.0), (light, 1.0)),
    )  # fmt: skip
    run = play_once(situation, Change(), Chances(situation, 1, 0))
    waits = dict(zip(MONTH_ENDS, run.months, strict=True))
    assert waits[4][:2] == (1, 13)  # the heavy one still waits
    assert waits[4][4] == 1.0  # 2 and 1 of 3
    assert waits[9][:1] == (0,)  # from week 6, when the first case has ended


def test_somebody_in_training_is_given_no_case_above_their_limit():
    situation = queue(workers=(Worker(5, most=0),), waiting=((Kind(True, 3, 2), 1.0), (STANDARD, 1.0)))
    run = play_once(situation, Change(), Chances(situation, 1, 0))
    assert (run.taken, run.waiting) == (1, 1)


def test_the_cases_of_whoever_leaves_go_to_the_others_even_past_their_cap():
    situation = queue(
        workers=(Worker(2), Worker(2)), lengths=lengths_of([(80, True, 5)]), waiting=((STANDARD, 1.0),),
        carried=tuple(Carried(place, ONE, 0) for place in (0, 0, 1, 1)),
    )  # fmt: skip
    run = play_once(situation, Change(leave=1), Chances(situation, 1, 0))
    assert (run.supported, run.ended, run.waiting) == (4, 0, 1)
    assert run.months[1][4] == 2.0  # four cases on one ISVA with a cap of two
    assert run.months[0][4] == 1.0  # today is as it is


def test_who_is_away_keeps_their_cases_and_takes_nobody_until_they_are_back():
    situation = queue(workers=(Worker(5),), carried=(Carried(0, ONE, 4),), waiting=((STANDARD, 1.0),))
    run = play_once(situation, Change(away=8), Chances(situation, 1, 0))
    assert run.weeks_waited == 9
    assert run.ended >= 1


def test_more_cannot_leave_than_there_are():
    situation = queue()
    with pytest.raises(ValueError, match="leave"):
        play_once(situation, Change(leave=1), Chances(situation, 1, 0))


def test_one_seed_gives_one_answer_and_another_seed_another():
    situation = made_up(3)
    again = [play(situation, Change(leave=1), runs=30, seed=seed) for seed in (1, 1, 2)]
    assert again[0] == again[1] != again[2]


@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize("change", CHANGES, ids=str)
def test_everybody_who_was_there_or_came_is_somewhere_at_the_end(seed, change):
    situation = made_up(seed)
    for one in range(5):
        run = play_once(situation, change, Chances(situation, seed, one))
        there = (
            run.in_triage + run.ended_at_triage + run.waiting + run.left_waiting + run.supported + run.ended
        )
        assert there == run.there + run.arrived
        assert run.arrived > 0
        assert len(run.months) == 13
        assert all(one >= 0 for month in run.months for one in month)


def test_nothing_changed_is_the_same_as_it_is():
    as_it_is, changed = play(made_up(4), Change(), Change(from_week=9), runs=40)
    assert as_it_is == changed


def test_today_is_the_same_whatever_changes():
    situation = made_up(4)
    for months in play(situation, *CHANGES, runs=10):
        assert months[0].waiting == band([30])


@pytest.mark.parametrize("seed", range(8))
@pytest.mark.parametrize(
    ("more", "less"),
    [(Change(join=1), Change()), (Change(cap=4), Change()), (Change(), Change(leave=1)), (Change(), Change(away=26)),
     (Change(referrals=-20), Change()), (Change(), Change(referrals=30))],
    ids=str,
)  # fmt: skip
def test_more_capacity_never_lengthens_the_wait_on_average(seed, more, less):
    situation = made_up(seed)
    waited: dict = {}
    for one in range(30):
        chances = Chances(situation, seed, one)
        for change in (more, less):
            waited[change] = waited.get(change, 0) + play_once(situation, change, chances).weeks_waited
    assert waited[more] <= waited[less]


def test_a_change_changes_nothing_before_it_begins():
    as_it_is, changed = play(made_up(5), Change(), Change(leave=1, referrals=80, from_week=30), runs=40)
    begun = [week > 30 for week in MONTH_ENDS]
    assert [a == b for a, b in zip(as_it_is, changed, strict=True)][: begun.index(True)] == [
        True
    ] * begun.index(True)
    assert as_it_is[-1] != changed[-1]


def test_referrals_come_at_the_rate_and_at_another_from_the_week_of_the_change():
    change = Change(referrals=100, from_week=10)
    assert in_weeks(20, rate=2, change=change) == 10
    assert in_weeks(24, rate=2, change=change) == 11  # four a week from then on
    assert in_weeks(24, rate=2, change=Change()) == 12


def test_as_many_are_referred_as_were():
    situation = queue(arrivals=104, arrivals_weeks=26)
    came = [play_once(situation, Change(), Chances(situation, 7, one)).arrived for one in range(300)]
    assert sum(came) / 300 == pytest.approx(4 * WEEKS, rel=0.03)
    assert play_once(situation, Change(referrals=50), Chances(situation, 7, 0)).arrived > came[0] * 1.3


def test_a_rate_from_few_referrals_spreads_the_runs_more_than_one_from_many():
    def spread(arrivals, weeks):
        situation = queue(arrivals=arrivals, arrivals_weeks=weeks)
        came = band(
            [play_once(situation, Change(), Chances(situation, 7, one)).arrived for one in range(200)]
        )
        return came.high - came.low

    assert spread(20, 5) > 1.3 * spread(400, 100)


def test_the_band_is_what_eight_of_ten_lie_between():
    told = band(range(1, 101))
    assert (told.low, told.middle, told.high) == (10, 50, 90)


def test_a_large_service_is_played_fewer_times():
    assert runs_for(made_up(1)) == 200
    assert 60 <= runs_for(replace(made_up(1), arrivals=900)) < 200


def test_two_hundred_years_beside_two_hundred_others_are_quick():
    situation = made_up(2)
    assert yards(lambda: play(situation, Change(), Change(leave=1))) < 40  # a second where a yard takes 25 ms

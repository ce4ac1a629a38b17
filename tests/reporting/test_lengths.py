"""How long support lasts, by hand: ended ones, open ones, and what lies past the longest."""

import random

import pytest

from reporting.lengths import NothingEnded, lengths_of


def test_without_open_ones_it_is_the_part_that_lasted_longer():
    assert lengths_of([(2, True, 1), (4, True, 3)]).lasting == pytest.approx((1, 1, 3 / 4, 3 / 4, 0))


def test_an_open_one_counts_as_long_as_it_was_seen_and_never_as_ended():
    """Of three, one ends in week 2 and one in week 4; the third is last seen in week 3: then one of one ends in week 4."""
    assert lengths_of([(2, True, 1), (3, False, 1), (4, True, 1)]).lasting == pytest.approx(
        (1, 1, 2 / 3, 2 / 3, 0)
    )


def test_leaving_open_ones_out_would_make_support_look_shorter():
    ended = [(week, True, 1) for week in range(2, 20)]
    assert lengths_of([*ended, (30, False, 20)]).median is None
    assert lengths_of(ended).median == 10


def test_where_nothing_ended_nothing_can_be_told():
    with pytest.raises(NothingEnded):
        lengths_of([(5, False, 4)])


def test_what_is_drawn_is_spread_as_what_was_seen():
    lengths, rng = lengths_of([(2, True, 1), (4, True, 3)]), random.Random(1)
    drawn = [lengths.draw(rng.random()) for _ in range(4000)]
    assert set(drawn) == {2, 4}
    assert drawn.count(2) / len(drawn) == pytest.approx(0.25, abs=0.03)


def test_who_has_been_supported_for_some_weeks_ends_later_than_that():
    lengths, rng = lengths_of([(2, True, 5), (8, True, 1), (20, False, 3)]), random.Random(1)
    for after in (0, 1, 2, 7, 8, 19, 20, 60):
        assert all(lengths.draw(rng.random(), after=after) > after for _ in range(300))


def test_past_the_longest_support_ends_at_the_rate_of_all():
    lengths, rng = lengths_of([(10, True, 10), (10, False, 10)]), random.Random(1)
    assert lengths.rate == pytest.approx(10 / 200)
    beyond = [week - 10 for _ in range(6000) if (week := lengths.draw(rng.random())) > 10]
    assert len(beyond) / 6000 == pytest.approx(0.5, abs=0.03)
    assert sum(beyond) / len(beyond) == pytest.approx(20, rel=0.08)


@pytest.mark.parametrize("chance", [0.0, 1e-300, 0.5, 1.0])
def test_any_chance_gives_a_week(chance):
    lengths = lengths_of([(3, True, 2), (9, False, 1)])
    assert 1 <= lengths.draw(chance) < 10_000
    assert 9 < lengths.draw(chance, after=9) < 10_000

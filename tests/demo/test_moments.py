"""When things happen in the fictional story: one after the other, on whatever day and hour it is built."""

import datetime as dt
import random

from hypothesis import given
from hypothesis import strategies as st

from isva.clock.moment import LONDON
from isva.demo.stage import Ground

#: A week with a weekend in it, by minutes.
MONDAY = dt.datetime(2026, 11, 23, tzinfo=LONDON)


@given(present=st.integers(0, 7 * 24 * 60), minutes_ago=st.integers(1, 4 * 24 * 60), seed=st.integers(0, 99))
def test_what_follows_comes_after_what_was_before_and_before_the_present(present, minutes_ago, seed):
    now = MONDAY + dt.timedelta(minutes=present)
    unused = dict.fromkeys(("key", "service", "people", "ledger", "instrument", "names", "phones", "intake"))
    ground = Ground(**unused, rng=random.Random(seed), now=now)
    moment = now - dt.timedelta(minutes=minutes_ago)
    for _step in range(4):
        following = ground.at_work(moment)
        assert moment < following < now
        moment = following

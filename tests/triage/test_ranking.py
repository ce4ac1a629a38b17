"""The suggestion on the allocation board: what counts, what leaves somebody out, and that it can be trusted."""

import datetime as dt
from dataclasses import replace
from decimal import Decimal

from hypothesis import assume, given
from hypothesis import strategies as st

from isva.codes import Complexity, Language, Risk, Specialism
from triage.ranking import CaseFacts, Exclusion, Suggestion, Worker, exact_points_words, points_words, rank

AREAS = ("Eastmere", "Northfold", "Westbeck")


def worker(key, **facts):
    return Worker(key=key, name=facts.pop("name", key.title()), **facts)


def order(ranking):
    return [one.worker.key for one in ranking.suggestions]


def texts(found):
    return " ".join(reason.text for reason in found.reasons)


some_workers = st.lists(
    st.builds(
        Worker,
        key=st.text("abcdefgh", min_size=1, max_size=4), name=st.sampled_from(["Ada", "Bea", "Cyd"]),
        open_count=st.integers(0, 40), weighted=st.decimals(0, 70, places=2), cap=st.integers(0, 40),
        capacity=st.decimals(0, 60, places=1),
        specialisms=st.frozensets(st.sampled_from(Specialism.values), max_size=3),
        languages=st.frozensets(st.sampled_from(Language.values), max_size=3),
        areas=st.frozensets(st.sampled_from(AREAS), max_size=2), sex=st.sampled_from(["", "female", "male"]),
        trainee=st.booleans(), leave_until=st.none() | st.just(dt.date(2027, 3, 3)),
        leave_from=st.none() | st.just(dt.date(2027, 3, 20)), court_days=st.integers(0, 9),
        near_trial=st.integers(0, 9), conflicted=st.booleans(),
    ),
    max_size=8, unique_by=lambda one: one.key,
)  # fmt: skip
some_case = st.builds(
    CaseFacts,
    risk=st.sampled_from(Risk.values), complexity=st.sampled_from(Complexity.values),
    weight=st.decimals("0.25", 3, places=2), specialisms=st.frozensets(st.sampled_from(Specialism.values), max_size=3),
    is_child=st.booleans(), language=st.sampled_from(Language.values),
    preferred_language=st.sampled_from(["", "urdu", "welsh"]),
    preferred_sex=st.sampled_from(["", "female", "male", "no_preference"]), area=st.sampled_from(["", *AREAS]),
    trainee_limit=st.sampled_from(Complexity.values), interim_worker=st.sampled_from(["", "a", "b"]),
    carried_by=st.sampled_from(["", "a", "c"]),
)  # fmt: skip


@given(some_case, some_workers)
def test_everybody_is_weighed_once_and_nobody_who_is_left_out_is_ranked(case, workers):
    ranking = rank(case, workers)
    suggested, left_out = order(ranking), [one.worker.key for one in ranking.excluded]
    assert sorted(suggested + left_out) == sorted(one.key for one in workers)
    assert not set(suggested) & set(left_out)
    for one in workers:
        if one.conflicted or one.leave_until or one.open_count >= one.cap or one.key == case.carried_by:
            assert one.key in left_out


@given(some_case, some_workers, st.randoms())
def test_the_order_depends_on_the_facts_and_not_on_the_order_of_asking(case, workers, chance):
    shuffled = list(workers)
    chance.shuffle(shuffled)
    assert rank(case, shuffled) == rank(case, workers)


@given(
    some_case, some_workers, st.integers(0, 7), st.integers(0, 5), st.decimals(0, 9, places=2), st.integers(0, 3),
    st.integers(0, 3),
)  # fmt: skip
def test_more_load_never_ranks_higher_all_else_equal(case, workers, which, cases, points, court, trials):
    assume(workers)
    before = workers[which % len(workers)]
    heavier = replace(
        before, open_count=before.open_count + cases, weighted=before.weighted + points,
        court_days=before.court_days + court, near_trial=before.near_trial + trials,
    )  # fmt: skip
    then = order(rank(case, [heavier if one is before else one for one in workers]))
    now = order(rank(case, workers))
    if before.key in then:
        assert then.index(before.key) >= now.index(before.key)


@given(some_case, some_workers)
def test_every_point_is_explained_and_adds_up(case, workers):
    for one in rank(case, workers).suggestions:
        assert one.points == sum(reason.points for reason in one.reasons_for + one.reasons_against)
        assert all(reason.text for reason in one.reasons)


@given(some_case, some_workers)
def test_only_a_conflict_or_carrying_the_case_already_cannot_be_overridden(case, workers):
    for one in rank(case, workers).excluded:
        assert one.why
        assert one.final == (one.worker.conflicted or one.worker.key == case.carried_by)


@given(some_case, some_workers)
def test_following_the_advice_needs_no_reason_unless_the_client_asked_for_something_else(case, workers):
    ranking = rank(case, workers)
    for one in ranking.suggestions:
        expected = (not ranking.is_first_choice(one.worker.key)) or bool(one.unmet)
        assert bool(ranking.to_answer_for(one.worker.key)) == expected
    for one in ranking.excluded:
        assert ranking.to_answer_for(one.worker.key)


def test_a_child_goes_to_a_childrens_isva_before_anybody_with_more_room():
    busy = worker("chisva", open_count=28, weighted=Decimal(40), specialisms=frozenset({Specialism.CHILDREN}))
    free = worker("isva")
    assert order(rank(CaseFacts(is_child=True), [free, busy])) == ["chisva", "isva"]


def test_an_adult_leaves_the_places_for_children_free():
    chisva = worker("chisva", specialisms=frozenset({Specialism.CHILDREN}))
    assert order(rank(CaseFacts(), [chisva, worker("isva")])) == ["isva", "chisva"]


def test_complexity_counts_and_not_the_number_of_cases_alone():
    many_light = worker("many", open_count=20, weighted=Decimal(20))
    few_heavy = worker("few", open_count=15, weighted=Decimal(30))
    assert order(rank(CaseFacts(), [few_heavy, many_light])) == ["many", "few"]


def test_a_specialism_weighs_more_where_the_risk_is_high():
    needed = frozenset({Specialism.HONOUR})
    expert = worker("expert", specialisms=needed)
    for risk, points in ((Risk.STANDARD, 12), (Risk.HIGH, 18)):
        found = rank(CaseFacts(risk=risk, specialisms=needed), [expert]).find("expert")
        assert [r.points for r in found.reasons if "Specialism" in r.text] == [points]


def test_the_client_who_asks_for_a_woman_is_suggested_a_woman():
    woman, man = worker("woman", sex="female", open_count=20, weighted=Decimal(25)), worker("man", sex="male")
    ranking = rank(CaseFacts(preferred_sex="female"), [man, woman])
    assert order(ranking) == ["woman", "man"]
    assert ranking.to_answer_for("woman") == ()
    assert "the client asked for a woman" in ranking.to_answer_for("man")


def test_a_preference_nobody_meets_has_to_be_answered_for_even_with_the_first_choice():
    ranking = rank(CaseFacts(preferred_language="welsh"), [worker("only", languages=frozenset({"english"}))])
    assert ranking.to_answer_for("only") == ("the client asked for somebody who speaks Welsh",)


def test_of_two_with_the_same_points_either_is_the_first_choice():
    ranking = rank(CaseFacts(), [worker("a"), worker("b")])
    assert ranking.is_first_choice("a")
    assert ranking.is_first_choice("b")


def test_a_trainee_is_left_out_above_their_limit_and_warned_of_below_it():
    trainee = worker("trainee", trainee=True)
    above = rank(CaseFacts(complexity=Complexity.MEDIUM), [trainee]).find("trainee")
    assert isinstance(above, Exclusion)
    assert "in training, and the case is above their limit (medium complexity)" in above.why
    below = rank(CaseFacts(risk=Risk.HIGH), [trainee]).find("trainee")
    assert isinstance(below, Suggestion)
    assert "In training; the risk is high" in texts(below)


def test_a_weighted_load_can_be_full_before_the_number_is():
    found = rank(CaseFacts(weight=Decimal(2)), [worker("a", open_count=26, weighted=Decimal("51.5"))]).find(
        "a"
    )
    assert found.why == ("weighted load full: 53.5 with this case, of 52.5",)


def test_leave_cap_and_training_are_all_named_and_a_reason_can_override_them():
    tired = worker("a", open_count=35, leave_until=dt.date(2027, 3, 3), trainee=True)
    found = rank(CaseFacts(complexity=Complexity.HIGHER), [tired]).find("a")
    assert len(found.why) == 3
    assert found.why[0] == "on leave until 3 March 2027"
    assert not found.final


def test_who_knows_the_person_comes_first_of_equals():
    facts = CaseFacts(supported_before_by=frozenset({"b"}))
    assert order(rank(facts, [worker("a"), worker("b")])) == ["b", "a"]
    assert order(rank(CaseFacts(interim_worker="b"), [worker("a"), worker("b")])) == ["b", "a"]


def test_a_worker_of_no_named_area_works_everywhere():
    here, everywhere, elsewhere = (
        worker("here", areas=frozenset({"Eastmere"})), worker("everywhere"), worker("elsewhere", areas=frozenset({"Westbeck"}))
    )  # fmt: skip
    assert order(rank(CaseFacts(area="Eastmere"), [elsewhere, everywhere, here])) == [
        "here",
        "everywhere",
        "elsewhere",
    ]


def test_nobody_to_ask_is_no_suggestion_and_no_failure():
    ranking = rank(CaseFacts(), [])
    assert ranking.suggestions == ranking.excluded == ()
    assert ranking.to_answer_for("nobody") == ()
    assert not ranking.is_first_choice("nobody")


def test_the_ranking_is_kept_in_words_that_can_be_read_without_it():
    ranking = rank(
        CaseFacts(), [worker("a", name="Iris Ivy"), worker("b", name="Imran Ilex", conflicted=True)]
    )
    kept = ranking.kept()
    assert kept["suggestions"][0]["name"] == "Iris Ivy"
    assert kept["suggestions"][0]["reasons"][0]["text"].startswith("Room:")
    assert kept["excluded"] == [
        {"isva": "b", "name": "Imran Ilex", "why": ["a conflict is declared with this client"]}
    ]


def test_points_are_written_as_people_write_them():
    assert [points_words(Decimal(text)) for text in ("10", "12.50", "14.375", "0")] == [
        "10",
        "12.5",
        "14.4",
        "0",
    ]
    assert exact_points_words(Decimal("0.3750")) == "0.375"

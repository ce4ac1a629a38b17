"""Safety and Support: what a review records, what follows from it, and how its form speaks."""

import datetime as dt
import json

import pytest

from casework.forms.sas import ReviewForm, SasForm
from casework.models import (
    Agency,
    AgencyConsent,
    ComplexityReading,
    Contact,
    OnwardReferral,
    ReviewPoint,
    SafeguardingConcern,
    SasReview,
)  # fmt: skip
from casework.sas import trends
from casework.sas.complexity import complexity_parts, reckon_complexity
from casework.sas.history import latest_review, scores_of
from casework.sas.instruments import instrument_in_use, load_instrument
from casework.sas.recording import next_kind, record_sas, review_after_change
from casework.standing import recompute
from isva.clock.moment import at, now, today
from isva.clock.terms import number_now
from isva.clock.working_days import add_working_days
from isva.pathway import Stage, WrongStage
from tests.casework.endings import review, scores, supported
from tests.factories import long_ago, make_case

pytestmark = pytest.mark.django_db


def answers(form, **other):
    given = {"risk": "high", "judgement": "he knows where she works", "client_view": "I want to sleep"}
    for row in form.domain_rows:
        for measure in row["measures"]:
            given[measure.html_name] = "1"
    return given | other


def test_a_review_sets_risk_complexity_and_the_day_of_the_next_by_the_services_days(people, rowan, acting):
    case = supported(people, rowan)
    with acting("isva"):
        record_sas(case, kind="full", risk="high", scores=scores(risk=2), by=people["isva"])
    case.refresh_from_db()
    assert case.risk == "high"
    assert case.complexity_score == 12 * 2 * 2 + 12 - 12 * 2
    assert case.next_review_on == today() + dt.timedelta(days=number_now(rowan, "sas_days_high"))


@pytest.mark.parametrize(("risk", "days"), [("high", 28), ("medium", 42), ("standard", 56)])
def test_the_next_review_follows_the_risk(people, rowan, acting, risk, days):
    case = supported(people, rowan)
    with acting("isva"):
        review(case, people["isva"], risk=risk)
    assert case.next_review_on == today() + dt.timedelta(days=days)


def test_what_the_case_carries_is_what_a_second_computation_finds(people, rowan, acting):
    case = supported(people, rowan)
    with acting("isva"):
        review(case, people["isva"], risk="medium")
        review_after_change(case, why="release", by=people["isva"])
        review(case, people["isva"], risk="high")
    case.refresh_from_db()
    assert {name: getattr(case, name) for name in recompute(case)} == recompute(case)


def test_an_older_review_recorded_late_does_not_change_the_risk_of_today(people, rowan, acting):
    case = supported(people, rowan)
    with acting("isva"):
        review(case, people["isva"], risk="high")
        due = case.next_review_on
        record_sas(
            case,
            kind="review",
            risk="standard",
            scores=scores(0, 0),
            by=people["isva"],
            reviewed_at=long_ago(days=3),
        )
    case.refresh_from_db()
    assert (case.risk, case.next_review_on) == ("high", due)


def test_a_review_of_the_same_minute_is_heeded_though_its_time_was_typed_without_seconds(
    people, rowan, acting
):
    with acting("isva"):
        case = supported(people, rowan)
        half_past = now().replace(second=30, microsecond=0)
        for risk, moment in (("standard", half_past), ("high", half_past.replace(second=0))):
            record_sas(
                case,
                kind="review",
                risk=risk,
                scores=scores(),
                judgement="x",
                by=people["isva"],
                reviewed_at=moment,
            )
        assert case.risk == "high"
        assert latest_review(case).risk == "high"


def test_a_change_brings_the_review_forward_to_two_working_days(people, rowan, acting):
    case = supported(people, rowan)
    with acting("isva"):
        review(case, people["isva"])
        point = review_after_change(case, why="he was released", by=people["isva"])
        assert point.due_on == add_working_days(today(), 2)
        assert case.next_review_on == point.due_on
        assert review_after_change(case, why="later", by=people["isva"]).why == "he was released"
        assert ReviewPoint.objects.filter(case=case, kind="sas", done_on__isnull=True).count() == 1


def test_a_change_does_not_move_the_interim_review_of_somebody_who_waits(people, rowan, acting):
    case = make_case(rowan, by=people["manager"], stage=Stage.INTERIM)
    with acting("coordinator"):
        assert review_after_change(case, why="x", by=people["coordinator"]) is None


def test_a_review_while_stepped_down_sets_the_next_step_down_review(people, rowan, acting):
    case = supported(people, rowan, stage=Stage.STEPPED_DOWN)
    with acting("isva"):
        review_after_change(case, why="a call", by=people["isva"])
        review(case, people["isva"])
        ahead = ReviewPoint.objects.get(case=case, done_on__isnull=True)
    assert (ahead.kind, ahead.due_on) == (
        "step_down",
        today() + dt.timedelta(days=number_now(rowan, "step_down_days")),
    )


def test_a_closed_case_takes_no_review(people, rowan, acting):
    case = make_case(rowan, by=people["manager"], stage=Stage.CLOSED)
    with acting("manager"), pytest.raises(WrongStage):
        review(case, people["manager"])


@pytest.mark.parametrize("wrong", [{"nowhere": {"risk": 1, "need": 1}}, {"safety": {"risk": 4, "need": 0}}])
def test_scores_outside_the_instrument_are_refused(people, rowan, acting, wrong):
    case = supported(people, rowan)
    with acting("isva"), pytest.raises(ValueError):
        record_sas(case, kind="full", risk="high", scores=wrong, by=people["isva"])
    assert not SasReview.objects.exists()


def test_the_kind_follows_the_situation(people, rowan, acting):
    waiting = make_case(rowan, by=people["manager"], stage=Stage.INTERIM)
    case = supported(people, rowan)
    with acting("isva"):
        assert next_kind(waiting) == "screening"
        assert next_kind(case) == "full"
        review(case, people["isva"], kind="screening")
        assert next_kind(case) == "full"
        review(case, people["isva"], kind="full")
        assert next_kind(case) == "review"


def test_the_form_asks_for_every_domain_in_words(rowan):
    form = SasForm({}, instrument=instrument_in_use(), kind="full")
    assert not form.is_valid()
    assert form.errors["safety-risk"] == ["Select the risk for safety"]
    assert form.errors["home-need"] == ["Select the unmet need for home and housing"]
    assert form.errors["risk"] == ["Select the overall risk"]
    assert form.errors["judgement"] == ["Enter your judgement"]


def test_a_screening_may_leave_domains_out_but_not_half_answer_one(rowan):
    instrument = instrument_in_use()
    form = SasForm(
        {"risk": "medium", "safety-risk": "2", "safety-need": "1"}, instrument=instrument, kind="screening"
    )
    assert form.is_valid(), form.errors
    assert form.scores() == {"safety": {"risk": 2, "need": 1, "protective": 0, "note": ""}}
    half = SasForm({"risk": "medium", "safety-risk": "2"}, instrument=instrument, kind="screening")
    assert not half.is_valid()
    assert list(half.errors) == ["safety-need"]


def test_a_domain_marked_as_last_time_keeps_its_scores_and_an_answer_given_wins(rowan):
    instrument = instrument_in_use()
    form = ReviewForm(
        {"risk": "medium", "judgement": "as before", "safety-same": "on", "safety-need": "0"}
        | {f"{key}-same": "on" for key in scores()},
        instrument=instrument, kind="review", previous=scores(risk=2, need=2, protective=1),
    )  # fmt: skip
    assert form.is_valid(), form.errors
    assert form.scores()["safety"] == {"risk": 2, "need": 0, "protective": 1, "note": ""}
    assert form.scores()["home"] == {"risk": 2, "need": 2, "protective": 1, "note": ""}


@pytest.mark.parametrize("rubbish", ["9", "-1", "x", "\x00", "1" * 500, "² "])
def test_rubbish_scores_are_told_at_their_question(rowan, rubbish):
    instrument = instrument_in_use()
    form = SasForm(instrument=instrument, kind="full")
    form = SasForm(answers(form, **{"safety-risk": rubbish}), instrument=instrument, kind="full")
    assert not form.is_valid()
    assert list(form.errors) == ["safety-risk"]


def test_complexity_names_every_part_and_holds_what_has_a_most(people, rowan, acting):
    case = supported(
        people, rowan, interpreter_needed=True, date_of_birth=today() - dt.timedelta(days=15 * 365)
    )
    user = people["isva"]
    with acting("isva"):
        review(case, user, kind="full")
        SafeguardingConcern(case=case, who="client_child", what="x", raised_at=now(), recorded_by=user).save()
        for number in range(7):
            agency = Agency(service=rowan, name=f"Agency {number}", kind="health")
            agency.save()
            AgencyConsent(case=case, agency=agency, answer="given", dated_on=today(), recorded_by=user).save()
        AgencyConsent(case=case, agency=agency, answer="withdrawn", dated_on=today(), recorded_by=user).save()
        OnwardReferral(case=case, need="x", agency=agency, answer="waiting", recorded_by=user).save()
        for days in (1, 3, 50):
            Contact(
                case=case,
                at=long_ago(days=days),
                mode="phone",
                attendance="attended",
                purpose="support",
                recorded_by=user,
            ).save()
        case.justice_stage, case.trial_on = "awaiting_trial", today() + dt.timedelta(days=56)
        case.save()
        parts = complexity_parts(case, at=now())
    assert parts == {
        "risk_points": {"count": 12, "points": 24},
        "need_points": {"count": 12, "points": 12},
        "protective_points": {"count": 24, "points": -24},
        "open_safeguarding": {"count": 1, "points": 6},
        "agencies": {"count": 7, "points": 5, "most": 5},
        "in_justice_process": {"count": 1, "points": 3},
        "trial_within_8_weeks": {"count": 1, "points": 10},
        "child_or_young_person": {"count": 1, "points": 4},
        "interpreter": {"count": 1, "points": 3},
        "contacts": {"count": 2, "points": 1},
    }


@pytest.mark.parametrize(("days", "counts"), [(-1, False), (0, True), (56, True), (57, False)])
def test_a_trial_counts_within_8_weeks_and_not_after_it(people, rowan, days, counts):
    case = supported(people, rowan)
    case.trial_on = today() + dt.timedelta(days=days)
    assert ("trial_within_8_weeks" in complexity_parts(case, at=now())) is counts


def test_protective_factors_never_lessen_more_than_risk_and_need(people, rowan, acting):
    case = supported(people, rowan)
    with acting("isva"):
        record_sas(case, kind="full", risk="standard", scores=scores(0, 1, 3), by=people["isva"])
    assert case.complexity_score == 0


def test_each_service_has_its_own_weights(people, rowan, acting):
    case = supported(people, rowan)
    rowan.complexity_weights = {"risk_point": 10, "medium_from": 5, "higher_from": 500}
    rowan.save()
    case.refresh_from_db()
    with acting("isva"):
        record_sas(case, kind="full", risk="standard", scores=scores(1, 0, 0), by=people["isva"])
    assert (case.complexity_score, case.complexity) == (120, "medium")


def test_a_reading_is_kept_only_when_something_changed_or_at_a_review(people, rowan, acting):
    case = supported(people, rowan)
    with acting("isva"):
        review(case, people["isva"])
        first = reckon_complexity(case, by=people["isva"])
        assert reckon_complexity(case, by=people["isva"]) == first
        assert ComplexityReading.objects.filter(case=case).count() == 1
        SafeguardingConcern(
            case=case, who="client_adult", what="x", raised_at=now(), recorded_by=people["isva"]
        ).save()
        assert reckon_complexity(case, by=people["isva"]) != first
        review(case, people["isva"])
        assert ComplexityReading.objects.filter(case=case).count() == 3


def test_scores_are_compared_only_under_the_version_they_were_made_with(people, rowan, acting, tmp_path):
    case = supported(people, rowan)
    old = instrument_in_use()
    with acting("isva"):
        with at(now() - dt.timedelta(days=90)):
            review(case, people["isva"], kind="full")
        newer = dict(old.content, version=2, domains=old.content["domains"][:5])
        path = tmp_path / "sas_2.json"
        path.write_text(json.dumps(newer), encoding="utf-8")
        load_instrument(path)
        review(case, people["isva"])
        found = trends.sas_trends(case)
    assert len(found.reviews) == 2
    assert [one.instrument.version for one in found.compared] == [2]
    assert "earlier version" in found.other_versions
    assert trends.chart_of_averages(found) is None
    assert found.reviews[0].instrument == old


def test_the_table_says_where_each_domain_came_from(people, rowan, acting):
    case = supported(people, rowan)
    with acting("isva"):
        with at(now() - dt.timedelta(days=30)):
            record_sas(case, kind="full", risk="high", scores=scores(3, 2, 0), by=people["isva"])
        record_sas(case, kind="review", risk="medium", scores=scores(1, 2, 2), by=people["isva"])
        body = trends.outcome_table(case).body
    assert "down from severe" in body
    assert "as at first" in body
    assert "up from none" in body


def test_latest_is_by_the_day_of_the_review(people, rowan, acting):
    case = supported(people, rowan)
    with acting("isva"):
        last = review(case, people["isva"])
        record_sas(
            case, kind="review", risk="high", scores={}, by=people["isva"], reviewed_at=long_ago(days=9)
        )
        assert latest_review(case) == last
        assert scores_of(None) == {}

"""Building a report: whole or nothing, told as it goes, cancelled, failed in words, and begun again."""

import datetime as dt

import pytest
from django.core.cache import cache
from django.db import IntegrityError, transaction
from django.urls import reverse

from isva.access.acting import act
from isva.clock.moment import at, now
from reporting.models import ReportBuild
from reporting.reports import building, counting, drafting, progress
from reporting.suppression import CannotProtect
from tests.reporting.reports import BEFORE, LAST, NOW, a_contract, built, cases_in

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def a_tuesday_in_july(time_machine):
    time_machine.move_to(NOW)
    cache.clear()


@pytest.fixture
def contract(people, rowan):
    return a_contract(rowan, people["manager"])


@pytest.fixture
def draft(contract, people, rowan):
    with act(people["manager"], rowan):
        return drafting.begin_report(contract, LAST, by=people["manager"])


def asked(draft, people):
    with act(people["manager"], draft.service):
        return building.ask_for_build(draft, by=people["manager"])


def test_a_quarter_that_is_not_over_has_no_report_yet(contract, people):
    with pytest.raises(drafting.CannotDraft, match="not over"):
        drafting.begin_report(contract, LAST.before(-1), by=people["manager"])


def test_a_report_begun_twice_is_one_report(draft, contract, people, rowan):
    with act(people["manager"], rowan):
        assert drafting.begin_report(contract, LAST, by=people["manager"]).pk == draft.pk


def test_a_build_counts_everything_and_is_whole(contract, people, rowan):
    cases_in(rowan, people["manager"], many=12)
    draft = built(contract, LAST, people["manager"])
    done = building.last_done(draft)
    content = counting.count_report(contract, LAST)
    told = {chapter["key"] for chapter in done.counted["chapters"]}
    assert told == {chapter.key for chapter in content.chapters}
    assert "equality" in told
    assert content.entry("referrals").table.figure().numerator == 12
    assert done.ended_at
    assert not done.failure


def test_what_fails_is_told_in_words_and_nothing_of_it_is_kept(draft, people, signed_in, monkeypatch):
    def fails(*_args, **_more):
        raise RuntimeError("a secret thing")

    monkeypatch.setattr(building, "count_report", fails)
    build = asked(draft, people)
    building.run_build(build.pk)
    build.refresh_from_db()
    assert (build.state, build.failure, build.counted, build.pdf) == ("failed", "broken", None, None)
    page = signed_in("manager").get(reverse("show_draft", args=[draft.pk])).content.decode()
    assert "Something went wrong on our side" in page
    assert "Try again" in page
    assert "secret" not in page
    monkeypatch.undo()
    building.run_build(asked(draft, people).pk, prints=False)
    assert building.last_done(draft) is not None


def test_where_earlier_reports_would_give_somebody_away_nothing_is_built_and_the_page_says_why(
    draft, people, signed_in, monkeypatch
):
    def refuses(*_args, **_more):
        raise CannotProtect("x")

    monkeypatch.setattr(counting, "suppress", refuses)
    building.run_build(asked(draft, people).pk)
    page = signed_in("manager").get(reverse("show_draft", args=[draft.pk])).content.decode()
    assert "would give a small number away" in page
    assert building.last_done(draft) is None


def test_a_cancelled_build_leaves_off_at_its_next_step_and_keeps_nothing(draft, people, rowan, monkeypatch):
    seen = []

    def is_cancelled_meanwhile(build, step):
        seen.append(step)
        if step == progress.HIDING:
            progress.ask_to_stop(build)

    monkeypatch.setattr(progress, "tell", is_cancelled_meanwhile)
    build = asked(draft, people)
    building.run_build(build.pk)
    build.refresh_from_db()
    assert build.counted is None
    assert seen == ["", progress.COUNTING, progress.HIDING]
    with act(people["manager"], rowan):
        assert building.cancel_build(draft, by=people["manager"])
        assert not building.cancel_build(draft, by=people["manager"])
    build.refresh_from_db()
    assert build.state == "cancelled"


def test_a_build_cancelled_at_the_last_moment_keeps_nothing_either(draft, people, rowan, monkeypatch):
    def cancels(*_args, **_more):
        with act(people["manager"], rowan):
            building.cancel_build(draft, by=people["manager"])
        return real(*_args, **_more)

    real = building.as_data
    monkeypatch.setattr(building, "as_data", cancels)
    build = asked(draft, people)
    building.run_build(build.pk, prints=False)
    build.refresh_from_db()
    assert (build.state, build.counted) == ("cancelled", None)


def test_one_report_is_built_once_at_a_time(draft, people):
    first = asked(draft, people)
    with pytest.raises(building.CannotBuild, match="already"):
        asked(draft, people)
    with pytest.raises(IntegrityError), transaction.atomic():
        ReportBuild(service=draft.service, draft=draft, asked_at=now(), asked_by=people["manager"]).save()
    building.run_build(first.pk, prints=False)
    before = building.last_done(draft).ended_at
    building.run_build(first.pk, prints=False)  # delivered twice
    assert building.last_done(draft).ended_at == before


def test_a_build_whose_worker_died_is_told_as_stopped_and_can_be_tried_again(draft, people, signed_in):
    first = asked(draft, people)
    first.state, first.begun_at = "running", now()
    first.save()
    cache.clear()
    with at(now() + dt.timedelta(minutes=3)):
        page = signed_in("manager").get(reverse("show_draft", args=[draft.pk])).content.decode()
        assert "It stopped before it was done" in page
        second = asked(draft, people)
        building.run_build(second.pk, prints=False)
    first.refresh_from_db()
    assert (first.state, first.failure) == ("failed", "stopped")
    assert building.last_done(draft).pk == second.pk


def test_the_page_says_how_far_it_is_and_looks_again_by_itself(draft, people, signed_in):
    build = asked(draft, people)
    progress.tell(build, progress.COUNTING)
    browser = signed_in("manager")
    page = browser.get(reverse("show_draft", args=[draft.pk])).content.decode()
    assert "Step 1 of 3. Counting." in page
    assert "Cancel building" in page
    how_far = reverse("build_progress", args=[draft.pk])
    assert f'data-progress-url="{how_far}"' in page
    assert browser.get(how_far).json() == {
        "live": True,
        "words": "Step 1 of 3. Counting.",
        "step": 1,
        "of": 3,
    }
    building.run_build(build.pk, prints=False)
    assert browser.get(how_far).json()["live"] is False


def test_a_contract_that_did_not_run_in_a_quarter_has_no_report_of_it(people, rowan):
    contract = a_contract(rowan, people["manager"], name="Ended")
    contract.ends_on = dt.date(2026, 12, 31)
    with act(people["manager"], rowan):
        contract.save()
    with pytest.raises(drafting.CannotDraft, match="did not run"):
        drafting.begin_report(contract, BEFORE, by=people["manager"])

"""The what-if page: what its history says, counted twice; when it refuses; what it is asked; what it costs."""

import re
from collections import defaultdict

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from casework import restricting
from casework.models import Case, StageEntry
from isva.access.acting import act
from isva.clock.moment import now
from reporting.history import RATE_WEEKS, SHARE_WEEKS, known
from tests.factories import make_case, seeing_all
from tests.reporting.random_service import RandomService

pytestmark = pytest.mark.django_db
WEEK = 7 * 86400


@pytest.fixture
def years(rowan, present):
    """Two years of a service, drawn at random."""
    RandomService(rowan, 11).write(180)
    return rowan


def learnt(people, service, key="manager"):
    with act(people[key], service) as person:
        return known(person)


def courses_of(service) -> list[list[StageEntry]]:
    """Each course of each case, by the raw entries: from the referral or a reopening to the closure that follows."""
    order = ["referral", "triage", "interim", "allocation", "active", "stepped_down", "closed"]
    by_case = defaultdict(list)
    with seeing_all(service):
        for entry in StageEntry._base_manager.filter(service=service):
            by_case[entry.case_id].append(entry)
    found = []
    for entries in by_case.values():
        course = []
        for entry in sorted(
            entries, key=lambda one: (one.entered_at, one.left_at or now(), order.index(one.stage))
        ):
            course.append(entry)
            if entry.stage == "closed":
                found.append(course)
                course = []
        if course:
            found.append(course)
    return found


def spent(course, stages) -> float:
    return sum(
        ((one.left_at or now()) - one.entered_at).total_seconds() for one in course if one.stage in stages
    )


def test_the_history_counts_what_a_count_by_hand_counts(years, people):
    found = learnt(people, years)
    courses = courses_of(years)
    waits, carries = ("interim", "allocation"), ("active", "stepped_down")
    begun = [course[0].entered_at for course in courses]
    joined = [
        next((one.entered_at for one in course if one.stage in waits + carries), None) for course in courses
    ]
    lately = [
        (course, at) for course, at in zip(courses, joined, strict=True)
        if at and (now() - at).total_seconds() <= SHARE_WEEKS * WEEK
    ]  # fmt: skip
    turned = [
        course for course, at in zip(courses, joined, strict=True)
        if at is None and course[-1].stage == "closed"
        and (now() - course[-1].entered_at).total_seconds() <= SHARE_WEEKS * WEEK
    ]  # fmt: skip
    left = [c for c, _at in lately if c[-1].stage == "closed" and not any(one.stage in carries for one in c)]
    assert found.basis.arrivals == sum((now() - at).total_seconds() <= RATE_WEEKS * WEEK for at in begun)
    assert (found.basis.joined, found.basis.decided) == (len(lately), len(lately) + len(turned))
    assert found.basis.left_list == len(left)
    weeks = sum(spent(course, waits) for course, _at in lately) / WEEK
    assert found.situation.leaving == pytest.approx(len(left) / weeks)
    supports = [course for course in courses if any(one.stage in carries for one in course)]
    assert found.situation.lengths.ended == sum(course[-1].stage == "closed" for course in supports)
    assert found.situation.lengths.still_open == sum(course[-1].stage != "closed" for course in supports)


def test_today_is_as_the_lists_and_the_loads_say(years, people):
    found = learnt(people, years).situation
    with seeing_all(years):
        cases = list(Case._base_manager.filter(service=years))
    assert len(found.waiting) == sum(one.stage in ("interim", "allocation") for one in cases)
    assert len(found.in_triage) == sum(one.stage in ("referral", "triage") for one in cases)
    assert len(found.carried) == sum(one.stage in ("active", "stepped_down") for one in cases)
    assert sum(kind.urgent for kind, _weeks in found.waiting) == sum(
        one.urgent for one in cases if one.stage in ("interim", "allocation")
    )


def test_a_case_out_of_sight_counts_in_the_loads_alone(years, people):
    before = learnt(people, years)
    with seeing_all(years):
        carried = Case._base_manager.filter(service=years, stage="active", lead_isva=people["isva"]).first()
    with act(people["second_manager"], years):
        restricting.restrict_client(
            carried.client, reason="a colleague", named=[people["isva"]], by=people["second_manager"]
        )
    after = learnt(people, years)
    assert len(after.situation.carried) == len(before.situation.carried)
    assert after.situation.lengths.still_open == before.situation.lengths.still_open - 1


def test_too_little_history_is_refused_in_words(rowan, people, signed_in):
    make_case(rowan, by=people["manager"], name="Somebody Rare")
    found = learnt(people, rowan)
    assert found.situation is None
    page = signed_in("manager").get(reverse("what_if"), {"leave": "1"}).content.decode()
    assert "There is too little history for a forecast" in page
    assert "There was 1 referral in the last 26 weeks. A forecast needs 20" in page
    assert "0 supports have ended. How long support lasts can be told from 15." in page
    assert '<svg class="chart"' not in page
    assert "Somebody Rare" not in page


def test_a_service_of_which_nothing_is_kept_yet_is_refused_too(rowan, people, signed_in):
    page = signed_in("manager").get(reverse("what_if"))
    assert page.status_code == 200
    assert "Records reach back 0 weeks." in page.content.decode()


def test_without_a_question_the_page_tells_how_it_goes_on(years, signed_in):
    page = signed_in("manager").get(reverse("what_if"), {"who": "x", "seed": "2"}).content.decode()
    assert "If nothing changes," in page
    assert "instead of" not in page
    assert "as it is:" not in page
    assert page.count('<svg class="chart"') == 2
    for key in ("History", "Referrals", "How long support lasts", "Who is taken", "Chance"):
        assert f">{key}</dt>" in page


def test_a_question_is_answered_beside_what_is_as_it_is_and_twice_alike(years, signed_in):
    asked, browser = {"leave": "1", "referrals": "20", "from_week": "4"}, signed_in("manager")
    page = browser.get(reverse("what_if"), asked).content.decode()
    assert "With 1 ISVA fewer and 20% more referrals in 4 weeks’ time," in page
    assert "as it is:" in page
    assert page.count("chart__band") == 4
    cells = [
        re.findall(r'role="cell"[^>]*>(.*?)</td>', one)
        for one in (page, browser.get(reverse("what_if"), asked).content.decode())
    ]
    assert cells[0] == cells[1] != []


NONSENSE = [
    ({"leave": "many"}, "leave"), ({"leave": "-1"}, "leave"), ({"leave": "6"}, "leave"), ({"leave": "1.5"}, "leave"),
    ({"join": "21"}, "join"), ({"join": "\x00"}, "join"), ({"away": "53"}, "away"),
    ({"referrals": "-91"}, "referrals"), ({"referrals": "9" * 400}, "referrals"), ({"cap": "<b>"}, "cap"),
    ({"from_week": "52"}, "from_week"), ({"from_week": "soon"}, "from_week"),
]  # fmt: skip


def test_nonsense_is_told_at_its_question_and_the_year_is_told_as_it_is(years, signed_in):
    browser = signed_in("manager")
    for asked, said in NONSENSE:
        page = browser.get(reverse("what_if"), asked)
        assert page.status_code == 200
        text = page.content.decode()
        assert f'href="#id_{said}"' in text, asked
        assert f'id="id_{said}_error"' in text or f'id="id_{said}-error"' in text, asked
        assert "If nothing changes," in text


def test_the_page_names_nobody(years, people, signed_in):
    page = signed_in("manager").get(reverse("what_if"), {"leave": "1"}).content.decode()
    assert "Somebody Made-up" not in page
    for key in ("isva", "second_isva", "chisva", "trainee"):
        assert people[key].name not in page


def test_the_page_costs_as_many_queries_for_many_cases_as_for_few(rowan, people, present, signed_in):
    browser = signed_in("manager")
    RandomService(rowan, 3).write(130)
    counts = []
    for _more in range(2):
        browser.get(reverse("what_if"))
        with CaptureQueriesContext(connection) as caught:
            page = browser.get(reverse("what_if"), {"leave": "1"}).content.decode()
        assert "instead of" in page or "as many as" in page
        counts.append(len(caught))
        for stage in ("triage", "interim", "allocation", "active", "closed") * 2:
            make_case(rowan, by=people["manager"], stage=stage, isva=people["isva"])
    assert counts[0] == counts[1] < 40


def test_somebody_has_to_be_at_work(years, people, signed_in):
    team = len(learnt(people, years).situation.workers)
    browser = signed_in("manager")
    for asked, said in (({"leave": team}, "leave"), ({"leave": team - 1, "away": 4}, "away")):
        page = browser.get(reverse("what_if"), asked).content.decode()
        assert f'href="#id_{said}"' in page


@pytest.mark.parametrize("key", ["isva", "coordinator", "commissioner", "supervisor"])
def test_it_is_for_managers(key, signed_in):
    assert signed_in(key).get(reverse("what_if")).status_code == 403

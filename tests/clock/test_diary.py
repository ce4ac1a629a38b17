# ruff: noqa: F811 (the open wall is a fixture here too)
"""The calendar, and the private link by which somebody's own calendar reads it."""

import datetime as dt
import re

import pytest
from django.urls import reverse
from icalendar import Calendar

from casework.access import declare_conflict
from casework.diary import dates_of
from casework.models import Appointment
from isva.access.acting import act
from isva.accounts.models import Membership
from isva.clock import diary
from isva.clock.models import FeedLink
from isva.clock.moment import LONDON, at, today
from isva.pathway import Stage
from tests.access.test_each_wall_alone import no_second_wall  # noqa: F401 (a fixture)
from tests.factories import make_case

pytestmark = pytest.mark.django_db

DAY = dt.timedelta(days=1)
WEDNESDAY = dt.datetime(2027, 3, 3, 12, tzinfo=LONDON)


@pytest.fixture
def planned(people, rowan, acting):
    """It is that Wednesday: Iris has a session and a day at court with Ada Testperson, and a review."""
    with at(WEDNESDAY):
        case = make_case(rowan, by=people["manager"], stage=Stage.STEPPED_DOWN, isva=people["isva"])
        with acting("isva"):
            for day, mode in ((4, "in_person"), (10, "court")):
                Appointment(
                    case=case, at=WEDNESDAY.replace(day=day), minutes=90, mode=mode, worker=people["isva"],
                    place="Library", purpose="x", recorded_by=people["isva"],
                ).save()  # fmt: skip
        yield case


def told(response) -> str:
    return response.content.decode()


@pytest.mark.parametrize("view", ["month", "week", "list"])
def test_the_calendar_shows_ones_own_dates(planned, signed_in, view):
    page = told(signed_in("isva").get(reverse("show_calendar"), {"view": view, "on": "2027-03-04"}))
    assert "Ada Testperson" in page
    assert "Session" in page
    assert ("At court" in page) == (view != "week")
    other = told(signed_in("second_isva").get(reverse("show_calendar"), {"view": view, "on": "2027-03-04"}))
    assert "Ada Testperson" not in other


def test_the_filters_alone_keep_what_is_out_of_sight_off_the_calendar(
    planned, people, rowan, no_second_wall, acting
):
    """With the database's wall open: appointments, reviews and the trial of a case that is walled off since."""
    planned.trial_on = dt.date(2027, 3, 9)
    with acting("isva"):
        planned.save(update_fields=["trial_on"])
    span = (dt.date(2027, 3, 1), dt.date(2027, 4, 30))

    def kinds():
        with acting("isva"):
            return {str(one.kind) for one in dates_of(people["isva"], rowan, *span)}

    assert kinds() == {"Session", "At court", "Review due", "Trial begins"}
    with act(people["manager"], rowan):
        declare_conflict(planned.client, user=people["isva"], reason="a cousin", by=people["manager"])
    assert kinds() == set()


def test_a_review_stands_on_its_day(planned, signed_in):
    page = told(signed_in("isva").get(reverse("show_calendar"), {"view": "list", "on": "2027-04-20"}))
    assert "Review due" in page
    assert "28 April 2027" in page


@pytest.mark.parametrize("on", ["", "nonsense", "2027-02-30", "9999-01-01"])
def test_a_day_that_is_none_is_today(planned, signed_in, on):
    page = told(signed_in("isva").get(reverse("show_calendar"), {"on": on}))
    assert "March 2027" in page


def test_a_conflict_takes_the_dates_away(planned, signed_in, people, acting):
    with acting("manager"):
        declare_conflict(planned.client, user=people["isva"], reason="a cousin", by=people["manager"])
    page = told(signed_in("isva").get(reverse("show_calendar"), {"on": "2027-03-04"}))
    assert "Ada Testperson" not in page


def test_every_month_is_whole_weeks_that_begin_on_monday():
    for month in range(1, 13):
        for year in (2026, 2027, 2028):
            weeks = diary.month_weeks(dt.date(year, month, 15))
            days = [day for week in weeks for day in week]
            assert all(week[0].weekday() == 0 and len(week) == 7 for week in weeks)
            assert {day.day for day in days if day.month == month} >= set(range(1, 29))
            assert days == [days[0] + dt.timedelta(days=n) for n in range(len(days))]


def link_of(browser, says="nothing") -> str:
    page = told(browser.post(reverse("my_feed"), {"says": says}))
    return re.search(r"/calendar/feed/[\w-]{43}/", page).group()


def test_the_feed_tells_when_and_never_whose(planned, signed_in, client):
    address = link_of(signed_in("isva"))
    answer = client.get(address)
    assert answer["Content-Type"].startswith("text/calendar")
    said = answer.content.decode()
    for word in ("Ada", "Testperson", planned.reference, "Library", str(planned.pk), "Iris", "court"):
        assert word not in said
    events = Calendar.from_ical(said).walk("VEVENT")
    assert {str(event["summary"]) for event in events} == {"Isva"}
    starts = sorted(event["dtstart"].dt for event in events if isinstance(event["dtstart"].dt, dt.datetime))
    assert starts == [WEDNESDAY.replace(day=4), WEDNESDAY.replace(day=10)]
    assert len({str(event["uid"]) for event in events}) == len(events) == 3


def test_the_feed_may_say_the_kind(planned, signed_in, client):
    said = client.get(link_of(signed_in("isva"), says="kind")).content.decode()
    assert "SUMMARY:At court" in said
    assert "Testperson" not in said


def test_a_link_ends_when_it_is_ended_made_anew_or_its_person_leaves(
    planned, signed_in, client, people, rowan
):
    browser = signed_in("isva")
    first = link_of(browser)
    second = link_of(browser)
    assert [client.get(one).status_code for one in (first, second)] == [404, 200]
    with act(people["isva"], rowan):
        Membership.objects.filter(user=people["isva"]).update(ends_on=today() - dt.timedelta(days=1))
    assert client.get(second).status_code == 404
    with act(people["isva"], rowan):
        Membership.objects.filter(user=people["isva"]).update(ends_on=None)
    assert client.get(second).status_code == 200
    browser.post(reverse("end_feed"))
    assert client.get(second).status_code == 404


def test_the_database_keeps_no_token(planned, signed_in):
    address = link_of(signed_in("isva"))
    token = address.split("/")[-2]
    assert not FeedLink.objects.filter(token_hash__contains=token).exists()
    assert "It is not shown again" not in told(signed_in("isva").get(reverse("my_feed")))
    assert token not in told(signed_in("isva").get(reverse("my_feed")))


def test_a_link_that_is_none_is_not_found(client, db):
    assert client.get(reverse("calendar_feed", args=["x" * 43])).status_code == 404
    assert client.get(reverse("calendar_feed", args=["x" * 4000])).status_code == 404


def test_somebodys_link_is_their_own_and_ends_with_nobody_elses(planned, signed_in, people, rowan):
    theirs = link_of(signed_in("second_isva"))
    mine = link_of(signed_in("isva"))
    assert diary.feed_of(people["isva"], rowan).user == people["isva"]
    signed_in("isva").post(reverse("end_feed"))
    assert diary.feed_of(people["isva"], rowan) is None
    assert signed_in("isva").get(mine).status_code == 404
    assert signed_in("isva").get(theirs).status_code == 200


def test_a_link_reads_nothing_for_who_cannot_sign_in_or_works_in_another_service_only(
    planned, signed_in, client, people, rowan, services
):
    address = link_of(signed_in("isva"))
    Membership.objects.create(
        user=people["isva"], service=services["harbour"], roles=["isva"], starts_on=today() - DAY
    )
    assert client.get(address).status_code == 200
    people["isva"].is_active = False
    people["isva"].save(update_fields=["is_active"])
    assert client.get(address).status_code == 404
    people["isva"].is_active = True
    people["isva"].save(update_fields=["is_active"])
    Membership.objects.filter(user=people["isva"], service=rowan).update(ends_on=today() - DAY)
    assert client.get(address).status_code == 404


def test_a_link_of_one_service_is_not_that_of_another(planned, signed_in, people, services):
    link_of(signed_in("isva"))
    assert diary.feed_of(people["isva"], services["harbour"]) is None


@pytest.mark.journey
def test_today_can_be_read_on_the_page_of_another_month_too(page_as):
    """The last days of a month stand on the page of the next one, in soft letters; not so on the colour of today."""
    page = page_as("isva")
    page.goto(reverse("show_calendar"))
    own, beside = page.evaluate("""() => {
        const today = document.querySelector('.isva-calendar__number--today');
        const own = getComputedStyle(today).color;
        today.closest('td').classList.add('isva-calendar__beside');
        return [own, getComputedStyle(today).color];
    }""")
    assert beside == own

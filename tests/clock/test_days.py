"""One-off days: entered ahead, by a manager or the records lead, for their own service; what falls due follows them."""

import datetime as dt

import pytest
from django.urls import reverse

from isva.access.acting import act
from isva.clock import days
from isva.clock.models import OneOffDay
from isva.clock.moment import LONDON, at
from isva.clock.terms import forget, terms_of

pytestmark = pytest.mark.django_db

#: A Wednesday, without a bank holiday near it.
NOON = dt.datetime(2027, 2, 10, 12, tzinfo=LONDON)
THURSDAY, FRIDAY, MONDAY = dt.date(2027, 2, 11), dt.date(2027, 2, 12), dt.date(2027, 2, 15)
GOOD_FRIDAY = dt.date(2027, 3, 26)
SHUT = {"name": "Office shut", "works": "no", "day_day": "11", "day_month": "2", "day_year": "2027"}


@pytest.fixture
def manager(signed_in):
    return signed_in("manager")


def enter(service, by, **told):
    whole = {"day": THURSDAY, "name": "Office shut", "is_holiday": True} | told
    with act(by, service):
        return days.add_one_off_day(service, by=by, **whole)


def next_day(service):
    forget(service)
    return terms_of(service).now().working_day(NOON.date(), 1)


def test_a_day_on_which_the_office_is_shut_is_counted_by_nobody_and_counts_again_once_it_is_removed(
    manager, services, people
):
    with at(NOON):
        assert next_day(services["rowan"]) == THURSDAY
        row = enter(services["rowan"], people["manager"], day=THURSDAY, name="Office shut", is_holiday=True)
        assert next_day(services["rowan"]) == FRIDAY
        assert next_day(services["harbour"]) == THURSDAY
        with act(people["manager"], services["rowan"]):
            days.remove_one_off_day(row, by=people["manager"])
        assert next_day(services["rowan"]) == THURSDAY


def test_a_service_may_work_on_a_bank_holiday(services, people):
    with at(NOON):
        enter(services["rowan"], people["manager"], day=GOOD_FRIDAY, name="Open", is_holiday=False)
        forget(services["rowan"])
        assert terms_of(services["rowan"]).now().is_working_day(GOOD_FRIDAY)
        assert good_friday(services["rowan"]) == ("Open", False)
        assert good_friday(services["harbour"]) == ("Good Friday", True)


def good_friday(service):
    return next((one.name, one.is_holiday) for one in days.days_ahead(service) if one.day == GOOD_FRIDAY)


@pytest.mark.parametrize(
    ("day", "is_holiday", "why"),
    [
        (NOON.date(), True, "after today"),
        (dt.date(2027, 2, 9), True, "after today"),
        (dt.date(2027, 2, 13), True, "Saturday or Sunday"),
        (GOOD_FRIDAY, True, "bank holiday already"),
        (THURSDAY, False, "working day already"),
    ],
)
def test_a_day_that_changes_nothing_or_is_past_is_refused_in_words(day, is_holiday, why, services, people):
    with at(NOON), pytest.raises(days.NotADay, match=why):
        enter(services["rowan"], people["manager"], day=day, name="A day", is_holiday=is_holiday)


def test_a_day_is_entered_once_and_one_that_has_come_stays(services, people):
    with at(NOON):
        row = enter(services["rowan"], people["manager"], day=THURSDAY, name="Office shut", is_holiday=True)
        with pytest.raises(days.NotADay, match="entered already"):
            enter(services["rowan"], people["manager"], day=THURSDAY, name="Again", is_holiday=True)
    with at(NOON + dt.timedelta(days=1)), pytest.raises(days.NotADay, match="has come"):
        days.remove_one_off_day(row, by=people["manager"])


def test_the_page_shows_the_year_ahead_takes_a_day_and_gives_it_back(manager, services):
    with at(NOON):
        page = manager.get(reverse("one_off_days")).content.decode()
        assert "Friday 26 March 2027" in page
        assert "announced until" not in page
        refused = manager.post(reverse("one_off_days"), SHUT | {"day_day": "13"})
        assert "Saturday or Sunday" in refused.content.decode()
        assert "Office shut" in refused.content.decode()
        assert manager.post(reverse("one_off_days"), SHUT).status_code == 302
        assert "Entered by Meera Maple" in manager.get(reverse("one_off_days")).content.decode()
        manager.post(reverse("remove_one_off_day"), {"day": str(OneOffDay.objects.get().pk)})
    assert not OneOffDay.objects.exists()
    assert [row.history_type for row in OneOffDay.history.order_by("history_id")] == ["+", "-"]


def test_a_day_of_another_service_is_not_there(manager, services, people):
    with at(NOON):
        row = enter(
            services["harbour"], people["harbour_manager"], day=THURSDAY, name="Theirs", is_holiday=True
        )
        assert "Theirs" not in manager.get(reverse("one_off_days")).content.decode()
        assert manager.post(reverse("remove_one_off_day"), {"day": str(row.pk)}).status_code == 404
    assert OneOffDay.objects.exists()


def test_that_the_known_bank_holidays_end_is_said_half_a_year_before(manager):
    with at(dt.datetime(2027, 9, 1, 12, tzinfo=LONDON)):
        assert "announced until 31 December 2027" in manager.get(reverse("one_off_days")).content.decode()

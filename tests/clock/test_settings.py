"""The numbers of a service: changed by a manager, by version, from a day on."""

import datetime as dt

import pytest
from django.db import ProgrammingError, transaction
from django.urls import reverse

from isva.accounts.models import Service
from isva.clock.models import ClockSettings
from isva.clock.moment import at, today
from isva.clock.numbers import all_numbers
from isva.clock.settings import CannotChange, change_numbers, changes_of
from isva.clock.terms import number_now, terms_of
from tests.clock.making import WEDNESDAY, moment

pytestmark = pytest.mark.django_db


def changed(service, people, day, **numbers):
    return change_numbers(service, numbers=numbers, from_day=dt.date.fromisoformat(day), by=people["manager"])


def test_without_a_change_the_defaults_hold(rowan):
    for key, number in all_numbers().items():
        assert number_now(rowan, key) == number.default


def test_a_change_holds_for_what_begins_from_its_day_on(rowan, people):
    with at(WEDNESDAY):
        changed(rowan, people, "2027-03-08", first_session_days=3)
    terms = terms_of(rowan)
    assert terms.at(moment("2027-03-07 23:59"))["first_session_days"] == 5
    assert terms.at(moment("2027-03-08 00:00"))["first_session_days"] == 3


def test_a_change_from_today_leaves_what_began_this_morning(rowan, people):
    with at(WEDNESDAY):
        changed(rowan, people, "2027-03-03", first_session_days=3)
    terms = terms_of(rowan)
    assert terms.at(moment("2027-03-03 11:59"))["first_session_days"] == 5
    assert terms.at(moment("2027-03-03 12:00"))["first_session_days"] == 3


@pytest.mark.parametrize(
    ("day", "numbers", "why"),
    [
        ("2027-03-02", {"first_session_days": 3}, "holds from today or later"),
        ("2027-03-03", {"first_session_days": 5}, "Nothing was changed"),
        ("2027-03-03", {"sas_days_high": 60}, "must not be more than"),
        ("2027-03-03", {"next_contact_ceiling": 27}, "must not be more than"),
    ],
)
def test_what_makes_no_sense_is_refused_in_words(rowan, people, day, numbers, why):
    with at(WEDNESDAY), pytest.raises(CannotChange, match=why):
        changed(rowan, people, day, **numbers)
    assert not ClockSettings.objects.exists()


def test_a_change_before_one_that_is_planned_is_refused(rowan, people):
    with at(WEDNESDAY):
        changed(rowan, people, "2027-04-01", first_session_days=3)
        with pytest.raises(CannotChange, match="planned already from 1 April 2027"):
            changed(rowan, people, "2027-03-15", first_session_days=4)


def test_a_version_is_never_changed_or_removed(rowan, people):
    version = changed(rowan, people, today().isoformat(), first_session_days=3)
    for act in (version.save, version.delete):
        with pytest.raises(ProgrammingError), transaction.atomic():
            act()


def as_posted(page) -> dict:
    form = page.context["form"]
    found = {}
    for name in form.fields:
        value = form[name].value()
        if isinstance(value, dt.date):
            found |= {f"{name}_{part}": getattr(value, part) for part in ("day", "month", "year")}
        elif value is not None and value is not False and name != "once":
            found[name] = value
    return found


def test_the_manager_changes_a_number_and_reads_who_changed_what(signed_in, rowan, people):
    url = reverse("clock_settings")
    browser = signed_in("manager")
    page = browser.get(url)
    assert "Nothing was changed yet" in page.content.decode()
    page = browser.post(url, as_posted(page) | {"first_session_days": "4"}, follow=True)
    told = page.content.decode()
    assert "Saved. What begins from that day on follows these numbers." in told
    assert "Working days from allocation to the first session: 5 → 4" in told
    assert "Meera Maple" in told
    assert number_now(Service.objects.get(pk=rowan.pk), "first_session_days") == 4
    assert [change.by for change in changes_of(rowan)] == ["Meera Maple"]


def test_two_managers_at_the_numbers_the_second_is_told(signed_in, rowan):
    url = reverse("clock_settings")
    first, second = signed_in("manager"), signed_in("second_manager")
    ones, others = as_posted(first.get(url)), as_posted(second.get(url))
    first.post(url, ones | {"first_session_days": "4"})
    page = second.post(url, others | {"first_session_days": "9"})
    assert "Somebody changed the numbers while you were on this page" in page.content.decode()
    assert ClockSettings.objects.count() == 1


@pytest.mark.parametrize(
    ("name", "value"), [("first_session_days", "0"), ("first_session_days", ""), ("sas_days_high", "x")]
)
def test_a_wrong_number_is_told_at_its_field(signed_in, rowan, name, value):
    url = reverse("clock_settings")
    browser = signed_in("manager")
    page = browser.post(url, as_posted(browser.get(url)) | {name: value})
    assert "There is a problem" in page.content.decode()
    assert not ClockSettings.objects.exists()

"""The directory: whom to turn to at an agency, who stands in, and where there is a gap."""

import datetime as dt

import pytest
from django.urls import reverse

from casework import directory, onward
from casework.models import AgencyContact
from isva.access.acting import act
from isva.clock.moment import at, today
from tests.casework.test_onward import day

pytestmark = pytest.mark.django_db


@pytest.fixture
def police(rowan, people):
    with act(people["coordinator"], rowan):
        return onward.add_agency(rowan, by=people["coordinator"], name="Eastmere Police", kind="police")


@pytest.fixture
def named(police, people, rowan):
    """``named("deputy", "Dee Deputy", until_on=…)`` – somebody at the police, in post for a year."""

    def make(part="contact", name="Pat Pointofcontact", **told):
        values = {"phone": "01632 960555", "from_on": today() - dt.timedelta(days=365)} | told
        with act(people["coordinator"], rowan):
            return directory.name_agency_contact(
                police, by=people["coordinator"], part=part, name=name, **values
            )

    return make


def listed(browser, **query) -> str:
    return browser.get(reverse("list_agencies"), query).content.decode()


def test_a_coordinator_names_a_contact_and_everybody_in_casework_reads_it(signed_in, police):
    address = reverse("name_agency_contact", args=[police.pk])
    told = {
        "part": "contact",
        "name": "Pat Pointofcontact",
        "job": "Team leader",
        "phone": "01632 960555",
    } | day("from_on", today())
    assert signed_in("isva").post(address, told).status_code == 403
    page = signed_in("coordinator").post(address, told | {"phone": ""}).content.decode()
    assert "somebody who can be reached" in page
    assert signed_in("coordinator").post(address, told).status_code == 302
    page = signed_in("isva").get(reverse("show_agency", args=[police.pk])).content.decode()
    assert "Pat Pointofcontact" in page
    assert "01632 960555" in page
    assert reverse("change_agency", args=[police.pk]) not in page
    assert "Pat Pointofcontact" in listed(signed_in("isva"))


def test_a_contact_who_has_left_without_a_deputy_is_a_gap(signed_in, named, police):
    named(until_on=today() - dt.timedelta(days=1))
    browser = signed_in("isva")
    assert "Gap: the contact has left" in listed(browser)
    assert "Eastmere Police" in listed(browser, contact="gap")
    page = browser.get(reverse("show_agency", args=[police.pk])).content.decode()
    assert "Nobody to turn to" in page
    assert "Earlier contacts" in page
    named("deputy", "Dee Deputy")
    assert "Deputy stands in" in listed(browser)
    assert "Eastmere Police" not in listed(browser, contact="gap")


def test_a_contact_is_in_post_until_the_end_of_their_last_day(named, police):
    named(until_on=today())
    assert directory.reached([police])[police.pk].contacts
    with at(dt.datetime.combine(today() + dt.timedelta(days=1), dt.time(12), tzinfo=dt.UTC)):
        assert directory.reached([police])[police.pk].is_gap


def test_an_agency_where_nobody_was_ever_named_is_no_gap(signed_in, police):
    assert "Nobody named" in listed(signed_in("isva"))
    assert "Eastmere Police" not in listed(signed_in("isva"), contact="gap")


def test_what_stood_about_a_contact_stays_in_its_history(named, people, rowan):
    contact = named()
    with act(people["manager"], rowan):
        directory.change_agency_contact(contact, by=people["manager"], phone="01632 960777")
    assert [(one.phone, one.history_user.name) for one in contact.history.order_by("history_date")] == [
        ("01632 960555", "Cora Clover"), ("01632 960777", "Meera Maple"),
    ]  # fmt: skip


def test_a_contact_is_named_once_and_leaves_after_they_begin(named):
    contact = named()
    with pytest.raises(directory.CannotName):
        named()
    with pytest.raises(directory.CannotName):
        named(name="Other", until_on=contact.from_on - dt.timedelta(days=1))
    assert AgencyContact.objects.count() == 1


def test_contacts_are_the_services_own(named, signed_in):
    contact = named()
    address = reverse("change_agency_contact", args=[contact.pk])
    assert signed_in("harbour_coordinator").get(address).status_code == 404


def test_a_case_leads_to_the_page_of_the_agency_it_was_referred_to(
    signed_in, iris_case, police, people, rowan
):
    with act(people["isva"], rowan):
        onward.refer_onward(iris_case, by=people["isva"], need="x", agency=police)
    page = signed_in("isva").get(reverse("show_people", args=[iris_case.pk])).content.decode()
    assert reverse("show_agency", args=[police.pk]) in page

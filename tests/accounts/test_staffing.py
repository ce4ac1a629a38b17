"""Working profiles, absences, declared connections and the service's own numbers."""

import datetime as dt

import pytest
from django.urls import reverse

from isva.access.acting import act
from isva.accounts.membership import CannotGo
from isva.accounts.models import DeclaredConnection, Leave, Membership, Service, StaffProfile
from isva.accounts.staffing import keep_home_postcode
from isva.clock.moment import today
from tests.accounts.test_members import day, member_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def lead(signed_in, services):
    return signed_in("records_lead", services["rowan"])


@pytest.fixture
def iris(people, rowan) -> Membership:
    return member_of(people["isva"], rowan)


PROFILE = {
    "works_on": ["0", "1", "2"], "weekly_hours": "30", "caseload_cap": "28", "specialisms": ["court"], "languages": ["english", "welsh"],
    "areas": ["Eastmere"], "sex": "female", "qualification": "Diploma in advocacy",
    "qualified_on_day": "1", "qualified_on_month": "3", "qualified_on_year": "2020",
}  # fmt: skip


def test_the_records_lead_changes_a_working_profile(lead, iris, people):
    lead.post(reverse("edit_profile", args=[iris.pk]), PROFILE)
    iris.profile.refresh_from_db()
    assert (iris.profile.caseload_cap, iris.profile.languages) == (28, ["english", "welsh"])
    assert iris.profile.history.order_by("-history_id").first().history_user == people["records_lead"]


def test_a_manager_changes_the_cap_and_nothing_else(signed_in, iris):
    browser = signed_in("manager")
    assert "Specialisms" not in browser.get(reverse("edit_profile", args=[iris.pk])).content.decode()
    browser.post(reverse("edit_profile", args=[iris.pk]), PROFILE)
    before = iris.profile.weekly_hours
    iris.profile.refresh_from_db()
    assert (iris.profile.caseload_cap, iris.profile.weekly_hours) == (28, before)


@pytest.mark.parametrize(
    ("name", "value"),
    [("weekly_hours", "NaN"), ("weekly_hours", "99"), ("caseload_cap", "9" * 40), ("caseload_cap", "-1"),
     ("specialisms", "flying"), ("areas", "Elsewhere"), ("qualification", "\x00")],
)  # fmt: skip
def test_a_wrong_profile_is_told_in_words(lead, iris, name, value):
    page = lead.post(reverse("edit_profile", args=[iris.pk]), PROFILE | {name: value})
    assert page.status_code == 200
    assert "There is a problem" in page.content.decode()


def test_absences_are_entered_without_overlap_and_taken_back(signed_in, iris):
    browser = signed_in("manager")
    url = reverse("add_leave", args=[iris.pk])
    data = {"kind": "annual", **day("first_day", today()), **day("last_day", today())}
    assert browser.post(url, data).status_code == 302
    assert "already away on some of these days" in browser.post(url, data).content.decode()
    # the button of a refused form counts again
    once = {"once": "22222222-2222-4222-8222-222222222222"}
    browser.post(url, data | once)
    later = today() + dt.timedelta(days=30)
    browser.post(url, data | once | day("first_day", later) | day("last_day", later))
    assert Leave.objects.filter(membership=iris, first_day=later).delete()[0] == 1
    leave = Leave.objects.get(membership=iris)
    assert "Away now" in browser.get(reverse("list_workforce")).content.decode()
    assert browser.post(reverse("cancel_leave"), {"leave": str(leave.pk)}).status_code == 302
    assert not Leave.objects.filter(membership=iris).exists()
    assert browser.post(reverse("cancel_leave"), {"leave": "rubbish"}).status_code == 404


def test_a_connection_is_seen_by_the_person_and_the_records_lead_only(signed_in, iris, lead, people, rowan):
    own = signed_in("isva")
    own.post(reverse("declare_connection"), {"name": "Cuthbert Inventleigh", "relationship": "Neighbour"})
    assert "Cuthbert Inventleigh" in own.get(reverse("declare_connection")).content.decode()
    assert "Cuthbert Inventleigh" in lead.get(reverse("change_member", args=[iris.pk])).content.decode()
    manager = signed_in("manager")
    for url in (
        reverse("list_workforce"),
        reverse("edit_profile", args=[iris.pk]),
        reverse("declare_connection"),
    ):
        assert "Cuthbert Inventleigh" not in manager.get(url).content.decode()
    assert manager.get(reverse("change_member", args=[iris.pk])).status_code == 403
    # nobody removes another's
    connection = DeclaredConnection.objects.get()
    assert manager.post(reverse("remove_connection"), {"connection": str(connection.pk)}).status_code == 404
    own.post(reverse("remove_connection"), {"connection": str(connection.pk)})
    assert not DeclaredConnection.objects.exists()


def as_posted(page) -> dict:
    form = page.context["form"]
    return {
        name: value
        for name in form.fields
        if (value := form[name].value()) is not None and value is not False and name != "once"
    }


def test_the_records_lead_keeps_the_service_and_its_numbers(lead, rowan, people):
    url = reverse("edit_service")
    data = as_posted(lead.get(url)) | {
        "attempts_before_unable_to_contact": "4",
        "areas": "Eastmere\r\n\r\nNorthfold\r\nEastmere",
    }
    page = lead.post(url, data)
    assert page.status_code == 302, page.context["form"].errors
    rowan = Service.objects.get(pk=rowan.pk)
    assert (rowan.attempts_before_unable_to_contact, rowan.areas) == (4, ["Eastmere", "Northfold"])
    assert rowan.history.order_by("-history_id").first().history_user == people["records_lead"]


@pytest.mark.parametrize(
    ("name", "value"),
    [("name", ""), ("reopening_days", "-1"), ("retention_years", "9" * 30), ("age_to", "3"), ("weight_higher", "0.5"),
     ("attempts_before_unable_to_contact", "1"), ("areas", "x" * 81), ("phone", "\x00"), ("weight_lower", "1e9")],
)  # fmt: skip
def test_a_wrong_number_is_told_and_changes_nothing(lead, rowan, name, value):
    url = reverse("edit_service")
    data = as_posted(lead.get(url)) | {"age_from": "13", name: value}
    page = lead.post(url, data)
    assert "There is a problem" in page.content.decode()
    assert "Rowan ISVA Service" in page.content.decode()
    assert Service.objects.get(pk=rowan.pk).age_from == 0


@pytest.mark.parametrize("name", ["list_members", "invite_member", "edit_service"])
def test_only_the_records_lead_keeps_staff_and_settings(signed_in, people, name):
    for key in ("isva", "coordinator", "manager", "commissioner"):
        assert signed_in(key).get(reverse(name)).status_code == 403


def test_somebody_keeps_their_own_postcode_and_nobody_else_is_shown_it(signed_in, lead, iris, people):
    own = signed_in("isva")
    assert "Your home postcode" in own.get(reverse("my_account")).content.decode()
    answer = own.post(reverse("keep_home_postcode"), {"home_postcode": "next door"})
    assert "Enter a full UK postcode" in answer.content.decode()
    assert own.post(reverse("keep_home_postcode"), {"home_postcode": " zz14ab "}).status_code == 302
    assert 'value="ZZ1 4AB"' in own.get(reverse("keep_home_postcode")).content.decode()
    for browser in (lead, signed_in("manager")):
        for address in (reverse("edit_profile", args=[iris.pk]), reverse("keep_home_postcode")):
            assert "ZZ1 4AB" not in browser.get(address).content.decode()
    assert "ZZ1 4AB" not in lead.get(reverse("change_member", args=[iris.pk])).content.decode()
    profile = StaffProfile.objects.get(membership=iris)
    assert not hasattr(profile.history.first(), "home_postcode")
    with act(people["records_lead"], iris.service), pytest.raises(CannotGo, match="themselves"):
        keep_home_postcode(profile, postcode="", by=people["records_lead"])
    assert own.post(reverse("keep_home_postcode"), {"home_postcode": ""}).status_code == 302
    profile.refresh_from_db()
    assert profile.home_postcode == ""


def test_a_profile_that_was_never_filled_in_is_kept_at_its_first_change(lead, signed_in, iris):
    StaffProfile.objects.filter(membership=iris).delete()
    assert lead.post(reverse("edit_profile", args=[iris.pk]), PROFILE).status_code == 302
    assert StaffProfile.objects.get(membership=iris).caseload_cap == 28

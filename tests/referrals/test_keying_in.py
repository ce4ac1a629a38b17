"""A phone referral on one page."""

import pytest
from django.template.loader import render_to_string

from casework.models import Case, SafeContact
from isva.accounts.models import DeclaredConnection

pytestmark = pytest.mark.django_db
ADDRESS = "/inbox/phone/"


def _token(browser):
    return browser.get(ADDRESS).context["form"]["once"].value()


def test_little_is_needed_and_what_is_missing_becomes_a_gap(signed_in):
    browser = signed_in("coordinator")
    reply = browser.post(ADDRESS, {"source": "gp", "name": "Ada Aspen", "once": _token(browser)})
    case = Case.objects.get()
    assert reply.url == f"/cases/{case.pk}/referral/"
    assert (case.referral.route, case.referral.source) == ("phone", "gp")
    page = browser.get(reply.url).content.decode()
    assert "safe contact, risk, consent, justice stage" in page
    assert case.reference in page


def test_each_way_of_contact_keeps_its_own_rules(signed_in):
    browser = signed_in("coordinator")
    browser.post(
        ADDRESS,
        {
            "source": "self", "name": "Ada Aspen", "ways": ["phone", "person"], "phone_value": "07700 900111",
            "phone_rules": ["text"], "person_whose": "safe_parent", "person_name": "Olive Oak",
            "person_phone": "07700 900112", "person_rules": ["call"], "email_value": "not asked",
            "once": _token(browser),
        },
    )  # fmt: skip
    contacts = {c.value: c for c in SafeContact.objects.all()}
    assert set(contacts) == {"07700 900111", "07700 900112"}
    assert contacts["07700 900112"].whose == "safe_parent"
    assert Case.objects.get().referral.consents == "yes"


def test_mistakes_are_told_at_their_fields_and_nothing_is_lost(signed_in):
    browser = signed_in("coordinator")
    reply = browser.post(
        ADDRESS, {"source": "", "name": "", "consents": "no", "ways": ["phone"], "phone_value": "abc", "age": "4000",
                  "other_agencies": "a doctor"},
    )  # fmt: skip
    errors = reply.context["form"].errors
    assert {
        "source",
        "name",
        "no_consent_basis",
        "no_consent_reason",
        "phone_value",
        "phone_rules",
        "age",
    } == set(errors)
    assert "a doctor" in reply.content.decode()
    assert not Case.objects.exists()


def test_pressed_twice_it_is_one_record(signed_in):
    browser = signed_in("coordinator")
    data = {"source": "gp", "name": "Ada Aspen", "once": _token(browser)}
    browser.post(ADDRESS, data)
    assert browser.post(ADDRESS, data).url == "/inbox/"
    assert Case.objects.count() == 1


def test_a_coordinator_who_knows_the_person_is_led_away(signed_in, people, rowan):
    membership = people["coordinator"].memberships.get()
    DeclaredConnection.objects.create(service=rowan, membership=membership, name="Ada Aspen")
    browser = signed_in("coordinator")
    reply = browser.post(ADDRESS, {"source": "gp", "name": "Ada Aspen", "once": _token(browser)})
    assert reply.url == "/inbox/"


def test_only_those_who_handle_intake_type_referrals(signed_in):
    assert signed_in("isva").get(ADDRESS).status_code == 403
    assert signed_in("commissioner").get(ADDRESS).status_code == 403


def test_a_caller_is_told_nothing_later_unless_the_person_agreed(signed_in):
    browser = signed_in("coordinator")
    for answer, told in (("", False), ("no", False), ("yes", True)):
        data = {"source": "gp", "name": "Ada Aspen", "tell_referrer": answer, "once": _token(browser)}
        reply = browser.post(ADDRESS, data)
        case = Case.objects.get(pk=reply.url.split("/")[2])
        assert case.referral.tell_referrer is told


def test_the_referral_on_the_case_page_says_what_matters(signed_in):
    browser = signed_in("coordinator")
    browser.post(
        ADDRESS, {"source": "gp", "name": "Ada Aspen", "safety_answer": "yes", "once": _token(browser)}
    )
    case = Case.objects.get()
    card = render_to_string("referrals/_referral_on_case.html", {"referral": case.referral})
    assert "Answers that could not wait" in card
    assert f"/cases/{case.pk}/referral/" in card
    assert "Ada" not in card

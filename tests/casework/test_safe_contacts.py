"""Safe contacts: a changed value comes into use only by two people, and the client's rules are told in words."""

import uuid

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from casework import safe_contacts
from casework.access import grant
from casework.models import Grant, ReviewPoint, SafeContact
from isva.clock.moment import today
from isva.pathway import WrongStage
from tests.factories import seeing_all

pytestmark = pytest.mark.django_db


def url(name, case, **keys):
    return reverse(name, kwargs={"case_id": case.pk, **keys})


@pytest.fixture
def old(iris_case):
    return iris_case.client.safecontact_set.get()


@pytest.fixture
def proposal(iris_case, old, people, acting):
    with acting("isva"):
        return safe_contacts.propose(
            iris_case.client, replaces=old, value="07700 900777", safe_to_call=True, by=people["isva"]
        )


def standings(case) -> dict:
    return dict(case.client.safecontact_set.values_list("value", "standing"))


NEW = {"kind": "phone", "phone": "07700 900777", "safe_to_call": "on", "whose": "client"}


# Two people


def test_a_changed_number_comes_into_use_by_two_people_and_no_sooner(iris_case, old, signed_in):
    iris, meera = signed_in("isva"), signed_in("manager")
    iris.post(url("replace_safe_contact", iris_case, safe_contact_id=old.pk), NEW)
    proposal = SafeContact.objects.get(value="07700 900777")
    assert standings(iris_case) == {"07700 900123": "in_use", "07700 900777": "proposed"}

    address = url("confirm_safe_contact", iris_case, safe_contact_id=proposal.pk)
    iris.post(address, {"how": "She told me in the library."})
    assert standings(iris_case)["07700 900777"] == "proposed"

    iris.post(address, {"agreed": "on", "how": "Again"})  # the same person cannot be the second
    assert standings(iris_case)["07700 900777"] == "proposed"

    shown = meera.get(address).content.decode()
    assert "Agree as the second person" in shown
    assert "She told me in the library." in shown
    assert "Tick the box" in meera.post(address, {}).content.decode()
    meera.post(address, {"agreed": "on"})
    assert standings(iris_case) == {"07700 900123": "replaced", "07700 900777": "in_use"}
    proposal.refresh_from_db()
    assert (proposal.confirmed_by.name, proposal.seconded_by.name) == ("Iris Ivy", "Meera Maple")
    assert proposal.last_confirmed_on == today()


def test_nobody_confirms_twice(proposal, people, acting):
    with acting("isva"):
        with pytest.raises(WrongStage, match="Nobody has confirmed"):
            safe_contacts.second(proposal, by=people["isva"])
        safe_contacts.confirm(proposal, how="In person", by=people["isva"])
        with pytest.raises(WrongStage, match="second person"):
            safe_contacts.second(proposal, by=people["isva"])
        with pytest.raises(WrongStage, match="already"):
            safe_contacts.confirm(proposal, how="In person", by=people["isva"])


def test_the_database_itself_refuses_one_person_as_both(proposal, people, acting):
    proposal.confirmed_by = proposal.seconded_by = people["isva"]
    with acting("isva"), pytest.raises(IntegrityError), transaction.atomic():
        proposal.save()


def test_a_new_number_beside_the_old_one_is_a_proposal_too(iris_case, signed_in):
    signed_in("isva").post(url("propose_safe_contact", iris_case), NEW)
    assert standings(iris_case) == {"07700 900123": "in_use", "07700 900777": "proposed"}


def test_one_change_of_a_number_is_proposed_at_a_time(iris_case, old, proposal, signed_in):
    response = signed_in("isva").post(url("replace_safe_contact", iris_case, safe_contact_id=old.pk), NEW)
    assert "A change of this one is proposed already." in response.content.decode()
    assert "07700 900777" in response.content.decode()


@pytest.mark.parametrize(("kind", "whose", "why"), [
    ("address", "client", ["a new address"]), ("address", "other", []), ("phone", "client", []),
])  # fmt: skip
def test_a_new_address_of_the_client_and_nothing_else_brings_the_next_review_forward(
    kind, whose, why, iris_case, people, acting
):
    value = {"address": "2 Fictional Row", "phone": "07700 900555"}[kind]
    with acting("isva"):
        proposal = safe_contacts.propose(
            iris_case.client, kind=kind, whose=whose, value=value, by=people["isva"]
        )
        safe_contacts.confirm(proposal, how="By phone.", by=people["isva"])
        assert not ReviewPoint.objects.filter(case=iris_case, kind="sas", done_on__isnull=True).exists()
    with acting("manager"):
        safe_contacts.second(proposal, by=people["manager"])
    points = ReviewPoint.objects.filter(case=iris_case, kind="sas", done_on__isnull=True)
    assert [point.why for point in points] == why


def test_a_second_press_proposes_once(iris_case, signed_in):
    answers = NEW | {"once": str(uuid.uuid4())}
    for _press in range(2):
        signed_in("isva").post(url("propose_safe_contact", iris_case), answers)
    assert SafeContact.objects.filter(standing="proposed").count() == 1


def test_a_withdrawn_proposal_leaves_the_old_one_in_use(iris_case, proposal, signed_in):
    browser = signed_in("isva")
    address = url("withdraw_safe_contact", iris_case, safe_contact_id=proposal.pk)
    assert browser.get(address).status_code == 405
    for _press in range(2):
        assert browser.post(address).status_code == 302
    assert standings(iris_case) == {"07700 900123": "in_use", "07700 900777": "replaced"}


def test_who_comes_too_late_is_told_how_it_stands(iris_case, old, proposal, signed_in, people, acting):
    with acting("isva"):
        safe_contacts.withdraw(proposal, by=people["isva"])
    browser = signed_in("isva")
    for name in (
        "confirm_safe_contact",
        "replace_safe_contact",
        "change_contact_rules",
        "stop_using_contact",
    ):
        response = browser.get(url(name, iris_case, safe_contact_id=proposal.pk), follow=True)
        assert "This cannot be done now: it is “no longer used”." in response.content.decode()


def test_a_proposal_waiting_is_seen_on_the_case_by_everybody_with_work_on_it(iris_case, proposal, signed_in):
    for who in ("isva", "manager"):
        shown = signed_in(who).get(url("show_case", iris_case)).content.decode()
        assert (
            "A new number or address is proposed. Do not use it until two people have confirmed it." in shown
        )


@pytest.mark.parametrize(
    ("answers", "message"),
    [
        ({"kind": "phone", "phone": "not a number"}, "Enter a telephone number"),
        ({"kind": "phone"}, "Enter phone number"),
        ({"kind": "email", "email": "rubbish"}, "as an e-mail address"),
        ({"kind": "address", "address": ""}, "Enter the postal address"),
        ({}, "Select what kind it is"),
    ],
)
def test_what_cannot_be_a_contact_is_told_at_the_question(iris_case, signed_in, answers, message):
    response = signed_in("isva").post(url("propose_safe_contact", iris_case), {"whose": "client"} | answers)
    assert message in response.content.decode()
    assert SafeContact.objects.count() == 1


# At once


def test_a_number_that_is_not_safe_any_more_is_out_of_use_at_once(iris_case, old, signed_in):
    browser = signed_in("isva")
    address = url("stop_using_contact", iris_case, safe_contact_id=old.pk)
    asked = browser.get(address).content.decode()
    assert "The client has no other safe number or address on this record." in asked
    assert standings(iris_case) == {"07700 900123": "in_use"}
    assert "Enter why it is not safe any more" in browser.post(address).content.decode()
    assert standings(iris_case) == {"07700 900123": "in_use"}
    browser.post(address, {"why": "He has her phone."})
    assert standings(iris_case) == {"07700 900123": "replaced"}
    old.refresh_from_db()
    assert (old.stopped_by.name, old.stopped_why, old.stopped_at is not None) == (
        "Iris Ivy",
        "He has her phone.",
        True,
    )


def test_everybody_with_work_on_the_case_is_told_what_is_not_safe_any_more_and_whoever_did_it_is_not(
    iris_case, old, people, acting, signed_in
):
    imran = people["second_isva"]
    with acting("manager"):
        grant(iris_case, to=imran, why=Grant.Why.COVER, by=people["manager"])
    iris, told = signed_in("isva"), "A number or address is not used any more: do not use it"
    iris.post(url("stop_using_contact", iris_case, safe_contact_id=old.pk), {"why": "He has her phone."})
    shown = signed_in("second_isva").get(reverse("my_day")).content.decode()
    assert told in shown
    assert url("change_safe_contacts", iris_case) in shown
    assert told not in iris.get(reverse("my_day")).content.decode()
    timeline = signed_in("second_isva").get(url("show_case", iris_case)).content.decode()
    for words in ("Not used any more, from this moment: the phone number", "He has her phone.", "Iris Ivy"):
        assert words in timeline


def test_everybody_with_work_on_the_case_is_told_of_changed_rules_and_of_a_new_number_in_use(
    iris_case, old, proposal, people, acting, signed_in
):
    with acting("manager"):
        safe_contacts.change_rules(old, how="She told me.", by=people["manager"], safe_times="evenings")
        safe_contacts.confirm(proposal, how="In person", by=people["manager"])
    with acting("coordinator"), seeing_all(iris_case.service):
        safe_contacts.second(proposal, by=people["coordinator"])
    iris = signed_in("isva")
    shown = iris.get(reverse("my_day")).content.decode()
    assert "What is safe on a number or address has changed" in shown
    assert "A new number or address is in use: look which one is safe now" in shown
    timeline = iris.get(url("show_case", iris_case)).content.decode()
    for words in ("What is safe has changed: the phone number", "She told me."):
        assert words in timeline


def test_rules_change_with_how_the_client_said_so(iris_case, old, signed_in):
    browser = signed_in("isva")
    address = url("change_contact_rules", iris_case, safe_contact_id=old.pk)
    answers = {"whose": "client", "safe_to_call": "on", "safe_to_text": "on", "safe_times": "evenings"}
    assert "Enter how the client told you" in browser.post(address, answers).content.decode()
    browser.post(address, answers | {"confirmed_how": "In person today"})
    old.refresh_from_db()
    assert (old.safe_to_text, old.safe_to_leave_message, old.safe_times) == (True, False, "evenings")
    assert old.last_confirmed_on == today()


def test_only_rules_change_never_the_value(old, people, acting):
    with acting("isva"), pytest.raises(ValueError, match="value"):
        safe_contacts.change_rules(old, how="In person", by=people["isva"], value="07700 900999")


# In words


def test_rules_are_told_in_words():
    phone = SafeContact(kind="phone", value="07700 900123", safe_to_call=True, safe_to_text=True)
    assert safe_contacts.in_brief(phone) == "07700 900123: call or text"
    assert safe_contacts.never(phone) == "leave a message: 07700 900123"
    assert "Safe to call and text" in safe_contacts.in_full(phone)
    mothers = SafeContact(
        kind="phone", value="07700 900444", safe_to_call=True, whose="safe_parent", person_name="Olive Oak",
        person_relationship="mother",
    )  # fmt: skip
    assert safe_contacts.in_brief(mothers) == "07700 900444 (Olive Oak, mother): call"
    letter = SafeContact(kind="address", value="1 Example Street")
    assert safe_contacts.in_brief(letter) == ""
    assert safe_contacts.never(letter) == "write: 1 Example Street"


def test_another_person_s_contact_is_not_found_under_this_case(iris_case, people, rowan, acting, signed_in):
    from tests.casework.cases import active_case

    other = active_case(rowan, people).client.safecontact_set.get()
    assert (
        signed_in("isva").get(url("change_contact_rules", iris_case, safe_contact_id=other.pk)).status_code
        == 404
    )


# The person's details


def details(case, browser) -> dict:
    form = browser.get(url("edit_client", case)).context["form"]
    return {"name": "Ada Testperson", "language": "english", "seen": form["seen"].value()}


def test_the_person_s_details_are_changed(iris_case, signed_in):
    browser = signed_in("isva")
    answers = details(iris_case, browser) | {
        "known_as": "Addie", "date_of_birth_day": "1", "date_of_birth_month": "2", "date_of_birth_year": "2001",
        "suspect_at_home": "on", "formats": ["easy_read"], "area": "Eastmere", "interpreter_needed": "on",
        "interpreter_sex": "female", "ethnicity": "ns",
    }  # fmt: skip
    assert browser.post(url("edit_client", iris_case), answers).status_code == 302
    client = iris_case.client
    client.refresh_from_db()
    assert (client.known_as, client.suspect_at_home, client.formats, client.area) == (
        "Addie", True, ["easy_read"], "Eastmere",
    )  # fmt: skip
    assert client.interpreter_sex == "female"
    assert client.ethnicity == "ns"


def test_an_age_without_a_birth_date_counts_from_the_day_it_was_given(iris_case, signed_in):
    browser = signed_in("isva")
    browser.post(url("edit_client", iris_case), details(iris_case, browser) | {"age_given": "15"})
    client = iris_case.client
    client.refresh_from_db()
    assert client.age_given_on == today()
    assert client.is_child_on(today())


def test_what_somebody_else_wrote_meanwhile_is_not_overwritten_unseen(iris_case, signed_in):
    iris, meera = signed_in("isva"), signed_in("manager")
    stale = details(iris_case, iris)
    meera.post(url("edit_client", iris_case), details(iris_case, meera) | {"who_must_not_know": "Her uncle"})
    response = iris.post(url("edit_client", iris_case), stale | {"known_as": "Addie"})
    shown = response.content.decode()
    assert "Somebody changed this while you were writing." in shown
    assert "Addie" in shown
    iris_case.client.refresh_from_db()
    assert iris_case.client.who_must_not_know == "Her uncle"
    again = stale | {"known_as": "Addie", "seen": response.context["form"]["seen"].value()}
    assert iris.post(url("edit_client", iris_case), again).status_code == 302

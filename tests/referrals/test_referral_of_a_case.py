"""The referral of a case: what is missing, who it may be already, asking, triage, and the conflict check."""

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from casework.access import declare_conflict, grant
from casework.models import Case, Client, Conflict, Grant, Note, SafeContact
from isva.access.acting import act
from isva.accounts.models import DeclaredConnection, Membership
from isva.clock.moment import today
from isva.pathway import Stage, WrongStage
from referrals import duplicates
from referrals.duplicates import look_for_duplicates
from referrals.models import InformationRequest, PossibleDuplicate, Referral
from referrals.secrets import token_of
from referrals.stages import referral as stage
from tests.factories import make_case, seeing_all
from tests.referrals.conftest import PROFESSIONAL, SELF

pytestmark = pytest.mark.django_db
BORN = dt.date(1990, 4, 3)


@pytest.fixture
def cora(people):
    return people["coordinator"]


def _known(rowan, cora, *, name="Ada Aspen", where=Stage.INTERIM, **fields):
    return make_case(rowan, by=cora, stage=where, name=name, **fields)


def _suggestion(visitor, answers=PROFESSIONAL):
    case = visitor("professional").sent(answers)
    return case, PossibleDuplicate.objects.filter(case=case).order_by("-score").first()


# Likely duplicates


def test_the_same_name_and_date_of_birth_are_a_likely_duplicate(rowan, cora, visitor):
    known = _known(rowan, cora, date_of_birth=BORN)
    _case, one = _suggestion(visitor)
    assert one.other == known.client
    assert set(one.reasons) == {"same_name", "dob"}
    assert one.score == 85


@pytest.mark.parametrize(
    ("name", "fields", "number", "reasons"),
    [
        ("Aspen, Ada", {}, "07700 900999", {"same_name"}),
        ("Ada Aspin", {"date_of_birth": BORN}, "07700 900999", {"similar_name", "dob"}),
        ("Somebody Else", {}, "+44 7700 900111", {"phone"}),
    ],
)
def test_what_makes_a_duplicate_likely(rowan, cora, visitor, name, fields, number, reasons):
    known = _known(rowan, cora, name=name, **fields)
    contact = SafeContact.objects.get(client=known.client)
    with act(cora, rowan):
        contact.value = number
        contact.save()
    _case, one = _suggestion(visitor)
    assert set(one.reasons) == reasons


def test_another_date_of_birth_makes_it_unlikely(rowan, cora, visitor):
    _known(rowan, cora, date_of_birth=dt.date(1971, 1, 1))
    assert _suggestion(visitor)[1] is None


def test_clients_of_another_service_are_never_candidates(services, people, visitor):
    make_case(services["harbour"], by=people["harbour_coordinator"], name="Ada Aspen", date_of_birth=BORN)
    assert _suggestion(visitor)[1] is None


def test_of_a_client_out_of_sight_intake_learns_a_reference_and_whom_to_ask_and_nothing_else(
    rowan, people, visitor, signed_in
):
    known = make_case(
        rowan,
        by=people["manager"],
        stage=Stage.ACTIVE,
        isva=people["isva"],
        name="Ada Aspen",
        date_of_birth=BORN,
    )
    case, _one = _suggestion(visitor)
    address = f"/cases/{case.pk}/referral/"
    page = signed_in("coordinator").get(address)
    (shown,) = page.context["suggestions"]
    assert (shown["name"], shown["reference"], shown["ask"]) == ("", known.reference, "Iris Ivy")
    assert "ask Iris Ivy" in page.content.decode()
    assert signed_in("manager").get(address).context["suggestions"][0]["name"] == "Ada Aspen"


@pytest.mark.parametrize("how", ["closed", "left", "another role"])
def test_nobody_is_to_be_asked_about_a_record_that_they_do_not_see_any_more(
    people, rowan, services, cora, visitor, signed_in, how
):
    known = _known(rowan, cora, date_of_birth=BORN, where=Stage.ACTIVE, isva=people["isva"])
    case, _one = _suggestion(visitor)
    with act(cora, rowan), seeing_all(rowan):
        if how == "closed":
            Case.objects.filter(pk=known.pk).update(stage=Stage.CLOSED)
        changed = {
            "left": {"ends_on": today() - dt.timedelta(days=1)},
            "another role": {"roles": ["coordinator"]},
        }
        people["isva"].memberships.filter(service=rowan).update(**changed.get(how, {"starts_on": today()}))
    if how == "left":  # and works elsewhere now
        Membership(service=services["harbour"], user=people["isva"], roles=["isva"], starts_on=today()).save(
            force_insert=True
        )
    page = signed_in("coordinator").get(f"/cases/{case.pk}/referral/").content.decode()
    assert "The record is out of your sight: ask a manager." in page
    assert "Iris Ivy" not in page


def test_nobody_learns_of_a_duplicate_from_whom_a_conflict_keeps_them_away(
    rowan, people, visitor, signed_in, acting
):
    known = make_case(
        rowan,
        by=people["manager"],
        stage=Stage.ACTIVE,
        isva=people["isva"],
        name="Ada Aspen",
        date_of_birth=BORN,
    )
    with acting("manager"):
        declare_conflict(known.client, user=people["coordinator"], reason="a neighbour", by=people["manager"])
    case, one = _suggestion(visitor)
    address = f"/cases/{case.pk}/referral/"
    assert signed_in("coordinator").get(address).context["suggestions"] == []
    decided = signed_in("coordinator").post(f"{address}duplicates/{one.pk}/", {"answer": "same"})
    assert decided.status_code == 404


def test_a_second_referral_of_somebody_supported_now_is_closed_as_already_open_without_showing_their_record(
    rowan, people, visitor, signed_in
):
    known = make_case(
        rowan,
        by=people["manager"],
        stage=Stage.ACTIVE,
        isva=people["isva"],
        name="Ada Aspen",
        date_of_birth=BORN,
    )
    case, one = _suggestion(visitor)
    address, browser = f"/cases/{case.pk}/referral/", signed_in("coordinator")
    browser.post(f"{address}duplicates/{one.pk}/", {"answer": "same"})
    browser.post(f"{address}already-open/")
    case.refresh_from_db()
    assert case.stage == Stage.CLOSED
    assert case.retain_until is not None
    assert case.referral.already_open_as == known
    assert browser.get(f"/cases/{known.pk}/").status_code == 404


def test_linking_moves_the_case_and_proposes_the_new_contacts_and_undoing_restores_both(
    rowan, cora, visitor, signed_in
):
    known = _known(rowan, cora, date_of_birth=BORN)
    case, one = _suggestion(visitor)
    own = case.client
    address = f"/cases/{case.pk}/referral/"
    browser = signed_in("coordinator")
    assert browser.post(f"{address}duplicates/{one.pk}/", {"answer": "same"}).url == address
    case.refresh_from_db()
    assert case.client == known.client
    arrived = SafeContact.objects.filter(client=known.client, standing="proposed")
    assert {contact.value for contact in arrived} == {"07700 900111", "ada@example.org"}
    assert SafeContact.objects.get(client=known.client, standing="in_use").value == "07700 900123"
    page = browser.get(address).content.decode()
    assert "Linked to a record that was known already" in page
    assert "her brother" in page
    browser.post(f"{address}duplicates/{one.pk}/undo/")
    case.refresh_from_db()
    one.refresh_from_db()
    assert case.client == own
    assert one.standing == "suggested"
    assert not SafeContact.objects.filter(client=known.client, standing="proposed").exists()
    assert SafeContact.objects.filter(client=own, standing="in_use").count() == 2


def test_a_dismissed_duplicate_can_be_taken_up_again(rowan, cora, visitor, signed_in):
    _known(rowan, cora, date_of_birth=BORN)
    case, one = _suggestion(visitor)
    address = f"/cases/{case.pk}/referral/duplicates/{one.pk}/"
    browser = signed_in("coordinator")
    browser.post(address, {"answer": "other"})
    one.refresh_from_db()
    assert (one.standing, one.decided_by) == ("dismissed", cora)
    browser.post(address, {"answer": "same"})
    one.refresh_from_db()
    assert one.standing == "dismissed"
    browser.post(f"{address}undo/")
    one.refresh_from_db()
    assert (one.standing, one.decided_by) == ("suggested", None)


def test_a_link_cannot_be_undone_on_a_closed_case(rowan, cora, visitor):
    _known(rowan, cora, date_of_birth=BORN)
    case, one = _suggestion(visitor)
    with act(cora, rowan):
        duplicates.decide_duplicate(one, same=True, by=cora)
        case.refresh_from_db()
        stage.close_as_already_open(case, by=cora)
        with pytest.raises(WrongStage):
            duplicates.undo_duplicate(one, by=cora)


def test_nonsense_for_a_decision_is_told_and_changes_nothing(rowan, cora, visitor, signed_in):
    _known(rowan, cora, date_of_birth=BORN)
    case, one = _suggestion(visitor)
    browser = signed_in("coordinator")
    for data in ({}, {"answer": "\x00"}, {"answer": ["x", "same", "y"]}):
        assert browser.post(f"/cases/{case.pk}/referral/duplicates/{one.pk}/", data).status_code == 302
    one.refresh_from_db()
    assert one.standing == "suggested"


def test_somebody_whose_case_is_open_is_closed_as_already_open(rowan, cora, visitor, signed_in):
    known = _known(rowan, cora, date_of_birth=BORN)
    case, one = _suggestion(visitor)
    browser = signed_in("coordinator")
    address = f"/cases/{case.pk}/referral/already-open/"
    assert "No other open case" in browser.get(address).content.decode()
    assert "No other open case" in browser.post(address).content.decode()
    browser.post(f"/cases/{case.pk}/referral/duplicates/{one.pk}/", {"answer": "same"})
    token = browser.get(address).context["form"]["once"].value()
    assert browser.post(address, {"once": token}).url == "/inbox/"
    case.refresh_from_db()
    case.referral.refresh_from_db()
    assert case.stage == "closed"
    assert case.referral.already_open_as == known
    assert case.reference in Note.objects.get(case=known).text


def test_another_open_case_is_told_to_nobody_whom_a_wall_keeps_from_the_person(people, rowan, cora):
    known = _known(rowan, cora, where=Stage.ACTIVE, isva=people["isva"])
    case = make_case(rowan, by=cora, name="Ada Again")
    with act(people["manager"], rowan), seeing_all(rowan):
        Case.objects.filter(pk=case.pk).update(client=known.client)
    case = Case(pk=case.pk, client=known.client, service=rowan)
    with act(cora, rowan):
        assert stage.other_open_case(case, user=cora) == known
    with act(people["manager"], rowan):
        declare_conflict(known.client, user=cora, reason="a cousin", by=people["manager"])
    with act(cora, rowan):
        assert stage.other_open_case(case, user=cora) is None


def test_whoever_supports_them_reads_what_a_later_referral_says(
    people, rowan, cora, visitor, signed_in, acting
):
    known = _known(rowan, cora, date_of_birth=BORN, where=Stage.ACTIVE, isva=people["isva"])
    case, one = _suggestion(visitor)
    with acting("manager"), seeing_all(rowan):
        Referral.objects.filter(case=case).update(
            safety_answer="yes", safety_note="He waits outside her work."
        )
        grant(case, to=people["second_isva"], why=Grant.Why.NAMED, by=people["manager"], read_only=True)
    with acting("coordinator"):
        duplicates.decide_duplicate(one, same=True, by=cora)
    with acting("coordinator"):
        stage.close_as_already_open(Case.objects.get(pk=case.pk), by=cora)
    page = signed_in("isva").get(f"/cases/{known.pk}/referral/").content.decode()
    for words in (
        "Referred again on",
        case.reference,
        "He waits outside her work.",
        "Somebody may be in danger",
    ):
        assert words in page
    assert signed_in("isva").get(f"/cases/{case.pk}/referral/").status_code == 404
    assert signed_in("second_isva").get(f"/cases/{case.pk}/").status_code == 404, "what was granted has ended"


# The conflict check


@pytest.mark.parametrize("name", ["Rotten, Rex", "rex rotten", "Ada Aspen"])
def test_staff_who_know_the_client_or_the_suspect_are_walled_off_before_the_first_view(
    people, rowan, visitor, signed_in, name
):
    membership = people["coordinator"].memberships.get()
    DeclaredConnection.objects.create(service=rowan, membership=membership, name=name, relationship="cousin")
    case = visitor("professional").sent(PROFESSIONAL)
    assert Conflict.objects.get(client=case.client).user == people["coordinator"]
    assert signed_in("coordinator").get(f"/cases/{case.pk}/referral/").status_code == 404
    assert signed_in("coordinator").get("/inbox/").context["page"].rows == []
    assert signed_in("manager").get(f"/cases/{case.pk}/referral/").status_code == 200


def test_nobody_is_walled_off_for_half_a_name(people, rowan, visitor):
    membership = people["coordinator"].memberships.get()
    DeclaredConnection.objects.create(service=rowan, membership=membership, name="Bea")
    visitor("self").sent(SELF)
    assert not Conflict.objects.exists()


# Asking the referrer


def test_the_referrer_is_asked_by_a_private_link_and_the_answer_is_on_the_record(visitor, signed_in, client):
    case = visitor("professional").sent(PROFESSIONAL)
    browser = signed_in("coordinator")
    address = f"/cases/{case.pk}/referral/ask/"
    form = browser.get(address).context["form"]
    data = {"gaps": ["consent", "risk"], "question": "Who has agreed?", "once": form["once"].value()}
    assert browser.post(address, data).status_code == 302
    asked = InformationRequest.objects.get(case=case)
    assert asked.gaps == ["consent", "risk"]
    page = browser.get(f"/cases/{case.pk}/referral/").content.decode()
    link = f"/answer/{token_of(asked)}/"
    assert link in page
    public = client.get(link).content.decode()
    assert "Who has agreed?" in public
    assert "Ada" not in public
    assert case.reference not in public
    assert client.post(link, {"answer": ""}).context["form"].errors
    client.post(link, {"answer": "She has."})
    client.post(link, {"answer": "Something else."})
    asked.refresh_from_db()
    assert asked.answer == "She has."
    assert "Thank you" in client.get(link).content.decode()
    page = browser.get(f"/cases/{case.pk}/referral/").content.decode()
    assert "She has." in page
    assert link not in page


def test_an_answer_that_is_refused_stands_in_the_form_still(visitor, people, rowan, client, settings):
    case = visitor("professional").sent(PROFESSIONAL)
    with act(people["coordinator"], rowan):
        asked = stage.ask_referrer(case, gaps=[], question="Who has agreed?", by=people["coordinator"])
    settings.PUBLIC_FORMS_AN_HOUR = settings.PUBLIC_FORMS_AN_HOUR | {"answer": 0}
    reply = client.post(f"/answer/{token_of(asked)}/", {"answer": "She has, on Monday."})
    page = reply.content.decode()
    assert reply.status_code == 429
    assert "She has, on Monday." in page
    assert "Very many answers came from where you are" in page
    assert rowan.phone in page
    asked.refresh_from_db()
    assert asked.answered_at is None


def test_a_second_question_waits_for_the_first_answer(visitor, people, rowan):
    case = visitor("professional").sent(PROFESSIONAL)
    with act(people["coordinator"], rowan):
        stage.ask_referrer(case, gaps=[], question="One?", by=people["coordinator"])
        with pytest.raises(WrongStage):
            stage.ask_referrer(case, gaps=[], question="Two?", by=people["coordinator"])


def test_asking_without_a_question_is_told_at_the_field(visitor, signed_in):
    case = visitor("professional").sent(PROFESSIONAL)
    reply = signed_in("coordinator").post(
        f"/cases/{case.pk}/referral/ask/", {"gaps": ["nonsense"], "question": ""}
    )
    assert set(reply.context["form"].errors) == {"gaps", "question"}


# On to triage


def test_a_referral_is_taken_into_triage_once(visitor, signed_in):
    case = visitor("professional").sent(PROFESSIONAL)
    browser = signed_in("coordinator")
    address = f"/cases/{case.pk}/referral/triage/"
    assert browser.get(address).status_code == 405
    assert browser.post(address).url == f"/cases/{case.pk}/triage/"
    assert browser.post(address).url == f"/cases/{case.pk}/referral/"
    case.refresh_from_db()
    assert case.stage == "triage"
    assert case.stageentry_set.count() == 2


def test_an_isva_reads_the_referral_of_their_case_and_decides_nothing(rowan, people, signed_in):
    case = make_case(rowan, by=people["manager"], stage=Stage.ACTIVE, isva=people["isva"])
    browser = signed_in("isva")
    page = browser.get(f"/cases/{case.pk}/referral/")
    assert page.status_code == 200
    assert not any(page.context["acts"].values())
    assert browser.post(f"/cases/{case.pk}/referral/triage/").status_code == 403


def test_the_page_of_a_referral_costs_at_most_12_queries(rowan, cora, visitor, signed_in):
    for number in range(6):
        _known(rowan, cora, date_of_birth=BORN, known_as=f"A{number}")
    case = visitor("professional").sent(PROFESSIONAL)
    browser = signed_in("coordinator")
    address = f"/cases/{case.pk}/referral/"
    browser.get(address)
    with CaptureQueriesContext(connection) as caught:
        page = browser.get(address)
    assert len(page.context["suggestions"]) == 5
    counted = [q["sql"] for q in caught if q["sql"].startswith(("SELECT", "UPDATE", "DELETE"))]
    assert len(counted) <= 12, "\n".join(sql[:160] for sql in counted)


def test_the_timeline_tells_of_the_referral_the_question_and_the_decision(rowan, cora, visitor):
    from casework.timeline import entries

    _known(rowan, cora, date_of_birth=BORN)
    case, one = _suggestion(visitor)
    with act(cora, rowan):
        asked = stage.ask_referrer(case, gaps=["risk"], question="Is she safe?", by=cora)
        stage.answer_request(asked, answer="She is.")
        duplicates.decide_duplicate(one, same=False, by=cora)
        told = " | ".join(f"{entry['headline']} {entry['body']}" for entry in entries(case))
    assert "Referral received from: Police (professional form)" in told
    assert "Referrer asked for: risk Is she safe?" in told
    assert "Referrer answered She is." in told
    assert "Not the same person" in told


def test_a_client_is_known_once_and_not_found_as_their_own_duplicate(rowan, cora):
    case = _known(rowan, cora)
    with act(cora, rowan):
        assert look_for_duplicates(case, by=cora) == []
    assert Client.objects.count() == Case.objects.count() == 1

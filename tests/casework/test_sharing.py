"""The client agreement, consents per agency, and who is not yet told."""

import datetime as dt
import uuid

import pytest
from django.urls import reverse

from casework import onward, sharing
from casework.models import AgencyConsent, ClientAgreement
from isva.clock.moment import today
from isva.pathway import Stage, WrongStage
from tests.factories import make_case

pytestmark = pytest.mark.django_db


def url(name, case, **keys):
    return reverse(name, kwargs={"case_id": case.pk, **keys})


def day(name, when) -> dict:
    return {f"{name}_day": when.day, f"{name}_month": when.month, f"{name}_year": when.year}


def typed(**changed) -> dict:
    return {
        "how": "signed", "role_explained": "on", "confidentiality_explained": "on", "records_explained": "on",
        "complaints_explained": "on", "ending_discussed": "on", "contact_preferences": "A text, then a call",
        "once": str(uuid.uuid4()), **day("agreed_on", today()),
    } | changed  # fmt: skip


@pytest.fixture
def iris(signed_in):
    return signed_in("isva")


@pytest.fixture
def police(iris_case, people, acting):
    with acting("isva"):
        return onward.add_agency(iris_case.service, by=people["isva"], name="Eastmere Police", kind="police")


# The agreement


def test_a_renewed_agreement_is_a_new_row_and_the_earlier_one_stays(iris, iris_case):
    iris.post(url("agree_with_client", iris_case), typed())
    shown = iris.get(url("agree_with_client", iris_case)).content.decode()
    assert "A text, then a call" in shown
    iris.post(url("agree_with_client", iris_case), typed(contact_preferences="Only by e-mail"))
    agreements = sharing.agreements_of(iris_case)
    assert [one.contact_preferences for one in agreements] == ["Only by e-mail", "A text, then a call"]
    tab = iris.get(url("show_sharing", iris_case)).content.decode()
    assert "Only by e-mail" in tab
    assert "Earlier agreements" in tab


def test_pressing_twice_agrees_once(iris, iris_case):
    answers = typed()
    for _press in range(2):
        assert iris.post(url("agree_with_client", iris_case), answers).status_code == 302
    assert ClientAgreement.objects.count() == 1


def test_what_was_not_talked_through_is_named(iris, iris_case):
    answers = typed()
    del answers["complaints_explained"]
    iris.post(url("agree_with_client", iris_case), answers)
    assert sharing.not_explained(ClientAgreement.objects.get()) == ["how to complain"]
    assert "Not talked through yet" in iris.get(url("show_sharing", iris_case)).content.decode()


def test_who_decides_is_asked_whole_or_not_at_all(iris, iris_case):
    shown = iris.post(url("agree_with_client", iris_case), typed(somebody_decides="on")).content.decode()
    for message in ("Select who decides", "Enter name of that person", "Enter what they may decide"):
        assert message in shown
    iris.post(url("agree_with_client", iris_case), typed(decider_name="Never asked"))
    iris.post(
        url("agree_with_client", iris_case),
        typed(
            somebody_decides="on", who_decides="attorney", decider_name="Bea Fictional", may_decide="Money"
        ),
    )
    latest, first = sharing.agreements_of(iris_case)
    assert (first.who_decides, first.decider_name) == ("client", "")
    assert (latest.who_decides, latest.decider_name, latest.authority_seen) == (
        "attorney",
        "Bea Fictional",
        False,
    )


def test_a_client_is_told_that_their_isva_is_in_training(people, rowan, signed_in, acting):
    case = make_case(rowan, by=people["manager"], stage=Stage.ACTIVE, isva=people["trainee"])
    browser = signed_in("trainee")
    assert "in training" in browser.post(url("agree_with_client", case), typed()).content.decode()
    assert not ClientAgreement.objects.exists()
    browser.post(url("agree_with_client", case), typed(trainee_disclosed="on"))
    assert ClientAgreement.objects.get().trainee_disclosed
    with acting("trainee"), pytest.raises(ValueError, match="in training"):
        sharing.agree_with_client(case, by=people["trainee"], agreed_on=today(), how="verbal")


def test_the_page_for_paper_tells_nothing_of_safe_contact(iris, iris_case, police, people, acting):
    iris_case.client.who_must_not_know = "Her uncle"
    with acting("isva"):
        iris_case.client.save()
        sharing.record_consent(iris_case, by=people["isva"], agency=police, answer="given", dated_on=today())
    assert iris.get(url("print_agreement", iris_case)).status_code == 302  # nothing to print yet
    iris.post(url("agree_with_client", iris_case), typed())
    shown = iris.get(url("print_agreement", iris_case)).content.decode()
    assert "A text, then a call" in shown
    assert "Eastmere Police" in shown
    assert "07700 900123" not in shown
    assert "Her uncle" not in shown


# Consent per agency


def test_the_latest_answer_for_an_agency_counts_and_all_are_kept(iris, iris_case, police):
    for answer, when in (("given", today() - dt.timedelta(days=9)), ("withdrawn", today())):
        iris.post(
            url("record_consent", iris_case),
            {"agency": str(police.pk), "answer": answer, "route": "Secure e-mail", **day("dated_on", when)},
        )
    consents = sharing.consents_of(iris_case)
    assert [one.answer for one in consents] == ["withdrawn", "given"]
    assert [one.answer for one in sharing.in_force(consents)] == ["withdrawn"]
    assert consents[0].route == ""  # a withdrawal has no route


def test_an_agency_that_may_be_told_is_listed_until_it_is_told(iris, iris_case, police):
    iris.post(
        url("record_consent", iris_case),
        {"agency": str(police.pk), "answer": "given", **day("dated_on", today())},
    )
    consent = AgencyConsent.objects.get()
    assert (
        "Consented to, but not yet told of the ISVA"
        in iris.get(url("show_sharing", iris_case)).content.decode()
    )
    address = url("tell_agency", iris_case, consent_id=consent.pk)
    before = today() - dt.timedelta(days=3)
    assert "must be on or after" in iris.post(address, day("told_on", before)).content.decode()
    iris.post(address, day("told_on", today()))
    assert "not yet told of the ISVA" not in iris.get(url("show_sharing", iris_case)).content.decode()
    assert "was told already" in iris.post(address, day("told_on", today())).content.decode()


def test_a_consent_that_was_withdrawn_is_not_told(iris_case, police, people, acting):
    iris = people["isva"]
    with acting("isva"):
        given = sharing.record_consent(
            iris_case, by=iris, agency=police, answer="given", dated_on=today() - dt.timedelta(days=2)
        )
        sharing.record_consent(iris_case, by=iris, agency=police, answer="withdrawn", dated_on=today())
        with pytest.raises(WrongStage):
            sharing.tell_agency(given, told_on=today(), by=iris)


def test_a_consent_can_be_withdrawn_also_after_closure(police, people, rowan, acting):
    case = make_case(rowan, by=people["manager"], stage=Stage.CLOSED)
    manager = people["manager"]
    with acting("manager"):
        with pytest.raises(WrongStage):
            sharing.record_consent(case, by=manager, agency=police, answer="given", dated_on=today())
        sharing.record_consent(case, by=manager, agency=police, answer="withdrawn", dated_on=today())


def test_an_agency_of_another_service_cannot_be_chosen(iris, iris_case, people, services, acting):
    with acting("harbour_manager"):
        theirs = onward.add_agency(
            services["harbour"], by=people["harbour_manager"], name="Kelpton Police", kind="police"
        )
    answers = {"agency": str(theirs.pk), "answer": "given", **day("dated_on", today())}
    assert iris.post(url("record_consent", iris_case), answers).status_code == 200
    assert iris.get(url("record_consent", iris_case), {"agency": str(theirs.pk)}).status_code == 404
    assert not AgencyConsent.objects.exists()


@pytest.mark.parametrize("key", ["rubbish", "\x00", str(uuid.uuid4())])
def test_an_agency_that_is_none_is_not_found(iris, iris_case, key):
    assert iris.get(url("record_consent", iris_case), {"agency": key}).status_code == 404

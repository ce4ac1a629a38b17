"""The secret status link: it says how far it is, it ends, and it never says who."""

import datetime as dt

import pytest

from casework.models import Case
from casework.moving import move
from casework.standing import note_contact
from isva.access.acting import act
from isva.clock.moment import at, now
from isva.pathway import Stage
from referrals.models import Referral, StatusLink
from referrals.secrets import token_of
from referrals.status import make_status_link, status_of
from tests.factories import make_case
from tests.referrals.conftest import PROFESSIONAL

pytestmark = pytest.mark.django_db


def _link(rowan, by, stage, *, isva=None, **referral):
    case = make_case(rowan, by=by, stage=stage, isva=isva, name="Ada Aspen")
    with act(by, rowan):
        told = case.referral
        for name, value in ({"route": Referral.Route.PROFESSIONAL, "source": "police"} | referral).items():
            setattr(told, name, value)
        told.save()
        link = make_status_link(case, by=by)
    return case, f"/status/{token_of(link)}/"


def _page(client, address):
    reply = client.get(address)
    assert reply.status_code == 200
    return reply.content.decode()


def test_it_follows_the_referral_and_never_names_the_client(rowan, people, client):
    for stage, words in (
        (Stage.REFERRAL, "We have it"), (Stage.TRIAGE, "We have it"), (Stage.INTERIM, "We have it"),
        (Stage.ACTIVE, "An ISVA has been allocated"), (Stage.CLOSED, "Our work on this has ended"),
    ):  # fmt: skip
        case, address = _link(rowan, people["manager"], stage, isva=people["isva"])
        page = _page(client, address)
        assert words in page
        for private in ("Ada", "Aspen", case.reference, "07700 900123"):
            assert private not in page


def test_first_contact_is_told(rowan, people, client):
    case, address = _link(rowan, people["manager"], Stage.TRIAGE)
    note_contact(case, at=now())
    assert "We have made contact" in _page(client, address)


def test_the_isva_is_named_only_with_the_clients_consent_and_to_professionals(rowan, people, client):
    who = {"isva": people["isva"]}
    _case, named = _link(rowan, people["manager"], Stage.ACTIVE, share_isva_name=True, **who)
    _case, silent = _link(rowan, people["manager"], Stage.ACTIVE, share_isva_name=False, **who)
    _case, own = _link(
        rowan, people["manager"], Stage.ACTIVE, share_isva_name=True, route="self", source="self", **who
    )
    assert "Iris Ivy" in _page(client, named)
    assert "Iris Ivy" not in _page(client, silent)
    assert "Iris Ivy" not in _page(client, own)


def test_where_the_person_does_not_want_it_told_only_receipt_is_said(rowan, people, client):
    _case, address = _link(rowan, people["manager"], Stage.ACTIVE, isva=people["isva"], tell_referrer=False)
    page = _page(client, address)
    assert "We have received it" in page
    assert "allocated" not in page


def test_already_open_is_not_revealed(rowan, people, client):
    other = make_case(rowan, by=people["manager"], stage=Stage.ACTIVE, isva=people["isva"])
    case, address = _link(rowan, people["manager"], Stage.CLOSED)
    with act(people["manager"], rowan):
        case.referral.already_open_as = other
        case.referral.save()
    _case, untouched = _link(rowan, people["manager"], Stage.REFERRAL)
    assert "We have it" in _page(client, address)
    assert _page(client, address) == _page(client, untouched)


def test_unable_to_contact_is_told_by_the_newest_triage(rowan, people, client):
    case, address = _link(rowan, people["manager"], Stage.CLOSED)
    with act(people["manager"], rowan):
        case.triageassessment_set.model(
            case=case,
            outcome="unable",
            outcome_reason="three attempts",
            completed_at=now(),
            recorded_by=people["manager"],
        ).save(force_insert=True)
    assert "We could not reach them" in _page(client, address)


@pytest.mark.parametrize(
    "who", [{"route": "self", "source": "self"}, {"route": "parent", "source": "family"}]
)
def test_whoever_referred_themselves_or_their_child_is_spoken_to(who, rowan, people, client):
    case, address = _link(rowan, people["manager"], Stage.CLOSED, **who)
    with act(people["manager"], rowan):
        case.triageassessment_set.model(
            case=case, outcome="unable", outcome_reason="x", completed_at=now(), recorded_by=people["manager"]
        ).save(force_insert=True)
    page = _page(client, address)
    assert page.count("We could not reach you") == 2
    assert "Ring us, or send the form again." in page
    for word in ("reach them", "refer again"):
        assert word not in page


@pytest.mark.parametrize(
    ("outcome", "headline"),
    [("declined", "Our work on this has ended"), ("unable", "We could not reach them")],
)
def test_the_headline_of_a_closed_referral_says_how_it_ended(outcome, headline, rowan, people):
    case, address = _link(rowan, people["manager"], Stage.CLOSED)
    with act(people["manager"], rowan):
        case.triageassessment_set.model(
            case=case, outcome=outcome, outcome_reason="as it was", completed_at=now(), recorded_by=people["manager"]
        ).save(force_insert=True)  # fmt: skip
    assert status_of(address.split("/")[-2]).headline == headline


def test_once_support_has_ended_the_page_says_so_and_names_no_isva(rowan, people, client):
    case, address = _link(
        rowan, people["manager"], Stage.ACTIVE, isva=people["isva"], share_isva_name=True
    )  # fmt: skip
    with act(people["manager"], rowan):
        move(case, to=Stage.CLOSED, by=people["manager"], reason="the work is done")
    assert status_of(address.split("/")[-2]).headline == "Support has ended"
    page = _page(client, address)
    assert "An ISVA has been allocated" in page
    assert "Iris Ivy" not in page


def test_an_unknown_and_an_expired_link_are_the_same_page(rowan, people, client):
    _case, address = _link(rowan, people["manager"], Stage.TRIAGE)
    unknown = client.get("/status/" + "x" * 43 + "/")
    with at(now() + dt.timedelta(days=366)):
        expired = client.get(address)
    assert unknown.status_code == expired.status_code == 404
    assert unknown.content == expired.content
    assert client.get("/status/" + "ü" * 300 + "/").status_code == 404


def test_it_ends_90_days_after_closure(rowan, people, client):
    _case, address = _link(rowan, people["manager"], Stage.CLOSED)
    assert client.get(address).status_code == 200
    with at(now() + dt.timedelta(days=91)):
        assert client.get(address).status_code == 404


def test_only_the_hash_of_a_token_is_kept_and_each_is_its_own(visitor):
    case = visitor("professional").sent(PROFESSIONAL)
    second = visitor("professional").sent(PROFESSIONAL)
    links = StatusLink.objects.filter(case__in=[case, second])
    tokens = {token_of(link) for link in links}
    assert len(tokens) == 2
    assert not tokens & {link.token_hash for link in links}
    assert Case.objects.count() == 2

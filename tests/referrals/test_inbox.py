"""The inbox: who stands first, what is shown of each, and what it costs."""

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from casework.models import Case, SafeContact
from isva.access.acting import act
from isva.clock.moment import LONDON, at, now
from isva.clock.terms import terms_of
from isva.pathway import Stage
from referrals import waiting
from referrals.clocks import counted_days, counted_hours, standard_mark, target_mark
from referrals.completeness import completeness, lacks_an_essential
from referrals.stages import referral as stage
from tests.factories import make_case

pytestmark = pytest.mark.django_db
_COUNTED = ("SELECT", "INSERT", "UPDATE", "DELETE")


def _queries(browser, address):
    browser.get(address)
    with CaptureQueriesContext(
        connection,
    ) as caught:
        reply = browser.get(address)
    assert reply.status_code == 200
    return [one["sql"] for one in caught if one["sql"].startswith(_COUNTED)]


def _change(record, *, by, **values):
    with act(by, record.service):
        for name, value in values.items():
            setattr(record, name, value)
        record.save()
    return record


def _names(reply):
    return [case.client.name for case in reply.context["page"].rows]


def test_safety_stands_first_and_then_whoever_waits_longest(rowan, people, signed_in):
    by = people["coordinator"]
    for name, days in (("New Nettle", 0), ("Old Oak", 3), ("Mid Maple", 1)):
        with at(now() - dt.timedelta(days=days)):
            make_case(rowan, by=by, name=name)
    urgent = make_case(rowan, by=by, name="Sam Safety")
    _change(urgent.referral, by=by, safety_concerns=["threats"])
    reply = signed_in("coordinator").get("/inbox/")
    assert _names(reply) == ["Sam Safety", "Old Oak", "Mid Maple", "New Nettle"]
    assert "Safety now" in reply.content.decode()


def test_each_referral_shows_its_clocks_gaps_and_tags(rowan, people, signed_in):
    by = people["coordinator"]
    case = make_case(rowan, by=by, name="Chi Cherry", age_given=11)
    _change(case.referral, by=by, outside_usual=["area"], reported="no")
    with act(by, rowan):
        stage.ask_referrer(case, gaps=["consent"], question="Did they agree?", by=by)
    page = signed_in("coordinator").get("/inbox/").content.decode()
    for words in (
        "hours left",
        "days left",
        "risk, consent",
        "Child",
        "Outside usual",
        "Waiting for answer",
    ):
        assert words in page, words
    assert case.reference in page


def test_the_filters_show_only_what_they_name(rowan, people, signed_in):
    by = people["coordinator"]
    whole = make_case(rowan, by=by, name="Whole Willow")
    _change(whole.referral, by=by, safety_answer="no", consents="yes", reported="no")
    make_case(rowan, by=by, name="Gap Gorse")
    asked = make_case(rowan, by=by, name="Asked Ash")
    with act(by, rowan):
        stage.ask_referrer(asked, gaps=[], question="What is missing?", by=by)
    browser = signed_in("coordinator")
    assert set(_names(browser.get("/inbox/?show=incomplete"))) == {"Gap Gorse", "Asked Ash"}
    assert _names(browser.get("/inbox/?show=asked")) == ["Asked Ash"]
    assert _names(browser.get("/inbox/?show=safety")) == []
    assert len(_names(browser.get("/inbox/?show=%00nonsense&after=rubbish"))) == 3


def test_the_filter_for_incomplete_and_the_shown_gaps_agree(rowan, people):
    by = people["coordinator"]
    variants = [
        {"safety_answer": safety, "safety_concerns": concerns, "consents": consents, "reported": reported}
        for safety in ("", "no", "unknown")
        for concerns in ([], ["threats"])
        for consents in ("", "yes")
        for reported in ("", "yes", "unknown", "no")
    ]
    for number, values in enumerate(variants):
        case = make_case(rowan, by=by, name=f"Case {number}")
        _change(case.referral, by=by, **values)
        if number % 5 == 0:
            _change(case, by=by, justice_stage="charged")
        if number % 7 == 0:
            _change(SafeContact.objects.get(client=case.client), by=by, safe_to_call=False)
    lacking = set(Case.objects.filter(lacks_an_essential()).values_list("pk", flat=True))
    for case in Case.objects.select_related("client", "referral"):
        contacts = list(SafeContact.objects.filter(client=case.client))
        assert bool(completeness(case, contacts).essential) == (case.pk in lacking)


def test_completeness_names_the_essential_gaps_and_scores(rowan, people):
    case = make_case(rowan, by=people["coordinator"])
    contacts = list(SafeContact.objects.filter(client=case.client))
    bare = completeness(case, contacts)
    assert bare.essential == ("risk", "consent", "justice")
    assert bare.score == 100 - 3 * 20 - 5 * 4
    case.referral.safety_answer, case.referral.consents, case.referral.reported = "no", "yes", "no"
    assert completeness(case, contacts).essential == ()
    assert completeness(case, []).essential == ("safe_contact",)


def test_triage_has_its_tab_with_the_state_of_first_contact(rowan, people, signed_in):
    from casework.standing import note_contact

    by = people["coordinator"]
    reached = make_case(rowan, by=by, stage=Stage.TRIAGE, name="Rea Reached")
    note_contact(reached, at=now())
    make_case(rowan, by=by, stage=Stage.TRIAGE, name="Nia Notyet")
    reply = signed_in("coordinator").get("/inbox/?in=triage")
    assert _names(reply) == ["Nia Notyet", "Rea Reached"]
    assert "Made today" in reply.content.decode()


def test_nobody_sees_the_inbox_of_another_service_or_of_somebody_walled_off(
    rowan, people, services, signed_in
):
    from casework.access import declare_conflict

    by = people["coordinator"]
    case = make_case(rowan, by=by, name="Wall Wisteria")
    make_case(services["harbour"], by=people["harbour_coordinator"], name="Har Hazel")
    with act(people["manager"], rowan):
        declare_conflict(case.client, user=by, reason="a cousin", by=people["manager"])
    assert _names(signed_in("coordinator").get("/inbox/")) == []
    assert _names(signed_in("manager").get("/inbox/")) == ["Wall Wisteria"]


@pytest.mark.parametrize("address", ["/inbox/", "/inbox/?in=triage"])
def test_the_inbox_costs_the_same_with_5_and_with_30_rows(rowan, people, signed_in, address):
    by = people["coordinator"]
    where = Stage.TRIAGE if "triage" in address else Stage.REFERRAL
    browser = signed_in("coordinator")
    for _ in range(5):
        make_case(rowan, by=by, stage=where)
    few = _queries(browser, address)
    for _ in range(25):
        make_case(rowan, by=by, stage=where)
    many = _queries(browser, address)
    assert len(few) == len(many), "\n".join(many)
    assert len(many) <= 8, "\n".join(many)


def test_a_long_inbox_is_paged_and_nothing_is_left_out(rowan, people, signed_in, monkeypatch):
    monkeypatch.setattr(waiting, "PAGE", 3)
    by = people["coordinator"]
    for number in range(8):
        case = make_case(rowan, by=by, name=f"Case {number}")
        if number % 3 == 0:
            _change(case.referral, by=by, safety_answer="yes")
    browser, seen, after = signed_in("coordinator"), [], ""
    while after is not None:
        reply = browser.get("/inbox/", {"after": after})
        seen += _names(reply)
        after = reply.context["page"].next
    assert sorted(seen) == [f"Case {n}" for n in range(8)]
    assert set(seen[:3]) == {"Case 0", "Case 3", "Case 6"}


def test_the_clocks_count_working_hours_and_working_days(rowan):
    friday = dt.datetime(2026, 11, 20, 16, 0, tzinfo=LONDON)
    with at(friday + dt.timedelta(hours=1)):
        assert "47 hours left" in target_mark(friday, terms_of(rowan))
        assert "5 days left" in standard_mark(friday, terms_of(rowan))
    with at(friday + dt.timedelta(days=3)):
        assert "24 hours left" in target_mark(friday, terms_of(rowan))
        assert "4 days left" in standard_mark(friday, terms_of(rowan))
    with at(friday + dt.timedelta(days=8)):
        assert "Target passed" in target_mark(friday, terms_of(rowan))
        assert "Standard missed" in standard_mark(friday, terms_of(rowan))
    assert counted_hours(friday, friday + dt.timedelta(days=3)) == 24
    assert counted_days(friday, friday + dt.timedelta(days=3)) == 1

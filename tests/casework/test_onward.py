"""Onward referrals, unmet needs, risks that nobody holds, the list of agencies, and the justice process."""

import datetime as dt
import uuid

import pytest
from django.urls import reverse

from casework import justice, onward
from casework.models import Agency, JusticeUpdate, OnwardReferral, ReviewPoint
from isva.access.acting import act
from isva.clock.moment import today
from isva.pathway import Stage
from tests.factories import make_case

pytestmark = pytest.mark.django_db


def url(name, case, **keys):
    return reverse(name, kwargs={"case_id": case.pk, **keys})


def day(name, when) -> dict:
    return {f"{name}_day": when.day, f"{name}_month": when.month, f"{name}_year": when.year}


@pytest.fixture
def iris(signed_in):
    return signed_in("isva")


@pytest.fixture
def clinic(iris_case, people, acting):
    with acting("isva"):
        return onward.add_agency(iris_case.service, by=people["isva"], name="Fern Clinic", kind="health")


def typed(clinic=None, **changed) -> dict:
    answers = {"domain": "health", "need": "A health check", "once": str(uuid.uuid4()), "has_agency": "no"}
    if clinic:
        answers |= {
            "has_agency": "yes",
            "agency": str(clinic.pk),
            "consented": "on",
            **day("sent_on", today()),
        }
    return answers | changed


# Referrals


def test_a_referral_waits_is_answered_and_knows_how_long_it_took(iris, iris_case, clinic):
    iris.post(
        url("refer_onward", iris_case), typed(clinic, **day("sent_on", today() - dt.timedelta(days=12)))
    )
    referral = OnwardReferral.objects.get()
    assert (referral.answer, onward.days_waited(referral)) == ("waiting", 12)
    address = url("answer_onward_referral", iris_case, referral_id=referral.pk)
    steps = {"consented": "on", "answer": "accepted", **day("sent_on", referral.sent_on)}
    assert "Enter when they answered" in iris.post(address, steps).content.decode()
    iris.post(
        address,
        steps | day("answered_on", today() - dt.timedelta(days=2)) | {"outcome": "First visit booked"},
    )
    referral.refresh_from_db()
    assert (referral.answer, referral.outcome, onward.days_waited(referral)) == (
        "accepted",
        "First visit booked",
        10,
    )


def test_no_service_for_a_need_is_an_unmet_need(iris, iris_case, clinic):
    iris.post(url("refer_onward", iris_case), typed(agency=str(clinic.pk), consented="on"))
    need = OnwardReferral.objects.get()
    assert (need.agency, need.answer, need.sent_on) == (None, "no_service", None)
    assert "No service to refer to" in iris.get(url("show_people", iris_case)).content.decode()


def test_nothing_is_sent_without_the_client_s_consent(iris, iris_case, clinic, people, acting):
    answers = typed(clinic)
    del answers["consented"]
    assert (
        "A referral is sent with the client’s consent."
        in iris.post(url("refer_onward", iris_case), answers).content.decode()
    )
    assert not OnwardReferral.objects.exists()
    with acting("isva"), pytest.raises(ValueError, match="consent"):
        onward.refer_onward(iris_case, by=people["isva"], need="A check", agency=clinic, sent_on=today())


def test_an_answer_does_not_come_before_the_question(iris, iris_case, clinic):
    iris.post(url("refer_onward", iris_case), typed(clinic))
    address = url("answer_onward_referral", iris_case, referral_id=OnwardReferral.objects.get().pk)
    steps = {"consented": "on", "answer": "declined", **day("sent_on", today())}
    shown = iris.post(address, steps | day("answered_on", today() - dt.timedelta(days=3))).content.decode()
    assert "They cannot have answered before it was sent" in shown


def test_a_risk_outside_our_scope_stays_until_somebody_holds_it(iris, iris_case):
    iris.post(url("refer_onward", iris_case), typed(unheld_risk="on", need="Somebody else follows her"))
    risk = OnwardReferral.objects.get()
    assert (
        "A risk outside our scope is held by nobody."
        in iris.get(url("show_case", iris_case)).content.decode()
    )
    iris.post(
        url("answer_onward_referral", iris_case, referral_id=risk.pk),
        {"unheld_risk": "on", "outcome": "Police safeguarding team", **day("held_since", today())},
    )
    risk.refresh_from_db()
    assert (risk.held_since, risk.unheld_risk) == (today(), True)
    assert "held by nobody" not in iris.get(url("show_case", iris_case)).content.decode()


def test_pressing_twice_refers_once(iris, iris_case, clinic):
    answers = typed(clinic)
    for _press in range(2):
        assert iris.post(url("refer_onward", iris_case), answers).status_code == 302
    assert OnwardReferral.objects.count() == 1


def test_who_may_only_read_sees_a_referral_and_changes_nothing(iris_case, clinic, people, acting, signed_in):
    from casework.access import grant

    with acting("manager"):
        referral = onward.refer_onward(iris_case, by=people["manager"], need="A check", agency=clinic)
        grant(iris_case, to=people["second_isva"], why="cover", by=people["manager"], read_only=True)
    reader = signed_in("second_isva")
    address = url("answer_onward_referral", iris_case, referral_id=referral.pk)
    assert '<form method="post" novalidate' not in reader.get(address).content.decode()
    reader.post(address, {"answer": "waiting", "outcome": "Changed"})
    referral.refresh_from_db()
    assert referral.outcome == ""


# Agencies


def test_agencies_are_added_changed_and_taken_out_of_use(iris, iris_case, signed_in):
    iris.post(
        reverse("add_agency"), {"name": "Larkfield Housing", "kind": "housing", "phone": "01632 960555"}
    )
    agency = Agency.objects.get()
    assert "Larkfield Housing" in iris.get(reverse("list_agencies")).content.decode()
    changed = {"name": "Larkfield Homes", "kind": "housing"}
    assert iris.post(reverse("change_agency", args=[agency.pk]), changed).status_code == 403
    signed_in("coordinator").post(reverse("change_agency", args=[agency.pk]), changed)
    agency.refresh_from_db()
    assert (agency.name, agency.in_use) == ("Larkfield Homes", False)
    assert "Larkfield Homes" not in iris.get(reverse("list_agencies")).content.decode()
    assert "Larkfield Homes" in iris.get(reverse("list_agencies"), {"use": "no"}).content.decode()
    assert "Larkfield Homes" not in iris.get(url("refer_onward", iris_case)).content.decode()


def test_a_name_on_the_list_of_another_service_is_free_here(clinic, people, services):
    with act(people["harbour_manager"], services["harbour"]):
        onward.add_agency(
            services["harbour"], by=people["harbour_manager"], name="Harbour Clinic", kind="health"
        )
    with act(people["isva"], services["rowan"]):
        assert onward.add_agency(
            services["rowan"], by=people["isva"], name="Harbour Clinic", kind="health"
        ).pk


def test_a_name_is_on_the_list_once(iris, clinic):
    shown = iris.post(reverse("add_agency"), {"name": "fern clinic", "kind": "health"}).content.decode()
    assert shown.count("An agency of this name is on the list already.") == 2
    assert Agency.objects.count() == 1


def test_the_list_is_the_service_s_own(clinic, signed_in):
    browser = signed_in("harbour_isva")
    assert "Fern Clinic" not in browser.get(reverse("list_agencies")).content.decode()
    assert browser.get(reverse("show_agency", args=[clinic.pk])).status_code == 404


def test_the_list_is_filtered_and_rubbish_filters_nothing(iris, clinic):
    for kind, shown in (("health", True), ("police", False), ("rubbish", True), ("\x00", True)):
        page = iris.get(reverse("list_agencies"), {"kind": kind, "after": kind}).content.decode()
        assert ("Fern Clinic" in page) is shown


def test_the_list_costs_the_same_with_5_and_with_30_agencies(iris, rowan, people, acting, queries):
    def add(numbers):
        with acting("isva"):
            for number in numbers:
                onward.add_agency(rowan, by=people["isva"], name=f"Agency {number}", kind="other")

    add(range(5))
    few = queries(iris, reverse("list_agencies"))
    add(range(5, 30))
    assert queries(iris, reverse("list_agencies")) == few <= 9


def test_who_has_no_casework_sees_no_agencies(signed_in):
    for who in ("commissioner", "supervisor"):
        assert signed_in(who).get(reverse("list_agencies")).status_code == 403


# Justice


def test_the_case_carries_where_the_process_stands_since_the_latest_day(iris, iris_case):
    later = {
        "stage": "charged",
        **day("since", today() - dt.timedelta(days=3)),
        **day("trial_on", today() + dt.timedelta(days=90)),
    }
    earlier = {"stage": "with_cps", **day("since", today() - dt.timedelta(days=50))}
    for answers in (later, earlier):
        assert iris.post(url("update_justice", iris_case), answers).status_code == 302
    iris_case.refresh_from_db()
    assert (iris_case.justice_stage, iris_case.trial_on) == ("charged", today() + dt.timedelta(days=90))
    assert [one.stage for one in justice.updates_of(iris_case)] == ["charged", "with_cps"]


def test_a_turn_of_the_process_brings_the_next_review_forward(iris_case, people, acting):
    with acting("isva"):
        justice.update_justice(iris_case, by=people["isva"], stage="nfa_police", since=today())
    point = ReviewPoint.objects.get(case=iris_case, kind="sas", done_on__isnull=True)
    assert point.why == "the justice process took a turn"


def test_a_risk_that_nobody_holds_brings_the_next_review_forward(iris_case, people, acting):
    with acting("isva"):
        onward.refer_onward(iris_case, by=people["isva"], need="Somebody to talk to", domain="wellbeing")
        assert not ReviewPoint.objects.filter(case=iris_case, kind="sas", done_on__isnull=True).exists()
        onward.refer_onward(iris_case, by=people["isva"], need="A stalker", domain="safety", unheld_risk=True)
    point = ReviewPoint.objects.get(case=iris_case, kind="sas", done_on__isnull=True)
    assert point.why == "a risk that nobody holds"


def test_a_risk_that_turns_out_to_be_held_by_nobody_brings_the_next_review_forward(iris_case, people, acting):
    iris = people["isva"]
    points = ReviewPoint.objects.filter(case=iris_case, kind="sas", done_on__isnull=True)
    with acting("isva"):
        referral = onward.refer_onward(iris_case, by=iris, need="A stalker", domain="safety")
        onward.answer_onward_referral(referral, by=iris, outcome="Nobody takes it", unheld_risk=False)
        onward.answer_onward_referral(referral, by=iris, unheld_risk=True, held_since=today())
        assert not points.exists()
        onward.answer_onward_referral(referral, by=iris, unheld_risk=True, held_since=None)
        assert points.get().why == "a risk that nobody holds"


def test_the_tab_says_that_support_does_not_depend_on_reporting(iris, iris_case):
    shown = iris.get(url("show_justice", iris_case)).content.decode()
    assert "Support does not depend on reporting, nor on what comes of a report." in shown
    assert "Nothing recorded yet" in shown


def test_nothing_is_recorded_of_days_to_come(iris, iris_case):
    answers = {"stage": "charged", **day("since", today() + dt.timedelta(days=1))}
    assert (
        "must be today or in the past"
        in iris.post(url("update_justice", iris_case), answers).content.decode()
    )
    assert not JusticeUpdate.objects.exists()


def test_the_process_can_be_followed_also_before_and_after_support(people, rowan, acting):
    for stage in (Stage.TRIAGE, Stage.CLOSED):
        case = make_case(rowan, by=people["manager"], stage=stage)
        with acting("manager"):
            justice.update_justice(case, by=people["manager"], stage="charged", since=today())
        case.refresh_from_db()
        assert case.justice_stage == "charged"

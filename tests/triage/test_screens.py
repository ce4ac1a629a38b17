"""The screens of triage and the waiting list: who may open them, what they refuse in words, what they cost."""

import datetime as dt
import uuid
from urllib.parse import quote

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from casework.models import Case, SafeguardingConcern
from isva.clock.moment import LONDON, at
from isva.drafts import typed
from isva.drafts.models import Draft
from isva.pathway import Stage
from tests.factories import make_case
from tests.sent import as_sent
from tests.triage.making import WEDNESDAY, reached, tried_enough
from triage.models import ContactAttempt, InterimReview, TriageAssessment, UrgentAllocation
from triage.stages import interim

pytestmark = pytest.mark.usefixtures("wednesday")

#: (URL name of the page, the stage it belongs to)
PAGES = [
    ("triage", Stage.TRIAGE), ("check-in", Stage.INTERIM), ("escalate", Stage.INTERIM), ("interim-worker", Stage.INTERIM),
    ("to-allocation", Stage.INTERIM), ("to-interim", Stage.ALLOCATION), ("no-longer-waiting", Stage.INTERIM),
    ("triage/attempt", Stage.TRIAGE),
]  # fmt: skip
RUBBISH = {
    "outcome": "\x00", "reason": "x" * 50_000, "at_day": "99999999999999", "at_month": "\x00", "at_year": "-1",
    "at_time": "25:99", "method": ["phone", "carrier pigeon"], "safe_contact": "../../etc", "concern": "maybe",
    "concern_who": ["nobody", "\x00"], "interim_worker": str(uuid.uuid4()), "next_review_on_day": "31",
    "next_review_on_month": "2", "next_review_on_year": "2027", "once": "not a key", "specialisms": "<script>",
    "sas-risk": "enormous", "sas-safety-risk": "4", "sas-safety-need": "-1", "reached": "\x00", "justice_stage": "",
    "attempt-at_day": "\x00", "attempt-method": "\x00", "attempt-note": "\x00" * 10,
}  # fmt: skip


def page(case, name: str) -> str:
    return f"/cases/{case.pk}/{name}/"


def day_parts(name: str, day) -> dict[str, str]:
    return {f"{name}_day": str(day.day), f"{name}_month": str(day.month), f"{name}_year": str(day.year)}


def moment_parts(name: str, moment) -> dict[str, str]:
    return {**day_parts(name, moment), f"{name}_time": f"{moment:%H:%M}"}


def scored(risk: str = "standard") -> dict[str, str]:
    return {"sas-risk": risk, "sas-safety-risk": "1", "sas-safety-need": "1", "sas-safety-protective": "2"}


def triaged(outcome: str, **more) -> dict:
    return {
        "concern": "no", "justice_stage": "not_reported", "outcome": outcome, "reason": "As spoken about.",
        **scored(), **more,
    }  # fmt: skip


def attempted(case, **more) -> dict:
    phone = case.client.safecontact_set.get()
    return {
        **moment_parts("attempt-at", WEDNESDAY - dt.timedelta(minutes=30)), "attempt-method": "phone",
        "attempt-outcome": "no_answer", "attempt-safe_contact": str(phone.pk), **more,
    }  # fmt: skip


def checked_in(**more) -> dict:
    return {
        **moment_parts("at", WEDNESDAY - dt.timedelta(minutes=30)), "method": "phone", "reached": "yes", "concern": "no",
        **scored(), **day_parts("next_review_on", dt.date(2027, 3, 10)), **more,
    }  # fmt: skip


@pytest.mark.parametrize(("name", "stage"), PAGES)
@pytest.mark.parametrize(
    ("who", "status"),
    [("coordinator", 200), ("manager", 200), ("isva", 404), ("records_lead", 404), ("harbour_manager", 404)],
)
def test_who_opens_a_page_of_intake(case_at, signed_in, rowan, name, stage, who, status):
    chosen = rowan if who == "records_lead" else None
    assert signed_in(who, chosen).get(page(case_at(stage), name)).status_code == status


@pytest.mark.parametrize(
    ("who", "onward"), [("coordinator", "triage"), ("manager", "triage"), ("isva", "check-in")]
)
def test_after_an_attempt_everybody_is_led_to_a_page_that_opens_to_them(
    case_at, signed_in, people, coordinator, who, onward
):
    case = case_at(Stage.INTERIM)
    interim.name_interim_worker(case, worker=people["isva"], by=coordinator)
    answer = signed_in(who).post(page(case, "triage/attempt"), attempted(case))
    assert (answer.status_code, answer.headers.get("Location")) == (302, page(case, onward))


def test_the_page_that_names_who_keeps_in_touch_saves_nothing_unseen(case_at, signed_in, people, coordinator):
    case = case_at(Stage.INTERIM)
    browser, address = signed_in("coordinator"), page(case, "interim-worker")
    sent = as_sent(browser.get(address)) | {"interim_worker": str(people["second_isva"].pk)}
    interim.name_interim_worker(case, worker=people["isva"], by=coordinator)
    refused = browser.post(address, sent)
    assert "while you were writing" in refused.content.decode()
    assert browser.post(address, sent | {"seen": refused.context["form"]["seen"].value()}).status_code == 302


def test_an_urgent_case_is_put_back_from_its_page_by_a_manager_only(case_at, signed_in, coordinator):
    case = case_at(Stage.INTERIM)
    interim.escalate_case(case, reason="Threats.", by=coordinator)
    sent = {"reason": "Calm now.", **day_parts("next_review_on", dt.date(2027, 3, 10))}
    answer = signed_in("coordinator").post(page(case, "to-interim"), sent)
    assert answer.status_code == 200
    assert "Only a manager can put it back" in answer.content.decode()
    assert signed_in("manager").post(page(case, "to-interim"), sent).status_code == 302
    assert UrgentAllocation.objects.get(case=case).done_at is not None


@pytest.mark.parametrize(
    ("who", "status"),
    [("coordinator", 200), ("manager", 200), ("isva", 403), ("records_lead", 403), ("commissioner", 403)],
)
def test_who_opens_the_waiting_list(signed_in, rowan, who, status):
    assert signed_in(who, rowan if who == "records_lead" else None).get("/waiting/").status_code == status


def test_an_urgent_allocation_is_acknowledged_by_managers_only(case_at, signed_in, acting, people):
    case = case_at(Stage.INTERIM)
    with acting("coordinator"):
        interim.escalate_case(case, reason="Threats.", by=people["coordinator"])
    assert signed_in("coordinator").get(page(case, "urgent")).status_code == 403
    assert signed_in("coordinator").post(page(case, "urgent")).status_code == 403
    answer = signed_in("second_manager").post(page(case, "urgent"))
    assert answer.status_code == 302
    assert UrgentAllocation.objects.get(case=case).acknowledged_by == people["second_manager"]
    assert signed_in("manager").get(page(case_at(Stage.INTERIM), "urgent")).status_code == 200


def test_the_interim_worker_checks_in_but_does_not_run_the_list(case_at, signed_in, acting, people):
    case = case_at(Stage.INTERIM)
    with acting("coordinator"):
        interim.name_interim_worker(case, worker=people["isva"], by=people["coordinator"])
    assert signed_in("isva").get(page(case, "check-in")).status_code == 200
    assert signed_in("isva").post(page(case, "check-in"), checked_in()).url == "/my-day/"
    assert signed_in("isva").get(page(case, "to-allocation")).status_code == 403
    assert signed_in("isva").get(page(case, "triage")).status_code == 403


@pytest.mark.parametrize(("name", "stage"), PAGES)
def test_rubbish_is_told_in_words_and_saves_nothing(case_at, signed_in, name, stage):
    case = case_at(stage)
    for data in (RUBBISH, {}, {"reason": "\x00"}):
        answer = signed_in("coordinator").post(page(case, name), data)
        assert answer.status_code == 200
        assert "There is a problem" in answer.content.decode()
    assert Case.objects.get(pk=case.pk).stage == stage
    assert not TriageAssessment.objects.exists()
    assert not InterimReview.objects.exists()
    assert not ContactAttempt.objects.exists()


@pytest.mark.parametrize(
    "address", ["?after=rubbish", "?risk=%00&stage=closed&specialism=x&show=%27", "?after=" + "a" * 3000]
)
def test_a_rubbish_address_of_the_list_is_the_list(case_at, signed_in, address):
    case_at(Stage.INTERIM)
    answer = signed_in("coordinator").get("/waiting/" + address)
    assert answer.status_code == 200
    assert "1 person" in answer.content.decode()


@pytest.mark.parametrize(
    ("outcome", "more", "stage"),
    [
        ("allocate_now", {}, Stage.ALLOCATION), ("allocate", {}, Stage.ALLOCATION), ("advice", {}, Stage.CLOSED),
        ("not_this_service", {"where_to": "The service in Kelpton."}, Stage.CLOSED), ("declined", {}, Stage.CLOSED),
    ],
)  # fmt: skip
def test_each_outcome_leads_on_from_the_page(case_at, signed_in, outcome, more, stage):
    case = case_at(Stage.TRIAGE)
    answer = signed_in("coordinator").post(page(case, "triage"), triaged(outcome, **more))
    assert answer.status_code == 302
    assert Case.objects.get(pk=case.pk).stage == stage


def test_interim_is_chosen_with_somebody_who_keeps_in_touch(case_at, signed_in, people):
    case = case_at(Stage.TRIAGE)
    browser = signed_in("coordinator")
    refused = browser.post(page(case, "triage"), triaged("interim")).content.decode()
    assert "Select who keeps in touch" in refused
    late = triaged(
        "interim", interim_worker=str(people["isva"].pk), **day_parts("next_review_on", dt.date(2027, 5, 1))
    )
    assert "within 28 days" in browser.post(page(case, "triage"), late).content.decode()
    browser.post(page(case, "triage"), triaged("interim", interim_worker=str(people["isva"].pk)))
    found = Case.objects.get(pk=case.pk)
    assert (found.stage, found.interim_worker, found.next_review_on) == (
        Stage.INTERIM,
        people["isva"],
        dt.date(2027, 3, 31),
    )


def test_a_refused_outcome_says_why_and_loses_nothing(case_at, signed_in):
    case = case_at(Stage.TRIAGE)
    typed = triaged(
        "unable", needs_beyond="Help with housing, first of all.", **{"sas-safety-note": "Moved twice."}
    )
    shown = signed_in("coordinator").post(page(case, "triage"), typed).content.decode()
    assert "“Unable to contact” cannot be chosen yet. 0 of 3 attempts" in shown
    assert "Help with housing, first of all." in shown
    assert "Moved twice." in shown
    assert Case.objects.get(pk=case.pk).stage == Stage.TRIAGE


def test_unable_to_contact_needs_no_screening_once_enough_was_tried(case_at, signed_in, acting, people):
    case = case_at(Stage.TRIAGE)
    with acting("coordinator"):
        tried_enough(case, by=people["coordinator"])
    data = {
        "concern": "no",
        "justice_stage": "unknown",
        "outcome": "unable",
        "reason": "Nobody answers.",
        "referrer_told": "on",
    }
    assert signed_in("coordinator").post(page(case, "triage"), data).status_code == 302
    assert TriageAssessment.objects.get(case=case).referrer_told_at == WEDNESDAY


def test_a_screening_that_was_begun_is_finished_even_where_it_is_not_needed(case_at, signed_in):
    case = case_at(Stage.TRIAGE)
    data = triaged("declined") | {"sas-risk": ""}
    assert (
        "Select the overall risk"
        in signed_in("coordinator").post(page(case, "triage"), data).content.decode()
    )


def test_a_screening_of_no_domain_is_told(case_at, signed_in):
    data = {name: value for name, value in triaged("allocate").items() if not name.startswith("sas-safety")}
    shown = signed_in("coordinator").post(page(case_at(Stage.TRIAGE), "triage"), data).content.decode()
    assert "Score at least one domain" in shown


def test_a_concern_opens_its_questions(case_at, signed_in):
    case = case_at(Stage.TRIAGE)
    browser = signed_in("coordinator")
    shown = browser.post(page(case, "triage"), triaged("allocate", concern="yes")).content.decode()
    assert "Select at least one answer for who is at risk" in shown
    told = triaged(
        "allocate", concern="yes", concern_who=["client_adult", "other_child"], concern_what="Threats to a sister.",
        concern_referred="no", concern_not_referred_why="Children’s services know already.",
    )  # fmt: skip
    assert browser.post(page(case, "triage"), told).status_code == 302
    assert SafeguardingConcern.objects.filter(case=case).count() == 2
    assert TriageAssessment.objects.get(case=case).safeguarding == TriageAssessment.Safeguarding.BOTH


def test_pressing_twice_triages_once(case_at, signed_in):
    case = case_at(Stage.TRIAGE)
    data = triaged("allocate", once=str(uuid.uuid4()))
    browser = signed_in("coordinator")
    assert browser.post(page(case, "triage"), data).status_code == 302
    assert browser.post(page(case, "triage"), data).status_code == 200
    assert TriageAssessment.objects.filter(case=case).count() == 1


def test_an_attempt_that_breaks_the_clients_rule_is_told_at_the_question(case_at, signed_in):
    case = case_at(Stage.TRIAGE)
    browser = signed_in("coordinator")
    data = attempted(case, **{"attempt-outcome": "message"})
    shown = browser.post(page(case, "triage/attempt"), data).content.decode()
    assert "not safe to leave a message on this number" in shown
    assert 'href="#id_attempt-against_rule"' in shown
    data["attempt-against_rule"] = "They asked us to, on the phone."
    assert browser.post(page(case, "triage/attempt"), data).status_code == 302
    assert ContactAttempt.objects.get(case=case).against_rule == "They asked us to, on the phone."


def test_an_attempt_names_the_number_that_was_used(case_at, signed_in):
    case = case_at(Stage.TRIAGE)
    data = attempted(case, **{"attempt-safe_contact": ""})
    assert (
        "Select the number or address you used"
        in signed_in("coordinator").post(page(case, "triage/attempt"), data).content.decode()
    )
    data["attempt-safe_contact"] = "another"
    assert (
        "not one of the client’s safe contacts"
        in signed_in("coordinator").post(page(case, "triage/attempt"), data).content.decode()
    )


def test_a_first_contact_stops_both_clocks(case_at, signed_in):
    case = case_at(Stage.TRIAGE)
    browser = signed_in("coordinator")
    assert "days left" in browser.get(page(case, "triage")).content.decode()
    browser.post(page(case, "triage/attempt"), attempted(case, **{"attempt-outcome": "told"}))
    shown = browser.get(page(case, "triage")).content.decode()
    assert "days left" not in shown
    assert "Kept" in shown


def test_a_check_in_is_recorded_and_the_next_one_set(case_at, signed_in):
    case = case_at(Stage.INTERIM)
    answer = signed_in("coordinator").post(page(case, "check-in"), checked_in())
    assert answer.url == "/waiting/"
    assert InterimReview.objects.get(case=case).next_review_on == dt.date(2027, 3, 10)


def test_a_check_in_that_finds_a_greater_risk_says_who_was_asked(case_at, signed_in):
    case = case_at(Stage.INTERIM)
    shown = (
        signed_in("coordinator")
        .post(page(case, "check-in"), checked_in(**scored("high")), follow=True)
        .content.decode()
    )
    assert "This is an urgent allocation now." in shown
    assert Case.objects.get(pk=case.pk).urgent


def test_a_review_later_than_the_risk_allows_is_told_at_the_question(case_at, signed_in):
    case = case_at(Stage.INTERIM)
    data = checked_in(**scored("high"), **day_parts("next_review_on", dt.date(2027, 3, 11)))
    shown = signed_in("coordinator").post(page(case, "check-in"), data).content.decode()
    assert "At high risk the next review is within 7 days. That is 10 March 2027 at the latest." in shown
    assert 'href="#id_next_review_on_day"' in shown


def test_somebody_who_was_not_reached_needs_no_screening(case_at, signed_in):
    case = case_at(Stage.INTERIM)
    data = {name: value for name, value in checked_in(reached="no").items() if not name.startswith("sas-")}
    assert signed_in("coordinator").post(page(case, "check-in"), data).status_code == 302
    assert not InterimReview.objects.get(case=case).reached


def test_what_was_typed_and_not_saved_is_offered_back(case_at, signed_in, people):
    case = case_at(Stage.TRIAGE)
    browser = signed_in("coordinator")
    typed = triaged("advice", needs_beyond="Help with debts.", **{"sas-safety-note": "Feels safer."})
    assert browser.post(reverse("keep_draft", args=[case.pk, "triage_case"]), typed).status_code == 204
    shown = browser.get(page(case, "triage")).content.decode()
    assert "Help with debts." in shown
    assert "Feels safer." in shown
    browser.post(page(case, "triage"), typed)
    assert not Draft.objects.exists()


@pytest.fixture
def comes_again(signed_in, people):
    """``comes_again()`` – the coordinator signs in again; what waits for them is known to the new session."""

    def sign_in_again():
        browser = signed_in("coordinator")
        session = browser.session
        typed.remember(session, user=people["coordinator"])
        session.save()
        return browser

    return sign_in_again


def test_an_attempt_that_was_typed_before_the_end_is_offered_beside_the_untouched_assessment(
    case_at, signed_in, comes_again
):
    case = case_at(Stage.TRIAGE)
    here, browser = page(case, "triage"), signed_in("coordinator")
    browser.post(reverse("keep_draft", args=[case.pk, "triage_case"]), {"reason": "Lives with her aunt."})
    sent = attempted(case, **{"attempt-note": "Her brother picked up."})
    browser.post(reverse("keep_typed"), {"path": page(case, "triage/attempt"), **sent})
    answer = comes_again().get(here)
    shown = answer.content.decode()
    assert "Her brother picked up." in shown
    assert "It is not saved yet" in shown
    assert "Lives with her aunt." in shown
    assert "There is a problem" not in shown
    assert answer.context["attempt_is_open"]
    assert shown.count("data-autosave-url") == 1, "an attempt is no part of the draft of the assessment"
    assert not answer.context["assessment"].is_bound


def test_an_attempt_that_was_sent_after_the_end_is_offered_on_the_triage_page(
    case_at, signed_in, comes_again
):
    case = case_at(Stage.TRIAGE)
    here, browser = page(case, "triage"), signed_in("coordinator")
    session = browser.session
    session["entry"] = {**session["entry"], "seen": 0}
    session.save()
    sent = attempted(case, **{"attempt-note": "Her brother picked up."})
    answer = browser.post(page(case, "triage/attempt"), sent, headers={"referer": f"http://testserver{here}"})
    assert quote(here, safe="") in answer.headers["Location"]
    assert not ContactAttempt.objects.exists()
    again = comes_again()
    shown = again.get(here).content.decode()
    assert "Her brother picked up." in shown
    assert "There is a problem" not in shown
    assert "Her brother picked up." not in again.get(here).content.decode()  # it is offered once


def test_answers_of_another_form_are_never_given_to_the_assessment(case_at, signed_in):
    case = case_at(Stage.TRIAGE)
    here, browser = page(case, "triage"), signed_in("coordinator")
    browser.post(reverse("keep_typed"), {"path": here, "attempt-note": "Her brother picked up.", "once": "x"})
    shown = browser.get(here).content.decode()
    assert "There is a problem" not in shown
    assert "It is not saved yet" not in shown
    browser.post(reverse("keep_typed"), {"path": here, "reason": "Lives with her aunt."})
    assert "Lives with her aunt." in browser.get(here).content.decode()


def test_the_page_of_a_triage_that_is_done_tells_what_was_found(case_at, signed_in, acting, people):
    case = case_at(Stage.INTERIM)
    browser = signed_in("manager")
    with acting("coordinator"):
        tried_enough(case, by=people["coordinator"])
    data = {"outcome": "unable", "reason": "Nobody answers any more."}
    assert browser.post(page(case, "no-longer-waiting"), data).status_code == 302
    shown = browser.get(page(case, "triage")).content.decode()
    assert "Nobody answers any more." in shown
    assert "Not told yet" in shown
    told = TriageAssessment.objects.get(case=case)
    browser.post(f"/cases/{case.pk}/triage/{told.pk}/referrer-told/")
    assert "Not told yet" not in browser.get(page(case, "triage")).content.decode()


def test_an_assessment_of_another_case_is_not_found(case_at, signed_in, acting, people):
    case, other = case_at(Stage.TRIAGE), case_at(Stage.TRIAGE)
    signed_in("coordinator").post(page(other, "triage"), triaged("allocate"))
    foreign = TriageAssessment.objects.get(case=other)
    assert (
        signed_in("coordinator").post(f"/cases/{case.pk}/triage/{foreign.pk}/referrer-told/").status_code
        == 404
    )


def test_the_list_says_why_and_what_is_overdue(rowan, people, signed_in, acting):
    with at(WEDNESDAY - dt.timedelta(days=60)):
        case = make_case(rowan, by=people["coordinator"], stage=Stage.INTERIM, preferred_worker_sex="female")
    with acting("coordinator"):
        case.specialisms_needed = ["court"]
        case.save(update_fields=["specialisms_needed"])
        interim.name_interim_worker(case, worker=people["coordinator"], by=people["coordinator"])
    shown = signed_in("coordinator").get("/waiting/?show=overdue").content.decode()
    for words in (
        "Overdue since 30 January 2027", "Standard risk, then longest wait", "Needs: Court and trial",
        "Would like: a woman", "Cora Clover keeps in touch", "No check-in yet", "8 weeks",
    ):  # fmt: skip
        assert words in shown
    with acting("coordinator"):
        reached(case, by=people["coordinator"], risk="high")
    shown = signed_in("manager").get("/waiting/").content.decode()
    assert "Urgent: Risk rose from standard to high." in shown
    assert "has been asked, and has not answered yet" in shown
    assert "Say that you have seen it" in shown
    assert "Say that you have seen it" not in signed_in("coordinator").get("/waiting/").content.decode()


def test_the_list_goes_on_over_pages_without_losing_anybody(rowan, people, signed_in):
    for number in range(45):
        with at(WEDNESDAY - dt.timedelta(hours=number + 24)):
            make_case(
                rowan, by=people["coordinator"], stage=Stage.INTERIM, name=f"Waiting Person {number:02}"
            )
    first = signed_in("coordinator").get("/waiting/")
    second = signed_in("coordinator").get("/waiting/", {"after": first.context["page"].next})
    rows = [*first.context["page"].rows, *second.context["page"].rows]
    assert len({case.pk for case in rows}) == 45
    assert rows[0].client.name == "Waiting Person 44"


def counted(browser, address: str) -> int:
    with CaptureQueriesContext(connection) as found:
        assert browser.get(address).status_code == 200
    return sum(
        not query["sql"].startswith(
            ("SAVEPOINT", "RELEASE", "ROLLBACK", "BEGIN", "COMMIT", 'INSERT INTO "audit_')
        )
        for query in found
    )


@pytest.mark.parametrize("rows", [5, 30])
def test_the_waiting_list_costs_no_more_with_more_people(rowan, people, signed_in, acting, rows):
    with acting("coordinator"):
        for number in range(rows):
            case = make_case(
                rowan, by=people["coordinator"], stage=Stage.INTERIM, name=f"Waiting Person {number}"
            )
            interim.name_interim_worker(case, worker=people["isva"], by=people["coordinator"])
            if number % 3 == 0:
                interim.escalate_case(case, reason="Threats.", by=people["coordinator"])
            elif number % 3 == 1:
                reached(case, by=people["coordinator"])
    browser = signed_in("manager")
    browser.get("/waiting/")
    assert counted(browser, "/waiting/") <= 8


@pytest.mark.parametrize("tried", [1, 12])
def test_the_triage_and_check_in_pages_cost_no_more_with_more_attempts(
    case_at, signed_in, acting, people, tried
):
    case, waits = case_at(Stage.TRIAGE), case_at(Stage.INTERIM)
    with acting("coordinator"):
        for number in range(tried):
            with at(dt.datetime(2027, 3, 3, 11, number, tzinfo=LONDON)):
                reached(waits, by=people["coordinator"])
    for number in range(tried):
        signed_in("coordinator").post(
            page(case, "triage/attempt"),
            attempted(case, **moment_parts("attempt-at", WEDNESDAY - dt.timedelta(minutes=number))),
        )
    browser = signed_in("coordinator")
    browser.get(page(case, "triage"))
    # One of them notes who looked.
    assert counted(browser, page(case, "triage")) <= 13
    assert counted(browser, page(waits, "check-in")) <= 13


def test_the_summary_of_mistakes_follows_the_page(case_at, signed_in):
    shown = signed_in("coordinator").post(page(case_at(Stage.INTERIM), "check-in"), {}).content.decode()
    places = [
        shown.index(words)
        for words in ("Select how you kept", "Select whether you reached", "Select whether there is")
    ]
    assert places == sorted(places)

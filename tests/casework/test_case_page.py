"""The case page: its header, its one next step, what must not be overlooked, and the timeline."""

import datetime as dt
import re
import uuid

import pytest
from django.urls import reverse

from casework import contacts, onward, safe_contacts, safeguarding, timeline
from casework.models import Answer, Contact, Grant, ReviewPoint
from casework.moving import move
from casework.next_action import facts_of, next_action, warnings
from casework.sas.recording import record_sas
from casework.standing import carry, set_review_point
from isva.access.acting import act
from isva.clock.moment import at, now, today
from isva.codes import ContactMode
from isva.pathway import Stage
from tests.casework.cases import SCORES, a_contact, active_case, fill
from tests.factories import make_case

pytestmark = pytest.mark.django_db

TABS = ("show_case", "show_people", "show_sharing", "show_justice")


def url(name, case, **keys):
    return reverse(name, kwargs={"case_id": case.pk, **keys})


def page(browser, address) -> str:
    response = browser.get(address)
    assert response.status_code == 200
    return response.content.decode()


@pytest.fixture
def full_case(iris_case, people, acting):
    with acting("isva"):
        fill(iris_case, people)
    return iris_case


# The header


def test_the_header_says_who_where_and_how_it_is_safe_to_make_contact(full_case, signed_in):
    shown = page(signed_in("isva"), url("show_case", full_case))
    for words in ("Ada Testperson", full_case.reference, "Active support", "High risk", "rising", "Iris Ivy",
                  "07700 900123: call, weekday mornings", "text or leave a message: 07700 900123",
                  "Her brother and his friends", "Suspect at home", "Ask the school nurse"):  # fmt: skip
        assert words in shown, words


def test_a_proposed_number_is_told_but_never_offered_as_safe(full_case, signed_in):
    shown = page(signed_in("isva"), url("show_case", full_case))
    panel = shown[shown.index('class="isva-safe"') : shown.index("</aside>")]
    headline, rest = panel.split("<details", 1)
    assert "07700 900456" not in headline
    assert "do not use yet" in headline
    assert "Proposed, do not use yet" in rest


def test_where_nothing_is_safe_the_panel_says_so_in_words(iris_case, acting, people, signed_in):
    with acting("isva"):
        for contact in safe_contacts.contacts_of(iris_case.client):
            safe_contacts.stop_using(contact, why="He reads it.", by=people["isva"])
    shown = page(signed_in("isva"), url("show_case", iris_case))
    assert "Nothing is agreed as safe. Do not call, text or write." in shown
    assert "07700 900123" not in shown


def test_every_tab_carries_the_panel_and_says_which_it_is(full_case, signed_in):
    for name in TABS:
        shown = page(signed_in("isva"), url(name, full_case))
        assert "07700 900123" in shown
        assert re.search(rf'href="{url(name, full_case)}" aria-current="page"', shown), name


def test_no_title_and_no_address_says_who_it_is(full_case, signed_in):
    for name in TABS:
        title = re.search(r"<title>(.*?)</title>", page(signed_in("isva"), url(name, full_case)), re.DOTALL)[
            1
        ]
        assert "Ada" not in title
        assert full_case.reference not in title


def test_a_reader_by_cover_sees_the_case_and_is_offered_nothing_to_write(
    full_case, people, acting, signed_in
):
    from casework.access import grant

    with acting("manager"):
        grant(full_case, to=people["second_isva"], why=Grant.Why.COVER, by=people["manager"], read_only=True)
    shown = page(signed_in("second_isva"), url("show_case", full_case))
    assert "Ada Testperson" in shown
    for name in ("record_contact", "write_note", "change_safe_contacts"):
        assert url(name, full_case) not in shown


# The next step


def step(case, person):
    with act(person, case.service) as acting_person:
        return next_action(case, acting_person)


def test_before_support_the_next_step_is_the_stage_s_own(people, rowan):
    manager, coordinator = people["manager"], people["coordinator"]
    expected = {
        Stage.REFERRAL: "show_referral",
        Stage.TRIAGE: "triage_case",
        Stage.INTERIM: "check_in",
        Stage.ALLOCATION: "check_in",
    }
    for stage, name in expected.items():
        case = make_case(rowan, by=manager, stage=stage)
        assert step(case, coordinator)["url"] == url(name, case)
    assert step(make_case(rowan, by=manager, stage=Stage.CLOSED), manager) is None


def test_the_manager_is_asked_to_allocate_who_waits_for_it(people, rowan):
    case = make_case(rowan, by=people["manager"], stage=Stage.ALLOCATION)
    assert step(case, people["manager"])["url"] == url("allocate_case", case)


def test_support_begins_with_the_first_session_the_agreement_and_the_full_sas(iris_case, people, acting):
    from casework import sharing

    iris = people["isva"]
    assert step(iris_case, iris)["text"] == "Record the first session"
    with acting("isva"):
        a_contact(iris_case, iris, purpose=Contact.Purpose.FIRST_SESSION)
    assert step(iris_case, iris)["url"] == url("agree_with_client", iris_case)
    with acting("isva"):
        sharing.agree_with_client(iris_case, by=iris, agreed_on=today(), how="verbal")
    assert step(iris_case, iris)["url"] == url("review_sas", iris_case)
    with acting("isva"):
        record_sas(iris_case, kind="full", risk="standard", scores={}, by=iris)
    assert step(iris_case, iris)["url"] == url("edit_plan", iris_case)


def test_an_appointment_that_has_passed_is_asked_about_first(iris_case, people, acting):
    iris = people["isva"]
    with acting("isva"), at(now() - dt.timedelta(days=1)):
        appointment = contacts.plan_appointment(
            iris_case,
            by=iris,
            at=now() + dt.timedelta(hours=1),
            minutes=60,
            mode=ContactMode.PHONE,
            worker=iris,
        )
    assert step(iris_case, iris)["url"] == url("record_contact", iris_case) + f"?appointment={appointment.pk}"


def test_a_concern_of_which_no_manager_knows_comes_before_everything(full_case, people, acting):
    iris = people["isva"]
    with acting("isva"):
        concern = safeguarding.raise_safeguarding(
            full_case, by=iris, who="other_child", what="A neighbour's child", raised_at=now(),
            referred_to="Children’s services", referred_at=now(),
        )  # fmt: skip
    assert step(full_case, iris)["url"] == url("update_safeguarding", full_case, concern_id=concern.pk)


def test_who_was_put_to_wait_with_an_open_concern_is_to_be_escalated(people, rowan, acting):
    manager = people["manager"]
    case = make_case(rowan, by=manager, stage=Stage.TRIAGE)
    with acting("manager"):
        safeguarding.raise_safeguarding(
            case, by=manager, who="client_adult", what="Sleeps in a car", raised_at=now(), referred_to="Adult services",
            referred_at=now(), manager_told=manager, manager_told_at=now(),
        )  # fmt: skip
        set_review_point(case, kind=ReviewPoint.Kind.INTERIM, due_on=today(), why="high risk", by=manager)
        move(case, to=Stage.INTERIM, by=manager, reason="Nobody is free")
    assert step(case, people["coordinator"])["url"] == url("escalate_case", case)


def test_a_risk_that_changed_asks_for_a_review_until_one_is_made(full_case, people, acting):
    iris = people["isva"]
    with acting("isva"):
        a_contact(full_case, iris, at=now(), risk_answer=Answer.CHANGED)
        assert facts_of(full_case).risk_changed
        record_sas(full_case, kind="review", risk="high", scores=SCORES, by=iris)
        assert not facts_of(full_case).risk_changed


def test_a_plan_that_changed_asks_for_the_plan_until_it_is_written(iris_case, people, acting):
    from casework import plan

    iris = people["isva"]
    with acting("isva"):
        a_contact(iris_case, iris, plan_answer=Answer.CHANGED)
        assert facts_of(iris_case).plan_changed
        plan.edit_plan(iris_case, by=iris, goals="Sleep again")
        assert not facts_of(iris_case).plan_changed


# What must not be overlooked


def told(case, proposed=0):
    return {
        (warning["tone"], warning["text"])
        for warning in warnings(case, facts=facts_of(case), proposed_contacts=proposed)
    }


def test_what_must_not_be_overlooked_is_told_worst_first(full_case, signed_in):
    shown = page(signed_in("isva"), url("show_case", full_case))
    for words in ("Open safeguarding concern: Another child.", "A new number or address is proposed.",
                  "A risk outside our scope is held by nobody.", "A contact has no answer yet",
                  "An agency that may be told does not know of the ISVA yet."):  # fmt: skip
        assert words in shown, words
    tones = [
        warning["tone"] for warning in warnings(full_case, facts=facts_of(full_case), proposed_contacts=1)
    ]
    assert tones[0] == "now"
    assert "now" not in tones[tones.index("soon") :]


def test_an_overdue_review_is_told(iris_case):
    carry(iris_case, next_review_on=today() - dt.timedelta(days=3))
    assert any(tone == "now" and "The review was due on" in text for tone, text in told(iris_case))


def test_an_incomplete_plan_is_told_once_there_is_an_assessment(iris_case, people, acting):
    with acting("isva"):
        record_sas(iris_case, kind="full", risk="high", scores=SCORES, by=people["isva"])
    assert any("The plan is incomplete" in text for _tone, text in told(iris_case))


def test_new_detail_is_chased_only_while_a_justice_process_is_under_way(iris_case, people, acting):
    from casework import justice

    iris = people["isva"]
    with acting("isva"):
        a_contact(iris_case, iris, new_detail=True)
        assert not any("New detail" in text for _tone, text in told(iris_case))
        justice.update_justice(iris_case, by=iris, stage="investigation", since=today())
        assert any("New detail" in text for _tone, text in told(iris_case))


# The timeline


def test_the_timeline_tells_everything_in_words_without_codes(full_case, signed_in):
    shown = page(signed_in("isva"), url("show_case", full_case))
    said = shown[shown.index('class="isva-timeline"') :]
    for words in ("Moved to: Active support", "First session: in person, 1 hour", "Crisis: text message, 25 minutes",
                  "Client did not attend or answer: phone call", "Safety and Support: review",
                  "Safeguarding concern: another child", "Safeguarding concern told to Meera Maple",
                  "Consent to tell Eastmere Police: given", "Referral to Fern Clinic",
                  "Unmet need: no service to refer to", "Justice process: Awaiting trial",
                  "Client agreement: agreed aloud, and recorded here", "Appointment planned for",
                  "Proposed, not to be used yet: a new phone number"):  # fmt: skip
        assert words in said, words
    visible = re.sub(r"<[^>]+>", " ", said)
    for code in ("in_person", "first_session", "awaiting_trial", "other_child", "did_not_attend", "stepped_down",
                 "None", "True", "False", "{", "07700 900456"):  # fmt: skip
        assert code not in visible, code
    assert not re.search(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}", visible)


def test_every_kind_of_entry_can_be_asked_for_by_itself(full_case, signed_in):
    from casework.views.case import _kind_words

    browser = signed_in("isva")
    assert set(timeline.kinds()) <= set(_kind_words())
    for kind in _kind_words():
        shown = page(browser, url("show_case", full_case) + f"?kind={kind}")
        found = set(re.findall(r"isva-timeline__entry--(\w+)", shown))
        assert found <= {kind}
    assert "First session" in page(browser, url("show_case", full_case) + "?kind=contact")
    assert "First session" not in page(browser, url("show_case", full_case) + "?kind=note")


def test_two_events_of_one_row_name_their_own_people(full_case, people, acting):
    proposal = safe_contacts.proposed(safe_contacts.contacts_of(full_case.client))[0]
    with acting("isva"):
        safe_contacts.confirm(proposal, how="She told me in person.", by=people["isva"])
    with acting("manager"):
        safe_contacts.second(proposal, by=people["manager"])
    by = {entry["headline"]: entry["by"] for entry in timeline.entries(full_case, limit=100)}
    assert by["Confirmed with the client: the new phone number"] == "Iris Ivy"
    assert by["Agreed by a second person, in use from now on: the new phone number"] == "Meera Maple"


def test_going_back_in_time_shows_each_entry_once(iris_case, people, acting):
    moment = now()
    with acting("isva"), at(moment):  # the same moment for all: only the key can tell them apart
        for number in range(90):
            contacts.write_note(iris_case, text=f"Note {number}", by=people["isva"])
    seen, before = [], None
    while True:
        found = timeline.entries(iris_case, limit=25, before=before)
        seen += [entry["body"] for entry in found]
        if len(found) < 25:
            break
        before = timeline.cursor_after(iris_case, found[-1])
    notes = [text for text in seen if text.startswith("Note ")]
    assert len(notes) == len(set(notes)) == 90


def test_older_entries_are_a_link_away_and_a_bad_cursor_is_the_first_page(
    iris_case, people, acting, signed_in
):
    with acting("isva"):
        for number in range(60):
            contacts.write_note(iris_case, text=f"Note {number}", by=people["isva"])
    browser = signed_in("isva")
    first = page(browser, url("show_case", iris_case))
    older = re.search(r'href="([^"]*before=[^"]+)"', first)[1].replace("&amp;", "&")
    second = page(browser, url("show_case", iris_case) + older)
    assert "Note 59" in first
    assert "Note 59" not in second
    assert "Moved to: Active support" in second
    for rubbish in ("x", "\x00", "a" * 5000, "é"):
        assert (
            "Note 59"
            in browser.get(url("show_case", iris_case), {"before": rubbish, "kind": rubbish}).content.decode()
        )


def test_a_day_without_an_hour_stands_after_what_happened_on_it(iris_case, people, acting):
    iris = people["isva"]
    with acting("isva"):
        agency = onward.add_agency(iris_case.service, by=iris, name="Fern Clinic", kind="health")
        referral = onward.refer_onward(
            iris_case, by=iris, need="A check", agency=agency, consented=True, sent_on=today()
        )
        onward.answer_onward_referral(referral, by=iris, answer="accepted", answered_on=today())
    heads = [entry["headline"] for entry in timeline.entries(iris_case)]
    assert heads.index("Fern Clinic: accepted") < heads.index("Referral to Fern Clinic")


# What it costs


@pytest.mark.parametrize("who", ["isva", "manager"])
def test_the_case_page_costs_the_same_with_5_and_with_60_rows(
    who, full_case, people, acting, signed_in, queries
):
    browser = signed_in(who)
    few = queries(browser, url("show_case", full_case))
    with acting("isva"):
        for _number in range(60):
            a_contact(full_case, people["isva"])
    assert queries(browser, url("show_case", full_case)) == few <= 12


def test_the_tabs_cost_no_more_than_12(full_case, people, acting, signed_in, queries):
    browser = signed_in("isva")
    before = {name: queries(browser, url(name, full_case)) for name in TABS}
    with acting("isva"):
        for number in range(20):
            agency = onward.add_agency(
                full_case.service, by=people["isva"], name=f"Agency {number}", kind="other"
            )
            onward.refer_onward(full_case, by=people["isva"], need="A need", agency=agency)
    assert {name: queries(browser, url(name, full_case)) for name in TABS} == before
    assert max(before.values()) <= 12


# Doors


def test_a_case_out_of_sight_and_a_missing_one_are_the_same_404(iris_case, signed_in):
    for name in (*TABS, "record_contact", "edit_client", "change_safe_contacts"):
        browser = signed_in("second_isva")
        assert browser.get(url(name, iris_case)).status_code == 404
        assert browser.get(reverse(name, kwargs={"case_id": uuid.uuid4()})).status_code == 404


def test_a_record_of_another_case_is_not_found_under_this_one(iris_case, people, rowan, acting, signed_in):
    other = active_case(rowan, people)
    with acting("isva"):
        contact = a_contact(other, people["isva"])
    assert signed_in("isva").get(url("show_contact", iris_case, contact_id=contact.pk)).status_code == 404


@pytest.mark.parametrize(
    "name", ["edit_plan", "add_action", "cover_case", "raise_safeguarding", "escalate_case"]
)
def test_a_closed_case_says_so_before_anybody_types(name, people, rowan, signed_in):
    case = make_case(rowan, by=people["manager"], stage=Stage.CLOSED)
    browser = signed_in("manager")
    reply = browser.get(reverse(name, args=[case.pk]))
    assert reply.status_code == 302
    page = browser.get(reply.url).content.decode()
    assert any(
        words in page
        for words in ("This case is closed.", "is written while an ISVA", "Only somebody who waits")
    )

"""Contacts: recorded in one screen, by the client's own rules, and answered where something was left open."""

import datetime as dt
import uuid

import pytest
from django.urls import reverse

from casework import contacts, safe_contacts, safeguarding, worklists
from casework.models import Answer, Appointment, Contact, Note, ReviewPoint, SafeContact
from casework.stages import active_support
from casework.standing import set_review_point
from isva.access.system import SystemUser, system_user
from isva.clock.moment import LONDON, at, now
from isva.codes import ContactMode
from isva.pathway import Stage, WrongStage
from tests.casework.cases import a_contact
from tests.factories import make_case

pytestmark = pytest.mark.django_db


def url(name, case, **keys):
    return reverse(name, kwargs={"case_id": case.pk, **keys})


def moment(name, when) -> dict:
    local = when.astimezone(LONDON)
    return {f"{name}_day": local.day, f"{name}_month": local.month, f"{name}_year": local.year,
            f"{name}_time": local.strftime("%H:%M")}  # fmt: skip


def typed(**changed) -> dict:
    """A form that is filled in: a call with the client half an hour ago."""
    answers = moment("at", now() - dt.timedelta(minutes=30)) | {
        "mode": "phone", "with_whom": "client", "attendance": "attended", "minutes": "30", "purpose": "support",
        "note": "She slept badly.", "plan_answer": "unchanged", "risk_answer": "unchanged", "once": str(uuid.uuid4()),
    }  # fmt: skip
    return answers | changed


@pytest.fixture
def iris(signed_in):
    return signed_in("isva")


# One screen


def test_the_form_begins_with_now_and_reminds_of_the_boundary(iris, iris_case):
    shown = iris.get(url("record_contact", iris_case)).content.decode()
    assert f'value="{now().astimezone(LONDON):%Y}"' in shown
    assert "Feelings and support, not the evidence" in shown


def test_a_contact_is_recorded_and_carried_on_the_case(iris, iris_case, people):
    response = iris.post(url("record_contact", iris_case), typed())
    assert response.status_code == 302
    contact = Contact.objects.get(case=iris_case)
    assert (contact.minutes, contact.mode, contact.recorded_by) == (30, "phone", people["isva"])
    iris_case.refresh_from_db()
    assert iris_case.last_contact_at == contact.at


def test_pressing_twice_records_one_contact(iris, iris_case):
    answers = typed()
    for _press in range(2):
        assert iris.post(url("record_contact", iris_case), answers).status_code == 302
    assert Contact.objects.filter(case=iris_case).count() == 1


def test_a_call_that_nobody_answered_is_no_contact_with_the_client(iris, iris_case):
    iris.post(url("record_contact", iris_case), typed(attendance="did_not_attend", minutes=""))
    contact = Contact.objects.get(case=iris_case)
    iris_case.refresh_from_db()
    assert contact.minutes is None
    assert iris_case.last_contact_at is None


def test_a_meeting_with_an_agency_is_no_contact_with_the_client(iris_case, people, acting):
    with acting("isva"):
        a_contact(iris_case, people["isva"], with_whom=Contact.With.AGENCY, mode=ContactMode.MEETING)
    iris_case.refresh_from_db()
    assert iris_case.last_contact_at is None


@pytest.mark.parametrize(
    ("missing", "message"),
    [
        ("mode", "Select how it was"),
        ("purpose", "Select what it was for"),
        ("minutes", "Enter how many minutes it took"),
    ],
)
def test_what_is_missing_is_told_at_the_question_and_nothing_typed_is_lost(iris, iris_case, missing, message):
    shown = iris.post(url("record_contact", iris_case), typed(**{missing: ""})).content.decode()
    assert shown.count(message) == 2  # in the summary and at the question
    assert "She slept badly." in shown
    assert not Contact.objects.exists()


@pytest.mark.parametrize("when", [dt.timedelta(hours=2), dt.timedelta(days=-4000)])
def test_a_contact_is_neither_to_come_nor_before_the_referral(iris, iris_case, when):
    response = iris.post(url("record_contact", iris_case), typed(**moment("at", now() + when)))
    assert response.status_code == 200
    assert not Contact.objects.exists()


def test_a_crisis_asks_what_was_done_and_who_was_told(iris, iris_case):
    shown = iris.post(url("record_contact", iris_case), typed(purpose="crisis")).content.decode()
    assert "Enter what was done in the crisis" in shown
    iris.post(
        url("record_contact", iris_case),
        typed(purpose="crisis", crisis_actions="Rang 999", crisis_told="Meera", debrief_offered="on"),
    )
    contact = Contact.objects.get(case=iris_case)
    assert (contact.crisis_actions, contact.crisis_told, contact.debrief_offered) == (
        "Rang 999",
        "Meera",
        True,
    )


def test_new_detail_opens_its_steps_and_only_then(iris, iris_case):
    told = moment("police_notified_at", now() - dt.timedelta(minutes=5)) | {
        "told_of_duty": "on",
        "note_taken": "on",
    }
    iris.post(url("record_contact", iris_case), typed(**told))
    iris.post(url("record_contact", iris_case), typed(new_detail="on", **told))
    without, with_detail = Contact.objects.filter(case=iris_case).order_by("recorded_at")
    assert (without.told_of_duty, without.police_notified_at) == (False, None)
    assert with_detail.told_of_duty
    assert with_detail.note_taken
    assert with_detail.police_notified_at is not None


# The client's own rules


def test_ways_that_are_not_agreed_as_safe_say_so_in_the_list(iris, iris_case):
    shown = iris.get(url("record_contact", iris_case)).content.decode()
    assert "Text message (not agreed as safe)" in shown
    assert "Phone call (not agreed as safe)" not in shown


@pytest.mark.parametrize("mode", ["text", "email", "letter"])
def test_breaking_the_client_s_rule_needs_a_reason_at_the_question(iris, iris_case, mode):
    shown = iris.post(url("record_contact", iris_case), typed(mode=mode)).content.decode()
    assert "The client has not said that it is safe to" in shown
    assert "Say why it was done all the same." in shown
    assert not Contact.objects.exists()
    iris.post(url("record_contact", iris_case), typed(mode=mode, against_rule="She wrote to us first."))
    assert Contact.objects.get().against_rule == "She wrote to us first."


@pytest.mark.parametrize(
    ("mode", "with_whom", "attendance", "broken"),
    [
        ("phone", "client", "attended", False),
        ("text", "client", "attended", True),
        ("text", "client", "did_not_attend", True),
        ("text", "client", "cancelled_client", False),
        ("text", "agency", "attended", False),
        ("in_person", "client", "attended", False),
        ("phone", "safe_parent", "attended", True),
    ],
)
def test_which_contacts_break_a_rule(iris_case, mode, with_whom, attendance, broken):
    assert (
        bool(contacts.rule_broken_by(iris_case, mode=mode, with_whom=with_whom, attendance=attendance))
        is broken
    )


def test_a_number_that_is_only_proposed_allows_nothing(iris_case, people, acting):
    with acting("isva"):
        safe_contacts.propose(
            iris_case.client,
            kind=SafeContact.Kind.PHONE,
            value="07700 900555",
            safe_to_text=True,
            by=people["isva"],
        )
    assert contacts.rule_broken_by(iris_case, mode="text", with_whom="client", attendance="attended")


def test_without_a_reason_the_domain_refuses_too(iris_case, people, acting):
    with acting("isva"), pytest.raises(ValueError, match="safe to text"):
        a_contact(iris_case, people["isva"], mode=ContactMode.TEXT)


def test_what_broke_a_rule_reaches_the_manager_for_a_week(iris_case, people, rowan, acting, signed_in):
    with acting("isva"):
        a_contact(iris_case, people["isva"], mode=ContactMode.TEXT, against_rule="She texted first.")
        a_contact(iris_case, people["isva"])
    shown = signed_in("manager").get(reverse("service_today")).content.decode()
    assert shown.count("Contact against the client’s own rule") == 1
    assert "She texted first." in shown
    with acting("manager"), at(now() + dt.timedelta(days=8)):
        assert not [
            one for one in worklists.red_across(people["manager"], rowan) if one.kind == "rule_broken"
        ]


# Answers


def test_an_answer_left_open_is_asked_for_later(iris, iris_case):
    iris.post(url("record_contact", iris_case), typed(plan_answer="", risk_answer=""))
    contact = Contact.objects.get(case=iris_case)
    assert contacts.is_open(contact)
    address = url("answer_contact", iris_case, contact_id=contact.pk)
    assert "What did this contact change?" in iris.get(address).content.decode()
    assert "Select whether the plan changed" in iris.post(address, {}).content.decode()
    iris.post(address, {"plan_answer": "changed", "risk_answer": "unchanged"})
    contact.refresh_from_db()
    assert (contact.plan_answer, contact.risk_answer) == ("changed", "unchanged")
    assert not contacts.is_open(contact)


def test_no_answer_is_taken_back_by_saying_nothing(iris_case, people, acting):
    with acting("isva"):
        contact = a_contact(iris_case, people["isva"], risk_answer="")
        answered = contacts.answer_contact(
            contact, by=people["isva"], plan_answer="", risk_answer=Answer.UNCHANGED
        )
    assert (answered.plan_answer, answered.risk_answer) == ("unchanged", "unchanged")


@pytest.mark.parametrize("later", [False, True])
def test_a_risk_that_changed_brings_the_next_review_forward(iris_case, people, acting, later):
    with acting("isva"):
        contact = a_contact(iris_case, people["isva"], risk_answer="" if later else Answer.CHANGED)
        if later:
            contacts.answer_contact(contact, by=people["isva"], plan_answer="", risk_answer=Answer.CHANGED)
    point = ReviewPoint.objects.get(case=iris_case, kind="sas", done_on__isnull=True)
    assert point.why == "the risk changed at a contact"
    iris_case.refresh_from_db()
    assert iris_case.next_review_on == point.due_on


# Appointments


@pytest.fixture
def appointment(iris_case, people, acting):
    with acting("isva"):
        return contacts.plan_appointment(
            iris_case, by=people["isva"], at=now() + dt.timedelta(days=1), minutes=45, mode=ContactMode.PHONE,
            worker=people["isva"],
        )  # fmt: skip


def test_an_appointment_is_planned_by_the_form(iris, iris_case, people):
    when = moment("at", now() + dt.timedelta(days=3))
    iris.post(
        url("plan_appointment", iris_case),
        when | {"minutes": "60", "mode": "in_person", "worker": str(people["isva"].pk), "place": "Library"},
    )
    planned = Appointment.objects.get(case=iris_case)
    assert (planned.minutes, planned.worker, planned.place) == (60, people["isva"], "Library")


@pytest.mark.parametrize("worker", ["", "rubbish", str(uuid.uuid4())])
def test_only_who_may_see_the_case_goes_to_an_appointment(iris, iris_case, people, worker):
    for who in (worker, str(people["second_isva"].pk)):
        answers = moment("at", now() + dt.timedelta(days=3)) | {
            "minutes": "60",
            "mode": "phone",
            "worker": who,
        }
        assert iris.post(url("plan_appointment", iris_case), answers).status_code == 200
    assert not Appointment.objects.exists()


def test_a_contact_from_an_appointment_is_prefilled_and_ends_it(iris, iris_case, appointment):
    address = url("record_contact", iris_case) + f"?appointment={appointment.pk}"
    shown = iris.get(address).content.decode()
    assert 'value="45"' in shown
    iris.post(address, typed())
    assert Contact.objects.get().appointment == appointment
    again = iris.post(address, typed())
    assert "This appointment is recorded already." in again.content.decode()
    assert Contact.objects.count() == 1


def test_an_appointment_is_cancelled_once_with_its_reason(iris, iris_case, appointment):
    address = url("cancel_appointment", iris_case, appointment_id=appointment.pk)
    assert "Enter why it is cancelled" in iris.post(address, {}).content.decode()
    iris.post(address, {"why": "She is ill"})
    appointment.refresh_from_db()
    assert appointment.cancelled_why == "She is ill"
    assert "This appointment was cancelled." in iris.post(address, {"why": "again"}).content.decode()
    assert contacts.appointments_ahead(iris_case) == []


# Where it belongs


def test_contacts_are_recorded_while_an_isva_supports(people, rowan, acting, signed_in):
    case = make_case(rowan, by=people["manager"], stage=Stage.TRIAGE)
    with acting("manager"), pytest.raises(WrongStage, match="another stage"):
        a_contact(case, people["manager"])
    response = signed_in("manager").get(url("record_contact", case))
    assert response.status_code == 302


def test_who_may_only_read_cannot_record(iris_case, people, acting, signed_in):
    from casework.access import grant

    with acting("manager"):
        grant(iris_case, to=people["second_isva"], why="cover", by=people["manager"], read_only=True)
    reader = signed_in("second_isva")
    for name in ("record_contact", "write_note", "plan_appointment", "raise_safeguarding"):
        assert reader.get(url(name, iris_case)).status_code == 403
        assert reader.post(url(name, iris_case), typed()).status_code == 403
    assert not Contact.objects.exists()


# Notes


def test_a_note_is_written_and_shown_whole(iris, iris_case):
    long = "She said. " * 200 + "The end."
    assert iris.post(url("write_note", iris_case), {"text": long}).status_code == 302
    note = Note.objects.get(case=iris_case)
    timeline = iris.get(url("show_case", iris_case)).content.decode()
    assert "The end." not in timeline
    assert url("show_note", iris_case, note_id=note.pk) in timeline
    assert "The end." in iris.get(url("show_note", iris_case, note_id=note.pk)).content.decode()


# Rubbish


RUBBISH = [
    {},
    {
        "at_day": "99",
        "at_month": "x",
        "at_year": "\x00",
        "at_time": "25:99",
        "minutes": "9" * 40,
        "mode": "\x00",
    },
    {
        "text": "\x00",
        "what": "\x00",
        "name": "\x00",
        "note": "\x00" * 10,
        "once": "not-a-token",
        "minutes": "-5",
    },
    {"minutes": "１２", "attendance": "attended' OR 1=1", "plan_answer": ["changed", "x"], "worker": "\x00"},
    {
        "text": "x" * 30_000,
        "note": "x" * 30_000,
        "agency": "0",
        "who": "x",
        "answer": "x",
        "kind": "x",
        "stage": "x",
    },
]


@pytest.mark.parametrize("answers", RUBBISH)
@pytest.mark.parametrize(
    "name",
    ["record_contact", "write_note", "plan_appointment", "raise_safeguarding", "agree_with_client", "record_consent",
     "refer_onward", "update_justice", "edit_client", "propose_safe_contact"],
)  # fmt: skip
def test_rubbish_is_told_in_words_and_saves_nothing(iris, iris_case, name, answers):
    response = iris.post(url(name, iris_case), answers)
    assert response.status_code == 200
    assert "There is a problem" in response.content.decode()


@pytest.mark.parametrize("key", ["rubbish", "\x00", "", str(uuid.uuid4())])
def test_an_appointment_that_is_none_is_not_found(iris, iris_case, key):
    response = iris.get(url("record_contact", iris_case), {"appointment": key})
    assert response.status_code == (200 if key == "" else 404)


def test_nobody_is_sent_to_an_appointment_who_was_switched_off_or_is_no_person(iris_case, people, acting):
    guard = system_user(SystemUser.GUARD)
    with acting("isva"):
        assert list(contacts.workers_of(iris_case, and_also=people["trainee"])) == sorted(
            [people["isva"], people["trainee"]], key=lambda user: user.name
        )
        assert guard not in contacts.workers_of(iris_case, and_also=guard)
        people["trainee"].is_active = False
        people["trainee"].save()
        assert list(contacts.workers_of(iris_case, and_also=people["trainee"])) == [people["isva"]]


# The first session


def the_review(case) -> ReviewPoint:
    return ReviewPoint.objects.get(case=case, kind="sas", done_on__isnull=True)


def test_the_full_review_counts_from_the_first_session_and_from_no_later_one(iris_case, people, acting):
    iris = people["isva"]
    planned = active_support.first_sas_due_on(iris_case.service)
    with acting("isva"):
        set_review_point(iris_case, kind="sas", due_on=planned, why=active_support.PLANNED, by=iris)
        a_contact(iris_case, iris, purpose=Contact.Purpose.FIRST_SESSION)
        held = the_review(iris_case)
        with at(now() + dt.timedelta(days=7)):
            a_contact(iris_case, iris, purpose=Contact.Purpose.FIRST_SESSION, at=now())
    assert held.due_on < planned
    assert the_review(iris_case).pk == held.pk


def test_the_first_session_puts_no_review_off_that_something_has_called_for(iris_case, people, acting):
    iris = people["isva"]
    with acting("isva"):
        safeguarding.raise_safeguarding(
            iris_case, by=iris, who="client_child", what="A worry.", raised_at=now(), referred_to="The school",
            referred_at=now(),
        )  # fmt: skip
        called_for = the_review(iris_case)
        a_contact(iris_case, iris, purpose=Contact.Purpose.FIRST_SESSION)
    assert called_for.why == "a safeguarding concern was raised"
    assert the_review(iris_case).pk == called_for.pk

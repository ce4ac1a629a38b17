"""The two public forms: every field arrives, nothing is lost, nothing is revealed."""

import datetime as dt
import re
from smtplib import SMTPRecipientsRefused

import pytest
from django.core import mail
from redis.exceptions import RedisError

from casework.models import Case, Client, SafeContact, StageEntry
from isva.accounts.models import Membership, Service
from isva.clock.moment import at, now, today
from isva.drafts.models import Draft
from referrals import usual
from referrals.models import Referral, StatusLink
from tests.referrals.conftest import PROFESSIONAL, SELF, Visitor

pytestmark = pytest.mark.django_db


def test_a_professional_referral_arrives_whole(visitor, django_capture_on_commit_callbacks):
    case = visitor("professional").sent(PROFESSIONAL)
    client, referral = case.client, case.referral
    assert case.stage == "referral"
    assert StageEntry.objects.filter(case=case, stage="referral", left_at=None).count() == 1
    assert (client.name, client.area, client.language) == ("Ada Aspen", "Eastmere", "polish")
    assert client.date_of_birth.isoformat() == "1990-04-03"
    assert client.interpreter_needed
    assert client.interpreter_sex == "female"
    assert client.formats == ["easy_read"]
    assert client.access_needs == "no stairs"
    assert client.unreachable_plan == "Ring Petra"
    assert client.welfare_check == "yes"
    assert client.who_must_not_know == "her brother"
    assert client.preferred_worker_sex == "female"
    assert (client.sex, client.ethnicity, client.religion, client.orientation) == (
        "female",
        "w1",
        "not_said",
        "",
    )
    assert (referral.route, referral.source, referral.referrer_agency) == (
        "professional",
        "police",
        "Eastmere Police",
    )
    assert (referral.client_knows, referral.consents, referral.client_has_seen) == ("yes", "yes", "yes")
    assert referral.tell_referrer
    assert referral.share_isva_name
    assert (referral.violence_type, referral.further_types) == ("rape", ["stalking"])
    assert (referral.recency, referral.relationship) == ("last_year", "ex_partner")
    assert (referral.reported, referral.police_force, referral.crime_reference) == ("yes", "kent", "K/12")
    assert (case.justice_stage, case.trial_on.isoformat()) == ("awaiting_trial", "2099-09-01")
    assert referral.suspect_name == "Rex Rotten"
    assert referral.risk_assessment_note == "DASH, medium"
    assert (referral.partner_triage, referral.partner_outcome) == ("The hub", "For an ISVA")
    assert referral.outside_usual == []
    phone = SafeContact.objects.get(client=client, kind="phone")
    assert (phone.safe_to_call, phone.safe_to_text, phone.safe_to_leave_message) == (True, True, False)
    assert (phone.safe_times, phone.code_word) == ("after 6 pm", "bluebell")
    email = SafeContact.objects.get(client=client, kind="email")
    assert not email.safe_to_write


def test_every_field_of_client_referral_and_safe_contact_is_asked_somewhere():
    from referrals.told import _ON_THE_CLIENT, _ON_THE_REFERRAL
    from referrals.ways_in import PROFESSIONAL as WIZARD

    asked = {name for step in WIZARD.steps for name in step.form.base_fields}
    ours = {
        "outside_usual", "route", "received_at", "acknowledged_at", "already_open_as", "case", "service", "id",
        "recorded_by", "recorded_at", "age_given", "age_given_on",
    }  # fmt: skip
    for model, extra in ((Client, {"age_given"}), (Referral, set())):
        fields = {f.name for f in model._meta.get_fields() if f.concrete} - ours - extra
        assert fields <= asked, (model, fields - asked)
    assert set(_ON_THE_CLIENT) | set(_ON_THE_REFERRAL) <= asked | {"outside_usual"}


def test_the_receipt_says_nothing_about_anybody(visitor, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        case = visitor("professional").sent(PROFESSIONAL)
    (letter,) = mail.outbox
    assert letter.to == ["petra.pine@police.example"]
    text = letter.subject + letter.body
    for private in (
        "Ada",
        "Aspen",
        "Rex",
        "police.example",
        "07700 900111",
        "rape",
        "sexual",
        "ISVA allocated",
    ):
        assert private not in text
    assert "/status/" in letter.body
    case.referral.refresh_from_db()
    assert case.referral.acknowledged_at


def test_a_receipt_is_sent_once_however_often_the_courier_comes(visitor, django_capture_on_commit_callbacks):
    from referrals.tasks import acknowledge_referral, acknowledge_what_was_left

    case = visitor("professional").sent(PROFESSIONAL)
    assert mail.outbox == []
    acknowledge_what_was_left()
    acknowledge_referral(str(case.referral.pk), str(case.service_id))
    acknowledge_what_was_left()
    assert len(mail.outbox) == 1


def test_an_address_that_takes_no_receipt_keeps_it_from_nobody_else(visitor, monkeypatch, caplog):
    from referrals import letters, tasks

    def refer(address, service, area):
        told = PROFESSIONAL | {
            "you": PROFESSIONAL["you"] | {"referrer_email": address},
            "person": PROFESSIONAL["person"] | {"area": area},
        }
        visitor("professional", service).sent(told)

    def send_mail(*, recipient_list, **told):
        if recipient_list == ["full.box@police.example"]:
            raise SMTPRecipientsRefused({recipient_list[0]: (552, b"full")})
        send(recipient_list=recipient_list, **told)

    send = letters.send_mail
    for name, service, area in (
        ("full.box", "rowan", "Eastmere"),
        ("one", "rowan", "Eastmere"),
        ("two", "harbour", "Kelpton"),
    ):
        refer(f"{name}@police.example", service, area)
    with monkeypatch.context() as failing:
        failing.setattr(letters, "send_mail", send_mail)
        for _twice in range(2):
            with pytest.raises(RuntimeError, match="1 receipts"):
                tasks.acknowledge_what_was_left()
    assert sorted(letter.to[0] for letter in mail.outbox) == ["one@police.example", "two@police.example"]
    assert "SMTPRecipientsRefused" in caplog.text
    assert "full.box" not in caplog.text
    tasks.acknowledge_what_was_left()
    assert mail.outbox[-1].to == ["full.box@police.example"]


def test_a_week_of_downtime_loses_no_receipt(visitor):
    from referrals import tasks

    visitor("professional").sent(PROFESSIONAL)
    for days, number in ((31, 0), (8, 1)):
        with at(now() + dt.timedelta(days=days)):
            tasks.acknowledge_what_was_left()
        assert len(mail.outbox) == number


PARENT = {
    "who": {"who": "my_child"},
    "child_you": {"referrer_name": "Olive Oak", "person_relationship": "mother", "person_email": "bea@example.org",
                  "person_email_safe": "yes", "receipt": "yes"},
    "child_child": {"name": "Ned Oak", "age": "9", "area": "Eastmere"},
    "child_agrees": {"client_knows": "yes", "child_consents": "yes"},
    "child_safety": {"safety_answer": "no"},
    "child_police": {"reported": "no"},
    "more": {"more": "no"},
    "link": {"wants_link": "yes"},
}  # fmt: skip
BY_EMAIL = {
    "ways": {"ways": ["email"]},
    "email": {"email_value": "bea@example.org", "email_safe": "yes", "receipt": "yes"},
}


@pytest.mark.parametrize("answers", [SELF | BY_EMAIL, PARENT], ids=["self", "parent"])
def test_a_receipt_to_a_home_says_neither_who_nor_what_it_is_about(
    visitor, services, settings, django_capture_on_commit_callbacks, answers
):
    settings.DEFAULT_FROM_EMAIL = "Rowan ISVA Service <no-reply@post.example>"
    with django_capture_on_commit_callbacks(execute=True):
        visitor("self").sent(answers)
    (letter,) = mail.outbox
    assert letter.to == ["bea@example.org"]
    assert letter.from_email == "no-reply@post.example"
    text = f"{letter.subject} {letter.body}".replace(services["rowan"].phone, "").lower()
    for private in (
        "rowan", "isva", "sexual", "violen", "advis", "support", "referr", "safe", "bea", "olive", "oak", "ned",
    ):  # fmt: skip
        assert private not in text.replace("needed", ""), private


def test_a_receipt_counts_working_days_whatever_their_number(
    visitor, services, settings, monkeypatch, django_capture_on_commit_callbacks
):
    settings.SITE_URL = "https://isva.example/"
    for days, words in ((20, "within 20 working days,"), (1, "within 1 working day,")):
        mail.outbox.clear()
        monkeypatch.setattr("referrals.letters.number_now", lambda *_, days=days: days)
        for form, answers in (("professional", PROFESSIONAL), ("self", SELF | BY_EMAIL)):
            with django_capture_on_commit_callbacks(execute=True):
                visitor(form).sent(answers)
        assert all(words in letter.body for letter in mail.outbox)
        assert "https://isva.example/status/" in mail.outbox[0].body


def test_a_self_referral_needs_a_name_and_one_safe_way(visitor):
    case = visitor("self").sent(SELF)
    assert case.client.called == "Bea"
    assert case.client.age_given == 30
    referral = case.referral
    assert (referral.route, referral.source, referral.consents) == ("self", "self", "yes")
    assert SafeContact.objects.get(client=case.client).safe_to_text
    assert not StatusLink.objects.filter(case=case).exists()
    assert referral.referrer_email == ""


def test_a_self_referrer_gets_an_e_mail_only_where_it_is_safe_and_wanted(
    visitor, django_capture_on_commit_callbacks
):
    answers = SELF | {"ways": {"ways": ["email"]}}
    for safe, receipt, letters in (("no", "yes", 0), ("yes", "no", 0), ("yes", "yes", 1)):
        mail.outbox.clear()
        with django_capture_on_commit_callbacks(execute=True):
            visitor("self").sent(
                answers
                | {"email": {"email_value": "bea@example.org", "email_safe": safe, "receipt": receipt}}
            )
        assert len(mail.outbox) == letters, (safe, receipt)


def test_without_a_safe_way_the_form_says_what_to_do_and_is_still_taken(visitor):
    person = visitor("self")
    person.go_through(SELF | {"ways": {"ways": ["none"]}}, until="no_way")
    assert "Ring 01632 960100" in person.look().content.decode()
    case = person.sent(SELF | {"ways": {"ways": ["none"]}})
    assert not SafeContact.objects.filter(client=case.client).exists()


def test_a_parent_asks_for_a_child_and_two_consents_are_kept(visitor):
    answers = {
        "who": {"who": "my_child"},
        "child_you": {"referrer_name": "Olive Oak", "person_relationship": "mother", "person_phone": "07700 900333",
                      "person_rules": ["call"]},
        "child_child": {"name": "Ned Oak", "age": "9", "area": "Eastmere"},
        "child_agrees": {"client_knows": "yes", "child_consents": "yes"},
        "child_safety": {"safety_answer": "no"},
        "child_police": {"reported": "no"},
        "more": {"more": "no"},
        "link": {"wants_link": "yes"},
    }  # fmt: skip
    case = visitor("self").sent(answers)
    referral = case.referral
    assert (referral.route, referral.source) == ("parent", "family")
    assert (referral.child_consents, referral.parent_consents, referral.consents) == ("yes", "yes", "yes")
    contact = SafeContact.objects.get(client=case.client)
    assert (contact.whose, contact.person_name, contact.safe_to_call) == ("safe_parent", "Olive Oak", True)
    assert StatusLink.objects.filter(case=case).exists()


def test_outside_the_usual_the_form_says_where_else_to_go_and_takes_it(visitor):
    person = visitor("self", "harbour")
    answers = SELF | {"age": {"age": "15", "area": "-", "area_other": "Farby"}}
    person.go_through(answers, until="elsewhere")
    page = person.look().content.decode()
    assert "children’s ISVA" in page
    assert "The Rowan ISVA Service supports children" in page
    case = person.sent(answers)
    assert case.referral.outside_usual == ["child", "area"]
    assert case.client.area == "Farby"


def test_a_service_supports_children_while_somebody_there_does(people, services):
    assert [usual.supports_children(services[key]) for key in ("rowan", "harbour")] == [True, False]
    members = Membership.objects.filter(
        profile__specialisms__contains=["children"], service=services["rowan"]
    )
    members.update(ends_on=today() - dt.timedelta(days=1))
    assert not usual.supports_children(Service.objects.get(pk=services["rowan"].pk))


def test_danger_now_brings_a_calm_page_with_999(visitor):
    person = visitor("self")
    person.go_through(SELF | {"safety": {"safety_answer": "yes"}}, until="danger")
    assert "Call 999" in person.look().content.decode()


def test_a_professional_needs_a_lawful_basis_without_consent(visitor):
    person = visitor("professional")
    person.go_through(PROFESSIONAL, until="consent")
    reply = person.answer("consent", client_knows="no", consents="no", client_has_seen="no")
    assert set(reply.context["form"].errors) == {"no_consent_basis", "no_consent_reason"}
    reply = person.answer("consent", client_knows="no", consents="yes", client_has_seen="no")
    assert "consents" in reply.context["form"].errors


def test_for_a_child_the_two_consents_are_asked_apart(visitor):
    answers = PROFESSIONAL | {
        "person": {"name": "Ned Nettle", "age": "12", "area": "Eastmere"},
        "child_consent": {"client_knows": "yes", "child_consents": "unknown", "parent_consents": "yes",
                          "client_has_seen": "yes"},
    }  # fmt: skip
    case = visitor("professional").sent(answers)
    referral = case.referral
    assert (referral.consents, referral.child_consents, referral.parent_consents) == ("yes", "unknown", "yes")


def test_going_back_keeps_what_was_typed_and_going_on_finds_it(visitor):
    person = visitor("professional")
    person.go_through(PROFESSIONAL, until="phone")
    person.post(step="phone", phone_value="07700", phone_code="half-typed", go="back")
    assert person.at == "ways"
    assert 'value="phone"' in person.look().content.decode()
    person.answer("ways", ways=["phone"])
    page = person.look()
    assert page.context["step"].name == "phone"
    assert "half-typed" in page.content.decode()
    assert not page.context["form"].errors


def test_a_mistake_is_told_at_the_field_and_nothing_is_lost(visitor):
    person = visitor("professional")
    reply = person.answer("you", referrer_name="Petra Pine", referrer_email="not an address")
    page = reply.content.decode()
    assert reply.status_code == 200
    assert "Petra Pine" in page
    assert "not an address" in page
    assert set(reply.context["form"].errors) == {
        "referrer_agency",
        "source",
        "referrer_role",
        "referrer_email",
    }


def test_an_answer_changed_from_the_check_page_returns_there(visitor):
    person = visitor("professional").go_through(PROFESSIONAL)
    person.post(step="check", change="you")
    assert person.at == "you"
    person.answer("you", **PROFESSIONAL["you"] | {"referrer_name": "Petra Plum"})
    assert person.at == "check"
    assert "Petra Plum" in person.look().content.decode()


def test_a_changed_answer_brings_the_pages_it_asks_for(visitor):
    person = visitor("professional").go_through(PROFESSIONAL)
    person.post(step="check", change="person")
    person.answer("person", name="Ned Nettle", age="12", area="Eastmere")
    assert person.at == "child_consent"
    assert person.send().url == person.address
    assert person.at == "child_consent"
    assert not Case.objects.exists()


def test_pressing_send_twice_makes_one_record_and_shows_one_confirmation(visitor):
    person = visitor("professional").go_through(PROFESSIONAL)
    first, second = person.send(), person.send()
    assert first.url == second.url
    assert Case.objects.count() == Referral.objects.count() == 1
    assert person.browser.get(first.url).context["sent"] == person.browser.get(second.url).context["sent"]


def test_what_was_typed_lies_encrypted_in_a_draft_and_is_gone_once_sent(visitor):
    person = visitor("professional").go_through(PROFESSIONAL)
    (draft,) = Draft.objects.all()
    assert b"Ada Aspen" not in bytes(draft.sealed)  # three letters come up in what is encrypted, now and then
    person.send()
    from isva.drafts.sealing import unseal

    assert set(unseal(Draft.objects.get().sealed)) == {"sent"}


def test_the_cookie_is_for_this_form_only_and_ends_with_the_browser(visitor):
    person = visitor("self")
    person.answer("who", who="me")
    cookie = person.browser.cookies["form"]
    assert cookie["path"] == "/refer/rowan/self/"
    assert cookie["httponly"]
    assert cookie["samesite"] == "Lax"
    assert cookie["max-age"] == ""
    assert "sessionid" not in person.browser.cookies


def test_a_draft_that_ran_out_begins_again_with_a_kind_word(visitor):
    person = visitor("professional").go_through(PROFESSIONAL, until="phone")
    Draft.objects.all().delete()
    for reply in (person.look(), person.answer("phone", **PROFESSIONAL["phone"])):
        assert reply.status_code == 200
        assert "Please start again" in reply.content.decode()
        assert reply.context["step"].name == "you"


def test_clearing_leaves_nothing_behind(visitor):
    person = visitor("self").go_through(SELF)
    reply = person.post(go="leave")
    assert reply.url == "/refer/rowan/"
    assert not Draft.objects.exists()
    assert person.at == "who"


def test_starting_from_the_first_page_never_shows_what_another_person_wrote(visitor):
    person = visitor("self").go_through(SELF, until="phone")
    person.post(go="start")
    assert person.at == "who"
    assert "Bea" not in person.look().content.decode()


def test_the_form_never_reveals_whether_somebody_is_known(visitor):
    pages = []
    for _ in range(2):
        person = visitor("professional").go_through(PROFESSIONAL)
        reply = person.send()
        page = person.browser.get(reply.url)
        sent = page.context["sent"]
        pages.append(page.content.decode().replace(sent["reference"], "").replace(sent["token"], ""))
    strip = [p.split("csrfmiddlewaretoken")[0] for p in pages]
    assert strip[0] == strip[1]


@pytest.mark.parametrize("wanted", ["yes", "no"])
def test_whoever_fills_the_box_that_people_do_not_see_gets_the_same_page_and_nothing_is_made(visitor, wanted):
    answers = SELF | {"link": {"wants_link": wanted}}
    person, machine = visitor("self"), visitor("self")
    person.sent(answers)
    machine.go_through(answers)
    reply = machine.post(step="check", go="send", website="https://spam.example")
    pages = []
    for one in (person, machine):
        page = one.browser.get("/refer/rowan/self/sent/")
        sent = page.context["sent"]
        text = page.content.decode().split("csrfmiddlewaretoken")[0].replace(sent["reference"], "")
        pages.append(text.replace(sent["token"], "-") if sent["token"] else text)
        assert len(sent["token"]) == (43 if wanted == "yes" else 0)
    assert reply.status_code == 302
    assert pages[0] == pages[1]
    assert Case.objects.count() == 1


def test_people_do_not_meet_the_box_for_machines(visitor):
    page = visitor("self").go_through(SELF).look().content.decode()
    box = re.search(r"<div[^>]*>(?:(?!</div>).)*website.*?</div>", page)[0]
    assert 'class="govuk-visually-hidden" aria-hidden="true"' in box
    assert 'tabindex="-1" autocomplete="off"' in box
    assert "Leave this box empty" in box


def test_sending_takes_as_long_whether_somebody_is_known_or_not(visitor, settings, monkeypatch):
    settings.SENDING_TAKES = 60
    waited = []
    monkeypatch.setattr("referrals.doorstep.time.sleep", waited.append)
    for _ in range(2):
        visitor("professional").go_through(PROFESSIONAL).send()
    visitor("self").go_through(SELF).post(step="check", go="send", website="spam")
    assert [50 < seconds <= 60 for seconds in waited] == [True] * 3


def test_one_address_that_sends_without_end_is_slowed_down_in_words(visitor, settings, services):
    settings.PUBLIC_FORMS_AN_HOUR = settings.PUBLIC_FORMS_AN_HOUR | {"send": 1}
    visitor("self").sent(SELF)
    person = visitor("self").go_through(SELF)
    reply = person.send()
    assert reply.status_code == 429
    page = reply.content.decode()
    assert "Nothing you wrote is lost" in page
    assert "Call 999" in page
    assert services["rowan"].phone in page
    assert Case.objects.count() == 1
    Visitor("self", "harbour").sent(
        SELF | {"age": {"age": "30"}}
    )  # the other service's door counts for itself
    assert Case.objects.count() == 2


def test_nothing_typed_is_lost_where_a_page_is_refused(visitor, settings):
    person = visitor("self").go_through(SELF, until="phone")
    settings.PUBLIC_FORMS_AN_HOUR = settings.PUBLIC_FORMS_AN_HOUR | {"post": 0}
    reply = person.answer("phone", phone_value="07700 900222", phone_rules=["text"], phone_code="bluebell")
    assert reply.status_code == 429
    assert "Nothing you wrote is lost" in reply.content.decode()
    page = person.look()
    assert page.context["step"].name == "phone"
    assert "bluebell" in page.content.decode()
    assert person.post(go="leave").url == "/refer/rowan/"
    assert not Draft.objects.exists()


def test_a_first_page_that_is_refused_is_shown_again_as_it_was_typed_and_no_draft_is_made(visitor, settings):
    settings.PUBLIC_FORMS_AN_HOUR = settings.PUBLIC_FORMS_AN_HOUR | {"post": 0}
    person = visitor("professional")
    reply = person.answer("you", **PROFESSIONAL["you"])
    page = reply.content.decode()
    assert reply.status_code == 429
    assert "petra.pine@police.example" in page
    assert "Very many forms came from where you are" in page
    assert not Draft.objects.exists()


def test_a_counter_that_is_down_stops_nobody(visitor, monkeypatch):
    def down(*_args, **_kwargs):
        raise RedisError("the counter is down")

    monkeypatch.setattr("referrals.doorstep.cache.add", down)
    visitor("self").sent(SELF)


def test_the_address_of_every_page_is_the_same_and_its_title_says_nothing(visitor):
    person = visitor("self")
    assert "<title>Form</title>" in person.look().content.decode()
    reply = person.answer("who", who="me")
    assert reply.url == person.address
    assert reply.headers["Cache-Control"] == "no-store"


def test_an_unknown_service_is_not_found(visitor):
    assert visitor("self", "nowhere").look().status_code == 404

"""Emergency openings: by exact reference, for an hour, to read; told at once, reviewed within a working day."""

import datetime as dt
from smtplib import SMTPRecipientsRefused, SMTPServerDisconnected

import pytest
from django.core import mail
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from casework import access, emergency, letters, restricting
from casework.models import Case, EmergencyAttempt, EmergencyReview, Grant
from casework.moving import move
from casework.tasks import tell_of_emergencies_left_behind
from isva.access.acting import act, acting_person
from isva.accounts.models import Membership
from isva.audit.models import AccessEntry
from isva.clock.moment import at, now, today
from isva.pathway import Stage
from isva.refusal import Refusal
from tests.access.test_each_wall_alone import no_second_wall  # noqa: F401 (a fixture)
from tests.factories import make_case, seeing_all

pytestmark = pytest.mark.django_db

WHY = {"category": "unreachable", "reason": "The client called and Iris is in court."}


@pytest.fixture
def case(people, rowan):
    return make_case(rowan, by=people["manager"], stage=Stage.ACTIVE, isva=people["isva"])


@pytest.fixture
def opened(case, people, rowan):
    return open_it(people["second_isva"], rowan, case.reference)


def open_it(user, service, reference, **why):
    with act(user, service):
        return emergency.open_in_emergency(acting_person(), reference=reference, **(WHY | why))


def page(name, case, **more):
    return reverse(name, kwargs={"case_id": case.pk, **more})


def sent(browser, reference, **why):
    return browser.post(reverse("open_in_emergency"), {"reference": reference, **WHY, **why})


class TestOpening:
    @pytest.mark.parametrize("key", ["second_isva", "trainee", "coordinator"])
    def test_whoever_does_casework_opens_a_case_out_of_sight_for_an_hour_to_read(
        self, key, case, people, rowan, signed_in
    ):
        browser = signed_in(key)
        assert browser.get(page("show_case", case)).status_code == 404
        assert sent(browser, case.reference).url == page("show_case", case)
        response = browser.get(page("show_case", case))
        assert "You opened this in an emergency" in response.content.decode()
        assert browser.get(page("write_note", case)).status_code == 403
        opening = Grant.objects.get(case=case, user=people[key])
        assert opening.until - opening.starts_at == dt.timedelta(minutes=60)
        assert opening.read_only
        with at(opening.until - dt.timedelta(seconds=1)):
            assert browser.get(page("show_case", case)).status_code == 200
        with at(opening.until):
            assert browser.get(page("show_case", case)).status_code == 404

    @pytest.mark.parametrize("key", ["supervisor", "commissioner", "records_lead"])
    def test_nobody_else_has_the_page(self, key, signed_in, rowan):
        assert signed_in(key, service=rowan).get(reverse("open_in_emergency")).status_code == 403

    def test_whoever_sees_the_case_for_another_reason_too_prints_as_ever(
        self, opened, people, rowan, signed_in
    ):
        with act(people["manager"], rowan):
            access.grant(
                opened, to=people["second_isva"], why=Grant.Why.COVER, by=people["manager"], read_only=True
            )
        assert signed_in("second_isva").get(page("print_plan", opened)).status_code == 200

    @pytest.mark.parametrize("stood_as", ["lead_isva", "interim_worker"])
    def test_whoever_still_stands_on_a_closed_case_looks_in_an_emergency_and_not_at_their_own(
        self, stood_as, people, rowan, signed_in
    ):
        iris, manager = people["isva"], people["manager"]
        case = make_case(rowan, by=manager, stage=Stage.TRIAGE)
        with act(manager, rowan):
            move(case, to=Stage.CLOSED, by=manager, reason="made for a test", **{stood_as: iris})
        browser = signed_in("isva")
        assert sent(browser, case.reference).url == page("show_case", case)
        assert browser.get(page("show_case", case)).status_code == 200
        looks = AccessEntry.objects.filter(user=iris, case=case.pk, page="show_case")
        assert [look.why for look in looks] == ["break_glass"]
        with act(manager, rowan):
            access.grant(case, to=iris, why=Grant.Why.COVER, by=manager, read_only=True)
        browser.get(page("show_case", case))
        assert [look.why for look in looks.order_by("at")][1:] == [
            {"lead_isva": "own"}.get(stood_as, "interim")
        ]

    def test_a_case_in_sight_is_simply_opened(self, case, people, rowan):
        assert open_it(people["isva"], rowan, case.reference) == case
        assert not EmergencyReview.objects.exists()

    def test_the_reference_is_read_however_it_is_typed(self, case, people, rowan):
        assert open_it(people["second_isva"], rowan, case.reference.lower().replace("-", " ")) == case

    @pytest.mark.parametrize("wall", ["restricted", "conflict", "other service", "missing"])
    def test_no_wall_is_told_from_a_reference_that_does_not_exist(
        self, wall, case, people, rowan, services, signed_in
    ):
        browser, manager = signed_in("second_isva"), people["manager"]
        sent(browser, "22-2222")  # what a first page costs alone (templates, sessions) is not counted
        with CaptureQueriesContext(connection) as missing:
            nowhere = sent(browser, "33-3333")
        with act(manager, rowan):
            if wall == "restricted":
                restricting.restrict_client(case.client, reason="a colleague", named=[], by=manager)
            elif wall == "conflict":
                access.declare_conflict(
                    case.client, user=people["second_isva"], reason="a cousin", by=manager
                )
        if wall == "other service":
            case = make_case(services["harbour"], by=people["harbour_manager"])
        reference = "44-4444" if wall == "missing" else case.reference
        with CaptureQueriesContext(connection) as walled:
            answer = sent(browser, reference)
        assert answer.status_code == nowhere.status_code == 200
        assert without_secrets(answer, reference) == without_secrets(nowhere, "33-3333")
        assert len(walled) == len(missing)
        assert not Grant.objects.filter(user=people["second_isva"]).exists()

    def test_a_wall_that_goes_up_afterwards_ends_it(self, opened, people, rowan, signed_in):
        with act(people["manager"], rowan):
            access.declare_conflict(
                opened.client, user=people["second_isva"], reason="a cousin", by=people["manager"]
            )
        assert signed_in("second_isva").get(page("show_case", opened)).status_code == 404

    def test_a_reason_is_asked_for(self, case, signed_in):
        browser = signed_in("second_isva")
        for missing in ({"reason": ""}, {"reason": "x"}, {"category": ""}):
            assert sent(browser, case.reference, **missing).status_code == 200
        assert not EmergencyAttempt.objects.exists()

    def test_guesses_are_written_down_and_held_back(self, case, people, rowan, signed_in):
        browser = signed_in("second_isva")
        for guess in ("22-2222", "23-2222", "24-2222", "26-2222", "27-2222"):
            sent(browser, guess)
        answer = sent(browser, case.reference)
        assert "Wait a quarter of an hour" in answer.content.decode()
        assert EmergencyAttempt.objects.filter(user=people["second_isva"], opened=False).count() == 6
        with at(now() + dt.timedelta(minutes=16)):
            assert open_it(people["second_isva"], rowan, case.reference) == case

    def test_nobody_changes_what_was_tried(self, opened):
        with pytest.raises(Exception, match="permission denied"), transaction.atomic():
            EmergencyAttempt.objects.update(opened=False)

    def test_the_database_refuses_a_long_or_a_writing_one(self, case, people, rowan):
        start = now()
        for wrong in (
            {"read_only": False},
            {"until": start + dt.timedelta(minutes=61)},
            {"category": ""},
            {"reason": ""},
        ):
            right = {
                "read_only": True,
                "until": start + dt.timedelta(minutes=60),
                "starts_at": start,
                **WHY,
            }
            with act(people["manager"], rowan), pytest.raises(IntegrityError), transaction.atomic():
                access.grant(
                    case,
                    to=people["chisva"],
                    why=Grant.Why.BREAK_GLASS,
                    by=people["chisva"],
                    **(right | wrong),
                )


def without_secrets(response, reference):
    import re

    html = response.content.decode().replace(reference, "REFERENCE")
    return re.sub(r'name="csrfmiddlewaretoken" value="[^"]+"|data-left="\d+"', "", html)


class TestTelling:
    def test_managers_and_records_leads_are_letter_at_once_without_identity(
        self, case, people, rowan, django_capture_on_commit_callbacks
    ):
        with django_capture_on_commit_callbacks(execute=True):
            open_it(people["second_isva"], rowan, case.reference)
        assert sorted(one for letter in mail.outbox for one in letter.to) == sorted(
            people[key].email for key in ("manager", "second_manager", "records_lead")
        )
        for letter in mail.outbox:
            told = letter.subject + letter.body
            for secret in (
                case.reference,
                case.client.name,
                str(case.pk),
                "Imran",
                "Iris",
                "court",
                rowan.name,
            ):
                assert secret not in told

    def test_a_letter_that_was_lost_is_sent_once_by_the_clock(self, opened, rowan):
        for _twice in range(2):
            tell_of_emergencies_left_behind()
        assert len(mail.outbox) == 3
        assert not letters.tell_of_emergency(rowan, EmergencyReview.objects.get().pk)

    def test_an_address_that_refuses_its_letter_keeps_nobody_elses_and_has_none_sent_twice(
        self, opened, people, rowan, monkeypatch
    ):
        refused, send = {people["manager"].email}, letters.send_mail

        def send_or_refuse(subject, text, sender, to):
            if refused & set(to):
                raise SMTPRecipientsRefused({to[0]: (550, b"no such mailbox")})
            return send(subject, text, sender, to)

        monkeypatch.setattr(letters, "send_mail", send_or_refuse)
        for _twice in range(2):
            tell_of_emergencies_left_behind()
        others = sorted(people[key].email for key in ("second_manager", "records_lead"))
        assert sorted(letter.to[0] for letter in mail.outbox) == others

    def test_where_nobody_could_be_told_it_is_tried_again(self, opened, people, rowan, monkeypatch):
        def send_nothing(*_letter):
            raise SMTPServerDisconnected

        with monkeypatch.context() as server_down:
            server_down.setattr(letters, "send_mail", send_nothing)
            with pytest.raises(SMTPServerDisconnected):
                letters.tell_of_emergency(rowan, EmergencyReview.objects.get().pk)
        tell_of_emergencies_left_behind()
        assert len(mail.outbox) == 3

    def test_nobody_is_told_who_does_not_work_here_now(self, opened, people, services, rowan):
        people["records_lead"].is_active = False
        people["records_lead"].save()
        begins = Membership.objects.get(user=people["second_manager"])
        begins.starts_on = today() + dt.timedelta(days=1)
        begins.save()
        assert letters.tell_of_emergency(rowan, EmergencyReview.objects.get().pk)
        assert [letter.to for letter in mail.outbox] == [[people["manager"].email]]

    def test_what_happened_in_one_service_is_not_told_in_another_by_the_filter_alone(
        self,
        opened,
        services,
        no_second_wall,  # noqa: F811
    ):
        harbour, review = services["harbour"], EmergencyReview.objects.get()
        assert letters.emergencies_left_behind(harbour) == []
        assert not letters.tell_of_emergency(harbour, review.pk)
        assert letters.emergencies_left_behind(services["rowan"]) == [review.pk]

    def test_the_isva_of_the_case_sees_it_on_the_timeline(self, opened, signed_in):
        html = signed_in("isva").get(page("show_case", opened)).content.decode()
        assert "Opened in an emergency" in html
        assert WHY["reason"] in html

    def test_service_today_counts_what_waits_for_review(self, opened, signed_in):
        html = signed_in("manager").get(reverse("service_today")).content.decode()
        assert "emergency opening to review" in html


class TestReview:
    def test_a_manager_reviews_it_and_it_stands_on_the_timeline(self, opened, signed_in):
        review, browser = EmergencyReview.objects.get(), signed_in("manager")
        address = page("review_emergency", opened, review_id=review.pk)
        form = browser.get(address).context["form"]
        sent = browser.post(
            address,
            {
                "once": form["once"].value(),
                "verdict": "justified",
                "note": "Iris confirmed that she was in court.",
            },
        )
        assert sent.url == reverse("list_emergencies")
        assert (
            "Emergency opening reviewed: it was needed"
            in browser.get(page("show_case", opened)).content.decode()
        )
        assert "It was needed" in browser.get(sent.url).content.decode()

    def test_nobody_reviews_their_own(self, opened, people, rowan):
        review = EmergencyReview.objects.get()
        with act(people["second_isva"], rowan):
            with seeing_all(rowan), pytest.raises(Refusal, match="yourself"):
                emergency.review_emergency(review, verdict="justified", note="", by=people["second_isva"])
            review.verdict, review.reviewed_at, review.reviewed_by = "justified", now(), people["second_isva"]
        with (
            act(people["second_isva"], rowan),
            seeing_all(rowan),
            pytest.raises(IntegrityError),
            transaction.atomic(),
        ):
            review.save()

    def test_it_is_reviewed_once(self, opened, people, rowan):
        review = EmergencyReview.objects.get()
        with act(people["manager"], rowan):
            emergency.review_emergency(review, verdict="justified", note="", by=people["manager"])
            with pytest.raises(Refusal, match="already"):
                emergency.review_emergency(review, verdict="unjustified", note="", by=people["manager"])

    def test_it_is_due_on_the_next_working_day_and_red_after_it(self, case, people, rowan, signed_in):
        friday = dt.datetime(2026, 11, 27, 16, 0, tzinfo=dt.UTC)
        with at(friday):
            open_it(people["second_isva"], rowan, case.reference)
        assert EmergencyReview.objects.get().due_on == dt.date(2026, 11, 30)
        browser = signed_in("manager")
        for moment, words in ((dt.datetime(2026, 11, 30, 20, tzinfo=dt.UTC), "Due by"), (dt.datetime(2026, 12, 1, 9, tzinfo=dt.UTC), "Overdue since")):  # fmt: skip
            with at(moment):
                assert words in browser.get(reverse("list_emergencies")).content.decode()

    def test_the_records_lead_is_shown_that_it_happened_and_nothing_of_the_case(
        self, opened, signed_in, rowan
    ):
        html = signed_in("records_lead", service=rowan).get(reverse("list_emergencies")).content.decode()
        assert "Imran Ilex" in html
        for secret in (opened.reference, opened.client.name, str(opened.pk), WHY["reason"]):
            assert secret not in html

    def test_a_manager_with_a_conflict_is_shown_no_more(self, opened, people, rowan, signed_in):
        with act(people["manager"], rowan):
            access.declare_conflict(
                opened.client, user=people["second_manager"], reason="a cousin", by=people["manager"]
            )
        html = signed_in("second_manager").get(reverse("list_emergencies")).content.decode()
        assert "Not in your sight" in html
        assert opened.reference not in html

    def test_the_case_behind_an_opening_is_for_whoever_sees_it_by_the_filter_alone(
        self,
        opened,
        people,
        rowan,
        no_second_wall,  # noqa: F811
    ):
        manager, other = people["manager"], make_case(rowan, by=people["manager"], stage=Stage.ACTIVE, isva=people["isva"])  # fmt: skip
        open_it(people["second_isva"], rowan, other.reference)
        first, second = (str(EmergencyReview.objects.get(case=case).pk) for case in (opened, other))
        with act(manager, rowan):
            assert emergency.cases_of(manager, [first]) == {first: opened}
            assert [str(one.pk) for one in emergency.reviews_of(other)] == [second]
            access.declare_conflict(opened.client, user=manager, reason="a cousin", by=manager)
            assert emergency.cases_of(manager, [first, second]) == {second: other}

    def test_what_was_reviewed_is_never_overdue(self, opened, people, rowan, signed_in):
        with act(people["manager"], rowan):
            review = emergency.reviews_of(opened).get()
            emergency.review_emergency(review, verdict="justified", note="", by=people["manager"])
        with at(now() + dt.timedelta(days=7)):
            assert [one.is_overdue for one in emergency.openings(rowan)] == [False]

    def test_the_share_of_all_opens_is_shown(self, opened, signed_in):
        signed_in("isva").get(page("show_case", opened))
        html = signed_in("manager").get(reverse("list_emergencies")).content.decode()
        assert "goal: under 2" in html


def test_an_emergency_opening_ends_like_any_grant_and_guardian_agrees(opened, people, rowan):
    with at(now() + dt.timedelta(minutes=61)):
        access.keep_grants_in_time(rowan)
        assert access.grants_and_guardian_disagree(rowan) == []
        with act(people["second_isva"], rowan):
            assert not Case.objects.visible_to(people["second_isva"]).exists()

"""Many people at once: nothing is done twice, nothing is lost, and what was taken away is gone at the next request.

Each race is two acts at the same moment, each on a connection of its own, as the plain role, and committed. A few
dozen with every run of the tests; ten thousand on fifty threads with ``--full-attack``.
"""

import datetime as dt
import threading
import uuid
from concurrent.futures import ThreadPoolExecutor

import lxml.html
import pytest
from django.db import connections, transaction
from django.test import Client as Browser
from django.urls import reverse

from casework import access
from casework.emergency import open_in_emergency
from casework.models import EMERGENCY_LASTS, Case, Client, Conflict, Grant, Note, Restriction
from casework.restricting import restrict_client
from casework.stages.closure import decide_closure
from isva.access.acting import act, acting_person
from isva.access.roles import permissions_of
from isva.accounts.membership import begin_membership
from isva.accounts.models import Membership, User
from isva.accounts.permissions import service_permissions
from isva.clock.moment import at, now
from isva.pathway import Stage, WrongStage
from tests.casework.endings import closure_proposed
from tests.entering import sign_in
from tests.factories import make_case
from triage.models import Allocation
from triage.stages.allocation import allocate_case

#: Races of each kind and threads that run them: in every run, and in full.
SHORT, FULL = (5, 6), (1_112, 50)
#: How much of its hour an emergency opening has left when the race for its last moment begins, in seconds.
LAST_SECOND = 0.4


@pytest.fixture(scope="module")
def size(in_full):
    """How many races of each kind, and on how many threads."""
    return FULL if in_full else SHORT


@pytest.fixture
def race(transactional_db, people, rowan, size):
    """Runs one kind of race so many times: each on a case of its own; every race that went wrong is told."""
    number, threads = size
    cookies = {
        key: sign_in(Browser(), people[key], service=rowan).cookies
        for key in ("isva", "second_isva", "manager", "second_manager", "records_lead")
    }

    def run(kind):
        def one(place):
            try:
                return kind(Ground(people, rowan, cookies))
            except Exception as problem:
                return f"race {place}: {type(problem).__name__}: {problem}"
            finally:
                connections.close_all()

        with ThreadPoolExecutor(max(1, threads // 2)) as pool:
            wrong = [told for told in pool.map(one, range(number)) if told]
        assert wrong == []

    return run


class Racer(Browser):
    """A test client that keeps the answer alone.

    Django's own also notes each template that is drawn while it waits, by any thread: with fifty, each copies what all the
    others draw. A server error is an answer here: it has to be told apart.
    """

    def request(self, **request):
        """Send a request; the answer as it is, with its cookies kept."""
        answer = self.handler(self._base_environ(**request))
        self.cookies.update(answer.cookies)
        return answer


class Ground:
    """The people of one race, and what they do in it."""

    def __init__(self, people, rowan, cookies):
        self.people, self.rowan, self.cookies = people, rowan, cookies

    def case(self, stage=Stage.ACTIVE) -> Case:
        """A case at a stage, carried by Iris from *active* on."""
        with transaction.atomic():
            return make_case(self.rowan, by=self.people["manager"], stage=stage, isva=self.people["isva"])

    def browser(self, key) -> Racer:
        """A test client of its own in one's session."""
        browser = Racer()
        browser.cookies.load({name: morsel.value for name, morsel in self.cookies[key].items()})
        return browser

    def acting(self, key, act_on):
        """An act of one of the cast, as a request makes it: one transaction, acting throughout."""

        def run():
            with transaction.atomic(), act(self.people[key], self.rowan):
                return act_on()

        return run

    def seen_by(self, key, ask):
        """What one of the cast reads, in a transaction of its own."""
        return self.acting(key, ask)()


def at_once(*acts):
    """Do several things at the same moment; what each gave, or raised, in order."""
    start, given = threading.Barrier(len(acts)), [None] * len(acts)

    def run(place, one):
        try:
            start.wait(30)
            given[place] = one()
        except Exception as problem:
            given[place] = problem
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=(place, one)) for place, one in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(120)
    return given


def filled_in(answer) -> dict[str, list[str]]:
    """What a browser would send of the form that a page is about: each field with what stands in it."""
    page = lxml.html.document_fromstring(answer.content.decode())
    [form] = [form for form in page.forms if "once" in form.fields]
    sent = {}
    for name, value in form.form_values():
        sent.setdefault(name, []).append(value)
    return sent


def test_of_two_managers_who_allocate_one_case_one_decides(race):
    def kind(ground):
        case = ground.case(Stage.ALLOCATION)

        def allocate(key, isva):
            user, to = ground.people[key], ground.people[isva]

            def decide():
                mine = Case.objects.visible_to(user).get(pk=case.pk)
                return allocate_case(
                    mine, isva=to, by=user, reason=f"By {key}.", override_reason="The client asked for them."
                )

            return ground.acting(key, decide)

        given = at_once(allocate("manager", "isva"), allocate("second_manager", "second_isva"))
        won = [one for one in given if isinstance(one, Allocation)]
        assert len(won) == 1, given
        assert [type(one) for one in given if one not in won] == [WrongStage], given

        def look():
            stands = Allocation.objects.get(case=case, ended_at__isnull=True)
            grants = list(
                access.live_grants(case).filter(why=Grant.Why.ALLOCATION).values_list("user", flat=True)
            )
            mine = Case.objects.get(pk=case.pk)
            assert stands.pk == won[0].pk
            assert grants == [stands.isva_id] == [mine.lead_isva_id]
            assert Allocation.objects.filter(case=case).count() == 1

        ground.seen_by("manager", look)

    race(kind)


def test_a_form_that_is_sent_twice_counts_once(race):
    def kind(ground):
        case = ground.case()
        address = reverse("write_note", kwargs={"case_id": case.pk})
        sent = {"text": f"Only once {case.pk}", "once": str(uuid.uuid4())}
        first, second = ground.browser("isva"), ground.browser("isva")
        answers = at_once(lambda: first.post(address, sent), lambda: second.post(address, sent))
        assert [getattr(answer, "status_code", answer) for answer in answers] == [302, 302]
        assert ground.seen_by("manager", lambda: Note.objects.filter(case=case).count()) == 1

    race(kind)


def test_of_two_edits_of_one_page_one_is_saved_and_the_other_refused_with_its_text_kept(race):
    def kind(ground):
        case = ground.case()
        address = reverse("edit_client", kwargs={"case_id": case.pk})
        browsers = {"isva": ground.browser("isva"), "manager": ground.browser("manager")}
        sent = {
            key: filled_in(browser.get(address)) | {"access_needs": f"As {key} wrote it."}
            for key, browser in browsers.items()
        }
        answers = dict(
            zip(
                browsers,
                at_once(*[lambda key=key: browsers[key].post(address, sent[key]) for key in browsers]),
                strict=True,
            )
        )
        codes = {key: getattr(answer, "status_code", answer) for key, answer in answers.items()}
        led_to = {key: getattr(answer, "headers", {}).get("Location") for key, answer in answers.items()}
        assert sorted(codes.values(), key=str) == [200, 302], (codes, led_to)
        won, lost = sorted(codes, key=codes.get, reverse=True)
        page = answers[lost].content.decode()
        assert "while you were writing" in page
        assert f"As {lost} wrote it." in page
        kept = ground.seen_by("manager", lambda: Client.objects.get(pk=case.client_id).access_needs)
        assert kept == f"As {won} wrote it."

    race(kind)


def test_a_note_that_was_said_to_be_saved_is_there_whenever_the_case_was_closed(race):
    def kind(ground):
        case = ground.case()
        isva, manager = ground.people["isva"], ground.people["manager"]
        closure = ground.seen_by(
            "isva", lambda: closure_proposed(Case.objects.visible_to(isva).get(pk=case.pk), isva)
        )
        writer, text = ground.browser("isva"), f"The last word {case.pk}"
        address = reverse("write_note", kwargs={"case_id": case.pk})

        def close():
            mine = type(closure).objects.select_related("case__client", "case__service").get(pk=closure.pk)
            return decide_closure(mine, approve=True, by=manager)

        closed, answer = at_once(
            ground.acting("manager", close), lambda: writer.post(address, {"text": text})
        )
        assert not isinstance(closed, Exception), repr(closed)
        assert answer.status_code in (302, 403, 404), answer.status_code
        notes = ground.seen_by("manager", lambda: Note.objects.filter(case=case, text=text).count())
        assert notes == (1 if answer.status_code == 302 else 0)
        stage = ground.seen_by("manager", lambda: Case.objects.get(pk=case.pk).stage)
        assert stage == Stage.CLOSED.value
        assert writer.get(address).status_code == 404

    race(kind)


def test_sight_that_was_taken_is_gone_at_the_next_request(race):
    def kind(ground):
        case = ground.case()
        reader, page = ground.browser("isva"), reverse("show_case", kwargs={"case_id": case.pk})
        manager = ground.people["manager"]

        def revoke():
            mine = Case.objects.visible_to(manager).get(pk=case.pk)
            return access.end_grants(mine, by=manager, reason="given to somebody else")

        ended, answer = at_once(ground.acting("manager", revoke), lambda: reader.get(page))
        assert ended == 1, ended
        assert answer.status_code in (200, 404), answer.status_code
        for _again in range(2):
            assert reader.get(page).status_code == 404

    race(kind)


def test_a_wall_that_goes_up_in_the_middle_of_work_stands_at_the_next_request(race):
    def kind(ground):
        case = ground.case()
        writer, address = ground.browser("isva"), reverse("write_note", kwargs={"case_id": case.pk})
        isva, manager = ground.people["isva"], ground.people["manager"]
        text = f"In the middle {case.pk}"

        def declare():
            client = Client.objects.visible_to(manager).get(pk=case.client_id)
            return access.declare_conflict(client, user=isva, reason="a neighbour", by=manager)

        wall, answer = at_once(
            ground.acting("manager", declare), lambda: writer.post(address, {"text": text})
        )
        assert isinstance(wall, Conflict), repr(wall)
        # Between finding the case and asking whether it may be written to, the wall can go up: then it is refused.
        assert answer.status_code in (302, 403, 404), answer.status_code
        notes = ground.seen_by("second_manager", lambda: Note.objects.filter(case=case, text=text).count())
        assert notes == (1 if answer.status_code == 302 else 0)
        for name in ("show_case", "write_note", "edit_client"):
            assert writer.get(reverse(name, kwargs={"case_id": case.pk})).status_code == 404, name
        assert case.reference not in writer.get(reverse("list_cases")).content.decode()

    race(kind)


def test_a_restriction_that_goes_up_while_a_colleague_saves_lets_them_be_saved_or_refused_and_see_nothing_after(
    race,
):
    def kind(ground):
        case = ground.case()
        writer, address = ground.browser("isva"), reverse("write_note", kwargs={"case_id": case.pk})
        manager, text = ground.people["manager"], f"Behind the wall {case.pk}"

        def restrict():
            client = Client.objects.visible_to(manager).get(pk=case.client_id)
            return restrict_client(client, reason="a colleague", named=[], by=manager)

        wall, answer = at_once(
            ground.acting("manager", restrict), lambda: writer.post(address, {"text": text})
        )
        assert isinstance(wall, Restriction), repr(wall)
        assert answer.status_code in (302, 403, 404), answer.status_code
        notes = ground.seen_by("manager", lambda: Note.objects.filter(case=case, text=text).count())
        assert notes == (1 if answer.status_code == 302 else 0)
        for name in ("show_case", "write_note", "edit_client"):
            assert writer.get(reverse(name, kwargs={"case_id": case.pk})).status_code == 404, name
        assert case.reference not in writer.get(reverse("list_cases")).content.decode()

    race(kind)


def test_an_emergency_opening_shows_nothing_once_its_hour_is_over_and_takes_nothing_at_any_time(race):
    def kind(ground):
        case = ground.case()
        user, reader, writer = (
            ground.people["second_isva"],
            ground.browser("second_isva"),
            ground.browser("second_isva"),
        )
        page, write = (reverse(name, kwargs={"case_id": case.pk}) for name in ("show_case", "write_note"))
        with at(now() - EMERGENCY_LASTS + dt.timedelta(seconds=LAST_SECOND)):
            opened = ground.seen_by(
                "second_isva",
                lambda: open_in_emergency(
                    acting_person(),
                    reference=case.reference,
                    category="court",
                    reason="The court asks today.",
                ),
            )
        ends = ground.seen_by("manager", lambda: Grant.objects.get(case=case, user=user).until)
        assert opened == case

        def until_it_is_over(ask, right, after):
            """Ask again and again: every answer that began after the end, and one that ended before it, as it must be."""
            asked, wrong, over = 0, [], 0
            while over < 2:
                began, code, ended = now(), ask().status_code, now()
                asked, over = asked + 1, over + (began >= ends)
                allowed = {after} if began >= ends else {right} if ended < ends else {right, after}
                if code not in allowed:
                    wrong.append((code, (began - ends).total_seconds()))
            return wrong

        given = at_once(
            lambda: until_it_is_over(lambda: reader.get(page), 200, 404),
            lambda: until_it_is_over(lambda: writer.post(write, {"text": "Never"}), 403, 404),
        )
        assert given == [[], []], given
        assert ground.seen_by("manager", lambda: Note.objects.filter(case=case).count()) == 0

    race(kind)


def test_of_two_changes_of_roles_one_is_saved_and_the_other_refused_with_its_choice_kept(race):
    def kind(ground):
        with transaction.atomic(), act(ground.people["records_lead"], ground.rowan):
            user = User.objects.create_user(email=f"{uuid.uuid4()}@rowan.example", name="Nell Newcomer")
            member = begin_membership(
                user=user, service=ground.rowan, roles=["isva"], by=ground.people["records_lead"]
            )
        address, browsers = (
            reverse("change_member", args=[member.pk]),
            [ground.browser("records_lead") for _ in range(2)],
        )
        wanted = (["isva", "coordinator"], ["trainee"])
        sent = [
            filled_in(one.get(address)) | {"roles": roles, "why_coordinator": "They learn it on the job."}
            for one, roles in zip(browsers, wanted, strict=True)
        ]
        answers = at_once(*[lambda i=i: browsers[i].post(address, sent[i]) for i in range(2)])
        codes = [getattr(answer, "status_code", answer) for answer in answers]
        assert sorted(codes, key=str) == [200, 302], codes
        won, lost = codes.index(302), codes.index(200)
        assert "while you were writing" in answers[lost].content.decode()
        assert filled_in(answers[lost])["roles"] == wanted[lost]
        kept = Membership.objects.select_related("user", "service").get(pk=member.pk)
        assert kept.roles == wanted[won]
        assert service_permissions(kept.user, kept.service) == permissions_of(kept.roles)

    race(kind)

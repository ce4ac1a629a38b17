"""The allocation screens: what they show, who may decide, and that nothing typed is lost."""

import datetime as dt
import re
import uuid

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from casework import access
from casework.models import Case, Grant
from casework.standing import carry
from isva.access.acting import act
from isva.accounts.role_changes import change_roles
from isva.clock.moment import now, today
from isva.pathway import Stage
from tests.factories import make_case
from triage import cover
from triage.models import Allocation
from triage.stages import allocation, urgent

pytestmark = pytest.mark.django_db


@pytest.fixture
def manager(signed_in):
    return signed_in("manager")


@pytest.fixture
def waiting(people, rowan):
    def make(name="Ada Testperson", *, risk="standard", **fields):
        case = make_case(rowan, by=people["manager"], stage=Stage.ALLOCATION, name=name, **fields)
        carry(case, risk=risk)
        return case

    return make


@pytest.fixture
def carried(people, rowan, waiting):
    case = waiting("Eve Carried")
    with act(people["manager"], rowan):
        allocation.allocate_case(
            case, isva=people["isva"], by=people["manager"], reason="Room.", override_reason="-"
        )
    return case


def address(name, case, **keys):
    return reverse(name, kwargs={"case_id": case.pk, **keys})


def text_of(response):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode()))


def decision(person, **answers):
    return {
        "isva": str(person.pk), "reason": "Room, and the right area.",
        f"override_{person.pk.hex}": "Talked over with both.", **answers,
    }  # fmt: skip


# The board


def test_who_waits_stands_in_the_order_of_urgency_risk_and_wait(manager, people, rowan, waiting):
    for name, risk in (("Cyd Invented", "standard"), ("Bo Fictional", "medium"), ("Ada Testperson", "high")):
        waiting(name, risk=risk)
    first = waiting("Dee Example")
    with act(people["manager"], rowan):
        first.urgent = True
        first.save(update_fields=["urgent"])
    page = text_of(manager.get(reverse("allocation_board")))
    places = [page.index(name) for name in ("Dee Example", "Ada Testperson", "Bo Fictional", "Cyd Invented")]
    assert places == sorted(places)


def test_the_board_shows_what_each_person_needs_and_asked_for(manager, people, rowan, waiting):
    case = waiting(
        area="Westbeck", preferred_worker_sex="female", date_of_birth=today() - dt.timedelta(days=4000)
    )
    with act(people["manager"], rowan):
        case.trial_on = today() + dt.timedelta(days=20)
        case.specialisms_needed = ["honour", "children"]
        case.save()
    page = text_of(manager.get(reverse("allocation_board")))
    for words in ("A child", "So-called honour-based abuse", "Trial on", "Westbeck", "Asked for a woman"):
        assert words in page


def test_beside_them_stand_the_isvas_with_their_loads_in_words(manager, people, carried):
    page = text_of(manager.get(reverse("allocation_board")))
    assert "Iris Ivy Open cases 1 of 40 Weighted load 1 of 60" in page
    assert "Speaks Urdu and Punjabi" in page or "Speaks Punjabi and Urdu" in page
    assert "On leave until" in page
    assert "In training" in page


@pytest.mark.parametrize(
    ("query", "shown"),
    [("risk=high", ["Ada Testperson"]), ("area=Eastmere", ["Bo Fictional"]), ("specialism=children", ["Bo Fictional"]),
     ("complexity=higher", []), ("risk=\x00&area=nowhere&specialism='--", ["Ada Testperson", "Bo Fictional"]),
     ("show=rubbish&after=rubbish", ["Ada Testperson", "Bo Fictional"])],
)  # fmt: skip
def test_filters_narrow_the_list_and_rubbish_is_as_if_not_set(manager, waiting, query, shown):
    waiting("Ada Testperson", risk="high", area="Westbeck")
    waiting("Bo Fictional", area="Eastmere", date_of_birth=today() - dt.timedelta(days=4000))
    page = text_of(manager.get(f"{reverse('allocation_board')}?{query}"))
    assert [name for name in ("Ada Testperson", "Bo Fictional") if name in page] == shown


def test_people_in_interim_support_are_shown_to_be_read(manager, people, rowan):
    case = make_case(rowan, by=people["manager"], stage=Stage.INTERIM, name="Ina Waiting")
    page = manager.get(f"{reverse('allocation_board')}?show=interim")
    assert "Ina Waiting" in text_of(page)
    assert address("show_case", case) in page.content.decode()
    assert address("allocate_case", case) not in page.content.decode()


def test_a_case_whose_isva_is_walled_off_or_gone_asks_for_another(manager, people, rowan, carried):
    gone = make_case(
        rowan, by=people["manager"], stage=Stage.STEPPED_DOWN, isva=people["chisva"], name="Gus Unheld"
    )
    with act(people["manager"], rowan):
        access.declare_conflict(carried.client, user=people["isva"], reason="a cousin", by=people["manager"])
        leaving = people["chisva"].memberships.get()
        leaving.ends_on = today() - dt.timedelta(days=1)
        leaving.save()
    assert "2 cases need another ISVA" in text_of(manager.get(reverse("allocation_board")))
    page = manager.get(f"{reverse('allocation_board')}?show=another")
    assert "Eve Carried" in text_of(page)
    assert "Iris Ivy a conflict is declared" in text_of(page)
    assert "Isla Indigo no longer carries cases here" in text_of(page)
    assert address("reallocate_case", gone) in page.content.decode()


def test_a_case_whose_isva_carries_none_any_more_asks_for_another(manager, people, rowan, carried):
    with act(people["records_lead"], rowan):
        change_roles(people["isva"].memberships.get(), roles=["commissioner"], by=people["records_lead"])
    page = manager.get(f"{reverse('allocation_board')}?show=another")
    assert "Eve Carried" in text_of(page)
    assert "Iris Ivy no longer carries cases here" in text_of(page)


def test_the_coordinator_prepares_and_does_not_decide(signed_in, waiting):
    case, cora = waiting(), signed_in("coordinator")
    page = cora.get(reverse("allocation_board"))
    assert page.status_code == 200
    assert "A manager decides." in text_of(page)
    assert address("allocate_case", case) not in page.content.decode()
    refused = cora.get(address("allocate_case", case))
    assert refused.status_code == 403
    assert "allocate cases" in text_of(refused)


def test_nobody_else_sees_the_board(signed_in, rowan):
    for key in ("isva", "trainee", "supervisor", "commissioner", "records_lead"):
        assert signed_in(key, service=rowan).get(reverse("allocation_board")).status_code == 403


def test_somebody_walled_off_from_the_manager_is_not_on_the_board(manager, people, rowan, waiting):
    case = waiting()
    with act(people["second_manager"], rowan):
        access.declare_conflict(
            case.client, user=people["manager"], reason="a cousin", by=people["second_manager"]
        )
    assert "Ada Testperson" not in text_of(manager.get(reverse("allocation_board")))
    assert manager.get(address("allocate_case", case)).status_code == 404


def queries_of(browser, url):
    browser.get(url)
    with CaptureQueriesContext(connection) as seen:
        assert browser.get(url).status_code == 200
    return [
        q["sql"]
        for q in seen
        if not re.match(r"(SAVEPOINT|RELEASE|ROLLBACK|BEGIN|COMMIT|INSERT INTO .audit_)", q["sql"])
    ]


@pytest.mark.parametrize("show", ["waiting", "interim", "another"])
def test_the_board_asks_as_much_for_five_as_for_thirty(manager, people, rowan, show):
    def more(count):
        for _each in range(count):
            if show == "another":
                case = make_case(rowan, by=people["manager"], stage=Stage.ACTIVE, isva=people["isva"])
                with act(people["manager"], rowan):
                    access.declare_conflict(
                        case.client, user=people["isva"], reason="x", by=people["manager"]
                    )
            else:
                stage = Stage.ALLOCATION if show == "waiting" else Stage.INTERIM
                make_case(rowan, by=people["manager"], stage=stage)
            make_case(rowan, by=people["manager"], stage=Stage.ACTIVE, isva=people["second_isva"])

    url = f"{reverse('allocation_board')}?show={show}"
    more(5)
    five = queries_of(manager, url)
    more(25)
    thirty = queries_of(manager, url)
    assert len(five) == len(thirty) <= 8, "\n".join(thirty)


def test_the_board_goes_on_over_pages(manager, people, waiting):
    for number in range(52):
        waiting(f"Person Number{number:02}")
    first = manager.get(reverse("allocation_board")).content.decode()
    following = re.search(r'href="([^"]*after=[^"]+)"', first).group(1).replace("&amp;", "&")
    rest = manager.get(reverse("allocation_board") + following[following.index("?") :]).content.decode()
    shown = re.findall(r"Person Number\d\d", first + rest)
    assert len(set(shown)) == 52


# The decision


def test_the_decision_shows_the_facts_the_reasons_the_effect_and_who_is_left_out(
    manager, people, rowan, waiting
):
    case = waiting(risk="high", area="Westbeck", preferred_worker_sex="female")
    with act(people["manager"], rowan):
        access.declare_conflict(
            case.client, user=people["chisva"], reason="a neighbour", by=people["manager"]
        )
        urgent.raise_urgent_allocation(case, reason="Threats since Sunday.", by=people["manager"])
    page = text_of(manager.get(address("allocate_case", case)))
    for words in (
        "Threats since Sunday.", "Asked for a woman", "Suggested, best match first",
        "Now 0 of 40 cases, weighted 0 of 60. With this case 1 and 1.", "For: A woman, as asked for (+20)",
        "Against: A man; the client asked for a woman (−30)", "Left out: on leave until",
        "Isla Indigo: a conflict is declared with this client",
    ):  # fmt: skip
        assert words in page, words


def test_the_manager_allocates_and_is_told_when_the_first_session_is_due(manager, people, waiting):
    case = waiting(area="Westbeck")
    response = manager.post(address("allocate_case", case), decision(people["isva"]), follow=True)
    assert f"{case.reference} is allocated to Iris Ivy. The first session is due by" in text_of(response)
    made = Allocation.objects.get(case=case)
    assert (made.isva, made.reason, made.override_reason) == (
        people["isva"], "Room, and the right area.", "Talked over with both.",
    )  # fmt: skip


def test_the_first_choice_is_taken_without_a_reason_against_the_advice(manager, people, waiting):
    case = waiting(area="Westbeck")
    with act(people["manager"], case.service):
        best = allocation.advise(case).ranking.suggestions[0].worker.key
    answers = {
        "isva": best,
        "reason": "The advice fits.",
        f"override_{best.replace('-', '')}": "typed and hidden",
    }
    assert manager.post(address("allocate_case", case), answers).status_code == 302
    assert Allocation.objects.get(case=case).override_reason == ""


def test_a_choice_against_the_advice_is_asked_why_and_nothing_typed_is_lost(manager, people, waiting):
    case = waiting(preferred_worker_sex="female")
    answers = decision(people["second_isva"], reason="He knows the school.")
    answers[f"override_{people['second_isva'].pk.hex}"] = " "
    response = manager.post(address("allocate_case", case), answers)
    page = text_of(response)
    assert response.status_code == 200
    assert "Say why Imran Ilex, although" in page
    assert "the client asked for a woman" in page
    assert "He knows the school." in page
    assert not Allocation.objects.filter(case=case).exists()


def test_the_second_manager_is_told_and_keeps_what_they_typed(signed_in, people, rowan, waiting):
    case = waiting()
    with act(people["manager"], rowan):
        allocation.allocate_case(
            case, isva=people["isva"], by=people["manager"], reason="Room.", override_reason="-"
        )
    response = signed_in("second_manager").post(
        address("allocate_case", case), decision(people["chisva"], reason="A long reason.")
    )
    page = text_of(response)
    assert response.status_code == 200
    assert "This case has been allocated in the meantime: to Iris Ivy, by Meera Maple." in page
    assert "A long reason." in page
    case.refresh_from_db()
    assert case.lead_isva == people["isva"]


def test_a_case_that_does_not_wait_is_shown_where_it_stands(manager, carried, people, rowan):
    response = manager.get(address("allocate_case", carried), follow=True)
    assert "allocated in the meantime: to Iris Ivy" in text_of(response)
    triage = make_case(rowan, by=people["manager"], stage=Stage.TRIAGE)
    assert "does not wait for allocation" in text_of(
        manager.get(address("allocate_case", triage), follow=True)
    )
    assert "Nobody carries this case" in text_of(manager.get(address("reallocate_case", triage), follow=True))


def test_pressed_twice_a_decision_counts_once(manager, people, waiting):
    case, answers = waiting(), {**decision(people["isva"]), "once": str(uuid.uuid4())}
    for _press in range(2):
        manager.post(address("allocate_case", case), answers)
    assert Allocation.objects.filter(case=case).count() == 1


def test_a_refused_decision_can_be_corrected_and_sent_again_with_the_same_press(manager, people, waiting):
    """What is refused gives its token back: otherwise the corrected form would be taken for a second press."""
    case, answers = waiting(), {**decision(people["isva"]), "once": str(uuid.uuid4())}
    refused = manager.post(address("reallocate_case", case), {**answers, "handover_note": "x"})
    assert "Nobody carries this case" in text_of(refused)
    assert manager.post(address("allocate_case", case), answers).status_code == 302
    assert Allocation.objects.filter(case=case).count() == 1


RUBBISH = (
    {}, {"isva": "rubbish"}, {"isva": "\x00"}, {"isva": str(uuid.uuid4()), "reason": "x"}, {"isva": ["a", "b"]},
    {"once": "rubbish", "reason": "x" * 30_000}, {"first_day_day": "99999999999999999999"},
    {"covered_by": "\x00", "may": "\x00", "first_day_day": "\x00", "member": "1 OR 1=1"},
)  # fmt: skip


@pytest.mark.parametrize("answers", RUBBISH)
def test_rubbish_is_told_in_words_and_never_breaks_a_page(manager, people, rowan, waiting, carried, answers):
    case = waiting()
    pages = [
        address("allocate_case", case), address("reallocate_case", carried), address("cover_case", carried),
        address("declare_conflict", case),
    ]  # fmt: skip
    for url in pages:
        response = manager.post(url, answers)
        assert response.status_code == 200
        assert "There is a problem" in text_of(response)
    assert Allocation.objects.filter(case=case).count() == 0


def test_a_conflicted_isva_cannot_be_chosen_even_by_a_forged_form(manager, people, rowan, waiting):
    case = waiting()
    with act(people["manager"], rowan):
        access.declare_conflict(case.client, user=people["isva"], reason="a cousin", by=people["manager"])
    response = manager.post(address("allocate_case", case), decision(people["isva"]))
    assert "Select who takes this case from the list" in text_of(response)
    assert not Allocation.objects.filter(case=case).exists()


def test_where_nobody_can_be_chosen_the_page_says_so(manager, people, rowan, waiting):
    case = waiting()
    with act(people["manager"], rowan):
        for one in allocation.advise(case).loads:
            access.declare_conflict(case.client, user=one.user, reason="all", by=people["manager"])
    assert "Nobody can be chosen" in text_of(manager.get(address("allocate_case", case)))


def test_the_pages_about_a_case_ask_no_more_than_they_may(manager, people, carried, waiting):
    for name, case in (
        ("allocate_case", waiting()), ("reallocate_case", carried), ("cover_case", carried), ("declare_conflict", carried)
    ):  # fmt: skip
        asked = queries_of(manager, address(name, case))
        # One of them notes who looked, one asks for the loads of cases that the reader may not see.
        assert len(asked) <= 14, (name, "\n".join(asked))


def test_no_name_stands_in_a_title_or_an_address(manager, carried, waiting):
    for name, case in (("allocate_case", waiting()), ("reallocate_case", carried), ("cover_case", carried)):
        page = manager.get(address(name, case)).content.decode()
        assert "Testperson" not in re.search(r"<title>(.*?)</title>", page, re.S).group(1)
        assert "Carried" not in re.search(r"<title>(.*?)</title>", page, re.S).group(1)


# Another ISVA, cover, conflicts


def test_a_case_is_given_to_another_isva_with_a_handover_note(manager, people, carried):
    response = manager.post(
        address("reallocate_case", carried),
        decision(people["chisva"], handover_note="A hearing in May."),
        follow=True,
    )
    assert "Isla Indigo carries this case now." in text_of(response)
    assert Allocation.objects.get(case=carried, ended_at__isnull=True).handover_note == "A hearing in May."


def test_a_handover_without_a_note_is_refused(manager, people, carried):
    response = manager.post(address("reallocate_case", carried), decision(people["chisva"]))
    assert "Enter the handover note" in text_of(response)


def test_reallocating_shows_what_it_leaves_whoever_carries_the_case(manager, carried):
    assert "Iris Ivy: 1 of 40 cases, 0 without this one" in text_of(
        manager.get(address("reallocate_case", carried))
    )


def cover_answers(person, first, last, **answers):
    parts = {}
    for name, day in (("first_day", first), ("last_day", last)):
        parts |= {f"{name}_day": day.day, f"{name}_month": day.month, f"{name}_year": day.year}
    return {"covered_by": str(person.pk), "may": "read", "reason": "Annual leave", **parts, **answers}


def test_cover_is_planned_shown_and_ended(manager, people, carried):
    url, day = address("cover_case", carried), today()
    response = manager.post(
        url, cover_answers(people["second_isva"], day, day + dt.timedelta(days=7)), follow=True
    )
    assert "Imran Ilex covers this case:" in text_of(response)
    given = Grant.objects.get(user=people["second_isva"])
    assert (given.read_only, given.why) == (True, Grant.Why.COVER)
    ending = address("end_cover", carried, cover_id=given.pk)
    assert "They lose sight of it at once" in text_of(manager.get(ending))
    assert "Enter why it ends now" in text_of(manager.post(ending, {}))
    assert "no longer covers" in text_of(manager.post(ending, {"reason": "Iris is back."}, follow=True))
    assert manager.get(ending).status_code == 404


@pytest.mark.parametrize(
    ("first", "last", "said"),
    [(3, 1, "must be the first day or later"), (-1, 3, "today"), (0, 500, "a year at most")],
)
def test_days_of_cover_that_cannot_be_are_told_at_the_question(manager, people, carried, first, last, said):
    days = (today() + dt.timedelta(days=first), today() + dt.timedelta(days=last))
    response = manager.post(address("cover_case", carried), cover_answers(people["second_isva"], *days))
    assert response.status_code == 200
    assert said in text_of(response)
    assert "Annual leave" in text_of(response)


def test_a_cover_of_one_case_is_not_ended_through_another(manager, people, rowan, carried, waiting):
    with act(people["manager"], rowan):
        given = cover.cover_case(
            carried,
            to=people["second_isva"],
            by=people["manager"],
            reason="x",
            first_day=today(),
            last_day=today(),
        )
    assert (
        manager.post(address("end_cover", waiting(), cover_id=given.pk), {"reason": "x"}).status_code == 404
    )


def test_a_declared_conflict_takes_sight_at_the_next_page_and_says_what_is_left_undone(
    manager, signed_in, people, carried
):
    iris = signed_in("isva")
    assert iris.get(address("show_case", carried)).status_code == 200
    response = manager.post(
        address("declare_conflict", carried),
        {"member": str(people["isva"].pk), "reason": "A cousin"},
        follow=True,
    )
    assert "Iris Ivy carried this case and no longer sees it: it needs another ISVA." in text_of(response)
    assert iris.get(address("show_case", carried)).status_code == 404


def test_a_manager_who_declares_their_own_conflict_is_led_off_the_case(manager, people, carried):
    response = manager.post(
        address("declare_conflict", carried),
        {"member": str(people["manager"].pk), "reason": "A cousin"},
        follow=True,
    )
    assert response.status_code == 200
    assert response.redirect_chain == [(reverse("allocation_board"), 302)]
    assert manager.get(address("show_case", carried)).status_code == 404


def test_a_conflict_is_lifted_after_being_asked_once(manager, people, rowan, carried):
    with act(people["manager"], rowan):
        wall = access.declare_conflict(
            carried.client, user=people["isva"], reason="a cousin", by=people["manager"]
        )
    url = address("lift_conflict", carried, conflict_id=wall.pk)
    assert "Iris Ivy sees the cases of this client again" in text_of(manager.get(url))
    assert "may see this client again" in text_of(manager.post(url, {}, follow=True))
    with act(people["isva"], rowan):
        assert Case.objects.visible_to(people["isva"]).get() == carried
    assert manager.post(url, {}).status_code == 404


# An ISVA's own figures


def test_every_isva_sees_their_own_figures_and_how_they_are_made(signed_in, people, rowan, carried):
    stepped = make_case(rowan, by=people["manager"], stage=Stage.STEPPED_DOWN, isva=people["isva"])
    carry(stepped, complexity="medium")
    page = text_of(signed_in("isva").get(reverse("show_load")))
    for words in (
        "You carry 2 open cases of at most 40.", "Active, lower complexity 1 1 1",
        "Stepped down, medium complexity 1 0.375 0.375", "Weighted load 2 1.375",
        "A stepped-down case counts a quarter of that.", "Complex mental health and trauma; Court and trial",
    ):  # fmt: skip
        assert words in page, words
    assert "You carry no case yet" in text_of(signed_in("second_isva").get(reverse("show_load")))


def test_only_who_carries_cases_has_figures(signed_in, rowan):
    assert signed_in("trainee").get(reverse("show_load")).status_code == 200
    for key in ("coordinator", "manager", "records_lead"):
        assert signed_in(key, service=rowan).get(reverse("show_load")).status_code == 403


def test_the_moment_of_a_decision_is_the_services_own(manager, people, waiting):
    before, case = now(), waiting()
    manager.post(address("allocate_case", case), decision(people["isva"]))
    assert before <= Allocation.objects.get(case=case).allocated_at <= now()

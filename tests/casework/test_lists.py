"""Lists, search, My day and Service today: who sees what, what stands first, and what a page costs."""

import datetime as dt

import pytest
from django.urls import reverse

from casework import worklists
from casework.access import declare_conflict, end_grants, grant
from casework.models import (
    Appointment,
    Closure,
    Contact,
    Grant,
    Note,
    OnwardReferral,
    ReviewPoint,
    SafeContact,
    SafeguardingConcern,
)  # fmt: skip
from casework.plan import add_action
from casework.search import search
from casework.stages.closure import decide_closure
from casework.stages.step_down import decide_step_down, propose_step_down, step_up
from casework.standing import carry, set_review_point
from isva.clock.moment import LONDON, at, now, today
from isva.pathway import Stage
from tests.casework.endings import closure_proposed, review, supported
from tests.factories import long_ago, make_case
from triage.models import ContactAttempt, InterimReview, UrgentAllocation

pytestmark = pytest.mark.django_db

#: A Wednesday at noon: working days before and after it.
WEDNESDAY = dt.datetime(2027, 3, 3, 12, tzinfo=LONDON)


def told(response):
    return response.content.decode().replace("&#x27;", "'")


def due_in(case, days, people):
    set_review_point(
        case,
        kind=ReviewPoint.Kind.SAS,
        due_on=today() + dt.timedelta(days=days),
        why="",
        by=people["manager"],
    )


# The list of cases


def test_everybody_lists_the_cases_in_their_sight_and_no_others(people, rowan, signed_in):
    manager = people["manager"]
    supported(people, rowan, name="Iris Carries")
    make_case(rowan, by=manager, stage=Stage.ACTIVE, isva=people["chisva"], name="Isla Carries")
    make_case(rowan, by=manager, stage=Stage.INTERIM, name="Still Waiting")
    lists = {
        key: told(signed_in(key).get(reverse("list_cases"))) for key in ("isva", "coordinator", "manager")
    }
    assert [name in lists["isva"] for name in ("Iris Carries", "Isla Carries", "Still Waiting")] == [
        True,
        False,
        False,
    ]
    assert [name in lists["coordinator"] for name in ("Iris Carries", "Isla Carries", "Still Waiting")] == [
        False, False, True,
    ]  # fmt: skip
    assert all(name in lists["manager"] for name in ("Iris Carries", "Isla Carries", "Still Waiting"))


def test_a_conflict_takes_a_case_off_the_list_of_a_manager(people, rowan, acting, signed_in):
    case = supported(people, rowan, name="A Relative")
    with acting("second_manager"):
        declare_conflict(
            case.client, user=people["manager"], reason="a relative", by=people["second_manager"]
        )
    for name in ("list_cases", "service_today"):
        assert "A Relative" not in told(signed_in("manager").get(reverse(name)))


def test_the_list_is_narrowed_by_stage_risk_review_and_worker(people, rowan, acting, signed_in):
    late, high = supported(people, rowan, name="Late Review"), supported(people, rowan, name="High Risk")
    make_case(rowan, by=people["manager"], stage=Stage.CLOSED, name="Closed Case")
    make_case(rowan, by=people["manager"], stage=Stage.TRIAGE, name="In Triage")
    with acting("isva"):
        due_in(late, -1, people)
        review(high, people["isva"], risk="high")
    browser = signed_in("manager")

    def names(**query):
        page = told(browser.get(reverse("list_cases"), query))
        return [name for name in ("Late Review", "High Risk", "Closed Case", "In Triage") if name in page]

    assert names() == ["Late Review", "High Risk", "In Triage"]
    assert names(stage="closed") == ["Closed Case"]
    assert names(risk="high") == ["High Risk"]
    assert names(review="overdue") == ["Late Review"]
    assert names(worker=str(people["isva"].pk)) == ["Late Review", "High Risk"]
    assert names(worker="nobody") == ["In Triage"]
    assert names(worker=str(people["chisva"].pk)) == names()


@pytest.mark.parametrize(
    "query",
    [{"stage": "x", "risk": "\x00", "review": "1", "worker": "x" * 500, "sort": "name"}, {"after": "x" * 3000},
     {"after": "\x00"}, {"worker": "00000000-0000-0000-0000-000000000000"}, {"sort": ["a", "b"], "stage": ["", "closed"]}],
    ids=range(5),
)  # fmt: skip
def test_an_address_that_means_nothing_shows_a_list_all_the_same(people, rowan, signed_in, query):
    assert signed_in("manager").get(reverse("list_cases"), query).status_code == 200


@pytest.mark.parametrize("sort", ["review", "opened", "contact"])
def test_no_case_is_lost_or_shown_twice_over_the_pages(people, rowan, acting, signed_in, sort, monkeypatch):
    monkeypatch.setattr("casework.views.lists.PAGE", 3)
    cases = [supported(people, rowan) for _ in range(8)]
    with acting("manager"):
        for days, case in enumerate(cases[:4]):
            due_in(case, days % 2, people)
    browser, seen, after = signed_in("manager"), [], ""
    while after is not None:
        page = browser.get(reverse("list_cases"), {"sort": sort, "after": after})
        seen += [case.pk for case in page.context["page"].rows]
        after = page.context["page"].next
    assert sorted(seen, key=str) == sorted((case.pk for case in cases), key=str)


def test_the_next_review_comes_first_and_cases_without_one_last(people, rowan, acting, signed_in):
    none, late, soon = (supported(people, rowan) for _ in range(3))
    with acting("manager"):
        due_in(soon, 5, people)
        due_in(late, -5, people)
    page = signed_in("manager").get(reverse("list_cases"))
    assert [case.pk for case in page.context["page"].rows] == [late.pk, soon.pk, none.pk]


@pytest.mark.parametrize(
    ("key", "name", "most"),
    [("isva", "list_cases", 8), ("coordinator", "list_cases", 8), ("manager", "list_cases", 8), ("isva", "my_day", 13),
     ("manager", "service_today", 17)],
)  # fmt: skip
def test_a_list_costs_the_same_whatever_the_number_of_rows(
    people, rowan, acting, signed_in, queries, key, name, most
):
    browser = signed_in(key)

    def add(count):
        with acting("manager"):
            for number in range(count):
                stage = Stage.STEPPED_DOWN if number % 2 else Stage.ACTIVE
                case = supported(people, rowan, stage=stage)
                due_in(case, -3, people)
                Appointment(
                    case=case, at=now(), mode="phone", worker=people["isva"], recorded_by=people["isva"]
                ).save()
                SafeguardingConcern(
                    case=case,
                    who="other_child",
                    what="x",
                    raised_at=long_ago(days=9),
                    recorded_by=people["manager"],
                ).save()

    add(5)
    browser.get(reverse(name))
    few = queries(browser, reverse(name))
    add(25)
    many = queries(browser, reverse(name))
    assert few == many <= most


# Search


@pytest.mark.parametrize(
    "text", ["Ada", "testperson", "ADA TEST", "Adda", "Testpersn", "  ada   testperson "]
)
def test_a_person_is_found_by_part_of_the_name_and_by_similar_spellings(people, rowan, acting, text):
    case = supported(people, rowan, name="Ada Testperson")
    supported(people, rowan, name="Zoltan Quick")
    with acting("isva"):
        assert search(people["isva"], text).cases == [case]


def test_a_reference_is_found_however_it_was_typed(people, rowan, acting):
    case = supported(people, rowan)
    supported(people, rowan)
    with acting("isva"):
        for text in (
            case.reference,
            case.reference.lower(),
            case.reference.replace("-", ""),
            f" {case.reference} ",
        ):
            assert search(people["isva"], text).cases[0] == case


def test_search_never_reaches_past_what_one_may_see(people, services, acting):
    make_case(services["rowan"], by=people["manager"], stage=Stage.ACTIVE, isva=people["chisva"])
    make_case(
        services["harbour"], by=people["harbour_manager"], stage=Stage.ACTIVE, isva=people["harbour_isva"]
    )
    with acting("isva"):
        assert search(people["isva"], "Ada Testperson").cases == []
    with acting("manager"):
        assert len(search(people["manager"], "Ada Testperson").cases) == 1
    with acting("supervisor"):
        assert search(people["supervisor"], "Ada Testperson").cases == []


@pytest.mark.parametrize(
    "text", ["", "a", " ", "\x00", "\x00a", "x" * 101, "%%", "__", "'; drop", "🦊🦊", "\\"]
)
def test_rubbish_finds_nothing_and_says_so(people, rowan, signed_in, text):
    supported(people, rowan)
    response = signed_in("isva").post(reverse("search"), {"q": text})
    assert response.status_code == 200
    page = told(response)
    assert "No case in your sight matches" in page or "Type at" in page


def test_what_was_searched_is_never_in_an_address(people, rowan, signed_in):
    supported(people, rowan, name="Ada Testperson")
    browser = signed_in("isva")
    assert "Ada" not in told(browser.get(reverse("search"), {"q": "Ada"}))
    page = told(browser.post(reverse("search"), {"q": "Ada"}))
    assert "1 case in your sight matches." in page
    assert "?q=" not in page


def test_search_says_when_there_were_more_than_it_shows(people, rowan, signed_in, monkeypatch):
    monkeypatch.setattr("casework.search.MOST", 3)
    for _ in range(5):
        supported(people, rowan)
    assert "More than 3 cases match" in told(signed_in("manager").post(reverse("search"), {"q": "Ada"}))


# What is due


def kinds(dues):
    return [due.kind for due in dues]


@pytest.fixture
def on_wednesday():
    with at(WEDNESDAY):
        yield


def begun(people, rowan, acting):
    """A case of Iris whose first session has been held."""
    case = supported(people, rowan)
    with acting("isva"):
        Contact(
            case=case, at=now(), mode="phone", attendance="attended", purpose="first_session", plan_answer="unchanged",
            risk_answer="unchanged", recorded_by=people["isva"],
        ).save()  # fmt: skip
    return case


def test_the_first_session_is_due_five_working_days_after_allocation_until_it_is_held(
    people, rowan, on_wednesday
):
    case = supported(people, rowan)
    due = worklists.due_on([case])
    assert [(one.kind, one.due_on) for one in due] == [("first_session", dt.date(2027, 3, 10))]


def test_a_contact_left_unanswered_falls_due_after_two_working_days(people, rowan, acting, on_wednesday):
    case = begun(people, rowan, acting)
    with acting("isva"):
        Contact(
            case=case, at=now() - dt.timedelta(days=1), mode="phone", attendance="attended", purpose="support",
            plan_answer="unchanged", recorded_by=people["isva"],
        ).save()  # fmt: skip
    due = worklists.due_on([case])
    assert [(one.kind, one.due_on) for one in due] == [("contact_open", dt.date(2027, 3, 4))]


def test_plan_actions_reviews_and_appointments_to_record_are_due_a_week_ahead(
    people, rowan, acting, on_wednesday
):
    case = begun(people, rowan, acting)
    user = people["isva"]
    with acting("isva"):
        due_in(case, 7, people)
        add_action(case, what="the alarm", doer="isva", due_on=today() - dt.timedelta(days=2), by=user)
        add_action(case, what="later", doer="isva", due_on=today() + dt.timedelta(days=8), by=user)
        Appointment(
            case=case, at=now() - dt.timedelta(hours=2), mode="phone", worker=user, recorded_by=user
        ).save()
    due = worklists.due_on([case])
    assert kinds(due) == ["action", "appointment_open", "full_sas"]
    assert [one.is_overdue for one in due] == [True, False, False]


def test_a_safeguarding_concern_is_referred_the_same_day_and_its_outcome_known_in_five(
    people, rowan, acting, on_wednesday
):
    case = begun(people, rowan, acting)
    user = people["isva"]
    with acting("isva"):
        concern = SafeguardingConcern(
            case=case, who="other_child", what="x", raised_at=now() - dt.timedelta(days=1), recorded_by=user
        )
        concern.save()
        assert [(one.kind, one.is_overdue) for one in worklists.due_on([case])] == [
            ("safeguarding_refer", True)
        ]
        concern.referred_at = now()
        concern.save()
        assert [(one.kind, one.due_on) for one in worklists.due_on([case])] == [
            ("safeguarding_outcome", dt.date(2027, 3, 10))
        ]
        concern.closed_on = today()
        concern.save()
        assert worklists.due_on([case]) == []


def test_a_concern_raised_on_a_saturday_is_referred_by_monday(people, rowan, acting):
    with at(dt.datetime(2027, 3, 6, 12, tzinfo=LONDON)):
        case = begun(people, rowan, acting)
        with acting("isva"):
            SafeguardingConcern(
                case=case, who="other_child", what="x", raised_at=now(), recorded_by=people["isva"]
            ).save()
        assert worklists.due_on([case])[0].due_on == dt.date(2027, 3, 8)


def test_a_concern_open_on_a_closed_case_stands_on_service_today_until_it_is_closed(
    people, rowan, acting, signed_in
):
    case = make_case(rowan, by=people["manager"], stage=Stage.CLOSED, isva=people["isva"], name="Ended Early")
    with acting("manager"):
        concern = SafeguardingConcern(
            case=case, who="other_child", what="x", raised_at=now(), recorded_by=people["isva"],
            not_referred_why="Nobody could be reached.",
        )  # fmt: skip
        concern.save()
    browser = signed_in("manager")
    page = told(browser.get(reverse("service_today")))
    assert "Ended Early" in page
    assert "Safeguarding concern open on a closed case" in page
    with acting("manager"):
        concern.outcome, concern.closed_on = "Taken up by the school.", today()
        concern.save()
    assert "Ended Early" not in told(browser.get(reverse("service_today")))


def test_my_day_shows_the_cases_i_hold_a_grant_for(people, rowan, acting, signed_in):
    mine = supported(people, rowan, name="My Own")
    covered = make_case(
        rowan, by=people["manager"], stage=Stage.ACTIVE, isva=people["chisva"], name="Covered For"
    )
    make_case(rowan, by=people["manager"], stage=Stage.ACTIVE, isva=people["chisva"], name="Not Mine")
    with acting("manager"):
        grant(covered, to=people["isva"], why=Grant.Why.COVER, by=people["manager"])
    page = told(signed_in("isva").get(reverse("my_day")))
    assert [name in page for name in ("My Own", "Covered For", "Not Mine")] == [True, True, False]
    with acting("manager"):
        end_grants(mine, by=people["manager"], reason="reallocated")
    assert "My Own" not in told(signed_in("isva").get(reverse("my_day")))


def test_my_day_begins_with_todays_appointments_and_court(people, rowan, acting, signed_in):
    case = supported(people, rowan)
    user = people["isva"]
    with acting("isva"):
        noon = now().astimezone(LONDON).replace(hour=23, minute=45)
        Appointment(
            case=case, at=noon, mode="court", worker=user, purpose="Plea hearing", recorded_by=user
        ).save()
        Appointment(
            case=case,
            at=noon,
            mode="phone",
            worker=user,
            purpose="Called off",
            cancelled_at=now(),
            recorded_by=user,
        ).save()
        Appointment(
            case=case, at=noon, mode="phone", worker=people["chisva"], purpose="Not mine", recorded_by=user
        ).save()
        Appointment(
            case=case,
            at=noon + dt.timedelta(days=2),
            mode="phone",
            worker=user,
            purpose="Later on",
            recorded_by=user,
        ).save()
    page = told(signed_in("isva").get(reverse("my_day")))
    assert "1 appointment today" in page
    assert page.index("Plea hearing") < page.index("Due and overdue") < page.index("Later on")
    assert "Called off" not in page
    assert "Not mine" not in page


def test_news_is_what_others_did_since_the_last_working_day(people, rowan, acting):
    manager, iris = people["manager"], people["isva"]
    case, other = supported(people, rowan), supported(people, rowan)
    with acting("isva"):
        proposal = closure_proposed(case, iris)
        review(other, iris)
        pause = propose_step_down(
            other, reason="x", contact_every_days=7, review_on=today() + dt.timedelta(days=7), by=iris
        )
    with acting("manager"):
        decide_closure(proposal, approve=False, reason="not yet", by=manager)
        decide_step_down(pause, approve=True, by=manager)
        SafeContact(
            client=case.client, kind="phone", value="07700 900321", standing="proposed", recorded_by=manager
        ).save()
        SafeguardingConcern(
            case=case, who="other_child", what="x", raised_at=now(), recorded_by=manager
        ).save()
        Note(case=case, text="A new referral came in.", recorded_by=manager).save()
    with acting("coordinator"):
        step_up(other, by=people["coordinator"])
    with acting("isva"):
        Contact(
            case=case, at=now(), mode="phone", attendance="attended", purpose="support", recorded_by=iris
        ).save()
        news = worklists.news_for(iris, worklists.my_cases(iris))
    assert sorted(one.kind for one in news) == [
        "closure_sent_back", "contact_proposed", "grant_allocation", "grant_allocation", "note", "safeguarding",
        "step_down_approved", "stepped_up",
    ]  # fmt: skip
    assert {one.by for one in news} == {"Meera Maple", ""}


def test_old_news_is_no_news(people, rowan, acting):
    with at(now() - dt.timedelta(days=8)):
        supported(people, rowan)
    with acting("isva"):
        assert worklists.news_for(people["isva"], worklists.my_cases(people["isva"])) == []


def test_an_empty_day_says_what_comes_here(people, rowan, signed_in):
    page = told(signed_in("isva").get(reverse("my_day")))
    for words in ("No appointments today", "Nothing is due", "You carry no cases"):
        assert words in page


# Service today


def test_service_today_puts_what_is_red_first(people, rowan, acting, signed_in):
    manager = people["manager"]
    late = supported(people, rowan, name="Late Review")
    with at(now() - dt.timedelta(days=20)):
        make_case(rowan, by=manager, name="Never Called")
    fresh = make_case(rowan, by=manager, name="Came Today")
    urgent = make_case(rowan, by=manager, stage=Stage.ALLOCATION, name="Urgent Now")
    with acting("manager"):
        due_in(late, -4, people)
        UrgentAllocation(
            case=urgent, manager=manager, reason="x", raised_at=now(), recorded_by=manager
        ).save()
        OnwardReferral(
            case=late, need="Debt", answer="no_service", unheld_risk=True, recorded_by=manager
        ).save()
        red = worklists.red_across(manager, rowan)
    assert kinds(red) == ["urgent", "unheld_risk", "first_contact", "full_sas"]
    page = told(signed_in("manager").get(reverse("service_today")))
    assert page.index("Never Called") < page.index("Nothing waits for approval")
    assert fresh.client.name not in page


def test_my_day_has_one_row_a_case_and_the_whole_caseload_is_a_link_away(people, rowan, acting, signed_in):
    with at(WEDNESDAY):
        cases = [
            make_case(
                rowan, by=people["manager"], stage=Stage.ACTIVE, isva=people["isva"], name=f"Ada Aspen{n}"
            )
            for n in range(14)
        ]
        with acting("isva"):
            due_in(cases[0], -2, people)
            for what, days in (("Ring the school", -1), ("Write to housing", 2)):
                add_action(
                    cases[0],
                    what=what,
                    doer="isva",
                    due_on=today() + dt.timedelta(days=days),
                    by=people["isva"],
                )
        page = signed_in("isva").get(reverse("my_day")).content.decode()
    due = page.split("Due and overdue", 1)[1].split("</table>", 1)[0]
    assert due.count("Ada Aspen0</a>") == 1
    assert due.count("Plan action") == 2
    assert "Overdue since" in due
    assert "All your 14 cases" in page


def test_overdue_reviews_fill_service_today_up_and_hide_nothing_unsafe(people, rowan, acting, signed_in):
    manager = people["manager"]
    for number in range(17):
        late = supported(people, rowan, name=f"Late Review {number}")
        with acting("manager"):
            due_in(late, -30, people)
    at_risk = supported(people, rowan, name="At High Risk")
    urgent = make_case(rowan, by=manager, stage=Stage.ALLOCATION, name="Urgent Now")
    with acting("manager"):
        carry(at_risk, risk="high")
        due_in(at_risk, -1, people)
        UrgentAllocation(
            case=urgent, manager=manager, reason="x", raised_at=now(), recorded_by=manager
        ).save()
    page = signed_in("manager").get(reverse("service_today")).content.decode()
    assert page.index("Urgent Now") < page.index("At High Risk") < page.index("Late Review")
    assert page.count("Late Review") == 26  # 13 of them, in the name and the link
    assert page.count("Full Safety and Support assessment") == 14
    assert "4 others are red too." in page
    assert f"{reverse('list_cases')}?review=overdue" in page


def test_what_is_unsafe_is_read_before_any_number_of_late_reviews(people, rowan, acting, monkeypatch):
    monkeypatch.setattr(worklists, "MOST_ROWS", 2)
    manager = people["manager"]
    for number in range(3):
        late = supported(people, rowan, name=f"Late Review {number}")
        with acting("manager"):
            due_in(late, -30, people)
    urgent = make_case(rowan, by=manager, stage=Stage.ALLOCATION, name="Urgent Now")
    with acting("manager"):
        UrgentAllocation(
            case=urgent, manager=manager, reason="x", raised_at=now(), recorded_by=manager
        ).save()
        assert kinds(worklists.red_across(manager, rowan)) == ["urgent", "full_sas"]


def test_an_attempt_or_check_in_against_the_clients_rule_reaches_the_manager(
    people, rowan, acting, signed_in
):
    coordinator = people["coordinator"]
    tried = make_case(rowan, by=coordinator, stage=Stage.TRIAGE, name="Texted Anyway")
    waits = make_case(rowan, by=coordinator, stage=Stage.INTERIM, name="Written To")
    with acting("coordinator"):
        ContactAttempt(
            case=tried, at=now(), method="text", outcome="message", against_rule="The number had changed hands.",
            recorded_by=coordinator,
        ).save()  # fmt: skip
        ContactAttempt(
            case=tried, at=now(), method="phone", outcome="no_answer", recorded_by=coordinator
        ).save()
        InterimReview(
            case=waits, at=now(), method="letter", reached=False, risk_before="standard", risk="standard",
            next_review_on=today(), against_rule="No other way was left.", recorded_by=coordinator,
        ).save()  # fmt: skip
    page = signed_in("manager").get(reverse("service_today")).content.decode()
    assert page.count("Attempt or check-in against the client’s own rule") == 2
    for words in ("Texted Anyway", "The number had changed hands.", "Written To", "No other way was left."):
        assert words in page
    with acting("manager"), at(now() + dt.timedelta(days=8)):
        assert "attempt_against_rule" not in kinds(worklists.red_across(people["manager"], rowan))


def test_a_first_contact_is_red_past_the_target_and_once_more_past_the_standard(people, rowan, acting):
    with at(WEDNESDAY):
        make_case(rowan, by=people["manager"])
    for day, red in (
        (5, []),
        (8, ["first_contact_target"]),
        (10, ["first_contact_target"]),
        (11, ["first_contact"]),
    ):
        with at(dt.datetime(2027, 3, day, 9, tzinfo=LONDON)), acting("manager"):
            assert kinds(worklists.red_across(people["manager"], rowan)) == red


def test_an_acknowledged_urgent_allocation_still_stands_there_until_it_is_done(people, rowan, acting):
    manager = people["manager"]
    case = make_case(rowan, by=manager, stage=Stage.ALLOCATION)
    with acting("manager"):
        task = UrgentAllocation(case=case, manager=manager, reason="x", raised_at=now(), recorded_by=manager)
        task.save()
        assert [one.variant for one in worklists.red_across(manager, rowan)] == [""]
        task.acknowledged_at = now()
        task.save()
        assert [one.variant for one in worklists.red_across(manager, rowan)] == ["taken"]
        task.done_at = now()
        task.save()
        assert worklists.red_across(manager, rowan) == []


def test_closures_and_step_downs_wait_for_approval_oldest_first(people, rowan, acting, signed_in):
    one, other = supported(people, rowan, name="To Close"), supported(people, rowan, name="To Pause")
    with acting("manager"):
        closure_proposed(one, people["manager"])
    with acting("isva"):
        review(other, people["isva"])
        propose_step_down(
            other,
            reason="x",
            contact_every_days=7,
            review_on=today() + dt.timedelta(days=7),
            by=people["isva"],
        )
    page = told(signed_in("manager").get(reverse("service_today")))
    assert page.index("To Close") < page.index("To Pause")
    assert "Yours: another manager decides" in page
    assert "Yours: another manager decides" not in told(
        signed_in("second_manager").get(reverse("service_today"))
    )
    assert Closure.objects.count() == 1


def test_counts_by_stage_are_live(people, rowan, acting, signed_in):
    with at(now() - dt.timedelta(days=30)):
        case = supported(people, rowan)
    supported(people, rowan)
    with acting("manager"):
        counts = worklists.stage_counts(people["manager"])
    assert counts[Stage.ACTIVE.value]["count"] == 2
    assert counts[Stage.ACTIVE.value]["since"] == case.stage_since
    page = told(signed_in("manager").get(reverse("service_today")))
    assert "4 weeks" in page
    assert "Iris Ivy" in page


def test_nothing_red_says_so(people, rowan, signed_in):
    page = told(signed_in("manager").get(reverse("service_today")))
    assert "Nothing is red" in page
    assert "Nothing waits for approval" in page


def test_a_search_that_asks_too_little_is_told_as_every_mistake_is(signed_in):
    page = signed_in("isva").post(reverse("search"), {"q": "A"}).content.decode()
    assert "<title>Error: Search" in page
    assert '<a href="#search-for">Type at least two letters' in page
    assert 'aria-describedby="search-error" aria-invalid="true"' in page
    fresh = signed_in("isva").get(reverse("search")).content.decode()
    assert "<title>Search" in fresh
    assert "There is a problem" not in fresh
    assert "aria-invalid" not in fresh

"""The support plan: what makes it complete, its actions, and the copy for the client."""

import datetime as dt
import uuid

import pytest
from django.urls import reverse

from casework import plan as plans
from casework.models import Agency, OnwardReferral, PlanAction, SafeContact, SupportPlan
from casework.sas.recording import record_sas
from isva.clock.moment import today
from isva.pathway import Stage, WrongStage
from tests.casework.endings import scores, supported
from tests.factories import make_case

pytestmark = pytest.mark.django_db

WHOLE = {
    "goals": "to sleep", "safety_plan": "a lift home", "what_if": "ring the service", "planned_ending": "after the trial",
    "contact_every_days": 14,
}  # fmt: skip


@pytest.fixture
def case(people, rowan):
    return supported(people, rowan)


def assess(case, by, **domains):
    found = scores(0, 0, 0) | {
        key: {"risk": risk, "need": need, "protective": 0} for key, (risk, need) in domains.items()
    }
    return record_sas(case, kind="full", risk="medium", scores=found, by=by)


def at(name, case, **more):
    return reverse(name, kwargs={"case_id": case.pk, **more})


def test_a_plan_says_what_it_lacks(case, people, acting):
    with acting("isva"):
        standing = plans.standing_of(case, None)
        assert "The plan is not written yet" in standing.lacks
        plan = plans.edit_plan(case, by=people["isva"], goals="to sleep")
        lacks = plans.standing_of(case, plan).lacks
    assert "The planned ending is not written down" in lacks
    assert "There is no safety plan" in lacks
    assert "There is no Safety and Support review to plan by" in lacks


def test_a_plan_is_incomplete_while_a_significant_need_or_risk_has_no_action(case, people, acting):
    with acting("isva"):
        plan = plans.edit_plan(case, by=people["isva"], **WHOLE)
        assess(case, people["isva"], safety=(3, 0), home=(0, 2), money=(1, 1))
        standing = plans.standing_of(case, plan)
        assert [gap.title for gap in standing.gaps] == ["Safety", "Home and housing"]
        assert not standing.is_complete
        plans.add_action(case, what="alarm", doer="isva", due_on=today(), domain="safety", by=people["isva"])
        OnwardReferral(
            case=case, domain="home", need="a move", answer="no_service", recorded_by=people["isva"]
        ).save()
        assert plans.standing_of(case, plan).is_complete


def test_an_action_that_was_not_done_leaves_the_need_open_again(case, people, acting):
    with acting("isva"):
        plan = plans.edit_plan(case, by=people["isva"], **WHOLE)
        assess(case, people["isva"], safety=(2, 2))
        action = plans.add_action(
            case, what="alarm", doer="isva", due_on=today(), domain="safety", by=people["isva"]
        )
        plans.close_action(action, done=True, by=people["isva"])
        assert plans.standing_of(case, plan).is_complete
        other = plans.add_action(
            case, what="locks", doer="isva", due_on=today(), domain="safety", by=people["isva"]
        )
        plans.close_action(other, done=False, why_not="no money", by=people["isva"])
        assert plans.standing_of(case, plan).is_complete
        action.outcome = PlanAction.Outcome.NOT_DONE
        action.save()
        assert not plans.standing_of(case, plan).is_complete


def test_only_the_latest_review_counts(case, people, acting):
    with acting("isva"):
        plan = plans.edit_plan(case, by=people["isva"], **WHOLE)
        assess(case, people["isva"], safety=(3, 3))
        assess(case, people["isva"], safety=(1, 1))
        assert plans.standing_of(case, plan).is_complete


@pytest.mark.parametrize("stage", [Stage.TRIAGE, Stage.INTERIM, Stage.CLOSED])
def test_a_plan_belongs_to_a_case_that_an_isva_carries(people, rowan, acting, stage):
    case = make_case(rowan, by=people["manager"], stage=stage)
    with acting("manager"):
        with pytest.raises(WrongStage):
            plans.edit_plan(case, by=people["manager"], goals="x")
        with pytest.raises(WrongStage):
            plans.add_action(case, what="x", doer="isva", due_on=today(), by=people["manager"])


def test_an_action_is_closed_once(case, people, acting):
    with acting("isva"):
        action = plans.add_action(case, what="x", doer="isva", due_on=today(), by=people["isva"])
        plans.close_action(action, done=True, by=people["isva"])
        with pytest.raises(WrongStage):
            plans.close_action(action, done=False, why_not="y", by=people["isva"])


def test_the_plan_is_written_on_its_page_and_every_version_is_kept(case, signed_in):
    browser = signed_in("isva")
    response = browser.post(at("edit_plan", case), WHOLE | {"shared_on_day": "", "seen": ""}, follow=True)
    assert response.redirect_chain[-1][0] == at("show_plan", case)
    plan = SupportPlan.objects.get(case=case)
    assert (plan.planned_ending, plan.contact_every_days) == ("after the trial", 14)
    browser.post(at("edit_plan", case), WHOLE | {"goals": "to work", "seen": plan.reviewed_at.isoformat()})
    assert SupportPlan.objects.get(case=case).goals == "to work"
    assert plan.history.count() == 2


def test_a_plan_changed_by_somebody_else_meanwhile_is_not_overwritten_unseen(case, people, acting, signed_in):
    with acting("manager"):
        plans.edit_plan(case, by=people["manager"], goals="theirs")
    browser = signed_in("isva")
    response = browser.post(at("edit_plan", case), WHOLE | {"goals": "mine", "seen": ""})
    assert response.status_code == 200
    assert "was changed" in response.content.decode()
    assert "mine" in response.content.decode()
    assert SupportPlan.objects.get(case=case).goals == "theirs"
    seen = response.context["form"]["seen"].value()
    browser.post(at("edit_plan", case), WHOLE | {"goals": "mine", "seen": seen})
    assert SupportPlan.objects.get(case=case).goals == "mine"


def test_pressing_twice_saves_the_plan_once(case, signed_in):
    browser = signed_in("isva")
    given = WHOLE | {"seen": "", "once": str(uuid.uuid4())}
    for _press in range(2):
        assert browser.post(at("edit_plan", case), given).status_code == 302
    assert SupportPlan.objects.get(case=case).history.count() == 1


def test_a_draft_is_offered_back_and_still_overwrites_nothing_unseen(case, people, acting, signed_in):
    browser = signed_in("isva")
    draft = reverse("keep_draft", kwargs={"case_id": case.pk, "form": "edit_plan"})
    assert browser.post(draft, {"goals": "half a sen", "seen": ""}).status_code == 204
    with acting("manager"):
        plans.edit_plan(case, by=people["manager"], goals="theirs")
    page = browser.get(at("edit_plan", case))
    assert "half a sen" in page.content.decode()
    answers = {"goals": "half a sentence", "seen": page.context["form"]["seen"].value()}
    assert "was changed" in browser.post(at("edit_plan", case), answers).content.decode()
    assert SupportPlan.objects.get(case=case).goals == "theirs"


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("contact_every_days", "43", "must be 42 or less"),
        ("contact_every_days", "0", "must be 1 or more"),
        ("contact_every_days", "9" * 30, "must be 42 or less"),
        ("contact_every_days", "soon", "whole number"),
        ("goals", "x" * 5001, "5000 characters or fewer"),
        ("goals", "a\x00b", "cannot be saved"),
        ("shared_on_day", "31", "must include"),
    ],
)
def test_a_wrong_answer_is_told_in_words_and_nothing_typed_is_lost(case, signed_in, name, value, words):
    response = signed_in("isva").post(
        at("edit_plan", case), WHOLE | {"safety_plan": "keep this", "seen": "", name: value}
    )
    assert response.status_code == 200
    text = response.content.decode()
    assert words in text
    assert "keep this" in text
    assert not SupportPlan.objects.exists()


def test_an_action_by_an_agency_names_it(case, rowan, acting, signed_in):
    browser = signed_in("isva")
    agency = Agency(service=rowan, name="Northfold Housing", kind="housing")
    with acting("isva"):
        agency.save()
    day = today() + dt.timedelta(days=7)
    answers = {
        "what": "apply to move", "domain": "home", "doer": "agency", "due_on_day": day.day, "due_on_month": day.month,
        "due_on_year": day.year,
    }  # fmt: skip
    response = browser.post(at("add_action", case), answers)
    assert "Select the agency" in response.content.decode()
    assert browser.post(at("add_action", case), answers | {"agency": str(agency.pk)}).status_code == 302
    action = PlanAction.objects.get(case=case)
    assert (action.agency, action.domain, action.due_on) == (agency, "home", day)


def test_an_agency_of_another_service_cannot_be_chosen(case, services, acting, signed_in):
    agency = Agency(service=services["harbour"], name="Elsewhere", kind="housing")
    with acting("harbour_isva"):
        agency.save()
    response = signed_in("isva").post(
        at("add_action", case), {"what": "x", "doer": "agency", "agency": str(agency.pk)}
    )
    assert "from the list" in response.content.decode()


@pytest.mark.parametrize("about", ["0", "13", "x", "-1", "99999", "²", "\x00", "1"])
def test_whatever_the_address_says_the_page_opens(case, signed_in, about):
    assert signed_in("isva").get(at("add_action", case), {"about": about}).status_code == 200


def test_closing_an_action_not_done_asks_why(case, people, acting, signed_in):
    with acting("isva"):
        action = plans.add_action(case, what="alarm", doer="isva", due_on=today(), by=people["isva"])
    browser = signed_in("isva")
    url = at("close_action", case, action_id=action.pk)
    assert '<form method="post" novalidate' in browser.get(url).content.decode()  # posts to its own address
    assert "why it was not done" in browser.post(url, {"outcome": "not_done"}).content.decode()
    assert browser.post(url, {"outcome": "not_done", "why_not": "no money"}).status_code == 302
    action.refresh_from_db()
    assert (action.outcome, action.why_not, action.closed_on) == ("not_done", "no money", today())
    again = browser.post(url, {"outcome": "done"})
    assert again.status_code == 200
    action.refresh_from_db()
    assert action.outcome == "not_done"


def test_an_action_of_another_case_is_not_there(case, people, rowan, acting, signed_in):
    other = supported(people, rowan)
    with acting("isva"):
        action = plans.add_action(other, what="x", doer="isva", due_on=today(), by=people["isva"])
    assert signed_in("isva").get(at("close_action", case, action_id=action.pk)).status_code == 404


def make_plan_to_print(case, people, acting):
    with acting("isva"):
        plans.edit_plan(case, by=people["isva"], **WHOLE)
        assess(case, people["isva"], safety=(3, 3))
        failed = plans.add_action(
            case, what="ask her mother", doer="client", due_on=today(), by=people["isva"]
        )
        plans.close_action(failed, done=False, why_not="mother told him", by=people["isva"])
        plans.add_action(case, what="order an alarm", doer="isva", due_on=today(), by=people["isva"])
        SafeContact(
            client=case.client,
            kind="address",
            value="1 Test Lane",
            safe_to_write=True,
            recorded_by=people["isva"],
        ).save()


def test_the_printed_copy_leaves_out_what_is_internal_and_the_address(case, people, acting, signed_in):
    make_plan_to_print(case, people, acting)
    text = signed_in("isva").get(at("print_plan", case)).content.decode()
    assert "order an alarm" in text
    assert "a lift home" in text
    for hidden in ("ask her mother", "mother told him", "1 Test Lane", "severe", case.reference):
        assert hidden not in text


def test_the_address_is_printed_only_where_asked_for(case, people, acting, signed_in):
    make_plan_to_print(case, people, acting)
    text = (
        signed_in("isva").get(at("print_plan", case), {"with": ["address"], "chosen": "yes"}).content.decode()
    )
    assert "1 Test Lane" in text
    assert "a lift home" not in text


def test_where_the_suspect_is_at_home_the_safety_plan_is_printed_only_where_asked_for(
    case, people, acting, signed_in
):
    make_plan_to_print(case, people, acting)
    with acting("isva"):
        case.client.suspect_at_home = True
        case.client.save()
    browser = signed_in("isva")
    text = browser.get(at("print_plan", case)).content.decode()
    assert "a lift home" not in text
    assert "Paper is found by others" in text
    assert "a lift home" in browser.get(at("print_plan", case), {"with": "safety"}).content.decode()


def test_a_case_without_a_plan_says_what_to_do_next(case, signed_in):
    browser = signed_in("isva")
    assert "Write the plan" in browser.get(at("show_plan", case)).content.decode()
    assert "nothing to print" in browser.get(at("print_plan", case)).content.decode()

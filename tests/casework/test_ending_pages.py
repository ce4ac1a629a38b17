"""The pages of reviews and endings: what they ask, what they refuse, and that nothing typed is lost."""

import datetime as dt
import uuid

import pytest
from django.urls import reverse

from casework.models import Case, Closure, SafeguardingConcern, SasReview, StepDown
from casework.sas.instruments import instrument_in_use
from casework.stages.closure import decide_closure
from casework.stages.proposals import open_proposal
from casework.stages.step_down import propose_step_down
from isva.clock.moment import now, today
from isva.interface.words import long_date
from isva.pathway import Stage
from tests.casework.endings import closure_proposed, review, supported
from tests.factories import make_case

pytestmark = pytest.mark.django_db

RUBBISH = [
    {}, {"once": "x", "risk": "\x00", "reason": "\x00"}, {"reason": "x" * 6000, "decision": "maybe", "about": "x" * 99},
    {"review_on_day": "99", "review_on_month": "99", "review_on_year": "99999", "contact_every_days": "9" * 40},
    {"decision": ["approve", "send_back"], "safety-risk": ["1", "2"]},
]  # fmt: skip


@pytest.fixture
def case(people, rowan):
    return supported(people, rowan)


def at(name, case):
    return reverse(name, kwargs={"case_id": case.pk})


def told(response):
    """What a page says, with its marks of speech as typed."""
    return response.content.decode().replace("&#x27;", "'")


def whole_review(**other):
    given = {"risk": "medium", "judgement": "a lock was changed", "client_view": "I sleep better"}
    for domain in instrument_in_use().domains:
        given |= {f"{domain['key']}-{measure}": "1" for measure in ("risk", "need", "protective")}
    return given | other


def test_the_first_review_of_support_is_the_full_one_and_the_next_a_review(case, signed_in):
    browser = signed_in("isva")
    assert "Full assessment" in told(browser.get(at("review_sas", case)))
    response = browser.post(at("review_sas", case), whole_review(), follow=True)
    assert response.redirect_chain[-1][0] == at("show_sas", case)
    assert long_date(today() + dt.timedelta(days=42)) in told(response)
    page = told(browser.get(at("review_sas", case)))
    assert "As last time" in page
    assert "Last time:" in page
    assert list(SasReview.objects.values_list("kind", flat=True)) == ["full"]


def test_pressing_twice_makes_one_review(case, signed_in):
    browser = signed_in("isva")
    given = whole_review(once=str(uuid.uuid4()))
    assert browser.post(at("review_sas", case), given).status_code == 302
    assert browser.post(at("review_sas", case), given).status_code == 302
    assert SasReview.objects.count() == 1


def test_a_draft_of_a_review_is_offered_back_domain_by_domain(case, signed_in):
    browser = signed_in("isva")
    draft = reverse("keep_draft", kwargs={"case_id": case.pk, "form": "review_sas"})
    assert (
        browser.post(draft, {"safety-risk": "3", "home-note": "moves soon", "risk": "high"}).status_code
        == 204
    )
    page = browser.get(at("review_sas", case))
    form = page.context["form"]
    assert (form["safety-risk"].value(), form["risk"].value()) == ("3", "high")
    assert "moves soon" in told(page)
    assert browser.post(at("review_sas", case), whole_review()).status_code == 302
    assert "moves soon" not in told(browser.get(at("review_sas", case)))


def test_an_incomplete_review_is_told_by_domain_and_keeps_what_was_typed(case, signed_in):
    given = whole_review()
    del given["safety-risk"]
    page = told(signed_in("isva").post(at("review_sas", case), given))
    assert "Select the risk for safety" in page
    assert "I sleep better" in page
    assert page.count("checked") >= 30
    assert not SasReview.objects.exists()


def test_the_final_review_leads_on_to_closure(case, signed_in):
    browser = signed_in("isva")
    page = told(browser.get(at("propose_closure", case)))
    assert "Make the final review now" in page
    url = at("review_sas", case) + "?for=closure"
    assert url in page
    assert browser.post(url, whole_review()).url == at("propose_closure", case)
    assert SasReview.objects.get().kind == "final"
    assert "Make the final review now" not in told(browser.get(at("propose_closure", case)))


def test_a_review_cannot_be_made_final_where_nobody_supports(people, rowan, signed_in):
    case = make_case(rowan, by=people["manager"], stage=Stage.INTERIM)
    signed_in("coordinator").post(at("review_sas", case) + "?for=closure", whole_review())
    assert SasReview.objects.get().kind == "screening"


def test_a_closed_case_is_not_reviewed(people, rowan, signed_in):
    case = make_case(rowan, by=people["manager"], stage=Stage.CLOSED)
    browser = signed_in("manager")
    assert "This case is closed" in told(browser.get(at("review_sas", case)))
    assert browser.post(at("review_sas", case), whole_review()).status_code == 200
    assert not SasReview.objects.exists()


def test_the_page_of_reviews_draws_them_with_a_table_beneath(case, people, acting, signed_in):
    with acting("isva"):
        review(case, people["isva"], kind="full", risk="high")
        review(case, people["isva"])
    page = told(signed_in("isva").get(at("show_sas", case)))
    assert "<svg" in page
    assert "Show the figures as a table" in page
    assert "High risk" in page
    complexity = told(signed_in("isva").get(at("show_complexity", case)))
    assert "Points of risk in the latest review" in complexity


STEP_DOWN = {"reason": "things are calm", "contact_every_days": "28", "milestones": "the charging decision"}


def step_down_answers(days=40, **other):
    day = today() + dt.timedelta(days=days)
    return (
        STEP_DOWN
        | {"review_on_day": day.day, "review_on_month": day.month, "review_on_year": day.year}
        | other
    )


def test_step_down_goes_from_proposal_to_approval(case, people, acting, signed_in):
    browser, manager = signed_in("isva"), signed_in("manager")
    with acting("isva"):
        review(case, people["isva"])
    assert browser.post(at("propose_step_down", case), step_down_answers()).status_code == 302
    page = manager.get(at("decide_step_down", case))
    assert "things are calm" in told(page)
    about = page.context["form"]["about"].value()
    response = manager.post(at("decide_step_down", case), {"decision": "approve", "about": about})
    assert response.status_code == 302
    case.refresh_from_db()
    assert case.stage == Stage.STEPPED_DOWN
    assert "Make support active again" in told(signed_in("coordinator").get(at("show_case", case)))
    assert signed_in("coordinator").post(at("step_up", case)).status_code == 302
    case.refresh_from_db()
    assert case.stage == Stage.ACTIVE


@pytest.mark.parametrize(
    ("days", "words"),
    [(0, "must be on or after"), (57, "must be on or before"), (-400, "must be on or after")],
)
def test_a_review_day_out_of_range_is_told_at_its_question(case, people, acting, signed_in, days, words):
    with acting("isva"):
        review(case, people["isva"])
    page = told(signed_in("isva").post(at("propose_step_down", case), step_down_answers(days)))
    assert words in page
    assert "the charging decision" in page


def test_a_refusal_of_the_service_is_told_and_the_button_counts_again(case, people, acting, signed_in):
    browser = signed_in("isva")
    given = step_down_answers(once=str(uuid.uuid4()))
    page = told(browser.post(at("propose_step_down", case), given))
    assert "review first" in page
    assert "things are calm" in page
    with acting("isva"):
        review(case, people["isva"])
    assert browser.post(at("propose_step_down", case), given).status_code == 302
    assert StepDown.objects.count() == 1


def test_sending_back_asks_why_and_the_proposer_reads_it(case, people, acting, signed_in):
    manager = signed_in("manager")
    with acting("isva"):
        proposal = closure_proposed(case, people["isva"])
    given = {"decision": "send_back", "about": str(proposal.pk)}
    assert "why you send it back" in told(manager.post(at("decide_closure", case), given))
    response = manager.post(at("decide_closure", case), given | {"send_back_reason": "call the GP first"})
    assert response.status_code == 302
    page = told(signed_in("isva").get(at("propose_closure", case)))
    assert "call the GP first" in page
    assert "Sent back by Meera Maple" in page


def test_the_proposer_sees_that_another_manager_decides(case, people, acting, signed_in):
    with acting("manager"):
        proposal = closure_proposed(case, people["manager"])
    manager = signed_in("manager")
    page = told(manager.get(at("decide_closure", case)))
    assert "another manager decides" in page
    assert "Save the decision" not in page
    manager.post(at("decide_closure", case), {"decision": "approve", "about": str(proposal.pk)})
    proposal.refresh_from_db()
    assert proposal.decision == "proposed"


def test_a_decision_is_about_the_proposal_that_was_read(case, people, acting, signed_in):
    manager = signed_in("manager")
    with acting("isva"):
        first = closure_proposed(case, people["isva"])
    with acting("second_manager"):
        decide_closure(first, approve=False, reason="say more", by=people["second_manager"])
    with acting("isva"):
        closure_proposed(case, people["isva"])
    given = {"decision": "approve", "about": str(first.pk)}
    page = manager.post(at("decide_closure", case), given)
    assert "has changed since" in told(page)
    case.refresh_from_db()
    assert case.stage == Stage.ACTIVE
    given["about"] = page.context["form"]["about"].value()
    assert manager.post(at("decide_closure", case), given).status_code == 302
    case.refresh_from_db()
    assert case.stage == Stage.CLOSED


def test_a_second_press_on_a_decision_changes_nothing(case, people, acting, signed_in):
    with acting("isva"):
        proposal = closure_proposed(case, people["isva"])
    manager = signed_in("manager")
    given = {"decision": "approve", "about": str(proposal.pk), "once": str(uuid.uuid4())}
    for _press in range(2):
        assert manager.post(at("decide_closure", case), given).status_code == 302
    assert Closure.objects.count() == 1


CLOSURE = {
    "reason": "work_done",
    "what_changed": "She sleeps",
    "onward_support": "Her GP",
    "return_explained": "on",
}


def test_what_is_still_open_is_named_on_the_page_and_can_be_overridden(case, people, acting, signed_in):
    browser = signed_in("isva")
    with acting("isva"):
        review(case, people["isva"], kind="final")
        SafeguardingConcern(
            case=case, who="other_child", what="x", raised_at=now(), recorded_by=people["isva"]
        ).save()
    assert "A safeguarding concern is open." in told(browser.get(at("propose_closure", case)))
    refused = told(browser.post(at("propose_closure", case), CLOSURE))
    assert "A safeguarding concern is open." in refused
    assert "She sleeps" in refused
    assert (
        browser.post(at("propose_closure", case), CLOSURE | {"override_reason": "held by MASH"}).status_code
        == 302
    )
    assert "held by MASH" in told(signed_in("manager").get(at("decide_closure", case)))


def test_closure_asks_whether_the_client_knows_how_to_come_back(case, people, acting, signed_in):
    with acting("isva"):
        review(case, people["isva"], kind="final")
    given = {name: value for name, value in CLOSURE.items() if name != "return_explained"}
    page = told(signed_in("isva").post(at("propose_closure", case), given))
    assert "Tell the client how to come back before support ends" in page


def test_lost_contact_opens_its_own_questions(case, people, acting, signed_in):
    with acting("isva"):
        review(case, people["isva"], kind="final")
    page = told(signed_in("isva").post(at("propose_closure", case), CLOSURE | {"reason": "lost_contact"}))
    assert "Enter which other service" in page
    assert "Enter what was decided about a welfare check" in page


def test_reopening_is_offered_to_managers_only(case, people, acting, signed_in):
    with acting("isva"):
        proposal = closure_proposed(case, people["isva"])
    with acting("manager"):
        decide_closure(proposal, approve=True, by=people["manager"])
    assert signed_in("isva").get(at("reopen_case", case)).status_code == 404
    assert signed_in("coordinator").get(at("reopen_case", case)).status_code == 404
    manager = signed_in("manager")
    assert "She sleeps again." in told(manager.get(at("reopen_case", case)))
    assert "why the case is reopened" in told(manager.post(at("reopen_case", case), {}))
    assert manager.post(at("reopen_case", case), {"reason": "she came back"}).status_code == 302
    case.refresh_from_db()
    assert case.stage == Stage.TRIAGE


def test_an_isva_does_not_decide(case, people, acting, signed_in):
    with acting("manager"):
        closure_proposed(case, people["manager"])
    for name in ("decide_closure", "decide_step_down", "reopen_case"):
        assert signed_in("isva").get(at(name, case)).status_code == 403


@pytest.mark.parametrize("name", ["review_sas", "propose_step_down", "step_up", "propose_closure"])
@pytest.mark.parametrize("given", RUBBISH, ids=range(len(RUBBISH)))
def test_rubbish_is_answered_in_words(case, people, acting, signed_in, name, given):
    with acting("isva"):
        review(case, people["isva"], kind="final")
    assert signed_in("isva").post(at(name, case), given).status_code == 200
    assert (StepDown.objects.count(), Closure.objects.count()) == (0, 0)


@pytest.mark.parametrize("given", RUBBISH, ids=range(len(RUBBISH)))
def test_rubbish_decides_nothing(case, people, acting, signed_in, given):
    with acting("isva"):
        closure_proposed(case, people["isva"])
    assert signed_in("manager").post(at("decide_closure", case), given).status_code == 200
    assert open_proposal(Closure, case) is not None


@pytest.mark.parametrize(
    "name", ["propose_step_down", "propose_closure", "step_up", "edit_plan", "add_action"]
)
@pytest.mark.parametrize("stage", [Stage.TRIAGE, Stage.CLOSED])
def test_at_another_stage_the_page_says_so_and_saves_nothing(people, rowan, signed_in, name, stage):
    case = make_case(rowan, by=people["manager"], stage=stage)
    manager = signed_in("manager")
    opened = manager.get(at(name, case), follow=True)
    assert opened.status_code == 200
    if name in ("edit_plan", "add_action"):
        assert "It can be read, not changed, now." in opened.content.decode()
    given = CLOSURE | step_down_answers() | {"what": "x", "doer": "isva", "seen": "", "due_on_day": "1"}
    assert manager.post(at(name, case), given).status_code == 200
    assert Case.objects.get(pk=case.pk).stage == stage


def test_step_down_cannot_be_proposed_beside_a_closure(case, people, acting, signed_in):
    with acting("isva"):
        closure_proposed(case, people["isva"])
        page = told(signed_in("isva").get(at("propose_step_down", case)))
    assert "Closure is proposed" in page
    assert not StepDown.objects.exists()


def test_closure_cannot_be_proposed_beside_a_step_down(case, people, acting, signed_in):
    with acting("isva"):
        review(case, people["isva"], kind="final")
        propose_step_down(
            case,
            reason="x",
            contact_every_days=7,
            review_on=today() + dt.timedelta(days=7),
            by=people["isva"],
        )
    assert "Step-down is proposed" in told(signed_in("isva").post(at("propose_closure", case), CLOSURE))

"""A page that is put aside until its session has ended: what was typed is offered again, however the person comes back."""

import pytest
from django.conf import settings
from django.urls import reverse
from playwright.sync_api import expect

from isva.clock.moment import now
from isva.drafts.models import Draft
from isva.pathway import Stage
from isva.sessions import SessionStore
from tests.entering import code_of, give_app
from tests.factories import make_case
from tests.journeys.acting_out import is_told, send
from tests.journeys.test_drafts import LEAVE
from tests.personas import PASSWORD

pytestmark = pytest.mark.journey

PAST_THE_END = settings.IDLE_MINUTES + 5


@pytest.fixture
def form(page_as, people):
    """A manager's page with a form that keeps no draft of its own, in a session that has just begun."""
    page = page_as("manager")
    (cookie,) = [one for one in page.context.cookies() if one["name"] == settings.SESSION_COOKIE_NAME]
    session, moment = SessionStore(session_key=cookie["value"]), int(now().timestamp())
    session["entry"] = {**session["entry"], "at": moment, "seen": moment}
    session.save()
    page.clock.install()
    page.address = reverse("add_leave", args=[people["isva"].memberships.get().pk])
    page.goto(page.address)
    page.wait_for_load_state("networkidle")  # the page's scripts have begun
    return page


@pytest.fixture
def sleep(time_passes):
    """``sleep(page)`` – the device sleeps until the session is over, and wakes; nothing on the page ticks meanwhile."""

    def until_woken(page):
        time_passes(minutes=PAST_THE_END)
        page.clock.fast_forward(PAST_THE_END * 60_000)

    return until_woken


def come_in_again(page, user, time_passes):
    """Sign in where the page was led to."""
    time_passes(minutes=PAST_THE_END)
    seed = give_app(user)
    send(page, "Sign in", {"E-mail address": user.email, "Password": PASSWORD})
    send(page, "Continue", {"Code": code_of(seed)})


def put_aside(page):
    """Another window comes to the front, the lid is shut: the page is told that it is hidden, and nothing more."""
    with page.expect_response(lambda answer: answer.url.endswith(reverse("keep_typed"))) as told:
        page.evaluate(LEAVE)
    assert told.value.status == 204


def test_what_was_typed_before_the_device_slept_is_offered_again(form, people, sleep, time_passes):
    form.fill("[name=first_day_year]", "2031")
    put_aside(form)
    sleep(form)
    form.wait_for_url("**/sign-in/**")
    come_in_again(form, people["manager"], time_passes)
    is_told(form, "This is what you typed before. It is not saved yet")
    assert form.input_value("[name=first_day_year]") == "2031"


def test_what_was_typed_and_not_kept_stays_until_it_is_sent(form, people, sleep, time_passes, violations):
    form.fill("[name=first_day_year]", "2031")
    form.keyboard.press("Tab")  # somebody was at work to the last
    sleep(form)  # and the page was never told that it is hidden
    over = form.get_by_role("dialog")
    expect(over).to_contain_text("press the button that saves it")
    assert violations(form) == []
    form.click("text=Back to what I typed")
    assert form.input_value("[name=first_day_year]") == "2031"
    form.clock.run_for(5_000)
    assert form.url.endswith(form.address)
    form.click("text=Save absence")
    form.wait_for_url("**/sign-in/**")
    is_told(form, "what you typed is offered to you again")
    come_in_again(form, people["manager"], time_passes)
    assert form.input_value("[name=first_day_year]") == "2031"


def test_what_is_offered_again_is_kept_again_though_nobody_touched_it(form, people):
    form.fill("[name=first_day_year]", "2031")
    put_aside(form)
    form.goto(form.address)
    is_told(form, "It is not saved yet")
    assert not Draft.objects.exists()
    form.wait_for_load_state("networkidle")
    put_aside(form)
    form.goto(form.address)
    assert form.input_value("[name=first_day_year]") == "2031"


def test_whoever_leaves_a_page_by_a_link_keeps_nothing_of_it(form):
    form.fill("[name=first_day_year]", "2031")
    with form.expect_navigation():
        form.get_by_role("link", name="Back", exact=True).first.click()
    form.wait_for_load_state("networkidle")
    assert not Draft.objects.exists()


def test_an_attempt_is_kept_for_where_it_is_sent_and_the_assessment_stays_as_it_was(form, people, rowan):
    case = make_case(rowan, by=people["coordinator"], stage=Stage.TRIAGE)
    triage = reverse("triage_case", kwargs={"case_id": case.pk})
    form.goto(triage)
    form.wait_for_load_state("networkidle")
    form.fill("[name=reason]", "Lives with her aunt.")
    form.click("text=Record an attempt")
    form.fill("[name=attempt-note]", "Her brother picked up.")
    put_aside(form)
    form.wait_for_selector("text=Draft saved at")
    form.goto(triage)
    assert form.input_value("[name=attempt-note]") == "Her brother picked up."
    assert form.input_value("[name=reason]") == "Lives with her aunt."

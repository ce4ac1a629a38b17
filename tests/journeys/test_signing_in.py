"""Signing in as it is done: from the invitation to the second step, with an app, a recovery code and a passkey."""

import re

import pytest
from django.db import transaction
from django.urls import reverse

from isva.access.acting import act
from isva.accounts.joining import invite_member
from tests.casework.cases import active_case
from tests.entering import code_of, give_app
from tests.journeys.acting_out import follow, is_headed, is_told, press, send
from tests.personas import PASSWORD

pytestmark = pytest.mark.journey

NEW = "quiet harbour lantern"
WAIT_MS = 60_000


def sign_in(page, email, password=PASSWORD):
    send(page, "Sign in", {"E-mail address": email, "Password": password})


def test_from_an_invitation_to_a_second_step_and_in_again_with_app_and_recovery_code(
    enter, people, rowan, violations
):
    with act(people["records_lead"], rowan), transaction.atomic():
        _invitation, token = invite_member(
            service=rowan, email="nell.newcomer@rowan.example", name="Nell Newcomer", roles=["isva"],
            by=people["records_lead"],
        )  # fmt: skip
    page = enter(width=320, height=640)
    page.goto(reverse("accept_invitation", args=[token]))
    send(page, "Join and sign in", {"New password": NEW, "New password again": NEW})
    is_headed(page, "Set up your second step")
    assert violations(page) == []
    page.goto(reverse("my_day"))
    is_headed(page, "Set up your second step")
    page.get_by_text("I cannot use the camera").click()
    seed = page.locator(".isva-seed__key").inner_text().replace(" ", "")
    send(page, "Set up", {"Code": code_of(seed)})

    is_headed(page, "Your recovery codes")
    assert violations(page) == []
    recovery = page.locator(".isva-codes li").all_inner_texts()
    assert len(recovery) == 10
    with page.expect_navigation():
        page.get_by_role("button", name="I have kept them").click()
    is_headed(page, "My day")

    press(page, "Sign out")
    sign_in(page, "nell.newcomer@rowan.example", NEW)
    is_headed(page, "Second step")
    assert violations(page) == []
    send(page, "Continue", {"Code": "000000"})
    is_told(page, "That code is not right")
    send(page, "Continue", {"Code": code_of(seed, later=1)})
    is_headed(page, "My day")

    press(page, "Sign out")
    sign_in(page, "nell.newcomer@rowan.example", NEW)
    send(page, "Continue", {"Code": recovery[3]})
    is_told(page, "You have 9 left")


def test_somebody_signs_in_without_scripts(enter, people, rowan):
    seed = give_app(people["isva"])
    page = enter(scripts=False)
    page.goto(reverse("my_account"))
    sign_in(page, people["isva"].email)
    send(page, "Continue", {"Code": code_of(seed)})
    is_headed(page, "My account")


def test_a_passkey_is_made_and_signs_in(enter, people, rowan, live_server, violations):
    page = enter()
    assert "localhost" in live_server.url, "a passkey is bound to a name, not to a number"
    devtools = page.context.new_cdp_session(page)
    devtools.send("WebAuthn.enable")
    key = {"protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True,
           "isUserVerified": True, "automaticPresenceSimulation": True}  # fmt: skip
    devtools.send("WebAuthn.addVirtualAuthenticator", {"options": key})
    page.goto(reverse("sign_in"))
    sign_in(page, people["isva"].email)
    follow(page, "Use a passkey")
    assert violations(page) == []
    send(page, "Make a passkey", {"Name of this passkey": "Work laptop"})
    is_headed(page, "Your recovery codes")
    press(page, "Sign out")
    sign_in(page, people["isva"].email)
    press(page, "Use a passkey")
    is_headed(page, "My day")
    page.goto(reverse("how_i_sign_in"))
    is_told(page, "Work laptop")
    assert violations(page) == []


def test_a_note_that_is_being_written_outlives_the_session(enter, people, rowan, settings, violations):
    settings.IDLE_MINUTES, settings.WARNED_MINUTES = 0.3, 0.2
    with act(people["manager"], rowan), transaction.atomic():
        case = active_case(rowan, people)
    seed = give_app(people["isva"])
    page = enter()
    note, leave = reverse("record_contact", args=[case.pk]), reverse("declare_connection")
    page.goto(note)
    sign_in(page, people["isva"].email)
    send(page, "Continue", {"Code": code_of(seed)})
    assert page.url.endswith(note)
    other = page.context.new_page()
    other.goto(leave)
    other.fill("[name=name]", "Somebody I know")
    page.bring_to_front()
    page.fill("[name=note]", "She slept better.")

    page.wait_for_selector("dialog[open]", timeout=WAIT_MS)
    assert violations(page) == []
    assert "Are you still there?" in page.inner_text("dialog")
    page.wait_for_url(re.compile("/sign-in/"), timeout=WAIT_MS)
    is_told(page, "You were signed out because nothing happened")
    other.bring_to_front()
    other.wait_for_url(re.compile("/sign-in/"), timeout=WAIT_MS)

    settings.IDLE_MINUTES, settings.WARNED_MINUTES = 15, 2
    page.bring_to_front()
    sign_in(page, people["isva"].email)
    send(page, "Continue", {"Code": code_of(seed, later=1)})
    assert page.url.endswith(note)
    assert page.input_value("[name=note]") == "She slept better."
    page.goto(leave)
    is_told(page, "It is not saved yet")
    assert page.input_value("[name=name]") == "Somebody I know"


def test_a_records_lead_signs_a_colleague_out_after_confirming_that_it_is_them(
    enter, people, rowan, violations, must_confirm
):
    with transaction.atomic():
        seed = give_app(people["isva"])
    iris, lead = enter(), enter("records_lead", service=rowan, width=320, height=640)
    iris.goto(reverse("sign_in"))
    sign_in(iris, people["isva"].email)
    send(iris, "Continue", {"Code": code_of(seed)})
    is_headed(iris, "My day")
    must_confirm(lead)
    lead.goto(reverse("list_members"))
    follow(lead, "Iris Ivy")
    assert violations(lead) == []
    press(lead, "Sign them out everywhere")
    is_headed(lead, "Confirm that it is you")
    send(lead, "Confirm", {"Password": PASSWORD})
    is_headed(lead, "Iris Ivy")
    press(lead, "Sign them out everywhere")
    is_told(lead, "Signed out. 1 session ended.")
    iris.goto(reverse("my_day"))
    is_headed(iris, "Sign in")

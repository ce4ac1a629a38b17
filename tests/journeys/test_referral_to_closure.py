"""One person's way through the service, from a stranger's form to a signed-off closure, by those who do it in life."""

import datetime as dt
import itertools
import re

import pytest

from casework.models import Case, StageEntry
from isva.clock.moment import today
from tests.journeys.acting_out import (
    fill_in,
    follow,
    go_through,
    is_headed,
    is_told,
    press,
    score,
    send,
    timeline,
)  # fmt: skip

pytestmark = pytest.mark.journey

THE_FORM = {
    "About you": {
        "Your name": "Petra Pine", "Your agency": "Eastmere Police", "What kind of agency is it?": "Police",
        "Your role": "Detective constable", "Your work e-mail address": "petra.pine@police.example",
    },
    "Who needs support": {
        "Their name": "Adele Aspenwood", "Their date of birth": dt.date(1990, 4, 3), "Where they live": "Eastmere",
    },
    "Agreement": {
        "Do they know that you are making this referral?": "Yes",
        "Do they agree to it?": "Yes",
        "Have they seen, or been told, what you are sending?": "Yes",
    },
    "What you may be told": {
        "Do they agree that you are told how the referral goes on?": "Yes",
        "Do they agree that you are told the name of their ISVA?": "Yes",
    },
    "Safe contact": {"How can we reach them safely?": ["Phone"]},
    "Safe contact by phone": {
        "Their phone number": "07700 900111", "What is safe on this number?": ["Call", "Send a text"],
        "When is it safe?": "weekdays after 6 pm", "A code word": "bluebell",
    },
    "If we cannot reach them": {"Who must not know that they are in touch with us?": "her brother"},
    "Immediate safety": {"Is anyone in danger now?": "No"},
    "What kind of violence": {
        "What kind of sexual violence was it?": "Rape",
        "When did it happen?": "In the last 12 months", "Who did it?": "Ex-partner",
    },
    "Police and justice": {
        "Was it reported to the police?": "Yes", "Which police force": "Kent Police",
        "Where does the case stand now?": "Reported, under investigation",
    },
}  # fmt: skip
#: What the timeline must tell, each with the time of day and who did it.
WHAT_HAPPENED = (
    ("Received", "Public form"),
    ("Moved to: Triage", "Cora Clover"),
    ("First contact (phone call)", "Cora Clover"),
    ("Safety and Support: screening", "Cora Clover"),
    ("Triage: interim support while waiting", "Cora Clover"),
    ("Moved to: Interim support", "Cora Clover"),
    ("Check-in (phone call)", "Cora Clover"),
    ("Urgent allocation: Meera Maple was asked", "Cora Clover"),
    ("Urgent allocation: seen by a manager", "Meera Maple"),
    ("Allocated to Iris Ivy", "Meera Maple"),
    ("Moved to: Active support", "Meera Maple"),
    ("First session: in person, 50 minutes", "Iris Ivy"),
    ("Safety and Support: full assessment", "Iris Ivy"),
    ("Support plan written", "Iris Ivy"),
    ("To do: Ask the police for new locks", "Iris Ivy"),
    ("Client agreement", "Iris Ivy"),
    ("Emotional support: phone call, 30 minutes", "Iris Ivy"),
    ("Step-down proposed", "Iris Ivy"),
    ("Step-down: approved", "Meera Maple"),
    ("Moved to: Stepped down", "Meera Maple"),
    ("Moved to: Active support", "Iris Ivy"),
    ("Safety and Support: final review", "Iris Ivy"),
    ("Closure proposed: the work is done", "Iris Ivy"),
    ("Closure: sent back", "Meera Maple"),
    ("Closure: approved", "Meera Maple"),
    ("Moved to: Closed", "Meera Maple"),
)
MODERATE = ("Some", "Some", "Some")
DOMAINS = (
    "Safety", "Emotional wellbeing", "Physical and sexual health", "Justice process", "Home and housing",
    "Money, work and study", "Family, children and carers", "Friends and community",
    "Identity, immigration and culture", "Substance use", "Other victimisation and offending", "Other services",
)  # fmt: skip


class Journey:
    """The people of this journey, each with a browser of their own, and what they hold in their hands."""

    def __init__(self, enter):
        self.stranger, self.coordinator = enter(), enter("coordinator")
        self.manager, self.isva = enter("manager"), enter("isva")
        self.reference = self.status_link = self.case = ""


@pytest.fixture
def journey(enter):
    return Journey(enter)


def test_a_referral_travels_the_whole_pathway_to_a_signed_off_closure(journey):
    given_a_professional_refers_somebody(journey)
    when_the_coordinator_finds_it_takes_it_into_triage_and_reaches_the_person(journey)
    then_the_referrer_reads(journey, "We have made contact")
    when_the_coordinator_screens_and_decides_on_interim_support(journey)
    when_a_check_in_finds_a_greater_risk(journey)
    then_it_is_urgent_and_a_manager_is_asked(journey)
    when_the_manager_acknowledges_and_allocates_on_the_board(journey)
    then_the_referrer_reads(journey, "An ISVA has been allocated: Iris Ivy")
    when_the_isva_records_the_first_session(journey)
    and_reviews_safety_and_support(journey)
    and_writes_the_plan_with_an_action_and_a_planned_ending(journey)
    and_records_the_agreement(journey)
    and_records_three_contacts(journey)
    when_step_down_is_proposed_and_approved(journey)
    when_support_becomes_active_again(journey)
    when_closure_is_proposed_after_the_final_review(journey)
    then_the_manager_sends_it_back_with_a_reason(journey)
    when_the_isva_corrects_and_proposes_again(journey)
    then_the_manager_signs_off_and_the_record_is_closed(journey)
    then_the_referrer_reads(journey, "Support has ended")
    then_the_timeline_tells_every_move_with_who_and_when(journey)
    then_the_stages_tile_the_time_without_gap(journey)


def given_a_professional_refers_somebody(journey):
    page = journey.stranger
    page.goto("/refer/rowan/")
    assert page.title() == "Form"
    press(page, "Refer somebody")
    go_through(page, THE_FORM)
    is_told(page, "Adele Aspenwood")
    press(page, "Send")
    is_told(page, "Referral received")
    assert "Adele" not in page.content()
    journey.reference = page.locator(".govuk-panel .isva-reference, .isva-reference").first.inner_text()
    journey.status_link = page.locator(".referral-link a").get_attribute("href")
    then_the_referrer_reads(journey, "We have it")


def then_the_referrer_reads(journey, headline):
    page = journey.stranger
    page.goto(journey.status_link)
    is_headed(page, re.compile(headline.partition(":")[0]))
    is_told(page, headline)
    for private in ("Adele", "Aspenwood", journey.reference, "Petra", "07700"):
        assert private not in page.content()


def when_the_coordinator_finds_it_takes_it_into_triage_and_reaches_the_person(journey):
    page = journey.coordinator
    page.goto("/")
    is_headed(page, "Inbox")
    is_told(page, journey.reference)
    follow(page, re.compile("Adele Aspenwood"))
    is_headed(page, "Referral")
    journey.case = re.search(r"/cases/[0-9a-f-]+/", page.url)[0]
    is_told(page, "Detective constable")
    press(page, "Take into triage")
    is_headed(page, "Triage")
    page.get_by_text("Record an attempt", exact=True).click()
    send(page, "Record attempt", {
        "How": "Phone call",
        "Number or address used": re.compile("07700 900111"),
        "What happened": "Reached, and told that the referral is accepted and support will be provided",
    })  # fmt: skip
    is_told(page, "First contact is recorded.")


def when_the_coordinator_screens_and_decides_on_interim_support(journey):
    page = journey.coordinator
    fill_in(
        page, {"Is there a safeguarding concern?": "No", "How support would come": "ISVA support on its own"}
    )
    score(page, {"Safety": MODERATE, "Emotional wellbeing": ("Some", "Significant", "Some")}, risk="Standard")
    send(page, "Complete triage", {
        "What happens next?": "Interim support while waiting",
        "Why": "Nobody can take her before Monday; she copes with a weekly call.",
        "Who keeps in touch": "Cora Clover",
    })  # fmt: skip
    is_headed(page, "Waiting list")
    is_told(page, "Adele Aspenwood")


def when_a_check_in_finds_a_greater_risk(journey):
    page = journey.coordinator
    follow(page, re.compile("Adele Aspenwood"))
    press(page, "Record a check-in")
    is_headed(page, "Check-in")
    fill_in(page, {
        "How": "Phone call", "Did you reach the person?": "Yes", "Is there a new safeguarding concern?": "No",
        "Note": "He was at her door last night.", "Next review": today() + dt.timedelta(days=2),
    })  # fmt: skip
    score(
        page,
        {"Safety": ("Severe", "Significant", "None")},
        risk="High",
        judgement="He knows where she lives.",
    )
    press(page, "Record check-in")
    is_told(page, "This is an urgent allocation now.")


def then_it_is_urgent_and_a_manager_is_asked(journey):
    page = journey.manager
    page.goto("/")
    is_headed(page, "Service today")
    is_told(page, re.compile("urgent", re.IGNORECASE))


def when_the_manager_acknowledges_and_allocates_on_the_board(journey):
    page = journey.manager
    page.goto(f"{journey.case}urgent/")
    is_told(page, "Cora Clover")
    press(page, "I have seen this, and allocate now")
    is_headed(page, "Allocate this case")
    page.goto("/allocation/")
    is_told(page, "Adele Aspenwood")
    follow(page, re.compile("Adele Aspenwood"))
    is_headed(page, "Allocate this case")
    is_told(page, "Eastmere")
    choice = page.locator(".govuk-radios__item", has_text="Iris Ivy").first
    is_told(choice, re.compile("[Ww]ould|[Ww]ith this case"))
    send(page, "Allocate the case", {
        "Who takes this case?": "Iris Ivy", "Why this ISVA": "She works in Eastmere and has room.",
    })  # fmt: skip
    is_told(page, f"{journey.reference} is allocated to Iris Ivy.")


def when_the_isva_records_the_first_session(journey):
    page = journey.isva
    page.goto("/")
    is_headed(page, "My day")
    follow(page, re.compile("Adele Aspenwood"))
    is_told(page, "07700 900111: call or text, weekdays after 6 pm")
    press(page, "Record the first session")
    _record_contact(page, "First session", "We spoke about what an ISVA does.", how="In person")


def _record_contact(page, purpose, note, *, how, minutes="50"):
    is_headed(page, "Record contact")
    send(page, "Record contact", {
        "How": how, "Did it take place?": "Took place", "How long, in minutes": minutes, "What for": purpose,
        "Note": note, "The plan": "Unchanged", "The risk": "Unchanged",
    })  # fmt: skip
    is_told(page, note)


def and_reviews_safety_and_support(journey):
    page = journey.isva
    page.goto(f"{journey.case}sas/")
    press(page, "Make a review")
    is_headed(page, "Safety and Support review")
    everything = dict.fromkeys(DOMAINS, MODERATE) | {"Safety": ("Severe", "Significant", "Some")}
    score(page, everything, risk="High", view="I want to sleep again.", judgement="He knows where she lives.")
    press(page, "Save the review")
    is_told(page, "The review is saved. The next one is due on")


def and_writes_the_plan_with_an_action_and_a_planned_ending(journey):
    page = journey.isva
    follow(page, "Plan")
    press(page, "Write the plan")
    send(page, "Save the plan", {
        "What they want from support": "To sleep, and to be told what the police do.",
        "Safety plan": "New locks; a friend next door.", "What to do if …": "She calls 999, then the duty line.",
        "Planned ending": "When the case is decided and she sleeps through.", "Days between contacts": "7",
        "Shared with the client on": today(),
    })  # fmt: skip
    follow(page, re.compile("Plan an action"))
    send(page, "Add to the plan", {
        "What will be done": "Ask the police for new locks", "Who does it": "ISVA",
        "By when": today() + dt.timedelta(days=3),
    })  # fmt: skip
    is_told(page, "The plan is complete")


def and_records_the_agreement(journey):
    page = journey.isva
    page.goto(journey.case)
    press(page, "Record the client agreement")
    send(page, "Record agreement", {
        "What an ISVA does and does not do": True, "Confidentiality and its limits": True,
        "How records are kept and for how long": True, "How to complain": True, "How support will end": True,
        "How": "Agreed aloud, and recorded here",
    })  # fmt: skip


def and_records_three_contacts(journey):
    page = journey.isva
    for how, purpose, note in (
        ("Phone call", "Emotional support", "The nights are hard."),
        ("Phone call", "Safety planning", "The locks are changed."),
        ("In person", "Police, CPS or court", "We read the officer's letter together."),
    ):
        page.goto(journey.case)
        press(page, "Record contact")
        _record_contact(page, purpose, note, how=how, minutes="30")


def when_step_down_is_proposed_and_approved(journey):
    page = journey.isva
    page.goto(f"{journey.case}plan/")
    follow(page, "Propose step-down")
    send(page, "Propose step-down", {
        "Why support can pause": "She is with her sister until the charging decision.",
        "Days between check-ins": "14", "Review on": today() + dt.timedelta(days=28),
        "Milestones to watch": "The charging decision",
    })  # fmt: skip
    is_told(page, "Step-down is proposed.")
    page = journey.manager
    page.goto(journey.case)
    press(page, "Decide on step-down")
    send(page, "Save the decision", {"Your decision": "Approve: support pauses"})
    is_told(page, "Stepped down")


def when_support_becomes_active_again(journey):
    page = journey.isva
    page.goto(journey.case)
    press(page, "Make support active again")
    is_told(page, "Support is active again.")


def when_closure_is_proposed_after_the_final_review(journey):
    page = journey.isva
    page.goto(f"{journey.case}plan/")
    follow(page, "Propose closure")
    is_told(page, "Something comes first")
    press(page, "Make the final review now")
    is_headed(page, "Final Safety and Support review")
    score(
        page, {"Safety": ("None", "None", "Strong")}, as_last_time=True, risk="Standard",
        view="I sleep.", judgement="He is on remand, and she is with her sister.",
    )  # fmt: skip
    press(page, "Save the review")
    is_headed(page, "Propose closure")
    send(page, "Propose closure", ENDING | {"Support in place from now on": "None"})
    is_told(page, "Closure is proposed.")


ENDING = {
    "Reason": "The work is done",
    "What changed since the first assessment": "She sleeps, and is safe at home.",
    "The client was told how to come back": True,
    "Feedback was invited": True,
}


def then_the_manager_sends_it_back_with_a_reason(journey):
    page = journey.manager
    page.goto(journey.case)
    press(page, "Decide on closure")
    is_told(page, "What signing off does")
    send(page, "Save the decision", {
        "Your decision": "Send back", "Why you send it back": "Say who she can turn to.",
    })  # fmt: skip
    is_told(page, "Your decision is saved.")


def when_the_isva_corrects_and_proposes_again(journey):
    page = journey.isva
    page.goto(f"{journey.case}closure/")
    is_told(page, "Sent back by Meera Maple")
    is_told(page, "Say who she can turn to.")
    send(
        page,
        "Propose closure",
        ENDING | {"Support in place from now on": "Her sister; the counselling service."},
    )
    is_told(page, "Closure is proposed.")


def then_the_manager_signs_off_and_the_record_is_closed(journey):
    page = journey.manager
    page.goto(journey.case)
    press(page, "Decide on closure")
    is_told(page, "Her sister; the counselling service.")
    send(page, "Save the decision", {"Your decision": "Sign off: the case is closed"})
    is_told(page, "Closed")
    page = journey.isva
    assert page.goto(journey.case).status == 404


def then_the_timeline_tells_every_move_with_who_and_when(journey):
    page = journey.manager
    page.goto(journey.case)
    told = timeline(page)
    for headline, who in WHAT_HAPPENED:
        assert any(re.match(rf"{re.escape(headline)}.* today \d\d:\d\d, {who} ", one) for one in told), (
            headline,
            told,
        )


def then_the_stages_tile_the_time_without_gap(journey):
    case = Case.objects.get(reference=journey.reference)
    entries = list(StageEntry.objects.filter(case=case).order_by("entered_at"))
    assert [entry.stage for entry in entries] == [
        "referral", "triage", "interim", "allocation", "active", "stepped_down", "active", "closed",
    ]  # fmt: skip
    assert all(one.left_at == after.entered_at for one, after in itertools.pairwise(entries))
    assert entries[-1].left_at is None

"""Visitors who fill in the public forms, and what they answer."""

import re

import pytest
from django.core.cache import cache
from django.test import Client as Browser

from casework.models import Case


@pytest.fixture(autouse=True)
def nobody_was_too_fast():
    """Each test begins with nobody counted at the door."""
    cache.clear()


PROFESSIONAL = {
    "you": {"referrer_name": "Petra Pine", "referrer_agency": "Eastmere Police", "source": "police",
            "referrer_role": "Officer", "referrer_email": "petra.pine@police.example"},
    "person": {"name": "Ada Aspen", "date_of_birth_day": "3", "date_of_birth_month": "4", "date_of_birth_year": "1990",
               "area": "Eastmere"},
    "consent": {"client_knows": "yes", "consents": "yes", "client_has_seen": "yes"},
    "telling": {"tell_referrer": "yes", "share_isva_name": "yes"},
    "ways": {"ways": ["phone", "email"]},
    "phone": {"phone_value": "07700 900111", "phone_rules": ["call", "text"], "phone_times": "after 6 pm",
              "phone_code": "bluebell"},
    "email": {"email_value": "ada@example.org", "email_safe": "no"},
    "reaching": {"unreachable_plan": "Ring Petra", "welfare_check": "yes", "who_must_not_know": "her brother",
                 "suspect_at_home": "no"},
    "safety": {"safety_answer": "no"},
    "needs": {"language": "polish", "interpreter_needed": "yes", "interpreter_sex": "female",
              "interpreter_not_known": "no", "formats": ["easy_read"], "access_needs": "no stairs"},
    "preferences": {"preferred_worker_sex": "female", "preferred_times": "mornings"},
    "happened": {"violence_type": "rape", "further_types": ["stalking"], "recency": "last_year",
                 "relationship": "ex_partner", "support_wanted": "somebody at her side"},
    "police": {"reported": "yes", "police_force": "kent", "officer": "DC Reed", "crime_reference": "K/12",
               "justice_stage": "awaiting_trial", "trial_on_day": "1", "trial_on_month": "9", "trial_on_year": "2099"},
    "others": {"other_agencies": "GP", "risk_assessment": "yes", "risk_assessment_note": "DASH, medium",
               "partner_has_triaged": "yes", "partner_triage": "The hub", "partner_outcome": "For an ISVA"},
    "assessment": {},
    "suspect": {"suspect_name": "Rex Rotten"},
    "equality": {"sex": "female", "ethnicity": "w1", "religion": "not_said"},
}  # fmt: skip

SELF = {
    "who": {"who": "me"},
    "name": {"known_as": "Bea"},
    "age": {"age": "30", "area": "Northfold"},
    "ways": {"ways": ["phone"]},
    "phone": {"phone_value": "07700 900222", "phone_rules": ["text"]},
    "safety": {"safety_answer": "no"},
    "police": {"reported": "no"},
    "more": {"more": "no"},
    "link": {"wants_link": "no"},
}


class Visitor:
    """Somebody at a public form, with a browser of their own."""

    def __init__(self, form: str, service: str = "rowan"):
        self.browser = Browser()
        self.address = f"/refer/{service}/{form}/"

    def look(self):
        return self.browser.get(self.address)

    @property
    def at(self) -> str:
        """The name of the step where they are; ``check`` on the last page."""
        return re.search(r'name="step" value="(\w+)"', self.look().content.decode())[1]

    def post(self, **data):
        return self.browser.post(self.address, data)

    def answer(self, step: str, **answers):
        return self.post(step=step, **answers)

    def go_through(self, answers: dict, *, until: str = "check"):
        """Answer page after page; a page that has no answers here is continued from."""
        for _ in range(60):
            here = self.at
            if here == until:
                return self
            reply = self.answer(here, **answers.get(here, {}))
            assert reply.status_code == 302, (here, reply.context["form"].errors)
        raise AssertionError("The form does not end.")

    def send(self):
        return self.post(step="check", go="send")

    def sent(self, answers: dict) -> Case:
        """Go through the form, send it, and return the case that came of it."""
        self.go_through(answers)
        reply = self.send()
        assert reply.status_code == 302, reply.context["form"].errors
        reference = self.browser.get(reply.url).context["sent"]["reference"]
        return Case.objects.select_related("client", "referral").get(reference=reference)


@pytest.fixture
def visitor(people):
    """``visitor("professional")`` or ``visitor("self")``, at one of the two services."""
    return Visitor

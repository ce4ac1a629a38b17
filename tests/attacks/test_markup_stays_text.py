"""Markup in every question of the public forms, read by staff in a browser: it is shown as it was written, and does nothing."""

import pytest
from django import forms
from django.urls import reverse

from casework.models import Case
from isva.interface import forms as ui
from referrals.ways_in import PROFESSIONAL as STEPS
from tests.referrals.conftest import PROFESSIONAL, Visitor

pytestmark = pytest.mark.journey

ALIVE = '"><script>window.alive=1;alert(7)</script><img src=x onerror="window.alive=1"><a href=//evil.example>x</a>'
_LISTEN = """document.addEventListener('securitypolicyviolation', (event) => {
  console.error(`policy broken: ${event.effectiveDirective} by ${event.blockedURI}`);
});"""


def filled_with_markup() -> Case:
    """A referral that a professional sent, with markup wherever words can be written."""
    answers = {}
    for step in STEPS.steps:
        said = dict(PROFESSIONAL.get(step.name, {}))
        for name, question in step.form.base_fields.items():
            if type(question) is forms.CharField or isinstance(question, ui.LongTextField):
                said[name] = ALIVE[: question.max_length or 200]
        answers[step.name] = said
    return Visitor("professional").sent(answers)


def test_markup_in_every_question_does_nothing_on_the_pages_of_staff(enter, people, services):
    case = filled_with_markup()
    page = enter("coordinator", service=services["rowan"])
    page.add_init_script(_LISTEN)
    opened = []
    page.on("dialog", lambda dialog: (opened.append(dialog.message), dialog.dismiss()))
    on_case = ("show_case", "show_referral", "triage_case", "show_people", "show_sharing", "show_justice", "edit_client",
               "change_safe_contacts", "list_documents", "ask_referrer")  # fmt: skip
    addresses = [reverse(name, kwargs={"case_id": case.pk}) for name in on_case]
    shown = 0
    for address in (*addresses, reverse("inbox"), reverse("list_cases")):
        page.goto(address)
        page.wait_for_load_state("load")
        assert page.evaluate("window.alive") is None, address
        assert page.locator("img[src=x], a[href*='evil.example']").count() == 0, address
        shown += page.content().count("&lt;script&gt;window.alive")
    assert shown > 10
    assert opened == []

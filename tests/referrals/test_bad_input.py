"""Whatever is posted: a message or a page, never an error of ours."""

import random
import string

import pytest

from casework.models import Case
from isva.access.acting import act
from referrals.forms.phone import KeyInForm
from referrals.secrets import token_of
from referrals.stages import referral as stage
from referrals.ways_in import PROFESSIONAL as PROFESSIONAL_STEPS
from referrals.ways_in import SELF as SELF_STEPS
from tests.referrals.conftest import PROFESSIONAL, SELF, Visitor

pytestmark = pytest.mark.django_db

NASTY = ["", "\x00", "a\x00b", "\ud7ff\uffff", "9" * 400, "-1", "1e999", "٣", "<script>alert(1)</script>", "' OR 1=1 --",
         "{{ 7*7 }}", "%s%d%n", "x" * 30_000, "none", "yes", "phone", "💥" * 50, "\u202eright-to-left"]  # fmt: skip


def _keys(form):
    keys = []
    for name, field in form.base_fields.items():
        parts = getattr(field.widget, "parts", ())
        keys += [f"{name}_{part}" for part in parts] or [name]
    return keys


def _rubbish(rng, keys):
    data = {}
    for key in keys:
        kind = rng.random()
        if kind < 0.2:
            continue
        data[key] = [rng.choice(NASTY) for _ in range(rng.choice((1, 1, 1, 2, 9)))]
        if kind < 0.4:
            data[key] = ["".join(rng.choice(string.printable) for _ in range(20))]
    return data


@pytest.mark.parametrize(
    ("form", "wizard", "answers"),
    [("professional", PROFESSIONAL_STEPS, PROFESSIONAL), ("self", SELF_STEPS, SELF)],
)
def test_rubbish_in_every_step_is_told_and_nothing_fails(people, form, wizard, answers):
    rng = random.Random(form)
    person = Visitor(form)
    person.go_through(answers)
    for step in wizard.steps:
        for _ in range(3):
            reply = person.post(step=step.name, **_rubbish(rng, _keys(step.form)))
            assert reply.status_code in (200, 302)
            assert person.look().status_code == 200
    for data in (
        {"step": "\x00"},
        {"go": "nonsense"},
        {"change": "\x00"},
        {"step": ["a", "check"], "go": ["send", "x"]},
        {},
    ):
        assert person.post(**data).status_code in (200, 302)


def test_rubbish_and_then_send_never_makes_a_broken_record(people):
    rng = random.Random(7)
    for _ in range(6):
        person = Visitor("self")
        person.post(step="who", who="me")
        for step in SELF_STEPS.steps[1:]:
            person.post(step=step.name, **_rubbish(rng, _keys(step.form)))
        assert person.send().status_code in (200, 302)
    assert Case.objects.filter(client__name="").count() == 0


def test_rubbish_on_the_phone_referral_is_told(signed_in):
    rng = random.Random(3)
    browser = signed_in("coordinator")
    for _ in range(25):
        reply = browser.post("/inbox/phone/", _rubbish(rng, _keys(KeyInForm)))
        assert reply.status_code in (200, 302)


def test_rubbish_in_questions_and_answers_is_told(people, rowan, signed_in, visitor, client):
    case = visitor("professional").sent(PROFESSIONAL)
    rng = random.Random(5)
    browser = signed_in("coordinator")
    for _ in range(10):
        assert browser.post(
            f"/cases/{case.pk}/referral/ask/", _rubbish(rng, ["gaps", "question", "once"])
        ).status_code in (200, 302)
    with act(people["coordinator"], rowan):
        asked = stage.open_request(case) or stage.ask_referrer(
            case, gaps=[], question="What?", by=people["coordinator"]
        )
    for nasty in NASTY:
        assert client.post(f"/answer/{token_of(asked)}/", {"answer": nasty}).status_code == 200
    assert client.get("/answer/nonsense/").status_code == 404


@pytest.mark.parametrize("cookie", ["", "x" * 4000, "\x00", "ü", "../../etc"])
def test_a_cookie_that_is_nonsense_begins_again(people, cookie):
    person = Visitor("self")
    person.browser.cookies["form"] = cookie
    assert person.look().status_code == 200
    assert person.post(step="name", known_as="Bea").status_code == 200
    assert person.post(step="who", who="me").status_code == 302

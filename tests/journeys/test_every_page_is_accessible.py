"""Every page of the product, as everybody sees it who may open it: axe-core finds nothing, nothing is off the edge.

Every page is looked at in the browser once, and again for another role or case where it then has a kind of element that
was looked at nowhere before; wide by every rule, narrow by those that the width can break, in the dark where its kinds
are new. With ``--full-attack`` as often as it shows a kind that is new on that page, both widths by every rule.
"""

import gzip
import re
from collections import defaultdict
from html.parser import HTMLParser

import pytest
from django.test import Client as Browser
from django.urls import reverse

from casework.models import Case
from casework.safe_contacts import propose
from casework.sas.instruments import load_instrument
from isva.access.acting import act
from isva.accounts.models import Service, User
from isva.accounts.permissions import service_permissions
from isva.demo.build import build
from isva.demo.cast import PERSONAS
from isva.pathway import Stage
from tests.access.records import records_of, records_on
from tests.access.table import PUBLISHES, READS_REPORTS, TABLE, OnCase, Public, Staff
from tests.browser import let_in
from tests.emptying import empty_what_was_filled
from tests.entering import sign_in
from tests.factories import make_case
from tests.guards.test_records import routes
from tests.journeys.acting_out import Troubles, fill_in, press
from tests.personas import PASSWORD

pytestmark = pytest.mark.journey

#: The pages in shares, so that they can be looked at side by side.
SHARES = 3
WIDE, NARROW = {"width": 1280, "height": 900}, {"width": 320, "height": 640}
HEAVIEST = 150_000
#: What can be wrong on a narrow page alone, where the same page was looked at by every rule when it was wide.
WIDTH_MATTERS = ("target-size", "scrollable-region-focusable")
#: Makes the last word of whatever may be somebody's own words longer than a narrow page is wide.
LENGTHEN = """() => {
  const fixed = '.isva-filters, .isva-heading__actions, .isva-more, .govuk-date-input, .govuk-tag, .isva-reference, .mark, nav, button';
  for (const one of document.querySelectorAll('main :is(h1, p, li, dd, td, a, label, blockquote, .isva-line)')) {
    if (one.closest(fixed)) continue;
    const words = [...one.childNodes].filter((node) => node.nodeType === Node.TEXT_NODE && node.data.trim()).pop();
    if (words) words.data = words.data.trimEnd() + 'a'.repeat(60);
  }
}"""
#: The words that are broken though they are no longer than a short line; parts of an address or a key may be.
BROKEN = """() => {
  const found = [], range = document.createRange();
  const texts = document.createTreeWalker(document.querySelector('main'), NodeFilter.SHOW_TEXT);
  while (texts.nextNode()) {
    if (texts.currentNode.parentElement.closest('.govuk-visually-hidden, script, svg, details:not([open])')) continue;
    for (const word of texts.currentNode.data.matchAll(/(?<!\\S)\\p{L}{2,14}(?=[,.:;?!)]?(?:\\s|$))/gu)) {
      range.setStart(texts.currentNode, word.index);
      range.setEnd(texts.currentNode, word.index + word[0].length);
      if (new Set([...range.getClientRects()].map((line) => line.top)).size > 1) found.push(word[0]);
    }
  }
  return found;
}"""
#: Where all such words are our own and short, and stand where a longer one would not fit.
ONLY_SHORT_WORDS = {"clock_settings", "show_calendar", "show_report", "preview_draft"}
#: One persona of every role, those who see most first: theirs are most of the shapes.
ROLES = ("manager", "isva", "coordinator", "trainee", "records_lead", "supervisor", "commissioner")
#: Routes that only take what is sent, or only lead on: there is no page to look at.
NOT_PAGES = {
    "home", "sign_out", "remove_one_off_day", "take_into_triage", "decide_duplicate", "undo_duplicate", "note_referrer_told", "keep_draft",
    "throw_draft_away", "cancel_leave", "remove_clinical_session", "close_supervision_action", "close_group_action", "read_policy", "end_policy", "remove_connection", "withdraw_invitation", "demo_sign_in", "opt_in",
    "withdraw_safe_contact", "leave_form", "leave", "download_document", "calendar_feed", "end_feed", "save_measure", "save_data_set", "save_schema", "download_report", "begin_report", "cancel_build", "build_progress", "build_report", "preview_draft_pdf", "take_safeguarding", "remove_app", "remove_passkey", "rename_passkey", "renew_recovery_codes",
    "end_session", "end_sessions", "end_other_sessions", "stay_signed_in", "time_left", "keep_typed",
    "second_step", "choose_new_password",  # looked at on the way through them, in the journey of signing in
}  # fmt: skip

#: Where cases stand on which a page is looked at; every other page about a case on one that an ISVA carries.
WAITING, DECISION = ({"stage": Stage.INTERIM},), ({"stage": Stage.ALLOCATION},)
CARRIED = ({"stage": Stage.ACTIVE},)
RESTRICTED = ({"client__restriction__isnull": False},)
ON_WHICH_CASES = {
    "show_case": tuple({"stage": stage} for stage in Stage),
    "show_referral": ({"stage": Stage.REFERRAL}, {"stage": Stage.REFERRAL, "referral__safety_answer": "yes"}, *DECISION),
    "ask_referrer": ({"stage": Stage.REFERRAL},),
    "close_as_already_open": ({"stage": Stage.REFERRAL},),
    "triage_case": tuple({"stage": stage} for stage in (Stage.REFERRAL, Stage.TRIAGE, Stage.INTERIM, Stage.CLOSED)),
    "record_attempt": ({"stage": Stage.TRIAGE},),
    "check_in": (*WAITING, *CARRIED),
    "escalate_case": WAITING,
    "send_to_allocation": WAITING,
    "name_interim_worker": WAITING,
    "close_waiting": WAITING,
    "return_to_interim": DECISION,
    "allocate_case": DECISION,
    "acknowledge_urgent": ({"urgentallocation__done_at__isnull": True, "urgentallocation__isnull": False}, *CARRIED),
    "decide_step_down": ({"stepdown__decision": "proposed"}, *CARRIED),
    "decide_closure": ({"closure__decision": "proposed"}, *CARRIED),
    "propose_closure": (*CARRIED, {"sasreview__kind": "final", "stage": Stage.ACTIVE}),
    "step_up": ({"stage": Stage.STEPPED_DOWN},),
    "reopen_case": ({"stage": Stage.CLOSED, "closure__decision": "approved"}, *CARRIED),
    "restrict_client": ({"stage": Stage.ACTIVE, "client__restriction__isnull": True},),
    "change_named": RESTRICTED,
    "lift_restriction": RESTRICTED,
    "show_people": (*CARRIED, *RESTRICTED),
    "show_plan": (*CARRIED, {"stage": Stage.CLOSED}, {"stage": Stage.TRIAGE}),
    "show_sas": (*CARRIED, {"stage": Stage.REFERRAL}),
}  # fmt: skip


@pytest.fixture
def everywhere(live_server, request):
    """A small fictional service with its work of today, and everybody in it by key; with reports where they are looked at."""
    empty_what_was_filled()  # what stands on the stage when this is the first test of its process that commits
    load_instrument()
    share = getattr(request.node, "callspec", None)
    build(cases=40, password=PASSWORD, quarters=int(share is not None and share.params["share"] == 0))
    return {persona.key: User.objects.get(email=persona.email) for persona in PERSONAS}


class Look:
    """Looks at pages in a browser, and keeps what is wrong with them."""

    def __init__(self, page, violations, home: str):
        self.page, self.violations, self.home, self.wrong = page, violations, home, []
        self.troubles = Troubles()
        self.troubles.watch(page, home)

    def at(self, name: str, address: str, *, in_the_dark: bool, narrow_by: tuple = ()) -> None:
        """Open a page and look at it: wide, in the dark if asked, and narrow."""
        self._be(WIDE)
        self.page.goto(address)
        self.here(name, in_the_dark=in_the_dark, narrow_by=narrow_by)
        if name.rpartition(" ")[2] not in ONLY_SHORT_WORDS:
            self.page.evaluate(LENGTHEN)
            width = self.page.evaluate("document.documentElement.scrollWidth")
            self._note(name, "320", [f"{width} wide with long words"] if width > NARROW["width"] else [])

    def here(self, name: str, *, in_the_dark: bool = True, narrow_by: tuple = ()) -> None:
        """Look at the page as it stands; narrow by every rule, unless some are named."""
        page = self.page
        self._be(WIDE)
        self._note(name, "1280", self.violations(page))
        self._note(name, "1280", [f"{word} is broken" for word in page.evaluate(BROKEN)])
        if in_the_dark:
            page.emulate_media(color_scheme="dark")
            self._note(name, "dark", self.violations(page, "color-contrast"))
            page.emulate_media(color_scheme="light")
        self._be(NARROW)
        self._note(name, "320", self.violations(page, *narrow_by))
        self._note(name, "320", [f"{word} is broken" for word in page.evaluate(BROKEN)])
        width, headings = page.evaluate(
            "[document.documentElement.scrollWidth, document.querySelectorAll('h1').length]"
        )
        self._note(name, "320", [f"{width} pixels wide"] if width > NARROW["width"] else [])
        self._note(name, "", [f"{headings} headings of the first rank"] if headings != 1 else [])

    def _be(self, size: dict) -> None:
        if self.page.viewport_size != size:
            self.page.set_viewport_size(size)

    def _note(self, name, how, found) -> None:
        self.wrong += [f"{name} {how}: {one}" for one in found]


class Shape(HTMLParser):
    """The kinds of elements that a page is made of: tag, classes, roles; never its words."""

    def __init__(self, html: str):
        super().__init__()
        self.kinds: set = set()
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        told = dict(attrs)
        kept = ("class", "role", "type", "open", "checked", "tabindex", "scope")
        self.kinds.add(
            (tag, *(told.get(name) for name in kept), *sorted(name for name in told if "aria" in name))
        )


def test_the_pages_named_here_are_routes():
    assert NOT_PAGES | set(ON_WHICH_CASES) <= set(TABLE)


def test_a_mistake_would_be_found(services, new_page, violations):
    """What looks at the pages is awake: it sees a picture without words, grey on white, and words in two."""
    page = new_page()
    page.goto("/refer/rowan/")
    page.evaluate(
        """() => {
            document.querySelector('main').append(document.createElement('img'));
            document.querySelector('h1').style.color = '#ddd';
        }"""
    )
    assert {one.split(":")[0] for one in violations(page)} == {"image-alt", "color-contrast"}
    assert page.evaluate(BROKEN) == []
    page.evaluate("document.querySelector('h1').style.width = '2.5em'")
    assert page.evaluate(BROKEN), "a word that is broken is found"


@pytest.mark.parametrize("share", range(SHARES))
def test_every_page_is_accessible_to_everybody_who_may_open_it(
    share, everywhere, new_page, violations, live_server, in_full
):
    rowan = Service.objects.get(slug="rowan")
    known = {str(one) for pair in Case.objects.values_list("reference", "client__name") for one in pair}
    names = names_of(share)
    looked, wrong, seen, anywhere = set(), [], defaultdict(set), set()
    for role in ROLES:
        user = everywhere[role]
        browser = signed_in(user, rowan)
        page = new_page()
        let_in(page, user, live_server.url, service=rowan)
        look = Look(page, violations, live_server.url)
        first = True
        theirs = [name for name in names if may_open(user, rowan, TABLE[name])]
        for name, address in addresses(theirs, user, rowan, everywhere["manager"]):
            answer = browser.get(address)
            assert answer.status_code < 500, (name, address)
            if answer.status_code != 200:
                continue
            looked.add(name)
            html = answer.content.decode()
            wrong += [f"{role}: {name}: {one}" for one in about_the_title(html, known)]
            kinds = Shape(html).kinds
            if name in seen and not first and kinds <= (seen[name] if in_full else anywhere):
                continue
            in_the_dark = role == "manager" and (in_full or not kinds <= anywhere)
            seen[name] |= kinds
            anywhere |= kinds
            narrow_by = () if in_full else WIDTH_MATTERS
            look.at(f"{role}: {name}", address, in_the_dark=in_the_dark, narrow_by=narrow_by)
            first = False
        wrong += look.wrong + look.troubles.found
    assert wrong == []
    assert sorted(set(names) - NOT_PAGES - looked) == [], "there are pages that nobody looked at"


def may_open(user, service, rule) -> bool:
    """Whether the doors behind a rule could let somebody in; who opens what is tested elsewhere, door by door."""
    asked = rule.permissions if isinstance(rule, Staff) else ()
    return not asked or bool(service_permissions(user, service) & set(asked))


def names_of(share: int) -> list[str]:
    """The routes of a share; those about reports are in the first, because reports take long to build."""
    staff = [name for name, rule in TABLE.items() if not isinstance(rule, Public)]
    reports = [name for name in staff if TABLE[name] in (READS_REPORTS, PUBLISHES)]
    others = [name for name in staff if name not in reports]
    return (
        [*reports, *others[: len(others) // 8]]
        if share == 0
        else others[len(others) // 8 :][share - 1 :: SHARES - 1]
    )


def addresses(names, user, service, manager):
    """Every address that this person could open, with the name of its route; what is not theirs answers so by itself."""
    for name in names:
        if name in NOT_PAGES:
            continue
        rule = TABLE[name]
        parameters = parameters_of(name) - {"case_id"}
        if not isinstance(rule, OnCase):
            yield name, reverse(name, kwargs=records_of(service, parameters, route=name, by=manager))
            continue
        for which in ON_WHICH_CASES.get(name, CARRIED):
            with act(user, service):
                case = Case.objects.visible_to(user).filter(**which).order_by("-risk", "opened_at").first()
            if case is not None:
                yield (
                    name,
                    reverse(name, kwargs={"case_id": case.pk, **kept_on(case, name, parameters, by=manager)}),
                )


def kept_on(case, name, parameters, *, by) -> dict:
    """The records on a case that an address of this route names."""
    if name != "confirm_safe_contact":
        return records_on(case, parameters, by=by)
    with act(by, case.service):
        return {"safe_contact_id": propose(case.client, kind="phone", value="07700 900321", by=by).pk}


def signed_in(user, service) -> Browser:
    """A test client of somebody at work in a service."""
    return sign_in(Browser(), user, service=service)


def parameters_of(name) -> set:
    """The names of what an address of this route has to be filled with."""
    pattern = next(pattern for _route, pattern in routes() if pattern.name == name)
    return set(pattern.pattern.converters) or set(pattern.pattern.regex.groupindex)


def about_the_title(html: str, known: set[str]) -> list[str]:
    """What is wrong with a title: there is none, or it tells whose page it is."""
    title = re.search(r"<title>(.*?)</title>", html, re.DOTALL)
    if not title or not title[1].strip():
        return ["no title"]
    return [f"the title tells of somebody: {title[1]}" for one in known if one in title[1]]


def test_every_public_page_is_accessible_to_anybody(
    people, rowan, new_page, violations, live_server, in_full
):
    narrow_by = () if in_full else WIDTH_MATTERS
    look = Look(new_page(), violations, live_server.url)
    public = {name for name, rule in TABLE.items() if isinstance(rule, Public)} - NOT_PAGES
    for name in sorted(public - {"refer_professional", "refer_self", "referral_sent"}):
        keys = records_of(rowan, parameters_of(name), route=name, by=people["manager"])
        look.at(name, reverse(name, kwargs=keys), in_the_dark=True, narrow_by=narrow_by)
        assert "404" not in look.page.title(), name
    for name, answers in (("refer_professional", PROFESSIONAL), ("refer_self", SELF)):
        look.page.goto(reverse(name, args=["rowan"]))
        press(look.page, "Continue")
        look.here(f"{name}, with mistakes")
        walk(look, name, answers, narrow_by)
        press(look.page, "Send")
        look.here(f"{name}, sent")
    assert look.wrong + look.troubles.found == []


#: What has to be answered, by the heading of the page, so that as many pages as possible are asked.
PROFESSIONAL = {
    "About you": {"Your name": "Petra Pine", "Your agency": "The hub", "What kind of agency is it?": "GP",
                  "Your role": "Doctor", "Your work phone number": "01632 960444"},
    "Who needs support": {"Their name": "Ada Aspen", "Or their age": "15", "Where they live": "Somewhere else",
                          "Which town or area": "Farby"},
    "Agreement of the child and of a parent": {
        "Does the child know that you are making this referral?": "Yes", "Does the child agree to it?": "Yes",
        "Does a safe parent or carer agree to it?": "Yes",
        "Has the child, or the safe parent, seen or been told what you are sending?": "Yes",
    },
    "What you may be told": {
        "Do they agree that you are told how the referral goes on?": "Yes",
        "Do they agree that you are told the name of their ISVA?": "Yes",
    },
    "Safe contact": {"How can we reach them safely?": ["Phone", "E-mail", "Post",
                                                       "Through a safe parent, carer or another safe person"]},
    "Safe contact by phone": {"Their phone number": "07700 900111", "What is safe on this number?": ["Call"]},
    "Safe contact by e-mail": {"Their e-mail address": "ada@example.org", "Is it safe to write to this address?": "No"},
    "Safe contact by post": {"Their address": "1 Fictional Row", "Is it safe to write to this address?": "No"},
    "A safe person": {"Who is it?": "A safe parent or carer", "Their name": "Olive Aspen",
                      "Their phone number": "07700 900112", "What is safe on this number?": ["Call"]},
    "Immediate safety": {"Is anyone in danger now?": "Yes"},
    "What kind of violence": {"What kind of sexual violence was it?": "Rape", "When did it happen?": "In the last 12 months",
                              "Who did it?": "Ex-partner"},
    "Police and justice": {"Was it reported to the police?": "Yes"},
    "Other agencies": {"Has a risk or needs assessment been done?": "Yes"},
}  # fmt: skip
SELF = {
    "Who is this form for?": {"Who is this form for?": "For me"},
    "Your name": {"What shall we call you?": "Bea"},
    "How to reach you": {"How can we get in touch safely?": ["Phone", "E-mail", "Post", "Through somebody I trust"]},
    "Your phone": {"Your phone number": "07700 900111", "What is safe?": ["Call me"]},
    "Your e-mail": {"Your e-mail address": "bea@example.org", "Is it safe to write to it?": "Yes"},
    "Your address": {"Your address": "1 Fictional Row", "Is it safe to send a letter?": "No"},
    "Somebody you trust": {"Their name": "Olive", "Their phone number": "07700 900112", "What is safe?": ["Call them"]},
    "Are you safe?": {"Are you, or is anybody else, in danger now?": "No"},
    "Send now, or tell us more": {"Do you want to tell us more now?": "Yes, a few more questions"},
    "Do you want a private link, to see how far we are?": {
        "Do you want a private link, to see how far we are?": "Yes"
    },
}  # fmt: skip


def walk(look, name, answers, narrow_by) -> None:
    """Through a form page by page, with a look at each."""
    while True:
        heading = look.page.get_by_role("heading", level=1).inner_text()
        look.here(f"{name}, {heading}", in_the_dark=False, narrow_by=narrow_by)
        if heading == "Check your answers":
            return
        fill_in(look.page, answers.get(heading, {}))
        press(look.page, "Continue")


def test_the_first_visit_to_the_public_form_is_light_enough_for_a_slow_phone(new_page, services, live_server):
    page, weights = new_page(), {}

    def weigh(response):
        body = response.body()
        weights[response.url] = len(body if response.url.endswith(".woff2") else gzip.compress(body))

    page.on("response", weigh)
    page.goto("/refer/rowan/self/")
    page.wait_for_load_state("networkidle")
    assert all(url.startswith(live_server.url) for url in weights)
    assert sum(weights.values()) < HEAVIEST, weights


@pytest.mark.django_db
def test_nobodys_name_is_in_the_address_of_a_list(people, rowan):
    """Filters are kept in the address; names are searched for by POST, so that no history keeps them."""
    browser = signed_in(people["manager"], rowan)
    name = make_case(rowan, by=people["manager"], stage=Stage.ACTIVE, isva=people["isva"]).client.name
    answer = browser.post(reverse("search"), {"q": name}, follow=True)
    assert name in answer.content.decode()
    assert name.split()[0] not in answer.request["PATH_INFO"] + answer.request["QUERY_STRING"]

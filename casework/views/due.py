"""What is due and what is new, in words and with its link: shared by *My day* and *Service today*."""

from django.urls import reverse
from django.utils.translation import gettext_lazy

from casework.worklists import Due, News
from isva.clock.moment import now
from isva.interface.marks import clock_mark, tag
from isva.interface.tables import lines, link
from isva.interface.words import short_when

#: For each kind of what is due: its words, and the page on which it is done.
KINDS = {
    "review_interim": (gettext_lazy("Interim review"), "check_in"),
    "review_sas": (gettext_lazy("Safety and Support review"), "review_sas"),
    "review_step_down": (gettext_lazy("Step-down review"), "review_sas"),
    "action": (gettext_lazy("Plan action"), "show_plan"),
    "contact_open": (gettext_lazy("Contact: did plan or risk change?"), "show_case"),
    "first_session": (gettext_lazy("First session"), "show_case"),
    "safeguarding_refer": (gettext_lazy("Safeguarding concern: refer it today"), "show_case"),
    "safeguarding_outcome": (gettext_lazy("Safeguarding concern: find out the outcome"), "show_case"),
    "appointment_open": (gettext_lazy("Appointment to be recorded"), "show_case"),
    "unheld_risk": (gettext_lazy("Risk that nobody holds"), "show_people"),
    "rule_broken": (gettext_lazy("Contact against the client’s own rule"), "show_case"),
    "rule_broken_waiting": (gettext_lazy("Attempt or check-in against the client’s own rule"), "show_case"),
    "urgent": (gettext_lazy("Urgent allocation, acknowledged"), "allocate_case"),
    "urgent_unseen": (gettext_lazy("Urgent allocation, not acknowledged"), "allocate_case"),
    "first_contact": (gettext_lazy("First contact, past the standard"), "triage_case"),
}
#: Pages about one row of a case: the name under which the row's key stands in the address.
_ROW_PAGES = {
    "contact_open": ("answer_contact", "contact_id"),
    "rule_broken": ("show_contact", "contact_id"),
    "safeguarding_refer": ("update_safeguarding", "concern_id"),
    "safeguarding_outcome": ("update_safeguarding", "concern_id"),
    "action": ("close_action", "action_id"),
}

#: What does not wait for a day.
_AT_ONCE = {"unheld_risk": gettext_lazy("Act now"), "urgent_unseen": gettext_lazy("Act now")}
#: What is told and asks for nothing by a day.
_TO_KNOW = dict.fromkeys(("rule_broken", "rule_broken_waiting"), gettext_lazy("To know"))

NEWS = {
    "grant_allocation": gettext_lazy("Allocated to you"),
    "grant_cover": gettext_lazy("You cover this case"),
    "grant_interim": gettext_lazy("You keep in touch while they wait"),
    "grant_named": gettext_lazy("You are named on this restricted client"),
    "grant_break_glass": gettext_lazy("You opened this case in an emergency"),
    "closure_sent_back": gettext_lazy("Closure was sent back"),
    "step_down_sent_back": gettext_lazy("Step-down was sent back"),
    "step_down_approved": gettext_lazy("Step-down was approved"),
    "stepped_up": gettext_lazy("Support became active again"),
    "contact_proposed": gettext_lazy("A new number or address is proposed: do not use it yet"),
    "safeguarding": gettext_lazy("A safeguarding concern was raised"),
    "contact": gettext_lazy("A contact was recorded"),
}
_NEWS_PAGES = {"contact_proposed": "change_safe_contacts", "closure_sent_back": "propose_closure"}


def due_row(due: Due, case, *, last="") -> list:
    """One thing that is due as the cells of a list: who, what, when, and ``last``."""
    words, _page = KINDS[due.kind]
    if due.kind in _AT_ONCE:
        when = tag(_AT_ONCE[due.kind], "red")
    elif due.kind in _TO_KNOW:
        when = tag(_TO_KNOW[due.kind], "amber")
    else:
        when = clock_mark(due.due_on, now=now())
    return [
        lines(link(case.client.called, reverse("show_case", args=[case.pk])), case.reference),
        lines(link(words, due_url(due), hidden=case.client.called), due.detail),
        when,
        last,
    ]


def due_url(due: Due) -> str:
    """The page on which something that is due is done."""
    if due.kind in _ROW_PAGES:
        name, key = _ROW_PAGES[due.kind]
        return reverse(name, kwargs={"case_id": due.case_id, key: due.row})
    return reverse(KINDS[due.kind][1], kwargs={"case_id": due.case_id})


def news_row(news: News, case) -> list:
    """One piece of news as the cells of a list: who, what happened, when and by whom."""
    url = reverse(_NEWS_PAGES.get(news.kind, "show_case"), kwargs={"case_id": case.pk})
    return [
        lines(link(case.client.called, reverse("show_case", args=[case.pk])), case.reference),
        link(NEWS[news.kind], url, hidden=case.client.called),
        lines(short_when(news.at, now=now()), news.by),
    ]

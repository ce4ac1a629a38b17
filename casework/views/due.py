"""What is due and what is new, in words and with its link: shared by *My day*, *Inbox* and *Service today*."""

import datetime as dt

from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from casework.worklists import News
from isva.access.roles import Permission
from isva.clock.moment import LONDON, now
from isva.clock.rules import TAKEN, Due
from isva.interface.marks import clock_mark, mark, reference_mark, tag
from isva.interface.tables import lines, link, table
from isva.interface.words import long_date, short_when

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
    "contact_in_use": gettext_lazy("A new number or address is in use: look which one is safe now"),
    "contact_stopped": gettext_lazy("A number or address is not used any more: do not use it"),
    "contact_rules": gettext_lazy("What is safe on a number or address has changed"),
    "safeguarding": gettext_lazy("A safeguarding concern was raised"),
    "note": gettext_lazy("A note was written"),
    "contact": gettext_lazy("A contact was recorded"),
}
#: Pages of rules that only managers open.
_FOR_MANAGERS = {"allocate_case", "reallocate_case", "cover_case", "review_emergency", "review_case"}
_NEWS_PAGES = {
    "contact_proposed": "change_safe_contacts",
    "contact_in_use": "change_safe_contacts",
    "contact_stopped": "change_safe_contacts",
    "contact_rules": "change_safe_contacts",
    "closure_sent_back": "propose_closure",
}


def due_row(due: Due, case, *, last="") -> list:
    """One thing that is due as the cells of a list: who, what, when, and ``last``."""
    return [
        lines(link(case.client.called, reverse("show_case", args=[case.pk])), reference_mark(case.reference)),
        lines(link(words_of(due), due_url(due), hidden=case.client.called), due.detail),
        when_due(due),
        last,
    ]


def due_on_case_row(dues: list[Due], case) -> list:
    """All that is due on one case as one row: who, the first of it with what comes after, and when the first is due."""
    first, *others = dues
    who, _what, when, _last = due_row(first, case)
    after = [
        format_html("{} {}", link(words_of(one), due_url(one), hidden=case.client.called), when_due(one))
        for one in others
    ]
    return [
        who,
        lines(link(words_of(first), due_url(first), hidden=case.client.called), first.detail, *after),
        when,
    ]


def due_beside_cases_row(due: Due) -> list:
    """One thing that is due beside cases, as the cells of a list: what, about whom, when."""
    return [link(words_of(due), reverse(due.rule.page), hidden=due.detail), due.detail, when_due(due)]


def own_beside_cases(due: list[Due]) -> dict | None:
    """What is somebody's own beside cases, as a table; None where there is nothing."""
    if not due:
        return None
    return table(
        caption=_("Yours beside cases"),
        columns=[_("What"), _("When")],
        rows=[due_beside_cases_row(one)[::2] for one in due],
        urgent={place for place, one in enumerate(due) if one.is_overdue},
    )


def words_of(due: Due) -> str:
    """What is due, in words; and that somebody is on it, where they said so."""
    if due.variant == TAKEN:
        return _("%(what)s, taken in hand") % {"what": due.rule.words}
    return str(due.rule.words)


def when_due(due: Due):
    """When it is due, as a mark: *act now* for what waits for nobody's day."""
    if not due.rule.asks:
        return tag(_("To know"), "amber")
    if acts_now(due):
        return tag(_("Act now"), "red")
    if not due.rule.turns_red and due.due_at < now():
        # It is time for it, and nothing was missed.
        since = _("Since %(date)s") % {"date": long_date(due.due_on)}
        return mark(since, shape="diamond", tone="soon")
    by_day = due.due_at.astimezone(LONDON).time() >= dt.time(23, 59)
    return clock_mark(due.due_on if by_day else due.due_at, now=now())


def acts_now(due: Due) -> bool:
    """Whether it does not wait for a day: nobody has taken it, or nobody holds the risk."""
    return (due.rule.at_once and due.variant != TAKEN) or due.kind == "unheld_risk"


def may_do(due: Due, person) -> bool:
    """Whether what is due is done by somebody of this role: a page that is for managers is offered to nobody else."""
    return due.rule.page not in _FOR_MANAGERS or person.can(Permission.SEE_ALL_CASES)


def due_url(due: Due) -> str:
    """The page on which something that is due is done."""
    key = {due.rule.record_in_page: due.row} if due.rule.record_in_page else {}
    return reverse(due.rule.page, kwargs={"case_id": due.case_id, **key})


def news_row(news: News, case) -> list:
    """One piece of news as the cells of a list: who, what happened, when and by whom."""
    url = reverse(_NEWS_PAGES.get(news.kind, "show_case"), kwargs={"case_id": case.pk})
    return [
        lines(link(case.client.called, reverse("show_case", args=[case.pk])), reference_mark(case.reference)),
        link(NEWS[news.kind], url, hidden=case.client.called),
        lines(short_when(news.at, now=now()), news.by),
    ]

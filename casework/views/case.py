"""The case page: one timeline of everything, what must not be overlooked, and the step that is next."""

import datetime as dt

from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from casework import putting_off, timeline
from casework.doors import case_page
from casework.views.due import due_url, may_do, when_due, words_of
from casework.views.frame import case_frame
from casework.ways_on import ways_on
from isva.access.roles import Permission
from isva.clock.moment import now, today
from isva.clock.rules import DAYS_AHEAD
from isva.interface.words import day_words, short_when
from isva.pathway import CARRIED_STAGES, Stage

#: Entries of one page of the timeline.
PAGE = 40
#: A longer text is cut here on the timeline; the whole stands on the record's own page.
EXCERPT = 600


@case_page(Permission.VIEW_CASE)
def show_case(request, case):
    """Everything about a case in one column, newest first; ``?kind=`` filters, ``?before=`` goes back in time."""
    words = _kind_words()
    kind = request.GET.get("kind", "")
    kind = kind if kind in words else ""
    found = timeline.entries(
        case, kinds=(kind,) if kind else (), limit=PAGE + 1, before=request.GET.get("before")
    )
    shown, more = found[:PAGE], len(found) > PAGE
    context = case_frame(request, case, "show_case")
    context |= {
        "entries": [_line(case, entry, words) for entry in shown],
        "older": timeline.cursor_after(case, shown[-1]) if more else "",
        "is_later_page": bool(request.GET.get("before")),
        "empty": {
            "title": _("Nothing here yet"),
            "text": _("No entry of this kind has been made.")
            if kind
            else _("What is recorded will stand here."),
        },
        "filters": [
            {
                "name": "kind",
                "label": _("Show"),
                "value": kind,
                "options": [("", _("Everything")), *words.items()],
            }
        ],
        "due": _due(case, request.acting),
        "acts": _acts(case) + ways_on(case, request.acting) if context["frame"]["may_change"] else [],
    }
    if case.stage == Stage.STEPPED_DOWN and context["frame"]["may_change"]:
        context["step_up_url"] = reverse("step_up", kwargs={"case_id": case.pk})
    return render(request, "casework/show_case.html", context)


def _due(case, person) -> list[dict]:
    """What is late, or due within a week, and not put off: shown above the timeline."""
    if not case.is_open:
        return []
    put_off = putting_off.put_off_on([case.pk])
    soon = today() + dt.timedelta(days=DAYS_AHEAD)
    return [
        {
            "what": words_of(one),
            "url": due_url(one) if may_do(one, person) else "",
            "when": when_due(one),
            "detail": one.detail,
        }
        for one in putting_off.due_on_case(case)
        if one.due_on <= soon and putting_off.key_of(one) not in put_off
    ]


def _kind_words() -> dict[str, str]:
    """The kinds that a reader can ask for."""
    return {
        "contact": _("Contacts and appointments"),
        "note": _("Notes"),
        "risk": _("Risk and need"),
        "plan": _("Plan and referrals"),
        "safeguarding": _("Safeguarding"),
        "decision": _("Decisions and agreements"),
        "document": _("Documents"),
        "stage": _("Where the case was"),
    }


def _line(case, entry: dict, words: dict) -> dict:
    url = ""
    if entry["url_name"]:
        own = {entry["url_key"]: entry["pk"]} if entry["url_key"] else {}
        url = reverse(entry["url_name"], kwargs={"case_id": case.pk, **own})
    body = entry["body"]
    if len(body) > EXCERPT:
        body = body[:EXCERPT].rsplit(" ", 1)[0] + " …"
    at = entry["at"]
    return {
        "kind": entry["kind"],
        "kind_word": entry["kind_word"],
        "headline": entry["headline"],
        "when": day_words(at, now=now()) if entry["day_only"] else short_when(at, now=now()),
        "by": entry["by"],
        "body": body,
        "mark": entry["mark"],
        "url": url,
    }


def _acts(case) -> list[dict]:
    """What else can be recorded on an open case, beside the one step that is next."""
    if not case.is_open:
        return []
    names = [
        ("write_note", _("Write a note")),
        ("plan_appointment", _("Plan an appointment")),
        ("raise_safeguarding", _("Raise a safeguarding concern")),
        ("refer_onward", _("Refer onward")),
        ("edit_client", _("Change the person’s details")),
    ]
    if case.stage in CARRIED_STAGES:
        names.insert(0, ("record_contact", _("Record contact")))
    return [{"text": text, "url": reverse(name, kwargs={"case_id": case.pk})} for name, text in names]

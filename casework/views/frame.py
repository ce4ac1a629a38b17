"""The frame of every page about a case: whose it is, how it is safe to reach them, where it stands, what is next."""

import math

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from casework import restricting, safe_contacts
from casework.doors import emergency_until, may_take_out, writes_to
from casework.models import Case
from casework.next_action import Facts, facts_of, next_action, warnings
from isva.clock.moment import now, today
from isva.interface import marks
from isva.interface.words import listed, long_date, short_when
from isva.pathway import Stage


def case_frame(request, case: Case, current_tab: str, *, next_step: bool = True) -> dict:
    """Context for a template that extends ``casework/case_base.html``: ``case`` and ``frame``.

    ``current_tab`` is the URL name of the tab that is open, or empty on a page that is none. ``next_step=False``
    leaves the next-action button out (a page that is about an act of its own). At most three queries beyond
    the door: the contacts, the facts, and whether this person may write; one more for a restricted client.
    """
    contacts = safe_contacts.contacts_of(case.client)
    facts = facts_of(case)
    person = request.acting
    writes = writes_to(request, case)
    proposals = len(safe_contacts.proposed(contacts))
    return {
        "case": case,
        "frame": {
            "about": _about(case, facts),
            "contact": _panel(case, contacts, writes),
            "tabs": _tabs(case, current_tab, writes),
            "next": next_action(case, person, facts=facts) if next_step and writes else None,
            "warnings": _warnings(case, facts, proposals, writes),
            "may_change": writes,
            "may_take_out": may_take_out(request, case),
            "facts": facts,
            "contacts": contacts,
            "sight": _sight(request, case),
        },
    }


def _sight(request, case) -> list[str]:
    """What is special about how this case is seen: that it is restricted, and by whom it is seen; an emergency."""
    found = []
    if case.is_restricted:
        restriction = restricting.restriction_of(case.client_id)
        names = [user.name for user in restricting.named_on(restriction)] if restriction else []
        found.append(_("Restricted: seen by %(names)s.") % {"names": listed(names)})
    until = emergency_until(request, case)
    if until:
        found.append(
            _(
                "You opened this in an emergency: to read, until %(when)s (%(left)s left). Managers were told and will "
                "review it."
            )
            % {"when": short_when(until, now=now()), "left": _minutes_left(until)}
        )
    return found


def _minutes_left(until) -> str:
    left = max(1, math.ceil((until - now()).total_seconds() / 60))
    return ngettext("%(n)d minute", "%(n)d minutes", left) % {"n": left}


def _warnings(case, facts, proposals: int, writes: bool) -> list[dict]:
    """What must not be overlooked; who may only read is told, without links to what they may not do."""
    found = warnings(case, facts=facts, proposed_contacts=proposals)
    return found if writes else [warning | {"url": ""} for warning in found]


def _tabs(case, current: str, writes: bool) -> list[dict]:
    entries = [
        ("show_case", _("Timeline")),
        ("show_referral", _("Referral")),
        ("show_plan", _("Plan")),
        ("show_sas", _("SaS")),
        ("show_justice", _("Justice")),
        ("show_people", _("People and agencies")),
        ("show_sharing", _("Agreements and sharing")),
        ("list_documents", _("Documents")),
    ]
    if writes:
        entries.append(("who_looked", _("Who looked")))
    key = {"case_id": case.pk}
    return [
        {"text": text, "url": reverse(name, kwargs=key), "current": name == current} for name, text in entries
    ]


def _about(case, facts: Facts) -> dict:
    """The line over the tabs: who, which stage, who carries the case, risk and complexity with their trend."""
    client = case.client
    age = client.age_on(today())
    person = [
        _("called %(name)s") % {"name": client.known_as}
        if client.known_as and client.known_as != client.name
        else "",
        client.pronouns,
        _("%(age)d years old") % {"age": age} if age is not None else "",
        _("a child") if age is not None and age < 18 else "",
    ]
    assessed = bool(facts.risks) or case.stage not in (Stage.REFERRAL, Stage.TRIAGE)
    standing = [marks.stage_tag(case.stage)]
    if case.urgent:
        standing.append(marks.urgency_mark("urgent"))
    standing.append(_with_trend(marks.risk_mark(case.risk if assessed else ""), facts.risk_trend))
    if facts.complexities:
        standing.append(_with_trend(marks.complexity_mark(case.complexity), facts.complexity_trend))
    return {
        "name": client.name,
        "person": ", ".join(filter(None, person)),
        "reference": case.reference,
        "marks": standing,
        "facts": _people_and_days(case),
    }


def _people_and_days(case) -> list[tuple]:
    found = []
    if case.lead_isva:
        found.append((_("ISVA"), case.lead_isva.name))
    if case.interim_worker:
        found.append((_("Interim worker"), case.interim_worker.name))
    if case.trial_on and case.trial_on >= today():
        found.append((_("Trial"), long_date(case.trial_on)))
    if case.next_review_on and case.is_open:
        overdue = case.next_review_on < today()
        day = marks.clock_mark(case.next_review_on, now=now()) if overdue else long_date(case.next_review_on)
        found.append((_("Next review"), day))
    return found


def _with_trend(mark, trend: str) -> dict:
    words = {"rising": _("rising"), "falling": _("falling"), "steady": _("steady")}
    return {"mark": mark, "trend": words.get(trend, "")}


def _panel(case, contacts, writes: bool) -> dict:
    """The safe-contact panel: contacts in use only, the client's rules in words, what must never be done."""
    client = case.client
    usable = safe_contacts.in_use(contacts)
    ways = [words for words in map(safe_contacts.in_brief, usable) if words]
    nevers = [words for words in map(safe_contacts.never, usable) if words]
    if client.who_must_not_know:
        nevers.append(_("tell: %(who)s") % {"who": client.who_must_not_know})
    found = []
    if client.suspect_at_home:
        found.append(marks.tag(_("Suspect at home"), "amber"))
    if safe_contacts.proposed(contacts):
        found.append(marks.tag(_("Change proposed: do not use yet"), "amber"))
    if client.interpreter_needed:
        found.append(
            marks.tag(_("Interpreter: %(language)s") % {"language": client.get_language_display()}, "outline")
        )
    if not ways:
        headline = _("Nothing is agreed as safe. Do not call, text or write.")
        if client.unreachable_plan:
            headline = f"{headline} {client.unreachable_plan}"
    else:
        headline = " · ".join(ways)
    return {
        "who": client.called,
        "marks": found,
        "safe": bool(ways),
        "headline": headline,
        "never": "; ".join(nevers),
        "rows": _panel_rows(client, contacts),
        "change_url": reverse("change_safe_contacts", kwargs={"case_id": case.pk}) if writes else "",
    }


def _panel_rows(client, contacts) -> list[dict]:
    rows = []
    for contact in safe_contacts.in_use(contacts):
        confirmed = (
            _("Last confirmed %(day)s") % {"day": long_date(contact.last_confirmed_on)}
            if contact.last_confirmed_on
            else _("Not confirmed since the referral")
        )
        rows.append(
            {"key": contact.get_kind_display(), "lines": [*safe_contacts.in_full(contact), confirmed]}
        )
    rows += [
        {"key": _("Proposed, do not use yet"), "lines": [contact.get_kind_display(), contact.value]}
        for contact in safe_contacts.proposed(contacts)
    ]
    if client.suspect_at_home:
        rows.append(
            {
                "key": _("At home"),
                "value": _("The suspect lives with, cares for or is cared for by the client."),
            }
        )
    if client.who_must_not_know:
        rows.append({"key": _("Who must not know"), "value": client.who_must_not_know})
    unreachable = [client.unreachable_plan]
    if client.welfare_check:
        unreachable.append(
            _("A welfare check is wanted.")
            if client.welfare_check == "yes"
            else _("No welfare check is wanted.")
        )
    rows.append(
        {
            "key": _("If they cannot be reached"),
            "lines": [line for line in unreachable if line] or [_("Nothing is agreed yet.")],
        }
    )
    needs = [client.access_needs, listed(map(str, _format_names(client)))]
    if any(needs):
        rows.append({"key": _("Access needs"), "lines": [line for line in needs if line]})
    return rows


def _format_names(client) -> list:
    from isva.codes import Format

    return [Format(one).label for one in client.formats if one in Format.values]

"""What this part of the service puts on the timeline of a case."""

import datetime as dt

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from casework.models import Grant
from casework.timeline import tell
from isva.clock.moment import LONDON
from isva.codes import Risk
from isva.interface.marks import risk_mark
from isva.interface.words import date_range, long_date
from triage.models import Allocation, ContactAttempt, InterimReview, TriageAssessment, UrgentAllocation


def _tried(facts: dict) -> str:
    method = str(ContactAttempt.Method(facts["method"]).label)
    if facts["outcome"] == ContactAttempt.Outcome.TOLD:
        return _("First contact (%(method)s): told that support will be provided") % {
            "method": method.lower()
        }
    outcome = str(ContactAttempt.Outcome(facts["outcome"]).label)
    return _("Attempt to reach them (%(method)s): %(outcome)s") % {
        "method": method.lower(),
        "outcome": outcome.lower(),
    }


def _how_tried(facts: dict) -> str:
    parts = [
        facts["note"],
        _("It was safe to leave or send a message.") if facts["safe"] else "",
        _rule(facts),
    ]
    return "\n".join(filter(None, parts))


def _rule(facts: dict) -> str:
    why = facts["against_rule"]
    return _("Against the client’s own rule: %(why)s") % {"why": why} if why else ""


tell(
    ContactAttempt, kind="contact", kind_word=gettext_lazy("Attempt"), at="at",
    columns={
        "method": "method", "outcome": "outcome", "note": "note", "safe": "message_was_safe",
        "against_rule": "against_rule",
    },
    headline=_tried, body=_how_tried,
)  # fmt: skip


def _assessed(facts: dict) -> str:
    return _("Triage: %(outcome)s") % {
        "outcome": str(TriageAssessment.Outcome(facts["outcome"]).label).lower()
    }


def _what_was_found(facts: dict) -> str:
    parts = [
        facts["reason"],
        _("Safeguarding: %(what)s") % {"what": facts["safeguarding"]} if facts["safeguarding"] else "",
        _("Needs beyond this service: %(what)s") % {"what": facts["beyond"]} if facts["beyond"] else "",
        _("The client’s choice: %(what)s") % {"what": facts["choice"]} if facts["choice"] else "",
        _("Pointed to: %(where)s") % {"where": facts["where_to"]} if facts["where_to"] else "",
    ]
    return "\n".join(filter(None, parts))


tell(
    TriageAssessment, kind="decision", kind_word=gettext_lazy("Triage"), at="completed_at",
    columns={
        "outcome": "outcome", "reason": "outcome_reason", "safeguarding": "safeguarding_note",
        "beyond": "needs_beyond", "choice": "client_choice", "where_to": "where_to",
    },
    headline=_assessed, body=_what_was_found,
)  # fmt: skip
tell(
    TriageAssessment, kind="note", kind_word=gettext_lazy("Triage"), at="referrer_told_at", columns={},
    headline=lambda facts: _("The referrer was told that the person could not be reached"), by_lookup="",
    where={"outcome": TriageAssessment.Outcome.UNABLE.value},
)  # fmt: skip


def _checked_in(facts: dict) -> str:
    method = str(InterimReview.Method(facts["method"]).label).lower()
    words = (
        _("Check-in (%(method)s)") if facts["reached"] else _("Tried to check in (%(method)s), not reached")
    )
    return words % {"method": method}


def _what_was_done(facts: dict) -> str:
    changed = {"before": Risk(facts["before"]).label, "now": Risk(facts["risk"]).label}
    next_review = long_date(dt.date.fromisoformat(facts["next"]))
    parts = [
        _("Risk changed: %(before)s to %(now)s.") % changed if facts["before"] != facts["risk"] else "",
        _("A new safeguarding concern.") if facts["safeguarding"] else "",
        facts["note"],
        _("The information pack was sent.") if facts["pack"] else "",
        _("Signposted to: %(where)s") % {"where": facts["signposted"]} if facts["signposted"] else "",
        _rule(facts),
        _("Next review: %(day)s.") % {"day": next_review},
    ]
    return "\n".join(filter(None, parts))


tell(
    InterimReview, kind="contact", kind_word=gettext_lazy("Check-in"), at="at",
    columns={
        "method": "method", "reached": "reached", "before": "risk_before", "risk": "risk", "note": "note",
        "safeguarding": "new_safeguarding", "pack": "information_pack_sent", "signposted": "signposted_to",
        "against_rule": "against_rule", "next": "next_review_on",
    },
    headline=_checked_in, body=_what_was_done, mark=lambda facts: risk_mark(facts["risk"]) if facts["reached"] else "",
)  # fmt: skip
tell(
    UrgentAllocation, kind="decision", kind_word=gettext_lazy("Urgent"), at="raised_at",
    columns={"manager": "manager__name", "reason": "reason"},
    headline=lambda facts: _("Urgent allocation: %(name)s was asked") % {"name": facts["manager"]},
    body=lambda facts: facts["reason"],
)  # fmt: skip
tell(
    UrgentAllocation, kind="decision", kind_word=gettext_lazy("Urgent"), at="acknowledged_at", columns={},
    headline=lambda facts: _("Urgent allocation: seen by a manager"), by_lookup="acknowledged_by__name",
)  # fmt: skip


def _allocated(facts: dict) -> str:
    words = _("Given to another ISVA: %(name)s") if facts["handover"] else _("Allocated to %(name)s")
    return words % {"name": facts["isva"]}


def _why_allocated(facts: dict) -> str:
    parts = [facts["reason"]]
    if facts["override"]:
        parts.append(_("Why the advice was not followed: %(why)s") % {"why": facts["override"]})
    if facts["handover"]:
        parts.append(_("Handover note: %(note)s") % {"note": facts["handover"]})
    if facts["due"]:
        parts.append(
            _("First session due by %(day)s.") % {"day": long_date(dt.date.fromisoformat(facts["due"]))}
        )
    return "\n".join(part for part in parts if part)


tell(
    Allocation, kind="decision", kind_word=gettext_lazy("Allocation"), at="allocated_at",
    columns={
        "isva": "isva__name", "reason": "reason", "override": "override_reason", "handover": "handover_note",
        "due": "first_session_due_on",
    },
    headline=_allocated, body=_why_allocated,
)  # fmt: skip


def _covered(facts: dict) -> str:
    first = dt.datetime.fromisoformat(facts["from"]).astimezone(LONDON).date()
    last = (
        (dt.datetime.fromisoformat(facts["until"]) - dt.timedelta(microseconds=1)).astimezone(LONDON).date()
    )
    return _("Cover by %(name)s: %(days)s") % {"name": facts["who"], "days": date_range(first, last)}


def _why_covered(facts: dict) -> str:
    parts = [facts["reason"], _("To read only.") if facts["read_only"] else ""]
    if facts["ended"] and facts["ended"] < facts["until"]:
        parts.append(_("Ended early: %(why)s") % {"why": facts["why_ended"]})
    return "\n".join(part for part in parts if part)


tell(
    Grant, kind="decision", kind_word=gettext_lazy("Cover"), at="recorded_at",
    columns={
        "who": "user__name", "from": "starts_at", "until": "until", "read_only": "read_only", "reason": "reason",
        "ended": "ended_at", "why_ended": "end_reason",
    },
    headline=_covered, body=_why_covered, where={"why": Grant.Why.COVER.value, "until__isnull": False},
)  # fmt: skip

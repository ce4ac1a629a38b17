"""What this part of the service puts on the timeline of a case."""

import datetime as dt

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from casework.models import Grant
from casework.timeline import tell
from isva.clock.moment import LONDON
from isva.interface.words import date_range, long_date
from triage.models import Allocation


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
        parts.append(_("First session due by %(day)s.") % {"day": long_date(dt.date.fromisoformat(facts["due"]))})
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
    last = (dt.datetime.fromisoformat(facts["until"]) - dt.timedelta(microseconds=1)).astimezone(LONDON).date()
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

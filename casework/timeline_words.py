"""What casework itself puts on the timeline of a case, in words that need no key to be read."""

import datetime as dt

from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from casework import models as m
from casework.timeline import tell
from isva.codes import ContactMode, JusticeStage
from isva.interface import marks
from isva.interface.forms import lower_first
from isva.interface.words import listed, long_date, minutes_words, short_when

CONTACT = gettext_lazy("Contact")
NOTE = gettext_lazy("Note")
RISK = gettext_lazy("Risk and need")
PLAN = gettext_lazy("Plan")
SAFEGUARDING = gettext_lazy("Safeguarding")
SAFE_CONTACT = gettext_lazy("Safe contact")
AGREEMENT = gettext_lazy("Agreement")
JUSTICE = gettext_lazy("Justice")
DECISION = gettext_lazy("Decision")
EMERGENCY = gettext_lazy("Emergency")
STAGE = pgettext_lazy("timeline", "Stage")


def _word(choices, value) -> str:
    """The label of a stored value; the word for nothing where there is none."""
    return str(choices(value).label) if value in choices.values else ""


def _day(text) -> str:
    return long_date(dt.date.fromisoformat(text)) if text else ""


def _moment(text) -> str:
    return short_when(dt.datetime.fromisoformat(text)) if text else ""


def _lines(*texts) -> str:
    return "\n\n".join(text for text in texts if text)


def _told(label, text) -> str:
    return f"{label}: {text}" if text else ""


# Where the case was


def _stage(facts) -> str:
    name = m.STAGE_NAMES.get(facts["stage"], "")
    return _("Received") if facts["stage"] == "referral" else _("Moved to: %(stage)s") % {"stage": name}


tell(
    m.StageEntry, kind="stage", kind_word=STAGE, at="entered_at",
    columns={"stage": "stage", "reason": "reason"}, headline=_stage, body=lambda facts: facts["reason"],
)  # fmt: skip


# Contacts, appointments, notes


def _contact(facts) -> str:
    purpose = _word(m.Contact.Purpose, facts["purpose"])
    way = lower_first(_word(ContactMode, facts["mode"]))
    if facts["attendance"] != m.Contact.Attendance.ATTENDED:
        return _("%(what)s: %(way)s (%(purpose)s)") % {
            "what": _word(m.Contact.Attendance, facts["attendance"]), "way": way, "purpose": lower_first(purpose),
        }  # fmt: skip
    parts = [way]
    if facts["with_whom"] != m.Contact.With.CLIENT:
        parts.append(_("with: %(whom)s") % {"whom": lower_first(_word(m.Contact.With, facts["with_whom"]))})
    if facts["minutes"]:
        parts.append(minutes_words(facts["minutes"]))
    return f"{purpose}: {', '.join(parts)}"


def _contact_body(facts) -> str:
    changed = []
    if facts["plan"] == m.Answer.CHANGED:
        changed.append(_("the plan"))
    if facts["risk"] == m.Answer.CHANGED:
        changed.append(_("the risk"))
    return _lines(
        facts["note"],
        _told(_("Crisis, what was done"), facts["crisis"]),
        _told(_("Who was told"), facts["told"]),
        _("Changed: %(what)s.") % {"what": listed(changed)} if changed else "",
        _("New detail was disclosed.") if facts["new_detail"] else "",
        _told(_("Against the client’s own contact rule, because"), facts["against_rule"]),
    )


tell(
    m.Contact, kind="contact", kind_word=CONTACT, at="at",
    columns={"mode": "mode", "with_whom": "with_whom", "minutes": "minutes", "attendance": "attendance",
             "purpose": "purpose", "note": "note", "plan": "plan_answer", "risk": "risk_answer",
             "crisis": "crisis_actions", "told": "crisis_told", "new_detail": "new_detail",
             "against_rule": "against_rule"},
    headline=_contact, body=_contact_body, url_name="show_contact", url_key="contact_id",
    mark=lambda facts: marks.tag(_("Crisis"), "amber") if facts["purpose"] == m.Contact.Purpose.CRISIS else "",
)  # fmt: skip
tell(
    m.Appointment, kind="contact", kind_word=gettext_lazy("Appointment"), at="recorded_at",
    columns={"at": "at", "mode": "mode", "worker": "worker__name", "place": "place", "purpose": "purpose"},
    headline=lambda facts: _("Appointment planned for %(when)s: %(way)s, with %(worker)s") % {
        "when": _moment(facts["at"]), "way": lower_first(_word(ContactMode, facts["mode"])), "worker": facts["worker"],
    },
    body=lambda facts: _lines(facts["purpose"], facts["place"]),
)  # fmt: skip
tell(
    m.Appointment, kind="contact", kind_word=gettext_lazy("Appointment"), at="cancelled_at", by_lookup="",
    columns={"at": "at", "why": "cancelled_why"},
    headline=lambda facts: _("Appointment of %(when)s cancelled") % {"when": _moment(facts["at"])},
    body=lambda facts: facts["why"],
)  # fmt: skip
tell(
    m.Note, kind="note", kind_word=NOTE, at="recorded_at", columns={"text": "text"},
    headline=lambda facts: _("Note"), body=lambda facts: facts["text"], url_name="show_note", url_key="note_id",
)  # fmt: skip
tell(
    m.Document, kind="document", kind_word=gettext_lazy("Document"), at="recorded_at", columns={"title": "title", "kind": "kind"},
    headline=lambda facts: _("Document: %(title)s") % {"title": facts["title"]},
    body=lambda facts: _word(m.Document.Kind, facts["kind"]),
)  # fmt: skip
tell(
    m.Document, kind="document", kind_word=gettext_lazy("Document"), at="withdrawn_at", by_lookup="withdrawn_by__name",
    columns={"title": "title", "why": "withdrawn_why"},
    headline=lambda facts: _("Document withdrawn: %(title)s") % {"title": facts["title"]},
    body=lambda facts: facts["why"],
)  # fmt: skip


# Risk, need, plan


def _sas_body(facts) -> str:
    return _lines(
        _told(_("The client’s own view"), facts["view"]),
        _told(_("The worker’s judgement"), facts["judgement"]),
    )


tell(
    m.SasReview, kind="risk", kind_word=RISK, at="reviewed_at",
    columns={"kind": "kind", "risk": "risk", "view": "client_view", "judgement": "judgement"},
    headline=lambda facts: _("Safety and Support: %(kind)s")
    % {"kind": lower_first(_word(m.SasReview.Kind, facts["kind"]))},
    body=_sas_body, mark=lambda facts: marks.risk_mark(facts["risk"]), url_name="show_sas",
)  # fmt: skip
tell(
    m.SupportPlan, kind="plan", kind_word=PLAN, at="recorded_at", columns={},
    headline=lambda facts: _("Support plan written"), url_name="show_plan",
)  # fmt: skip
tell(
    m.SupportPlan, kind="plan", kind_word=PLAN, at="shared_on", columns={}, by_lookup="",
    headline=lambda facts: _("Support plan shared with the client"), url_name="show_plan",
)  # fmt: skip


def _action_closed(facts) -> str:
    done = facts["outcome"] == m.PlanAction.Outcome.DONE
    return (_("Done: %(what)s") if done else _("Not done: %(what)s")) % {"what": facts["what"]}


tell(
    m.PlanAction, kind="plan", kind_word=PLAN, at="recorded_at",
    columns={"what": "what", "doer": "doer", "agency": "agency__name", "due": "due_on"},
    headline=lambda facts: _("To do: %(what)s") % {"what": facts["what"]},
    body=lambda facts: _("%(who)s, by %(day)s") % {
        "who": facts["agency"] or _word(m.PlanAction.Doer, facts["doer"]), "day": _day(facts["due"]),
    },
)  # fmt: skip
tell(
    m.PlanAction, kind="plan", kind_word=PLAN, at="closed_on", by_lookup="",
    columns={"what": "what", "outcome": "outcome", "why": "why_not"},
    headline=_action_closed, body=lambda facts: facts["why"],
)  # fmt: skip


# Onward referrals and unmet needs


def _onward(facts) -> str:
    if facts["agency"]:
        return _("Referral to %(agency)s") % {"agency": facts["agency"]}
    return _("Unmet need: no service to refer to")


def _onward_answered(facts) -> str:
    answer = lower_first(_word(m.OnwardReferral.Answer, facts["answer"]))
    return _("%(agency)s: %(answer)s") % {"agency": facts["agency"] or _("Unmet need"), "answer": answer}


tell(
    m.OnwardReferral, kind="plan", kind_word=gettext_lazy("Onward referral"), at="recorded_at",
    columns={"agency": "agency__name", "need": "need", "unheld": "unheld_risk"},
    headline=_onward,
    body=lambda facts: _lines(
        facts["need"], _("A risk outside our scope that no agency holds.") if facts["unheld"] else ""
    ),
    url_name="answer_onward_referral", url_key="referral_id",
)  # fmt: skip
tell(
    m.OnwardReferral, kind="plan", kind_word=gettext_lazy("Onward referral"), at="answered_on", by_lookup="",
    columns={"agency": "agency__name", "answer": "answer", "outcome": "outcome"},
    headline=_onward_answered, body=lambda facts: facts["outcome"],
    url_name="answer_onward_referral", url_key="referral_id",
)  # fmt: skip
tell(
    m.OnwardReferral, kind="plan", kind_word=gettext_lazy("Onward referral"), at="held_since", by_lookup="",
    columns={"need": "need"}, where={"unheld_risk": True},
    headline=lambda facts: _("A risk outside our scope is held by somebody now"), body=lambda facts: facts["need"],
    url_name="answer_onward_referral", url_key="referral_id",
)  # fmt: skip


# Safeguarding


_CONCERN = {"url_name": "update_safeguarding", "url_key": "concern_id"}

tell(
    m.SafeguardingConcern, kind="safeguarding", kind_word=SAFEGUARDING, at="raised_at",
    columns={"who": "who", "what": "what", "why_not": "not_referred_why"},
    headline=lambda facts: _("Safeguarding concern: %(who)s")
    % {"who": lower_first(_word(m.SafeguardingConcern.Who, facts["who"]))},
    body=lambda facts: _lines(facts["what"], _told(_("Not referred the same day, because"), facts["why_not"])),
    **_CONCERN,
)  # fmt: skip
tell(
    m.SafeguardingConcern, kind="safeguarding", kind_word=SAFEGUARDING, at="referred_at", by_lookup="",
    columns={"to": "referred_to"},
    headline=lambda facts: _("Safeguarding concern referred: %(to)s") % {"to": facts["to"]}, **_CONCERN,
)  # fmt: skip
tell(
    m.SafeguardingConcern, kind="safeguarding", kind_word=SAFEGUARDING, at="manager_told_at", by_lookup="",
    columns={"manager": "manager_told__name"},
    headline=lambda facts: _("Safeguarding concern told to %(manager)s")
    % {"manager": facts["manager"] or _("the manager")},
    **_CONCERN,
)  # fmt: skip
tell(
    m.SafeguardingConcern, kind="safeguarding", kind_word=SAFEGUARDING, at="closed_on", by_lookup="",
    columns={"outcome": "outcome"}, headline=lambda facts: _("Safeguarding concern closed"),
    body=lambda facts: facts["outcome"], **_CONCERN,
)  # fmt: skip


# Safe contact: the value itself is never on the timeline, it could be the wrong one

_SAFE = {"kind": "decision", "kind_word": SAFE_CONTACT, "of": "client",
         "columns": {"kind": "kind", "how": "confirmed_how", "standing": "standing"}}  # fmt: skip


def _contact_kind(facts) -> str:
    return lower_first(_word(m.SafeContact.Kind, facts["kind"]))


tell(
    m.SafeContact, at="recorded_at",
    only=Q(standing=m.SafeContact.Standing.PROPOSED) | Q(replaces__isnull=False) | Q(confirmed_by__isnull=False),
    headline=lambda facts: _("Proposed, not to be used yet: a new %(kind)s") % {"kind": _contact_kind(facts)}, **_SAFE,
)  # fmt: skip
tell(
    m.SafeContact, at="confirmed_at", by_lookup="confirmed_by__name",
    headline=lambda facts: _("Confirmed with the client: the new %(kind)s") % {"kind": _contact_kind(facts)},
    body=lambda facts: facts["how"], **_SAFE,
)  # fmt: skip
tell(
    m.SafeContact, at="seconded_at", by_lookup="seconded_by__name",
    headline=lambda facts: _("Agreed by a second person, in use from now on: the new %(kind)s")
    % {"kind": _contact_kind(facts)},
    **_SAFE,
)  # fmt: skip
tell(
    m.SafeContact, at="rules_changed_at", by_lookup="rules_changed_by__name",
    headline=lambda facts: _("What is safe has changed: the %(kind)s") % {"kind": _contact_kind(facts)},
    body=lambda facts: facts["how"], **_SAFE,
)  # fmt: skip
tell(
    m.SafeContact, at="stopped_at", by_lookup="stopped_by__name",
    headline=lambda facts: _("Not used any more, from this moment: the %(kind)s") % {"kind": _contact_kind(facts)},
    body=lambda facts: facts["why"], **_SAFE | {"columns": {"kind": "kind", "why": "stopped_why"}},
)  # fmt: skip


# Agreement, consent, justice, endings


def _agreement(facts) -> str:
    return _("Client agreement: %(how)s") % {"how": lower_first(_word(m.ClientAgreement.How, facts["how"]))}


tell(
    m.ClientAgreement, kind="decision", kind_word=AGREEMENT, at="recorded_at", columns={"how": "how", "on": "agreed_on"},
    headline=_agreement, body=lambda facts: _("Agreed on %(day)s.") % {"day": _day(facts["on"])},
    url_name="show_sharing",
)  # fmt: skip
tell(
    m.AgencyConsent, kind="decision", kind_word=AGREEMENT, at="recorded_at",
    columns={"agency": "agency__name", "answer": "answer", "on": "dated_on", "route": "route",
             "exceptions": "exceptions"},
    headline=lambda facts: _("Consent to tell %(agency)s: %(answer)s")
    % {"agency": facts["agency"], "answer": lower_first(_word(m.AgencyConsent.Answer, facts["answer"]))},
    body=lambda facts: _lines(
        _("On %(day)s.") % {"day": _day(facts["on"])}, _told(_("Route"), facts["route"]),
        _told(_("Exceptions"), facts["exceptions"]),
    ),
    url_name="show_sharing",
)  # fmt: skip
tell(
    m.AgencyConsent, kind="decision", kind_word=AGREEMENT, at="told_on", by_lookup="",
    columns={"agency": "agency__name"},
    headline=lambda facts: _("%(agency)s told of the ISVA") % {"agency": facts["agency"]}, url_name="show_sharing",
)  # fmt: skip
tell(
    m.JusticeUpdate, kind="decision", kind_word=JUSTICE, at="recorded_at",
    columns={"stage": "stage", "since": "since", "trial": "trial_on", "note": "note"},
    headline=lambda facts: _("Justice process: %(stage)s") % {"stage": _word(JusticeStage, facts["stage"])},
    body=lambda facts: _lines(
        _("Since %(day)s.") % {"day": _day(facts["since"])},
        _("Trial on %(day)s.") % {"day": _day(facts["trial"])} if facts["trial"] else "", facts["note"],
    ),
    url_name="show_justice",
)  # fmt: skip
tell(
    m.StepDown, kind="decision", kind_word=DECISION, at="recorded_at", columns={"reason": "reason"},
    headline=lambda facts: _("Step-down proposed"), body=lambda facts: facts["reason"],
)  # fmt: skip
tell(
    m.StepDown, kind="decision", kind_word=DECISION, at="decided_at", by_lookup="decided_by__name",
    columns={"decision": "decision", "why": "decision_reason"},
    headline=lambda facts: _("Step-down: %(decision)s") % {"decision": lower_first(_word(m.Decision, facts["decision"]))},
    body=lambda facts: facts["why"],
)  # fmt: skip
tell(
    m.Closure, kind="decision", kind_word=DECISION, at="recorded_at",
    columns={"reason": "reason", "changed": "what_changed"},
    headline=lambda facts: _("Closure proposed: %(reason)s")
    % {"reason": lower_first(_word(m.Closure.Reason, facts["reason"]))},
    body=lambda facts: facts["changed"],
)  # fmt: skip
tell(
    m.Closure, kind="decision", kind_word=DECISION, at="decided_at", by_lookup="decided_by__name",
    columns={"decision": "decision", "why": "decision_reason", "override": "override_reason"},
    headline=lambda facts: _("Closure: %(decision)s") % {"decision": lower_first(_word(m.Decision, facts["decision"]))},
    body=lambda facts: _lines(facts["why"], _told(_("Closed all the same, because"), facts["override"])),
)  # fmt: skip


# Emergency openings: whoever carries the case sees that it was opened, by whom and why

tell(
    m.Grant, kind="decision", kind_word=EMERGENCY, at="starts_at", by_lookup="user__name",
    columns={"category": "category", "reason": "reason"}, where={"why": m.Grant.Why.BREAK_GLASS.value},
    headline=lambda facts: _("Opened in an emergency: %(why)s")
    % {"why": lower_first(_word(m.Grant.Category, facts["category"]))},
    body=lambda facts: facts["reason"],
)  # fmt: skip
tell(
    m.EmergencyReview, kind="decision", kind_word=EMERGENCY, at="reviewed_at", by_lookup="reviewed_by__name",
    columns={"verdict": "verdict", "note": "note"},
    headline=lambda facts: _("Emergency opening reviewed: %(verdict)s")
    % {"verdict": lower_first(_word(m.EmergencyReview.Verdict, facts["verdict"]))},
    body=lambda facts: facts["note"],
)  # fmt: skip

"""First contact: every attempt to reach a person, the client's own rule for each, and when enough has been tried.

Sources: quality standard, first contact within 5 working days; report, Triage. *Contact* means that the person knows
that the referral is accepted and that support will be provided: an attempt never satisfies it.
"""

import datetime as dt

from django.db import transaction
from django.db.models import Q, Value
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from casework.models import Case, SafeContact, StageEntry
from casework.standing import note_contact
from isva.clock.moment import LONDON
from isva.pathway import Stage
from triage.models import ContactAttempt, InterimReview
from triage.refusals import Refused
from triage.stages.taking import take_in_hand

Method, Outcome = ContactAttempt.Method, ContactAttempt.Outcome

#: What an attempt goes to, and which answer of the client must allow it.
NEEDS = {
    Method.PHONE: (SafeContact.Kind.PHONE, "safe_to_call"),
    Method.TEXT: (SafeContact.Kind.PHONE, "safe_to_text"),
    Method.EMAIL: (SafeContact.Kind.EMAIL, "safe_to_write"),
    Method.LETTER: (SafeContact.Kind.ADDRESS, "safe_to_write"),
}
#: When, by which method, and whether it ended a row of attempts in vain: the person was reached, or the case reopened.
Event = tuple[dt.datetime, str, bool]

#: Stages in which somebody may still be waiting for the first contact.
ATTEMPT_STAGES = frozenset({Stage.REFERRAL, Stage.TRIAGE, Stage.INTERIM, Stage.ALLOCATION})
#: Methods that are needed, each at least once, before a person counts as one who cannot be reached.
METHODS_BEFORE_UNABLE = 2


def broken_rule(*, method: str, contact: SafeContact | None, left_message: bool = False) -> str:
    """The client's own rule that an attempt breaks, in words; empty where it breaks none.

    ``contact`` is the number or address that was used, None for one that is not on the record.
    """
    if method not in NEEDS:
        return ""
    kind, allowed = NEEDS[Method(method)]
    if contact is None:
        return _("That number or address is not one of the client’s safe contacts.")
    if contact.standing != SafeContact.Standing.IN_USE:
        return _("That number or address is not in use: it has not been confirmed, or was replaced.")
    if contact.kind != kind:
        return _("That is not a safe contact of this kind.")
    if not getattr(contact, allowed):
        return {
            "safe_to_call": _("The client said that it is not safe to call this number."),
            "safe_to_text": _("The client said that it is not safe to text this number."),
            "safe_to_write": _("The client said that it is not safe to write to this address."),
        }[allowed]
    if left_message and method == Method.PHONE and not contact.safe_to_leave_message:
        return _("The client said that it is not safe to leave a message on this number.")
    return ""


def cannot_be_contact(*, method: str, outcome: str, note: str = "") -> str:
    """Why an attempt cannot count as first contact, in words; empty where it can (or does not claim to).

    A letter that was sent tells nobody anything yet; through the referrer, somebody else has to say that the person
    knows, and the record says who.
    """
    if outcome != Outcome.TOLD:
        return ""
    if method == Method.LETTER:
        return _("A letter is an attempt. Record first contact when the person answers, the way they answer.")
    if method == Method.REFERRER and not note.strip():
        return _("Say in the note who told the person, and how you know that they know.")
    return ""


@transaction.atomic
def record_attempt(
    case: Case, *, at: dt.datetime, method: str, outcome: str, by, contact: SafeContact | None = None,
    message_was_safe: bool = False, note: str = "", against_rule: str = "",
) -> ContactAttempt:  # fmt: skip
    """Record one attempt to reach a person after a referral; *told* is first contact, nothing else is.

    ``at`` is when it was made; one that a form dates into the minute of receipt counts from receipt.
    Raises WrongStage once an ISVA carries the case, Refused for an attempt before receipt, one that breaks the
    client's own rule without a reason, or a first contact that cannot be one.
    """
    take_in_hand(case, ATTEMPT_STAGES)
    left_message = outcome == Outcome.MESSAGE
    rule = broken_rule(method=method, contact=contact, left_message=left_message)
    if rule and not against_rule.strip():
        raise Refused(rule)
    if reason := cannot_be_contact(method=method, outcome=outcome, note=note) or before_receipt(case, at):
        raise Refused(reason)
    attempt = ContactAttempt(
        case=case, at=max(at, case.opened_at), method=method, safe_contact=contact, outcome=outcome,
        message_was_safe=message_was_safe and left_message, note=note, against_rule=against_rule if rule else "",
        recorded_by=by,
    )  # fmt: skip
    attempt.save(force_insert=True)
    if outcome == Outcome.TOLD:
        note_contact(case, at=attempt.at)
    return attempt


def before_receipt(case: Case, at: dt.datetime) -> str:
    """Why an attempt at this moment cannot be: the referral had not been received; empty where it had."""
    if at >= case.opened_at.replace(second=0, microsecond=0):
        return ""
    return _("The referral was received after that. Check the date and the time.")


def may_be_unable_to_contact(case: Case) -> bool:
    """Whether enough has been tried to say that a person cannot be reached."""
    return not missing_before_unable(case)


def missing_before_unable(case: Case, *, events: list[Event] | None = None) -> list[str]:
    """What is still to be tried before *unable to contact* may be chosen, in words; empty when enough has been.

    Asked for (report, Triage; service settings): so many attempts at different times, by at least two methods, since
    the person was last reached. Attempts in the same part of one day (morning, afternoon, evening) are one time.
    ``events`` spares a query to a page that has read them.
    """
    tried = _in_vain(_events(case) if events is None else events)
    times = {_part_of_day(at) for at, _method in tried}
    methods = {method for _at, method in tried}
    needed = case.service.attempts_before_unable_to_contact
    missing = []
    if len(times) < needed:
        missing.append(
            ngettext(
                "%(times)d of %(needed)d attempts at different times (another day, or another part of the day) so far.",
                "%(times)d of %(needed)d attempts at different times (another day, or another part of the day) so far.",
                len(times),
            )
            % {"times": len(times), "needed": needed}
        )
    if len(methods) < METHODS_BEFORE_UNABLE:
        missing.append(_("Attempts by at least two methods are needed: a call and a text, for example."))
    return missing


def event_of(attempt: ContactAttempt) -> Event:
    """An attempt as ``missing_before_unable`` takes it."""
    return attempt.at, attempt.method, attempt.outcome == Outcome.TOLD


def _events(case: Case) -> list[Event]:
    """Every attempt and check-in, and every reopening, in one query."""
    attempts = ContactAttempt.objects.filter(case=case).values_list("at", "method", Q(outcome=Outcome.TOLD))  # type: ignore[arg-type]
    check_ins = InterimReview.objects.filter(case=case).values_list("at", "method", Q(reached=True))  # type: ignore[arg-type]
    reopened = StageEntry.objects.filter(case=case, stage=Stage.CLOSED, left_at__isnull=False)
    return list(attempts.union(check_ins, reopened.values_list("left_at", Value(""), Value(True)), all=True))


def _in_vain(events: list[Event]) -> list[tuple[dt.datetime, str]]:
    """When and how the person was tried, in vain, since they were last reached (or since the case was reopened)."""
    since = max((at for at, _method, turned in events if turned), default=None)
    return [(at, method) for at, method, turned in events if not turned and (since is None or at > since)]


def _part_of_day(at: dt.datetime) -> tuple[dt.date, int]:
    """The day, and whether it was morning (0), afternoon (1, from 12:00) or evening (2, from 17:00)."""
    local = at.astimezone(LONDON)
    return local.date(), (local.hour >= 12) + (local.hour >= 17)

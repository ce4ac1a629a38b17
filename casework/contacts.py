"""Contacts with and for a client, appointments, and notes: what an ISVA records every day.

Sources: statutory guidance 26 (the plan is reviewed after every contact), 29 and 30 (feelings and support, not the
evidence; what to do when new detail is disclosed); quality standard: support and contact.
"""

import datetime as dt

from django.utils.translation import gettext as _

from casework import safe_contacts
from casework.access import live_grants
from casework.models import Answer, Appointment, Case, Contact, Note
from casework.sas.complexity import reckon_complexity
from casework.sas.recording import review_after_change
from casework.stages.active_support import first_session_held
from casework.standing import REACHED, note_contact
from isva.accounts.models import User
from isva.clock.moment import now
from isva.pathway import CARRIED_STAGES, WrongStage
from isva.stale import refuse_stale

_CANCELLED = {
    Contact.Attendance.CANCELLED_CLIENT,
    Contact.Attendance.CANCELLED_SERVICE,
    Contact.Attendance.CANCELLED_OTHER,
}


def record_contact(
    case: Case, *, by, at: dt.datetime, mode, with_whom, attendance, purpose, note: str = "", minutes: int | None = None,
    plan_answer: str = "", risk_answer: str = "", crisis_actions: str = "", crisis_told: str = "",
    debrief_offered: bool = False, new_detail: bool = False, told_of_duty: bool = False, note_taken: bool = False,
    police_notified_at: dt.datetime | None = None, against_rule: str = "", appointment: Appointment | None = None,
) -> Contact:  # fmt: skip
    """Record a contact, and let follow from it what follows: last contact, complexity, a review of risk.

    ``plan_answer`` and ``risk_answer`` may be left empty; they fall due then (``answer_contact``).
    ``appointment`` is the appointment that this contact was.

    Raises WrongStage where no ISVA carries the case or the appointment has ended already, ValueError where the
    contact breaks the client's own rule and ``against_rule`` does not say why.
    """
    if case.stage not in CARRIED_STAGES:
        raise WrongStage(
            _("Contacts are recorded while an ISVA supports the client. This case is at another stage.")
        )
    broken = rule_broken_by(case, mode=mode, with_whom=with_whom, attendance=attendance)
    if broken and not against_rule:
        raise ValueError(broken)
    if appointment is not None:
        appointment = _still_open(appointment)
    contact = Contact(
        case=case, appointment=appointment, at=at, minutes=minutes, mode=mode, with_whom=with_whom,
        attendance=attendance, purpose=purpose, note=note, plan_answer=plan_answer, risk_answer=risk_answer,
        crisis_actions=crisis_actions, crisis_told=crisis_told, debrief_offered=debrief_offered, new_detail=new_detail,
        told_of_duty=told_of_duty, note_taken=note_taken, police_notified_at=police_notified_at,
        against_rule=against_rule if broken else "", recorded_by=by,
    )  # fmt: skip
    contact.save(force_insert=True)
    if _reached(contact):
        note_contact(case, at=at)
    if purpose == Contact.Purpose.FIRST_SESSION and attendance == Contact.Attendance.ATTENDED:
        first_session_held(case, at=at, by=by)
    reckon_complexity(case, by=by)
    if risk_answer == Answer.CHANGED:
        review_after_change(case, why=_("the risk changed at a contact"), by=by)
    return contact


def rule_broken_by(case: Case, *, mode, with_whom, attendance, contacts=None) -> str:
    """Which rule of the client's this contact breaks, in words; empty where none (a cancelled one breaks none)."""
    if attendance in _CANCELLED:
        return ""
    known = safe_contacts.contacts_of(case.client) if contacts is None else contacts
    return safe_contacts.broken_rule(mode=mode, with_whom=with_whom, contacts=known)


#: What a contact may leave open.
ANSWERS = ("plan_answer", "risk_answer", "told_of_duty", "note_taken", "police_notified_at")


def answer_contact(
    contact: Contact, *, by, plan_answer: str, risk_answer: str, told_of_duty: bool = False, note_taken: bool = False,
    police_notified_at: dt.datetime | None = None, seen: str | None = None,
) -> Contact:  # fmt: skip
    """Answer what a contact left open: whether plan and risk changed, and the steps after new detail.

    ``seen`` is the mark of what was open on the page; raises ChangedMeanwhile where somebody has answered since.
    Who has seen an answer and gives another replaces it; nothing takes an answer back. A risk that changed brings
    the next SaS review forward.
    """
    locked = (
        Contact.objects.select_for_update(of=("self",)).select_related("case__service").get(pk=contact.pk)
    )
    refuse_stale(locked, ANSWERS, seen=seen)
    risk_before = locked.risk_answer
    locked.plan_answer = plan_answer or locked.plan_answer
    locked.risk_answer = risk_answer or locked.risk_answer
    if locked.new_detail:
        locked.told_of_duty = told_of_duty or locked.told_of_duty
        locked.note_taken = note_taken or locked.note_taken
        locked.police_notified_at = police_notified_at or locked.police_notified_at
    locked.save(update_fields=list(ANSWERS))
    if risk_before != Answer.CHANGED and locked.risk_answer == Answer.CHANGED:
        review_after_change(locked.case, why=_("the risk changed at a contact"), by=by)
    return locked


def is_open(contact: Contact) -> bool:
    """Whether a contact still owes an answer, or a step after new detail was disclosed."""
    steps = contact.told_of_duty and contact.note_taken and contact.police_notified_at
    return not contact.plan_answer or not contact.risk_answer or (contact.new_detail and not steps)


def plan_appointment(
    case: Case, *, by, at: dt.datetime, minutes: int, mode, worker, place: str = "", purpose: str = ""
) -> Appointment:
    """Plan a session, a call or a court day. Raises WrongStage on a closed case."""
    if not case.is_open:
        raise WrongStage(_("This case is closed. An appointment belongs to an open case."))
    appointment = Appointment(
        case=case,
        at=at,
        minutes=minutes,
        mode=mode,
        worker=worker,
        place=place,
        purpose=purpose,
        recorded_by=by,
    )
    appointment.save(force_insert=True)
    return appointment


def cancel_appointment(appointment: Appointment, *, why: str, by) -> Appointment:
    """Take an appointment out of the diary. Raises WrongStage where it was cancelled or recorded already."""
    locked = _still_open(appointment)
    locked.cancelled_at = now()
    locked.cancelled_why = why
    locked.save(update_fields=["cancelled_at", "cancelled_why"])
    return locked


def workers_of(case: Case, *, and_also=None):
    """Who may go to an appointment: whoever may see the case by a grant now, its ISVA, and ``and_also``."""
    keys: set = {grant.user_id for grant in live_grants(case)} | {case.lead_isva_id, case.interim_worker_id}
    if and_also is not None:
        keys.add(and_also.pk)
    return User.objects.filter(pk__in=keys - {None}, is_active=True, is_system=False).order_by("name")


def appointments_ahead(case: Case) -> list[Appointment]:
    """The appointments of a case that are neither recorded nor cancelled, the next one first. One query."""
    rows = Appointment.objects.filter(case=case, cancelled_at__isnull=True, contact__isnull=True)
    return list(rows.select_related("worker").order_by("at"))


def write_note(case: Case, *, text: str, by) -> Note:
    """Write a note on a case that is not a contact."""
    note = Note(case=case, text=text, recorded_by=by)
    note.save(force_insert=True)
    return note


def _reached(contact: Contact) -> bool:
    return contact.attendance == REACHED["attendance"] and contact.with_whom in REACHED["with_whom__in"]


def _still_open(appointment: Appointment) -> Appointment:
    locked = Appointment.objects.select_for_update(of=("self",)).select_related("case").get(pk=appointment.pk)
    if locked.cancelled_at:
        raise WrongStage(_("This appointment was cancelled."))
    if Contact.objects.filter(appointment=locked).exists():
        raise WrongStage(_("This appointment is recorded already."))
    return locked

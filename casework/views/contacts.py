"""Pages of contacts and appointments: recorded in one screen, answered where something was left open."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from casework import contacts, safe_contacts
from casework.doors import case_page, find
from casework.forms.contacts import AnswerContactForm, AppointmentForm, CancelAppointmentForm, ContactForm
from casework.models import Answer, Contact
from casework.views import drafts
from casework.views.frame import case_frame
from isva.access.roles import Permission
from isva.clock.moment import now
from isva.drafts.saving import posted, saved
from isva.interface.words import listed, minutes_words, short_when
from isva.pathway import CARRIED_STAGES


def _case_url(case) -> str:
    return reverse("show_case", kwargs={"case_id": case.pk})


@case_page(Permission.CHANGE_CASE)
def record_contact(request, case):
    """Record a contact. ``?appointment=`` takes over what was planned; a draft is kept while it is written."""
    if case.stage not in CARRIED_STAGES:
        messages.info(
            request,
            _("Contacts are recorded while an ISVA supports the client. This case is at another stage."),
        )
        return redirect("show_case", case_id=case.pk)
    appointment = _appointment_asked_for(request, case)
    offer = drafts.offered(request, case, "record_contact", ContactForm)
    known = safe_contacts.contacts_of(case.client)
    initial = _first_answers(case, appointment) | offer.pop("initial")
    form = ContactForm(posted(request), case=case, contacts=known, initial=initial)

    def record():
        given = {name: value for name, value in form.cleaned_data.items() if name != "once"}
        contacts.record_contact(case, by=request.user, appointment=appointment, **_without_nothing(given))

    if request.method == "POST" and saved(request, form, record):
        drafts.forget(request, case, "record_contact")
        messages.success(request, _recorded(form.cleaned_data))
        return redirect("show_case", case_id=case.pk)
    context = case_frame(request, case, "", next_step=False) | offer
    context |= {
        "form": form,
        "submit": _("Record contact"),
        "cancel_url": _case_url(case),
        "appointment": short_when(appointment.at, now=now()) if appointment else "",
    }
    return render(request, "casework/record_contact.html", context)


def _without_nothing(given: dict) -> dict:
    """Answers that were not asked are left out, so that each keeps its own nothing."""
    return {name: value for name, value in given.items() if value is not None}


def _appointment_asked_for(request, case):
    key = request.GET.get("appointment")
    return find(case.appointment_set.all(), key) if key else None


def _first_answers(case, appointment) -> dict:
    if appointment is None:
        return {}
    return {
        "at": min(appointment.at, now()),
        "minutes": appointment.minutes,
        "mode": appointment.mode,
    }


def _recorded(given: dict) -> str:
    changed = []
    if given["plan_answer"] == Answer.CHANGED:
        changed.append(_("update the plan"))
    if given["risk_answer"] == Answer.CHANGED:
        changed.append(_("review SaS"))
    if changed:
        return _("Contact recorded. Next: %(what)s.") % {"what": listed(changed)}
    return _("Contact recorded.")


@case_page(Permission.VIEW_CASE)
def show_contact(request, case, contact_id):
    """One contact with everything that was written down about it."""
    contact = find(case.contact_set.select_related("recorded_by", "case"), contact_id)
    context = case_frame(request, case, "")
    owes = contacts.is_open(contact) and context["frame"]["may_change"]
    context |= {
        "contact": contact,
        "when": short_when(contact.at, now=now()),
        "rows": _rows(contact),
        "answer_url": reverse("answer_contact", kwargs={"case_id": case.pk, "contact_id": contact.pk})
        if owes
        else "",
    }
    return render(request, "casework/show_contact.html", context)


def _rows(contact: Contact) -> list[dict]:
    answer = {"": _("Not answered yet")} | dict(Answer.choices)
    found = [
        (_("How"), contact.get_mode_display()),
        (_("With whom"), contact.get_with_whom_display()),
        (_("Did it take place?"), contact.get_attendance_display()),
        (_("How long"), minutes_words(contact.minutes) if contact.minutes else ""),
        (_("What for"), contact.get_purpose_display()),
        (_("Against the client’s own contact rule, because"), contact.against_rule),
        (_("Crisis: what was done"), contact.crisis_actions),
        (_("Crisis: who was told"), contact.crisis_told),
    ]
    if contact.purpose == Contact.Purpose.CRISIS:
        found.append(
            (_("A debrief was offered to the worker"), _("Yes") if contact.debrief_offered else _("No"))
        )
    found += [(_("The plan"), answer[contact.plan_answer]), (_("The risk"), answer[contact.risk_answer])]
    if contact.new_detail:
        found += [
            (_("New detail was disclosed"), _("Yes")),
            (_("The client was told of our duty"), _("Yes") if contact.told_of_duty else _("Not yet")),
            (_("A note was taken"), _("Yes") if contact.note_taken else _("Not yet")),
            (_("Police told"), short_when(contact.police_notified_at, now=now()) or _("Not yet")),
        ]
    found.append((_("Recorded"), f"{short_when(contact.recorded_at, now=now())}, {contact.recorded_by.name}"))
    return [{"key": key, "value": value} for key, value in found if value]


@case_page(Permission.CHANGE_CASE)
def answer_contact(request, case, contact_id):
    """Answer what a contact left open: plan, risk, the steps after new detail."""
    contact = find(case.contact_set.all(), contact_id)
    if not contacts.is_open(contact) and request.method != "POST":
        messages.info(request, _("This contact is answered already."))
        return redirect("show_contact", case_id=case.pk, contact_id=contact.pk)
    form = AnswerContactForm(posted(request), contact=contact)

    def answer():
        seen = form.cleaned_data["seen"] or None
        contacts.answer_contact(contact, by=request.user, seen=seen, **form.answers())

    if request.method == "POST" and saved(request, form, answer):
        messages.success(request, _recorded({"plan_answer": "", "risk_answer": ""} | form.answers()))
        return redirect("show_case", case_id=case.pk)
    context = case_frame(request, case, "", next_step=False)
    context |= {
        "form": form,
        "submit": _("Save answers"),
        "cancel_url": _case_url(case),
        "about": _("%(purpose)s, %(when)s") % {
            "purpose": contact.get_purpose_display(), "when": short_when(contact.at, now=now()),
        },
        "note": contact.note,
    }  # fmt: skip
    return render(request, "casework/answer_contact.html", context)


@case_page(Permission.CHANGE_CASE)
def plan_appointment(request, case):
    """Plan a session, a call or a court day; those that lie ahead are listed with it."""
    if not case.is_open:
        messages.info(request, _("This case is closed. An appointment belongs to an open case."))
        return redirect("show_case", case_id=case.pk)
    form = AppointmentForm(
        posted(request),
        workers=contacts.workers_of(case, and_also=request.user),
        contacts=safe_contacts.contacts_of(case.client),
        initial={"worker": case.lead_isva_id or case.interim_worker_id or request.user.pk},
    )

    def plan():
        given = {name: value for name, value in form.cleaned_data.items() if name != "once"}
        contacts.plan_appointment(case, by=request.user, **given)

    if request.method == "POST" and saved(request, form, plan):
        messages.success(request, _("The appointment is planned."))
        return redirect("plan_appointment", case_id=case.pk)
    context = case_frame(request, case, "", next_step=False)
    context |= {
        "form": form,
        "submit": _("Plan appointment"),
        "cancel_url": _case_url(case),
        "ahead": [_appointment_row(case, one) for one in contacts.appointments_ahead(case)],
    }
    return render(request, "casework/plan_appointment.html", context)


def _appointment_row(case, appointment) -> dict:
    key = {"case_id": case.pk, "appointment_id": appointment.pk}
    actions = [
        {
            "text": _("Cancel"),
            "url": reverse("cancel_appointment", kwargs=key),
            "hidden": _("this appointment"),
        }
    ]
    if case.stage in CARRIED_STAGES and appointment.at <= now():
        actions.insert(0, {
            "text": _("Record"), "hidden": _("how this appointment went"),
            "url": reverse("record_contact", kwargs={"case_id": case.pk}) + f"?appointment={appointment.pk}",
        })  # fmt: skip
    return {
        "key": short_when(appointment.at, now=now()),
        "lines": [
            line
            for line in (
                f"{appointment.get_mode_display()}, {minutes_words(appointment.minutes)}",
                appointment.purpose,
                appointment.place,
                appointment.worker.name,
            )
            if line
        ],
        "actions": actions,
    }


@case_page(Permission.CHANGE_CASE)
def cancel_appointment(request, case, appointment_id):
    """Take an appointment out of the diary, and say why."""
    appointment = find(case.appointment_set.select_related("worker"), appointment_id)
    form = CancelAppointmentForm(posted(request))
    if request.method == "POST" and saved(
        request,
        form,
        lambda: contacts.cancel_appointment(appointment, why=form.cleaned_data["why"], by=request.user),
    ):
        messages.success(request, _("The appointment is cancelled."))
        return redirect("show_case", case_id=case.pk)
    context = case_frame(request, case, "", next_step=False)
    context |= {
        "form": form,
        "submit": _("Cancel appointment"),
        "cancel": _("Keep it"),
        "cancel_url": _case_url(case),
        "kind": "warning",
        "when": short_when(appointment.at, now=now()),
        "worker": appointment.worker.name,
    }
    return render(request, "casework/cancel_appointment.html", context)

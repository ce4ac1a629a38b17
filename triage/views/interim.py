"""Interim support, screen by screen: the check-in, and the moves of somebody who waits."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from casework.doors import case_page
from casework.forms.sas import SasForm
from casework.models import SasReview
from casework.sas.history import latest_review, scores_of
from casework.sas.instruments import instrument_in_use
from casework.views import drafts
from casework.views.frame import case_frame
from isva.access.roles import Permission
from isva.clock.moment import now
from isva.codes import Risk
from isva.drafts.saving import posted, saved
from isva.interface import marks
from isva.interface.words import long_date, short_when
from isva.pathway import WAITING_STAGES
from isva.stale import as_seen
from triage import queries
from triage.forms.assessment import CloseWaitingForm
from triage.forms.waiting import CheckInForm, InterimWorkerForm, ReasonForm, ReturnForm
from triage.people import who_may_keep_in_touch
from triage.stages import attempts, interim, triage, urgent
from triage.views.triage import both_forms, screening_of, waiting_moves, without_prefix


@case_page(Permission.CHANGE_CASE)
def check_in(request, case):
    """Record a check-in on one screen: reached or not, screened again, and when next."""
    before = latest_review(case)
    instrument = instrument_in_use()
    same_scale = before is not None and before.instrument_id == instrument.pk
    questions = {
        "instrument": instrument, "kind": SasReview.Kind.SCREENING, "prefix": "sas",
        "previous": scores_of(before) if same_scale else None,
    }  # fmt: skip
    draft = drafts.offered(request, case, "check_in", both_forms(CheckInForm, SasForm(**questions)))
    initial = {
        "at": now(),
        "next_review_on": interim.latest_review_day(case.service, case.risk),
        "sas-risk": case.risk,
    }
    initial |= draft.pop("initial")
    context = case_frame(request, case, "", next_step=False)
    form = CheckInForm(posted(request), case=case, contacts=context["frame"]["contacts"], initial=initial)
    screening = SasForm(posted(request), initial=without_prefix(initial, "sas"), **questions)
    if request.method == "POST" and _check_in(request, case, form, screening):
        drafts.forget(request, case, "check_in")
        return _after_check_in(request, case)
    context |= draft | {
        "form": form,
        "formset": screening,
        "screening": screening,
        "is_waiting": queries.is_waiting(case),
        "before": _("The last one was on %(day)s.") % {"day": long_date(before.reviewed_at)}
        if before
        else "",
        "ceilings": [
            _("%(risk)s risk: by %(day)s")
            % {"risk": risk.label, "day": long_date(interim.latest_review_day(case.service, risk))}
            for risk in Risk
        ],
        "history": [_check_in_entry(review) for review in queries.check_ins_of(case)],
        "empty": {"title": _("No check-in yet"), "text": _("This will be the first.")},
        "moves": waiting_moves(case)[1:] if _handles_waiting(request) else [],
    }
    return render(request, "triage/check_in.html", context)


def _handles_waiting(request) -> bool:
    return request.acting.can(Permission.HANDLE_INTAKE) or request.acting.can(Permission.SEE_ALL_CASES)


def _check_in(request, case, form, screening) -> bool:
    answered = form.is_valid()
    reached = form.cleaned_data.get("reached")
    if reached and screening.is_valid() and not screening.scores():
        screening.add_error(None, _("Score at least one domain: the person was reached."))
    scored = not reached or not screening.errors
    if answered:
        risk = screening.cleaned_data.get("risk") if reached and scored else case.risk
        if risk:
            form.check_ceiling(case.service, risk)
    if form.errors or not scored:
        return False
    cleaned = form.cleaned_data

    def check():
        interim.check_in(
            case, at=cleaned["at"], method=cleaned["method"], reached=reached, by=request.user,
            screening=screening_of(screening) if reached else None, concern=form.the_concern(),
            information_pack_sent=cleaned["information_pack_sent"], signposted_to=cleaned["signposted_to"],
            note=cleaned["note"], against_rule=cleaned["against_rule"], next_review_on=cleaned["next_review_on"],
        )  # fmt: skip

    return saved(request, form, check)


def _after_check_in(request, case):
    day = long_date(case.next_review_on)
    messages.success(request, _("The check-in is recorded. The next review is on %(day)s.") % {"day": day})
    if case.urgent:
        task = urgent.open_urgent_allocation(case)
        if task is not None:
            messages.warning(
                request,
                _("This is an urgent allocation now. %(name)s has been asked.") % {"name": task.manager.name},
            )
    return redirect("waiting_list" if _handles_waiting(request) else "my_day")


def _check_in_entry(review) -> dict:
    pack = _("The information pack was sent.") if review.information_pack_sent else ""
    signposted = (
        _("Signposted to: %(where)s") % {"where": review.signposted_to} if review.signposted_to else ""
    )
    against = (
        _("Against the client’s own rule: %(why)s") % {"why": review.against_rule}
        if review.against_rule
        else ""
    )
    return {
        "kind": "contact",
        "kind_word": review.get_method_display(),
        "headline": _("Checked in") if review.reached else _("Tried to check in, not reached"),
        "when": short_when(review.at, now=now()),
        "by": review.recorded_by.name,
        "body": "\n\n".join(filter(None, (review.note, pack, signposted, against))),
        "mark": marks.risk_mark(review.risk) if review.reached else "",
    }


@case_page(Permission.CHANGE_CASE)
def escalate_case(request, case):
    """Make somebody who waits an urgent allocation, with a reason, by hand."""
    if request.method != "POST" and case.stage not in WAITING_STAGES:
        messages.info(request, _("Only somebody who waits is made urgent."))
        return redirect("show_case", case_id=case.pk)
    form = ReasonForm(posted(request))

    def escalate():
        interim.escalate_case(case, reason=form.cleaned_data["reason"], by=request.user)

    if request.method == "POST" and saved(request, form, escalate):
        task = urgent.open_urgent_allocation(case)
        asked = _("%(name)s has been asked to allocate it.") % {"name": task.manager.name} if task else ""
        messages.success(request, _("This case is urgent now. %(asked)s") % {"asked": asked})
        return redirect("waiting_list" if _handles_waiting(request) else "my_day")
    return _move_page(
        request, case, form, heading=_("Make this urgent"), submit=_("Make this urgent"),
        lead=_("It goes to the top of the list, and one manager is asked to allocate it."),
    )  # fmt: skip


@case_page(Permission.HANDLE_INTAKE, Permission.SEE_ALL_CASES)
def send_to_allocation(request, case):
    """Ask the manager to decide on somebody who waits in interim support."""
    form = ReasonForm(posted(request))

    def send():
        interim.send_to_allocation(case, reason=form.cleaned_data["reason"], by=request.user)

    if request.method == "POST" and saved(request, form, send):
        messages.success(request, _("The case waits for the manager’s decision now."))
        return redirect("waiting_list")
    return _move_page(
        request, case, form, heading=_("Send to allocation"), submit=_("Send to allocation"),
        lead=_("The manager decides who supports this person. They are still kept in touch with until then."),
    )  # fmt: skip


@case_page(Permission.HANDLE_INTAKE, Permission.SEE_ALL_CASES)
def return_to_interim(request, case):
    """Put somebody back to interim support: nobody can take the case yet."""
    form = ReturnForm(
        posted(request), case=case,
        initial={"next_review_on": interim.latest_review_day(case.service, case.risk)},
    )  # fmt: skip

    def put_back():
        interim.return_to_interim(
            case, reason=form.cleaned_data["reason"], by=request.user, next_review_on=form.cleaned_data["next_review_on"],
            may_allocate=request.acting.can(Permission.ALLOCATE),
        )  # fmt: skip

    if request.method == "POST" and saved(request, form, put_back):
        messages.success(request, _("The person is back in interim support."))
        return redirect("waiting_list")
    return _move_page(
        request, case, form, heading=_("Return to interim support"), submit=_("Return to interim support"),
        lead=_("Nobody can take the case yet: somebody keeps in touch, and looks again by a set day."),
    )  # fmt: skip


@case_page(Permission.HANDLE_INTAKE, Permission.SEE_ALL_CASES)
def name_interim_worker(request, case):
    """Name who keeps in touch with a person who waits."""
    current = str(case.interim_worker_id or request.user.pk)
    form = InterimWorkerForm(
        posted(request), workers=list(who_may_keep_in_touch(case)),
        initial={"interim_worker": current, "seen": as_seen(case, ("interim_worker_id",))},
    )  # fmt: skip

    def name_worker():
        seen = form.cleaned_data["seen"] or None
        interim.name_interim_worker(case, worker=form.worker(), by=request.user, seen=seen)

    if request.method == "POST" and saved(request, form, name_worker):
        messages.success(request, _("%(name)s keeps in touch now.") % {"name": form.worker().name})
        return redirect("waiting_list")
    return _move_page(
        request, case, form, heading=_("Who keeps in touch"), submit=_("Name this person"),
        lead=_("They see this record while the person waits. Whoever did so before does not any more."),
    )  # fmt: skip


@case_page(Permission.HANDLE_INTAKE, Permission.SEE_ALL_CASES)
def close_waiting(request, case):
    """Somebody who waits leaves the list without an ISVA."""
    form = CloseWaitingForm(posted(request))

    def close():
        cleaned = form.cleaned_data
        triage.close_waiting(
            case, outcome=cleaned["outcome"], reason=cleaned["reason"], where_to=form.pointed_to(),
            referrer_told=cleaned["referrer_told"], by=request.user,
        )  # fmt: skip

    if request.method == "POST" and saved(request, form, close):
        messages.success(request, _("The record is closed, and counts as work done."))
        return redirect("waiting_list")
    return _move_page(
        request, case, form, heading=_("No longer waiting"), submit=_("Close this record"), kind="warning",
        lead=_("This closes the record. The person can come back at any time."), missing=attempts.missing_before_unable(case),
    )  # fmt: skip


def _move_page(request, case, form, *, heading: str, submit: str, lead: str, kind: str = "", missing=()):
    context = case_frame(request, case, "", next_step=False) | {
        "form": form, "heading": heading, "submit": submit, "lead": lead, "kind": kind, "missing": missing,
        "cancel_url": reverse("show_case", kwargs={"case_id": case.pk}),
    }  # fmt: skip
    return render(request, "triage/move_waiting.html", context)


@case_page(Permission.ALLOCATE)
def acknowledge_urgent(request, case):
    """A manager says that they have seen an urgent allocation and are on it; then decides."""
    task = urgent.open_urgent_allocation(case)
    if request.method == "POST" and task is not None:
        urgent.acknowledge_urgent(task, by=request.user)
        messages.success(request, _("It is noted that you have seen this. Decide who takes the case."))
        return redirect("allocate_case", case_id=case.pk)
    context = case_frame(request, case, "", next_step=False) | {"rows": _task_rows(task) if task else []}
    return render(request, "triage/acknowledge_urgent.html", context)


def _task_rows(task) -> list[dict]:
    rows = [
        {"key": _("Why"), "lines": task.reason.splitlines()},
        {"key": _("Raised"), "value": short_when(task.raised_at, now=now())},
        {"key": _("Raised by"), "value": task.recorded_by.name},
        {"key": _("Manager asked"), "value": task.manager.name},
    ]
    if task.acknowledged_by:
        rows.append(
            {
                "key": _("Seen by"),
                "lines": [task.acknowledged_by.name, short_when(task.acknowledged_at, now=now())],
            }
        )
    return rows

"""Pages of emergency openings: open a case that is out of sight, see that it happened, review it."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from casework import emergency, unseen
from casework.doors import case_page, find
from casework.forms.sight import OpenInEmergencyForm, ReviewEmergencyForm
from casework.models import EmergencyReview, Grant
from casework.views.frame import case_frame
from isva.access.doors import staff_page
from isva.access.roles import Permission
from isva.audit import reading
from isva.clock.moment import now
from isva.drafts.saving import posted, saved
from isva.interface.marks import reference_mark, tag
from isva.interface.tables import Column, lines, link, table
from isva.interface.words import long_date, short_when


@staff_page(Permission.HOLD_CASES, Permission.HANDLE_INTAKE, Permission.SEE_ALL_CASES)
def open_in_emergency(request):
    """Open a case by its exact reference, with a reason; nothing is listed, and nothing is said of what is not there."""
    form = OpenInEmergencyForm(posted(request))
    if request.method == "POST" and form.is_valid():
        case = _opened(request, form)
        if case is not None:
            return redirect("show_case", case_id=case.pk)
    return render(request, "casework/open_in_emergency.html", {"form": form})


def _opened(request, form):
    given = form.cleaned_data
    try:
        case = emergency.open_in_emergency(
            request.acting, reference=given["reference"], category=given["category"], reason=given["reason"]
        )
    except emergency.HeldBack as refusal:
        form.add_error(None, str(refusal))
        return None
    if case is not None:
        return case
    form.add_error("reference", _("There is no case with this reference that you can open."))
    return None


@staff_page(Permission.SEE_ALL_CASES, Permission.KEEP_RECORDS)
def list_emergencies(request):
    """Every emergency opening of the last 90 days; the case itself only for who may see it. And who sees nothing."""
    service = request.acting.service
    found = emergency.openings(service)
    reviews = request.acting.can(Permission.SEE_ALL_CASES)
    cases = emergency.cases_of(request.user, [one.pk for one in found]) if reviews else {}
    nobody_sees = unseen.unseen_clients(service)
    context = {
        "share": _share(service),
        "table": _table(found, cases, reviews=reviews, user=request.user),
        "tries": _table_of_tries(emergency.tries_that_led_nowhere(service)),
        "unseen": ngettext(
            "%(n)d person with an open case can be seen by no manager of this service. Ask a manager from outside: the "
            "records lead can make them a member.",
            "%(n)d people with an open case can be seen by no manager of this service. Ask a manager from outside: the "
            "records lead can make them a member.",
            nobody_sees,
        ) % {"n": nobody_sees} if nobody_sees else "",
    }  # fmt: skip
    return render(request, "casework/list_emergencies.html", context)


def _table(found, cases: dict, *, reviews: bool, user):
    urgent, rows = set(), []
    for place, one in enumerate(found):
        if one.is_overdue:
            urgent.add(place)
        row = [
            lines(short_when(one.at, now=now()), one.by),
            Grant.Category(one.category).label,
            _standing(one),
        ]
        if reviews:
            row.insert(1, _case_cell(one, cases.get(one.pk)))
        rows.append(row)
    columns = [_("When and who"), _("Why it could not wait"), _("Review")]
    if reviews:
        columns.insert(1, _("Case"))
    return table(
        caption=_("Emergency openings of the last 90 days"), columns=columns, rows=rows, urgent=urgent,
        empty={"title": _("No emergency opening"), "text": _("Whoever opens a case in an emergency is listed here.")},
    )  # fmt: skip


def _share(service) -> str:
    """How many of all openings of cases were emergencies, and their share, beside what it should be at most."""
    opens = reading.opens(service, now() - emergency.LOOK_BACK, now())
    if not opens.all:
        return ""
    return _(
        "Of %(all)d times that a case was opened in 90 days, %(glass)d were in an emergency: %(share).1f\u00a0%% (goal: "
        "under %(goal)d\u00a0%%)."
    ) % {
        "all": opens.all, "glass": opens.break_glass, "share": 100 * opens.share, "goal": emergency.GOAL,
    }  # fmt: skip


def _case_cell(one, case):
    if case is None:
        return _("Not in your sight")
    url = reverse("review_emergency", kwargs={"case_id": case.pk, "review_id": one.pk})
    return lines(link(case.client.called, url, hidden=_("emergency opening")), reference_mark(case.reference))


def _standing(one) -> object:
    if one.reviewed_on:
        return lines(
            EmergencyReview.Verdict(one.verdict).label,
            _("%(day)s, by %(name)s") % {"day": long_date(one.reviewed_on), "name": one.reviewed_by},
        )
    if one.is_overdue:
        return tag(_("Overdue since %(day)s") % {"day": long_date(one.due_on)}, "red")
    return tag(_("Due by %(day)s") % {"day": long_date(one.due_on)}, "amber")


def _table_of_tries(tries):
    if not tries:
        return None
    return table(
        caption=_("References that led nowhere"),
        columns=[_("Who"), Column(_("Tries in 90 days"), numeric=True)],
        rows=[[name, str(count)] for name, count in tries],
    )


@case_page(Permission.SEE_ALL_CASES)
def review_emergency(request, case, review_id):
    """One emergency opening of a case in sight, and what a manager who did not open it has to say to it."""
    review = find(emergency.reviews_of(case), review_id)
    form = None
    if review.reviewed_at is None and review.recorded_by_id != request.user.pk:
        form = ReviewEmergencyForm(posted(request))

        def judge():
            emergency.review_emergency(
                review, verdict=form.cleaned_data["verdict"], note=form.cleaned_data["note"], by=request.user
            )

        if request.method == "POST" and saved(request, form, judge):
            messages.success(request, _("The review is recorded. It stands on the timeline of the case."))
            return redirect("list_emergencies")
    context = case_frame(request, case, "", next_step=False)
    context |= {
        "form": form,
        "rows": _rows(review),
        "own": review.recorded_by_id == request.user.pk and review.reviewed_at is None,
        "back_url": reverse("list_emergencies"),
    }
    return render(request, "casework/review_emergency.html", context)


def _rows(review) -> list[dict]:
    opening = review.opening
    found = [
        (_("Opened by"), review.recorded_by.name),
        (_("When"), short_when(opening.starts_at, now=now())),
        (_("Why it could not wait"), opening.get_category_display()),
        (_("What happened"), opening.reason),
        (_("Review due by"), long_date(review.due_on)),
        (_("What was found"), review.get_verdict_display() if review.verdict else ""),
        (_("What follows"), review.note),
        (_("Reviewed by"), review.reviewed_by.name if review.reviewed_by else ""),
    ]
    return [{"key": key, "value": value} for key, value in found if value]

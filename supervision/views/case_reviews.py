"""Case review: the list of cases that are to be looked at as a whole, and the page on which a review is recorded."""

import datetime as dt

from django.contrib import messages
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from casework.doors import case_page
from casework.views.frame import case_frame
from isva.access.doors import staff_page
from isva.access.roles import Permission
from isva.clock.moment import day_of, today
from isva.clock.terms import number_now
from isva.drafts.saving import posted, saved
from isva.interface.marks import clock_mark, complexity_mark, reference_mark, tag
from isva.interface.tables import lines, link, table
from isva.interface.words import days_words, long_date
from supervision import case_reviews
from supervision.forms.case_review import CaseReviewForm
from supervision.models import CaseReview

#: Rows that the list shows; beyond it says how many more there are.
SHOWN = 50


@staff_page(Permission.SUPERVISE)
def list_case_reviews(request):
    """The long and complex cases that are to be looked at as a whole, the longest overdue first."""
    found = case_reviews.candidates(request.acting)
    overdue = [one for one in found if one.due is not None and one.due.is_overdue]
    weeks = number_now(request.acting.service, case_reviews.WEEKS)
    context = {
        "says": ngettext("%(n)d case, %(late)d overdue.", "%(n)d cases, %(late)d overdue.", len(found))
        % {"n": len(found), "late": len(overdue)},
        "weeks": weeks, "more": max(0, len(found) - SHOWN),
        "table": table(
            caption=_("Cases to review"), hide_caption=True,
            columns=[_("Who"), _("ISVA"), _("Why"), _("Last reviewed"), _("Due")],
            rows=[_row(one) for one in found[:SHOWN]],
            urgent={place for place, one in enumerate(found[:SHOWN]) if one in overdue},
            empty={
                "title": _("No case is to be reviewed"),
                "text": _("Cases come here four weeks before they are due, and complex ones once a quarter."),
            },
        ),
    }  # fmt: skip
    return render(request, "supervision/list_case_reviews.html", context)


def _row(one: case_reviews.Candidate) -> list:
    case = one.case
    who = link(case.client.called, reverse("review_case", args=[case.pk]), hidden=_("record a review"))
    since = _("open for %s") % days_words((today() - day_of(case.opened_at)).days)
    return [
        lines(who, reference_mark(case.reference)),
        case.lead_isva.name if case.lead_isva else "–",
        lines(since, complexity_mark(case.complexity)) if one.is_complex else since,
        long_date(one.last_on) if one.last_on else _("Never yet"),
        clock_mark(one.due.due_on) if one.due else tag(_("Not needed"), "grey"),
    ]


@case_page(Permission.APPROVE_CLOSURE)
def review_case(request, case):
    """Record a case review: who took part, what was decided, and when the case is looked at next."""
    weeks = number_now(request.acting.service, case_reviews.WEEKS)
    form = CaseReviewForm(
        posted(request),
        initial={
            "reviewed_on": today(), "took_part": case.lead_isva.name if case.lead_isva else "", "again": "yes",
            "next_on": today() + dt.timedelta(weeks=weeks),
        },
    )  # fmt: skip

    def act():
        told = {name: value for name, value in form.cleaned_data.items() if name not in ("once", "again")}
        case_reviews.review_case(case, by=request.user, **told)
        messages.success(request, _("Recorded. It stands on the timeline."))

    if request.method == "POST" and saved(request, form, act, at="reviewed_on"):
        return redirect("show_case", case_id=case.pk)
    context = case_frame(request, case, "", next_step=False)
    context |= {
        "form": form, "submit": _("Record review"), "cancel_url": reverse("show_case", args=[case.pk]),
        "since": long_date(case.opened_at), "reviews": _reviews_table(case),
    }  # fmt: skip
    return render(request, "supervision/review_case.html", context)


def _reviews_table(case):
    reviews = list(case_reviews.reviews_of(case))
    if not reviews:
        return None
    return table(
        caption=_("Reviews before"),
        columns=[_("Day"), _("Why"), _("What was decided"), _("Next")],
        rows=[
            [
                lines(long_date(one.reviewed_on), one.recorded_by.name), CaseReview.Why(one.why).label,
                lines(one.decided, _("with %s") % one.took_part if one.took_part else ""),
                long_date(one.next_on) if one.next_on else lines(_("Not needed"), one.no_next_why),
            ]
            for one in reviews
        ],
    )  # fmt: skip

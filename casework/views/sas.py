"""Pages of Safety and Support: a review, what the reviews say over time, and what makes a case complex."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from casework.doors import case_page
from casework.forms.sas import ReviewForm
from casework.models import SasReview
from casework.sas import recording, trends
from casework.sas.history import latest_review, scores_of
from casework.sas.instruments import instrument_in_use
from casework.views import drafts
from casework.views.frame import case_frame
from isva.access.roles import Permission
from isva.drafts.saving import posted, saved
from isva.interface.words import long_date
from isva.pathway import CARRIED_STAGES, Stage

#: Where a review leads when it was made as the first step of something else.
_ONWARD = {"step_down": "propose_step_down", "closure": "propose_closure"}


@case_page(Permission.CHANGE_CASE)
def review_sas(request, case):
    """Make a review. ``?for=closure`` makes it the final one; ``?for=step_down`` leads on to step-down."""
    purpose = request.GET.get("for", "")
    carried = case.stage in CARRIED_STAGES
    kind = SasReview.Kind.FINAL.value if purpose == "closure" and carried else recording.next_kind(case)
    before = latest_review(case)
    instrument = instrument_in_use()
    same_scale = before is not None and before.instrument_id == instrument.pk
    made_with = {
        "instrument": instrument,
        "kind": kind,
        "previous": scores_of(before) if same_scale else None,
    }
    offer = drafts.offered(request, case, "review_sas", ReviewForm(**made_with))
    form = ReviewForm(posted(request), initial=offer.pop("initial"), **made_with)

    def record():
        cleaned = form.cleaned_data
        recording.record_sas(
            case, kind=kind, risk=cleaned["risk"], scores=form.scores(), client_view=cleaned["client_view"],
            judgement=cleaned["judgement"], by=request.user,
        )  # fmt: skip

    if request.method == "POST" and saved(request, form, record):
        drafts.forget(request, case, "review_sas")
        messages.success(request, _review_saved(case))
        return redirect(_ONWARD.get(purpose, "show_sas") if carried else "show_sas", case_id=case.pk)
    context = case_frame(request, case, "show_sas", next_step=False) | offer
    context |= {
        "form": form,
        "is_open": case.stage != Stage.CLOSED.value,
        "kind_words": SasReview.Kind(kind).label,
        "before": _("The last one was on %(day)s.") % {"day": long_date(before.reviewed_at)}
        if before
        else "",
        "purpose": purpose if purpose in _ONWARD else "",
    }
    return render(request, "casework/review_sas.html", context)


@case_page(Permission.VIEW_CASE)
def show_sas(request, case):
    """What the reviews of a case say: over time, by domain from the first to the latest, and each one."""
    context = case_frame(request, case, "show_sas")
    found = trends.sas_trends(case)
    context |= {
        "chart": trends.chart_of_averages(found),
        "other_versions": found.other_versions,
        "domains": trends.table_of_domains(found),
        "reviews": trends.timeline_of_reviews(found),
        "latest": trends.views_of_latest(found),
        "review_due": trends.review_due(case),
        "may_review": context["frame"]["may_change"] and case.is_open,
        "empty": {
            "title": _("No review yet"),
            "text": _(
                "The first one is made at triage; the full one within 10 working days of the first session."
            ),
        },
    }
    return render(request, "casework/show_sas.html", context)


@case_page(Permission.VIEW_CASE)
def show_complexity(request, case):
    """What makes the case complex, part by part, and how that changed."""
    context = case_frame(request, case, "show_sas", next_step=False)
    context |= trends.complexity_page(case)
    return render(request, "casework/show_complexity.html", context)


def _review_saved(case) -> str:
    if case.next_review_on is None:
        return _("The review is saved.")
    return _("The review is saved. The next one is due on %(day)s.") % {"day": long_date(case.next_review_on)}


def sas_url(case, *, purpose: str = "") -> str:
    """The address of a new review of a case, made for a purpose (``closure``, ``step_down``)."""
    url = reverse("review_sas", kwargs={"case_id": case.pk})
    return f"{url}?for={purpose}" if purpose else url

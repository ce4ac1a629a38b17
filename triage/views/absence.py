"""The page on which a manager has the cases of somebody who is away looked after, many of them at once."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from isva.access.doors import find, staff_page
from isva.access.roles import Permission
from isva.accounts import directory
from isva.clock.moment import today
from isva.codes import Risk
from isva.drafts.saving import posted, saved
from isva.interface.marks import stage_words
from isva.interface.words import listed, long_date
from triage import cover
from triage.forms.allocation import CoverCaseloadForm


@staff_page(Permission.ALLOCATE)
def cover_caseload(request, person_id):
    """Give somebody sight of the cases that a colleague carries, for the days on which they are away.

    Those that nobody covers are ticked. Who has several people look after them comes back here after each.
    """
    member = find(directory.all_members(request.acting), person_id)
    carried = cover.carried_by(member.user, by=request.user)
    leave = _leave_now(member)
    form = CoverCaseloadForm(
        posted(request), members=cover.who_may_cover_for(member), cases=[one.case for one in carried],
        hints={str(one.case.pk): _about(one) for one in carried},
        initial={
            "first_day": today(), "last_day": leave and leave.last_day, "may": CoverCaseloadForm.WRITE,
            "cases": [str(one.case.pk) for one in carried if not one.covers],
        },
    )  # fmt: skip

    def act():
        told = form.cleaned_data
        number = cover.cover_cases(
            told["cases"], to=told["covered_by"], by=request.user, reason=told["reason"],
            first_day=told["first_day"], last_day=told["last_day"], read_only=told["may"] == CoverCaseloadForm.READ,
        )  # fmt: skip
        said = ngettext("%(name)s covers %(n)d case.", "%(name)s covers %(n)d cases.", number)
        messages.success(request, said % {"name": told["covered_by"].name, "n": number})

    if request.method == "POST" and saved(request, form, act):
        left = [one for one in cover.carried_by(member.user, by=request.user) if not one.covers]
        return redirect("cover_caseload" if left else "show_caseload", person_id=member.pk)
    context = {
        "form": form, "member": member, "has_cases": bool(carried),
        "away": _("Away until %(day)s.") % {"day": long_date(leave.last_day)} if leave else _("Not away today."),
        "back_url": reverse("show_caseload", args=[member.pk]),
    }  # fmt: skip
    return render(request, "triage/cover_caseload.html", context)


def _leave_now(member):
    """The absence that somebody is in today, if any."""
    return directory.leave_of(member).filter(first_day__lte=today(), last_day__gte=today()).first()


def _about(carried: cover.Carried) -> str:
    """What decides who covers a case: risk and stage; and who covers it already."""
    case = carried.case
    risk = _("%(risk)s risk") % {"risk": Risk(case.risk).label} if case.risk else _("Risk not assessed")
    covered = [
        _("%(name)s covers, %(days)s") % {"name": one.user.name, "days": cover.days_of(one)}
        for one in carried.covers
    ]
    return ". ".join(filter(None, [f"{risk}, {stage_words(case.stage)}", listed(covered)]))

"""Cover for a case and the conflicts that keep staff away from a client: the manager's pages."""

from django.contrib import messages
from django.db import transaction
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from casework import access
from casework.doors import case_page, find
from casework.views.frame import case_frame
from isva.access.doors import recently_confirmed
from isva.access.roles import Permission
from isva.clock.moment import now
from isva.drafts.once import first_press
from isva.drafts.saving import posted
from isva.interface.tables import lines, link, table
from isva.interface.words import long_date
from isva.pathway import WrongStage
from triage import conflicts, cover
from triage.forms.allocation import ConflictForm, CoverForm, EndCoverForm, LiftConflictForm
from triage.refusals import Refused


@case_page(Permission.ALLOCATE)
def cover_case(request, case):
    """Give somebody sight of a case for the days on which its ISVA is away; and see who covers already."""
    if request.method != "POST" and not case.is_open:
        messages.info(request, _("This case is closed. A closed case needs no cover."))
        return redirect("show_case", case_id=case.pk)
    form = CoverForm(posted(request), members=cover.who_may_cover(case))
    if request.method == "POST" and form.is_valid():
        answers = form.cleaned_data
        try:
            with transaction.atomic():
                if first_press(request, form):
                    given = cover.cover_case(
                        case, to=answers["covered_by"], by=request.user, reason=answers["reason"],
                        first_day=answers["first_day"], last_day=answers["last_day"],
                        read_only=answers["may"] == CoverForm.READ,
                    )  # fmt: skip
                    messages.success(
                        request,
                        _("%(name)s covers this case: %(days)s.")
                        % {"name": given.user.name, "days": cover.days_of(given)},
                    )
            return redirect("cover_case", case_id=case.pk)
        except (WrongStage, Refused) as refusal:
            form.add_error(None, str(refusal))
    context = {
        **case_frame(request, case, "", next_step=False),
        "form": form,
        "table": _covers_table(case),
        "reallocate_url": reverse("reallocate_case", kwargs={"case_id": case.pk}),
        "case_url": reverse("show_case", kwargs={"case_id": case.pk}),
    }
    return render(request, "triage/cover_case.html", context)


def _covers_table(case):
    moment = now()
    return table(
        caption=_("Cover of this case"),
        columns=[_("Who"), _("Days"), _("May"), _("Why"), _("Change")],
        rows=[
            [
                one.user.name,
                lines(cover.days_of(one), "" if one.starts_at <= moment else _("planned")),
                _("Read only") if one.read_only else _("Read and record"),
                one.reason,
                link(
                    _("End"),
                    reverse("end_cover", kwargs={"case_id": case.pk, "cover_id": one.pk}),
                    hidden=_("the cover by %(name)s") % {"name": one.user.name},
                ),
            ]
            for one in cover.covers_of(case)
        ],
    )


@case_page(Permission.ALLOCATE)
def end_cover(request, case, cover_id):
    """End a cover before its last day, or take back a planned one."""
    given = find(cover.covers_of(case), cover_id)
    form = EndCoverForm(posted(request))
    if request.method == "POST" and form.is_valid():
        if first_press(request, form):
            cover.end_cover(case, cover=given, by=request.user, reason=form.cleaned_data["reason"])
            messages.success(request, _("%(name)s no longer covers this case.") % {"name": given.user.name})
        return redirect("cover_case", case_id=case.pk)
    context = {
        **case_frame(request, case, "", next_step=False),
        "form": form,
        "consequences": [
            _("%(name)s covers this case: %(days)s.")
            % {"name": given.user.name, "days": cover.days_of(given)},
            _("They lose sight of it at once, unless they see it for another reason."),
        ],
        "back_url": reverse("cover_case", kwargs={"case_id": case.pk}),
    }
    return render(request, "triage/end_cover.html", context)


@case_page(Permission.ALLOCATE)
def declare_conflict(request, case):
    """Keep a member of staff away from a client whom they know, or whose suspect they know; and see whom a conflict keeps away."""
    form = ConflictForm(posted(request), members=conflicts.who_may_conflict(case))
    if request.method == "POST" and form.is_valid():
        member = form.cleaned_data["member"]
        if first_press(request, form):
            access.declare_conflict(
                case.client, user=member, reason=form.cleaned_data["reason"], by=request.user
            )
            messages.success(
                request,
                _("A conflict is declared: %(name)s sees nothing of this client any more.")
                % {"name": member.name},
            )
            for sentence in conflicts.left_without(case.client, member):
                messages.warning(request, sentence)
        if member.pk == request.user.pk:
            return redirect("allocation_board")
        return redirect("declare_conflict", case_id=case.pk)
    context = {
        **case_frame(request, case, "", next_step=False),
        "form": form,
        "table": _conflicts_table(case),
        "case_url": reverse("show_case", kwargs={"case_id": case.pk}),
    }
    return render(request, "triage/declare_conflict.html", context)


def _conflicts_table(case):
    return table(
        caption=_("Who is kept away from this client"),
        columns=[_("Who"), _("Why"), _("Declared"), _("Change")],
        rows=[
            [
                one.user.name,
                one.reason,
                lines(long_date(one.recorded_at), _("by %(name)s") % {"name": one.recorded_by.name}),
                link(
                    _("Lift"),
                    reverse("lift_conflict", kwargs={"case_id": case.pk, "conflict_id": one.pk}),
                    hidden=_("the conflict of %(name)s") % {"name": one.user.name},
                ),
            ]
            for one in conflicts.conflicts_with(case.client)
        ],
    )


@case_page(Permission.ALLOCATE)
@recently_confirmed(only_to_send=True)
def lift_conflict(request, case, conflict_id):
    """Take down a wall that was declared by mistake."""
    conflict = find(conflicts.conflicts_with(case.client), conflict_id)
    form = LiftConflictForm(posted(request))
    if request.method == "POST" and form.is_valid():
        if first_press(request, form):
            access.lift_conflict(conflict, by=request.user)
            messages.success(
                request,
                _("The conflict is lifted: %(name)s may see this client again.")
                % {"name": conflict.user.name},
            )
        return redirect("declare_conflict", case_id=case.pk)
    context = {
        **case_frame(request, case, "", next_step=False),
        "form": form,
        "consequences": [
            _("%(name)s sees the cases of this client again, wherever their role or a grant lets them.")
            % {"name": conflict.user.name},
            _("That the conflict was declared and lifted stays on the record."),
        ],
        "back_url": reverse("declare_conflict", kwargs={"case_id": case.pk}),
    }
    return render(request, "triage/lift_conflict.html", context)

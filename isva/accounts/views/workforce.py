"""Who can take work, and when: the manager's view of the staff, their caps and absences."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from isva.access.doors import find, staff_page
from isva.access.roles import Permission
from isva.accounts import directory, returning, staffing
from isva.accounts.forms.staffing import (
    CAP_FIELDS,
    PROFILE_FIELDS,
    CapForm,
    LeaveForm,
    ProfileForm,
    profile_values,
)
from isva.accounts.membership import CannotGo
from isva.accounts.models import Leave, StaffProfile
from isva.accounts.views.pieces import hours_words, labels, row_button
from isva.clock.moment import today
from isva.codes import Language, Specialism
from isva.drafts.saving import posted, saved
from isva.interface.marks import tag
from isva.interface.tables import Column, lines, link, table
from isva.interface.words import date_range, listed
from isva.stale import as_seen


@staff_page(Permission.SEE_WORKFORCE)
def list_workforce(request):
    """Everybody who works with cases: hours, cap, what they can do, where, and when they are away."""
    members = list(directory.workforce(request.acting))
    context = {
        "count": ngettext("%(count)d person", "%(count)d people", len(members)) % {"count": len(members)},
        "table": table(
            caption=_("Workforce"), hide_caption=True,
            columns=[
                _("Name"), Column(_("Hours a week"), numeric=True), Column(_("Cap"), numeric=True), _("Specialisms"),
                _("Languages and areas"), _("Away"),
            ],
            rows=[_row(member) for member in members],
        ),
    }  # fmt: skip
    context["returned"] = (
        _returned_table(request.acting) if request.acting.can(Permission.SUPERVISE) else None
    )
    return render(request, "accounts/list_workforce.html", context)


def _returned_table(person):
    """Whoever came back after sickness and was not talked with yet; nothing where there is nobody."""
    rows = list(returning.to_talk(person))
    if not rows:
        return None
    return table(
        caption=_("Back after sickness, not talked with yet"),
        columns=[_("Name"), _("Away"), _("Talk")],
        rows=[
            [
                one.membership.user.name, date_range(one.first_day, one.last_day),
                link(_("Record the talk"), reverse("note_return", args=[one.pk]), hidden=_("with %s") % one.membership.user.name),
            ]
            for one in rows
        ],
    )  # fmt: skip


@staff_page(Permission.KEEP_RECORDS, Permission.SEE_WORKFORCE)
def edit_profile(request, membership_id):
    """Change a working profile: all of it for the records lead, the caseload cap for a manager."""
    member = find(directory.all_members(request.acting), membership_id)
    profile = directory.profile_of(member)
    form: CapForm
    if request.acting.can(Permission.KEEP_RECORDS):
        areas = list(dict.fromkeys([*request.acting.service.areas, *profile.areas]))
        form = ProfileForm(
            posted(request),
            areas=areas,
            initial=profile_values(profile) | {"seen": as_seen(profile, PROFILE_FIELDS)},
        )
    else:
        seen = as_seen(profile, CAP_FIELDS)
        form = CapForm(posted(request), initial={"caseload_cap": profile.caseload_cap, "seen": seen})

    def act():
        values = {name: value for name, value in form.cleaned_data.items() if name not in ("once", "seen")}
        staffing.edit_profile(profile, by=request.user, seen=form.cleaned_data["seen"] or None, **values)
        messages.success(request, _("Saved."))

    if request.method == "POST" and saved(request, form, act):
        return redirect(_back(request, member))
    context = {"form": form, "member": member, "back_url": _back(request, member)}
    return render(request, "accounts/edit_profile.html", context)


@staff_page(Permission.KEEP_RECORDS, Permission.SEE_WORKFORCE)
def add_leave(request, membership_id):
    """Enter days on which somebody is away; allocation leaves them out on these days."""
    member = find(directory.all_members(request.acting), membership_id)
    form = LeaveForm(posted(request))

    def act():
        told = form.cleaned_data
        staffing.add_leave(
            member, kind=told["kind"], first_day=told["first_day"], last_day=told["last_day"], by=request.user
        )
        messages.success(request, _("Saved."))

    if request.method == "POST" and saved(request, form, act, at="first_day"):
        return redirect("add_leave", membership_id=member.pk)
    rows = [
        [
            date_range(one.first_day, one.last_day), _kind(request, one),
            row_button("leave", one.pk, _("Remove"), hidden=date_range(one.first_day, one.last_day)),
        ]
        for one in directory.leave_of(member)
    ]  # fmt: skip
    leave = table(caption=_("Absences entered"), columns=[_("Days"), _("Kind"), _("Remove")], rows=rows)
    context = {"form": form, "member": member, "leave": leave, "back_url": _back(request, member)}
    return render(request, "accounts/add_leave.html", context)


@staff_page(Permission.KEEP_RECORDS, Permission.SEE_WORKFORCE)
@require_POST
def cancel_leave(request):
    """Take an absence back: the person is here after all."""
    leave = find(directory.leave_in(request.acting), request.POST.get("leave", ""))
    try:
        staffing.cancel_leave(leave, by=request.user)
    except CannotGo as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("Removed. They count as present on these days."))
    return redirect("add_leave", membership_id=leave.membership_id)


def _kind(request, leave):
    """The kind of an absence; after sickness, for a manager, the way to the talk."""
    if leave.kind != Leave.Kind.SICK or not request.acting.can(Permission.SUPERVISE):
        return leave.get_kind_display()
    if leave.membership.user_id == request.user.pk:
        return leave.get_kind_display()
    talk = link(
        _("Return to work"),
        reverse("note_return", args=[leave.pk]),
        hidden=date_range(leave.first_day, leave.last_day),
    )
    return lines(leave.get_kind_display(), talk)


def _back(request, member) -> str:
    """Where the person came from: the records lead from the member's page, a manager from the staff list."""
    if request.acting.can(Permission.KEEP_RECORDS):
        return reverse("change_member", args=[member.pk])
    return reverse("list_workforce")


def _row(member) -> list:
    profile = getattr(member, "profile", None) or StaffProfile()
    name, carries = member.user.name, directory.carries_cases(member)
    to_cap = reverse("edit_profile", args=[member.pk])
    return [
        lines(name, member.role_names()),
        hours_words(profile.weekly_hours),
        link(profile.caseload_cap, to_cap, hidden=_("cases: change the cap of %s") % name)
        if carries
        else "–",
        labels(Specialism, profile.specialisms) or "–",
        lines(labels(Language, profile.languages), listed(profile.areas)) or "–",
        _away(member, name),
    ]


def _away(member, name):
    """When somebody is away next, and the way to their absences."""
    to_absences = reverse("add_leave", args=[member.pk])
    if not member.leave_ahead:
        return link(_("Enter absence"), to_absences, hidden=_("of %s") % name)
    first = member.leave_ahead[0]
    days = link(date_range(first.first_day, first.last_day), to_absences, hidden=_("absences of %s") % name)
    return lines(tag(_("Away now"), "amber"), days) if first.first_day <= today() else days

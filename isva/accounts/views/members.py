"""The records lead's pages: who belongs to the service, invitations, roles."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from isva.access.doors import find, recently_confirmed, staff_page
from isva.access.roles import Permission, Role
from isva.accounts import directory, joining, letters, losing, role_changes, visits
from isva.accounts.forms.members import InviteForm, RolesForm
from isva.accounts.forms.second_step import ResetFactorForm
from isva.accounts.views.pieces import leave_words, profile_rows, row_button
from isva.clock.moment import now, today
from isva.drafts.once import first_press
from isva.drafts.saving import posted, saved
from isva.interface.marks import tag
from isva.interface.paging import capped_count, keyset_page
from isva.interface.tables import lines, link, table
from isva.interface.words import listed, long_date, short_when
from isva.stale import as_seen


@staff_page(Permission.KEEP_RECORDS)
def list_members(request):
    """Everybody who belongs to the service, and the invitations that are out."""
    standing = request.GET.get("standing", directory.CURRENT)
    role = request.GET.get("role", "")
    role = role if role in Role.values else ""
    found = directory.members(request.acting, standing=standing, role=role)
    page = keyset_page(found, order=("user__name", "id"), after=request.GET.get("after"))
    count = capped_count(found, page=page)
    context = {
        "page": page,
        "count": ngettext("%(count)s person", "%(count)s people", count.number) % {"count": count},
        "filters": _filters(standing, role),
        "clear_url": reverse("list_members"),
        "table": table(
            caption=_("Members"), hide_caption=True,
            columns=[_("Name"), _("Roles"), _("Since"), _("Last day")],
            rows=[_row(member) for member in page.rows],
            empty={"title": _("Nobody here"), "text": _("Nobody matches this choice. Show all to see everybody.")},
        ),
        "invitations": _invitation_table(directory.open_invitations(request.acting)),
    }  # fmt: skip
    return render(request, "accounts/list_members.html", context)


@staff_page(Permission.KEEP_RECORDS, Permission.SEE_WORKFORCE)
def list_role_changes(request):
    """Who joined, and whose roles were changed, in the last 90 days: for who was told of it by a letter without names."""
    changes = role_changes.changes_in(request.acting.service)
    context = {
        "table": table(
            caption=_("Changes of roles"), hide_caption=True,
            columns=[_("Who"), _("Roles now"), _("Roles before"), _("When and by whom")],
            rows=[
                [
                    one.user.name, lines(_role_words(one.after), _without_training(one)), _role_words(one.before) or tag(_("Joined"), "outline"),
                    lines(short_when(one.changed_at, now=now()), one.changed_by.name),
                ]
                for one in changes
            ],
            empty={"title": _("Nothing was changed"), "text": _("Whoever joins or is given another role stands here.")},
        )
    }  # fmt: skip
    return render(request, "accounts/list_role_changes.html", context)


@staff_page(Permission.KEEP_RECORDS)
@recently_confirmed
def invite_member(request):
    """Invite somebody into the service: they get a secret link that works for a week."""
    service = request.acting.service
    missing = role_changes.missing_before(service, None, Role.values)
    form = InviteForm(posted(request), service=service, missing=missing)
    if request.method == "POST" and form.is_valid():
        if not first_press(request, form):
            return redirect("list_members")
        told = form.cleaned_data
        invitation, token = joining.invite_member(
            service=service, email=told["email"], name=told["name"], roles=told["roles"], by=request.user,
            reason=form.reason(),
        )  # fmt: skip
        context = {
            "email": invitation.email, "until": long_date(invitation.expires_at),
            "link": letters.invitation_link(token),
        }  # fmt: skip
        return render(request, "accounts/invitation_made.html", context)
    return render(request, "accounts/invite_member.html", {"form": form})


@staff_page(Permission.KEEP_RECORDS)
@require_POST
def withdraw_invitation(request):
    """Take back an invitation: its link stops working."""
    invitation = find(directory.open_invitations(request.acting), request.POST.get("invitation", ""))
    joining.withdraw_invitation(invitation, by=request.user)
    messages.success(request, _("The invitation is withdrawn. Its link no longer works."))
    return redirect("list_members")


@staff_page(Permission.KEEP_RECORDS)
@recently_confirmed(only_to_send=True)
def change_member(request, membership_id):
    """One member: their roles, which can be changed here, their profile, absences and declared connections."""
    member = find(directory.all_members(request.acting), membership_id)
    others = [role for role in Role.values if role not in member.roles]
    form = RolesForm(
        posted(request),
        missing=role_changes.missing_before(member.service, member.user, others),
        initial={"roles": member.roles, "seen": as_seen(member, ("roles",))},
    )

    def act():
        role_changes.change_roles(
            member, roles=form.cleaned_data["roles"], by=request.user, seen=form.cleaned_data["seen"] or None,
            reason=form.reason(),
        )  # fmt: skip
        messages.success(request, _("Saved. The roles hold from now on."))

    if request.method == "POST" and saved(request, form, act, at="roles"):
        return redirect("list_members")
    has_left = member.ends_on is not None and member.ends_on < today()
    context = {
        "form": form,
        "member": member,
        "has_left": has_left,
        "member_rows": _member_rows(member, has_left),
        "profile_rows": profile_rows(directory.profile_of(member)) if directory.carries_cases(member) else [],
        "leave": leave_words(directory.leave_of(member)),
        "connections": [f"{one.name}: {one.relationship}" for one in directory.connections_of(member)],
        "resets": [
            _("%(when)s by %(who)s (%(checked)s)")
            % {
                "when": long_date(one.reset_at),
                "who": one.reset_by.name,
                "checked": one.get_checked_display(),
            }
            for one in directory.resets_of(member)
        ],
        "may_end": not has_left and member.user_id != request.user.pk,
    }
    return render(request, "accounts/change_member.html", context)


@staff_page(Permission.KEEP_RECORDS)
@recently_confirmed
def reset_factor(request, membership_id):
    """Take a lost second factor away from a member, after checking who asked; they set up a new one."""
    member = find(directory.all_members(request.acting), membership_id)
    form = ResetFactorForm(posted(request))

    def act():
        losing.reset_factor(member, checked=form.cleaned_data["checked"], by=request.user)
        messages.success(request, _("Reset. They set up a new second step when they sign in next."))

    if request.method == "POST" and saved(request, form, act):
        return redirect("change_member", membership_id=member.pk)
    return render(request, "accounts/reset_factor.html", {"form": form, "member": member})


@staff_page(Permission.KEEP_RECORDS)
@recently_confirmed
@require_POST
def end_sessions(request, membership_id):
    """Sign a member out wherever they are signed in: for a device that was lost, or somebody who must stop at once."""
    member = find(directory.all_members(request.acting), membership_id)
    if member.user_id == request.user.pk:
        return redirect("my_sessions")
    ended = visits.end_all(member.user, by=request.user)
    told = ngettext("Signed out. %(n)d session ended.", "Signed out. %(n)d sessions ended.", ended) % {
        "n": ended
    }
    messages.success(request, told if ended else _("They are not signed in anywhere."))
    return redirect("change_member", membership_id=member.pk)


def _member_rows(member, has_left) -> list[dict]:
    rows = [
        {"key": _("E-mail address"), "value": member.user.email},
        {"key": _("Since"), "value": long_date(member.starts_on)},
    ]
    if member.ends_on:
        rows.append({"key": _("Left on") if has_left else _("Last day"), "value": long_date(member.ends_on)})
    return rows


def _filters(standing, role) -> list[dict]:
    return [
        {
            "name": "standing", "label": _("Show"), "value": standing,
            "options": [
                (directory.CURRENT, _("Members now")), (directory.LEFT, _("People who have left")),
                (directory.EVERYBODY, _("Everybody")),
            ],
        },
        {"name": "role", "label": _("Role"), "value": role, "options": [("", _("Any role")), *Role.choices]},
    ]  # fmt: skip


def _row(member) -> list:
    url = reverse("change_member", args=[member.pk])
    return [
        lines(link(member.user.name, url), member.user.email),
        member.role_names(),
        long_date(member.starts_on),
        long_date(member.ends_on),
    ]


def _without_training(change) -> str:
    """Why a role was given without the training it needs."""
    return _("Without its training. %(reason)s") % {"reason": change.reason} if change.reason else ""


def _role_words(roles) -> str:
    return listed([str(Role(role).label) for role in roles])


def _invitation_table(invitations):
    moment = now()
    rows = [
        [
            lines(one.name, one.email),
            _role_words(one.roles),
            one.invited_by.name,
            tag(_("Lapsed"), "grey") if one.expires_at <= moment else long_date(one.expires_at),
            row_button("invitation", one.pk, _("Withdraw"), hidden=_("the invitation of %s") % one.name),
        ]
        for one in invitations
    ]
    return table(
        caption=_("Invitations not taken up"),
        columns=[_("Who"), _("Roles"), _("Invited by"), _("Works until"), _("Withdraw")], rows=rows,
    )  # fmt: skip

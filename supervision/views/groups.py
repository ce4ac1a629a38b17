"""Pages of strategic and scrutiny groups: when they meet, what was concluded, and what the service has taken on."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.html import format_html_join
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from casework import onward
from casework.views.partnership import tabs
from isva.access.doors import find, staff_page
from isva.accounts.views.pieces import row_button
from isva.clock.moment import now, today
from isva.drafts.saving import posted, saved
from isva.interface.marks import clock_mark, tag
from isva.interface.tables import lines, link, table
from isva.interface.words import listed, long_date
from isva.stale import as_seen
from supervision import groups
from supervision.colleagues import CASEWORK, colleagues
from supervision.forms.partners import ChangeGroupForm, GroupForm, RecordMeetingForm
from supervision.groups import KEEPS
from supervision.management import Decision
from supervision.models import PartnerGroup
from supervision.views.protocols import parties

#: Meetings that the page of a group shows.
SHOWN = 12
_FIELDS = ChangeGroupForm.Meta.fields


@staff_page(*CASEWORK)
def list_groups(request):
    """The groups in which the service sits, when each meets next, and what the service has taken on."""
    found = groups.when_they_meet(request.acting)
    actions = list(groups.open_actions(request.user))
    keeps = request.acting.can(KEEPS)
    add = {"text": _("Add a group"), "url": reverse("add_group")}
    context = {
        "tabs": tabs("list_groups"),
        "table": table(
            caption=_("Groups"), hide_caption=True,
            columns=[_("Group"), _("Kind"), _("Last meeting"), _("Planned"), _("Next by")],
            rows=[_row(one) for one in found],
            empty={
                "title": _("No group yet"),
                "text": _("Strategic and scrutiny groups of police, CPS and support services belong here."),
            } | ({"action": add} if keeps else {}),
        ),
        "actions": _actions_table(actions, request.user, keeps),
        "closes": any(keeps or one.owner_id == request.user.pk for one in actions),
        "buttons": [add] if keeps and found else [],
    }  # fmt: skip
    return render(request, "supervision/list_groups.html", context)


def _row(one: groups.Meets) -> list:
    group = one.group
    if group.ended_on is not None:
        due = tag(_("Ended %(day)s") % {"day": long_date(group.ended_on)}, "grey")
    else:
        due = clock_mark(one.due_on, now=now()) if one.due_on else _("As agreed")
    return [
        lines(link(group.name, reverse("show_group", args=[group.pk])), parties(group)),
        group.get_kind_display(),
        long_date(one.last_held) if one.last_held else _("Never yet"),
        long_date(group.next_on) if group.next_on else _("No day set"),
        due,
    ]


def _actions_table(actions, user, keeps):
    return table(
        caption=_("What we have taken on"),
        columns=[_("What"), _("Who"), _("By when"), _("Done")],
        rows=[
            [
                lines(one.what, one.meeting.group.name), one.owner.name, clock_mark(one.due_on, now=now()),
                row_button("action", one.pk, _("Done"), hidden=one.what) if keeps or one.owner_id == user.pk else "",
            ]
            for one in actions
        ],
        empty={"title": _("Nothing is open"), "text": _("What the service takes on in a meeting stands here until it is done.")},
    )  # fmt: skip


@staff_page(*CASEWORK)
def show_group(request, group_id):
    """One group: who sits in it, and its meetings with what was concluded."""
    group = find(groups.groups_of(request.user), group_id)
    planned = long_date(group.next_on) if group.next_on else _("No day set")
    context = {
        "group": group,
        "rows": [
            {"key": _("Kind"), "value": group.get_kind_display()},
            {"key": _("Agencies"), "value": parties(group)},
            {"key": _("Next meeting"), "value": planned if not group.ended_on else _("It has ended")},
        ],
        "meetings": table(
            caption=_("Meetings"),
            columns=[_("Held on"), _("Who went for us"), _("What was concluded"), _("What we took on")],
            rows=[
                [
                    long_date(one.held_on), listed(sorted(row.user.name for row in one.attended.all())) or _("Nobody"),
                    one.concluded, _actions_words(one.actions.all()),
                ]
                for one in groups.meetings_of(group)[:SHOWN]
            ],
            empty={"title": _("No meeting yet"), "text": _("Each meeting stands here once it was held.")},
        ),
        "buttons": _buttons(group) if request.acting.can(KEEPS) else [],
    }  # fmt: skip
    return render(request, "supervision/show_group.html", context)


def _actions_words(actions):
    words = ((_action_words(action),) for action in actions)
    return format_html_join("", '<span class="isva-line">{}</span>', words)


def _action_words(action) -> str:
    told = {"what": action.what, "who": action.owner.name, "day": long_date(action.done_on or action.due_on)}
    return (
        _("%(what)s (%(who)s, done %(day)s)") if action.done_on else _("%(what)s (%(who)s, by %(day)s)")
    ) % told


def _buttons(group: PartnerGroup) -> list[dict]:
    change = {"text": _("Change"), "url": reverse("change_group", args=[group.pk]), "kind": "secondary"}
    record = {"text": _("Record a meeting"), "url": reverse("record_meeting", args=[group.pk])}
    return [change] if group.ended_on else [record, change]


@staff_page(KEEPS)
def add_group(request):
    """Write down a group in which the service sits."""
    form = GroupForm(posted(request), agencies=onward.agencies_in_use(request.user))
    if request.method == "POST" and saved(
        request, form, lambda: groups.add_group(request.acting, by=request.user, **form.values())
    ):
        messages.success(request, _("Saved."))
        return redirect("list_groups")
    return render(request, "supervision/add_group.html", {"form": form, "submit": _("Save")})


@staff_page(KEEPS)
def change_group(request, group_id):
    """Change a group, the day of its next meeting, or say that it has ended."""
    group = find(groups.groups_of(request.user), group_id)
    seated = [party.agency_id for party in group.parties.all()]
    known = {name: getattr(group, name) for name in _FIELDS} | {
        "agencies": seated,
        "seen": as_seen(group, _FIELDS),
    }
    agencies = onward.agencies_in_use(request.user) | onward.agencies_of(request.user).filter(pk__in=seated)
    form = ChangeGroupForm(posted(request), agencies=agencies.order_by("name"), initial=known)

    def act():
        groups.change_group(group, by=request.user, seen=form.cleaned_data["seen"] or None, **form.values())

    if request.method == "POST" and saved(request, form, act):
        messages.success(request, _("Saved."))
        return redirect("show_group", group_id=group.pk)
    return render(
        request, "supervision/change_group.html", {"form": form, "submit": _("Save"), "group": group}
    )


@staff_page(KEEPS)
def record_meeting(request, group_id):
    """Record that a group met, what was concluded, and what the service took on."""
    group = find(groups.groups_of(request.user), group_id)
    people = {str(one.user_id): one.user for one in colleagues(request.acting)}
    held_on = group.next_on if group.next_on and group.next_on <= today() else today()
    form = RecordMeetingForm(
        posted(request),
        owners=[(key, user.name) for key, user in people.items()],
        initial={"held_on": held_on},
    )

    def act():
        told = form.cleaned_data
        groups.record_meeting(
            group, by=request.user, held_on=told["held_on"], attended=[people[key] for key in told["attended"]],
            concluded=told["concluded"], next_on=told["next_on"],
            decisions=[Decision(what, people[owner], due_on) for what, owner, due_on in form.decided()],
        )  # fmt: skip
        messages.success(request, _("The meeting is recorded."))

    if request.method == "POST" and saved(request, form, act):
        return redirect("show_group", group_id=group.pk)
    context = {"form": form, "submit": _("Record the meeting"), "group": group}
    return render(request, "supervision/record_meeting.html", context)


@staff_page(*CASEWORK)
@require_POST
def close_group_action(request):
    """Note that an action from a meeting is done: by whose it is, or by a manager."""
    actions = groups.open_actions(request.user)
    if not request.acting.can(KEEPS):
        actions = actions.filter(owner=request.user)
    groups.close_group_action(find(actions, request.POST.get("action", "")), by=request.user)
    messages.success(request, _("Done."))
    return redirect("list_groups")

"""Management supervision: the agenda that prepares itself, the session as it stood, and the actions from it."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from isva.access.acting import ActingPerson
from isva.access.doors import find, staff_page
from isva.access.roles import Permission
from isva.accounts.views.pieces import row_button
from isva.clock.moment import now, today
from isva.clock.terms import number_now
from isva.drafts.saving import posted, saved
from isva.interface.marks import clock_mark
from isva.interface.tables import lines, table
from isva.interface.words import days_words, long_date
from supervision import agenda, arranging, management
from supervision.forms.management import ArrangeManagementForm, HoldSupervisionForm
from supervision.models import Arrangement
from supervision.views.agenda_pieces import cases_table, figure_rows

_THEIRS = (Permission.HOLD_CASES, Permission.SUPERVISE)


@staff_page(Permission.SUPERVISE)
def arrange_management(request, person_id):
    """Say who gives somebody management supervision, and how often."""
    member = find(arranging.carrying(request.acting), person_id)
    standing = arranging.arrangement_of(member, Arrangement.Kind.MANAGEMENT)
    supervisors = {
        str(one.user_id): one for one in arranging.managers(request.acting) if one.user_id != member.user_id
    }
    initial: dict = {"seen": str(standing.pk) if standing else ""}
    if standing is not None:
        initial |= {"supervisor": str(standing.supervisor_id), "every_days": standing.every_days}
    form = ArrangeManagementForm(posted(request), supervisors=supervisors.values(), initial=initial)

    def act():
        told = form.cleaned_data
        arranging.arrange(
            member, Arrangement.Kind.MANAGEMENT, supervisor=supervisors[told["supervisor"]].user,
            every_days=told["every_days"], by=request.user, seen=told["seen"],
        )  # fmt: skip
        messages.success(request, _("Saved."))

    if request.method == "POST" and saved(request, form, act):
        return redirect("list_supervision")
    usual = days_words(number_now(request.acting.service, "management_supervision_days"))
    return render(
        request,
        "supervision/arrange_management.html",
        {"form": form, "member": member, "usual": usual},
    )


@staff_page(Permission.SUPERVISE)
def hold_supervision(request, person_id):
    """The agenda as it stands now, and, once the session was held, its day and what was decided."""
    member = find(arranging.carrying(request.acting), person_id)
    owners = {str(one.user_id): one.user for one in [*arranging.managers(request.acting), member]}
    form = HoldSupervisionForm(
        posted(request),
        owners=[(key, user.name) for key, user in owners.items()],
        initial={"held_on": today()},
    )
    kept: list = []

    def act():
        decisions = [
            management.Decision(what, owners[owner], due_on) for what, owner, due_on in form.decided()
        ]
        kept.append(
            management.hold_supervision(
                request.acting, member, held_on=form.cleaned_data["held_on"], decisions=decisions
            )
        )
        messages.success(request, _("Recorded, with the agenda as it stood."))

    if request.method == "POST" and saved(request, form, act, at="held_on"):
        if kept:
            return redirect("show_supervision", session_id=kept[0].pk)
        return redirect("list_supervision")
    prepared = agenda.prepare(request.acting, member.user)
    previous = management.sessions_of(request.acting).filter(arrangement__membership=member).first()
    context = {
        "form": form, "member": member, "figures": figure_rows(prepared.figures, before=previous),
        "cases": cases_table(prepared.points),
        "open_actions": _actions_table(
            management.actions_of(request.acting).filter(session__arrangement__membership=member), request.acting
        ),
        "arranged": arranging.arrangement_of(member, Arrangement.Kind.MANAGEMENT) is not None,
    }  # fmt: skip
    return render(request, "supervision/hold_supervision.html", context)


@staff_page(*_THEIRS)
def show_supervision(request, session_id):
    """A session as it stood: its figures, those of its cases that the reader may see, and what was decided."""
    session = find(management.sessions_of(request.acting), session_id)
    stood = agenda.read_back(session, request.user)
    actions = session.actions.select_related("owner").order_by("due_on", "pk")
    context = {
        "member": session.arrangement.membership, "day": long_date(session.held_on), "by": session.recorded_by.name,
        "figures": figure_rows(stood.figures), "cases": cases_table(stood.points),
        "actions": table(
            caption=_("What was decided"), columns=[_("What"), _("Who"), _("By when"), _("Done")],
            rows=[
                [one.what, one.owner.name, long_date(one.due_on), long_date(one.done_on) if one.done_on else _("Not yet")]
                for one in actions
            ],
            empty={"title": _("Nothing was decided"), "text": _("Actions are entered when a session is recorded.")},
        ),
        "back_url": reverse("list_supervision" if request.acting.can(Permission.SUPERVISE) else "my_supervision"),
    }  # fmt: skip
    return render(request, "supervision/show_supervision.html", context)


@staff_page()
def list_actions(request):
    """Open actions from supervision: one's own, whatever one's role; for a manager those of everybody."""
    actions = list(management.actions_of(request.acting))
    late = sum(one.due_on < today() for one in actions)
    open_words = ngettext("%(n)d open", "%(n)d open", len(actions)) % {"n": len(actions)}
    context = {
        "says": _("%(open)s, %(late)d overdue.") % {"open": open_words, "late": late},
        "actions": _actions_table(actions, request.acting),
    }
    return render(request, "supervision/list_actions.html", context)


@staff_page()
@require_POST
def close_supervision_action(request):
    """Note that an action is done: by whose it is, or by a manager."""
    actions = management.actions_of(request.acting)
    if not request.acting.can(Permission.SUPERVISE):
        actions = actions.filter(owner=request.user)
    management.close_action(find(actions, request.POST.get("action", "")), by=request.user)
    messages.success(request, _("Done."))
    return redirect("list_actions")


def _actions_table(actions, person: ActingPerson):
    """Who gave the supervision sees what became of it; *Done* is pressed by whose action it is, or by a manager."""
    closes_all = person.can(Permission.SUPERVISE)
    return table(
        caption=_("Open actions"),
        columns=[_("What"), _("Who"), _("By when"), _("Done")],
        rows=[
            [
                lines(one.what, _("from the supervision of %s") % one.session.arrangement.membership.user.name),
                one.owner.name, clock_mark(one.due_on, now=now()), row_button("action", one.pk, _("Done"), hidden=one.what)
                if closes_all or one.owner_id == person.user.pk
                else "",
            ]
            for one in actions
        ],
        empty={"title": _("Nothing is open"), "text": _("What is decided in supervision stands here until it is done.")},
    )  # fmt: skip

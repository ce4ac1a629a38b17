"""Supervision of the staff: the manager's table of dates, who supervises whom, and a person's own page."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from isva.access.doors import find, staff_page
from isva.access.roles import Permission
from isva.clock.terms import number_now
from isva.drafts.saving import posted, saved
from isva.interface.marks import clock_mark, tag
from isva.interface.tables import lines, link, table
from isva.interface.words import days_words, long_date
from supervision import arranging, clinical, management
from supervision.clinical import Supervised
from supervision.forms.clinical import ArrangeClinicalForm
from supervision.models import Arrangement, ClinicalSession
from supervision.views.pieces import due_words, outcome_words, sooner_first

#: Sessions that a person's own page shows.
SHOWN = 20


@staff_page(Permission.SUPERVISE)
def list_supervision(request):
    """Everybody who carries cases: when clinical supervision was last held, when it is due, and what time was lost."""
    people = sooner_first(clinical.dates_of_everybody(request.acting))
    breaches = sum(one.is_breach for one in people)
    context = {
        "management": _managed_table(management.dates_of_everybody(request.acting)),
        "says": _says(len(people), breaches, sum(one.arrangement is None for one in people)),
        "table": table(
            caption=_("Clinical supervision"),
            columns=[_("Name"), _("Supervisor"), _("Last held"), _("Due"), _("Cancelled in 6 months")],
            rows=[_row(one) for one in people],
            urgent={place for place, one in enumerate(people) if one.is_breach},
            empty={
                "title": _("Nobody carries cases yet"),
                "text": _("ISVAs and trainees stand here as soon as they are members."),
            },
        ),
    }
    return render(request, "supervision/list_supervision.html", context)


def _managed_table(people: list[management.Managed]):
    return table(
        caption=_("Management supervision"),
        columns=[_("Name"), _("Supervisor"), _("Last held"), _("Due")],
        rows=[_managed_row(one) for one in people],
        empty={
            "title": _("Nobody carries cases yet"),
            "text": _("ISVAs and trainees stand here as soon as they are members."),
        },
    )


def _managed_row(one: management.Managed) -> list:
    name, to = one.membership.user.name, reverse("arrange_management", args=[one.membership.pk])
    if one.arrangement is None:
        supervisor = lines(
            tag(_("Nobody yet"), "amber"), link(_("Arrange it"), to, hidden=_("for %s") % name)
        )
        due = _("Not arranged")
    else:
        supervisor = link(one.arrangement.supervisor.name, to, hidden=_("supervises %s: change it") % name)
        due = clock_mark(one.due_on)
    last = _("Never yet")
    if one.last_held:
        held = reverse("show_supervision", args=[one.last_session])
        last = link(long_date(one.last_held), held, hidden=_("the last supervision of %s") % name)
    agenda = link(name, reverse("hold_supervision", args=[one.membership.pk]), hidden=_("the agenda"))
    return [agenda, supervisor, last, due]


def _says(people: int, breaches: int, without: int) -> str:
    parts = [ngettext("%(n)d person", "%(n)d people", people) % {"n": people}]
    if breaches:
        parts.append(
            ngettext(
                "%(n)d without a session for a quarter", "%(n)d without a session for a quarter", breaches
            )
            % {"n": breaches}
        )
    if without:
        parts.append(
            ngettext("%(n)d without a supervisor", "%(n)d without a supervisor", without) % {"n": without}
        )
    return ", ".join(parts) + "."


def _row(one: Supervised) -> list:
    name, to = one.membership.user.name, reverse("arrange_clinical", args=[one.membership.pk])
    if one.arrangement is None:
        supervisor = lines(
            tag(_("Nobody yet"), "amber"), link(_("Arrange it"), to, hidden=_("for %s") % name)
        )
    else:
        change = link(one.arrangement.supervisor.name, to, hidden=_("supervises %s: change it") % name)
        supervisor = lines(change, one.arrangement.provider)
    lost = [
        _("%(why)s: %(n)d") % {"n": count, "why": ClinicalSession.Why(why).label}
        for why, count in one.lost.most_common()
    ]
    return [
        name, supervisor, long_date(one.last_held) if one.last_held else _("Never yet"), due_words(one),
        lines(*lost) if lost else _("None"),
    ]  # fmt: skip


@staff_page(Permission.SUPERVISE)
def arrange_clinical(request, person_id):
    """Say who gives somebody clinical supervision, from which provider, and how often."""
    member = find(arranging.carrying(request.acting), person_id)
    now = arranging.arrangement_of(member, Arrangement.Kind.CLINICAL)
    supervisors = {str(one.user_id): one for one in arranging.clinical_supervisors(request.acting)}
    initial: dict = {"seen": str(now.pk) if now else ""}
    if now is not None:
        initial |= {
            "supervisor": str(now.supervisor_id),
            "provider": now.provider,
            "every_days": now.every_days,
        }
    form = ArrangeClinicalForm(posted(request), supervisors=supervisors.values(), initial=initial)

    def act():
        told = form.cleaned_data
        arranging.arrange(member, Arrangement.Kind.CLINICAL, supervisor=supervisors[told["supervisor"]].user, provider=told["provider"],
            every_days=told["every_days"], by=request.user, seen=told["seen"],
        )  # fmt: skip
        messages.success(request, _("Saved."))

    if request.method == "POST" and saved(request, form, act):
        return redirect("list_supervision")
    context = {
        "form": form,
        "member": member,
        "has_supervisors": bool(supervisors),
        "usual": days_words(number_now(request.acting.service, "clinical_supervision_days")),
    }
    return render(request, "supervision/arrange_clinical.html", context)


@staff_page(Permission.HOLD_CASES)
def my_supervision(request):
    """A person's own supervision: when, with whom, when next; and the way to their load and how it is counted."""
    mine = clinical.dates_of(request.acting)
    if mine is None:
        raise Http404
    sessions = list(
        clinical.sessions_of(request.acting).filter(arrangement__membership=mine.membership)[:SHOWN]
    )
    managed = management.dates_of(request.acting)
    context = {
        "rows": _my_rows(mine),
        "opted_out": mine.opted_out is not None,
        "managed": _my_managed_rows(managed) if managed else [],
        "held": _held_table(list(management.sessions_of(request.acting).filter(arrangement__membership=mine.membership)[:SHOWN])),
        "sessions": table(
            caption=_("Sessions"),
            columns=[_("Day"), _("How"), _("What became of it"), _("With")],
            rows=[
                [
                    long_date(one.held_on), one.get_format_display(), outcome_words(one),
                    lines(one.arrangement.supervisor.name, one.arrangement.provider),
                ]
                for one in sessions
            ],
            empty={"title": _("No session yet"), "text": _("Your supervisor records the day when one was held.")},
        ),
    }  # fmt: skip
    return render(request, "supervision/my_supervision.html", context)


def _my_rows(mine: Supervised) -> list[dict]:
    arranged = mine.arrangement
    with_whom = lines(arranged.supervisor.name, arranged.provider) if arranged else _("Nobody yet")
    return [
        {"key": _("With"), "value": with_whom},
        {"key": _("Last held"), "value": long_date(mine.last_held) if mine.last_held else _("Never yet")},
        {"key": _("Next by"), "value": due_words(mine)},
    ]


def _my_managed_rows(mine: management.Managed) -> list[dict]:
    return [
        {
            "key": _("With"),
            "value": mine.arrangement.supervisor.name if mine.arrangement else _("Nobody yet"),
        },
        {"key": _("Next by"), "value": clock_mark(mine.due_on) if mine.due_on else _("Not arranged")},
    ]


def _held_table(sessions):
    """One's own sessions of management supervision, each with its agenda and what was decided."""
    if not sessions:
        return None
    return table(
        caption=_("Management supervision held"),
        columns=[_("Day"), _("With")],
        rows=[
            [link(long_date(one.held_on), reverse("show_supervision", args=[one.pk])), one.recorded_by.name]
            for one in sessions
        ],
    )

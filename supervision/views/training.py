"""Training of the staff: everybody's for a manager, one's own for everybody else; recorded, and changed."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from isva.access.doors import find, staff_page
from isva.access.roles import Permission
from isva.clock.moment import today
from isva.drafts.saving import posted, saved
from isva.interface.marks import tag
from isva.interface.tables import Column, lines, link, table
from isva.interface.words import long_date
from supervision import training
from supervision.forms.training import TrainingForm
from supervision.models import Training
from supervision.views.training_pieces import ending_words, hours_words, kinds_words, name_of, record_row

_WORKS_HERE = (Permission.HOLD_CASES, Permission.HANDLE_INTAKE, Permission.SUPERVISE, Permission.KEEP_RECORDS)


@staff_page(*_WORKS_HERE)
def list_training(request):
    """For a manager: everybody, what ran out, what runs out and what is missing. For everybody else: their own."""
    if not request.acting.can(Permission.SUPERVISE):
        return _show(request, find(training.people(request.acting), _own_key(request)))
    found = training.standings(request.acting)
    lost = [sum(one.lost_hours.values()) for one in found]
    context = {
        "says": _says(found),
        "table": table(
            caption=_("Training, qualifications and checks"), hide_caption=True,
            columns=[
                _("Name"), _("Ran out or runs out"), _("Missing"), _("Planned"), Column(_("CPD hours in 12 months"), numeric=True),
                Column(_("Hours lost"), numeric=True),
            ],
            rows=[_row(one) for one in found],
            urgent={place for place, one in enumerate(found) if one.expired},
        ),
        "lost": _("Hours of training lost in the last 12 months: %(hours)s, of these to court: %(court)s.") % {
            "hours": hours_words(sum(lost)),
            "court": hours_words(sum(one.lost_hours.get(Training.Why.COURT.value, 0) for one in found)),
        },
    }  # fmt: skip
    return render(request, "supervision/list_training.html", context)


def _own_key(request):
    return next((one.pk for one in training.people(request.acting) if one.user_id == request.user.pk), None)


def _says(found) -> str:
    expired, lacking = sum(bool(one.expired) for one in found), sum(bool(one.lacking) for one in found)
    parts = [
        ngettext("%(n)d person", "%(n)d people", len(found)) % {"n": len(found)},
        _("%(n)d with something that ran out") % {"n": expired},
        _("%(n)d with something missing") % {"n": lacking},
    ]
    return ", ".join(parts) + "."


def _row(one) -> list:
    name = link(one.membership.user.name, reverse("show_training", args=[one.membership.pk]))
    ended = [lines(tag(_("Ran out"), "red"), ending_words(row)) for row in one.expired]
    ending = [lines(tag(_("Runs out"), "amber"), ending_words(row)) for row in one.ending]
    planned = [
        _("%(what)s: %(day)s") % {"what": name_of(row), "day": long_date(row.taken_on)} for row in one.planned
    ]
    return [
        lines(name, one.membership.role_names()),
        lines(*ended, *ending) if ended or ending else _("Nothing"),
        lines(*kinds_words(one.lacking)) if one.lacking else _("Nothing"),
        lines(*planned) if planned else "–",
        hours_words(one.held_hours),
        hours_words(sum(one.lost_hours.values())),
    ]  # fmt: skip


@staff_page(*_WORKS_HERE)
def show_training(request, person_id):
    """The training of one person: for a manager, and for the person themselves."""
    return _show(request, find(training.people(request.acting), person_id))


def _show(request, member):
    standing = training.standing_of(member)
    rows = list(training.trainings_of(request.acting, member))
    own = member.user_id == request.user.pk
    lost = [
        _("%(why)s: %(hours)s hours") % {"why": Training.Why(why).label, "hours": hours_words(hours)}
        for why, hours in standing.lost_hours.items()
    ]
    context = {
        "member": member, "own": own, "may_list": request.acting.can(Permission.SUPERVISE),
        "rows": [
            {"key": _("Missing"), "lines": kinds_words(standing.lacking) or [_("Nothing that their roles ask for")]},
            {"key": _("Runs out next"), "lines": [ending_words(one) for one in [*standing.expired, *standing.ending]]
                or [_("Nothing within %(n)d days") % {"n": training.NOTICE}]},
            {"key": _("CPD in 12 months"), "value": _("%s hours") % hours_words(standing.held_hours)},
            {"key": _("Lost in 12 months"), "lines": lost or [_("None")]},
        ],
        "table": table(
            caption=_("Everything recorded"),
            columns=[_("What"), _("When"), _("Holds until"), Column(_("Hours"), numeric=True), _("Evidence")],
            rows=[record_row(one, change=training.may_change(request.acting, one)) for one in rows],
            urgent={place for place, one in enumerate(rows) if one in standing.expired},
            empty={"title": _("Nothing recorded yet"), "text": _("Record what was held, what holds, and what is planned.")},
        ),
        "add": [{"text": _("Record training"), "url": reverse("record_training", args=[member.pk])}],
    }  # fmt: skip
    return render(request, "supervision/show_training.html", context)


@staff_page(*_WORKS_HERE)
def record_training(request, person_id):
    """Record a training, qualification or check of somebody, or one's own."""
    member = find(training.people(request.acting), person_id)
    sees = training.may_see_evidence(request.acting, member)
    form = TrainingForm(posted(request), sees_evidence=sees, initial={"status": Training.Status.HELD})

    def act():
        training.record_training(request.acting, member, **_told(form))
        messages.success(request, _("Recorded."))

    if request.method == "POST" and saved(request, form, act, at="taken_on"):
        return redirect("show_training", person_id=member.pk)
    context = {"form": form, "member": member, "sees": sees}
    return render(request, "supervision/record_training.html", context)


@staff_page(*_WORKS_HERE)
def change_training(request, training_id):
    """Change a record: it was held after all, cancelled, or its evidence was seen."""
    record = find(training.trainings_of(request.acting), training_id)
    member, sees = record.membership, training.may_see_evidence(request.acting, record.membership)
    initial = {name: getattr(record, name) for name in (*training.FIELDS, *training.EVIDENCE)}
    if sees and record.seen_on is None:
        initial["seen_on"] = today()
    form = TrainingForm(
        posted(request), sees_evidence=sees, initial=initial | {"seen": training.mark_of(record)}
    )

    def act():
        training.change_training(
            request.acting, record, seen=form.cleaned_data["seen"] or None, **_told(form)
        )
        messages.success(request, _("Saved."))

    if request.method == "POST" and saved(request, form, act, at="taken_on"):
        return redirect("show_training", person_id=member.pk)
    context = {
        "form": form,
        "member": member,
        "sees": sees,
        "may": training.may_change(request.acting, record),
    }
    return render(request, "supervision/change_training.html", context)


def _told(form) -> dict:
    return {name: value for name, value in form.cleaned_data.items() if name not in ("once", "seen")}

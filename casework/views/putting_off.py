"""Everything that is due on one case, and putting one thing off."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from casework import putting_off
from casework.doors import case_page
from casework.forms.putting_off import PutOffForm
from casework.views.due import due_url, may_do, when_due, words_of
from casework.views.frame import case_frame
from isva.access.roles import Permission
from isva.drafts.saving import posted, saved
from isva.interface.tables import lines, link, table
from isva.interface.words import long_date


@case_page(Permission.VIEW_CASE)
def show_due(request, case):
    """What is due on this case and what will be, whose it is, and what was put off."""
    due = putting_off.due_on_case(case)
    put_off = putting_off.put_off_on([case.pk])
    context = case_frame(request, case, "", next_step=False)
    context["due"] = table(
        caption=_("Due on this case"), hide_caption=True,
        columns=[_("What"), _("When"), _("Whose it is"), _("Put off")],
        rows=[_row(request.acting, case, one, put_off, context["frame"]["may_change"]) for one in due],
        urgent={place for place, one in enumerate(due) if one.is_overdue},
        empty={"title": _("Nothing is due"), "text": _("What falls due within the next 60 days stands here.")},
    )  # fmt: skip
    return render(request, "casework/show_due.html", context)


def _row(person, case, due, put_off: dict, writes: bool) -> list:
    what = link(words_of(due), due_url(due)) if writes and may_do(due, person) else words_of(due)
    return [lines(what, due.detail), when_due(due), _whose(case, due), _put_off(case, due, put_off, writes)]


def _whose(case, due) -> str:
    people = {one.pk: one.name for one in (case.lead_isva, case.interim_worker) if one}
    return people.get(due.holder) or str(due.rule.belongs_to.label)


def _put_off(case, due, put_off: dict, writes: bool):
    snooze = put_off.get(putting_off.key_of(due))
    if snooze:
        until = _("Until %(day)s, by %(name)s") % {
            "day": long_date(snooze.until),
            "name": snooze.recorded_by.name,
        }
        return lines(until, snooze.reason)
    if due.rule.safety:
        return _("Never: it concerns safety")
    if not writes:
        return ""
    address = reverse("put_off", kwargs={"case_id": case.pk, "rule": due.kind, "record_id": due.record})
    return link(_("Put off"), address, hidden=words_of(due))


@case_page(Permission.CHANGE_CASE)
def put_off(request, case, rule, record_id):
    """Put one thing off, until a day and for a reason; what concerns safety is refused in words."""
    due = putting_off.find_due(case, rule=rule, record=record_id)
    if due is None:
        raise Http404
    form = PutOffForm(posted(request))

    def act():
        given = form.cleaned_data
        putting_off.put_off(case, due, until=given["until"], reason=given["reason"], by=request.user)

    if request.method == "POST" and saved(request, form, act):
        until = long_date(form.cleaned_data["until"])
        messages.success(request, _("Put off until %(day)s.") % {"day": until})
        return redirect("show_due", case_id=case.pk)
    context = case_frame(request, case, "", next_step=False) | {
        "form": None if due.rule.safety and request.method != "POST" else form,
        "what": words_of(due), "when": when_due(due), "submit": _("Put off"),
        "cancel_url": reverse("show_due", kwargs={"case_id": case.pk}),
    }  # fmt: skip
    return render(request, "casework/put_off.html", context)

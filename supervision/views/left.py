"""The page of what is left behind: cases and actions of people who have left or are away, and giving them on."""

import datetime as dt

from django.contrib import messages
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from casework import worklists
from casework.views.alike import rows_of, together
from isva.access.doors import find, staff_page
from isva.access.roles import Permission
from isva.clock.moment import now
from isva.drafts.saving import posted, saved
from isva.interface.marks import clock_mark
from isva.interface.tables import lines, link, table
from isva.interface.words import long_date
from supervision import left
from supervision.forms.left import GiveLeftItemForm
from supervision.models import LeftItem

#: Days ahead that are looked at: the next working day lies within them.
_AHEAD = dt.timedelta(days=14)
_ARRANGE = {"clinical": "arrange_clinical", "management": "arrange_management"}


@staff_page(Permission.SEE_ALL_CASES)
def list_left_behind(request):
    """What nobody carries now: on cases that the manager may see, and beside them."""
    due = worklists.ask_on_cases(
        request.user, request.acting.service, left.rules_of_cases(), until=now() + _AHEAD
    )
    cases = worklists.cases_by_key(request.user, [one.case_id for one in due])
    items = left.left(request.acting)
    number = len(due) + len(items)
    context = {
        "says": ngettext("%(n)d thing waits for somebody.", "%(n)d things wait for somebody.", number) % {"n": number}
        if number else _("Nothing is left behind."),
        "cases": table(
            caption=_("On cases"),
            columns=[_("Who"), _("What to do"), _("By when"), _("ISVA")],
            rows=rows_of(together([one for one in due if one.case_id in cases], cases), cases, service=request.acting.service),
            empty={"title": _("No case is left behind"), "text": _("Cases of people who have left, or are away without cover, come here.")},
        ),
        "items": table(
            caption=_("Beside cases"),
            columns=[_("What"), _("Whose it was"), _("By when"), _("Found"), _("Give it to")],
            rows=[_row(one) for one in items],
            empty={"title": _("Nothing else is left behind"), "text": _("Every night what people left undone is gathered here.")},
        ),
        "given": table(
            caption=_("Given on in the last 30 days"),
            columns=[_("What"), _("Whose it was"), _("Given to"), _("By"), _("On")],
            rows=[
                [one.get_kind_display(), one.owner.name, one.given_to.name, one.given_by.name, long_date(one.settled_on)]
                for one in left.settled_lately(request.acting)
            ],
        ),
    }  # fmt: skip
    return render(request, "supervision/list_left_behind.html", context)


def _row(one: left.Left) -> list:
    item, record = one.item, one.record
    whose = lines(item.owner.name, item.get_why_display())
    found = long_date(item.found_on)
    if item.kind == LeftItem.Kind.SUPERVISOR:
        name = record.membership.user.name
        to = reverse(_ARRANGE[record.kind], args=[record.membership_id])
        what = lines(record.get_kind_display(), _("of %s") % name)
        return [what, whose, "", found, link(_("Say who gives it"), to, hidden=_("to %s") % name)]
    give = link(_("Give it to somebody"), reverse("give_left_item", args=[item.pk]), hidden=record.what)
    return [
        lines(record.what, item.get_kind_display()),
        whose,
        clock_mark(record.due_on, now=now()),
        found,
        give,
    ]


@staff_page(Permission.SEE_ALL_CASES)
def give_left_item(request, left_item_id):
    """Give an action that was left behind to a colleague."""
    item = find(left.items_of(request.acting).exclude(kind=LeftItem.Kind.SUPERVISOR), left_item_id)
    one = next((found for found in left.left(request.acting) if found.item.pk == item.pk), None)
    if one is None:
        messages.info(request, _("Somebody has it by now, or it was done."))
        return redirect("list_left_behind")
    people = left.at_work(request.acting)
    form = GiveLeftItemForm(
        posted(request), people=[(key, user.name) for key, user in people.items() if user.pk != item.owner_id]
    )

    def act():
        left.give_left_item(item, to=people[form.cleaned_data["to"]], by=request.user)
        messages.success(request, _("Given. It stands on their list from now on."))

    if request.method == "POST" and saved(request, form, act, at="to"):
        return redirect("list_left_behind")
    context = {
        "form": form,
        "submit": _("Give it to them"),
        "rows": [
            {"key": _("What"), "value": one.record.what},
            {"key": _("Whose it was"), "value": lines(item.owner.name, item.get_why_display())},
            {"key": _("By when"), "value": clock_mark(one.record.due_on, now=now())},
        ],
    }
    return render(request, "supervision/give_left_item.html", context)

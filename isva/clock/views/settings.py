"""When things fall due: the numbers of the service, the rules they belong to, and what was changed when."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from isva.access.doors import staff_page
from isva.access.roles import Permission
from isva.clock import settings
from isva.clock.forms.settings import ClockSettingsForm
from isva.clock.moment import now
from isva.clock.numbers import all_numbers
from isva.clock.rules import all_rules
from isva.drafts.saving import posted, saved
from isva.interface.marks import tag
from isva.interface.tables import lines, table
from isva.interface.words import long_date, short_when


@staff_page(Permission.SEE_ALL_CASES, Permission.KEEP_RECORDS)
def clock_settings(request):
    """Change the numbers by which things fall due; shows the rules, and every earlier version."""
    service = request.acting.service
    form = ClockSettingsForm(
        posted(request), numbers=settings.latest_numbers(service),
        initial={"from_day": settings.first_day_to_choose(service), "seen": settings.latest_key(service)},
    )  # fmt: skip

    def act():
        settings.change_numbers(
            service, numbers=form.numbers(), from_day=form.cleaned_data["from_day"], by=request.user,
            seen=form.cleaned_data["seen"] or None,
        )  # fmt: skip
        messages.success(request, _("Saved. What begins from that day on follows these numbers."))

    if request.method == "POST" and saved(request, form, act):
        return redirect("clock_settings")
    context = {
        "form": form, "rules": _table_of_rules(), "changes": _table_of_changes(service), "back_url": reverse("home"),
    }  # fmt: skip
    return render(request, "clock/clock_settings.html", context)


def _table_of_rules():
    rows, said = [], set()
    for rule in sorted(all_rules(), key=lambda rule: (rule.section.label, str(rule.words))):
        if rule.words in said:
            continue
        said.add(rule.words)
        then = _("then %(who)s") % {"who": str(rule.then.label).lower()} if rule.then else ""
        safety = tag(_("Safety"), "amber") if rule.safety else ""
        rows.append(
            [lines(rule.words, rule.says), rule.section.label, lines(rule.belongs_to.label, then), safety]
        )
    return table(
        caption=_("What falls due, and whose it is"), hide_caption=True,
        columns=[_("What"), _("Part"), _("Whose it is"), _("Told at once when late")], rows=rows,
    )  # fmt: skip


def _table_of_changes(service):
    names = all_numbers()
    rows = []
    for change in settings.changes_of(service):
        what = [
            _("%(number)s: %(before)s → %(after)s")
            % {"number": names[key].words, "before": _said(before), "after": _said(after)}
            for key, before, after in change.changed
        ]
        begins = (
            _("From the beginning") if change.applies_from.year < 2001 else long_date(change.applies_from)
        )
        ahead = tag(_("Planned"), "amber") if change.is_ahead else ""
        by = change.by or _("Taken over from the settings of the service")
        when = short_when(change.at, now=now()) if change.by else ""
        rows.append([lines(begins, ahead), lines(by, when), lines(*what) if what else _("The defaults")])
    return table(
        caption=_("Changes"), columns=[_("From"), _("Who changed it, and when"), _("What")], rows=rows,
        empty={"title": _("Nothing was changed yet"), "text": _("The numbers are the defaults. A change stands here with who made it.")},
    )  # fmt: skip


def _said(value) -> str:
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    return str(value)

"""Looks to look into: the manager's and the records lead's page of what was unusual, and what was found."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from casework import alerts
from casework.forms.alerts import LookIntoForm
from isva.access.doors import find, staff_page
from isva.access.roles import Permission
from isva.audit import looks
from isva.clock.moment import now
from isva.drafts.saving import posted, saved
from isva.interface.marks import reference_mark, tag
from isva.interface.paging import keyset_page
from isva.interface.tables import lines, link, table
from isva.interface.words import short_when

PAGE = 50
OPEN, LOOKED_INTO = "", "done"


@staff_page(Permission.SEE_ALL_CASES, Permission.KEEP_RECORDS)
def access_alerts(request):
    """What was unusual, the newest first: what waits, or what was looked into."""
    person = request.acting
    standing = LOOKED_INTO if request.GET.get("show") == LOOKED_INTO else OPEN
    found = alerts.alerts_for(person).filter(looked_at__isnull=standing == OPEN)
    page = keyset_page(found, order=alerts.ORDER, after=request.GET.get("after"), size=PAGE)
    cases = alerts.cases_of(page.rows, person)
    options = [(OPEN, _("Not looked into yet")), (LOOKED_INTO, _("Looked into"))]
    context = {
        "page": page,
        "filters": [{"name": "show", "label": _("Show"), "value": standing, "options": options}],
        "table": table(
            caption=_("Alerts"),
            hide_caption=True,
            columns=[_("Who"), _("Why it was raised"), _("When"), _("Case"), _("Looked into")],
            rows=[_row(alert, cases, request.user) for alert in page.rows],
            empty={
                "title": _("Nothing to look into"),
                "text": _("Looks that are unusual come here: a case that is not theirs, the same family name, and so on."),
            },
        ),
    }  # fmt: skip
    return render(request, "casework/access_alerts.html", context)


@staff_page(Permission.SEE_ALL_CASES, Permission.KEEP_RECORDS)
def look_into_alert(request, alert_id):
    """One alert: who looked at what and why it was raised; says what was found."""
    alert = find(alerts.alerts_for(request.acting), alert_id)
    cases = alerts.cases_of([alert], request.acting)
    own = alert.user_id == request.user.pk
    form = LookIntoForm(posted(request))
    waits = not own and alert.looked_at is None
    if request.method == "POST" and not waits:
        messages.info(request, _("Nothing was changed: this is not for you to look into, or it was done."))
        return redirect("access_alerts")
    if request.method == "POST" and saved(
        request, form, lambda: alerts.look_into(alert, note=form.cleaned_data["note"], by=request.user)
    ):
        messages.success(request, _("Saved. The alert is looked into."))
        return redirect("access_alerts")
    context = {
        "form": form if waits else None,
        "rows": _facts(alert, cases),
        "own": own,
        "alerts_url": reverse("access_alerts"),
    }
    return render(request, "casework/look_into_alert.html", context)


def _row(alert, cases, user) -> list:
    return [
        link(alert.user.name, reverse("look_into_alert", args=[alert.pk]), hidden=alert.get_kind_display()),
        alert.get_kind_display(),
        looks.when_cell(alert.entry),
        _case_cell(alert, cases),
        _standing(alert, user),
    ]


def _case_cell(alert, cases):
    """The case by name for who sees it; a number that leads nowhere for everybody else."""
    case = cases.get(alert.case)
    if case is None:
        return looks.case_label(alert.case)
    return lines(
        link(case.client.called, reverse("show_case", args=[case.pk])), reference_mark(case.reference)
    )


def _standing(alert, user):
    if alert.looked_at:
        return lines(alert.looked_by.name, short_when(alert.looked_at, now=now()))
    return (
        tag(_("Yours: somebody else looks into it"), "outline") if alert.user_id == user.pk else _("Not yet")
    )


def _facts(alert, cases) -> list[dict]:
    entry = alert.entry
    rows = [
        {"key": _("Who"), "value": alert.user.name},
        {"key": _("Why it was raised"), "value": alert.get_kind_display()},
        {"key": _("When"), "value": looks.when_cell(entry)},
        {"key": _("Case"), "value": _case_cell(alert, cases)},
        {"key": _("What"), "value": looks.what_cell(entry)},
        {"key": _("Why they could"), "value": looks.why_cell(entry)},
    ]
    if alert.looked_at:
        rows.append({"key": _("Looked into by"), "value": _standing(alert, None)})
        rows.append({"key": _("What they found"), "value": alert.note})
    return rows

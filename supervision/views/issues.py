"""Pages of systemic issues: the list with its filters, raising one, and saying how it stands."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from casework import onward
from casework.views.partnership import tabs
from isva.access.doors import find, staff_page
from isva.clock.moment import today
from isva.drafts.saving import posted, saved
from isva.interface.marks import tag
from isva.interface.paging import capped_count, keyset_page
from isva.interface.tables import lines, link, table
from isva.interface.words import long_date
from isva.stale import as_seen
from supervision import groups, issues
from supervision.colleagues import CASEWORK
from supervision.forms.partners import ChangeIssueForm, IssueForm
from supervision.models import SystemicIssue

_FIELDS = ChangeIssueForm.Meta.fields
_TONES = {"raised": "amber", "worked_on": "amber", "changed": "teal", "unchanged": "grey"}
OPEN = "open"


@staff_page(*CASEWORK)
def list_issues(request):
    """The issues raised, the latest first; ``?status=``, ``?level=`` and ``?agency=`` filter."""
    status, level, agency = (request.GET.get(name, "") for name in ("status", "level", "agency"))
    found = issues.issues_of(request.user)
    if status == OPEN:
        found = found.filter(status__in=issues.OPEN)
    elif status in SystemicIssue.Status.values:
        found = found.filter(status=status)
    if level in SystemicIssue.Level.values:
        found = found.filter(level=level)
    agencies = {str(one.pk): one.name for one in onward.agencies_of(request.user)}
    if agency in agencies:
        found = found.filter(agency=agency)
    page = keyset_page(found, order=("-raised_on", "-id"), after=request.GET.get("after"), size=50)
    context = {
        "tabs": tabs("list_issues"),
        "page": page,
        "count": _("%(n)s issues") % {"n": capped_count(found, page=page)},
        "filters": [
            {"name": "status", "label": _("How it stands"), "value": status,
             "options": [("", _("All")), (OPEN, _("Pursued")), *SystemicIssue.Status.choices]},
            {"name": "level", "label": _("Where it was raised"), "value": level,
             "options": [("", _("All")), *SystemicIssue.Level.choices]},
            {"name": "agency", "label": _("Agency"), "value": agency, "options": [("", _("All")), *sorted(agencies.items(), key=lambda one: one[1])]},
        ],
        "table": table(
            caption=_("Systemic issues"), hide_caption=True,
            columns=[_("What goes wrong"), _("Agency"), _("Where it was raised"), _("Raised"), _("How it stands"), _("What changed")],
            rows=[_row(one) for one in page.rows],
            empty={
                "title": _("No issue here"),
                "text": _("What goes wrong again and again, for more than one person, is raised and followed here."),
                "action": {"text": _("Raise an issue"), "url": reverse("raise_issue")},
            },
        ),
        "buttons": [{"text": _("Raise an issue"), "url": reverse("raise_issue")}],
        "list_url": reverse("list_issues"),
    }  # fmt: skip
    return render(request, "supervision/list_issues.html", context)


def _row(one) -> list:
    return [
        link(one.title, reverse("change_issue", args=[one.pk])),
        one.agency.name if one.agency else _("No single agency"),
        lines(one.get_level_display(), one.group.name if one.group else ""),
        long_date(one.raised_on),
        issue_mark(one),
        one.what_changed,
    ]


def issue_mark(one):
    """How an issue stands, as a mark; and since when, where it has ended."""
    since = _("since %(day)s") % {"day": long_date(one.ended_on)} if one.ended_on else ""
    return lines(tag(one.get_status_display(), _TONES[one.status]), since)


@staff_page(*CASEWORK)
def raise_issue(request):
    """Write down an issue, and where it was raised."""
    form = IssueForm(
        posted(request), agencies=onward.agencies_in_use(request.user), groups=groups.groups_that_meet(request.user),
        initial={"raised_on": today()},
    )  # fmt: skip
    if request.method == "POST" and saved(
        request, form, lambda: issues.raise_issue(request.acting, by=request.user, **form.values())
    ):
        messages.success(request, _("The issue is recorded."))
        return redirect("list_issues")
    return render(request, "supervision/raise_issue.html", {"form": form, "submit": _("Record the issue")})


@staff_page(*CASEWORK)
def change_issue(request, issue_id):
    """One issue: what it is, how it stands, and what changed."""
    one = find(issues.issues_of(request.user), issue_id)
    known = {name: getattr(one, name) for name in _FIELDS} | {"seen": as_seen(one, _FIELDS)}
    agencies = onward.agencies_in_use(request.user) | onward.agencies_of(request.user).filter(
        pk=one.agency_id
    )
    meeting = groups.groups_of(request.user).order_by("name")
    form = ChangeIssueForm(posted(request), agencies=agencies.order_by("name"), groups=meeting, initial=known)

    def act():
        issues.change_issue(one, by=request.user, seen=form.cleaned_data["seen"] or None, **form.values())

    if request.method == "POST" and saved(request, form, act):
        messages.success(request, _("Saved."))
        return redirect("list_issues")
    context = {
        "form": form,
        "submit": _("Save"),
        "issue": one,
        "by": _("Recorded by %(name)s on %(day)s")
        % {"name": one.recorded_by.name, "day": long_date(one.recorded_at)},
    }
    return render(request, "supervision/change_issue.html", context)

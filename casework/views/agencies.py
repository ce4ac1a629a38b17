"""The service's plain list of agencies."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from casework import onward
from casework.doors import find
from casework.forms.onward import AgencyForm, ChangeAgencyForm
from casework.models import Agency
from isva.access.doors import staff_page
from isva.access.roles import Permission
from isva.drafts.saving import posted, saved
from isva.interface import marks
from isva.interface.paging import capped_count, keyset_page
from isva.interface.tables import lines, link, table
from isva.stale import as_seen

_CASEWORK = (Permission.HOLD_CASES, Permission.HANDLE_INTAKE, Permission.SEE_ALL_CASES)


@staff_page(*_CASEWORK)
def list_agencies(request):
    """Agencies by name; ``?kind=`` and ``?use=`` filter."""
    kind, use = request.GET.get("kind", ""), request.GET.get("use", "")
    agencies = onward.agencies_of(request.user)
    if kind in Agency.Kind.values:
        agencies = agencies.filter(kind=kind)
    agencies = agencies.filter(in_use=use != "no")
    page = keyset_page(agencies, order=("name", "id"), after=request.GET.get("after"), size=50)
    context = {
        "page": page,
        "count": _("%(n)s agencies") % {"n": capped_count(agencies)},
        "filters": [
            {"name": "kind", "label": _("Kind"), "value": kind, "options": [("", _("All")), *Agency.Kind.choices]},
            {"name": "use", "label": _("Show"), "value": use, "options": [("", _("In use")), ("no", _("Not in use"))]},
        ],
        "table": table(
            caption=_("Agencies"), hide_caption=True,
            columns=[_("Name"), _("Kind"), _("Phone"), _("E-mail"), _("What they offer")],
            rows=[_row(agency) for agency in page.rows],
            empty={
                "title": _("No agency here yet"),
                "text": _("Agencies on this list can be chosen for referrals, plans and consents."),
                "action": {"text": _("Add an agency"), "url": reverse("add_agency")},
            },
        ),
        "buttons": [{"text": _("Add an agency"), "url": reverse("add_agency")}],
        "list_url": reverse("list_agencies"),
    }  # fmt: skip
    return render(request, "casework/list_agencies.html", context)


def _row(agency) -> list:
    name = link(agency.name, reverse("change_agency", kwargs={"agency_id": agency.pk}))
    return [
        lines(name, "" if agency.in_use else marks.tag(_("Not in use"))),
        agency.get_kind_display(),
        agency.phone,
        agency.email,
        agency.note,
    ]


@staff_page(*_CASEWORK)
def add_agency(request):
    """Put an agency on the list."""
    form = AgencyForm(posted(request))
    if request.method == "POST" and _saved(
        request, form, lambda: onward.add_agency(request.acting.service, by=request.user, **form.values())
    ):
        messages.success(request, _("The agency is on the list."))
        return redirect("list_agencies")
    context = {"form": form, "submit": _("Add agency"), "cancel_url": reverse("list_agencies")}
    return render(request, "casework/add_agency.html", context)


@staff_page(*_CASEWORK)
def change_agency(request, agency_id):
    """Change what the list says of an agency, or take it out of use."""
    agency = find(onward.agencies_of(request.user), agency_id)
    known = {name: getattr(agency, name) for name in ChangeAgencyForm.Meta.fields}
    form = ChangeAgencyForm(
        posted(request), initial=known | {"seen": as_seen(agency, ChangeAgencyForm.Meta.fields)}
    )
    if request.method == "POST" and _saved(
        request,
        form,
        lambda: onward.change_agency(
            agency, by=request.user, seen=form.cleaned_data["seen"] or None, **form.values()
        ),
    ):
        messages.success(request, _("Saved."))
        return redirect("list_agencies")
    context = {
        "form": form,
        "submit": _("Save"),
        "cancel_url": reverse("list_agencies"),
        "name": known["name"],
    }
    return render(request, "casework/change_agency.html", context)


def _saved(request, form, act) -> bool:
    """As ``saved``; a name that is taken is told at the name."""
    try:
        return saved(request, form, act)
    except onward.NameTaken as taken:
        form.add_error("name", str(taken))
        return False

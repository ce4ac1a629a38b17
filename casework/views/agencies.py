"""The directory of agencies: the list, an agency, and whom to turn to there."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from casework import directory, onward
from casework.doors import find
from casework.forms.agencies import AgencyContactForm, AgencyForm, ChangeAgencyContactForm, ChangeAgencyForm
from casework.models import Agency
from casework.views.partnership import tabs
from isva.access.doors import staff_page
from isva.access.roles import Permission
from isva.drafts.saving import posted, saved
from isva.interface import marks
from isva.interface.paging import capped_count, keyset_page
from isva.interface.tables import lines, link, table
from isva.interface.words import listed
from isva.stale import as_seen

CASEWORK = (Permission.HOLD_CASES, Permission.HANDLE_INTAKE, Permission.SEE_ALL_CASES)
#: Who keeps the directory: managers and coordinators. Everybody in casework reads it and adds what is missing.
KEEPS_DIRECTORY = (Permission.HANDLE_INTAKE, Permission.SEE_ALL_CASES)


@staff_page(*CASEWORK)
def list_agencies(request):
    """Agencies by name; ``?kind=``, ``?contact=`` and ``?use=`` filter."""
    kind, use, contact = (request.GET.get(name, "") for name in ("kind", "use", "contact"))
    agencies = onward.agencies_of(request.user)
    if kind in Agency.Kind.values:
        agencies = agencies.filter(kind=kind)
    agencies = agencies.filter(in_use=use != "no")
    if contact == "gap":
        agencies = directory.with_gaps_only(agencies)
    page = keyset_page(agencies, order=("name", "id"), after=request.GET.get("after"), size=50)
    reached = directory.reached(page.rows)
    context = {
        "tabs": tabs("list_agencies"),
        "page": page,
        "count": _("%(n)s agencies") % {"n": capped_count(agencies, page=page)},
        "filters": [
            {"name": "kind", "label": _("Kind"), "value": kind, "options": [("", _("All")), *Agency.Kind.choices]},
            {"name": "contact", "label": _("Contacts"), "value": contact,
             "options": [("", _("All")), ("gap", _("Gaps: the contact has left"))]},
            {"name": "use", "label": _("Show"), "value": use, "options": [("", _("In use")), ("no", _("Not in use"))]},
        ],
        "table": table(
            caption=_("Agencies"), hide_caption=True,
            columns=[_("Name"), _("Kind"), _("Areas"), _("Whom to turn to"), _("Phone"), _("E-mail")],
            rows=[_row(agency, reached.get(agency.pk, directory.Reached())) for agency in page.rows],
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


def _row(agency, reached) -> list:
    name = link(agency.name, reverse("show_agency", kwargs={"agency_id": agency.pk}))
    return [
        lines(name, "" if agency.in_use else marks.tag(_("Not in use"))),
        agency.get_kind_display(),
        listed(agency.areas) or _("Everywhere"),
        _whom(reached),
        agency.phone,
        agency.email,
    ]


def _whom(reached):
    """Whom to turn to, in a cell: the contact, else who stands in, else that there is a gap."""
    if reached.is_gap:
        return marks.tag(_("Gap: the contact has left"), "amber")
    if reached.contacts:
        deputy = "" if reached.deputies else marks.tag(_("No deputy"), "outline")
        return lines(listed([one.name for one in reached.contacts]), deputy)
    if reached.deputies:
        return lines(
            listed([one.name for one in reached.deputies]), marks.tag(_("Deputy stands in"), "outline")
        )
    return _("Nobody named")


@staff_page(*CASEWORK)
def add_agency(request):
    """Put an agency into the directory."""
    form = AgencyForm(posted(request), areas=request.acting.service.areas)
    kept: list = []

    def act():
        kept.append(onward.add_agency(request.acting.service, by=request.user, **form.values()))

    if request.method == "POST" and _saved(request, form, act):
        messages.success(request, _("The agency is on the list."))
        return redirect("show_agency", agency_id=kept[0].pk) if kept else redirect("list_agencies")
    context = {"form": form, "submit": _("Add agency"), "cancel_url": reverse("list_agencies")}
    return render(request, "casework/add_agency.html", context)


@staff_page(*KEEPS_DIRECTORY)
def change_agency(request, agency_id):
    """Change what the directory says of an agency, or take it out of use."""
    agency = find(onward.agencies_of(request.user), agency_id)
    areas = list(dict.fromkeys([*request.acting.service.areas, *agency.areas]))
    names = [name for name in ChangeAgencyForm.Meta.fields if areas or name != "areas"]
    known = {name: getattr(agency, name) for name in names}
    form = ChangeAgencyForm(posted(request), areas=areas, initial=known | {"seen": as_seen(agency, names)})
    if request.method == "POST" and _saved(
        request,
        form,
        lambda: onward.change_agency(
            agency, by=request.user, seen=form.cleaned_data["seen"] or None, **form.values()
        ),
    ):
        messages.success(request, _("Saved."))
        return redirect("show_agency", agency_id=agency.pk)
    context = {
        "form": form,
        "submit": _("Save"),
        "cancel_url": reverse("show_agency", args=[agency.pk]),
        "name": known["name"],
    }
    return render(request, "casework/change_agency.html", context)


@staff_page(*KEEPS_DIRECTORY)
def name_agency_contact(request, agency_id):
    """Write down whom to turn to at an agency."""
    agency = find(onward.agencies_of(request.user), agency_id)
    form = AgencyContactForm(posted(request))
    if request.method == "POST" and saved(
        request, form, lambda: directory.name_agency_contact(agency, by=request.user, **form.values())
    ):
        messages.success(request, _("Saved."))
        return redirect("show_agency", agency_id=agency.pk)
    context = {"form": form, "submit": _("Save"), "agency": agency}
    return render(request, "casework/name_agency_contact.html", context)


@staff_page(*KEEPS_DIRECTORY)
def change_agency_contact(request, agency_contact_id):
    """Change what stands about a contact, or say that they leave."""
    contact = find(directory.contacts_in(request.user), agency_contact_id)
    names = ChangeAgencyContactForm.Meta.fields
    known = {name: getattr(contact, name) for name in names}
    form = ChangeAgencyContactForm(posted(request), initial=known | {"seen": as_seen(contact, names)})

    def act():
        seen = form.cleaned_data["seen"] or None
        directory.change_agency_contact(contact, by=request.user, seen=seen, **form.values())

    if request.method == "POST" and saved(request, form, act):
        messages.success(request, _("Saved."))
        return redirect("show_agency", agency_id=contact.agency_id)
    context = {"form": form, "submit": _("Save"), "agency": contact.agency}
    return render(request, "casework/change_agency_contact.html", context)


def _saved(request, form, act) -> bool:
    """As ``saved``; a name that is taken is told at the name."""
    try:
        return saved(request, form, act)
    except onward.NameTaken as taken:
        form.add_error("name", str(taken))
        return False

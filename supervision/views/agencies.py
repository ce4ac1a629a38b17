"""The page of one agency: how to reach it, whom to turn to, and what the service has agreed and raised with it."""

from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from casework import directory, onward
from casework.views.agencies import CASEWORK, KEEPS_DIRECTORY
from isva.access.doors import find, staff_page
from isva.interface.marks import tag
from isva.interface.tables import lines, link, table
from isva.interface.words import listed, long_date
from supervision import groups, issues, protocols
from supervision.views.issues import issue_mark


@staff_page(*CASEWORK)
def show_agency(request, agency_id):
    """One agency, for everybody in casework; managers and coordinators change it from here."""
    agency = find(onward.agencies_of(request.user), agency_id)
    keeps = any(request.acting.can(permission) for permission in KEEPS_DIRECTORY)
    contacts = list(directory.contacts_of(agency))
    in_post = [one for one in contacts if directory.is_in_post(one)]
    context = {
        "agency": agency,
        "rows": _rows(agency),
        "gap": bool(contacts) and not in_post and agency.in_use,
        "contacts": _contacts(in_post, keeps, _("Whom to turn to")),
        "left": _contacts([one for one in contacts if one not in in_post], keeps, _("Earlier contacts")),
        "agreed": _agreed(agency),
        "issues": _issues(agency),
        "name_url": reverse("name_agency_contact", args=[agency.pk]) if keeps else "",
        "buttons": [{"text": _("Change"), "url": reverse("change_agency", args=[agency.pk]), "kind": "secondary"}]
        if keeps else [],
    }  # fmt: skip
    return render(request, "supervision/show_agency.html", context)


def _rows(agency) -> list[dict]:
    found = [
        (_("Kind"), agency.get_kind_display()),
        (_("Areas"), listed(agency.areas) or _("Everywhere")),
        (_("Phone"), agency.phone),
        (_("E-mail"), agency.email),
        (_("When"), agency.hours),
        (_("Out of hours"), agency.out_of_hours),
        (_("How to reach them"), agency.how_to_reach),
        (_("What they offer, and how to refer"), agency.note),
        (_("In use"), "" if agency.in_use else tag(_("Not in use"))),
    ]
    return [{"key": key, "value": value} for key, value in found if value]


def _agreed(agency) -> list[dict]:
    """The protocols that the agency has signed, and the groups in which it sits with the service."""
    found = [
        *(("show_protocol", _("Protocol"), one.title, one.pk) for one in protocols.protocols_with(agency)),
        *(("show_group", _("Group"), one.name, one.pk) for one in groups.groups_with(agency)),
    ]
    return [{"key": key, "value": link(name, reverse(page, args=[pk]))} for page, key, name, pk in found]


def _issues(agency):
    return table(
        caption=_("Issues raised"),
        columns=[_("What goes wrong"), _("Raised"), _("How it stands")],
        rows=[
            [
                link(one.title, reverse("change_issue", args=[one.pk])),
                long_date(one.raised_on),
                issue_mark(one),
            ]
            for one in issues.issues_with(agency)
        ],
    )


def _contacts(contacts, keeps: bool, caption: str):
    return table(
        caption=caption,
        columns=[_("Name"), _("Part"), _("Phone"), _("E-mail"), _("How best"), _("In post")],
        rows=[
            [
                lines(_named(one, keeps), one.job), one.get_part_display(), one.phone, one.email, one.note, _since(one),
            ]
            for one in contacts
        ],
        empty={
            "title": _("Nobody is named"),
            "text": _("A single point of contact and a deputy, with the numbers they use at work, belong here."),
        },
    )  # fmt: skip


def _named(contact, keeps: bool):
    if not keeps:
        return contact.name
    return link(contact.name, reverse("change_agency_contact", args=[contact.pk]), hidden=_("change"))


def _since(contact):
    if contact.until_on is None:
        return _("since %(day)s") % {"day": long_date(contact.from_on)}
    return lines(long_date(contact.from_on), _("to %(day)s") % {"day": long_date(contact.until_on)})

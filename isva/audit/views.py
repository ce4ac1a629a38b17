"""The access log: who looked at what in the service, for the records lead, who sees no case."""

from django.shortcuts import render
from django.utils.translation import gettext as _

from isva.access.doors import staff_page
from isva.access.roles import Permission
from isva.accounts import directory
from isva.audit import looks
from isva.audit.models import AccessEntry
from isva.interface.paging import keyset_page
from isva.interface.tables import table

PAGE = 50
OUTSIDE = "outside"


@staff_page(Permission.KEEP_RECORDS)
def access_log(request):
    """Every look in the service, the newest first; a case is a number that leads nowhere."""
    members = directory.members(request.acting, standing=directory.EVERYBODY).order_by("user__name")
    people = [(str(member.user_id), member.user.name) for member in members]
    filters = _filters(request, people)
    asked = {one["name"]: one["value"] for one in filters}
    found = looks.looks_of(request.acting)
    if asked["who"]:
        found = found.filter(user=asked["who"])
    if asked["what"]:
        found = found.filter(what=asked["what"])
    if asked["why"]:
        found = found.filter(why=asked["why"])
    if asked["hours"]:
        found = found.filter(in_hours=False)
    page = keyset_page(found, order=looks.ORDER, after=request.GET.get("after"), size=PAGE)
    context = {"page": page, "table": _table(page.rows), "filters": filters}
    return render(request, "audit/access_log.html", context)


def _filters(request, people) -> list[dict]:
    offered = (
        ("who", _("Who"), [("", _("Everybody")), *people]),
        ("what", _("What"), [("", _("Everything")), *AccessEntry.What.choices]),
        ("why", _("Why they could"), [("", _("Every reason")), *AccessEntry.Why.choices]),
        ("hours", _("When"), [("", _("At any time")), (OUTSIDE, _("Outside working hours"))]),
    )
    filters = []
    for name, label, options in offered:
        told = request.GET.get(name, "")
        value = told if told in {option for option, _words in options} else ""
        filters.append({"name": name, "label": label, "value": value, "options": options})
    return filters


def _table(entries):
    return table(
        caption=_("Looks"), hide_caption=True,
        columns=[_("When"), _("Who"), _("What"), _("Case"), _("Why they could"), _("From")],
        rows=[
            [
                looks.when_cell(entry),
                entry.user.name if entry.user else "–",
                looks.what_cell(entry),
                looks.case_label(entry.case) if entry.case else "–",
                looks.why_cell(entry),
                entry.address or "–",
            ]
            for entry in entries
        ],
        empty={"title": _("No look yet"), "text": _("Every look at a record is noted here, before the page opens.")},
    )  # fmt: skip

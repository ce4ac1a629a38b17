"""Search by name or reference: sent by POST, so that no name is ever in an address."""

from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from casework import search as finding
from casework.views.lists import case_row
from isva.access.doors import staff_page
from isva.access.roles import Permission
from isva.audit.reading import What, note_reading
from isva.clock.moment import now
from isva.interface.tables import table


@staff_page(Permission.HOLD_CASES, Permission.HANDLE_INTAKE, Permission.SEE_ALL_CASES)
def search(request):
    """Find cases in sight by name, similar spelling or reference. Opened without a search, it asks for one."""
    text = finding.clean(request.POST.get("q", "")) if request.method == "POST" else ""
    if text:
        note_reading(request, what=What.SEARCHED)  # that somebody searched, never for whom
    found = finding.search(request.user, text) if text else finding.Found([])
    problem = _problem(text) if request.method == "POST" else ""
    context = {
        "text": text[: finding.LONGEST],
        "asked": request.method == "POST",
        "problem": problem,
        "errors": [{"text": problem, "url": "#search-for"}] if problem else [],
        "says": _how_many(found),
        "table": _table(found.cases) if found.cases else None,
    }
    return render(request, "casework/search.html", context)


def _problem(text: str) -> str:
    if len(text) < finding.SHORTEST:
        return _("Type at least two letters of a name, or a reference like K7-4PQ2.")
    if len(text) > finding.LONGEST:
        return _("Type at most %(most)d characters.") % {"most": finding.LONGEST}
    return ""


def _how_many(found: finding.Found) -> str:
    count = len(found.cases)
    if found.more:
        return _("More than %(count)d cases match. Here are the closest; type more of the name.") % {
            "count": count
        }
    if count == 0:
        return _("No case in your sight matches.")
    return ngettext(
        "%(count)d case in your sight matches.", "%(count)d cases in your sight match.", count
    ) % {"count": count}


def _table(cases):
    moment = now()
    return table(
        caption=_("What was found"),
        hide_caption=True,
        columns=[
            _("Name"), _("Stage"), _("Risk"), _("Complexity"), _("Last contact"), _("Next review"), _("ISVA"),
        ],
        rows=[case_row(case, last=case.lead_isva.name if case.lead_isva_id else "", moment=moment) for case in cases],
    )  # fmt: skip

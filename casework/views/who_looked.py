"""Who looked at a case: for whoever works on it, and its managers."""

from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from casework.doors import case_page
from isva.access.roles import Permission
from isva.audit import looks
from isva.interface.paging import keyset_page
from isva.interface.tables import table

PAGE = 50


@case_page(Permission.CHANGE_CASE)
def who_looked(request, case):
    """Everybody who opened, printed or was refused this case, the newest first."""
    page = keyset_page(
        looks.looks_at(request.acting, case.pk), order=looks.ORDER, after=request.GET.get("after"), size=PAGE
    )
    context = {
        "case": case,
        "case_url": reverse("show_case", kwargs={"case_id": case.pk}),
        "page": page,
        "table": table(
            caption=_("Looks at this case"),
            hide_caption=True,
            columns=[_("When"), _("Who"), _("What"), _("Why they could")],
            rows=[
                [
                    looks.when_cell(entry),
                    entry.user.name if entry.user else "–",
                    looks.what_cell(entry),
                    looks.why_cell(entry),
                ]
                for entry in page.rows
            ],
        ),
    }
    return render(request, "casework/who_looked.html", context)

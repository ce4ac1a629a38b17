"""Whether the product is well, on a page: for the records lead, who calls the people who run it."""

from django.shortcuts import render
from django.utils.translation import gettext as _

from isva.access.doors import staff_page
from isva.access.roles import Permission
from isva.clock import health
from isva.interface.marks import mark
from isva.interface.tables import table


@staff_page(Permission.KEEP_RECORDS, Permission.SEE_ALL_CASES)
def show_health(request):
    """Database, queue, clock and letters, as they are at this moment."""
    found = health.checks()
    rows = [
        [
            check.name,
            mark(_("Well"), shape="dot", tone="calm")
            if check.is_well
            else mark(_("Not well"), shape="triangle", tone="now"),
            check.found,
        ]
        for check in found
    ]
    context = {
        "is_well": all(check.is_well for check in found),
        "table": table(
            caption=_("What was looked at"), hide_caption=True, columns=[_("What"), _("State"), _("What was found")],
            rows=rows, urgent={place for place, check in enumerate(found) if not check.is_well},
        ),
    }  # fmt: skip
    return render(request, "clock/show_health.html", context)

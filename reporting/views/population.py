"""The pages on which the area's population is given: what was given, and one characteristic of one area."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from isva.access.doors import staff_page
from isva.access.roles import Permission
from isva.drafts.saving import posted, saved
from isva.interface.tables import link, table
from reporting import population
from reporting.forms.population import PopulationForm
from reporting.measures import DIMENSIONS, EQUALITY

_GIVES = (Permission.PUBLISH_REPORT, Permission.KEEP_RECORDS)


def _area(request) -> str:
    area = request.GET.get("area", "")
    return area if area in request.acting.service.areas else ""


def area_words(area: str) -> str:
    """An area in words; all of the service where none is named."""
    return area or _("All of the service")


@staff_page(*_GIVES)
def list_populations(request):
    """What was given of an area's population, characteristic by characteristic."""
    service, area = request.acting.service, _area(request)
    given = population.populations_of(service, area)
    rows = []
    for key in EQUALITY:
        name, one = str(DIMENSIONS[key].name), given.get(key)
        address = f"{reverse('set_population', args=[key])}?{urlencode({'area': area})}"
        told = population.source_words(one) if one else _("Not given")
        rows.append(
            [name, told, link(_("Change") if one else _("Give"), address, hidden=name)]
        )  # fmt: skip
    context = {
        "filters": [
            {"name": "area", "label": _("Area"), "value": area,
             "options": [("", area_words("")), *((one, one) for one in service.areas)]}
        ],
        "table": table(
            caption=area_words(area), columns=[_("Characteristic"), _("Source"), _("What you can do")], rows=rows
        ),
    }  # fmt: skip
    return render(request, "reporting/list_populations.html", context)


@staff_page(*_GIVES)
def set_population(request, characteristic):
    """Give the population of an area by one protected characteristic; all shares empty takes it back."""
    if characteristic not in EQUALITY:
        raise Http404
    service, area = request.acting.service, _area(request)
    given = population.populations_of(service, area).get(characteristic)
    form = PopulationForm(posted(request), characteristic=characteristic, given=given)
    back = f"{reverse('list_populations')}?{urlencode({'area': area})}"

    def act():
        told, shares = form.cleaned_data, form.shares()
        seen = told["seen"] or None
        if not shares and given is not None:
            population.take_back(given, by=request.user, seen=seen)
        else:
            population.give_population(
                service, area=area, characteristic=characteristic, shares=shares, source=told["source"],
                year=told["year"] or 0, by=request.user, seen=seen,
            )  # fmt: skip
        messages.success(request, _("Saved. Dashboards show it now, reports from the next one built on."))

    if request.method == "POST" and saved(request, form, act):
        return redirect(back)
    context = {
        "form": form, "name": DIMENSIONS[characteristic].name, "area": area_words(area), "back_url": back
    }  # fmt: skip
    return render(request, "reporting/set_population.html", context)

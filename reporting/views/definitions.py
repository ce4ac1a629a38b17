"""What is counted, and how: every measure of the registry in plain words, for everybody who reads a figure."""

from django.shortcuts import render
from django.utils.translation import gettext as _

from isva.access.doors import staff_page
from isva.interface.marks import tag
from isva.interface.tables import lines, table
from isva.interface.words import listed
from reporting.measures import DIMENSIONS, EQUALITY, MEASURES, Measure, MoreIs, Section, Source
from reporting.words import unit_words


@staff_page()
def show_definitions(request):
    """Every measure: its definition, what it is counted of, who asks for it; or that it is not recorded, and why."""
    context = {
        "sections": [
            {"key": section.value, "name": section.label, "table": _table(section)} for section in Section
        ],
        "breakdowns": table(
            caption=_("Breakdowns"), columns=[_("By"), _("Lines")],
            rows=[[str(one.name), _lines(one)] for one in DIMENSIONS.values()],
        ),
        "recorded": sum(one.is_recorded for one in MEASURES.values()),
        "missing": sum(not one.is_recorded for one in MEASURES.values()),
    }  # fmt: skip
    return render(request, "reporting/show_definitions.html", context)


def _table(section):
    return table(
        caption=section.label, hide_caption=True, columns=[_("Measure"), _("Counted"), _("Asked for by, and broken down by")],
        rows=[_row(one) for one in MEASURES.values() if one.section is section],
    )  # fmt: skip


def _row(measure: Measure) -> list:
    name = lines(str(measure.name), str(measure.definition))
    if not measure.is_recorded:
        return [
            name,
            lines(tag(_("Not recorded"), "outline"), str(measure.not_recorded)),
            str(Source(measure.source).label),
        ]
    protected = set(EQUALITY) <= set(measure.by)
    counted = lines(
        str(measure.numerator or measure.denominator), _("of %s") % measure.denominator if measure.numerator and measure.denominator else "",
        _("In %s.") % unit_words(measure), "" if measure.more_is == MoreIs.NEITHER else str(MoreIs(measure.more_is).label),
    )  # fmt: skip
    told = [one.name for one in measure.own]
    told += [DIMENSIONS[key].name for key in measure.by if not protected or key not in EQUALITY]
    by = listed([*told, _("protected characteristics")] if protected else told)
    return [name, counted, lines(str(Source(measure.source).label), by)]


def _lines(dimension) -> str:
    if not dimension.lines:
        return _("The areas of the service.")
    return listed(words for _key, words in dimension.lines)

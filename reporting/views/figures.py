"""Live figures for managers: dashboards, one measure with its breakdowns, the records behind a number, and files of it."""

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from casework.views.lists import case_row, justice_words
from isva.access.doors import recently_confirmed, staff_page
from isva.access.roles import Permission
from isva.audit.reading import What, note_reading
from isva.clock.moment import now
from isva.interface.paging import capped_count, keyset_page
from isva.interface.tables import Column, table
from isva.interface.words import listed
from reporting import figures, saving
from reporting.asked import Asked, lines_asked
from reporting.completeness import completeness
from reporting.dashboards import DASHBOARDS, FAIR_BOARD, Dashboard, Panel
from reporting.drilling import cases_behind
from reporting.figures import Wanted
from reporting.measures import DIMENSIONS, Keyed, Measure, MoreIs, Source, dimension_of, measure_named
from reporting.population import populations_of, source_words
from reporting.sight import Sight
from reporting.tables import Kind, Table
from reporting.views import pieces
from reporting.words import figure_words, kind_words, number_words, unit_words

PAGE = 50


@staff_page(Permission.SEE_ALL_CASES)
def show_figures(request):
    """A dashboard: a panel for each of its measures, over the last eight quarters or of the one that was chosen."""
    board = DASHBOARDS.get(request.GET.get("board", ""), next(iter(DASHBOARDS.values())))
    service = request.acting.service
    asked = Asked.read(request.GET, service)
    # Some of those who were referred are not held against everybody who lives there.
    is_held = board.key == FAIR_BOARD and not asked.only
    given = populations_of(service, asked.area) if is_held else {}
    context = {
        "board": board,
        "tabs": [
            {
                "text": one.name,
                "url": f"{reverse('show_figures')}?board={one.key}&{asked.query()}",
                "current": one is board,
            }
            for one in DASHBOARDS.values()
        ],
        "filters": pieces.filters(asked, service),
        "keep": {"board": board.key},
        "clear_url": f"{reverse('show_figures')}?board={board.key}",
        "over": _over(asked),
        "panels": _panels(request, board, asked, given),
        "holds_against": board.key == FAIR_BOARD and request.acting.can(Permission.PUBLISH_REPORT),
    }
    return render(request, "reporting/show_figures.html", context)


def _over(asked: Asked) -> str:
    words = asked.quarter.words
    return words if asked.is_over else _("%(quarter)s, so far") % {"quarter": words}


def _panels(request, board: Dashboard, asked: Asked, given: dict) -> list[dict]:
    """What a dashboard shows, counted by one question."""
    service, sight = request.acting.service, Sight(request.user)
    scope, over = asked.scope(service), tuple(asked.scopes(service))
    wanted = [
        Wanted(_known(one.measure), scope, one.rows, over=over if one.trend else ()) for one in board.panels
    ]
    tables = figures.count_together(wanted, sight=sight, only=asked.only)
    return [_panel(one, table, asked, given) for one, table in zip(board.panels, tables, strict=True)]


def _panel(panel: Panel, counted: Table, asked: Asked, given: dict) -> dict:
    measure = _known(panel.measure)
    if panel.trend:
        chart = pieces.trend_chart(measure, counted, lines=panel.lines)
    else:
        chart = pieces.lines_chart(measure, counted, population=given.get(panel.rows))
    return {
        "chart": chart,
        "name": measure.name,
        "unit": unit_words(measure),
        "population": source_words(given[panel.rows]) if panel.rows in given else "",
        "url": f"{reverse('show_measure', args=[measure.key])}?{asked.query(by=panel.rows)}",
    }


def _known(key: str) -> Measure:
    measure = measure_named(key)
    if measure is None:
        raise Http404
    return measure


@staff_page(Permission.SEE_ALL_CASES)
def show_measure(request, measure):
    """One measure: what it is, its figures in a quarter by whatever was chosen, and over the last eight quarters."""
    known, service, sight = _known(measure), request.acting.service, Sight(request.user)
    asked = Asked.read(request.GET, service, known)
    context = {
        "measure": known,
        "about": _about(known),
        "filters": pieces.filters(asked, service, measure=known),
        "clear_url": reverse("show_measure", args=[known.key]),
        "over": _over(asked),
        "back_url": f"{reverse('show_figures')}?{asked.query(by='')}",
    }
    if known.is_recorded:
        wanted = [Wanted(known, asked.scope(service), asked.by)]
        if known.always_split is None:
            wanted.append(Wanted(known, wanted[0].scope, over=tuple(asked.scopes(service))))
        counted, *trends = figures.count_together(wanted, sight=sight, only=asked.only)
        context |= {
            "table": pieces.full_table(known, counted, asked),
            "chart": pieces.lines_chart(known, counted)
            if counted.rows_by and not counted.columns_by
            else None,
            "leads_on": known.keyed is Keyed.CASE,
            "files": [
                {
                    "text": words,
                    "url": f"{reverse('save_measure', args=[known.key])}?{asked.query(form=form)}",
                }
                for form, words in (("csv", _("Save as CSV")), ("xlsx", _("Save as a spreadsheet")))
            ],
        }
        for trend in trends:
            context["trend"] = pieces.trend_chart(known, trend)
    return render(request, "reporting/show_measure.html", context)


def _about(measure: Measure) -> list[dict]:
    rows = [
        {"key": _("What it counts"), "value": measure.definition},
        {"key": _("Counted"), "value": measure.numerator},
        {"key": _("Of"), "value": measure.denominator},
        {"key": _("Kind of figure"), "value": _("%(kind)s, in %(unit)s") % {"kind": kind_words(measure.kind), "unit": unit_words(measure)}},
        {"key": _("Direction"), "value": MoreIs(measure.more_is).label},
        {"key": _("Asked for by"), "value": Source(measure.source).label},
    ]  # fmt: skip
    return [row for row in rows if row["value"]]


@staff_page(Permission.SEE_ALL_CASES)
def list_records(request, measure):
    """The records behind a figure, as a list of cases that the reader may open."""
    known, service = _known(measure), request.acting.service
    asked, lines = Asked.read(request.GET, service, known), lines_asked(request.GET, known)
    cases = cases_behind(
        known, asked.scope(service), user=request.user, lines=lines, only=asked.only, hits=True
    )
    page = keyset_page(cases, order=("-opened_at", "-id"), after=request.GET.get("after"), size=PAGE)
    moment = now()
    context = {
        "measure": known,
        "page": page,
        "over": _over(asked),
        "which": _which(known, asked, lines),
        "count": capped_count(cases, page=page),
        "back_url": f"{reverse('show_measure', args=[known.key])}?{asked.query(by=next(iter(lines), ''))}",
        "table": table(
            caption=_("Cases"), hide_caption=True,
            columns=[_("Name"), _("Stage"), _("Risk"), _("Complexity"), _("Last contact"), _("Next review"), _("Justice process")],
            rows=[case_row(case, last=justice_words(case), moment=moment) for case in page.rows],
            empty={"title": _("No case in your sight"), "text": _("Nobody whom you may see is behind this figure.")},
        ),
    }  # fmt: skip
    return render(request, "reporting/list_records.html", context)


def _which(measure: Measure, asked: Asked, lines: dict) -> str:
    """The lines that a list was narrowed down to, in words."""
    told = [dimension.words(line) for key, line in lines.items() if (dimension := dimension_of(measure, key))]
    told += [DIMENSIONS[key].words(line) for key, line in asked.only.items()]
    return listed([*told, asked.area] if asked.area else told)


@staff_page(Permission.SEE_ALL_CASES)
@recently_confirmed
def save_measure(request, measure):
    """The figures of a measure as a file: the service's own numbers, small ones among them, after confirming who asks."""
    known, service = _known(measure), request.acting.service
    form = request.GET.get("form", "csv")
    if form not in saving.TYPES or not known.is_recorded:
        raise Http404
    asked = Asked.read(request.GET, service, known)
    counted = figures.count(
        known, asked.scope(service), sight=Sight(request.user), rows=asked.by, only=asked.only
    )
    note_reading(request, what=What.EXPORTED, kind="reporting.figures")
    told = saving.dataset(counted, known, over=asked.quarter.words)
    response = HttpResponse(saving.as_file(told, form), content_type=saving.TYPES[form])
    response["Content-Disposition"] = f'attachment; filename="figures-{known.key}-{asked.quarter.key}.{form}"'
    return response


@staff_page(Permission.SEE_ALL_CASES)
def show_completeness(request):
    """How complete the referrals of a quarter are, field by field: what reports rest on."""
    service = request.acting.service
    asked = Asked.read(request.GET, service)
    counted = completeness(asked.scope(service), sight=Sight(request.user))
    rows = [[line.words, figure_words(Kind.SHARE, counted.figure(line.key))] for line in counted.rows]
    received = next(iter(counted.cells.values())).denominator or 0
    context = {
        "over": _over(asked),
        "received": number_words(received),
        "filters": [one for one in pieces.filters(asked, service) if one["name"] in ("quarter", "area")],
        "clear_url": reverse("show_completeness"),
        "table": table(
            caption=_("Fields of referrals"), hide_caption=True, columns=[_("Field"), Column(_("Filled"), numeric=True)],
            rows=rows if received else [],
            empty={"title": _("No referral in this quarter"), "text": _("Choose another quarter.")},
        ),
    }  # fmt: skip
    return render(request, "reporting/show_completeness.html", context)

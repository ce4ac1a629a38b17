"""The minimum data set: the page that says what it is and documents every field, its files, and its schema."""

import json

from django.http import Http404
from django.shortcuts import render
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from isva.access.doors import recently_confirmed, staff_page
from isva.access.roles import Permission
from isva.audit.reading import What, note_reading
from isva.interface.tables import lines, link, table
from reporting.asked import quarters_offered
from reporting.data_set import files
from reporting.data_set.fields import PARTS, VERSION
from reporting.data_set.gathering import Span
from reporting.data_set.kinds import Field, Type, type_words
from reporting.data_set.schema import schema
from reporting.periods import Quarter
from reporting.sight import Sight
from reporting.views.report_pieces import handed_out

SCHEMA_TYPE = "application/schema+json"


@staff_page(Permission.SEE_ALL_CASES)
def show_data_set(request):
    """What the minimum data set is and who may hold it, its files by quarter, and every field of it."""
    context = {
        "version": VERSION,
        "rules": _rules(),
        "files": table(
            caption=_("Files"), columns=[_("Quarter"), _("That quarter"), _("All time up to its end")],
            rows=[_files_row(quarter, is_now=place == 0) for place, quarter in enumerate(quarters_offered())],
        ),
        "parts": [
            table(
                caption=str(words), columns=[_("Field"), _("Meaning"), _("Value")],
                rows=[_field_row(field, request.acting.service) for field in fields],
            )
            for words, fields in PARTS
        ],
    }  # fmt: skip
    return render(request, "reporting/show_data_set.html", context)


def _rules() -> list[str]:
    return [
        _("It is for this service: its own analysis, its own audit. It is not for commissioners, who get the suppressed reports, and not for publishing."),
        _("Managers may hold it, where the service keeps records of cases, for as long as the work takes. It is never sent by e-mail."),
        _("It is pseudonymous, not anonymous: who knows a person may know them again by what is told of them. In law it is personal data."),
        _("It has no name, no reference, no date, no postcode, no free text and no member of staff. Lengths are in whole days and weeks."),
        _("A restricted client is in it where you are one of the named people, and nowhere else. Two managers’ files may differ, and no file says how many are left out."),
        _("Who saved a file, of which kind and when, stands in the access log."),
    ]  # fmt: skip


def _files_row(quarter: Quarter, *, is_now: bool) -> list:
    words = _("%(quarter)s, so far") % {"quarter": quarter.words} if is_now else quarter.words
    last = quarter.period.last_day.isoformat()
    return [words, _links(words, quarter=quarter.key), _links(_("all time up to %s") % words, until=last)]


def _links(words: str, **asked: str):
    address = reverse("save_data_set")
    return format_html(
        "{} {}",
        *(
            link(form.upper(), f"{address}?{urlencode(asked | {'form': form})}", hidden=words)
            for form in ("csv", "json")
        ),
    )


def _field_row(field: Field, service) -> list:
    name = lines(format_html("<code>{}</code>", field.name), str(field.title))
    codes = list(field.codes)
    if field.type is Type.AREA:
        codes = [(area, "") for area in service.areas] + codes
    return [name, lines(str(field.meaning), str(field.empty)), _value(field, codes)]


def _value(field: Field, codes: list):
    if not codes:
        return type_words(field.type)
    told = format_html_join(
        "; ", "<code>{}</code>{}", ((code, f" {words}" if words else "") for code, words in codes)
    )
    return format_html('{}<span class="cell__more">{}</span>', type_words(field.type), told)


@staff_page(Permission.SEE_ALL_CASES)
@recently_confirmed
def save_data_set(request):
    """The data set of a quarter, or of all time up to a day, as a file: after confirming who asks, and noted."""
    span, form, service = _span(request.GET), request.GET.get("form", "json"), request.acting.service
    if span is None or form not in files.TYPES:
        raise Http404
    note_reading(request, what=What.EXPORTED, kind="reporting.data_set")
    data = files.as_file(service, span, sight=Sight(request.user), form=form)
    return handed_out(data, files.TYPES[form], files.file_name(span, form))


def _span(asked) -> Span | None:
    """The time that was asked for, the present quarter where none was; None where there is no such time."""
    if not (asked.get("quarter") or asked.get("until")):
        return Span.of_quarter(quarters_offered()[0])
    quarter = Quarter.named(asked.get("quarter", ""))
    if quarter is not None:
        return Span.of_quarter(quarter) if quarter in quarters_offered() else None
    # The ends of quarters alone: what two files of two days differ in would be a date.
    ends = {one.period.last_day.isoformat(): one.period.last_day for one in quarters_offered()}
    day = ends.get(asked.get("until", ""))
    return Span.until(day) if day else None


@staff_page(Permission.SEE_ALL_CASES)
def save_schema(request):
    """The JSON Schema of the data set: it tells nothing of anybody."""
    written = json.dumps(schema(), ensure_ascii=False, indent=1).encode()
    return handed_out(written, SCHEMA_TYPE, f"data-set-version-{VERSION}.schema.json")

"""A report on paper: the page that is printed to PDF, with cover, contents, sections, definitions and data quality."""

import datetime as dt
from dataclasses import dataclass

from django.template.loader import render_to_string
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from isva.clock.moment import day_of
from isva.interface.words import listed, long_date
from reporting.reports.blocks import completeness_of, definitions_of, how_protected, parts_of
from reporting.reports.content import Content


@dataclass(frozen=True)
class Standing:
    """What the cover says of a report beside its numbers: that it is a draft; or its version, who signed it and when."""

    is_draft: bool = False
    version: int = 1
    what_changed: str = ""
    signed_by: str = ""
    signed_at: dt.datetime | None = None
    checksum: str = ""
    is_replaced: bool = False


def title_of(content: Content) -> str:
    """The title of a report: it names a service and a quarter, and nobody."""
    return _("Quarterly report %(quarter)s, %(service)s") % {
        "quarter": content.quarter.words, "service": content.service
    }  # fmt: skip


def facts_of(content: Content, standing: Standing) -> list[tuple[str, str]]:
    """What a report is: for whom, of which area and time, which version of when."""
    facts = [
        (_("Contract"), content.contract),
        (_("Commissioner"), content.commissioner),
        (_("Area"), content.area or _("The whole area of the service")),
        (_("Time"), f"{content.quarter.short}: {content.period.words}"),
        (_("Counted on"), long_date(day_of(content.counted_at))),
        (_("Version"), str(standing.version)),
    ]
    if standing.signed_at is not None:
        signed = _("%(name)s, on %(day)s") % {
            "name": standing.signed_by,
            "day": long_date(day_of(standing.signed_at)),
        }
        facts.append((_("Signed and published by"), signed))
    if standing.what_changed:
        facts.append((_("What changed since the version before"), standing.what_changed))
    return facts


def context_of(content: Content, standing: Standing) -> dict:
    """Everything that a page or a print shows of a report: rows in words, nothing left to be looked up."""
    return {
        "content": content, "standing": standing, "title": title_of(content), "facts": facts_of(content, standing),
        "parts": parts_of(content), "definitions": definitions_of(content), "completeness": completeness_of(content),
        "protected": how_protected(),
        "planned": _("Closures that count as planned: %s.") % listed(list(content.planned)) if content.planned else "",
        "promises": [(one.what, long_date(one.by_when)) for one in content.promises],
    }  # fmt: skip


def paper_of(content: Content, standing: Standing) -> str:
    """The page that is printed."""
    return render_to_string(
        "reporting/pdf/report.html", context_of(content, standing) | {"language": get_language() or "en-gb"}
    )

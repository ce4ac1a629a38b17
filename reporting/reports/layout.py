"""What a report is made of: its sections in order, and the tables of each, from the registry of measures."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from reporting import local
from reporting.contracts import targets_in
from reporting.measures import DIMENSIONS, EQUALITY, MEASURES, Measure, Section, dimension_of
from reporting.models import Contract

#: A section of its own, made from the breakdowns of other sections' measures (Equality Act 2010).
FAIRNESS = "equality"
#: A section of its own, with what one contract asks beside the others.
LOCAL = "local"
#: Breakdowns of a measure beside its usual table.
ALSO_BY: dict[str, tuple[str, ...]] = {
    "referrals": ("source", "area", "cohort", "age", "justice", "violence", "recency"),
    "contact_within_standard": ("justice", "recency", "violence", "cohort"),
    "triage_outcomes": ("cohort",),
    "waiting": ("risk",),
    "days_waiting": ("risk",),
    "allocated": ("complexity", "risk"),
    "caseload": ("complexity", "justice"),
    "supported": ("justice", "cohort"),
    "contacts": ("purpose",),
    "weeks_of_support": ("justice",),
}
#: Measures that a trend is drawn of, over the quarters before.
TRENDS = (
    "referrals", "contact_within_standard", "advice", "waiting", "days_to_support", "caseload", "supported", "planned_closures",
)  # fmt: skip
#: What is shown by protected characteristics.
FAIR = ("referrals",)


@dataclass(frozen=True)
class Asked:
    """One table of a report: a measure, what its rows are (nothing: one line), or that it goes back over the quarters."""

    measure: Measure
    rows: str = ""
    is_trend: bool = False
    #: What is asked of it, in words; and of a local measure, what the commissioner calls it.
    target: str = ""
    wording: str = ""

    @property
    def by(self) -> str:
        """What its rows are, in words; nothing where there is one line."""
        found = dimension_of(self.measure, self.rows) if self.rows else None
        return str(found.name) if found else ""


def every_section() -> list[tuple[str, str]]:
    """The sections of a report as (key, words), in the order in which it has them."""
    found = [(section.value, str(section.label)) for section in Section]
    place = next(n for n, (key, _words) in enumerate(found) if key == Section.WORKFORCE)
    return [*found[:place], (FAIRNESS, str(_("Equality"))), *found[place:], (LOCAL, str(_("Local measures")))]


def sections_of(contract: Contract) -> list[tuple[str, str]]:
    """The sections that the reports of a contract have; equality is in each, and local measures where it has any."""
    kept = {FAIRNESS, *contract.sections}
    if local.measures_in(contract).exists() or local.questions_in(contract).exists():
        kept.add(LOCAL)
    return [one for one in every_section() if one[0] in kept]


def local_tables_of(contract: Contract) -> Iterator[Asked]:
    """The tables of the local measures of a contract: of the registry, like all others."""
    for one in local.measures_in(contract):
        measure = MEASURES.get(one.measure)
        if measure is not None and measure.is_recorded and one.rows in dict(local.breakdowns_of(measure)):
            yield Asked(measure, one.rows, wording=one.wording, target=local.asked_words(one))


def targets_of(contract: Contract) -> dict[str, str]:
    """What a contract asks of the measures of its report, in words: key of the measure → words."""
    return {one.measure: local.asked_words(one) for one in targets_in(contract)}


def tables_of(section: str, *, areas: int, targets: Mapping[str, str]) -> Iterator[Asked]:
    """The tables of a section: of each measure its usual one, its trend, and its other breakdowns.

    ``areas`` is how many areas the report is about: of one alone there is no table by area. What is asked of a measure
    (``targets``) stands at its usual table.
    """
    if section == FAIRNESS:
        for key in FAIR:
            yield from (Asked(MEASURES[key], one) for one in EQUALITY if one != "age")
        return
    for measure in MEASURES.values():
        if measure.section != section:
            continue
        yield Asked(measure, measure.own[0].key if measure.own else "", target=targets.get(measure.key, ""))
        if measure.key in TRENDS:
            yield Asked(measure, is_trend=True)
        for key in ALSO_BY.get(measure.key, ()):
            if key != "area" or areas > 1:
                yield Asked(measure, key)


def complete_fields() -> list[tuple[str, str]]:
    """Breakdowns of referrals whose completeness is told at the end: (key, words)."""
    kept = (*ALSO_BY["referrals"], *(one for one in EQUALITY if one != "age"))
    return [(key, str(DIMENSIONS[key].name)) for key in kept]

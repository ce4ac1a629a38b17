"""What the reviews of a case say over time, made ready to be shown: chart, domains from first to latest, parts of complexity.

Scores are compared only under the version of the instrument they were made with.
"""

from dataclasses import dataclass, field
from statistics import fmean

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from casework.models import Case, ComplexityReading, ReviewPoint, SasReview
from casework.sas.complexity import CONTACT_WEEKS, weights_of
from casework.sas.history import reviews_of, scores_by_review
from isva.clock.moment import now
from isva.interface.charts import line_chart, sparkline
from isva.interface.marks import clock_mark, complexity_mark, risk_mark
from isva.interface.tables import Column, lines, table
from isva.interface.words import listed, long_date, short_when

MEASURES = {
    "risk": gettext_lazy("Risk"),
    "need": gettext_lazy("Unmet need"),
    "protective": gettext_lazy("Protective factors"),
}

_PARTS = {
    "risk_points": gettext_lazy("Points of risk in the latest review"),
    "need_points": gettext_lazy("Points of unmet need in the latest review"),
    "protective_points": gettext_lazy("Protective factors, which lessen them"),
    "open_safeguarding": gettext_lazy("A safeguarding concern is open"),
    "agencies": gettext_lazy("Agencies involved"),
    "in_justice_process": gettext_lazy("A justice process is under way"),
    "trial_within_8_weeks": gettext_lazy("A trial within 8 weeks"),
    "child_or_young_person": gettext_lazy("A child or young person"),
    "interpreter": gettext_lazy("An interpreter is needed"),
    "contacts": gettext_lazy("Contacts in the last %(weeks)d weeks"),
}
#: Parts of which it matters how many there are.
_COUNTED = {"risk_points", "need_points", "protective_points", "agencies", "contacts"}


@dataclass(frozen=True)
class SasTrends:
    """The reviews of a case with their scores; ``compared`` are those made with the latest one's instrument."""

    reviews: list[SasReview]
    scores: dict
    compared: list[SasReview] = field(default_factory=list)

    @property
    def latest(self) -> SasReview | None:
        return self.reviews[-1] if self.reviews else None

    @property
    def other_versions(self) -> str:
        """Which reviews are left out of the comparison because their instrument is another, in words."""
        left_out = [review for review in self.reviews if review not in self.compared]
        if not left_out:
            return ""
        return ngettext(
            "A review made with an earlier version of the assessment is listed below and not compared (%(when)s).",
            "%(count)d reviews made with an earlier version of the assessment are listed below and not compared (%(when)s).",
            len(left_out),
        ) % {"count": len(left_out), "when": listed([long_date(review.reviewed_at) for review in left_out])}


def sas_trends(case: Case) -> SasTrends:
    """Read every review of a case and its scores. Two queries."""
    reviews = list(reviews_of(case))
    instrument = reviews[-1].instrument_id if reviews else None
    return SasTrends(
        reviews=reviews,
        scores=scores_by_review(case),
        compared=[review for review in reviews if review.instrument_id == instrument],
    )


def chart_of_averages(found: SasTrends):
    """The average over the domains of each review; None while there are not two to compare."""
    if len(found.compared) < 2:
        return None
    return line_chart(
        title=_("Risk, need and protective factors over time, averaged over the domains"),
        labels=[long_date(review.reviewed_at) for review in found.compared],
        series=[
            (str(name), [_average(found.scores.get(review.pk, {}), measure) for review in found.compared])
            for measure, name in MEASURES.items()
        ],
        highest=3,
        value_words={0: _("none"), 3: _("most")},
    )


def table_of_domains(found: SasTrends):
    """Each domain from its first score to its latest, with its way between; None before the first review."""
    if found.latest is None:
        return None
    content = found.latest.instrument.content
    words = {
        "risk": content["scale"],
        "need": content["scale"],
        "protective": content["protective_scale"],
    }
    rows = []
    for domain in content["domains"]:
        scores = [
            found.scores[review.pk][domain["key"]]
            for review in found.compared
            if domain["key"] in found.scores.get(review.pk, {})
        ]
        if not scores:
            rows.append([domain["title"], *[_("not asked")] * len(MEASURES), ""])
            continue
        ways = [_from_to(scores, measure, words[measure]) for measure in MEASURES]
        rows.append([domain["title"], *ways, _line(domain, scores)])
    return table(
        caption=_("Domains, from the first review to the latest"),
        columns=[_("Domain"), *(str(name) for name in MEASURES.values()), Column(_("Risk over time"))],
        rows=rows,
    )


def timeline_of_reviews(found: SasTrends) -> list[dict]:
    """The reviews, latest first, as the timeline piece takes them."""
    return [
        {
            "headline": review.get_kind_display(),
            "when": short_when(review.reviewed_at, now=now()),
            "by": review.recorded_by.name,
            "kind": "risk",
            "kind_word": f"{review.instrument.title}, {_('version %(number)d') % {'number': review.instrument.version}}",
            "mark": risk_mark(review.risk),
            "body": review.judgement,
        }
        for review in reversed(found.reviews)
    ]


def views_of_latest(found: SasTrends) -> dict | None:
    """The client's own view and the worker's judgement in the latest review, and the notes by domain."""
    review = found.latest
    if review is None:
        return None
    titles = {domain["key"]: domain["title"] for domain in review.instrument.domains}
    notes = [
        {"key": titles[key], "value": score["note"]}
        for key, score in found.scores.get(review.pk, {}).items()
        if score["note"] and key in titles
    ]
    return {
        "when": long_date(review.reviewed_at),
        "rows": [
            {"key": _("Overall risk"), "value": risk_mark(review.risk)},
            {"key": _("The client’s own view"), "lines": paragraphs(review.client_view)},
            {"key": _("The worker’s judgement"), "lines": paragraphs(review.judgement)},
            *notes,
        ],
    }


def review_due(case: Case) -> dict | None:
    """The Safety and Support review that lies ahead: the day as a mark, and why it is due then."""
    point = (
        ReviewPoint.objects.filter(
            case=case, done_on__isnull=True, kind__in=[ReviewPoint.Kind.SAS, ReviewPoint.Kind.STEP_DOWN]
        )
        .order_by("due_on")
        .first()
    )
    if point is None:
        return None
    return {"mark": clock_mark(point.due_on, now=now()), "why": point.why}


def complexity_page(case: Case) -> dict:
    """What ``show_complexity`` shows: the latest reading with its parts, how the measure is made, and its change."""
    readings = list(ComplexityReading.objects.filter(case=case).order_by("at", "recorded_at"))
    if not readings:
        return {"reading": None}
    latest, weights = readings[-1], weights_of(case.service)
    return {
        "reading": latest,
        "mark": complexity_mark(latest.band),
        "when": short_when(latest.at, now=now()),
        "parts": table(
            caption=_("What makes up the %(score)d points") % {"score": latest.score},
            columns=[_("Part"), Column(_("How many"), numeric=True), Column(_("Points"), numeric=True)],
            rows=[_part(name, latest.parts[name]) for name in _PARTS if name in latest.parts],
            empty={
                "title": _("Nothing adds to it"),
                "text": _("No part of the measure applies to this case."),
            },
        ),
        "bands": _("Medium begins at %(medium)s points, higher at %(higher)s.")
        % {"medium": weights["medium_from"], "higher": weights["higher_from"]},
        "chart": line_chart(
            title=_("Complexity over time, in points"),
            labels=[long_date(reading.at) for reading in readings],
            series=[(_("Points"), [reading.score for reading in readings])],
        )
        if len(readings) > 1
        else None,
    }


def outcome_table(case: Case):
    """What changed since the first review, domain by domain, for whoever ends support; None before the first."""
    return table_of_domains(sas_trends(case))


def paragraphs(text: str) -> list[str]:
    """A text as the lines of a summary list; “Not recorded” where there is none."""
    return text.splitlines() or [_("Not recorded")]


def _average(scores: dict, measure: str) -> float | None:
    return round(fmean(score[measure] for score in scores.values()), 1) if scores else None


def _from_to(scores: list[dict], measure: str, words: list[str]):
    first, latest = scores[0][measure], scores[-1][measure]
    if len(scores) == 1:
        return words[latest]
    if first == latest:
        return lines(words[latest], _("as at first"))
    change = _("up from %(first)s") if latest > first else _("down from %(first)s")
    return lines(words[latest], change % {"first": words[first].lower()})


def _line(domain: dict, scores: list[dict]):
    values = [score["risk"] for score in scores]
    if len(values) < 2:
        return ""
    words = _("%(domain)s, risk from %(first)d to %(latest)d in %(count)d reviews") % {
        "domain": domain["title"],
        "first": values[0],
        "latest": values[-1],
        "count": len(values),
    }
    return sparkline(values, words=words, highest=3)


def _part(name: str, part: dict) -> list:
    text = str(_PARTS[name]) % {"weeks": CONTACT_WEEKS}
    points = str(part["points"]).replace("-", "−")
    if "most" in part:
        text = lines(text, _("counted up to %(most)d points") % {"most": part["most"]})
    return [text, str(part["count"]) if name in _COUNTED else "", points]

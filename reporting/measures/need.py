"""Risk and need by domain: at the start of support, at the latest review, and at the end (quality standards: core data
set and outcomes; report, Safety and Support framework).

*Significant* is a score of 2 or 3. The start is the first full assessment, the end the final review.
"""

import json

from django.utils.translation import gettext_lazy as _

from casework.sas.instruments import FIRST
from reporting.measures.courses import CARRIED, STANDING
from reporting.measures.kinds import Measure, MoreIs, Section, Source, own
from reporting.tables import Kind

SIGNIFICANT = 2
DOMAIN = own(
    "domain", _("Domain"), [(one["key"], one["title"]) for one in json.loads(FIRST.read_text("utf-8"))["domains"]], splits=True
)  # fmt: skip

#: Courses of support that ended in the period, each case once, with their first full and their last final review.
_ENDED = """
    SELECT DISTINCT ON (c.case_id) c.case_id, full_review.id AS first_review, final_review.id AS last_review
    FROM courses c
    CROSS JOIN LATERAL (SELECT a.id, a.reviewed_at FROM casework_sasreview a WHERE a.case_id = c.case_id AND a.kind = 'full'
        AND a.reviewed_at >= c.begun_at AND a.reviewed_at <= c.closed_at ORDER BY a.reviewed_at, a.recorded_at, a.id LIMIT 1) full_review
    CROSS JOIN LATERAL (SELECT a.id FROM casework_sasreview a WHERE a.case_id = c.case_id AND a.kind = 'final'
        AND a.reviewed_at >= full_review.reviewed_at AND a.reviewed_at <= c.closed_at
        ORDER BY a.reviewed_at DESC, a.recorded_at DESC, a.id LIMIT 1) final_review
    WHERE c.supported_at IS NOT NULL AND c.closed_at >= %(begins)s AND c.closed_at < %(ends)s
    ORDER BY c.case_id, c.closed_at DESC"""
#: The latest full assessment, review or final review of everybody carried when the period ended.
_LATEST = f"""
    SELECT s.case_id, latest.id AS review FROM ({STANDING}) s
    CROSS JOIN LATERAL (SELECT a.id FROM casework_sasreview a WHERE a.case_id = s.case_id AND a.kind <> 'screening'
        AND a.reviewed_at < %(ends)s ORDER BY a.reviewed_at DESC, a.recorded_at DESC, a.id LIMIT 1) latest
    WHERE s.stage IN {CARRIED}"""


def _at(which: str, column: str) -> str:
    """Of those who ended, whose scores of a domain are known at both ends: who had a significant one at one of them."""
    return (
        f"SELECT e.case_id, one.domain, {which}.{column} >= {SIGNIFICANT} AS hit FROM ({_ENDED}) e "
        "JOIN casework_sasscore one ON one.review_id = e.first_review "
        "JOIN casework_sasscore two ON two.review_id = e.last_review AND two.domain = one.domain"
    )


def _now(column: str) -> str:
    return (
        f"SELECT e.case_id, one.domain, one.{column} >= {SIGNIFICANT} AS hit FROM ({_LATEST}) e "
        "JOIN casework_sasscore one ON one.review_id = e.review"
    )


_TOTALS = (
    "(SELECT sum(s.need + s.risk) FROM casework_sasscore s WHERE s.review_id = {0} AND EXISTS (SELECT FROM casework_sasscore o "
    "WHERE o.review_id = {1} AND o.domain = s.domain))"
)
_ENDED_WORDS = _("people whose support ended in the period, with a full assessment and a final review")


def _by_domain(key: str, name, definition, sql: str, out_of: str, denominator, numerator) -> Measure:
    return Measure(
        key=key, section=Section.NEED, name=name, definition=definition, kind=Kind.SHARE, source=Source.STANDARDS,
        numerator=numerator, denominator=denominator, sql=sql, counted=key, out_of=out_of, own=(DOMAIN,), by=("cohort",),
    )  # fmt: skip


_NEED, _RISK = _("people with a significant or severe need"), _("people with a significant or severe risk")
_CARRIED_WORDS = _("people carried by an ISVA when the period ended, with an assessment")

MEASURES = (
    _by_domain("need_at_start", _("Significant need at the start of support"),
               _("Of people whose support ended in the period: a need scored 2 or 3 at the first full assessment, by domain."),
               _at("one", "need"), "ended_assessed", _ENDED_WORDS, _NEED),
    _by_domain("need_at_end", _("Significant need at the end of support"),
               _("Of the same people: a need scored 2 or 3 at the final review, by domain."),
               _at("two", "need"), "ended_assessed", _ENDED_WORDS, _NEED),
    _by_domain("need_latest", _("Significant need at the latest review"),
               _("Of people whom ISVAs carried when the period ended: a need scored 2 or 3 at their latest review, by domain."),
               _now("need"), "carried_assessed", _CARRIED_WORDS, _NEED),
    _by_domain("risk_at_start", _("Significant risk at the start of support"),
               _("Of people whose support ended in the period: a risk scored 2 or 3 at the first full assessment, by domain."),
               _at("one", "risk"), "ended_assessed", _ENDED_WORDS, _RISK),
    _by_domain("risk_at_end", _("Significant risk at the end of support"),
               _("Of the same people: a risk scored 2 or 3 at the final review, by domain."),
               _at("two", "risk"), "ended_assessed", _ENDED_WORDS, _RISK),
    _by_domain("risk_latest", _("Significant risk at the latest review"),
               _("Of people whom ISVAs carried when the period ended: a risk scored 2 or 3 at their latest review, by domain."),
               _now("risk"), "carried_assessed", _CARRIED_WORDS, _RISK),
    Measure(
        key="improved", section=Section.NEED, name=_("Risk and need lower at the end than at the start"), kind=Kind.SHARE,
        source=Source.STANDARDS, more_is=MoreIs.BETTER, counted="improved", out_of="ended_scored",
        definition=_(
            "Of people whose support ended in the period: the scores of risk and need, added up over the domains that were scored "
            "both times, were lower at the final review than at the first full assessment."
        ),
        numerator=_("people with lower scores at the end"), denominator=_ENDED_WORDS,
        sql=f"SELECT case_id, after < before AS hit FROM (SELECT e.case_id, {_TOTALS.format('e.first_review', 'e.last_review')} AS before, "
        f"{_TOTALS.format('e.last_review', 'e.first_review')} AS after FROM ({_ENDED}) e) e WHERE before IS NOT NULL",
        by=("area", "cohort", "justice", "sex", "ethnicity", "disability"),
    ),
)  # fmt: skip

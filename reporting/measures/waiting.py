"""Waiting: how many wait, for how long, and whether somebody looks at them meanwhile (report, Interim support)."""

from django.utils.translation import gettext_lazy as _

from reporting.measures.courses import STANDING, WAITING
from reporting.measures.dimensions import ACCESS, EQUALITY
from reporting.measures.kinds import Measure, MoreIs, Section, Source, own
from reporting.tables import Kind
from triage.models import InterimReview

#: Who waited on at least one day of the period.
_WAITED = (
    f"SELECT DISTINCT case_id FROM stays w WHERE stage IN {WAITING} AND entered_at < %(ends)s "
    "AND (left_at IS NULL OR left_at > %(begins)s)"
)

MEASURES = (
    Measure(
        key="waiting", section=Section.WAITING, name=_("People waiting at the end of the period"), kind=Kind.COUNT,
        source=Source.REPORT, more_is=MoreIs.WORSE, counted="waiting",
        definition=_(
            "People in interim support or waiting for allocation when the period ended: referred and triaged, without an ISVA yet."
        ),
        numerator=_("people waiting"), sql=f"SELECT case_id FROM ({STANDING}) s WHERE stage IN {WAITING}",
        parts=lambda scope: ("open", "stage", ("interim", "allocation")), by=("risk", *ACCESS, *EQUALITY),
    ),
    Measure(
        key="days_waiting", section=Section.WAITING, name=_("Days that people have waited who still wait"), kind=Kind.SPREAD,
        unit="days", source=Source.REPORT, more_is=MoreIs.WORSE, out_of="waiting",
        definition=_("Days since the referral (or reopening) of everybody waiting when the period ended."),
        denominator=_("people waiting at the end of the period"),
        sql=f"SELECT s.case_id, extract(epoch FROM %(until)s - c.begun_at)::float8 / 86400 AS value FROM ({STANDING}) s "
        f"JOIN (SELECT DISTINCT ON (case_id) case_id, begun_at FROM courses WHERE begun_at < %(ends)s "
        f"ORDER BY case_id, course DESC) c ON c.case_id = s.case_id WHERE s.stage IN {WAITING}",
        by=("risk", *ACCESS),
    ),
    Measure(
        key="days_to_support", section=Section.WAITING, name=_("Days from referral to active support"), kind=Kind.SPREAD,
        unit="days", source=Source.REPORT, more_is=MoreIs.WORSE, out_of="support_began",
        definition=_(
            "Days from receipt (or reopening) until an ISVA took the case, of people whose support began in the period."
        ),
        denominator=_("people whose support began in the period"),
        sql="SELECT DISTINCT ON (case_id) case_id, extract(epoch FROM supported_at - begun_at)::float8 / 86400 AS value "
        "FROM courses WHERE supported_at >= %(begins)s AND supported_at < %(ends)s "
        "ORDER BY case_id, supported_at DESC",
        by=("risk", *ACCESS, *EQUALITY),
    ),
    Measure(
        key="interim_reviews_on_time", section=Section.WAITING, name=_("Reviewed on time while waiting"), kind=Kind.SHARE,
        source=Source.REPORT, more_is=MoreIs.BETTER, counted="reviewed_on_time", out_of="review_due",
        definition=_(
            "People whose review while waiting fell due in the period, and of whom every such review was done by its day. "
            "Reviews whose day has not passed and that are not done yet are left out."
        ),
        numerator=_("people with every review on time"), denominator=_("people whose review fell due in the period"),
        sql="SELECT f.case_id, bool_and(p.done_on IS NOT NULL AND p.done_on <= p.due_on) AS hit FROM facts f "
        "JOIN casework_reviewpoint p ON p.case_id = f.case_id WHERE p.kind = 'interim' "
        "AND p.due_on BETWEEN %(first_day)s AND %(last_day)s AND (p.done_on IS NOT NULL OR p.due_on < %(today)s) "
        "GROUP BY f.case_id",
        by=("risk", "area", "cohort"),
    ),
    Measure(
        key="escalated_waiting", section=Section.WAITING, name=_("Escalated while waiting"), kind=Kind.SHARE,
        source=Source.REPORT, counted="escalated", out_of="waited",
        definition=_(
            "People who waited at some time of the period, and whose allocation became urgent in it while they waited: their "
            "risk rose, or there was a new safeguarding concern."
        ),
        numerator=_("people escalated"), denominator=_("people who waited in the period"),
        sql=f"SELECT w.case_id, EXISTS (SELECT FROM triage_urgentallocation u JOIN casework_stageentry s ON s.case_id = u.case_id "
        f"AND s.stage IN {WAITING} AND s.entered_at < u.raised_at AND (s.left_at IS NULL OR s.left_at >= u.raised_at) "
        f"WHERE u.case_id = w.case_id AND u.raised_at >= %(begins)s AND u.raised_at < %(ends)s) AS hit FROM ({_WAITED}) w",
        by=("area", "cohort", "justice"),
    ),
    Measure(
        key="check_ins", section=Section.WAITING, name=_("Check-ins with people waiting"), kind=Kind.AMOUNT, unit="check-ins",
        source=Source.REPORT, out_of="checked_in_with",
        definition=_("Check-ins of the period with people who waited, whether they were reached or not."),
        numerator=_("check-ins"), denominator=_("people for whom there was one"),
        own=(own("method", _("How"), InterimReview.Method.choices, splits=True),
             own("reached", _("Reached"), (("yes", _("Reached")), ("no", _("Not reached"))), splits=True)),
        sql="SELECT f.case_id, 1 AS value, i.method, CASE WHEN i.reached THEN 'yes' ELSE 'no' END AS reached FROM facts f "
        "JOIN triage_interimreview i ON i.case_id = f.case_id "
        "WHERE i.service_id = %(service)s AND i.at >= %(begins)s AND i.at < %(ends)s",
        by=("area", "cohort"),
    ),
    Measure(
        key="left_waiting", section=Section.WAITING, name=_("Left the waiting list without an ISVA"), kind=Kind.COUNT,
        source=Source.REPORT, counted="left_waiting", more_is=MoreIs.WORSE,
        definition=_("People who waited and whose case was closed in the period without support having begun."),
        numerator=_("people who left"),
        sql=f"SELECT DISTINCT case_id FROM stays s WHERE stage = 'closed' AND came_from IN {WAITING} "
        "AND entered_at >= %(begins)s AND entered_at < %(ends)s",
        by=("area", "cohort", "justice", "source"),
    ),
)  # fmt: skip

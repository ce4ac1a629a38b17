"""Access: how soon people are reached (quality standard: first contact within 5 working days; report: within 48 hours).

Working time is told by the calendar of the service: ``calendar`` has a row for each day, with the working days before
it; a moment's working time is those days and, on a working day, the time since midnight in London. What was in force
when a referral was received decides: ``terms`` has a row for each version of the service's numbers.
"""

from django.utils.translation import gettext_lazy as _

from reporting.measures.dimensions import ACCESS, EQUALITY
from reporting.measures.kinds import Measure, MoreIs, Section, Source, own
from reporting.tables import Kind
from triage.models import ContactAttempt

#: Referrals of people without an open case, with the moment of first contact, or of the count where there was none yet.
_REACHED = """
    SELECT f.case_id, f.received_at, c.first_contact_at, coalesce(c.first_contact_at, %(at)s) AS until, t.*,
        received.n AS received_n, received.works AS received_works, reached.n AS reached_n, reached.works AS reached_works,
        (f.received_at AT TIME ZONE 'Europe/London')::time AS received_time,
        (coalesce(c.first_contact_at, %(at)s) AT TIME ZONE 'Europe/London')::time AS reached_time
    FROM facts f
    JOIN casework_case c ON c.id = f.case_id
    JOIN terms t ON f.received_at >= t.since AND f.received_at < t.till
    JOIN calendar received ON received.day = (f.received_at AT TIME ZONE 'Europe/London')::date
    LEFT JOIN calendar reached ON reached.day = (coalesce(c.first_contact_at, %(at)s) AT TIME ZONE 'Europe/London')::date
    LEFT JOIN referrals_referral d ON d.case_id = f.case_id
    WHERE f.received_at >= %(begins)s AND f.received_at < %(ends)s AND d.already_open_as_id IS NULL"""
_WORKED = (
    "({0}_n * interval '24 hours' + CASE WHEN {0}_works THEN {0}_time - time '00:00' ELSE interval '0' END)"
)
#: A day that the calendar does not reach is later than anything that could be due.
_IN_TARGET = (
    "CASE WHEN elapsed THEN until <= received_at + target_hours * interval '1 hour' "
    f"ELSE until <= received_at OR coalesce({_WORKED.format('reached')} <= {_WORKED.format('received')} + target_hours * interval '1 hour', false) END"
)
_IN_STANDARD = (
    "until <= received_at OR coalesce(reached_n < received_n + received_works::int + standard_days "
    "+ (next_day AND NOT received_works)::int, false)"
)


def _in_time(condition: str) -> str:
    """Of those who were reached or whose time is up: who was reached in time."""
    return (
        f"SELECT case_id, first_contact_at IS NOT NULL AND in_time AS hit FROM (SELECT r.*, {condition} AS in_time "
        f"FROM ({_REACHED}) r) r WHERE first_contact_at IS NOT NULL OR NOT in_time"
    )


MEASURES = (
    Measure(
        key="contact_within_target", section=Section.ACCESS, name=_("First contact within the service’s own target"),
        kind=Kind.SHARE, source=Source.REPORT, more_is=MoreIs.BETTER,
        definition=_(
            "People referred in the period who were reached within the service’s own target (48 hours of working days, "
            "unless it has set another): who know that the referral is accepted and support will be provided. Whoever may still be reached in time is left out; people whose case was open "
            "already too."
        ),
        numerator=_("people reached within the target"),
        denominator=_("people referred in the period who were reached or whose target has passed"),
        sql=_in_time(_IN_TARGET), counted="reached_in_target", out_of="target_due", by=(*ACCESS, *EQUALITY),
    ),
    Measure(
        key="contact_within_standard", section=Section.ACCESS, name=_("First contact within 5 working days"),
        kind=Kind.SHARE, source=Source.STANDARDS, more_is=MoreIs.BETTER,
        definition=_(
            "People referred in the period who were reached by the end of the fifth working day after the day of "
            "receipt. Whoever may still be reached in time is left out; people whose case was open already too."
        ),
        numerator=_("people reached within the standard"),
        denominator=_("people referred in the period who were reached or whose 5 working days have passed"),
        sql=_in_time(_IN_STANDARD), counted="reached_in_standard", out_of="standard_due", by=(*ACCESS, *EQUALITY),
    ),
    Measure(
        key="days_to_contact", section=Section.ACCESS, name=_("Days from referral to first contact"), kind=Kind.SPREAD,
        unit="days", source=Source.STANDARDS, more_is=MoreIs.WORSE,
        definition=_("Days, weekends among them, from receipt to first contact, of people referred in the period and reached."),
        denominator=_("people referred in the period and reached"), out_of="reached",
        sql=f"SELECT case_id, extract(epoch FROM first_contact_at - received_at)::float8 / 86400 AS value FROM ({_REACHED}) r "
        "WHERE first_contact_at IS NOT NULL",
        by=ACCESS,
    ),
    Measure(
        key="attempts", section=Section.ACCESS, name=_("Attempts to reach people"), kind=Kind.AMOUNT, unit="attempts",
        source=Source.REPORT,
        definition=_("Every call, text, e-mail, letter or visit to reach somebody after a referral, made in the period."),
        numerator=_("attempts"), denominator=_("people for whom there was one"), out_of="attempted",
        own=(own("method", _("How"), ContactAttempt.Method.choices, splits=True),
             own("result", _("What happened"), ContactAttempt.Outcome.choices, splits=True)),
        sql="SELECT f.case_id, 1 AS value, a.method, a.outcome AS result FROM facts f "
        "JOIN triage_contactattempt a ON a.case_id = f.case_id "
        "WHERE a.service_id = %(service)s AND a.at >= %(begins)s AND a.at < %(ends)s",
        by=("area", "cohort"),
    ),
)  # fmt: skip

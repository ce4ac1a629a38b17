"""Allocation: how long the decision takes, and how it is made (report, Allocation)."""

from django.utils.translation import gettext_lazy as _

from reporting.measures.kinds import Measure, MoreIs, Section, Source
from reporting.tables import Kind

#: Each case once, by the last allocation of the period.
_ONE = (
    "SELECT DISTINCT ON (f.case_id) f.case_id, a.override_reason, a.first_session_due_on, a.allocated_at FROM facts f JOIN triage_allocation a ON a.case_id = f.case_id "
    "WHERE a.service_id = %(service)s AND a.allocated_at >= %(begins)s AND a.allocated_at < %(ends)s "
    "ORDER BY f.case_id, a.allocated_at DESC, a.recorded_at DESC, a.id"
)

MEASURES = (
    Measure(
        key="allocated", section=Section.ALLOCATION, name=_("People allocated to an ISVA"), kind=Kind.COUNT,
        source=Source.REPORT, counted="allocated",
        definition=_("People for whom a manager chose an ISVA in the period; changes of ISVA are counted with them."),
        numerator=_("people allocated"), sql=f"SELECT case_id FROM ({_ONE}) a",
        by=("source", "area", "cohort", "age", "justice", "risk", "complexity"),
    ),
    Measure(
        key="days_to_allocate", section=Section.ALLOCATION, name=_("Days from ready for allocation to allocated"),
        kind=Kind.SPREAD, unit="days", source=Source.REPORT, more_is=MoreIs.WORSE, out_of="decision_made",
        definition=_("Days for which the case waited for the manager’s decision, of people who got an ISVA in the period."),
        denominator=_("people who came from waiting for a decision to an ISVA"),
        sql="SELECT DISTINCT ON (case_id) case_id, extract(epoch FROM entered_at - came_since)::float8 / 86400 AS value "
        "FROM stays s WHERE stage = 'active' AND came_from = 'allocation' AND entered_at >= %(begins)s "
        "AND entered_at < %(ends)s ORDER BY case_id, entered_at DESC",
        by=("area", "cohort", "justice", "risk"),
    ),
    Measure(
        key="advice_not_followed", section=Section.ALLOCATION, name=_("Allocated against the advice of the ranking"),
        kind=Kind.SHARE, source=Source.REPORT, counted="overridden", out_of="allocated",
        definition=_("People allocated in the period for whom the manager gave a reason not to follow what was suggested."),
        numerator=_("people allocated with such a reason"), denominator=_("people allocated"),
        sql=f"SELECT case_id, override_reason <> '' AS hit FROM ({_ONE}) a", by=("area", "cohort"),
    ),
    Measure(
        key="changed_worker", section=Section.ALLOCATION, name=_("Changed to another ISVA"), kind=Kind.COUNT,
        source=Source.REPORT, more_is=MoreIs.WORSE, counted="changed_worker",
        definition=_(
            "People whose support went from one ISVA to another in the period. Cover during leave is no change."
        ),
        numerator=_("people whose ISVA changed"),
        sql="SELECT DISTINCT a.case_id FROM (SELECT a.case_id, a.isva_id, a.allocated_at, "
        "lag(a.isva_id) OVER earlier AS isva_before, lag(a.allocated_at) OVER earlier AS before "
        "FROM facts f JOIN triage_allocation a ON a.case_id = f.case_id "
        "WINDOW earlier AS (PARTITION BY a.case_id ORDER BY a.allocated_at, a.id)) a "
        "WHERE a.allocated_at >= %(begins)s AND a.allocated_at < %(ends)s AND a.isva_id <> a.isva_before "
        "AND NOT EXISTS (SELECT FROM casework_stageentry s WHERE s.case_id = a.case_id AND s.stage = 'closed' "
        "AND s.entered_at >= a.before AND s.entered_at <= a.allocated_at)",
        by=("area", "cohort"),
    ),
    Measure(
        key="first_session_on_time", section=Section.ALLOCATION, name=_("First session on time"), kind=Kind.SHARE,
        source=Source.REPORT, more_is=MoreIs.BETTER, counted="session_on_time", out_of="session_due",
        definition=_(
            "People allocated in the period whose first session with the ISVA took place by the day it was due (five working "
            "days after allocation, unless the service has set another). Whose day has not passed yet is left out."
        ),
        numerator=_("people with a first session by that day"),
        denominator=_("people allocated whose first session was held or whose day has passed"),
        sql="SELECT case_id, coalesce(held <= first_session_due_on, false) AS hit FROM ("
        "SELECT a.case_id, a.first_session_due_on, (SELECT min((c.at AT TIME ZONE 'Europe/London')::date) FROM casework_contact c "
        "WHERE c.case_id = a.case_id AND c.purpose = 'first_session' AND c.attendance = 'attended' AND c.at >= a.allocated_at) "
        f"AS held FROM ({_ONE}) a WHERE a.first_session_due_on IS NOT NULL) a "
        "WHERE held IS NOT NULL OR first_session_due_on < %(today)s",
        by=("area", "cohort", "justice"),
    ),
)  # fmt: skip

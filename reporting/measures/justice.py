"""Justice: where cases stand, how long they stay there, decisions of no further action (report; police and CPS framework)."""

from django.utils.translation import gettext_lazy as _

from isva.codes import JusticeStage
from reporting.measures.dimensions import ACCESS
from reporting.measures.kinds import Measure, Section, Source, own
from reporting.tables import Kind

_NFA = ("nfa_police", "nfa_cps")
_NFA_BY = [one for one in JusticeStage.choices if one[0] in _NFA]

MEASURES = (
    Measure(
        key="no_further_action", section=Section.JUSTICE, name=_("Decisions of no further action"), kind=Kind.COUNT,
        source=Source.POLICE_CPS, counted="nfa",
        definition=_("People who were told in the period that no further action would be taken, by who decided."),
        numerator=_("people with such a decision"), own=(own("decided_by", _("Who decided"), _NFA_BY, splits=True),),
        sql="SELECT DISTINCT f.case_id, u.stage AS decided_by FROM facts f JOIN casework_justiceupdate u ON u.case_id = f.case_id "
        "WHERE u.stage IN ('nfa_police', 'nfa_cps') AND u.since BETWEEN %(first_day)s AND %(last_day)s",
        by=("area", "cohort", "recency", "violence"),
    ),
    Measure(
        key="charged", section=Section.JUSTICE, name=_("Charges"), kind=Kind.COUNT, source=Source.POLICE_CPS, counted="charged",
        definition=_("People in whose case somebody was charged in the period."), numerator=_("people with a charge"),
        sql="SELECT DISTINCT f.case_id FROM facts f JOIN casework_justiceupdate u ON u.case_id = f.case_id "
        "WHERE u.stage = 'charged' AND u.since BETWEEN %(first_day)s AND %(last_day)s",
        by=("area", "cohort", "recency", "violence"),
    ),
    Measure(
        key="days_in_justice_stage", section=Section.JUSTICE, name=_("Days in each justice stage"), kind=Kind.SPREAD, unit="days",
        source=Source.REPORT, out_of="left_justice_stage",
        definition=_(
            "Days from the beginning of a justice stage to the beginning of the next one, of next ones that began in the period; "
            "of each stage, each person’s last."
        ),
        denominator=_("people who left the stage"),
        own=(own("left", _("Justice stage that was left"), JusticeStage.choices, splits=True),),
        sql="SELECT DISTINCT ON (u.case_id, u.stage) u.case_id, u.stage AS left, (u.next - u.since)::float8 AS value FROM ("
        "SELECT j.case_id, j.stage, j.since, lead(j.since) OVER (PARTITION BY j.case_id ORDER BY j.since, j.recorded_at, j.id) AS next "
        "FROM facts f JOIN casework_justiceupdate j ON j.case_id = f.case_id) u "
        "WHERE u.next BETWEEN %(first_day)s AND %(last_day)s ORDER BY u.case_id, u.stage, u.next DESC, u.since",
        by=("cohort",),
    ),
    Measure(
        key="weeks_of_support", section=Section.JUSTICE, name=_("Weeks of support"), kind=Kind.SPREAD,
        unit="weeks", source=Source.REPORT, out_of="support_ended",
        definition=_(
            "Weeks in active support and stepped down, of people whose support ended in the period, by where the justice process "
            "stood when the period ended."
        ),
        denominator=_("people whose support ended in the period"),
        sql="SELECT DISTINCT ON (case_id) case_id, extract(epoch FROM supported_for)::float8 / 604800 AS value "
        "FROM courses WHERE supported_at IS NOT NULL AND closed_at >= %(begins)s AND closed_at < %(ends)s "
        "ORDER BY case_id, closed_at DESC",
        by=("justice", *[one for one in ACCESS if one != "justice"], "age"),
    ),
    Measure(
        key="special_measures", section=Section.JUSTICE, name=_("Special measures asked for and granted"), kind=Kind.SHARE,
        source=Source.POLICE_CPS, definition=_("People who wanted special measures at court, and for whom they were asked and granted."),
        not_recorded=_("Requests to courts are not kept yet."),
    ),
    Measure(
        key="isva_at_court", section=Section.JUSTICE, name=_("ISVA allowed at court"), kind=Kind.SHARE, source=Source.POLICE_CPS,
        definition=_("People who wanted their ISVA with them at court, and whose request was granted."),
        not_recorded=_("Requests to courts are not kept yet."),
    ),
)  # fmt: skip

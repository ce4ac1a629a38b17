"""Caseload and complexity: who is open and carried at the end of a period (report, Understanding caseload beyond volume).

*Open* is every case from referral until closure. *Caseload* is what ISVAs carry: active support and stepped down.
"""

from django.utils.translation import gettext_lazy as _

from casework.models import STAGE_CHOICES
from isva.pathway import Stage
from reporting.measures.courses import CARRIED, OPEN, STANDING
from reporting.measures.dimensions import ACCESS, EQUALITY
from reporting.measures.kinds import Keyed, Measure, Section, Source, own
from reporting.tables import Kind

_OPEN_STAGES = [(key, words) for key, words in STAGE_CHOICES if key != Stage.CLOSED.value]
_CASELOAD = f"SELECT case_id, stage FROM ({STANDING}) s WHERE stage IN {CARRIED}"
#: Caseloads as bands: a number of people would tell a small team whose it is.
BANDS = (
    ("1", 1, _("1 to 9")), ("10", 10, _("10 to 19")), ("20", 20, _("20 to 29")), ("30", 30, _("30 to 39")),
    ("40", 40, _("40 to 49")), ("50", 50, _("50 and over")),
)  # fmt: skip
_BAND = (
    "CASE "
    + " ".join(f"WHEN cases >= {least} THEN '{key}'" for key, least, _words in reversed(BANDS))
    + " END"
)
#: What a stepped-down case counts of its weight, as on the allocation board (triage/load.py).
_WEIGHT = (
    "CASE x.band WHEN 'lower' THEN v.weight_lower WHEN 'medium' THEN v.weight_medium WHEN 'higher' THEN v.weight_higher "
    "ELSE v.weight_lower END * CASE s.stage WHEN 'stepped_down' THEN 0.25 ELSE 1 END"
)

MEASURES = (
    Measure(
        key="open_cases", section=Section.CASELOAD, name=_("Open cases at the end of the period"), kind=Kind.COUNT,
        source=Source.REPORT, counted="open",
        definition=_("Open is every case from the referral until it is closed, whatever its stage, when the period ended."),
        numerator=_("people with an open case"), own=(own("stage", _("Stage"), _OPEN_STAGES),),
        sql=f"SELECT case_id, stage FROM ({STANDING}) s WHERE stage IN {OPEN}", by=("area", "cohort"),
    ),
    Measure(
        key="caseload", section=Section.CASELOAD, name=_("Caseload at the end of the period"), kind=Kind.COUNT,
        source=Source.REPORT, counted="caseload",
        definition=_("Caseload is what ISVAs carry: people in active support, and people stepped down, when the period ended."),
        numerator=_("people carried by an ISVA"),
        own=(own("carried", _("Stage"), [one for one in STAGE_CHOICES if one[0] in ("active", "stepped_down")]),),
        sql=_CASELOAD.replace("case_id, stage", "case_id, stage AS carried"),
        also=("carried", "open", "stage"), parts=lambda scope: ("open", "stage", ("active", "stepped_down")),
        by=("complexity", "risk", "justice_stage", *ACCESS, *EQUALITY),
    ),
    Measure(
        key="weighted_caseload", section=Section.CASELOAD, name=_("Weighted caseload at the end of the period"),
        kind=Kind.AMOUNT, unit="weighted cases", source=Source.REPORT, out_of="caseload",
        definition=_(
            "The caseload with each case counted by its complexity, with the weights that the service has set; a stepped-down "
            "case counts a quarter. No national measure of complexity exists: this one is the product’s own, and documented."
        ),
        numerator=_("weighted cases"), denominator=_("people carried by an ISVA"),
        sql=f"SELECT s.case_id, ({_WEIGHT})::float8 AS value FROM ({_CASELOAD}) s "
        "JOIN accounts_service v ON v.id = %(service)s LEFT JOIN LATERAL (SELECT r.band FROM casework_complexityreading r "
        "WHERE r.case_id = s.case_id AND r.at < %(ends)s ORDER BY r.at DESC, r.recorded_at DESC, r.id LIMIT 1) x ON true",
        by=("complexity", "cohort", "area", "justice"),
    ),
    Measure(
        key="caseload_bands", section=Section.CASELOAD, name=_("ISVAs by size of caseload"), kind=Kind.COUNT, unit="workers",
        source=Source.REPORT, counted="workers_carrying", keyed=Keyed.WORKER,
        definition=_("How many ISVAs carried how many people when the period ended. Bands, and never a name."),
        numerator=_("ISVAs"), own=(own("band", _("People carried"), [(key, words) for key, _least, words in BANDS]),),
        sql=f"SELECT worker, {_BAND} AS band FROM (SELECT a.isva_id AS worker, count(*) AS cases FROM ({_CASELOAD}) s "
        "JOIN triage_allocation a ON a.case_id = s.case_id AND a.allocated_at < %(ends)s "
        "AND (a.ended_at IS NULL OR a.ended_at >= %(ends)s) GROUP BY a.isva_id) w",
    ),
    Measure(
        key="agreement_in_place", section=Section.CASELOAD, name=_("With a client agreement"), kind=Kind.SHARE,
        source=Source.STANDARDS, counted="with_agreement", out_of="caseload",
        definition=_("People carried by an ISVA when the period ended, with an agreement made by then: confidentiality, sharing, consent."),
        numerator=_("people with an agreement"), denominator=_("people carried by an ISVA"),
        sql=f"SELECT s.case_id, EXISTS (SELECT FROM casework_clientagreement a WHERE a.case_id = s.case_id "
        f"AND a.agreed_on <= %(last_day)s) AS hit FROM ({_CASELOAD}) s",
        by=("area", "cohort"),
    ),
    Measure(
        key="full_assessment_in_place", section=Section.CASELOAD, name=_("With a full assessment of safety and support"),
        kind=Kind.SHARE, source=Source.STANDARDS, counted="with_full_assessment", out_of="caseload",
        definition=_("People carried by an ISVA when the period ended, whose risk and needs were assessed in full by then."),
        numerator=_("people with a full assessment"), denominator=_("people carried by an ISVA"),
        sql=f"SELECT s.case_id, EXISTS (SELECT FROM casework_sasreview a WHERE a.case_id = s.case_id AND a.kind = 'full' "
        f"AND a.reviewed_at < %(ends)s) AS hit FROM ({_CASELOAD}) s",
        by=("area", "cohort", "justice"),
    ),
    Measure(
        key="actions_in_place", section=Section.CASELOAD, name=_("With a support plan that has an action"), kind=Kind.SHARE,
        source=Source.STANDARDS, counted="with_plan", out_of="caseload",
        definition=_("People carried by an ISVA when the period ended, whose individual support plan had an action by then."),
        numerator=_("people with such a plan"), denominator=_("people carried by an ISVA"),
        sql=f"SELECT s.case_id, EXISTS (SELECT FROM casework_planaction a WHERE a.case_id = s.case_id "
        f"AND a.recorded_at < %(ends)s) AS hit FROM ({_CASELOAD}) s",
        by=("area", "cohort"),
    ),
    Measure(
        key="stage_moves", section=Section.CASELOAD, name=_("Moves between stages"), kind=Kind.COUNT, source=Source.REPORT,
        counted="moved",
        definition=_("People who came into a stage in the period, by the stage that they came into; once for each stage."),
        numerator=_("people who came into the stage"), own=(own("into", _("Came into"), STAGE_CHOICES, splits=True),),
        sql="SELECT DISTINCT f.case_id, s.stage AS into FROM facts f JOIN casework_stageentry s ON s.case_id = f.case_id "
        "WHERE s.entered_at >= %(begins)s AND s.entered_at < %(ends)s",
        by=("area", "cohort"),
    ),
    Measure(
        key="days_in_stage", section=Section.CASELOAD, name=_("Days in each stage"), kind=Kind.SPREAD, unit="days",
        source=Source.REPORT, out_of="left_stage",
        definition=_("Days that people had spent in a stage which they left in the period; of each stage, the last stay of each person."),
        denominator=_("people who left the stage"),
        own=(own("out_of", _("Stage that was left"), _OPEN_STAGES, splits=True),),
        sql="SELECT DISTINCT ON (f.case_id, s.stage) f.case_id, s.stage AS out_of, "
        "extract(epoch FROM s.left_at - s.entered_at)::float8 / 86400 AS value FROM facts f "
        f"JOIN casework_stageentry s ON s.case_id = f.case_id WHERE s.stage IN {OPEN} "
        "AND s.left_at >= %(begins)s AND s.left_at < %(ends)s ORDER BY f.case_id, s.stage, s.left_at DESC, s.entered_at DESC",
        by=("area", "cohort"),
    ),
)  # fmt: skip

"""What figures are broken down by: the breakdowns of a case, each with its value in SQL and its lines in words.

Sources: service delivery report (source, cohort, justice status), quality standards (equitable access whether
reported or not, whenever and whatever the abuse was; protected characteristics).
"""

from django.utils.translation import gettext_lazy as _

from isva import codes
from isva.codes import JusticeStage as J
from referrals.models import Referral
from reporting.measures.kinds import Dimension

#: Age at the referral: the bands' lower ends, in years.
AGES = (
    ("0", 0, _("Under 13")), ("13", 13, _("13 to 17")), ("18", 18, _("18 to 24")), ("25", 25, _("25 to 34")),
    ("35", 35, _("35 to 44")), ("45", 45, _("45 to 54")), ("55", 55, _("55 to 64")), ("65", 65, _("65 and over")),
)  # fmt: skip
ADULT_FROM = 18

#: The many justice stages in the few that reports compare (report, Closure: duration by justice outcome).
JUSTICE_GROUPS = (
    ("not_reported", _("Not reported"), (J.NOT_REPORTED, J.CONSIDERING)),
    ("investigation", _("Under investigation or with CPS"), (J.INVESTIGATION, J.INTERVIEWED, J.WITH_CPS, J.REVIEW)),
    ("nfa", _("No further action"), (J.NFA_POLICE, J.NFA_CPS)),
    ("court", _("Charged or at court"),
     (J.CHARGED, J.PLEA_HEARING, J.AWAITING_TRIAL, J.TRIAL, J.RETRIAL, J.AWAITING_SENTENCE, J.APPEAL)),
    ("ended", _("Ended by a court or out of court"),
     (J.CONVICTED, J.ACQUITTED, J.SENTENCED, J.DISCONTINUED, J.OUT_OF_COURT)),
    ("withdrew", _("The person withdrew"), (J.WITHDREW,)),
    ("unknown", _("Not known"), (J.UNKNOWN,)),
)  # fmt: skip

_AGE = (
    "CASE WHEN cl.date_of_birth IS NOT NULL THEN extract(year FROM age(f0.received_on, cl.date_of_birth))::int "
    "WHEN cl.age_given IS NOT NULL AND cl.age_given_on IS NOT NULL "
    "THEN cl.age_given + greatest(0, (f0.received_on - cl.age_given_on) / 365) END"
)
_BAND = (
    "CASE "
    + " ".join(f"WHEN {_AGE} >= {years} THEN '{key}'" for key, years, _words in reversed(AGES))
    + " END"
)
_COHORT = f"CASE WHEN {_AGE} < {ADULT_FROM} THEN 'child' WHEN {_AGE} >= {ADULT_FROM} THEN 'adult' END"

#: Where the justice process stood at the end of the period. What a case was opened with is no update of its own: before
#: the first update it is what the case says while there is none, and otherwise what the referral said of a report.
_JUSTICE_JOIN = """LEFT JOIN LATERAL (
    SELECT u.stage FROM casework_justiceupdate u WHERE u.case_id = c.id AND u.since <= %(last_day)s
    ORDER BY u.since DESC, u.recorded_at DESC, u.id LIMIT 1) justice_then ON true
LEFT JOIN LATERAL (
    SELECT true AS later FROM casework_justiceupdate u WHERE u.case_id = c.id LIMIT 1) justice_any ON true"""
_JUSTICE = (
    "coalesce(justice_then.stage, CASE WHEN justice_any.later IS NULL THEN c.justice_stage END, "
    "CASE r.reported WHEN 'yes' THEN 'investigation' WHEN 'no' THEN 'not_reported' WHEN 'considering' THEN 'considering' "
    "ELSE 'unknown' END)"
)


def _listed(keys) -> str:
    return "(" + ", ".join(f"'{key}'" for key in keys) + ")"


_GROUP = (
    "CASE "
    + " ".join(f"WHEN {_JUSTICE} IN {_listed(stages)} THEN '{key}'" for key, _words, stages in JUSTICE_GROUPS)
    + " END"
)
_RISK_JOIN = """LEFT JOIN LATERAL (
    SELECT s.risk FROM casework_sasreview s WHERE s.case_id = c.id AND s.reviewed_at < %(ends)s
    ORDER BY s.reviewed_at DESC, s.recorded_at DESC, s.id LIMIT 1) risk_then ON true"""
_COMPLEXITY_JOIN = """LEFT JOIN LATERAL (
    SELECT x.band FROM casework_complexityreading x WHERE x.case_id = c.id AND x.at < %(ends)s
    ORDER BY x.at DESC, x.recorded_at DESC, x.id LIMIT 1) complexity_then ON true"""


def _of_client(key: str, name, choices) -> Dimension:
    return Dimension(key=key, name=name, lines=tuple(choices.choices), sql=f"cl.{key}")


def _of_referral(key: str, name, choices, column: str = "") -> Dimension:
    return Dimension(key=key, name=name, lines=tuple(choices.choices), sql=f"r.{column or key}")


DIMENSIONS: dict[str, Dimension] = {
    one.key: one
    for one in (
        _of_referral("source", _("Who referred"), codes.ReferralSource),
        _of_referral("route", _("How it came in"), Referral.Route),
        Dimension("area", _("Area"), (), sql="cl.area"),
        Dimension("cohort", _("Children and adults"),
                  (("child", _("Children and young people under 18")), ("adult", _("Adults"))), sql=_COHORT,
                  not_recorded=_("Age not recorded")),
        Dimension("age", _("Age at referral"), tuple((key, words) for key, _years, words in AGES), sql=_BAND,
                  not_recorded=_("Age not recorded")),
        Dimension("justice", _("Justice status"), tuple((key, words) for key, words, _stages in JUSTICE_GROUPS),
                  sql=_GROUP, join=_JUSTICE_JOIN, at_the_end=True),
        Dimension("justice_stage", _("Justice stage"), tuple(J.choices), sql=_JUSTICE, join=_JUSTICE_JOIN,
                  at_the_end=True),
        _of_referral("reported", _("Reported to the police, at referral"), codes.Reported),
        _of_referral("recency", _("When it happened"), codes.Recency),
        _of_referral("violence", _("Type of sexual violence"), codes.ViolenceType, "violence_type"),
        _of_referral("relationship", _("Relationship to the suspect"), codes.Relationship),
        Dimension("risk", _("Risk"), tuple(codes.Risk.choices), sql="risk_then.risk", join=_RISK_JOIN, at_the_end=True,
                  not_recorded=_("Not assessed yet")),
        Dimension("complexity", _("Complexity"), tuple(codes.Complexity.choices), sql="complexity_then.band",
                  join=_COMPLEXITY_JOIN, at_the_end=True, not_recorded=_("Not reckoned yet")),
        _of_client("sex", _("Sex"), codes.ClientSex),
        _of_client("gender_identity", _("Gender identity"), codes.GenderIdentity),
        _of_client("ethnicity", _("Ethnic group"), codes.Ethnicity),
        _of_client("religion", _("Religion or belief"), codes.Religion),
        _of_client("orientation", _("Sexual orientation"), codes.Orientation),
        _of_client("disability", _("Disability"), codes.Disability),
        _of_client("marital", _("Marriage or civil partnership"), codes.Marital),
        _of_client("pregnancy", _("Pregnancy and maternity"), codes.Pregnancy),
    )
}  # fmt: skip

#: Protected characteristics (Equality Act 2010), age among them.
EQUALITY = ("age", "sex", "gender_identity", "ethnicity", "religion", "orientation", "disability", "marital", "pregnancy")  # fmt: skip
#: What access must not depend on (quality standards: reported or not, when, what), and who the service reaches.
ACCESS = ("source", "area", "cohort", "justice", "recency", "violence")
EVERYTHING = tuple(DIMENSIONS)

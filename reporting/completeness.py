"""How complete the record is: for each field that reports rest on, the share of referrals in which it is filled.

*Prefer not to say* is an answer; *not asked* is none (quality standards: core data set).
"""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from reporting import asking
from reporting.scope import Scope
from reporting.sight import Sight
from reporting.tables import ALL, Figure, Kind, Line, Table

#: By key: the field in words, and when it counts as filled.
FIELDS = {
    "age": (gettext_lazy("Age or date of birth"), "cl.date_of_birth IS NOT NULL OR cl.age_given IS NOT NULL"),
    "area": (gettext_lazy("Area"), "cl.area <> ''"),
    "source": (gettext_lazy("Who referred"), "r.source <> ''"),
    "consent": (gettext_lazy("Consent to the referral"), "r.consents <> ''"),
    "safety": (gettext_lazy("Whether anyone is in danger"), "r.safety_answer IN ('yes', 'no') OR cardinality(r.safety_concerns) > 0"),
    "reported": (gettext_lazy("Reported to the police"), "r.reported NOT IN ('', 'unknown')"),
    "justice": (gettext_lazy("Justice stage"), "c.justice_stage <> 'unknown'"),
    "violence": (gettext_lazy("Type of sexual violence"), "r.violence_type <> ''"),
    "recency": (gettext_lazy("When it happened"), "r.recency <> ''"),
    "relationship": (gettext_lazy("Relationship to the suspect"), "r.relationship <> ''"),
    "sex": (gettext_lazy("Sex"), "cl.sex NOT IN ('', 'not_asked')"),
    "gender_identity": (gettext_lazy("Gender identity"), "cl.gender_identity NOT IN ('', 'not_asked')"),
    "ethnicity": (gettext_lazy("Ethnic group"), "cl.ethnicity NOT IN ('', 'un')"),
    "religion": (gettext_lazy("Religion or belief"), "cl.religion NOT IN ('', 'not_asked')"),
    "orientation": (gettext_lazy("Sexual orientation"), "cl.orientation NOT IN ('', 'not_asked')"),
    "disability": (gettext_lazy("Disability"), "cl.disability NOT IN ('', 'not_asked')"),
    "marital": (gettext_lazy("Marriage or civil partnership"), "cl.marital NOT IN ('', 'not_asked')"),
    "pregnancy": (gettext_lazy("Pregnancy and maternity"), "cl.pregnancy NOT IN ('', 'not_asked')"),
    "safe_contact": (gettext_lazy("A safe way to reach them"), "EXISTS (SELECT FROM casework_safecontact k WHERE k.client_id = cl.id "
                     "AND k.standing = 'in_use' AND (k.safe_to_call OR k.safe_to_text OR k.safe_to_write))"),
}  # fmt: skip


def completeness(scope: Scope, *, sight: Sight) -> Table:
    """Of the referrals received in a scope's period, how many have each field filled. One query."""
    chosen = ", ".join(
        [f'count(*) FILTER (WHERE {filled}) AS "{key}"' for key, (_words, filled) in FIELDS.items()]
        + ["count(*) AS received"]
    )
    with sight.looking(scope.service):
        found = asking.of_facts(scope, sight, chosen)[0]
    return Table(
        measure="completeness", kind=Kind.SHARE, unit="people", scope=scope.key, rows_by="field", counted="filled",
        out_of="received", one_denominator=True,
        rows=tuple(Line(key, str(words)) for key, (words, _filled) in FIELDS.items()), columns=(Line(ALL, _("Filled")),),
        cells={(key, ALL): Figure(found[key], found["received"]) for key in FIELDS},
    )  # fmt: skip

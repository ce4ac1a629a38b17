"""Onward referrals and unmet need: what other services could give, and what nobody could (report, Active support; standards)."""

from django.utils.translation import gettext_lazy as _

from casework.models import Agency, OnwardReferral
from reporting.measures.kinds import Measure, MoreIs, Section, Source, own
from reporting.measures.need import DOMAIN
from reporting.tables import Kind

_SENT = "o.service_id = %(service)s AND o.sent_on BETWEEN %(first_day)s AND %(last_day)s"

MEASURES = (
    Measure(
        key="onward_referrals", section=Section.ONWARD, name=_("Referrals to other services"), kind=Kind.AMOUNT, unit="referrals",
        source=Source.STANDARDS, out_of="referred_onward",
        definition=_("Referrals to other services that were sent in the period, by kind of service, and by the answer so far."),
        numerator=_("referrals sent"), denominator=_("people for whom one was sent"),
        own=(own("agency", _("Kind of service"), Agency.Kind.choices, splits=True),
             own("answer", _("Answer"), OnwardReferral.Answer.choices, splits=True)),
        sql="SELECT f.case_id, 1 AS value, g.kind AS agency, o.answer FROM facts f JOIN casework_onwardreferral o "
        f"ON o.case_id = f.case_id LEFT JOIN casework_agency g ON g.id = o.agency_id WHERE {_SENT}",
        by=("area", "cohort"),
    ),
    Measure(
        key="days_to_answer", section=Section.ONWARD, name=_("Days until another service answers"), kind=Kind.SPREAD, unit="days",
        source=Source.REPORT, more_is=MoreIs.WORSE, out_of="answered",
        definition=_("Days from sending a referral to the answer of the other service, of answers of the period; each person’s last."),
        denominator=_("people for whom an answer came"),
        sql="SELECT DISTINCT ON (f.case_id) f.case_id, (o.answered_on - o.sent_on)::float8 AS value FROM facts f "
        "JOIN casework_onwardreferral o ON o.case_id = f.case_id WHERE o.sent_on IS NOT NULL AND o.agency_id IS NOT NULL "
        "AND o.answered_on BETWEEN %(first_day)s AND %(last_day)s ORDER BY f.case_id, o.answered_on DESC, o.sent_on DESC, o.id",
        by=("area", "cohort"),
    ),
    Measure(
        key="unmet_need", section=Section.ONWARD, name=_("People with an unmet need"), kind=Kind.COUNT, source=Source.STANDARDS,
        more_is=MoreIs.WORSE, counted="unmet",
        definition=_("People with a need, recorded in the period, for which there is no service to refer to; by domain."),
        numerator=_("people with an unmet need"), own=(DOMAIN,),
        sql="SELECT DISTINCT f.case_id, o.domain FROM facts f JOIN casework_onwardreferral o ON o.case_id = f.case_id "
        "WHERE o.service_id = %(service)s AND o.answer = 'no_service' AND o.recorded_at >= %(begins)s AND o.recorded_at < %(ends)s",
        by=("area", "cohort", "justice", "sex", "ethnicity", "disability"),
    ),
    Measure(
        key="unheld_risk", section=Section.ONWARD, name=_("Risks that nobody holds"), kind=Kind.COUNT, source=Source.GUIDANCE,
        more_is=MoreIs.WORSE, counted="unheld",
        definition=_("People with a risk or need outside the ISVA’s scope that no agency held when the period ended."),
        numerator=_("people with such a risk"),
        sql="SELECT DISTINCT f.case_id FROM facts f JOIN casework_onwardreferral o ON o.case_id = f.case_id "
        "WHERE o.service_id = %(service)s AND o.unheld_risk AND o.recorded_at < %(ends)s "
        "AND (o.held_since IS NULL OR o.held_since > %(last_day)s)",
        by=("area", "cohort"),
    ),
    Measure(
        key="escalations", section=Section.ONWARD, name=_("Escalations to other agencies"), kind=Kind.COUNT, source=Source.REPORT,
        definition=_("People on whose behalf an agency’s answer or a need was taken up at a higher level, by level and outcome."),
        not_recorded=_("Escalations are not kept yet."),
    ),
)  # fmt: skip

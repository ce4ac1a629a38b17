"""Triage: what becomes of referrals, and how long deciding takes (report, Triage as a specialist function)."""

from django.utils.translation import gettext_lazy as _

from reporting.measures.dimensions import ACCESS, EQUALITY
from reporting.measures.kinds import Measure, MoreIs, Section, Source, own
from reporting.tables import Kind
from triage.models import TriageAssessment

#: Each case once, by the last decision of the period. Of several things at one moment the one recorded later is the last,
#: here and everywhere; the key decides where that is the same too, so that a number counted twice is one number.
_DECIDED = (
    "SELECT DISTINCT ON (f.case_id) f.case_id, a.outcome AS triage_outcome FROM facts f "
    "JOIN triage_triageassessment a ON a.case_id = f.case_id "
    "WHERE a.service_id = %(service)s AND a.completed_at >= %(begins)s AND a.completed_at < %(ends)s "
    "ORDER BY f.case_id, a.completed_at DESC, a.recorded_at DESC, a.id"
)
_OUTCOME = own("triage_outcome", _("Outcome"), TriageAssessment.Outcome.choices)


def _share(key: str, outcome: str, **fields) -> Measure:
    return Measure(
        key=key, section=Section.TRIAGE, kind=Kind.SHARE, source=Source.REPORT, out_of="decided",
        counted="decided", narrowed=(("triage_outcome", outcome),),
        denominator=_("people decided on in the period"), by=(*ACCESS, *EQUALITY),
        sql=f"SELECT case_id, triage_outcome = '{outcome}' AS hit FROM ({_DECIDED}) d", **fields,
    )  # fmt: skip


MEASURES = (
    Measure(
        key="triage_outcomes", section=Section.TRIAGE, name=_("People decided on"), kind=Kind.COUNT,
        source=Source.REPORT, own=(_OUTCOME,), sql=_DECIDED, counted="decided", by=(*ACCESS, *EQUALITY),
        definition=_(
            "People about whom it was decided in the period, at triage or while they waited, what happens next. Each "
            "counts once, by the last decision. Advice and signposting is work done, like any other outcome."
        ),
        numerator=_("people decided on in the period"),
    ),
    _share("advice", "advice", name=_("Resolved by advice and signposting"),
           definition=_("People whose referral ended in advice and signposting: help given, without an ISVA."),
           numerator=_("people advised and signposted")),
    _share("unable_to_contact", "unable", name=_("Unable to contact"), more_is=MoreIs.WORSE,
           definition=_("People who could not be reached after several attempts in different ways and at different times."),
           numerator=_("people who could not be reached")),
    _share("declined_at_triage", "declined", name=_("Declined support"),
           definition=_("People who were offered support before they had an ISVA, and declined."),
           numerator=_("people who declined")),
    _share("urgent_at_triage", "allocate_now", name=_("To be allocated at once"),
           definition=_("People whose risk or need was such that an ISVA was to be found at once."),
           numerator=_("people to be allocated at once")),
    Measure(
        key="days_to_triage", section=Section.TRIAGE, name=_("Days from referral to the end of triage"), kind=Kind.SPREAD,
        unit="days", source=Source.REPORT, more_is=MoreIs.WORSE,
        definition=_(
            "Days from receipt (or reopening) until the case left triage for the first time, of people who left it in the period."
        ),
        denominator=_("people whose triage ended in the period"), out_of="triage_ended", by=ACCESS,
        sql="SELECT DISTINCT ON (case_id) case_id, extract(epoch FROM triaged_at - begun_at)::float8 / 86400 AS value "
        "FROM courses WHERE triaged_at >= %(begins)s AND triaged_at < %(ends)s "
        "ORDER BY case_id, triaged_at DESC",
    ),
)  # fmt: skip

"""Demand: who was referred, from where, and what came with the referral (report, Referral)."""

from django.utils.translation import gettext_lazy as _

from reporting.measures.dimensions import EVERYTHING
from reporting.measures.kinds import Measure, MoreIs, Of, Section, Source
from reporting.tables import Kind

RECEIVED = "SELECT f.case_id FROM facts f WHERE f.received_at >= %(begins)s AND f.received_at < %(ends)s"
_FIRST = tuple(one for one in EVERYTHING if one not in ("risk", "complexity", "justice_stage"))
#: Whoever had no open case was reached in time, was not, or may be still: nobody of these once all days have passed.
_WITH_AND_WITHOUT_OPEN_CASE = (Of("already_open"), Of("standard_due"), Of("not_due_yet"))


def _share_of_received(condition: str) -> str:
    return (
        f"SELECT f.case_id, coalesce({condition}, false) AS hit FROM facts f "
        "LEFT JOIN referrals_referral d ON d.case_id = f.case_id "
        "WHERE f.received_at >= %(begins)s AND f.received_at < %(ends)s"
    )


MEASURES = (
    Measure(
        key="referrals", section=Section.DEMAND, name=_("Referrals received"), kind=Kind.COUNT, source=Source.REPORT,
        definition=_(
            "Every referral that the service received in the period, however it came in and whatever became of it. "
            "Somebody referred twice counts twice."
        ),
        numerator=_("referrals received in the period"), sql=RECEIVED, counted="received", by=_FIRST,
        made_of=(_WITH_AND_WITHOUT_OPEN_CASE, (Of("already_open"), Of("target_due"), Of("not_due_yet"))),
    ),
    Measure(
        key="already_open", section=Section.DEMAND, name=_("Referred while a case was open"), kind=Kind.SHARE,
        source=Source.REPORT,
        definition=_(
            "Referrals of people whom the service was supporting, or about to support, already: closed and linked to "
            "that case."
        ),
        numerator=_("referrals that were linked to an open case"), denominator=_("referrals received in the period"),
        sql=_share_of_received("d.already_open_as_id IS NOT NULL"), counted="already_open", out_of="received",
        by=("source", "area", "cohort"),
    ),
    Measure(
        key="immediate_safety", section=Section.DEMAND, name=_("Referred with a concern for immediate safety"),
        kind=Kind.SHARE, source=Source.REPORT,
        definition=_(
            "Referrals that said that somebody was in danger, or named a concern: contact with the person who harmed "
            "them, threats, coercion, stalking, so-called honour-based abuse, a child or an adult at risk, self-harm."
        ),
        numerator=_("referrals with such an answer"), denominator=_("referrals received in the period"),
        sql=_share_of_received("d.safety_answer = 'yes' OR cardinality(d.safety_concerns) > 0"),
        counted="immediate_safety", out_of="received", by=("source", "area", "cohort", "justice"),
    ),
    Measure(
        key="outside_usual", section=Section.DEMAND, name=_("Referred from outside the usual area or ages"),
        kind=Kind.SHARE, source=Source.REPORT,
        definition=_(
            "Referrals of people outside the area or the ages that the service usually supports. They are taken, and "
            "decided on one by one at triage."
        ),
        numerator=_("referrals from outside"), denominator=_("referrals received in the period"),
        sql=_share_of_received("cardinality(d.outside_usual) > 0"), counted="outside_usual", out_of="received",
        by=("source", "area", "cohort"),
    ),
    Measure(
        key="reopened", section=Section.DEMAND, name=_("Cases reopened"), kind=Kind.COUNT, source=Source.REPORT,
        definition=_(
            "People whose closed case was reopened in the period, within the time in which the service reopens one. "
            "Later they are referred anew, and count under referrals."
        ),
        numerator=_("people whose case was reopened"), counted="reopened",
        sql=(
            "SELECT DISTINCT f.case_id FROM facts f JOIN casework_stageentry s ON s.case_id = f.case_id "
            "WHERE s.stage = 'closed' AND s.left_at >= %(begins)s AND s.left_at < %(ends)s"
        ),
        by=("source", "area", "cohort", "justice"),
    ),
    Measure(
        key="agency_returned", section=Section.DEMAND, name=_("Referrals returned for what was missing"),
        kind=Kind.SHARE, source=Source.REPORT, more_is=MoreIs.WORSE,
        definition=_(
            "Referrals for which the service had to ask the referrer for information that was missing: it delays "
            "access, and shows where referrals are thin."
        ),
        numerator=_("referrals for which something was asked"), denominator=_("referrals received in the period"),
        sql=_share_of_received(
            "EXISTS (SELECT FROM referrals_informationrequest q WHERE q.case_id = f.case_id)"
        ),
        counted="returned", out_of="received", by=("source", "area"),
    ),
)  # fmt: skip

"""Active support: contacts, hours, days at court, safeguarding (report, Active support; guidance 26).

*Contact* is what took place: with the client, a safe parent, a supporter or an agency, in whatever way. What was
missed or cancelled is counted apart.
"""

from django.utils.translation import gettext_lazy as _

from casework.models import Contact, SafeguardingConcern
from isva.codes import ContactMode
from reporting.measures.dimensions import EQUALITY
from reporting.measures.kinds import Dimension, Measure, MoreIs, Of, Section, Source, own
from reporting.tables import Kind

MODE = own("mode", _("How"), ContactMode.choices, splits=True)
PURPOSE = own("purpose", _("What for"), Contact.Purpose.choices, splits=True)
WITH = own("with_whom", _("With whom"), Contact.With.choices, splits=True)
_MISSED = [one for one in Contact.Attendance.choices if one[0] != Contact.Attendance.ATTENDED.value]
_IN_PERIOD = "c.service_id = %(service)s AND c.at >= %(begins)s AND c.at < %(ends)s"


def _contacts(value: str, columns: str, condition: str) -> str:
    return (
        f"SELECT f.case_id, {value} AS value{columns} FROM facts f JOIN casework_contact c ON c.case_id = f.case_id "
        f"WHERE {_IN_PERIOD} AND {condition}"
    )


_HELD = "c.attendance = 'attended'"
_COLUMNS = ", c.mode, c.purpose, c.with_whom"
_BY = ("area", "cohort", "justice", "complexity")


def _amount(key: str, own_ones: tuple[Dimension, ...], **fields) -> Measure:
    return Measure(
        key=key, section=Section.SUPPORT, kind=Kind.AMOUNT, source=Source.REPORT, own=own_ones, by=_BY,
        denominator=_("people for whom there was one"), **fields,
    )  # fmt: skip


MEASURES = (
    _amount("contacts", (MODE, PURPOSE, WITH), name=_("Contacts"), unit="contacts", out_of="contacted",
            definition=_("Contacts that took place in the period: sessions, calls, texts, letters, meetings, days at court."),
            numerator=_("contacts that took place"), sql=_contacts("1", _COLUMNS, _HELD)),
    _amount("contact_hours", (MODE, PURPOSE), name=_("Hours of contact"), unit="hours", out_of="contacted_with_time",
            definition=_("Hours of the contacts that took place in the period and say how long they were."),
            numerator=_("hours"), sql=_contacts("c.minutes::float8 / 60", _COLUMNS, f"{_HELD} AND c.minutes IS NOT NULL")),
    _amount("missed", (own("attendance", _("What happened"), _MISSED, splits=True), MODE), unit="contacts",
            name=_("Contacts missed or cancelled"), out_of="missed", more_is=MoreIs.WORSE,
            definition=_("Planned or tried contacts of the period that did not take place, by what happened."),
            numerator=_("contacts that did not take place"),
            sql=_contacts("1", ", c.attendance, c.mode", "c.attendance <> 'attended'")),
    _amount("court_days", (), name=_("Days at court"), unit="days at court", out_of="at_court",
            definition=_("Days of the period on which somebody was supported at court; one person’s day counts once."),
            numerator=_("days at court"),
            sql="SELECT f.case_id, count(DISTINCT (c.at AT TIME ZONE 'Europe/London')::date)::float8 AS value FROM facts f "
            f"JOIN casework_contact c ON c.case_id = f.case_id WHERE {_IN_PERIOD} AND {_HELD} AND c.mode = 'court' "
            "GROUP BY f.case_id"),
    _amount("court_cancelled", (), name=_("Days at court cancelled at short notice"), unit="appointments",
            out_of="court_cancelled", more_is=MoreIs.WORSE,
            definition=_("Appointments at court in the period that were cancelled less than 48 hours before: time lost to others."),
            numerator=_("appointments cancelled at short notice"),
            sql="SELECT f.case_id, 1 AS value FROM facts f JOIN casework_appointment c ON c.case_id = f.case_id "
            f"WHERE {_IN_PERIOD} AND c.mode = 'court' AND c.cancelled_at > c.at - interval '48 hours' AND c.cancelled_at <= c.at"),
    Measure(
        key="travel", section=Section.SUPPORT, name=_("Travel out of the area"), kind=Kind.AMOUNT, unit="hours",
        source=Source.REPORT, definition=_("Hours of travel to courts and people out of the service’s area."),
        not_recorded=_("Journeys are not kept yet."),
    ),
    Measure(
        key="contacts_answered", section=Section.SUPPORT, name=_("Plan and risk looked at after every contact"), kind=Kind.SHARE,
        source=Source.GUIDANCE, more_is=MoreIs.BETTER, counted="all_answered", out_of="contacted_themselves",
        definition=_(
            "People with a contact in the period after each of which it was said whether plan and risk had changed."
        ),
        numerator=_("people with every contact answered"), denominator=_("people with a contact of their own or a safe parent’s"),
        sql="SELECT f.case_id, bool_and(c.plan_answer <> '' AND c.risk_answer <> '') AS hit FROM facts f "
        f"JOIN casework_contact c ON c.case_id = f.case_id WHERE {_IN_PERIOD} AND {_HELD} "
        "AND c.with_whom IN ('client', 'safe_parent') GROUP BY f.case_id",
        by=("area", "cohort"),
    ),
    Measure(
        key="crisis", section=Section.SUPPORT, name=_("People in crisis"), kind=Kind.COUNT, source=Source.GUIDANCE,
        counted="in_crisis", definition=_("People who were supported through a crisis in the period: a contact whose purpose it was."),
        numerator=_("people supported through a crisis"),
        sql=f"SELECT DISTINCT f.case_id FROM facts f JOIN casework_contact c ON c.case_id = f.case_id WHERE {_IN_PERIOD} "
        f"AND {_HELD} AND c.purpose = 'crisis'",
        by=("area", "cohort", "justice"),
    ),
    Measure(
        key="supported", section=Section.SUPPORT, name=_("People supported in the period"), kind=Kind.COUNT, source=Source.REPORT,
        counted="supported", definition=_("People who were in active support, or stepped down, on at least one day of the period."),
        numerator=_("people supported"),
        sql="SELECT DISTINCT f.case_id FROM facts f JOIN casework_stageentry s ON s.case_id = f.case_id "
        "WHERE s.stage IN ('active', 'stepped_down') AND s.entered_at < %(ends)s AND (s.left_at IS NULL OR s.left_at > %(begins)s)",
        by=("source", "area", "cohort", "justice", "recency", "violence", *EQUALITY),
        # Not told by these: whose support went back to the manager, or came from there, and whose ended and began again.
        made_of=(
            (Of("caseload"), Of("support_ended")),
            (Of("caseload", before=True), Of("support_began")),
        ),
    ),
    Measure(
        key="safeguarding", section=Section.SUPPORT, name=_("People with a safeguarding concern"), kind=Kind.COUNT,
        source=Source.STANDARDS, counted="safeguarded",
        definition=_("People about whom, or around whom, a safeguarding concern was raised in the period; by who is at risk."),
        numerator=_("people with a concern"), own=(own("who", _("Who is at risk"), SafeguardingConcern.Who.choices, splits=True),),
        sql="SELECT DISTINCT f.case_id, c.who FROM facts f JOIN casework_safeguardingconcern c ON c.case_id = f.case_id "
        "WHERE c.raised_at >= %(begins)s AND c.raised_at < %(ends)s",
        by=("area", "cohort"),
    ),
    Measure(
        key="safeguarding_same_day", section=Section.SUPPORT, name=_("Safeguarding concerns referred on the same day"),
        kind=Kind.SHARE, source=Source.STANDARDS, more_is=MoreIs.BETTER, counted="referred_same_day", out_of="referred_on",
        definition=_(
            "People with a safeguarding concern of the period that was referred on, and of whom each such concern was referred "
            "on the day it was raised."
        ),
        numerator=_("people with each concern referred on its day"), denominator=_("people with a concern that was referred"),
        sql="SELECT f.case_id, bool_and((c.referred_at AT TIME ZONE 'Europe/London')::date = (c.raised_at AT TIME ZONE "
        "'Europe/London')::date) AS hit FROM facts f JOIN casework_safeguardingconcern c ON c.case_id = f.case_id "
        "WHERE c.raised_at >= %(begins)s AND c.raised_at < %(ends)s AND c.referred_at IS NOT NULL GROUP BY f.case_id",
        by=("area", "cohort"),
    ),
)  # fmt: skip

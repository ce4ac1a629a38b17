"""Every field of the minimum data set, defined once. Sources: quality standards (core data set); reports design.

**No dates.** The day of a report, a hearing or a first call is known to police, courts and whoever was there, and would
single somebody out among pseudonyms. So a record says in which quarter it began and ended, and how many days or weeks lie
between; of what has not ended yet it gives no length, because with the last day of the file that would be a date.
"""

from django.utils.translation import gettext_lazy as _

from casework.models import Closure, OnwardReferral
from casework.models.case import STAGE_NAMES
from isva.codes import ContactMode
from isva.pathway import Stage
from reporting.data_set.kinds import Field, Type
from reporting.measures import DIMENSIONS, EQUALITY
from reporting.measures.need import DOMAIN
from triage.models import TriageAssessment

#: Raised with every change of a field: the second number where one is added, the first where one changes or goes.
VERSION = "1.0"
IDENTIFIER = f"urn:isva:minimum-data-set:{VERSION}"
#: The code of an area that the service does not name.
ELSEWHERE = "elsewhere"

_STAGES = tuple((stage.value, STAGE_NAMES[stage]) for stage in Stage)
_DAYS = "floor(extract(epoch FROM {0} - {1}) / 86400)::int"
_WEEKS = "floor(extract(epoch FROM {0}) / 604800)::int"
_NOT_RECORDED = _("Empty where it is not recorded.")


def _of_dimension(key: str, meaning, *, empty=_NOT_RECORDED, type_: Type = Type.CODE) -> Field:
    """A field that is a breakdown of the registry: its name, its codes and its value are those of the figures."""
    one = DIMENSIONS[key]
    return Field(
        name=key, title=one.name, meaning=meaning, type=type_, codes=one.lines, empty=empty, sql=f'f."{key}"'
    )


_WHO = (
    Field("pseudonym", _("Pseudonym"),
          _("Stands for the case: the same in every file of this service, and made so that nobody can reckon the case from it."),
          Type.PSEUDONYM, part="pseudonym"),
    Field("course", _("Course"),
          _("1 for the time from the referral to the closure; 2, 3 … for the times after the case was reopened."),
          Type.WHOLE, sql="k.course::int + 1"),
    Field("referred_quarter", _("Quarter of the referral"), _("In which the course began: the referral, or the reopening."),
          Type.QUARTER, part="referred_quarter"),
    _of_dimension("source", _("Who referred.")),
    _of_dimension("route", _("How the referral came in.")),
    Field("referred_before", _("Referred before"), _("Whether the person had an earlier case with the service."),
          Type.YES_NO, sql="EXISTS (SELECT FROM casework_case b WHERE b.client_id = c.client_id AND b.opened_at < c.opened_at)"),
    Field("already_open", _("Already open"), _("Whether the referral was linked to a case that was open, and closed."),
          Type.YES_NO, sql="r.already_open_as_id IS NOT NULL"),
    _of_dimension("cohort", _("Child or adult, by the age at the referral.")),
    _of_dimension("age", _("The age at the referral as a band. The date of birth is not in the file.")),
    *(_of_dimension(key, _("As the person answered; prefer not to say and not asked are answers of their own."))
      for key in EQUALITY if key != "age"),
    Field("area", DIMENSIONS["area"].name,
          _("The area of the service in which the person lives; “elsewhere” is any other. No postcode, no address."),
          Type.AREA, codes=((ELSEWHERE, _("Elsewhere")),), empty=_NOT_RECORDED,
          sql="CASE WHEN cl.area = ANY (%(areas)s) THEN cl.area WHEN cl.area <> '' THEN 'elsewhere' END"),
)  # fmt: skip

_WHAT = (
    _of_dimension("violence", _("The type of the incident that led to the referral: a category, never the account.")),
    _of_dimension("recency", _("When it happened, as told at the referral.")),
    _of_dimension("relationship", _("The relationship to the suspect.")),
    _of_dimension("reported", _("Whether it was reported to the police, as told at the referral.")),
    _of_dimension("justice_stage", _("Where the criminal justice process stood on the last day of the file."), empty=""),
)  # fmt: skip

_PATH = (
    Field("stage", _("Stage"), _("Where the course stood on the last day of the file."), Type.CODE, _STAGES, sql="s.stands"),
    Field("furthest_stage", _("Furthest stage"), _("How far along the pathway the course came by then, its closure apart."),
          Type.CODE, tuple(one for one in _STAGES if one[0] != Stage.CLOSED.value), sql="s.furthest"),
    Field("triage_outcome", _("Triage outcome"), _("The last decision at triage or while waiting."), Type.CODE,
          tuple(TriageAssessment.Outcome.choices), empty=_("Empty where there was none yet."), sql="t.outcome"),
    Field("days_to_first_contact", _("Days to first contact"),
          _("Whole days from the referral until the person knew that support would be provided."), Type.WHOLE,
          empty=_("Empty where that had not happened, and after a reopening."),
          sql="CASE WHEN k.course = 0 AND c.first_contact_at < %(ends)s THEN greatest(0, "
          + _DAYS.format("c.first_contact_at", "k.begun_at") + ") END"),
    Field("contact_in_standard", _("First contact within 5 working days"),
          _("Whether first contact was made by the end of the fifth working day, by the definition of the figures."), Type.YES_NO,
          empty=_("Empty where the time was not up, for a referral of an open case, and after a reopening."), part="contact_in_standard"),
    Field("days_to_triage", _("Days to the end of triage"), _("Whole days from the referral until triage ended."), Type.WHOLE,
          empty=_("Empty where it had not ended."), sql=_DAYS.format("k.triaged_at", "k.begun_at")),
    Field("days_waited", _("Days waited"), _("Whole days in interim support and waiting for allocation, added up."), Type.WHOLE,
          empty=_("Empty where nobody waited, and while somebody still waits."), sql="floor(s.waited / 86400)::int"),
    Field("days_to_support", _("Days to support"), _("Whole days from the referral until an ISVA took the case."), Type.WHOLE,
          empty=_("Empty where that had not happened."), sql=_DAYS.format("k.supported_at", "k.begun_at")),
)  # fmt: skip

_SUPPORT = (
    Field("contacts", _("Contacts, by how"), _("Contacts that took place in the time of the file."), Type.COUNTS,
          tuple(ContactMode.choices), part="contacts"),
    Field("contact_hours", _("Hours of contact"), _("Hours of those contacts, of those that say how long they were; to a quarter of an hour."),
          Type.NUMBER, part="contact_hours"),
    _of_dimension("risk", _("The overall risk at the latest SaS review by the last day of the file."),
                  empty=_("Empty where there was no review.")),
    _of_dimension("complexity", _("The band of complexity on the last day of the file."), empty=_("Empty where it was not reckoned.")),
    *(Field(name, title, meaning, Type.SCORES, DOMAIN.lines, empty=empty, part=name) for name, title, meaning, empty in (
        ("sas_start", _("SaS at the start"), _("Scores by domain at the first full assessment: 0 none, 1 some, 2 significant, 3 severe (protective: strong)."),
         _("Empty where there was no full assessment.")),
        ("sas_latest", _("SaS at the latest review"), _("Scores at the latest full assessment, review or final review by the last day of the file."),
         _("Empty where there was none.")),
        ("sas_end", _("SaS at the end"), _("Scores at the final review, of a course that was closed."),
         _("Empty where it was not closed, or without a final review.")))),
    Field("onward_referrals", _("Referrals to other services, by answer"),
          _("Sent in the time of the file, by the answer so far."), Type.COUNTS,
          tuple(one for one in OnwardReferral.Answer.choices if one[0] != "no_service"), part="onward_referrals"),
    Field("unmet_needs", _("Unmet needs"), _("Needs recorded in the time of the file for which there is no service to refer to."),
          Type.WHOLE, part="unmet_needs"),
    Field("unheld_risks", _("Risks that nobody holds"), _("Outside the ISVA’s scope, and held by no agency on the last day of the file."),
          Type.WHOLE, part="unheld_risks"),
)  # fmt: skip

_ENDING = (
    Field("ending", _("How it ended"), _("Planned: the work is done, the justice process has ended, or needs are met elsewhere."), Type.CODE,
          (("planned", _("Planned")), ("unplanned", _("Unplanned")), ("not_signed_off", _("Support ended without a signed-off closure")),
           ("before_support", _("Closed before support began"))),
          empty=_("Empty while the course is open."),
          sql="CASE WHEN k.closed_at IS NULL THEN NULL WHEN k.supported_at IS NULL THEN 'before_support' "
          "WHEN x.reason IS NULL THEN 'not_signed_off' WHEN x.reason = ANY (%(planned)s::text[]) THEN 'planned' ELSE 'unplanned' END"),
    Field("closure_reason", _("Reason of the closure"), _("As it was signed off."), Type.CODE, tuple(Closure.Reason.choices),
          empty=_("Empty while the course is open, and where support had not begun."), sql="x.reason"),
    Field("closed_quarter", _("Quarter of the closure"), _("In which the course was closed."), Type.QUARTER,
          empty=_("Empty while it is open."), part="closed_quarter"),
    Field("weeks_open", _("Weeks open"), _("Whole weeks from the referral to the closure."), Type.WHOLE,
          empty=_("Empty while the course is open."), sql=_WEEKS.format("k.closed_at - k.begun_at")),
    Field("weeks_of_support", _("Weeks of support"), _("Whole weeks in active support and stepped down."), Type.WHOLE,
          empty=_("Empty while the course is open, and where support had not begun."),
          sql=f"CASE WHEN k.closed_at IS NOT NULL THEN {_WEEKS.format('k.supported_for')} END"),
)  # fmt: skip

#: In the order in which they stand in every record: by part, with the words of the part.
PARTS: tuple[tuple[object, tuple[Field, ...]], ...] = (
    (_("Who was referred, and how"), _WHO), (_("What happened, and the police"), _WHAT), (_("The way through the service"), _PATH),
    (_("Support"), _SUPPORT), (_("The ending"), _ENDING),
)  # fmt: skip
FIELDS: tuple[Field, ...] = tuple(field for _words, fields in PARTS for field in fields)
